"""A CSV as lines of text, in the dialect that its head shows."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO, NamedTuple

from etl.formats.common.csv_dialect import Dialect, table_of
from etl.formats.common.encoding import head_in, sniff
from etl.formats.common.utf8_stream import from_codec
from etl.model import DumpError, Feed

LONGEST_LINE_BYTES = 16 << 20
LONGEST_NAME = 40
"""Characters of a cell of a header that is not the first."""
MOST_EMPTY = 256
"""So many empty lines are read one by one: more are dearer than a look at what follows them."""
_BLANK = " \t\n"
"""Beside delimiters and quotes, what a line without a value is made of."""
NOT_IN_NAMES = b"\"' \t\r\n"


class Opened(NamedTuple):
    """A dump as UTF-8 with unified line ends."""

    text: io.BufferedReader
    dialect: Dialect
    lines_before: int
    """Lines above the header."""


def opened(stream: BinaryIO, feed: Feed, head: bytes) -> Opened:
    """A dump that begins with `head`, or a stretch of it with its header before it."""
    codec = sniff(head, feed.encoding)
    table = table_of(head_in(head, codec), feed)
    return Opened(from_codec(stream, codec), table.dialect, table.lines_before)


def lines_of(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of a stream, the longest in parts."""
    return iter(partial(stream.readline, LONGEST_LINE_BYTES), b"")


def refuse_endless(line: bytes, number: int) -> None:
    """Raise DumpError where a line is longer than a row can be."""
    if len(line) == LONGEST_LINE_BYTES:
        raise DumpError(
            f"line {number} is longer than {LONGEST_LINE_BYTES >> 20} MB, which no article is; "
            "check whether line ends are missing"
        )


@dataclass
class Lines:
    """The lines of a file as text, remembering those of the record that is being read."""

    stream: io.BufferedReader
    dialect: Dialect
    number: int = 0
    current: list[str] = field(default_factory=list)
    fault: str | None = None
    _before: list[str] = field(default_factory=list)
    _alike: int = 0
    """How many empty lines before were like the last."""

    def __iter__(self) -> Iterator[str]:
        for line in lines_of(self.stream):
            self.number += 1
            refuse_endless(line, self.number)
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError as error:
                text = line.decode("utf-8", "backslashreplace")
                self.fault = (
                    f"line {self.number} is not UTF-8 at byte {error.start}; ask for it again, or, if no line of the "
                    "dump is, set `encoding` of the feed"
                )
            if "\0" in text:
                self.fault = f"line {self.number} holds NUL bytes; ask for the dump again"
            self.current.append(text)
            yield self.dialect.with_lone_escapes(text)

    def raw(self) -> bytes:
        """The record that is being read."""
        return "".join(self.current).rstrip("\n").encode("utf-8", "replace")

    @property
    def is_empty(self) -> bool:
        """Whether the record is a line without any value, as spreadsheets write below their tables."""
        return len(self.current) == 1 and not self.current[0].strip(
            self.dialect.delimiter + self.dialect.quote + _BLANK
        )

    def next_record(self) -> None:
        """Forget the record; after many empty lines that are alike, pass over all others."""
        is_alike = self.current == self._before and self.is_empty
        self._alike = self._alike + 1 if is_alike else 0
        self._before, self.current, self.fault = self.current, [], None
        if self._alike >= MOST_EMPTY:
            self._pass_over(self._before[0].encode())

    def _pass_over(self, line: bytes) -> None:
        """Go on to the first line that is another one."""
        run = re.compile(b"(?:%b)++" % re.escape(line))
        while found := run.match(self.stream.peek()):
            self.number += len(self.stream.read(found.end())) // len(line)
