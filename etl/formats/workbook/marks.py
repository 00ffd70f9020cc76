"""The rows of a workbook that are articles, counted by their values alone; in a zip by row elements in its XML."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from itertools import chain, groupby, islice

from etl.formats.common.header_row import MOST_BEFORE_HEADER, Shape, goes_on, header_at, names_columns, shape
from etl.formats.workbook import biff_rows
from etl.formats.workbook.file import CONTENT, SHARED, Book
from etl.formats.workbook.kinds import OldBook
from etl.model import Feed

_LONGEST_BYTES = 400
"""Of a cell, what is looked at: names of columns are shorter."""
_START = re.compile(rb"<(?:\w+:)?row\b")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c\s*>)", re.DOTALL)
_KIND = re.compile(rb"""\st\s*=\s*["'](\w+)["']""")
_COLUMN = re.compile(rb"""\sr\s*=\s*["']([A-Z]+)""")
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]*)<")
_TEXT = re.compile(rb"<(?:\w+:)?t\b[^>]*>([^<]*)<")
_READING = re.compile(rb"<(?:\w+:)?rPh\b.*?</(?:\w+:)?rPh\s*>", re.DOTALL)
"""How a Japanese name is read."""
_STRING_END = re.compile(rb"</(?:\w+:)?si\s*>|<(?:\w+:)?si\s*/>")

_TABLE = re.compile(rb"<table:table\s")
_CONTENT_CELL = re.compile(
    rb"<table:(?:covered-)?table-cell\b([^>]*?)(?:/>|>(.*?)</table:(?:covered-)?table-cell\s*>)", re.DOTALL
)
_ROW_TIMES = re.compile(rb"""<table:table-row\b[^>]*\stable:number-rows-repeated\s*=\s*["'](\d{1,7})""")
_CELL_TIMES = re.compile(rb"""\stable:number-columns-repeated\s*=\s*["'](\d{1,7})""")
_PARAGRAPH = re.compile(rb"<[^>]*>")
_STATED = re.compile(rb"""\soffice:(?:date-|time-|boolean-|string-)?value\s*=\s*["']([^"']*)""")
_TRUTH = {b"1": "True", b"true": "True", b"0": "False", b"false": "False"}
"""As an old workbook is counted, too."""
_MOST_REPEATED = 2_000

Row = list[str]
Repeated = tuple[Row, int]
"""A row, and how many times it stands there."""


def count_rows(tables: Iterable[Iterator[Repeated]], feed: Feed) -> int:
    """Of the sheets of a workbook, the rows with a value below the header of each that has one or goes on without,
    without the header again; the header of another table below it counts as one."""
    total = 0
    header: Row = []
    before: Shape | None = None
    for rows in tables:
        filled = ((row, times) for row, times in rows if any(row))
        first = list(islice(filled, MOST_BEFORE_HEADER + 1))
        texts = [row for row, _ in first]
        at = header_at(texts, feed)
        if at is not None:
            header, before = _bare(texts[at]), shape(texts[at + 1 :], texts[at])
            del first[: at + 1]
        elif not goes_on(texts, before):
            continue
        for row, times in chain(first, filled):
            if (bare := _bare(row)) == header:
                continue
            if names_columns(row, feed):
                header, before = bare, None
                total += 1
            else:
                total += times
    return total


def _bare(row: Row) -> Row:
    """A row without the blank cells at its end."""
    filled = max((at for at, cell in enumerate(row, 1) if cell), default=0)
    return [cell.casefold() for cell in row[:filled]]


def tables_in(book: Book | OldBook) -> Iterator[Iterator[Repeated]]:
    """The rows of each sheet of a workbook."""
    if isinstance(book, OldBook):
        yield from (((row, 1) for row in rows) for rows in biff_rows.tables(book.stream, book.book))
        return
    if CONTENT in book.parts:
        yield from _tables(book)
        return
    shared = _shared(book)
    for sheet in book.sheets():
        if sheet.part in book.parts and "/worksheets/" in f"/{sheet.part}":
            yield ((row, 1) for row in _rows(book, sheet.part, shared))


def _rows(book: Book, part: str, shared: list[str]) -> Iterator[Row]:
    for piece in book.rows(part):
        if start := _START.search(piece):
            yield _cells(piece[start.start() :], shared)


def _cells(row: bytes, shared: list[str]) -> Row:
    found: dict[int, str] = {}
    at = -1
    for attributes, inner in _CELL.findall(row):
        column = _COLUMN.search(attributes)
        at = _index(column[1]) if column else at + 1
        kind = _KIND.search(attributes)
        found[at] = _value(inner, kind[1] if kind else b"n", shared)
    return [found.get(at, "") for at in range(max(found, default=-1) + 1)]


def _value(inner: bytes, kind: bytes, shared: list[str]) -> str:
    if kind == b"inlineStr":
        return _plain(b"".join(_TEXT.findall(_READING.sub(b"", inner))))
    value = _VALUE.search(inner)
    if value is None or kind == b"e":
        return ""
    if kind == b"b":
        return _TRUTH.get(value[1].strip(), "")
    if kind == b"s":
        index = int(value[1]) if value[1].strip().isdigit() else -1
        return shared[index] if 0 <= index < len(shared) else ""
    return _plain(value[1])


def _shared(book: Book) -> list[str]:
    if SHARED not in book.parts:
        return []
    pieces = [_plain(b"".join(_TEXT.findall(_READING.sub(b"", text)))) for text in book.pieces(SHARED, _STRING_END)]
    return pieces[:-1]


def _tables(book: Book) -> Iterator[Iterator[Repeated]]:
    """Those of OpenDocument, one behind the other in one part."""
    for _, rows in groupby(_numbered_rows(book), lambda each: each[0]):
        yield (row for _, row in rows)


def _numbered_rows(book: Book) -> Iterator[tuple[int, Repeated]]:
    """Each row with the number of its table."""
    table = 0
    for piece in book.rows(CONTENT):
        table += len(_TABLE.findall(piece))
        times = _ROW_TIMES.search(piece)
        yield table, (_content_cells(piece), int(times[1]) if times else 1)


def _content_cells(row: bytes) -> Row:
    cells: Row = []
    for attributes, inner in _CONTENT_CELL.findall(row):
        stated = _STATED.search(attributes)
        text = (_TRUTH.get(stated[1]) or _plain(stated[1]) if stated else "") or _plain(_PARAGRAPH.sub(b"", inner))
        times = _CELL_TIMES.search(attributes)
        cells += [text] * min(int(times[1]) if times else 1, _MOST_REPEATED)
    return cells


def _plain(data: bytes) -> str:
    return html.unescape(data[:_LONGEST_BYTES].strip().decode("utf-8", "replace")).strip()


def _index(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
