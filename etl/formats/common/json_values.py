"""The values of a long JSON text one by one, cut out by brackets and strings: memory holds one of them at a time."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from etl.formats.common.streams import CHUNK_BYTES

Path = tuple[bytes | None, ...]
"""Leads to a list: the names of fields as they are spelled, or None for a place in a list."""

_BETWEEN = re.compile(rb"[\s,:]*+")
_SCALAR = re.compile(rb'[^\s,:\[\]{}"]*+')
_REST_OF_STRING = re.compile(rb'[^"]*+("?)')
_TO_BRACKET = re.compile(rb'(?:[^"\[\]{}]++|"[^"]*+")*+([\[\]{}]?)')
_CLOSING = {b"[": b"]", b"{": b"}"}


class BrokenOff(Exception):
    """The text ends within a value, or its brackets do not match. The message says what was found."""


class FirstList(NamedTuple):
    """Where a text first has an object in a list, and the fields that its outermost object has before that."""

    path: Path
    fields: list[str]


def first_list(head: bytes) -> FirstList | None:
    """The first list with an object in it; None where `head`, which may be cut, has none."""
    bracket = head.find(b"[")
    if bracket < 0 or head.find(b"{", bracket) < 0:
        return None  # without looking further: so are most articles that are a line each
    text = _Text(io.BytesIO(head))
    opened: list[tuple[bytes, bytes | None]] = []
    fields = []
    try:
        while mark := text.mark():
            if mark in _CLOSING.values():
                opened.pop()
                text.pass_bracket()
                continue
            name = None
            if opened and opened[-1][0] == b"{":
                name, mark = text.value(), text.mark()
                if len(opened) == 1:
                    fields.append(name.strip(b'"').decode("utf-8", "replace"))
            if mark == b"{" and opened and opened[-1][0] == b"[":
                return FirstList(tuple(step for _, step in opened[1:]), fields)
            if mark in _CLOSING:
                opened.append((mark, name))
                text.pass_bracket()
            else:
                text.skip()
    except (BrokenOff, IndexError):
        pass
    return None


def values_in(stream: BinaryIO, path: Path | None, longest_bytes: int) -> Iterator[bytes]:
    """The values of the lists at a path, or where it is None, those that stand in a row; each cut to `longest_bytes`.

    Raises BrokenOff.
    """
    text = _Text(stream)
    awaited: list[bytes] = []
    is_over = False
    while mark := text.mark():
        if mark in _CLOSING.values():
            if not awaited or awaited.pop() != mark:
                raise BrokenOff(f"{mark.decode()} closes nothing")
            text.pass_bracket()
            is_over = not awaited
        elif path is None:
            yield text.value(longest_bytes)
        elif is_over:
            raise BrokenOff("another value follows its end")
        elif awaited[-1:] == [b"]"] and len(awaited) == len(path) + 1:
            yield text.value(longest_bytes)
        else:
            name = None
            if awaited[-1:] == [b"}"]:
                name, mark = text.value(longest_bytes), text.mark()
            is_on_path = not awaited or path[len(awaited) - 1 : len(awaited)] == (name,)
            if is_on_path and mark in _CLOSING:
                awaited.append(_CLOSING[mark])
                text.pass_bracket()
            else:
                text.skip()
    if awaited:
        raise BrokenOff(f"its end is missing, {awaited[-1].decode()} expected")


class _Text:
    """A JSON text that is read as it is needed, from the place where one stands."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._at = stream, 0
        self._data = self._plain = b""

    def mark(self) -> bytes:
        """The first byte of what comes next, which may be the end of a list; b"" at the end of the text."""
        while True:
            self._at = _end(_BETWEEN, self._data, self._at)
            if self._at < len(self._data) or not self._more(self._at):
                return self._data[self._at : self._at + 1]

    def pass_bracket(self) -> None:
        """Go on behind the bracket that comes next."""
        self._at += 1

    def skip(self) -> None:
        """Go on behind the value that comes next."""
        self.value(1)

    def value(self, longest_bytes: int = 1 << 62) -> bytes:
        """The value that comes next, cut to a length, and go on behind it. Raises BrokenOff where it has no end."""
        kept, start, level = b"", self._at, 0
        is_scalar, in_string = self.mark() not in (b"[", b"{", b'"'), self.mark() == b'"'
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
            if is_done:
                return kept or self._data[start : min(self._at, start + longest_bytes)]
            if self._at == len(self._data):
                if kept or self._at - start >= longest_bytes:
                    kept = kept or self._data[start : start + longest_bytes]
                    start = self._at
                if not self._more(start):
                    if is_scalar:
                        return kept or self._data[:longest_bytes]
                    raise BrokenOff("the text ends within it")
                start = 0
            elif not bracket:  # a string begins whose end is not read yet
                self._at, in_string = self._at + 1, True

    def _more(self, keep_from: int) -> bool:
        """Read on, and forget what stands before a place."""
        chunk = self._stream.read(CHUNK_BYTES)
        if (len(chunk) - len(chunk.rstrip(b"\\"))) % 2:
            chunk += self._stream.read(1)  # the other half of an escape
        self._data, self._at = self._data[keep_from:] + chunk, self._at - keep_from
        # In strings without escapes a quote is an end, and those are found much faster.
        self._plain = self._plain[keep_from:] + chunk.replace(b"\\\\", b"__").replace(b'\\"', b"__")
        return bool(chunk)


def _end(pattern: re.Pattern[bytes], data: bytes, at: int) -> int:
    """Where the match of a pattern ends that matches anywhere, if only nothing."""
    return pattern.match(data, at).end()  # type: ignore[union-attr]
