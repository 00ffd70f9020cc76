"""CSV and TSV: one article a row; columns are mapped as in `common/columns.py`.

RFC 4180, strictly: a quote counts only where it begins a field, and is doubled inside. One that is not
would swallow articles, so it is an error; nothing is guessed.
Delimiter and quote are the stanza's, else those under which the first rows look most like a table.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, BinaryIO, cast

from etl.formats import HEAD_BYTES
from etl.formats.common.columns import Plan, known, make_plan, record, refuse_missing, refuse_unmapped
from etl.formats.common.encoding import decode_head, sniff, utf8
from etl.formats.common.pieces import Unreadable, guarded
from etl.formats.common.streams import peekable
from etl.model import DumpError, Feed, Piece

DELIMITERS = (",", ";", "\t", "|")
QUOTES = ('"', "'")
VOTING_ROWS = 50
LONGEST_FIELD_CHARACTERS = 16 << 20
LONGEST_LINE_BYTES = 16 << 20

_SEPARATOR = re.compile('"?sep=(.)"?\r?\n')
"""The first line of what Excel writes where the delimiter is not the usual one."""


@dataclass(frozen=True)
class Dialect:
    """How fields are separated."""

    delimiter: str
    quote: str
    """'' where quotes are ordinary characters."""

    @property
    def options(self) -> dict[str, Any]:
        """As Python's csv module takes them."""
        if not self.quote:
            return {"delimiter": self.delimiter, "quoting": csv.QUOTE_NONE}
        return {"delimiter": self.delimiter, "quotechar": self.quote}


@dataclass
class _Lines:
    """The lines of a file as text, remembering those of the record that is being read."""

    stream: BinaryIO
    number: int = 0
    current: list[str] = field(default_factory=list)
    fault: str | None = None

    def __iter__(self) -> Iterator[str]:
        for line in _lines(self.stream):
            self.number += 1
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError as error:
                text = line.decode("utf-8", "backslashreplace")
                self.fault = f"line {self.number} is not UTF-8 at byte {error.start}; set `encoding` of the feed"
            if "\0" in text:
                self.fault = f"line {self.number} holds NUL bytes; ask for the dump again"
            self.current.append(text)
            yield text

    def raw(self) -> bytes:
        """The record that is being read."""
        return "".join(self.current).rstrip("\n").encode("utf-8", "replace")

    def is_empty(self, delimiter: str) -> bool:
        """Whether the record is a line of nothing but delimiters, as spreadsheets write below their tables."""
        return len(self.current) == 1 and self.current[0].strip(delimiter) in ("", "\n")

    def next_record(self) -> None:
        self.current, self.fault = [], None


def recognise(head: bytes, name: str) -> float:
    """By a header with a usual name for a headline or body, over rows of the same number of fields."""
    text = decode_head(head).lstrip("\ufeff")
    if "\0" in text or text.lstrip().startswith("<"):
        return 0.0  # binary, or markup, which may hold a table with many commas
    rows = _rows(_SEPARATOR.sub("", text, count=1) if _SEPARATOR.match(text) else text, _vote(text, Feed("")))
    if not rows or len(rows[0]) < 2 or not known(rows[0])[1]:
        return 0.0
    return 0.8 if _agreement(rows) >= 0.5 else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The number of records, by a scan of quotes, delimiters and line ends alone."""
    lines, dialect = _opened(stream, feed)
    delimiter, quote = dialect.delimiter.encode(), dialect.quote.encode()
    count, is_open = -_names_separator(lines), False
    for line in _lines(lines):
        if is_open or (quote and quote in line):
            is_open = _ends_open(line, is_open, delimiter, quote)
            count += not is_open
        else:
            count += line.strip(delimiter) not in (b"", b"\n")
    return max(count + is_open - feed.has_header, 0)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of a stream. Raises DumpError where one is longer than a row can be."""
    for number, line in enumerate(iter(partial(stream.readline, LONGEST_LINE_BYTES), b""), start=1):
        if len(line) == LONGEST_LINE_BYTES:
            raise DumpError(
                f"line {number} is longer than {LONGEST_LINE_BYTES >> 20} MB, which no article is; "
                "check whether line ends are missing"
            )
        yield line


