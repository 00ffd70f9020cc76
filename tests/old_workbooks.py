"""Old Office files of invented rows: what Excel 97 to 2003 would open, and other files of the same kind."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

_SECTOR, _MINI, _LARGE = 512, 64, 4_096
_END, _FREE = 0xFFFFFFFE, 0xFFFFFFFF
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


def ole(streams: Mapping[str, bytes], embedded: Iterable[str] = ()) -> bytes:
    """A compound file with these streams; `embedded`: names of streams within a storage of it."""
    large = {name: data for name, data in streams.items() if len(data) >= _LARGE}
    small = {name: data for name, data in streams.items() if len(data) < _LARGE}
    minis, places = _chained([small[name] for name in small], _MINI)
    pieces = b"".join(_padded(data, _MINI) for data in small.values())
    starts = dict(zip(small, places, strict=True))
    names = list(streams)
    inside = list(embedded)
    count = 1 + len(names) + bool(inside) + len(inside)
    chains = [_padded(bytes(128 * count), _SECTOR), pieces, struct.pack(f"<{len(minis)}I", *minis), *large.values()]
    links, begins = _chained(chains, _SECTOR)
    starts |= dict(zip(large, begins[3:], strict=True))
    tables = -(-len(links) // (_SECTOR // 4 - 1))
    table = [*links, *[0xFFFFFFFD] * tables]
    at = len(links)
    header = struct.pack("<8s16x5H6x9I", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 62, 3, 0xFFFE, 9, 6, 0, tables,
                         begins[0], 0, _LARGE, begins[2] if minis else _END, 1, _END, 0)  # fmt: skip
    header += struct.pack("<109I", *range(at, at + tables), *[_FREE] * (109 - tables))
    entries = [_entry("Root Entry", 5, start=begins[1] if small else _END, size=len(pieces), below=1)]
    last = len(names) + bool(inside)
    for number, name in enumerate(names, 1):
        entries.append(
            _entry(name, 2, start=starts[name], size=len(streams[name]), behind=number + 1 if number < last else _FREE)
        )
    if inside:
        entries.append(_entry("MBD0001", 1, below=last + 1))
        entries += [
            _entry(name, 2, start=_END, behind=number + 1 if number < last + len(inside) else _FREE)
            for number, name in enumerate(inside, last + 1)
        ]
    chains[0] = _padded(b"".join(entries), _SECTOR)
    whole = struct.pack(f"<{len(table)}I", *table).ljust(tables * _SECTOR, b"\xff")
    return header + b"".join(_padded(data, _SECTOR) for data in chains) + whole


def _entry(name: str, kind: int, start: int = 0, size: int = 0, behind: int = _FREE, below: int = _FREE) -> bytes:
    written = (name + "\0").encode("utf-16-le")
    return struct.pack("<64sH2B3I36xIQ", written, len(written), kind, 1, _FREE, behind, below, start, size)


def _padded(data: bytes, size: int) -> bytes:
    return data + bytes(-len(data) % size)


def _chained(chains: Sequence[bytes], size: int) -> tuple[list[int], list[int]]:
    """The sectors of some streams that stand one behind the other, and where each begins."""
    links: list[int] = []
    starts = []
    for data in chains:
        count = -(-len(data) // size)
        starts.append(len(links) if count else _END)
        links += [*range(len(links) + 1, len(links) + count), _END] if count else []
    return links, starts
