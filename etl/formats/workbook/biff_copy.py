"""A copy of an old Excel workbook for the library that reads it: nothing but its cells.

The library takes the numbers of a chart for cells, cuts the long text of a formula, and reserves what a hostile file
says that it needs. So it is given cells alone, each with its value, and only where it can hold them.
"""

from __future__ import annotations

import struct
from array import array

from etl.formats.workbook.biff_records import (
    BOF,
    BOOLERR,
    BOUNDSHEET,
    CELLS,
    CODEPAGE,
    CONTINUE,
    EOF,
    FORMULA,
    LABEL,
    LABELSST,
    MERGED,
    MULRK,
    NUMBER,
    RK,
    RSTRING,
    SST,
    STRING,
    Globals,
    Record,
    records,
)
from etl.formats.workbook.biff_texts import text_of, texts_in
from etl.formats.workbook.file import ADVICE
from etl.formats.workbook.limits import BYTES_A_CELL, LIMIT_HELD_BYTES
from etl.formats.workbook.ole_file import damaged
from etl.model import DumpError

_COPIED = CELLS | {STRING, MERGED}
_GLOBALS, _SHEET = 5, 16
_MOST_BYTES = 65_535
"""Of a record."""
_LEAST_BYTES = 10
"""Of a text in its cell: the library calls a shorter one damaged."""
_HEAD_BYTES, _FEWEST_BYTES = 6, 8
"""Of a cell: its row, column and format; the least with a value."""
_MOST_COLUMNS = 256
_LAST_DAY, _NO_FORMAT = 2_958_466, b"\xff\xff"
"""The day after 31 December 9999; a larger number is none, and the library panics where its format says that it is."""
_MOST_MERGED = 100_000
_IS_TEXT = b"\xff\xff"


def copied(stream: bytes, book: Globals) -> bytes:
    """The stream of the copy. Raises DumpError where it is damaged, or its cells would take more memory than a dump
    may."""
    lengths = _lengths(book)
    copies, total, most = [], sum(lengths), 0
    for sheet in book.sheets:
        copy = _Sheet(book, lengths)
        for record in records(stream, sheet.start, _COPIED):
            copy.add(record)
        total, most = total + copy.cost, max(most, copy.cost)
        if total + most > LIMIT_HELD_BYTES:
            raise DumpError(
                f"its sheets up to {sheet.name} would take more than {LIMIT_HELD_BYTES >> 20} MB of memory; {ADVICE}"
            )
        copies.append(copy.finished())
    return _with_globals(book, copies)


def _lengths(book: Globals) -> array[int]:
    """The bytes of each text of the table, as the library keeps it."""
    if book.texts is None:
        return array("I")
    return array("I", (len(text.encode("utf-8", "replace")) for text in texts_in(book.texts.data, book.texts.more)))


def _with_globals(book: Globals, sheets: list[bytes]) -> bytes:
    before = [_begin(book, _GLOBALS), _record(CODEPAGE, struct.pack("<H", book.codepage))]
    before += [_record(record.kind, record.data) for record in book.others]
    if book.texts:
        before += [_record(SST, book.texts.data), *(_record(CONTINUE, more) for more in book.texts.more)]
    named = [sheet.record[4:] for sheet in book.sheets]
    at = sum(map(len, before)) + sum(8 + len(name) for name in named) + 4
    for name, sheet in zip(named, sheets, strict=True):
        before.append(_record(BOUNDSHEET, struct.pack("<IB", at, min(name[0] & 3, 2)) + name[1:]))
        at += len(sheet)
    return b"".join([*before, _record(EOF, b""), *sheets])


def _begin(book: Globals, part: int) -> bytes:
    return _record(BOF, struct.pack("<2H12x", book.version, part))


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<2H", kind, len(data)) + data


class _Sheet:
    """The copy of a sheet."""

    def __init__(self, book: Globals, lengths: array[int]) -> None:
        self._book, self._lengths = book, lengths
        self._data, self._rows = bytearray(), array("H")
        self._merged: list[bytes] = []
        self._columns, self._text_bytes = 0, 0
        self._formula = bytes(_HEAD_BYTES)

    @property
    def cost(self) -> int:
        """The bytes of memory that the library needs for it."""
        rows = max(self._rows) - min(self._rows) + 1 if self._rows else 0
        return rows * self._columns * BYTES_A_CELL + self._text_bytes

    def add(self, record: Record) -> None:
        """Copy what a record has of cells."""
        kind, data = record.kind, record.data
        if kind in (NUMBER, RK, MULRK, LABELSST):
            self._put(kind, data)
        elif kind in (LABEL, RSTRING):
            self._put(LABEL, data[:_HEAD_BYTES] + self._whole(Record(kind, data[_HEAD_BYTES:], record.more)))
        elif kind == BOOLERR and data[7:8] == b"\0":
            self._put(kind, data)
        elif kind == FORMULA:
            self._formula = data[:_HEAD_BYTES]
            self._put_result(data[_HEAD_BYTES:14])
        elif kind == STRING:
            self._put(LABEL, self._formula + self._whole(record))
        elif kind == MERGED:
            self._merged.append(_record(kind, data))
            if sum(map(len, self._merged)) > 8 * _MOST_MERGED:
                raise DumpError(f"has more than {_MOST_MERGED:,} merged cells in a sheet; {ADVICE}")

    def finished(self) -> bytes:
        """The whole sheet."""
        return b"".join((_begin(self._book, _SHEET), self._data, *self._merged, _record(EOF, b"")))

    def _put_result(self, result: bytes) -> None:
        if result[6:] != _IS_TEXT:
            self._put(NUMBER, self._formula + result)
        elif result[0] == 1:
            self._put(BOOLERR, self._formula + result[2:3] + b"\0")

    def _put(self, kind: int, data: bytes) -> None:
        if len(data) < _FEWEST_BYTES:
            raise damaged("a cell of it is cut")
        row, column = struct.unpack_from("<2H", data)
        if kind == MULRK:
            column += len(data) // 6 - 2
        elif kind == NUMBER and not abs(struct.unpack("<d", data[6:14].ljust(8, b"\xff"))[0]) < _LAST_DAY:
            data = data[:4] + _NO_FORMAT + data[_HEAD_BYTES:]
        elif kind == LABELSST:
            (at,) = struct.unpack_from("<I", data.ljust(_LEAST_BYTES, b"\xff"), 6)
            self._text_bytes += self._lengths[at] if at < len(self._lengths) else 0
        if column >= _MOST_COLUMNS:
            raise damaged(f"a cell of it stands in column {column + 1:,}")
        self._columns = max(self._columns, column + 1)
        self._text_bytes += len(data)
        self._rows.append(row)
        self._data += _record(kind, data.ljust(_LEAST_BYTES, b"\0"))

    def _whole(self, record: Record) -> bytes:
        """The text of a formula in one record."""
        if not record.more:
            return record.data
        text = text_of(record.data, self._book.is_unicode, self._book.codec, record.more)
        is_narrow = text.isascii() or not self._book.is_unicode
        data = text.encode(self._book.codec if is_narrow else "utf-16-le", "replace")
        kind = bytes((not is_narrow,)) if self._book.is_unicode else b""
        whole = struct.pack("<H", len(text)) + kind + data
        if len(whole) > _MOST_BYTES - _HEAD_BYTES:
            raise DumpError("has a formula with a text longer than can be read; save it as xlsx")
        return whole
