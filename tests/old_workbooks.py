"""Old workbooks of invented rows, which Excel 97 to 2003 would open."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from compound_files import ole

_BOF, _EOF, _FORMAT, _XF, _BOUNDSHEET, _SST, _LABELSST = 0x809, 0x0A, 0x41E, 0xE0, 0x85, 0xFC, 0xFD
_NUMBER, _LABEL, _BOOLERR, _CODEPAGE = 0x203, 0x204, 0x205, 0x42
_BIFF8, _BIFF5 = 0x600, 0x500
_GENERAL, _DAY = 0, 1

Rows = Sequence[Sequence[Any]]


def record(kind: int, data: bytes) -> bytes:
    """A record of a workbook."""
    return struct.pack("<2H", kind, len(data)) + data


def xls(
    sheets: Mapping[str, Rows],
    *,
    by_column: bool = False,
    is_old: bool = False,
    before: bytes = b"",
    behind: bytes = b"",
) -> bytes:
    """A workbook with these sheets. `by_column`: its cells are written column by column, from below; `is_old`: as Excel
    95 wrote it; `before` and `behind`: further records of each sheet."""
    return ole({"Book" if is_old else "Workbook": stream(sheets, by_column, is_old, before, behind)})


def stream(
    sheets: Mapping[str, Rows],
    by_column: bool = False,
    is_old: bool = False,
    before: bytes = b"",
    behind: bytes = b"",
) -> bytes:
    """The records of a workbook."""
    texts: dict[str, int] = {}
    parts = []
    for rows in sheets.values():
        places = [(at, column) for at, row in enumerate(rows) for column in range(len(row))]
        order = sorted(places, key=lambda place: (place[1], -place[0])) if by_column else places
        cells = (_cell(at, column, rows[at][column], texts, is_old) for at, column in order)
        parts.append(b"".join((_begin(16, is_old), before, *cells, behind, record(_EOF, b""))))
    head = _begin(5, is_old) + record(_CODEPAGE, struct.pack("<H", 1252 if is_old else 1200))
    head += record(_FORMAT, struct.pack("<H", 164) + _text("DD.MM.YYYY", is_old))
    head += record(_XF, bytes(20)) + record(_XF, struct.pack("<2H16x", 0, 164))
    if not is_old:
        written = b"".join(_text(text, is_old) for text in texts)
        head += record(_SST, struct.pack("<2I", len(texts), len(texts)) + written)
    named = [_short(name, is_old) for name in sheets]
    at = len(head) + sum(10 + len(name) for name in named) + 4
    for name, part in zip(named, parts, strict=True):
        head += record(_BOUNDSHEET, struct.pack("<IH", at, 0) + name)
        at += len(part)
    return b"".join((head, record(_EOF, b""), *parts))


def _begin(part: int, is_old: bool) -> bytes:
    return record(_BOF, struct.pack("<2H12x", _BIFF5 if is_old else _BIFF8, part))


def _cell(row: int, column: int, value: Any, texts: dict[str, int], is_old: bool) -> bytes:
    place = struct.pack("<2H", row, column)
    match value:
        case None:
            return b""
        case bool():
            return record(_BOOLERR, place + struct.pack("<HBB", _GENERAL, value, 0))
        case date():
            return record(_NUMBER, place + struct.pack("<Hd", _DAY, (value - date(1899, 12, 30)).days))
        case int() | float():
            return record(_NUMBER, place + struct.pack("<Hd", _GENERAL, value))
        case _ if is_old:
            return record(_LABEL, place + struct.pack("<H", _GENERAL) + _text(value, is_old))
        case _:
            return record(_LABELSST, place + struct.pack("<HI", _GENERAL, texts.setdefault(value, len(texts))))


def _text(text: str, is_old: bool) -> bytes:
    if is_old:
        return struct.pack("<H", len(text)) + text.encode("cp1252")
    data = text.encode("utf-16-le")
    return struct.pack("<HB", len(data) // 2, 1) + data


def _short(name: str, is_old: bool) -> bytes:
    data = _text(name, is_old)
    return data[:1] + data[2:]
