"""ANPA 1312, the wire format of the news agencies of North America (AP, The Canadian Press) and of Kyodo: many a file.

SYN SYN SOH, story number, perhaps US and the selector; priority, category, the kind of text (DC3 DC1, or DC4 DC2 for
tables), slug, month and day, number of words; STX; fields from `^` to `<` or `=`: slug, headline, photo numbers, notes
("Eds:"), summary, byline, its title; the text, a tab or blanks before each paragraph; ETX, and what was sent when
(`AP-WF-11-13-13 1509GMT<`). In tables BS begins a row; DLE, RS and US are blanks. Story numbers are reused.
Kyodo leaves out SYN and `^`, and writes its name behind the story number: slug, headline up to `+`, the text,
`==Kyodo`; ETX, and desk, time, day, month and year (`KWS-21:37-09-12-18`). No real file of Kyodo
with its control bytes was seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import BinaryIO, NamedTuple

from etl.formats.agency.message_text import Text, add_text
from etl.formats.agency.wire_marks import count_messages
from etl.formats.agency.wires import messages, parts, printable
from etl.formats.common.pieces import Unreadable, without_empty_extra
from etl.model import Feed, Piece, RawRecord

_START = re.compile(rb"[\x00\x16\r\n ]{0,99}\x01[A-Za-z]{1,4}\d{3,6}(?:[A-Z]{0,12}\x1f|[\r\n]{1,3}\S \S\s?[\x13\x14])")
_HEADER = re.compile(
    r"([A-Za-z]{1,4}\d{3,6})(?:([A-Z]{2,12})?\x1f(\S{0,20}))?\s+(\S) (\S)([\x00-\x20]{0,20})([^\n\x02]{0,200})"
)
_DAY_AND_WORDS = re.compile(r"\s(\d{1,2}-\d{1,2})(?:\s+(\d{3,5}))?\s*$")
_FOOTER = re.compile(r"([A-Z]{2,4})-(?:([A-Z]{1,4})-)?(\d{1,2}-\d{1,2}-\d{2,4} \d{4}[A-Z]{3}|\d\d:\d\d-\d\d-\d\d-\d\d)")
_BLANKS = re.compile(r"[\x08\x10\x1e\x1f]+")
_OPENS = ("^", "\t", "\x08", "   ")
_NEXT_FIELD = re.compile(r"(?<=[<=]) ?\^")
_CODE = re.compile(r"\*\d+")
_NOTE = re.compile(
    r"\(?(?:Eds|EDS|Editors?|EDITORS?)\b.{0,9}?[:_]|EDITOR'S NOTE|Editor's [Nn]ote"
    r"|[A-Z]{2,4} (?:Photo|Graphic|Video|Audio)s?\b"
)
_DATELINE = re.compile(
    r"([^\n()]{2,60}?) \(([A-Z]{2,6}|[A-Z][\w ]{2,30})\) [_-]"
    r"|([A-Z][^\n()]{1,60}?), [A-Z][a-z]{2,8}\.? \d{1,2} ([A-Z]\w{2,20}) -"  # Kyodo
)
_KYODO = re.compile(r"\s*([^\n^]{1,200})\n((?:[^\s^][^\n]{0,199}\n){0,4}?[^\s^][^\n]{0,199})\+[ \r]*\n")
_SIGNATURE = re.compile(r"\n(==\S{2,20})\s*\Z")


class Line(NamedTuple):
    """A line of a message with those that continue it: what opens it (`^`, a tab, BS or nothing), its text and mark."""

    opening: str
    text: str
    mark: str


def recognise(head: bytes, name: str) -> float:
    """By the header of the first message."""
    return 1.0 if _START.match(head) and b"\x02" in head else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The control bytes of messages, or their first lines, whichever are more."""
    return count_messages(stream)


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each message, a Reject for one that breaks off or has no text.

    Raises DumpError where there is no SOH.
    """
    return messages(stream, feed, _article, "ANPA 1312")


def _article(message: str) -> RawRecord:
    header, _, text, footer = parts(message, _HEADER, "story number, selector, priority, category")
    number, service, selector, priority, category, kind, slug = header.groups()
    day = _DAY_AND_WORDS.search(slug)
    sent = _FOOTER.search(footer)
    titles, text, signature = _of_kyodo(text)
    lines = [*titles, *_lines(text)]
    end = next((at for at, line in enumerate(lines) if line.opening != "^" or not line.mark), len(lines))
    record: RawRecord = {
        "native_id": number,
        "published": sent[3] if sent else None,
        "extra": {
            "service": service,
            "selector": selector,
            "priority": priority,
            "category": category,
            "slug": (slug[: day.start()] if day else slug).strip(),
            "day": day[1] if day else None,
            "words": day[2] if day else None,
            "wire": "-".join(filter(None, sent.groups()[:2])) if sent else None,
            "footer": None if sent else printable(footer).strip(),
            "is_table": "\x14" in kind,
            "signature": signature,
        },
    }
    blocks = _fill(record, lines[:end]) + [line.text for line in lines[end:]]
    blocks = [block for block in blocks if block and block != "END"]
    place = next(filter(None, map(_DATELINE.match, blocks[:3])), None)
    record["dateline"] = (place[1] or place[3]) if place else None
    record["agency"] = (place[2] or place[4]) if place else sent[1] if sent else None
    add_text(record, Text(blocks, []))
    if not record["body"]:
        raise Unreadable("has no text between its fields and ETX")
    return without_empty_extra(record)


def _of_kyodo(text: str) -> tuple[list[Line], str, list[str]]:
    """Slug and headline as lines, the rest of the text, and what signs it off; all of it is text in other messages."""
    titles = _KYODO.match(text)
    if titles is None:
        return [], text, []
    rest = text[titles.end() :]
    signed = _SIGNATURE.search(rest)
    fields = [Line("^", " ".join(printable(field).split()), "<") for field in titles.groups()]
    return fields, rest[: signed.start()] if signed else rest, [signed[1]] if signed else []


def _lines(text: str) -> Iterator[Line]:
    """The lines, each with those that continue it; several fields on one line become several lines."""
    held: list[str] = []
    for line in text.split("\n"):
        if held and (line.startswith(_OPENS) or not line.strip() or held[-1].rstrip()[-1:] in ("<", "=")):
            yield from _apart(held)
            held = []
        if line.strip():
            held.append(line)
    if held:
        yield from _apart(held)


def _apart(held: Iterable[str]) -> Iterator[Line]:
    whole = " ".join(held)
    opening = whole[0] if whole.startswith(_OPENS) else ""
    plain = printable(_BLANKS.sub(" ", whole))
    for part in _NEXT_FIELD.split(plain.removeprefix("^")) if opening == "^" else [plain]:
        stripped = part.strip()
        mark = stripped[-1:] if stripped.endswith(("<", "=")) else ""
        yield Line(opening, " ".join(stripped.rstrip("<=").split()), mark)


def _fill(record: RawRecord, fields: list[Line]) -> list[str]:
    """Fill the record from fields: by their words, else by their order. Returns those that are text."""
    notes: list[str] = []
    texts: list[str] = []
    slugline, *fields = [field for field in fields if field.text and not _CODE.fullmatch(field.text)] or [
        Line("", "", "")
    ]
    name, _, words = slugline.text.rpartition(",")
    slug = (name if words.strip().isdecimal() else slugline.text).rstrip(", ")
    for before, field in pairwise([slugline, *fields]):
        if _NOTE.match(field.text):
            notes.append(field.text)
        elif field.mark == "=" and field.text.startswith("By ") and not record.get("byline"):
            record["byline"] = field.text
        elif field.mark == "=" and before.text == record.get("byline") and not field.text.isupper():
            record["byline"] += f", {field.text}"
        elif not record.get("headline") and not record.get("byline"):
            record["headline"] = field.text
        elif field.mark == "<" and not record.get("deck"):
            record["deck"] = field.text
        else:
            texts.append(field.text)
    record["labels"] = [["slugline", "", slug]] if slug else None
    record["extra"]["notes"] = notes
    return texts
