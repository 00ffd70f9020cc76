"""A compound file (OLE), as old Office programs write it: a directory of streams, each in a chain of sectors.

Layout: [MS-CFB] by Microsoft. A file that was cut or changed may have chains that go in a circle or lead out of it, or
streams and storages that are said to be in several places: no more is read of one than it has bytes.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from etl.model import DumpError

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER_BYTES = 512
_ENTRY_BYTES = 128
_MINI_BYTES = 64
_IN_HEADER = 109
"""Places of the table of sectors that the header has room for."""
_END, _FREE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_STREAM, _ROOT = 2, 5
_PACKED_BYTES = 4_096
"""A sector of what is packed here: with such large ones the header has room for the table of 400 MB."""
_LARGE_BYTES = 4_096
"""A shorter stream is kept in pieces of the first one."""


class Entry(NamedTuple):
    """A stream or a storage as the directory has it."""

    name: str
    kind: int
    before: int
    behind: int
    below: int
    start: int
    size: int

    @property
    def is_stream(self) -> bool:
        """Whether it holds bytes, and not further entries."""
        return self.kind == _STREAM


class Ole:
    """A compound file that is open."""

    def __init__(self, data: bytes) -> None:
        """Raises DumpError where it is cut or damaged."""
        if len(data) < _HEADER_BYTES or not data.startswith(SIGNATURE):
            raise damaged("its header is missing")
        self._data = data
        version, _, shift = struct.unpack_from("<3H", data, 26)
        self._size = 1 << shift if shift in (9, 12) else 512
        tables, directory, _, least, minis, _, more = struct.unpack_from("<2I I I I I I", data, 44)
        self._large_bytes, self._is_short = least or _LARGE_BYTES, version < 4
        most = len(data) // self._size * 4 // self._size + 1
        self._table = self._numbers(self._tables(more, min(tables or most, most)))
        self._entries = list(self._read_directory(directory))
        self._minis = self._numbers(self._chain(minis)) if minis < _TABLE else array("I")
        self._left = len(data)
        self._listed = {0}

    def names(self) -> frozenset[str]:
        """The names of what stands at its top, and not within something that is embedded."""
        return frozenset(self.top)

    @cached_property
    def top(self) -> dict[str, Entry]:
        """What stands at its top, by name."""
        return self.within(self._entries[0]) if self._entries else {}

    def within(self, storage: Entry) -> dict[str, Entry]:
        """What stands in a storage, by name. Ask once for each.

        Raises DumpError where some of it stands in another one, too.
        """
        return {entry.name: entry for entry in self._tree(storage.below)}

    def stream(self, *names: str) -> bytes:
        """The bytes of the first of these streams that it has at its top. Raises DumpError where it has none, or where
        the stream is cut."""
        found = next((self.top[name] for name in names if name in self.top and self.top[name].is_stream), None)
        if found is None:
            raise damaged(f"no {' or '.join(names)} is in it")
        return self.read(found)

    def read(self, stream: Entry) -> bytes:
        """The bytes of a stream. Raises DumpError where it is cut, or the streams hold more than the file."""
        if stream.size > self._left:
            raise damaged(f"its {stream.name} is said to have {stream.size:,} bytes, more than there are")
        self._left -= stream.size
        if stream.size < self._large_bytes:
            places = self._chain(stream.start, self._minis, -(-stream.size // _MINI_BYTES))
            data = b"".join(self._pieces[at * _MINI_BYTES : (at + 1) * _MINI_BYTES] for at in places)
        else:
            data = self._joined(self._chain(stream.start, self._table, -(-stream.size // self._size)))
        if len(data) < stream.size:
            raise damaged(f"it ends after {len(data):,} of {stream.size:,} bytes of its {stream.name}")
        return data[: stream.size]

    @cached_property
    def _pieces(self) -> bytes:
        """What short streams are kept in."""
        return self._joined(self._chain(self._entries[0].start))

    def _tree(self, below: int) -> Iterator[Entry]:
        """The entries of a storage, which form a tree."""
        waiting, seen = [below], set[int]()
        while waiting:
            at = waiting.pop()
            if at < len(self._entries) and at not in seen:
                if at in self._listed:
                    raise damaged("its storages go in a circle")
                seen.add(at)
                self._listed.add(at)
                entry = self._entries[at]
                yield entry
                waiting += [entry.before, entry.behind]

    def _read_directory(self, start: int) -> Iterator[Entry]:
        data = self._joined(self._chain(start))
        for at in range(0, len(data) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
            length, kind = struct.unpack_from("<HB", data, at + 64)
            name = data[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
            before, behind, below = struct.unpack_from("<3I", data, at + 68)
            first, size, high = struct.unpack_from("<3I", data, at + 116)
            yield Entry(name, kind, before, behind, below, first, size if self._is_short else size | high << 32)

    def _tables(self, more: int, most: int) -> list[int]:
        """The sectors that hold the table of sectors: `most` are as many as a file of this size has."""
        found = [at for at in struct.unpack_from(f"<{_IN_HEADER}I", self._data, 76) if at < _TABLE]
        seen: set[int] = set()
        while more < _TABLE and more not in seen and len(found) < most:
            seen.add(more)
            *places, more = self._numbers([more]) or [_END]
            found += [at for at in places if at < _TABLE]
        return found[:most]

    def _numbers(self, sectors: Sequence[int]) -> array[int]:
        data = self._joined(sectors)
        found = array("I", data[: len(data) // 4 * 4])
        if sys.byteorder == "big":
            found.byteswap()
        return found

    def _chain(self, start: int, table: array[int] | None = None, most: int | None = None) -> list[int]:
        """The sectors of a chain, or `most` of them."""
        links, found = self._table if table is None else table, list[int]()
        while start < len(links) and (most is None or len(found) < most):
            found.append(start)
            if len(found) > len(links):
                raise damaged("its sectors go in a circle")
            start = links[start]
        if most is not None and len(set(found)) < len(found):
            raise damaged("its sectors go in a circle")
        return found

    def _joined(self, sectors: Sequence[int]) -> bytes:
        size = self._size
        return b"".join(self._data[(at + 1) * size : (at + 2) * size] for at in sectors)


def names_in(head: bytes) -> frozenset[str]:
    """The names at the top of a compound file, as far as its first bytes tell."""
    try:
        return Ole(head).names()
    except DumpError:
        return frozenset()


def packed(name: str, data: bytes) -> bytes:
    """A compound file of one stream."""
    size = _PACKED_BYTES
    data += bytes(max(-len(data) % size, _LARGE_BYTES - len(data)))
    sectors = len(data) // size
    tables = -(-(sectors + 2) // (size // 4 - 1))
    pieces, directory = tables + sectors, tables + sectors + 1
    links = [*[_TABLE] * tables, *range(tables + 1, pieces), _END, _END, _END]
    places = [*range(tables), *[_FREE] * (_IN_HEADER - tables)]
    header = struct.pack("<8s16x5H6x9I", SIGNATURE, 62, 4, 0xFFFE, 12, 6, 1, tables, directory, 0, _LARGE_BYTES, _END,
                         0, _END, 0)  # fmt: skip
    entries = (
        _entry("Root Entry", _ROOT, below=1, start=pieces, size=_MINI_BYTES),
        _entry(name, _STREAM, start=tables, size=len(data)),
    )
    return b"".join(
        (
            (header + struct.pack(f"<{_IN_HEADER}I", *places)).ljust(size, b"\0"),
            struct.pack(f"<{len(links)}I", *links).ljust(tables * size, b"\xff"),
            data,
            bytes(size),  # of short streams, which some readers expect
            b"".join(entries).ljust(size, b"\0"),
        )
    )


def _entry(name: str, kind: int, below: int = _FREE, start: int = 0, size: int = 0) -> bytes:
    written = (name + "\0").encode("utf-16-le")
    return struct.pack("<64sH2B3I36xIQ", written, len(written), kind, 1, _FREE, _FREE, below, start, size)


def damaged(what: str) -> DumpError:
    """What to tell of such a file that cannot be opened."""
    return DumpError(f"the old Office or Outlook file is truncated or damaged ({what}); ask for it again")
