"""IPTC 7901, the wire format of the news agencies of Europe (dpa, AFP, APA, SDA): many messages a file.

SOH, then service and number, priority, category, number of words, and more (`eca062 4 i 211 ccccb dpa 061`); a line of
keywords between slashes; STX; notes (`1ST LEAD`), headline, byline, the last of them ending in `=`; the text,
hard-wrapped; at dpa a notebook for editors; ETX, and day, time, month and year of sending (`131137 GMT Nov 13`). Text
of eight bits is Latin-1 as a rule. Numbers start again every day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from etl.formats.agency.message_text import Text, add_text
from etl.formats.agency.wire_marks import count_messages
from etl.formats.agency.wire_text import is_byline, unwrap
from etl.formats.agency.wires import messages, parts, printable
from etl.formats.common.pieces import Unreadable, without_empty_extra
from etl.model import Feed, Piece, RawRecord

MOST_TITLE_LINES = 12

_START = re.compile(rb"[\x00-\x20\x7f]{0,99}\x01[A-Za-z]{2,5}[ -]?\d{1,6} +[1-9] +[A-Za-z]{1,4} +\d{1,5}\b")
_HEADER = re.compile(r"\x01([A-Za-z]{2,5})[ -]?(\d{1,6}) +([1-9]) +([A-Za-z]{1,4}) +(\d{1,5})\b([^\n\x02]{0,200})")
_NOTE = re.compile(r"\(.{0,300}\)|[A-ZÄÖÜ\d][A-ZÄÖÜ\d .,:/-]{0,30}")
_NOTEBOOK = re.compile(r"#{1,2} ?\S.*|\* \* \* \*.*")
_DATELINE = re.compile(r"([^\n()]{2,60}?) \(([^()\n]{2,30})\) ?[-–—]")


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
    return messages(stream, feed, _article, "IPTC 7901")


def _article(message: str) -> RawRecord:
    header, slug, text, footer = parts(message, _HEADER, "service and number, priority, category, words")
    service, number, priority, category, words, more = header.groups()
    slug = " ".join(slug.split()).strip("/ ")
    title, body = _title_and_body(printable(text).split("\n"))
    body, notebook = _without_notebook(body)
    blocks = unwrap("\n".join(body))
    place = next(filter(None, map(_DATELINE.match, blocks[:3])), None)
    record: RawRecord = {
        "native_id": f"{service}{number}",
        **_title(title, agencies=more.lower().split()),
        "dateline": place[1] if place else None,
        "agency": place[2] if place else _agency(more),
        "published": " ".join(printable(footer).split()),
        "labels": _labels(slug),
    }
    record["extra"] = {
        "service": service,
        "priority": priority,
        "category": category,
        "words": words,
        "header": " ".join(more.split()),
        "title_notes": record.pop("notes"),
        "notebook": notebook,
    }
    add_text(record, Text(blocks, []))
    if not record["body"]:
        raise Unreadable("has no text between its headline and ETX")
    return without_empty_extra(record)


def _title_and_body(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines to the one that ends in "=", else to a blank or an indented one, else the first; and those after it."""
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    block = lines[first : first + MOST_TITLE_LINES]
    end = next((at for at, line in enumerate(block) if line.rstrip().endswith("=")), None)
    if end is None:
        end = next((at for at, line in enumerate(block) if at and (not line.strip() or line[0].isspace())), 1) - 1
    title = [line.strip().rstrip("=").strip() for line in block[: end + 1]]
    return [line for line in title if line], lines[first + end + 1 :]


def _title(lines: list[str], agencies: list[str]) -> dict[str, Any]:
    """Notes, headline and byline."""
    bylines = [line for line in lines[1:] if is_byline(line) or _is_by_staff(line, agencies)]
    titles = [line for line in lines if line not in bylines]
    notes: list[str] = []
    while len(titles) > 1 and _NOTE.fullmatch(titles[0]):
        notes.append(titles.pop(0))
    return {"headline": " ".join(titles), "byline": "; ".join(bylines), "notes": notes}


def _is_by_staff(line: str, agencies: list[str]) -> bool:
    """Whether a line is "By dpa correspondents"."""
    words = line.split()
    return len(words) > 1 and words[0] in ("By", "Von", "Par") and words[1].lower() in agencies


def _without_notebook(lines: list[str]) -> tuple[list[str], str]:
    """The text, and what dpa prints for editors below it."""
    at = next((at for at, line in enumerate(lines) if _NOTEBOOK.fullmatch(line.strip())), len(lines))
    return lines[:at], "\n".join(lines[at:]).strip()


def _labels(slug: str) -> list[list[str]]:
    """The line of keywords as a whole, and each keyword."""
    if not slug:
        return []
    return [["slugline", "", slug], *(["keyword", "", word.strip()] for word in slug.split("/"))]


def _agency(header: str) -> str | None:
    """The word before the running number: `ccccb dpa 061`."""
    words = [word for word in header.split() if not word.isdecimal()]
    return words[-1] if words else None
