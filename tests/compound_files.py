"""Compound files (OLE, [MS-CFB]) of invented streams and storages: old Office files, and messages of Outlook."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Union

Tree = Mapping[str, Union[bytes, "Tree"]]
"""Streams by name, and storages, which hold further ones."""

_MINI, _LARGE = 64, 4_096
_END, _FREE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_IN_HEADER = 109


@dataclass
class _Entry:
    name: str
    kind: int
    data: bytes = b""
    before: int = _FREE
    behind: int = _FREE
    below: int = _FREE
    start: int = _END

    @property
    def packed(self) -> bytes:
        written = (self.name + "\0").encode("utf-16-le")
        links = (self.before, self.behind, self.below)
        return struct.pack("<64sH2B3I36xIQ", written, len(written), self.kind, 1, *links, self.start, len(self.data))


def ole(tree: Tree, sector_bytes: int = 512) -> bytes:
    """A compound file with these streams and storages, its directory behind them.

    With 512 bytes to a sector it has room for 7 MB, with 4,096 for 400 MB.
    """
    entries = _entries(tree)
    small = [entry for entry in entries if entry.data and len(entry.data) < _LARGE]
    large = [entry for entry in entries if len(entry.data) >= _LARGE]
    minis, places = _chained([entry.data for entry in small], _MINI)
    pieces = b"".join(_padded(entry.data, _MINI) for entry in small)
    chains = [
        pieces,
        struct.pack(f"<{len(minis)}I", *minis).ljust(_padded_bytes(4 * len(minis), sector_bytes), b"\xff"),
        *[entry.data for entry in large],
        bytes(_padded_bytes(128 * len(entries), sector_bytes)),
    ]
    links, begins = _chained(chains, sector_bytes)
    for entry, start in zip([*small, *large], [*places, *begins[2:-1]], strict=True):
        entry.start = start
    entries[0].start, entries[0].data = begins[0], pieces
    chains[-1] = b"".join(entry.packed for entry in entries)
    tables = -(-len(links) // (sector_bytes // 4 - 1))
    table = [*links, *[_TABLE] * tables]
    version, shift = (3, 9) if sector_bytes == 512 else (4, 12)
    header = struct.pack("<8s16x5H6x9I", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 62, version, 0xFFFE, shift, 6, 0, tables,
                         begins[-1], 0, _LARGE, begins[1] if minis else _END, 1, _END, 0)  # fmt: skip
    held = [*range(len(links), len(links) + tables), *[_FREE] * (_IN_HEADER - tables)]
    header += struct.pack(f"<{_IN_HEADER}I", *held)
    whole = struct.pack(f"<{len(table)}I", *table).ljust(tables * sector_bytes, b"\xff")
    return b"".join((header.ljust(sector_bytes, b"\0"), *(_padded(data, sector_bytes) for data in chains), whole))


def _entries(tree: Tree) -> list[_Entry]:
    """The directory: what a storage holds is a tree, sorted by the lengths of names, and then by names."""
    entries = [_Entry("Root Entry", _ROOT)]
    waiting = [(entries[0], tree)]
    for storage, held in waiting:
        first = len(entries)
        for name in sorted(held, key=lambda name: (len(name), name.upper())):
            content = held[name]
            if isinstance(content, bytes):
                entries.append(_Entry(name, _STREAM, content))
            else:
                entries.append(_Entry(name, _STORAGE))
                waiting.append((entries[-1], content))
        storage.below = _linked(entries, first, len(entries))
    return entries


def _linked(entries: list[_Entry], start: int, stop: int) -> int:
    """Make a tree of some entries. Returns the place of its root."""
    if start == stop:
        return _FREE
    middle = (start + stop) // 2
    entries[middle].before = _linked(entries, start, middle)
    entries[middle].behind = _linked(entries, middle + 1, stop)
    return middle


def _padded(data: bytes, size: int) -> bytes:
    return data.ljust(_padded_bytes(len(data), size), b"\0")


def _padded_bytes(count: int, size: int) -> int:
    return count + -count % size


def _chained(chains: Sequence[bytes], size: int) -> tuple[list[int], list[int]]:
    """The sectors of some streams that stand one behind the other, and where each begins."""
    links: list[int] = []
    starts = []
    for data in chains:
        count = -(-len(data) // size)
        starts.append(len(links) if count else _END)
        links += [*range(len(links) + 1, len(links) + count), _END] if count else []
    return links, starts
