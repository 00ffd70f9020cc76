"""Streams of bytes: looked at ahead, read chunk by chunk."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, BinaryIO, cast

CHUNK_BYTES = 1 << 20
LOOK_AHEAD_BYTES = 1 << 16


def peekable(stream: BinaryIO) -> io.BufferedReader:
    """`stream`, or a wrapper around it, whose next bytes `peek` shows without consuming them."""
    if isinstance(stream, io.BufferedReader):
        return stream
    return io.BufferedReader(cast(io.RawIOBase, stream), LOOK_AHEAD_BYTES)


class _Stretch(io.RawIOBase):
    """The next bytes of a stream, up to so many."""

    def __init__(self, stream: BinaryIO, size_bytes: int) -> None:
        self._stream, self._left_bytes = stream, size_bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(min(len(buffer), self._left_bytes))
        buffer[: len(data)] = data
        self._left_bytes -= len(data)
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


def opened_range(open: Callable[[], BinaryIO], start: int, end: int) -> BinaryIO:
    """What `open` opens, from byte `start` to before `end`."""
    stream = open()
    stream.seek(start)
    return io.BufferedReader(_Stretch(stream, end - start), LOOK_AHEAD_BYTES)


class _Joined(io.RawIOBase):
    """Some bytes, then a stream."""

    def __init__(self, before: bytes, stream: BinaryIO) -> None:
        self._before, self._stream = before, stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._before[: len(buffer)] or self._stream.read(len(buffer))
        self._before = self._before[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)


def joined(before: bytes, stream: BinaryIO) -> BinaryIO:
    """A stream with some bytes before it."""
    return io.BufferedReader(_Joined(before, stream), LOOK_AHEAD_BYTES) if before else stream


def chunks(stream: BinaryIO, size: int | None = None) -> Iterator[bytes]:
    """The bytes of a stream in chunks of at most `size` (CHUNK_BYTES), so that memory stays bounded."""
    return iter(partial(stream.read, size or CHUNK_BYTES), b"")
