"""What a workbook would cost a library that holds all cells of a sheet at once, measured in its XML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from etl.formats.workbook.file import ADVICE, CONTENT, SHARED, Book, attribute
from etl.model import DumpError

LIMIT_HELD_BYTES = 192 << 20
MOST_DEPTH = 3
"""Of tables within others: a page may be laid out in a table, and be in one itself."""
LIMIT_COLUMNS = 2_000
LIMIT_TEXTS = 1_500_000
BYTES_A_CELL = 32
FREE_ROWS = 10_000
"""So many rows a file of any size may have."""
LEAST_BYTES_A_ROW = 8
"""As it is packed."""

_STRING_END = re.compile(rb"</(?:\w+:)?si\s*>")
_ROW = re.compile(rb"<(?:\w+:)?(?:table-)?row\b[^>]*>")
_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*>")
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,7})(\d{1,9})""")
_SHARED_CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*\st\s*=\s*["']s["'][^>]*>\s*<(?:\w+:)?v\b[^>]*>\s*(\d{1,9})""")
_REPEATED_CELL = re.compile(
    rb"<table:(?:covered-)?table-cell\b([^>]*?)(?:/>|>(.*?)</table:(?:covered-)?table-cell>)", re.S
)
_ODD = re.compile(rb"<!(?:--|\[CDATA\[|DOCTYPE|ENTITY)")
"""What no program writes between cells, and what would hide some from this measure."""


def refuse_large(book: Book) -> None:
    """Raise DumpError where a sheet would take more memory than a dump may, or has more rows than its bytes hold."""
    shared = _lengths(book)
    for sheet in book.sheets():
        if sheet.part not in book.parts:
            continue
        cost = _cost_of_content(book) if sheet.part == CONTENT else _cost(book, sheet.part, shared)
        if cost + sum(shared) > LIMIT_HELD_BYTES:
            raise DumpError(
                f"its sheet {sheet.name or '1'} would take more than {LIMIT_HELD_BYTES >> 20} MB of memory; {ADVICE}"
            )


def _lengths(book: Book) -> list[int]:
    """Of each shared text, its bytes; with its markup, so rather too many."""
    if SHARED not in book.parts:
        return []
    found = [len(text) for text in islice(_sane(book.pieces(SHARED, _STRING_END)), LIMIT_TEXTS + 1)]
    if len(found) > LIMIT_TEXTS:
        raise DumpError(f"has more than {LIMIT_TEXTS:,} texts; {ADVICE}")
    return found[:-1]


def _cost(book: Book, part: str, shared: list[int]) -> int:
    rows = columns = held = count = 0
    for row in _sane(book.rows(part)):
        tags = _CELL.findall(row)
        places = [match for tag in tags if (match := _PLACE.search(tag))]
        count += bool(tags)
        _refuse_empty_rows(count, book)
        numbers = [int(match[2]) for match in places] + [int(attribute(tag, b"r") or 0) for tag in _ROW.findall(row)]
        rows = max(rows + 1, *numbers, 0)
        columns = max(columns, len(tags), *map(_number, {match[1] for match in places}))
        held += len(row) + sum(shared[index] for index in map(int, _SHARED_CELL.findall(row)) if index < len(shared))
        _refuse_wide(columns)
    return held + rows * columns * BYTES_A_CELL


def _cost_of_content(book: Book) -> int:
    rows = columns = held = most = count = 0
    for row in _sane(book.rows(CONTENT)):
        *_, tag = _ROW.findall(row) or [b""]
        times = _times(tag, b"table:number-rows-repeated")
        wide = filled = 0
        for attributes, text in _REPEATED_CELL.findall(row):
            repeated = _times(attributes, b"table:number-columns-repeated")
            wide += repeated
            if text.strip() or b"value" in attributes:
                filled = wide
                held += times * repeated * len(text)
        _refuse_wide(filled)
        rows += times
        if filled:
            count += times
            _refuse_empty_rows(count, book)
            columns, most = max(columns, filled), rows
    return held + most * columns * BYTES_A_CELL


def _refuse_empty_rows(count: int, book: Book) -> None:
    """Raise DumpError where a row takes less of the file than an article can: millions cost the stages after this."""
    if count > max(FREE_ROWS, len(book.data.getbuffer()) // LEAST_BYTES_A_ROW):
        raise DumpError(
            f"has more than {count - 1:,} rows, which cannot all hold articles in so small a file; {ADVICE}"
        )


def _refuse_wide(columns: int) -> None:
    if columns > LIMIT_COLUMNS:
        raise DumpError(f"has a row of {columns:,} cells; no list of articles has more than {LIMIT_COLUMNS:,} columns")


def _sane(pieces: Iterator[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        if _ODD.search(piece):
            raise DumpError(f"has comments or declarations between its cells, which no program writes; {ADVICE}")
        yield piece


def _times(tag: bytes, name: bytes) -> int:
    written = attribute(b" " + tag, name)
    return min(int(written), 1 << 30) if written.isdecimal() and len(written) < 12 else 1


def _number(letters: bytes) -> int:
    """The number of a column from its letters."""
    found = 0
    for letter in letters.upper():
        found = found * 26 + letter - ord("A") + 1
    return found
