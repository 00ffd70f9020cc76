"""The lines of JSON Lines, each one value: whether a text is in such lines, and what is in one."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import orjson

from etl.formats.common.json_text import loads
from etl.formats.common.json_values import OBJECT, BrokenOff, JsonText
from etl.formats.common.pieces import Unreadable
from etl.formats.common.utf8_stream import Head
from etl.model import Reject

LONGEST_LINE_BYTES = 56 << 20
_FIRST_LINES = 20


def are_objects(text: str) -> bool:
    """Whether most lines are objects, except the last one, which may be cut."""
    lines = text.splitlines()[:-1]
    return 2 * sum(line[:1] == "{" and is_container(line.encode()) for line in lines) > len(lines)


def is_container(line: bytes) -> bool:
    """Whether a line is a list or an object."""
    try:
        return isinstance(value_of(line, ""), list | dict)
    except orjson.JSONDecodeError:
        return False


def is_in_lines(head: Head) -> bool:
    """Whether each line of a text is a value, by the first ones. An array that is the only line is not."""
    lines = [line for line in head.text.split(b"\n") if line.strip()]
    if len(lines) > 1 and not head.is_whole:
        del lines[-1]  # it is cut
    if not lines:
        return False
    if len(lines) == 1 or is_container(lines[0]):
        return lines[0].lstrip()[:1] == OBJECT or len(lines) > 1
    first = lines[:_FIRST_LINES]
    if all(line[:1] == OBJECT and len(line.strip()) > 1 for line in first):
        return True
    if lines[0].rstrip()[-1:] in (b"{", b"[", b",", b":"):
        return False
    return 2 * sum(line[:1] == OBJECT or is_container(line) for line in first) >= len(first)


def whole_lines(text: io.BufferedReader) -> Iterator[bytes]:
    """Lines, each cut to the maximum length."""
    while line := text.readline(LONGEST_LINE_BYTES):
        yield line
        while len(line) == LONGEST_LINE_BYTES and not line.endswith(b"\n"):
            line = text.readline(LONGEST_LINE_BYTES)


def objects_in_a_row(line: bytes) -> list[Any]:
    """The objects in a line that holds several without anything between them; none where it holds anything else."""
    text = JsonText(io.BytesIO(line))
    try:
        return [loads(text.value(LONGEST_LINE_BYTES)) if mark == OBJECT else loads(b"") for mark in text.documents()]
    except (BrokenOff, orjson.JSONDecodeError, Unreadable):
        return []


def value_of(data: bytes, position: str) -> Any:
    """The value, perhaps with a comma behind it, as in an array; or a Reject where it is too long or cannot be kept.

    Raises orjson.JSONDecodeError.
    """
    if len(data) >= LONGEST_LINE_BYTES:
        reason = f"it is longer than {LONGEST_LINE_BYTES:,} bytes, which no article is"
        return Reject(position, reason, data[:1_000])
    try:
        return loads(data)
    except orjson.JSONDecodeError:
        if data.rstrip()[-2:] != b"},":
            raise
        return value_of(data.rstrip()[:-1], position)
    except Unreadable as error:
        return Reject(position, str(error), data.rstrip(b"\n"))
