"""The addresses behind the cells of a workbook, which stand beside its rows: often those of the articles."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from etl.formats.workbook.file import Book, attribute, relations

MOST_LINKS = 1_000_000
_LINK = re.compile(rb"<(?:\w+:)?hyperlink\b[^>]*>")
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")

Places = dict[int, dict[int, str]]
"""Column -> row -> address, both numbers from 0."""


def links_in(book: Book, part: str) -> Places:
    """The web addresses that the cells of a sheet lead to."""
    folder, _, name = part.rpartition("/")
    described = posixpath.join(folder, "_rels", f"{name}.rels")
    if described not in book.parts:
        return {}
    targets = relations(book.whole(described))
    found: Places = {}
    for place, target in _linked(book, part, targets):
        found.setdefault(_column(place[1]), {})[int(place[2]) - 1] = target
    return found


def _linked(book: Book, part: str, targets: dict[str, str]) -> Iterator[tuple[re.Match[str], str]]:
    *_, behind = book.rows(part)
    for tag in _LINK.findall(behind)[:MOST_LINKS]:
        target = targets.get(attribute(tag, rb"\w+:id"), "")
        place = _PLACE.fullmatch(attribute(tag, b"ref").partition(":")[0])
        if place and target.startswith(("http://", "https://")):
            yield place, target


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