def _ends_open(line: bytes, is_open: bool, delimiter: bytes, quote: bytes) -> bool:
    """Whether a quoted field is still open at the end of a line."""
    place = 0
    while True:
        if not is_open and line.startswith(quote, place):
            place, is_open = place + 1, True
        while is_open:
            place = line.find(quote, place) + 1
            if not place:
                return True
            if line.startswith(quote, place):  # a doubled quote is a character
                place += 1
            else:
                is_open = False
        place = line.find(delimiter, place) + 1
        if not place:
            return False


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record a row; a Reject for each row whose number of fields is not the header's.

    Raises DumpError where no column is known, one that the stanza names is missing, or a quote is opened and never
    closed.
    """
    csv.field_size_limit(LONGEST_FIELD_CHARACTERS)
    binary, dialect = _opened(stream, feed)
    lines = _Lines(cast(BinaryIO, binary))
    rows = csv.reader(iter(lines), strict=True, **dialect.options)
    if _names_separator(binary):
        next(rows)
        lines.next_record()
    names: list[str] | None = None
    plan: Plan | None = None
    started_at = lines.number + 1
    while (row := _next_row(rows, started_at)) is not None:
        if row and (names is None or plan is None):
            names = row if feed.has_header else [str(number) for number in range(1, len(row) + 1)]
            plan = _plan(names, feed)
            if feed.has_header:
                row = []
        if row and names and plan and not lines.is_empty(dialect.delimiter):
            position = f"line {started_at}"
            yield guarded(partial(_piece, row, names, plan, lines, position), position, lines.raw)
        lines.next_record()
        started_at = lines.number + 1


def _next_row(rows: Iterator[list[str]], started_at: int) -> list[str] | None:
    try:
        return next(rows, None)
    except csv.Error as error:
        raise DumpError(
            f"a quote in the row at line {started_at} is not closed or not doubled ({error}), so it is "
            'unclear where rows end; mend the quote, or set `quote` in the stanza ("" where quotes are mere characters)'
        ) from None


def _piece(row: list[str], names: list[str], plan: Plan, lines: _Lines, position: str) -> Piece:
    if len(row) != len(names):
        raise Unreadable(f"the row has {len(row)} fields; expected {len(names)}: {', '.join(names)[:200]}")
    if lines.fault:
        raise Unreadable(lines.fault)
    return record(plan, row, position)


def _plan(names: list[str], feed: Feed) -> Plan:
    if not feed.has_header and not feed.columns:
        raise DumpError(
            "the stanza says that there is no header; "
            "name the columns by their numbers in it: columns = { headline = 1, body = 2 }"
        )
    refuse_missing(names, feed)
    plan = make_plan(names, feed, by_number=True)
    refuse_unmapped(plan.columns, names, "; where there is no header, also has_header = false")
    return plan


def _opened(stream: BinaryIO, feed: Feed) -> tuple[io.BufferedReader, Dialect]:
    """The stream as UTF-8 with unified line ends, and its dialect."""
    source = peekable(stream)
    codec = sniff(source.peek(HEAD_BYTES)[:HEAD_BYTES], feed.encoding)
    text = utf8(source, codec)
    return text, _vote(text.peek(HEAD_BYTES)[:HEAD_BYTES].decode("utf-8", "ignore"), feed)


def _names_separator(text: io.BufferedReader) -> bool:
    """Whether the first line is not the header, but names the delimiter."""
    return _SEPARATOR.match(text.peek(HEAD_BYTES)[:100].decode("utf-8", "ignore")) is not None


def _vote(head: str, feed: Feed) -> Dialect:
    """The dialect under which the first rows look most like a table: known header, then rows that agree."""
    named = _SEPARATOR.match(head)
    head = head[named.end() :] if named else head
    delimiter = feed.delimiter or (named[1] if named else None)
    delimiters = [delimiter] if delimiter else DELIMITERS
    quotes = QUOTES if feed.quote is None else [feed.quote]
    dialects = [Dialect(delimiter, quote) for delimiter in delimiters for quote in quotes]
    return dialects[0] if len(dialects) == 1 else max(dialects, key=lambda dialect: _merit(_rows(head, dialect)))


def _merit(rows: list[list[str]]) -> tuple[bool, bool, float, int]:
    if not rows or len(rows[0]) < 2:
        return False, False, 0.0, 0
    return known(rows[0])[1], not _leaves_quotes(rows), round(_agreement(rows), 2), len(rows[0])


def _leaves_quotes(rows: list[list[str]]) -> bool:
    """Whether most rows have a field still in quotes: then quotes are not plain characters, even if one is open."""
    wrapped = sum(any(len(f) > 1 and f[0] == f[-1] and f[0] in QUOTES for f in row) for row in rows[1:])
    return 2 * wrapped >= len(rows) > 1


def _agreement(rows: list[list[str]]) -> float:
    """The share of rows with as many fields as the first."""
    return sum(len(row) == len(rows[0]) for row in rows) / len(rows)


def _rows(head: str, dialect: Dialect) -> list[list[str]]:
    """The first rows of a head; the last line may be cut, so it is left out unless it is the only one."""
    lines = head.splitlines(keepends=True)
    whole = lines[:-1] if len(lines) > 1 and not head.endswith("\n") else lines
    reader = csv.reader(whole, **dialect.options)
    rows = []
    try:
        for row in reader:
            if row:
                rows.append(row)
            if len(rows) == VOTING_ROWS:
                break
    except csv.Error:
        return rows
    return rows
