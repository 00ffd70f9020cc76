"""What a hostile sender would put into an old Excel workbook, or a table named so, for benchmarks/hostile.py."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterable

from etl.formats.workbook.ole_file import packed

_BOF, _EOF, _BOUNDSHEET, _SST, _LABELSST, _NUMBER, _RK = 0x809, 0x0A, 0x85, 0xFC, 0xFD, 0x203, 0x27E
_DIMENSIONS, _MERGED, _HLINK, _XF = 0x200, 0xE5, 0x1B8, 0xE0
_TEXTS = ("title", "text", "It sails.")


def inputs() -> dict[str, Callable[[], bytes]]:
    """The files by name; each is made only when it is written."""
    return {
        "xls, a cell far away": lambda: _workbook(_cell(_NUMBER, 65_535, 255, bytes(8))),
        "xls, a text in 60,000 cells": lambda: _workbook(_texts(range(60_000)), long=8_000),
        "xls, 800,000 cells": lambda: _workbook(b"".join(map(_numbers, range(1, 65_536)))),
        "xls, cells column by column": lambda: _workbook(_by_column()),
        "xls, 2**31 texts": lambda: _workbook(_texts([1]), texts=(1 << 31) - 1),
        "xls, dimensions of 2**32": lambda: _workbook(
            _record(_DIMENSIONS, struct.pack("<2I3H", 0, 2**32 - 1, 0, 65_535, 0)) + _texts([1])
        ),
        "xls, millions of merges": lambda: _workbook(
            _texts([1]) + _record(_MERGED, struct.pack("<H", 1_000) + bytes(range(8)) * 1_000) * 2_000
        ),
        "xls, links on every cell": lambda: _workbook(_texts([1]) + _record(_HLINK, bytes(60)) * 300_000),
        "xls, sheets at one place": lambda: _workbook(_texts(range(1, 60_000)), sheets=2_000),
        "xls, 100,000 sheets": lambda: _workbook(_texts([1]), sheets=100_000),
        "xls, charts within charts": lambda: _workbook(_begin(32) * 500_000 + _record(_EOF, b"") * 500_000),
        "xls, a day beyond all": lambda: _workbook(_cell(_NUMBER, 1, 0, struct.pack("<d", 1e300)) + _texts([1])),
        "xls, sectors in a circle": lambda: _circle(_workbook(_texts([1]))),
        "xls, sectors of noise": lambda: _workbook(_texts([1]))[:4_096] + os.urandom(2_000_000),
        "table, rows without end": lambda: _table(b"<tr><td>a<td>b" * 200_000),
        "table, a row of 200 MB": lambda: _table(b"<tr>" + b"<td>" * (50 << 20)),
        "table, spans of millions": lambda: _table(b"<tr><td rowspan=9999999 colspan=9999999>a" * 1_000),
        "table, 100,000 tables deep": lambda: _table(b"<tr><td><table>" * 100_000),
        "xls, records of noise": lambda: packed("Workbook", _begin(5) + os.urandom(2_000_000)),
    }


def _table(rows: bytes) -> bytes:
    return b"<table><tr><th>title<th>text" + rows


def _workbook(cells: bytes, long: int = 0, texts: int = 0, sheets: int = 1) -> bytes:
    """A workbook with a header, then these cells; `sheets` times the same sheet."""
    written = b"".join(
        struct.pack("<HB", len(text), 0) + text.encode() for text in (*_TEXTS[:2], _TEXTS[2] + "y" * long)
    )
    count = texts or len(_TEXTS)
    head = (
        _begin(5)
        + _record(_XF, struct.pack("<2H16x", 0, 46))
        + _record(_SST, struct.pack("<2I", count, count) + written)
    )
    at = len(head) + 13 * sheets + 4
    named = _record(_BOUNDSHEET, struct.pack("<IHB2s", at, 0, 1, b"\0T")) * sheets
    header = _cell(_LABELSST, 0, 0, struct.pack("<I", 0)) + _cell(_LABELSST, 0, 1, struct.pack("<I", 1))
    sheet = _begin(16) + header + cells + _record(_EOF, b"")
    return packed("Workbook", head + named + _record(_EOF, b"") + sheet)


def _texts(rows: Iterable[int]) -> bytes:
    cell = struct.pack("<I", 2)
    return b"".join(_cell(_LABELSST, row, 0, cell) + _cell(_LABELSST, row, 1, cell) for row in rows)


def _numbers(row: int) -> bytes:
    return b"".join(_cell(_RK, row, column, struct.pack("<i", row << 2 | 2)) for column in range(12))


def _by_column() -> bytes:
    cells = (_cell(_RK, row, column, b"\6\0\0\0") for column in range(10) for row in range(1, 60_000))
    return b"".join(cells)


def _cell(kind: int, row: int, column: int, value: bytes) -> bytes:
    return _record(kind, struct.pack("<3H", row, column, 0) + value)


def _begin(part: int) -> bytes:
    return _record(_BOF, struct.pack("<2H12x", 0x600, part))


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<2H", kind, len(data)) + data


def _circle(file: bytes) -> bytes:
    """Every sector is followed by the first one."""
    return file[:4_096] + struct.pack("<1024I", *[1] * 1_024) + file[8_192:]
