"""What stands before JSON, or between its values, and is not JSON: separators of records (RFC 7464), and what servers
write before it so that no page can run it as a script."""

from __future__ import annotations

import io
import re
from typing import Any

_SEPARATOR = b"\x1e"
_GUARD = re.compile(rb"\s*+(?:\)\]\}'?,?|for\s?\(;;\);|while\s?\(1\);)(?=\s*+[\[{])")
_LONGEST_BYTES = 1_000


def without_preamble(stream: io.BufferedReader) -> io.BufferedReader:
    """The stream from its first value on."""
    head = stream.peek(_LONGEST_BYTES)[:_LONGEST_BYTES]
    if head[:1] in (b"{", b"["):
        return stream
    if guard := _GUARD.match(head):
        stream.read(guard.end())
    return io.BufferedReader(_Separated(stream)) if head[:1] == _SEPARATOR else stream


def head_without_preamble(head: bytes) -> bytes:
    """The same of the first bytes of a dump."""
    if head[:1] == _SEPARATOR:
        return head.replace(_SEPARATOR, b"")
    guard = _GUARD.match(head[:_LONGEST_BYTES])
    return head[guard.end() :] if guard else head


class _Separated(io.RawIOBase):
    """A stream without its separators."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while read := self._stream.read(len(buffer)):
            if data := read.replace(_SEPARATOR, b""):
                buffer[: len(data)] = data
                return len(data)
        return 0
