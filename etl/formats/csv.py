"""CSV and TSV: one article a row; columns are mapped as in `common/columns.py`.

RFC 4180, strictly: a quote counts only where it begins a field, and is doubled inside, or stands behind a backslash
where the first rows or the stanza show that (Spark, MySQL). One that is neither would swallow articles, so it is an
error; nothing is guessed. Delimiter and quote are the stanza's, else those under which the first rows look most like a
table. What stands above the header, and a header that comes again, is skipped; a row of totals is no article.
"""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import BinaryIO

from etl.formats import HEAD_BYTES
from etl.formats.common.columns import Plan, known, make_plan, record, refuse_missing, refuse_unmapped
from etl.formats.common.csv_dialect import SEPARATOR, is_framed, looks_like_a_table, table_of
from etl.formats.common.csv_marks import count_rows
from etl.formats.common.csv_ranges import ranges_of_rows
from etl.formats.common.csv_rows import is_total, kind_beside, rows_in
from etl.formats.common.csv_text import LONGEST_NAME, NOT_IN_NAMES, Lines, opened
from etl.formats.common.encoding import bom_codec, decode_head, doubts_of_codec, is_utf8_codec, sniff
from etl.formats.common.pieces import Unreadable, guarded
from etl.formats.common.streams import peekable
from etl.formats.common.usual_names import is_usual
from etl.model import Doubt, DumpError, Feed, Piece, Range, Reject, Skip

LEAST_ACCOUNTED_SHARE = 0.3
"""Much of a row can be what no field holds."""

LONGEST_FIELD_CHARACTERS = 16 << 20
FEWEST_TOLD_WORDS = 60
"""Of a line before the header."""
_DELIMITED = re.compile(rb"[^\r\n\0,;\t|]{1,200}[,;\t|]")
_END_OF_LINE = re.compile(rb"\r\n?|\n")


def recognise(head: bytes, name: str) -> float:
    """By a header with a usual name for a headline or body, over rows of the same number of fields."""
    text = decode_head(head)
    if "\0" in text or text.lstrip().startswith(("<", '{"', '[{"')):
        return 0.0  # binary; or markup or JSON, which may hold many commas
    return 0.8 if looks_like_a_table(table_of(text, Feed(""))) else 0.0


def frames(head: bytes) -> bool:
    """Whether the first line is a header with two usual names, over rows that are nearly all as long."""
    if not bom_codec(head) and not _DELIMITED.match(head):
        return False
    return recognise(head, "") > 0 and is_framed(table_of(decode_head(head), Feed("")))


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The number of records, by a scan of quotes, delimiters and line ends alone, without those that are the header
    again."""
    source = peekable(stream)
    return count_rows(opened(source, feed, source.peek(HEAD_BYTES)[:HEAD_BYTES]), feed)


def count_marks_in_range(stream: BinaryIO, feed: Feed, head: bytes, before: int) -> int:
    """The same of some rows, with the header above them, or where there is none, with the first row of all."""
    is_first_again = before > 0 and not feed.has_header
    return count_rows(opened(stream, feed, head[:HEAD_BYTES]), feed) - is_first_again


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record a row; a Reject for each row whose number of fields is not the header's, and for totals; a Skip for each
    line before the header, and for a header that comes again.

    Raises DumpError where no column is known, one that the stanza names is missing, or a quote is opened and never
    closed.
    """
    source = peekable(stream)
    return read_range(source, feed, source.peek(HEAD_BYTES), 0)


def ranges(stream: BinaryIO, feed: Feed, target_bytes: int) -> list[Range]:
    """Stretches of whole rows of a dump in UTF-8 with one header: in another codec a fault is told by its place in all
    of the dump, and another header changes what the rows below it mean."""
    source = peekable(stream)
    head = source.peek(HEAD_BYTES)[:HEAD_BYTES]
    table = _Table(io.BytesIO(head), feed, head)
    table.skip_above()
    row = table.first_row()
    ends = [end.end() for end in islice(_END_OF_LINE.finditer(head), table.lines.number)]
    is_whole = len(ends) == table.lines.number and ends and ends[-1] < len(head)
    if not is_whole or not is_utf8_codec(sniff(head, feed.encoding)) or (row and table.is_beside(row)):
        return []
    return ranges_of_rows(source, target_bytes, table.dialect, ends[-1], table.has_other_names)


def read_range(stream: BinaryIO, feed: Feed, head: bytes, before: int) -> Iterator[Piece]:
    """What `read` yields of some rows, with `before` lines before them and `head` as the beginning of all."""
    head = head[:HEAD_BYTES]
    if not before:
        yield from doubts_of_codec(head, feed.encoding)
    table = _Table(stream, feed, head)
    if before:
        table.skip_above()
        table.first_row()
        table.lines.number = before
        yield from table.rows([])
    else:
        yield from table.above()
        yield from table.rows(table.first_row())


