"""The rows of an old Excel workbook as texts, read from its records alone: to count those that are articles."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, pairwise
from operator import itemgetter

from etl.formats.workbook.biff_records import (
    BOOLERR,
    CELLS,
    FORMULA,
    LABEL,
    LABELSST,
    MULRK,
    NUMBER,
    RK,
    RSTRING,
    STRING,
    Globals,
    Record,
    SheetPlace,
    records,
)
from etl.formats.workbook.biff_texts import text_of, texts_in

_LONGEST = 400
"""Of a cell, what is looked at: names of columns are shorter."""
_IS_TEXT = b"\xff\xff"
_HEAD_BYTES = 6

_WITH_TEXTS = CELLS | {STRING}

Row = list[str]
_Cell = tuple[int, int, str]


def tables(stream: bytes, book: Globals) -> Iterator[Iterator[Row]]:
    """The rows of each sheet in their order."""
    texts = [text[:_LONGEST].strip() for text in texts_in(book.texts.data, book.texts.more)] if book.texts else []
    for sheet in book.sheets:
        cells = _Cells(book, texts).of(records(stream, sheet.start, _WITH_TEXTS))
        yield _rows(cells if is_in_order(stream, sheet) else sorted(cells, key=itemgetter(0)))


def is_in_order(stream: bytes, sheet: SheetPlace) -> bool:
    """Whether the cells of a sheet stand row by row; some programs write them column by column."""
    rows = (record.data[1::-1] for record in records(stream, sheet.start, CELLS))
    return all(before <= row for before, row in pairwise(rows))


def _rows(cells: Iterable[_Cell]) -> Iterator[Row]:
    for _, row in groupby(cells, itemgetter(0)):
        found = {column: text for _, column, text in row}
        yield [found.get(column, "") for column in range(max(found) + 1)]


class _Cells:
    """Reads the cells of a sheet."""

    def __init__(self, book: Globals, texts: list[str]) -> None:
        self._texts, self._is_unicode, self._codec = texts, book.is_unicode, book.codec
        self._values: dict[int, Callable[[Record], str]] = {
            NUMBER: lambda record: _float(record.data[6:14]),
            RK: lambda record: _rk(record.data[6:10]),
            BOOLERR: lambda record: str(record.data[6] > 0) if record.data[7:8] == b"\0" else "",
            LABEL: self._text,
            RSTRING: self._text,
            LABELSST: self._shared,
        }

    def of(self, found: Iterator[Record]) -> Iterator[_Cell]:
        """The cells in these records."""
        formula = (0, 0)
        for record in found:
            if record.kind == STRING:
                yield *formula, self._short(text_of(record.data, self._is_unicode, self._codec, record.more))
            elif len(record.data) > _HEAD_BYTES:
                row, column = struct.unpack_from("<2H", record.data)
                if record.kind == FORMULA:
                    formula = row, column
                    yield row, column, _result(record.data[6:14])
                elif record.kind == MULRK:
                    for at in range(4, len(record.data) - 7, 6):
                        yield row, column + at // 6, _rk(record.data[at + 2 : at + 6])
                elif value := self._values.get(record.kind):
                    yield row, column, value(record)

    def _text(self, record: Record) -> str:
        return self._short(text_of(record.data[_HEAD_BYTES:], self._is_unicode, self._codec))

    def _shared(self, record: Record) -> str:
        (at,) = struct.unpack_from("<I", record.data.ljust(10, b"\xff"), _HEAD_BYTES)
        return self._texts[at] if at < len(self._texts) else ""

    def _short(self, text: str) -> str:
        return text[:_LONGEST].strip()


def _float(data: bytes) -> str:
    return _shown(struct.unpack("<d", data.ljust(8, b"\0"))[0])


def _rk(data: bytes) -> str:
    """A number in four bytes: a whole number, or the first half of another; perhaps a hundred times what is meant."""
    (written,) = struct.unpack("<i", data.ljust(4, b"\0"))
    number = written >> 2 if written & 2 else struct.unpack("<d", struct.pack("<4xi", written & ~3))[0]
    return _shown(number / 100 if written & 1 else float(number))


def _shown(number: float) -> str:
    return str(int(number) if number.is_integer() else number)


def _result(data: bytes) -> str:
    """What a formula gave; its text stands behind it."""
    if data[6:] != _IS_TEXT:
        return _float(data)
    return str(data[2] > 0) if data[0] == 1 else ""
