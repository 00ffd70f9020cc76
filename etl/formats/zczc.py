"""Messages between ZCZC and NNNN, the framing of telex lines that some agencies kept (AAP, Pagemasters, Medianet).

`ZCZC` and perhaps a designator (`ZCZC HPA0123`); then, one a line, fields by the sign before them: `^` headline, `:`
keyword, `=` take, `$` category, `&` service level, `+` subject code, `*` kind of text; where `#` is the keyword or `%`
the distribution, `:` is the headline. Below a headline a line of running text is text, whatever sign it begins with
(`#MeToo was`). Or a message of IPTC 7901, or one that has only its title, which ends in `=`. The
text, hard-wrapped; `NNNN`, which some senders leave out (where words follow it in its line, that is text). Without a
field or a mark no line is taken for the headline. Messages carry no date of their own, except those of IPTC 7901. The
layout of fields is that of public samples of three senders; files with several messages, and those of telex times, were
not seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import BinaryIO

from etl.formats.agency import iptc7901
from etl.formats.agency.iptc import SUBJECT_CODES
from etl.formats.agency.message_text import Text, add_text
from etl.formats.agency.wire_marks import Occurrences
from etl.formats.agency.wire_text import unwrap
from etl.formats.agency.wires import LONGEST_MESSAGE_BYTES, message_of, printable
from etl.formats.common.pieces import Unreadable, guarded, without_empty_extra
from etl.formats.common.sgml import KEPT_BYTES, cut
from etl.formats.common.streams import chunks, joined
from etl.model import Doubt, DumpError, Feed, Piece, RawRecord, Reject, Skip

_HEAD_BYTES = 65_536
_MOST_TITLE_LINES = 6
FEWEST_WORDS_OF_TEXT = 5
"""In a line that begins with the sign of a field."""
_LONGEST_LINE_BETWEEN = 80
_TEXT_BETWEEN = "text between messages"
_SPACE = bytes(range(33)) + b"\x7f"
_NO_TEXT = "has no text between its fields and its end; ask its sender for this message again"

_BLANK = rb"[\x00-\x09\x0b-\x20\x7f]"
_INITIALS = rb"(?:[A-Z]{2,5}|(?<=\d{4} )[A-Za-z]{1,4})(?:/[A-Za-z]{1,4}){0,2}(?![A-Za-z])"
_LAST = rb"NNNN(?=[^A-Za-z\r\n]{0,20}(?:%b[^A-Za-z\r\n]{0,20})?(?:[\r\n]|ZCZC)|[^A-Za-z\r\n]{20})" % _INITIALS
"""The end of a message, perhaps with figures or initials behind it; a line that goes on in words is text."""
_FIRST = rb"ZCZC(?![A-Za-z]|[ \t,;:.]{1,9}[a-z]{2,}(?:[,;:.!?]|[ \t]{1,9}[A-Za-z]))"
"""The beginning of a message, perhaps with a code behind it; a line that goes on in words is text."""
_MARK = re.compile(rb"(?m)^%b{0,9}(?:%b|%b)" % (_BLANK, _FIRST, _LAST))
_START = re.compile(rb"[\x00-\x20\x7f]{0,99}%b[^\r\n]{0,60}[\r\n]" % _FIRST)
_END = re.compile(rb"(?m)^%b{0,9}%b" % (_BLANK, _LAST))
_FIELDS_FOLLOW = re.compile(rb"\s{0,9}[$:=^%#][^\r\n]{0,200}[\r\n]+[$:=^%#*&+@]")
# At the end of a line it may be a mark that lost its own; then the count is not the reader's, and the dump is refused.
_FAR = rb"[\r\n][\x00-\x20\x7f]{0,40}"
_ZCZC = re.compile(
    rb"%bZCZC(?![A-Za-z]|[ \t,;:.]{1,9}[a-z]{2,}(?:[,;:.!?]|[ \t]{1,9}[A-Za-z]))"
    rb"|ZCZC [A-Z]{1,5}\d{0,5}[ \t]{0,9}[\r\n]" % _FAR
)
_NNNN = re.compile(
    rb"%bNNNN(?=[^A-Za-z\r\n]{0,20}(?:(?:[A-Z]{2,5}|(?<=\d{4} )[A-Za-z]{1,4})(?:/[A-Za-z]{1,4}){0,2}(?![A-Za-z])"
    rb"[^A-Za-z\r\n]{0,20})?(?:[\r\n]|ZCZC)|[^A-Za-z\r\n]{20})|(?<![A-Za-z])NNNN[ \t]{0,9}[\r\n]" % _FAR
)

_ROUTING = re.compile(r"[A-Z]{2} [A-Z]{2,4}")
_FIELD = re.compile(r"[$*&]\w{0,3}|\+\d{0,8}|%[\w ,/-]{0,80}|[:=^#@].{0,300}")
_NUMBERED = re.compile(r"[A-Z]{1,5}(?!0+$)\d{2,5}")


def recognise(head: bytes, name: str) -> float:
    """By ZCZC in its first line, and a NNNN or fields after it."""
    start = _START.match(head)
    return 1.0 if start and (_END.search(head + b"\n") or _FIELDS_FOLLOW.match(head, start.end())) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The words ZCZC or NNNN, whichever are more, that begin a line, or end one with perhaps a designator."""
    words = [Occurrences(_ZCZC), Occurrences(_NNNN)]
    for chunk in chain((b"\n",), chunks(stream), (b"\n",)):
        for each in words:
            each.feed(chunk)
    return max(each.total() for each in words)


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each message; a Reject for one that breaks off or has no text, a Skip for what stands between two,
    which is told where it is longer than a line.

    Raises DumpError where no line begins with ZCZC or NNNN.
    """
    head = stream.read(_HEAD_BYTES)
    if not _MARK.search(head + b"\n"):
        raise DumpError("holds no message that begins with ZCZC; expected one a line; ask its sender for it again")
    must_end = _END.search(head + b"\n") is not None
    between = 0
    first = ""
    for piece in _all_pieces(joined(head, stream), must_end, feed):
        yield piece
        if isinstance(piece, Skip) and piece.kind == _TEXT_BETWEEN:
            between, first = between + 1, first or piece.position
    if between:
        yield Doubt(
            f"{between:,} of its texts stand between messages, the first in {first}: no mark is before or behind them; "
            "where one is a message, ask its sender for it again"
        )


def _all_pieces(stream: BinaryIO, must_end: bool, feed: Feed) -> Iterator[Piece]:
    held = (0, b"")
    for line, data in cut(chain(chunks(stream), (b"\n",)), _MARK):
        is_end = _END.match(data) is not None
        yield from _pieces(*held, is_end or not must_end, is_end, feed)
        held = (line, _END.sub(b"", data, count=1) if is_end else data)
    yield from _pieces(*held, not must_end, False, feed)


def _pieces(line: int, data: bytes, is_whole: bool, is_ended: bool, feed: Feed) -> Iterator[Piece]:
    """What stands from one mark to the next."""
    position = f"line {line}"
    kept = data[:KEPT_BYTES]
    if _MARK.match(data):
        yield guarded(partial(_record, data, position, is_whole, feed), position, kept)
    elif is_ended:
        yield Reject(position, "has no ZCZC, so its beginning is lost; ask its sender for this message again", kept)
    elif words := data.strip(_SPACE):
        is_text = len(words) > _LONGEST_LINE_BETWEEN or b"\n" in words
        begins = line + data.count(b"\n", 0, len(data) - len(data.lstrip(_SPACE)))
        yield Skip(f"line {begins}", _TEXT_BETWEEN if is_text else "line between messages", words.decode("latin-1"))


def _record(data: bytes, position: str, is_whole: bool, feed: Feed) -> Piece:
    if not is_whole and len(data) <= LONGEST_MESSAGE_BYTES:
        raise Unreadable("has no NNNN, so it breaks off; ask its sender for this message again")
    return {"position": position, **message_of(data, feed, _article)}


def _article(message: str) -> RawRecord:
    first, _, text = message.strip("\0\n\r\t \x7f").partition("\n")
    if not text:
        raise Unreadable(_NO_TEXT)
    designator = " ".join(printable(first).split())[len("ZCZC") :].strip()
    if iptc7901.is_message(text):
        record = iptc7901.article(text)
        return {**record, "extra": {**record["extra"], "designator": designator}}
    lines = printable(text).split("\n")
    routing = lines.pop(0).strip() if lines and _ROUTING.fullmatch(lines[0].strip()) else ""
    fields = _fields(lines)
    record = _of_fields(fields)
    record["extra"] |= {"designator": designator, "routing": routing}
    record["native_id"] = designator if _NUMBERED.fullmatch(designator) else None
    _add_text(record, lines[len(fields) :], is_table="*T" in fields)
    if not record["body"]:
        raise Unreadable(_NO_TEXT)
    return without_empty_extra(record)


def _fields(lines: list[str]) -> list[str]:
    """The lines to the first that is not a field; the last of them may be the text's first line."""
    end = next((at for at, line in enumerate(lines) if not _FIELD.fullmatch(line.strip())), len(lines))
    fields = [line.strip() for line in lines[:end]]
    return fields[:-1] if len(fields) > 1 and _is_text(fields[-1], fields[:-1]) else fields


