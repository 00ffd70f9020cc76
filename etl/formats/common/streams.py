"""Streams of bytes: looked at ahead, read chunk by chunk."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO, cast

CHUNK_BYTES = 1 << 20
LOOK_AHEAD_BYTES = 1 << 16


def peekable(stream: BinaryIO) -> io.BufferedReader:
    """`stream`, or a wrapper around it, whose next bytes `peek` shows without consuming them."""
    if isinstance(stream, io.BufferedReader):
        return stream
    return io.BufferedReader(cast(io.RawIOBase, stream), LOOK_AHEAD_BYTES)


def chunks(stream: BinaryIO, size: int | None = None) -> Iterator[bytes]:
    """The bytes of a stream in chunks of at most `size` (CHUNK_BYTES), so that memory stays bounded."""
    return iter(partial(stream.read, size or CHUNK_BYTES), b"")
