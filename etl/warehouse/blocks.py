"""The blocks of a DuckDB file, checked against the checksums that DuckDB stores in them, without DuckDB.

DuckDB checks a block only when a query needs it. Here every one is read: headers, tables, metadata and free blocks.
A checksum is the exclusive or of the block's 8-byte words, each multiplied by a constant. So damage within one word is
always found, and wider damage but for a chance of 1 in 2^64; words that changed places within one block are not, nor
is a whole block replaced with an older version of itself.
"""

from __future__ import annotations

import errno
import io
import mmap
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import xor
from pathlib import Path

MAGIC = b"DUCK"
STORAGE_NUMBER = 68
"""The number of opening.STORAGE_VERSION in a file. Files of others are read through DuckDB only."""

HEADER_BYTES = 4096
HEADERS = 3
"""The file's own, and two of the database, of which the one with the higher iteration counts."""

FACTOR = 0xBF58476D1CE4E5B9
SEED = 5381


@dataclass(frozen=True)
class Checked:
    """What was found: the number of blocks that the file should have, and the damaged ones by number.

    A damaged header has a negative number, and then no block was read.
    """

    blocks: int
    damaged: list[int]


def begins_as_duckdb(path: Path) -> bool:
    """Whether the file begins as a DuckDB file does. Raises OSError."""
    with path.open("rb") as file:
        return file.read(12)[8:] == MAGIC


def has_known_layout(path: Path) -> bool:
    """Whether it has the storage version that Broadsheet writes: only those can be checked here. Raises OSError."""
    with path.open("rb") as file:
        return struct.unpack("<Q", file.read(20)[12:].ljust(8, b"\0"))[0] == STORAGE_NUMBER


def check(path: Path) -> Checked:
    """Read every block of a file of the known layout. Raises OSError where the disk cannot read it."""
    with _from_disk(path) as file:
        headers = _headers(file)
        if broken := _broken(headers):
            return Checked(0, broken)
        block_count, block_bytes = _size(max(headers[1:], key=_iteration))
        found = _pieces(file, HEADERS * HEADER_BYTES, block_count, block_bytes)
        damaged = [number for number, block in enumerate(found) if not _is_sound(block, block_bytes)]
    return Checked(block_count, damaged)


def has_sound_headers(path: Path) -> bool:
    """Whether the headers of a file of the known layout can be read: the cheap part of `check`. Raises OSError."""
    with _from_disk(path) as file:
        return not _broken(_headers(file))


def _headers(file: io.FileIO) -> list[bytes]:
    return [bytes(header) for header in _pieces(file, 0, HEADERS, HEADER_BYTES)]


def _broken(headers: list[bytes]) -> list[int]:
    return [number - HEADERS for number, header in enumerate(headers) if not _is_sound(header, HEADER_BYTES)]


def _pieces(file: io.FileIO, start: int, number: int, size: int) -> Iterator[memoryview]:
    """So many pieces of a file, from `start` on; one that the file lacks is shorter. Each overwrites the last one."""
    with memoryview(mmap.mmap(-1, size)) as buffer:
        for place in range(start, start + number * size, size):
            yield buffer[: os.preadv(file.fileno(), [buffer], place)]


def _from_disk(path: Path) -> io.FileIO:
    """The file as it is on the disk, and not as the system remembers it: what reads it needs aligned memory (mmap)."""
    try:
        file = io.FileIO(path, opener=lambda name, flags: os.open(name, flags | os.O_DIRECT))
        os.preadv(file.fileno(), [mmap.mmap(-1, HEADER_BYTES)], 0)  # some file systems say so only now
        return file
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
    file = io.FileIO(path)  # on a file system that cannot do that
    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return file


def _iteration(header: bytes) -> int:
    return int(struct.unpack_from("<Q", header, 8)[0])


def _size(header: bytes) -> tuple[int, int]:
    """The number of blocks, and the bytes of each."""
    block_count, block_bytes = struct.unpack_from("<QQ", header, 32)
    return block_count, block_bytes


def _is_sound(block: bytes | memoryview, size: int) -> bool:
    return len(block) == size and checksum(block) == struct.unpack_from("<Q", block)[0]


def checksum(block: bytes | bytearray | memoryview) -> int:
    """The checksum of a header or block, which begins with the one that is stored."""
    if len(block) <= HEADER_BYTES:  # not worth the import of NumPy, for which a glance would wait
        products = (word * FACTOR for (word,) in struct.iter_unpack("<Q", block[8:]))
        return reduce(xor, products) % 2**64 ^ SEED

    import numpy as np

    return int(np.bitwise_xor.reduce(np.frombuffer(block, "<u8")[1:] * np.uint64(FACTOR))) ^ SEED


def log_of(path: Path) -> Path:
    """The write-ahead log of a DuckDB file; it exists while a writer has the file open, or was killed."""
    return path.with_name(path.name + ".wal")