def _is_text(line: str, above: list[str]) -> bool:
    """Whether a line below fields is running text ("#MeToo was the word of the day") and no keyword or headline."""
    signs = {field[0] for field in above}
    has_headline = "^" in signs or (":" in signs and bool(signs & {"#", "%"}))
    found = line[1:].split()
    is_running = len(found) >= FEWEST_WORDS_OF_TEXT and sum(word[0].islower() for word in found) * 2 >= len(found)
    return has_headline and line[0] in "#@:=" and is_running


def _of_fields(fields: list[str]) -> RawRecord:
    """Headline and labels; all others go to `extra` by their signs."""
    said: dict[str, list[str]] = {}
    for field in fields:
        if value := field[1:].strip():
            said.setdefault(field[0], []).append(value)
    names = {field[0] for field in fields}
    headline, keyword = ("^", ":") if "^" in names or not names & {"#", "%"} else (":", "#")
    record: RawRecord = {
        "headline": " ".join(said.pop(headline, [])),
        "labels": [["slugline", "", word] for word in said.pop(keyword, [])],
    }
    record["labels"] += [[SUBJECT_CODES, code, ""] for code in said.pop("+", [])]
    record["extra"] = {sign: "\n".join(values) for sign, values in said.items()}
    return record


def _add_text(record: RawRecord, lines: list[str], is_table: bool) -> None:
    if not record["headline"] and any(map(iptc7901.ends_title, lines[:_MOST_TITLE_LINES])):
        iptc7901.add_titled_text(record, "\n".join(lines), [])
        return
    blocks = [line.rstrip() for line in lines if line.strip()] if is_table else unwrap("\n".join(lines))
    iptc7901.add_dateline(record, blocks)
    add_text(record, Text(blocks, []))
