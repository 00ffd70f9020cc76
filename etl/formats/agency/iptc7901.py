"""A message of IPTC 7901: a header line, a line of keywords, notes, headline and byline, the text, day and time.

STX and ETX stand around the text; where both are missing (files on disk often lost them), the first line after the
header is that of keywords, and the last one is the time if it looks like one.
"""

from __future__ import annotations

import re
from typing import Any

from etl.formats.agency.message_text import Text, add_text
from etl.formats.agency.wire_text import is_byline, unwrap
from etl.formats.agency.wires import ETX, STX, parts, printable
from etl.formats.common.pieces import Unreadable, without_empty_extra
from etl.model import RawRecord

MOST_TITLE_LINES = 12
EXPECTED = "service and number, priority, category, words"

_HEADER = re.compile(
    r"[\x00-\x20\x7f]{0,99}([A-Za-z]{2,5})[ -]?(\d{1,6}) +([1-9]) +([A-Za-z]{1,4}) +(\d{1,5})\b([^\n\x02]{0,200})"
)
_TIME = re.compile(r"\d{6} (?:[A-Z]{3,4} )?[^\W\d_]{3,4} \d\d(?:\d\d)?")
_NOTE = re.compile(r"\(.{0,300}\)|[A-ZÄÖÜ\d][A-ZÄÖÜ\d .,:/-]{0,30}")
_NOTEBOOK = re.compile(r"#{1,2} ?\S.*|\* \* \* \*.*")
_DATELINE = re.compile(
    r"([^\n()]{2,60}?) \(([^()\n]{2,30})\) ?[-–—]"
    r"|([^\W\d_a-z][^\n()]{1,40}?) \(([a-z]{2,4})\) (?=[^\Wa-z])"  # Keystone-ATS
)


def article(message: str) -> RawRecord:
    """The record of one message. Raises Unreadable where it has no header, or no text, or only one of STX and ETX."""
    is_framed = STX in message or ETX in message or message.startswith("\x01")
    header, slug, text, footer = parts(message, _HEADER, EXPECTED) if is_framed else _unframed(message)
    service, number, priority, category, words, more = header.groups()
    slug = " ".join(slug.split()).strip("/ ")
    record: RawRecord = {
        "native_id": f"{service}{number}",
        "published": " ".join(printable(footer).split()),
        "labels": _labels(slug),
        "extra": {
            "service": service,
            "priority": priority,
            "category": category,
            "words": words,
            "header": " ".join(more.split()),
        },
    }
    add_titled_text(record, text, agencies=more.lower().split())
    record["agency"] = record.get("agency") or _agency(more)
    if not record["body"]:
        raise Unreadable("has no text between its headline and its end")
    return without_empty_extra(record)


def is_message(text: str) -> bool:
    """Whether a text begins with the header of a message."""
    return _HEADER.match(text) is not None


def ends_title(line: str) -> bool:
    """Whether a line is the last one of a title."""
    return line.rstrip().endswith("=")


def add_titled_text(record: RawRecord, text: str, agencies: list[str]) -> None:
    """Add headline, byline, dateline, body and what stands around them, from a text that begins with its title.

    `agencies`: in small letters, those whose staff may have written it.
    """
    title, body = _title_and_body(printable(text).split("\n"))
    body, notebook = _without_notebook(body)
    blocks = unwrap("\n".join(body))
    record |= _title(title, agencies)
    record["extra"] |= {"title_notes": record.pop("notes"), "notebook": notebook}
    add_dateline(record, blocks)
    add_text(record, Text(blocks, []))


def add_dateline(record: RawRecord, blocks: list[str]) -> None:
    """Add place and agency if one of the first paragraphs begins with them."""
    if place := next(filter(None, map(_DATELINE.match, blocks[:3])), None):
        record |= {"dateline": place[1] or place[3], "agency": place[2] or place[4]}


def _unframed(message: str) -> tuple[re.Match[str], str, str, str]:
    """Header, keywords, text and time of a message without control bytes. Raises Unreadable without a header."""
    header = _HEADER.match(message)
    if header is None:
        raise Unreadable(f"has no header of {EXPECTED}")
    slug, _, text = message[header.end() :].lstrip().partition("\n")
    text, _, last = text.rstrip().rpartition("\n")
    return (header, slug, text, last) if _TIME.fullmatch(last.strip()) else (header, slug, f"{text}\n{last}", "")


def _title_and_body(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines to the one that ends in "=", else to a blank or an indented one, else the first; and those after it."""
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    block = lines[first : first + MOST_TITLE_LINES]
    end = next((at for at, line in enumerate(block) if ends_title(line)), None)
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
