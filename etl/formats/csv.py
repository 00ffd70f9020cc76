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
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import BinaryIO, NamedTuple, cast

from etl.formats import HEAD_BYTES
from etl.formats.common.columns import Plan, known, make_plan, record, refuse_missing, refuse_unmapped
from etl.formats.common.csv_dialect import SEPARATOR, Dialect, looks_like_a_table, table_of
from etl.formats.common.csv_other_rows import REMOVED, Header, header_of, is_other
from etl.formats.common.csv_rows import is_total, kind_beside, rows_in
from etl.formats.common.encoding import decode_head, doubts_of_codec, sniff
from etl.formats.common.pieces import Unreadable, guarded
from etl.formats.common.streams import peekable
from etl.formats.common.utf8_stream import utf8
from etl.model import Doubt, DumpError, Feed, Piece, Reject, Skip

LEAST_ACCOUNTED_SHARE = 0.3
"""Much of a row can be what no field holds."""

LONGEST_FIELD_CHARACTERS = 16 << 20
LONGEST_LINE_BYTES = 16 << 20
FEWEST_TOLD_WORDS = 60
"""Of a line before the header."""
_LONGEST_NAME = 40
"""Characters of a cell of a header, or of a row of totals."""
_LONGEST_BESIDE_BYTES = 120
_COUNT_OF_ROWS = re.compile(
    rb"\(?(?:[a-z]{7,8}:? )?[\d.,]+ ?(?:(?:row|record|ligne|fila|linha)s?|row\(s\)|zeilen?|righ[ae]|rijen|wiersz\w?"
    rb"|\xd1\x81\xd1\x82\xd1\x80\xd0\xbe\xd0\xba[\x80-\xff]*)"
    rb"(?: (?:affe|sele|in s|retu|fetc)[^\n]{1,70})?[.)]{0,2}|(?:time taken|completion time): [^\n]+",
    re.IGNORECASE,
)
_NOT_IN_NAMES = b"\"' \t\r\n"


@dataclass
class _Lines:
    """The lines of a file as text, remembering those of the record that is being read."""

    stream: BinaryIO
    dialect: Dialect
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

    def is_empty(self, delimiter: str) -> bool:
        """Whether the record is a line of nothing but delimiters, as spreadsheets write below their tables."""
        return len(self.current) == 1 and self.current[0].strip(delimiter) in ("", "\n")

    def next_record(self) -> None:
        self.current, self.fault = [], None


