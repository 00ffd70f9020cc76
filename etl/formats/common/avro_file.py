"""An Avro file as a container: its header, and its blocks of records, unpacked in bounded memory.

Layout (Apache Avro, "Object Container Files"): `Obj` and 1; a map with `avro.schema` and `avro.codec`; 16 bytes that
end each block. A block: the number of its records, of its bytes, and these. Numbers are zigzag and of variable length.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, NamedTuple

import pyarrow as pa
import zstandard

from etl.model import DumpError

MAGIC = b"Obj\x01"
LIMIT_BLOCK_BYTES = 16 << 20
LIMIT_HEADER_BYTES = 4 << 20
_ENTRY_BYTES = 64
"""What an entry of the header costs, even an empty one."""
_SYNC_BYTES = 16
_LONGEST_NUMBER_BYTES = 10


class Header(NamedTuple):
    """What a file says of itself: its schema as JSON, how blocks are packed, what ends each."""

    schema: bytes
    codec: str
    sync: bytes


class Block(NamedTuple):
    """A block: the number of records that it states, and its bytes as they are packed."""

    records: int
    packed: bytes


def header_of(stream: BinaryIO) -> Header:
    """The header, after which the stream stands. Raises DumpError."""
    if _exactly(stream, len(MAGIC)) != MAGIC:
        raise DumpError("is not an Avro file; ask for it again")
    facts: dict[bytes, bytes] = {}
    left = LIMIT_HEADER_BYTES
    while entries := number(stream):
        if entries < 0:
            entries = -entries
            number(stream)  # how many bytes they take
        for _ in range(entries):
            name, value = (_exactly(stream, _size(stream, left)) for _ in range(2))
            left -= len(name) + len(value) + _ENTRY_BYTES
            if left < 0:
                raise DumpError(f"has a header of more than {LIMIT_HEADER_BYTES >> 20} MB; it is damaged")
            facts[name] = value
    codec = facts.get(b"avro.codec", b"null").decode("utf-8", "replace") or "null"
    return Header(facts.get(b"avro.schema", b""), codec, _exactly(stream, _SYNC_BYTES))


def blocks(stream: BinaryIO, sync: bytes) -> Iterator[Block]:
    """The blocks behind the header. Raises DumpError where one is cut off, damaged or larger than it can be."""
    while (records := number(stream, may_end=True)) is not None:
        packed = _exactly(stream, _size(stream, LIMIT_BLOCK_BYTES))
        if records < 0 or _exactly(stream, _SYNC_BYTES) != sync:
            raise _damaged()
        yield Block(records, packed)


def number(stream: BinaryIO, may_end: bool = False) -> int | None:
    """The next number; None at the end of the file where that may be."""
    value = 0
    for place in range(_LONGEST_NUMBER_BYTES):
        byte = stream.read(1)
        if not byte:
            if may_end and not place:
                return None
            raise _damaged()
        value |= (byte[0] & 0x7F) << (7 * place)
        if byte[0] < 0x80:
            return (value >> 1) ^ -(value & 1)
    raise _damaged()


def unpacked(packed: bytes, codec: str) -> bytes:
    """The bytes of a block. Raises DumpError where they are damaged, or too many, or the codec is not known."""
    if codec not in _CODECS:
        raise DumpError(f"is packed by {codec!r}; expected one of {', '.join(_CODECS)}; write it again")
    try:
        data = _CODECS[codec](packed)
    except (zlib.error, lzma.LZMAError, zstandard.ZstdError, pa.ArrowException, OSError, ValueError) as error:
        raise DumpError(f"a block cannot be unpacked ({error}); ask for it again") from None
    if len(data) > LIMIT_BLOCK_BYTES:
        raise DumpError(f"a block unpacks to more than {LIMIT_BLOCK_BYTES >> 20} MB; write it in smaller blocks")
    return data


def _size(stream: BinaryIO, most: int) -> int:
    size = number(stream) or 0
    if not 0 <= size <= most:
        raise DumpError(
            f"has a block or name of {size:,} bytes; the limit is {most:,}; it is damaged, or cannot be read"
        )
    return size


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = b""
    while len(data) < size and (more := stream.read(size - len(data))):
        data += more
    if len(data) < size:
        raise _damaged()
    return data


def _damaged() -> DumpError:
    return DumpError("the Avro file is truncated or damaged; ask for it again")


def _snappy(packed: bytes) -> bytes:
    """Snappy, with a checksum of four bytes behind; it begins with the number of bytes that come out."""
    size = shift = 0
    for byte in packed[:5]:
        size |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    if size > LIMIT_BLOCK_BYTES:
        return bytes(LIMIT_BLOCK_BYTES + 1)
    data = pa.decompress(packed[:-4], decompressed_size=size, codec="snappy", asbytes=True)
    if zlib.crc32(data) != int.from_bytes(packed[-4:], "big"):
        raise ValueError("its checksum is wrong")
    return bytes(data)


def _zstandard(packed: bytes) -> bytes:
    with zstandard.ZstdDecompressor(max_window_size=LIMIT_BLOCK_BYTES).stream_reader(packed) as stream:
        return stream.read(LIMIT_BLOCK_BYTES + 1)


def _by(unpacker: Any, packed: bytes) -> bytes:
    data = unpacker.decompress(packed, LIMIT_BLOCK_BYTES + 1)
    if not unpacker.eof and len(data) <= LIMIT_BLOCK_BYTES:
        raise ValueError("it is cut off")
    return bytes(data)


_CODECS: dict[str, Callable[[bytes], bytes]] = {
    "null": bytes,
    "deflate": lambda packed: _by(zlib.decompressobj(-zlib.MAX_WBITS), packed),
    "snappy": _snappy,
    "zstandard": _zstandard,
    "bzip2": lambda packed: _by(bz2.BZ2Decompressor(), packed),
    "xz": lambda packed: _by(lzma.LZMADecompressor(memlimit=4 * LIMIT_BLOCK_BYTES), packed),
}
"""Those of the specification."""
