"""Avro files of invented records, their blocks packed by any codec of the specification."""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import fastavro
import pyarrow as pa
import zstandard

SYNC = b"0123456789abcdef"


def avro(
    schema: dict[str, Any], rows: Sequence[dict[str, Any]], codec: str = "null", rows_a_block: int = 1_000
) -> bytes:
    """A file with these records."""
    written = io.BytesIO()
    parsed = fastavro.parse_schema(schema)
    blocks = []
    for start in range(0, len(rows), rows_a_block):
        data = io.BytesIO()
        for row in rows[start : start + rows_a_block]:
            fastavro.schemaless_writer(data, parsed, row)
        blocks.append((len(rows[start : start + rows_a_block]), data.getvalue()))
    fastavro.writer(written, parsed, [], sync_marker=SYNC)
    header = written.getvalue().replace(b"\x14avro.codec\x08null", b"\x14avro.codec" + _bytes(codec.encode()))
    return header + b"".join(number(count) + _bytes(_PACK[codec](data)) + SYNC for count, data in blocks)


def number(value: int) -> bytes:
    """A number as Avro writes it."""
    value = (value << 1) ^ (value >> 63)
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def _bytes(data: bytes) -> bytes:
    return number(len(data)) + data


def _deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def _snappy(data: bytes) -> bytes:
    return bytes(pa.compress(data, codec="snappy", asbytes=True)) + zlib.crc32(data).to_bytes(4, "big")


_PACK: dict[str, Callable[[bytes], bytes]] = {
    "null": bytes,
    "deflate": _deflate,
    "snappy": _snappy,
    "zstandard": zstandard.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
}