def recognise(head: bytes, name: str) -> float:
    """By a header with a usual name for a headline or body, over rows of the same number of fields."""
    text = decode_head(head)
    if "\0" in text or text.lstrip().startswith(("<", '{"', '[{"')):
        return 0.0  # binary; or markup or JSON, which may hold many commas
    return 0.8 if looks_like_a_table(table_of(text, Feed(""))) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The number of records, by a scan of quotes, delimiters and line ends alone, without those that are the header
    again."""
    lines, dialect, lines_before = _opened(stream, feed)
    delimiter, quote = dialect.delimiter.encode(), dialect.quote.encode()
    escaped = re.compile(re.escape(dialect.escape.encode()) + b".", re.DOTALL) if dialect.escape else None
    count, is_open, header, held = 0, False, b"", b""
    columns = Header(0, None)
    longest_header = LONGEST_LINE_BYTES
    for line in islice(_lines(lines), lines_before, None):
        plain = escaped.sub(b"__", line) if escaped else line
        if is_open or (quote and quote in plain):
            is_open = _ends_open(plain, is_open, delimiter, quote)
        elif plain.strip(delimiter) in (b"", b"\n") or (not held and _is_beside(plain, delimiter)):
            continue
        if is_open or (escaped and line.endswith(b"\n") and not plain.endswith(b"\n")):
            held += line[: longest_header + 1 - len(held)]
            continue
        if header and (columns.kind is not None or REMOVED in line):
            row = held + (plain if escaped else line)
            if is_other(row, columns, delimiter, quote):
                held = b""
                continue
        if len(held) + len(line) > longest_header:
            count += 1
        else:
            names = (held + line).translate(None, _NOT_IN_NAMES).lower()
            if not header:
                header, longest_header = names, 2 * len(held + line) + 100
                columns = header_of(held + line, delimiter, quote)
                if columns.kind is not None and feed.has_header:
                    longest_header = LONGEST_LINE_BYTES
                count += not feed.has_header
            else:
                count += names != header or not feed.has_header
        held = b""
    return count + bool(held)


def _is_beside(line: bytes, delimiter: bytes) -> bool:
    """Whether a line is a rule, or the number of the rows, as programs of databases write them around a table."""
    if len(line) > _LONGEST_BESIDE_BYTES and not line.startswith((b"-", b"=", b"|", b":")):
        return False
    if not line.strip(delimiter + b'-=+: \n"'):
        return b"--" in line or b"==" in line
    text = line.strip(delimiter + b' \n"')
    return delimiter not in text and _COUNT_OF_ROWS.fullmatch(text) is not None


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
    """A record a row; a Reject for each row whose number of fields is not the header's, and for totals; a Skip for each
    line before the header, and for a header that comes again.

    Raises DumpError where no column is known, one that the stanza names is missing, or a quote is opened and never
    closed.
    """
    csv.field_size_limit(LONGEST_FIELD_CHARACTERS)
    stream = peekable(stream)
    yield from doubts_of_codec(stream.peek(HEAD_BYTES)[:HEAD_BYTES], feed.encoding)
    text, dialect, lines_before = _opened(stream, feed)
    lines = _Lines(cast(BinaryIO, text), dialect)
    source = iter(lines)
    for line in islice(source, lines_before):
        if line.strip() and not SEPARATOR.fullmatch(line):
            yield Skip(f"line {lines.number}", "line before the header", line.strip())
            if len(line.split()) >= FEWEST_TOLD_WORDS:
                yield Doubt(f"line {lines.number} is before the header, but as long as an article; see if it is one")
    lines.next_record()
    rows = csv.reader(source, strict=True, **dialect.options)
    names: list[str] | None = None
    plan: Plan | None = None
    started_at = lines.number + 1
    while (row := _next_row(rows, started_at)) is not None:
        position = f"line {started_at}"
        if row and (names is None or plan is None):
            names = row if feed.has_header else [str(number) for number in range(1, len(row) + 1)]
            plan = _plan(names, feed)
            if feed.has_header:
                row = []
        if row and names and plan and not lines.is_empty(dialect.delimiter):
            header = _header_again(row, names) if feed.has_header else None
            if kind := kind_beside(row):
                yield Skip(position, kind, dialect.delimiter.join(row))
            elif header == names:
                yield Skip(position, "repeated header", dialect.delimiter.join(row))
            elif header:
                names, plan = header, _plan(header, feed)
                reason = (
                    f"is the header of another table, with {', '.join(row)[:200]}; the rows below it are read by it"
                )
                yield Reject(position, reason, lines.raw())
            else:
                yield guarded(partial(_piece, row, names, plan, lines, position), position, lines.raw)
        lines.next_record()
        started_at = lines.number + 1


def _header_again(row: list[str], names: list[str]) -> list[str] | None:
    """The names of the columns where a row is a header: the same one again, or that of another table."""
    if max(map(len, row)) > _LONGEST_NAME and row != names:
        return None
    if [_bare(cell) for cell in row] == [_bare(name) for name in names]:
        return names
    number, has_article = known(row)
    return row if has_article and 1 < number == len(row) else None


def _bare(cell: str) -> str:
    return cell.encode().translate(None, _NOT_IN_NAMES).lower().decode()


def _next_row(rows: Iterator[list[str]], started_at: int) -> list[str] | None:
    try:
        return next(rows, None)
    except csv.Error as error:
        raise DumpError(
            f"a quote in the row at line {started_at} is not closed or not doubled ({error}), so it is "
            'unclear where rows end; mend the quote, or set in the stanza `quote` ("" where quotes are mere letters) '
            "or `escape` (a character such as a backslash that stands before a quote)"
        ) from None


def _piece(row: list[str], names: list[str], plan: Plan, lines: _Lines, position: str) -> Piece:
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


class _Opened(NamedTuple):
    """A dump as UTF-8 with unified line ends."""

    text: io.BufferedReader
    dialect: Dialect
    lines_before: int
    """Lines above the header."""


def _opened(stream: BinaryIO, feed: Feed) -> _Opened:
    source = peekable(stream)
    codec = sniff(source.peek(HEAD_BYTES)[:HEAD_BYTES], feed.encoding)
    text = utf8(source, codec)
    table = table_of(text.peek(HEAD_BYTES)[:HEAD_BYTES].decode("utf-8", "ignore"), feed)
    return _Opened(text, table.dialect, table.lines_before)
