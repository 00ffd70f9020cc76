"""A long JSON text value by value, cut out by brackets and strings: memory holds one value at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from etl.formats.common.streams import CHUNK_BYTES

LIST, OBJECT = b"[", b"{"

_BETWEEN = re.compile(rb"[\s,:]*+")
_SCALAR = re.compile(rb'[^\s,:\[\]{}"]*+')
_REST_OF_STRING = re.compile(rb'[^"]*+("?)')
_TO_BRACKET = re.compile(rb'(?:[^"\[\]{}]++|"[^"]*+")*+([\[\]{}]?)')
_CLOSING = {LIST: b"]", OBJECT: b"}"}


class BrokenOff(Exception):
    """The text ends within a value, or its brackets do not match. The message says what was found."""


class JsonText:
    """A JSON text that is read as it is needed, from the place where one stands; `begun` stands before the stream."""

    def __init__(self, stream: BinaryIO, begun: bytes = b"") -> None:
        self._stream, self._begun, self._at = stream, begun, 0
        self._data = self._plain = b""

    def mark(self) -> bytes:
        """The first byte of what comes next, which may be the end of a list; b"" at the end of the text."""
        while True:
            self._at = _end(_BETWEEN, self._data, self._at)
            if self._at < len(self._data) or not self._more(self._at):
                return self._data[self._at : self._at + 1]

    def inside(self) -> Iterator[bytes]:
        """The first byte of each value of the list or object that comes next; use up each before taking the next.

        In an object names are values, too. Raises BrokenOff.
        """
        closing = _CLOSING[self.mark()]
        self._at += 1
        while (mark := self.mark()) != closing:
            if not mark:
                raise BrokenOff(f"its end is missing, {closing.decode()} expected")
            if mark in _CLOSING.values():
                raise BrokenOff(f"{mark.decode()} closes nothing")
            yield mark
        self._at += 1

    def documents(self) -> Iterator[bytes]:
        """The first byte of each value of the text, of which most have one; use up each before taking the next."""
        while mark := self.mark():
            if mark in _CLOSING.values():
                raise BrokenOff(f"{mark.decode()} closes nothing")
            yield mark

    def whole(self, most_bytes: int) -> bytes | None:
        """The value that comes next, and go on behind it; None, and stay, where it is longer. Raises BrokenOff."""
        return self._cut(most_bytes, stay=True)

    def value(self, most_bytes: int) -> bytes:
        """The value that comes next, cut to a length, and go on behind it. Raises BrokenOff where it has no end."""
        return self._cut(most_bytes, stay=False) or b""

    def _cut(self, most_bytes: int, stay: bool) -> bytes | None:
        is_scalar, in_string = self.mark() not in (LIST, OBJECT, b'"'), self.mark() == b'"'
        kept, start, level = b"", self._at, 0
        self._at += in_string
        while True:
            if is_scalar:
                self._at, bracket = _end(_SCALAR, self._data, self._at), b""
                is_done = self._at < len(self._data)
            else:
                found = (_REST_OF_STRING if in_string else _TO_BRACKET).match(self._plain, self._at)
                self._at, bracket = found.end(), found[1]  # type: ignore[index,union-attr]  # both match nothing, too
                level += {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(bracket, 0)
                in_string = in_string and not bracket
                is_done = bracket != b"" and not level
            if stay and self._at - start > most_bytes:
                self._at = start
                return None
            if is_done:
                return kept or self._data[start : min(self._at, start + most_bytes)]
            if self._at == len(self._data):
                if not stay and (kept or self._at - start >= most_bytes):
                    kept = kept or self._data[start : start + most_bytes]
                    start = self._at
                if not self._more(start):
                    if is_scalar:
                        return kept or self._data[:most_bytes]
                    raise BrokenOff("the text ends within it")
                start = 0
            elif not bracket:  # a string begins whose end is not read yet
                self._at, in_string = self._at + 1, True

    def _more(self, keep_from: int) -> bool:
        """Read on, and forget what stands before a place."""
        chunk, self._begun = self._begun or self._stream.read(CHUNK_BYTES), b""
        if (len(chunk) - len(chunk.rstrip(b"\\"))) % 2:
            chunk += self._stream.read(1)  # the other half of an escape
        self._data, self._at = self._data[keep_from:] + chunk, self._at - keep_from
        # In strings without escapes a quote is an end, and those are found much faster.
        self._plain = self._plain[keep_from:] + chunk.replace(b"\\\\", b"__").replace(b'\\"', b"__")
        return bool(chunk)


def _end(pattern: re.Pattern[bytes], data: bytes, at: int) -> int:
    """Where the match of a pattern ends that matches anywhere, if only nothing."""
    return pattern.match(data, at).end()  # type: ignore[union-attr]
