"""A CSV cut into stretches of whole rows, at ends of lines that are in no quotes, without reading the rows.

A quote behind a delimiter or an end of a line, and before neither, opens a field; one before them, but not behind one,
closes it: the last such quote tells whether what follows is in quotes. Two of them are one that is a character. A table
that breaks these rules is refused by its reader, wherever it is cut.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from etl.formats.common.csv_dialect import Dialect
from etl.formats.common.csv_text import LONGEST_LINE_BYTES, LONGEST_NAME
from etl.formats.common.line_ranges import count_lines
from etl.formats.common.utf8_stream import unified
from etl.model import Range

BLOCK_BYTES = 1 << 18
TAIL_BYTES = 1 << 14
"""Of a block: some quote in it most often tells what follows."""
_MARKS_OF_LINE = re.compile(rb"(?:\A|[\r\n])(?:\xef\xbb\xbf)+\Z")
_LONGEST_HEADER = 1 << 14
"""Characters of a header in several lines, before the last of them."""


def ranges_of_rows(
    stream: BinaryIO, target_bytes: int, dialect: Dialect, prologue_bytes: int, is_header: Callable[[str], bool]
) -> list[Range]:
    """Stretches of about so many bytes of a dump in UTF-8, the first with the prologue; `before` counts lines.

    None where a line may be the header of another table, as `is_header` says: what the rows below it mean, the head
    does not tell. None either where a line is longer than any row, or the dialect is not of ASCII.
    """
    if not f"{dialect.delimiter}{dialect.quote}{dialect.escape or ''}".isascii():
        return []
    quotes, header = _Quotes(dialect), _like_headers(dialect)
    begun = "\n"
    found: list[Range] = []
    start = first = at = lines = 0
    wanted, is_open = max(target_bytes, prologue_bytes), False
    for block in _blocks(stream, dialect.escape):
        plain, done = quotes.without_escaped(block), 0
        if not plain.endswith(b"\n") and stream.read(1):
            return []
        text = begun + unified(block).decode("utf-8", "replace")
        if any(is_header(like[1]) for like in header.finditer(text)):
            return []
        for end in quotes.ends_of_rows(plain, is_open) if at + len(block) >= wanted else ():
            if at + end >= wanted:
                lines += count_lines(block, done, end)
                found.append(Range(start, at + end, first, prologue_bytes if start else 0))
                start, first, done = at + end, lines, end
                wanted = start + target_bytes
        lines += count_lines(block, done, len(block))
        is_open = quotes.is_open_after(plain, is_open)
        begun = text[-_LONGEST_HEADER:] if is_open else "\n"
        at += len(block)
    return [*found, Range(start, at, first, prologue_bytes if start else 0)] if at > start else found


def _blocks(stream: BinaryIO, escape: str | None) -> Iterator[bytes]:
    """The bytes of a stream in blocks of whole lines, the last of which does not go on in the next."""
    while block := stream.read(BLOCK_BYTES):
        lines = [block + stream.readline(LONGEST_LINE_BYTES)]
        while escape and _ends_escaped(lines[-1], escape.encode()) and len(lines) < BLOCK_BYTES:
            lines.append(stream.readline(LONGEST_LINE_BYTES))
        yield b"".join(lines)


def _ends_escaped(line: bytes, escape: bytes) -> bool:
    text = line.removesuffix(b"\n").removesuffix(b"\r")
    return (len(text) - len(text.rstrip(escape))) % 2 == 1


def _like_headers(dialect: Dialect) -> re.Pattern[str]:
    """Rows of at least two cells, none empty or longer than a name: what a name is, only the reader knows.

    Any line may begin one, as it is not known which are within quotes.
    """
    delimiter, quote, escape = (re.escape(mark or "") for mark in (dialect.delimiter, dialect.quote, dialect.escape))
    escaped = f"{escape}.|" if escape else ""
    cell = rf"(?:{escaped}[^{delimiter}\n]){{1,{LONGEST_NAME}}}+"
    if quote:
        cell = rf"(?:{quote}(?:{escaped}{quote}{quote}|[^{quote}]){{1,{LONGEST_NAME}}}+{quote}|(?!{quote}){cell})"
    return re.compile(rf"\n(?=({cell}(?:{delimiter}{cell})++)(?:\n|\Z))", re.DOTALL)


class _Quotes:
    """Which ends of lines are within a field."""

    def __init__(self, dialect: Dialect) -> None:
        quote, escape = (re.escape((mark or "").encode()) for mark in (dialect.quote, dialect.escape))
        self._bounds = frozenset((b"", b"\r", b"\n", dialect.delimiter.encode()))
        self._quotes = re.compile(rb"(?:%b)+" % quote) if quote else None
        self._escaped = re.compile(rb"%b(?:\r\n|.)" % escape, re.DOTALL) if escape else None

    def without_escaped(self, block: bytes) -> bytes:
        """A block with letters for what is escaped in it, and for the escapes."""
        return self._escaped.sub(lambda found: b"_" * len(found[0]), block) if self._escaped else block

    def ends_of_rows(self, block: bytes, is_open: bool) -> Iterator[int]:
        """Where rows end in a block that begins within quotes, or not."""
        place = 0
        for start, end, opens in self._turns(block):
            if not is_open:
                yield from _ends_of_lines(block, place, start)
            place, is_open = end, not is_open if opens is None else opens
        if not is_open:
            yield from _ends_of_lines(block, place, len(block))

    def is_open_after(self, block: bytes, is_open: bool) -> bool:
        """Whether a block that begins within quotes, or not, ends within them."""
        tail = block[block.find(b"\n", max(0, len(block) - TAIL_BYTES)) + 1 :]
        turns = [opens for _, _, opens in self._turns(tail)]
        if set(turns) <= {None}:
            turns = [opens for _, _, opens in self._turns(block)]
        for opens in turns:
            is_open = not is_open if opens is None else opens
        return is_open

    def _turns(self, block: bytes) -> Iterator[tuple[int, int, bool | None]]:
        """Where quotes are that open a field or close one, or None: whichever it is."""
        for found in self._quotes.finditer(block) if self._quotes else ():
            start, end = found.span()
            if (end - start) % 2:
                before, after = self._is_behind_bound(block, start), block[end : end + 1] in self._bounds
                if before or after:
                    yield start, end, None if before and after else before

    def _is_behind_bound(self, block: bytes, at: int) -> bool:
        before = block[max(0, at - 1) : at]
        return before in self._bounds or (
            before == b"\xbf" and _MARKS_OF_LINE.search(block, max(0, at - 32), at) is not None
        )


def _ends_of_lines(block: bytes, start: int, end: int) -> Iterator[int]:
    while start := block.find(b"\n", start, end) + 1:
        yield start
