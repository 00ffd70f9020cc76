"""Dumps of lines, cut into stretches of whole lines."""

from __future__ import annotations

from typing import BinaryIO

from etl.formats.common.streams import chunks
from etl.model import Range


def ranges_of_lines(stream: BinaryIO, target_bytes: int, beginning: bytes = b"") -> list[Range]:
    """The stretches of about so many bytes, from lines that begin so on; `before` counts the lines before them."""
    found: list[Range] = []
    start = first = at = lines = 0
    before = b""
    for chunk in chunks(stream):
        lines -= before == b"\r" and chunk[:1] == b"\n"  # it was counted
        done = 0
        while (end := chunk.find(b"\n" + beginning, max(done, start + target_bytes - 1 - at)) + 1) > 0:
            lines += count_lines(chunk, done, end)
            found.append(Range(start, at + end, first))
            start, first, done = at + end, lines, end
        lines += count_lines(chunk, done, len(chunk))
        at += len(chunk)
        before = chunk[-1:]
    return [*found, Range(start, at, first)] if at > start else found


def count_lines(data: bytes, start: int, end: int) -> int:
    """How many ends of lines there are: LF, CR or both."""
    feeds = data.count(b"\n", start, end)
    if data.find(b"\r", start, end) < 0:
        return feeds
    return feeds + data.count(b"\r", start, end) - data.count(b"\r\n", start, end)