class _Table:
    """Reads the rows of a dump, or of a stretch of it with the header above."""

    _plan: Plan

    def __init__(self, stream: BinaryIO, feed: Feed, head: bytes) -> None:
        csv.field_size_limit(LONGEST_FIELD_CHARACTERS)
        text, self.dialect, self._lines_above = opened(stream, feed, head)
        self._feed, self.lines = feed, Lines(text, self.dialect)
        self._source = iter(self.lines)
        self._rows = csv.reader(self._source, strict=True, **self.dialect.options)
        self._started_at = 1
        self._names: list[str] = []

    def above(self) -> Iterator[Piece]:
        """What stands above the header."""
        for line in islice(self._source, self._lines_above):
            position = f"line {self.lines.number}"
            if line.strip() and not SEPARATOR.fullmatch(line):
                yield Skip(position, "line before the header", line.strip())
                if len(line.split()) >= FEWEST_TOLD_WORDS:
                    yield Doubt(f"{position} is before the header, but as long as an article; see if it is one")

    def skip_above(self) -> None:
        """Go on to the header."""
        deque(self.above(), maxlen=0)

    def first_row(self) -> list[str] | None:
        """The first row that is not blank, by which the columns are named: [] if it is a header, None without any."""
        while (row := self._next_row()) is not None:
            if row:
                self._name(row if self._feed.has_header else [str(number) for number in range(1, len(row) + 1)])
                return [] if self._feed.has_header else row
        return None

    def rows(self, row: list[str] | None) -> Iterator[Piece]:
        """What each row is, from one on."""
        while row is not None:
            if row and not self.lines.is_empty:
                yield self._of(row, f"line {self._started_at}")
            row = self._next_row()

    def is_beside(self, row: list[str]) -> bool:
        """Whether a row is blank, or one that a program of a database writes around a table."""
        return self.lines.is_empty or kind_beside(row) is not None

    def has_other_names(self, text: str) -> bool:
        """Whether a row, perhaps of several lines, is the header of another table."""
        lines = map(self.dialect.with_lone_escapes, io.StringIO(text, newline="\n"))
        row = next(csv.reader(lines, **self.dialect.options), [])
        is_header = self._feed.has_header and bool(row) and all(map(is_usual, row))  # most are told by their first cell
        return is_header and _header_again(row, self._names) not in (None, self._names)

    def _name(self, names: list[str]) -> None:
        self._names, self._plan = names, _plan(names, self._feed)

    def _next_row(self) -> list[str] | None:
        self.lines.next_record()
        self._started_at = self.lines.number + 1
        try:
            return next(self._rows, None)
        except csv.Error as error:
            raise DumpError(
                f"a quote in the row at line {self._started_at} is not closed or not doubled ({error}), so it is "
                'unclear where rows end; mend the quote, or set in the stanza `quote` ("" where quotes are mere '
                "letters) or `escape` (a character such as a backslash that stands before a quote)"
            ) from None

    def _of(self, row: list[str], position: str) -> Piece:
        header = _header_again(row, self._names) if self._feed.has_header else None
        if kind := kind_beside(row):
            return Skip(position, kind, self.dialect.delimiter.join(row))
        if header == self._names:
            return Skip(position, "repeated header", self.dialect.delimiter.join(row))
        if header:
            self._name(header)
            reason = f"is the header of another table, with {', '.join(row)[:200]}; the rows below it are read by it"
            return Reject(position, reason, self.lines.raw())
        make = partial(_piece, row, self._names, self._plan, self.lines, position)
        return guarded(make, position, self.lines.raw)


def _header_again(row: list[str], names: list[str]) -> list[str] | None:
    """The names of the columns where a row is a header: the same one again, or that of another table."""
    if max(map(len, row)) > LONGEST_NAME and row != names:
        return None
    if [_bare(cell) for cell in row] == [_bare(name) for name in names]:
        return names
    number, has_article = known(row)
    return row if has_article and 1 < number == len(row) else None


def _bare(cell: str) -> str:
    return cell.encode().translate(None, NOT_IN_NAMES).lower().decode()


def _piece(row: list[str], names: list[str], plan: Plan, lines: Lines, position: str) -> Piece:
    if len(row) != len(names):
        raise Unreadable(f"the row has {len(row)} fields; expected {len(names)}: {', '.join(names)[:200]}")
    if lines.fault:
        raise Unreadable(lines.fault)
    if swallowed := sum(rows_in(field, row, lines.dialect.delimiter) for field in row if "\n" in field):
        raise Unreadable(
            f"a quote is not closed where it should be: a field holds {swallowed:,} lines that look like rows; mend "
            "the quote, or set `quote` or `escape` in the stanza"
        )
    if is_total(row):
        raise Unreadable(f"is a row of totals ({', '.join(filter(None, row))}), not an article")
    if lines.dialect.spells_ends:
        row = [lines.dialect.field(cell) for cell in row]
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
