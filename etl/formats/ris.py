"""RIS: the lists of references that databases of newspapers export for programs such as Zotero, EndNote and Citavi.

Layout (Research Information Systems, and the fields that EndNote and Zotero have for newspaper articles): a record from
`TY  -` to `ER  -`; in it a tag of two characters, two blanks, a hyphen and a value on each line. A line without a tag
goes on with the value before it. Tags may be repeated. Dates are `year/month/day/other`.

RIS has no tag for the text of an article: what stands under AB or N2 is its abstract, though some databases write the
text there. So it is the body, and partial. A record with neither has no text. Tags without a field go into `extra`, and
so does what stands behind a date. ProQuest's button "RIS" was tried only on an invented file.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import BinaryIO

from etl.formats.common import sgml
from etl.formats.common.encoding import decode_head, unify_newlines
from etl.formats.common.pieces import Unreadable, guarded, unwrap_singles, without_empty_extra
from etl.formats.common.streams import chunks
from etl.formats.common.utf8_stream import utf8
from etl.formats.vendor.labels import is_month
from etl.model import Doubt, DumpError, Feed, Piece, RawRecord, Reject, Skip

FIELDS = {
    "native_id": "AN ID",
    "url": "UR L1 LK",
    "publication": "JF T2 JO JA J2",
    "headline": "TI T1 CT",
    "published": "DA Y1 PY",
    "section": "SE",
    "page": "SP",
    "edition": "ET",
    "language": "LA",
}
"""Field -> its tags; the first that is there serves, the others go into `extra`."""
_PEOPLE, _ABSTRACTS, _KEYWORD = ("AU", "A1"), ("AB", "N2"), "KW"

LONGEST_BEFORE_BYTES = 2_000
_START = re.compile(rb"^(?:TY  -|TY - )", re.MULTILINE)
_LINE = re.compile(r"([A-Z][A-Z0-9]) {1,2}-(?: (.*)|$)")
_DATE = re.compile(r"(\d{4})(?:/(\d{0,2})(?:/(\d{0,2})(?:/(.*))?)?)?", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]{3,30}")
_BEGINS = re.compile(r"(?:[^\n]*\n){0,20}?TY {1,2}- ?[A-Z]{2,8}\s*\n[A-Z][A-Z0-9] {1,2}-")
_MARKS = ((b"\nTY  -", b"\nTY - "), (b"\nER  -", b"\nER - "))


def recognise(head: bytes, name: str) -> float:
    """By a line of `TY` with a type of reference, and a line with another tag below it."""
    return 0.9 if _BEGINS.match(unify_newlines(decode_head(head)).removeprefix("\ufeff")) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The lines that begin a record or those that end one, whichever are more, in the bytes."""
    found, held = [0, 0], b"\n"
    for chunk in chain(chunks(utf8(stream, feed.encoding)), (b" ",)):
        data = held + chunk
        found = [count + sum(map(data.count, marks)) for count, marks in zip(found, _MARKS, strict=True)]
        held = data[-(len(_MARKS[0][0]) - 1) :]
    return max(found)


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each reference; a Reject for lines behind one that has ended, a Skip for what stands before the
    first. Raises DumpError where there is no reference, or its encoding cannot be recognised."""
    is_ended, is_found, position = True, False, ""
    for line, data in sgml.cut(chunks(utf8(stream, feed.encoding)), _START):
        position = f"line {line}"
        if _START.match(data):
            is_found = True
            lines = _lines(data)
            end = next((at for at, (tag, _) in enumerate(lines) if tag == "ER"), None)
            is_ended = end is not None
            yield guarded(partial(_record, data, lines[:end], position), position, data[: sgml.KEPT_BYTES])
            if end is not None and len(lines) > end + 1:
                yield Reject(position, "lines with tags stand behind its end; expected `TY  -` before them", data)
        elif data.strip():
            yield Skip(
                position, "lines before the first reference", data[:LONGEST_BEFORE_BYTES].decode("utf-8", "replace")
            )
    if not is_found:
        raise DumpError("holds no reference; expected a line `TY  -` before each; ask for it again, or name its format")
    if not is_ended:
        yield Doubt(f"the last reference, in {position}, does not end with `ER`; it may be cut off")


def _lines(data: bytes) -> list[tuple[str, str]]:
    """The tags of a record and their values, those over several lines joined."""
    found: list[tuple[str, str]] = []
    for line in data.decode("utf-8", "replace").split("\n"):
        if match := _LINE.fullmatch(line):
            found.append((match[1], (match[2] or "").strip()))
        elif found and found[-1][0] != "ER":
            found[-1] = (found[-1][0], f"{found[-1][1]}\n{line.rstrip()}")
    return found


def _record(data: bytes, lines: list[tuple[str, str]], position: str) -> RawRecord:
    if len(data) > sgml.LONGEST_ARTICLE_BYTES:
        raise Unreadable(f"is longer than {sgml.LONGEST_ARTICLE_BYTES >> 20} MB, which no article is; ask for it again")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(f"is not in the encoding of the file ({error}); ask for it again") from None
    values: dict[str, list[str]] = defaultdict(list)
    for tag, value in lines:
        if value.strip():
            values[tag].append(value.strip())
    people = [name for tag in _PEOPLE for name in values.pop(tag, ())]
    body = max((text for tag in _ABSTRACTS for text in values.get(tag, ())), key=len, default="")
    for tag in _ABSTRACTS:
        values[tag] = [text for text in values[tag] if text != body]
    record: RawRecord = {
        "position": position,
        **{field: _first(values, tags.split()) for field, tags in FIELDS.items() if field != "published"},
        "byline": "; ".join(people),
        "published": _date(values),
        "body": body,
        "is_partial": bool(body),
        "labels": [["keyword", "", keyword] for keyword in values.pop(_KEYWORD, ())],
    }
    if not body and not record["headline"]:
        raise Unreadable("has neither a title nor an abstract; ask for it again")
    return without_empty_extra({**record, "extra": unwrap_singles({tag: held for tag, held in values.items() if held})})


def _first(values: dict[str, list[str]], tags: list[str]) -> str | None:
    """The first value of the first of these tags that is there; it is taken out."""
    tag = next((tag for tag in tags if values.get(tag)), None)
    return values[tag].pop(0) if tag else None


def _date(values: dict[str, list[str]]) -> str | None:
    """The most exact of the dates, without its empty parts; it stays in `extra` where there is more to it."""
    found = [
        (tag, match)
        for tag in FIELDS["published"].split()
        for each in values.get(tag, ())[:1]
        if (match := _DATE.fullmatch(each))
    ]
    if not found:
        return _first(values, FIELDS["published"].split())
    if all(not match[2] for _, match in found) and (worded := _in_words(values, found[0][1][1])):
        values["DA"].remove(worded)
        return worded
    tag, match = max(found, key=lambda each: sum(map(bool, each[1].groups()[:3])))
    if not (match[4] or "").strip():
        values[tag].pop(0)
    return "-".join(part.zfill(2) for part in match.groups()[:3] if part)


def _in_words(values: dict[str, list[str]], year: str) -> str:
    """A date with a day of this year, whose month is in letters: "Jan 5, 2018"."""
    return next((each for each in values.get("DA", ()) if year in each and any(map(is_month, _WORD.findall(each)))), "")
