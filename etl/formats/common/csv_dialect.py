"""How a CSV separates its fields, and where its header stands: told by its first rows."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from etl.formats.common.stanza_columns import required_columns, without_found
from etl.formats.common.usual_names import known
from etl.model import Feed

DELIMITERS = (",", ";", "\t", "|")
QUOTES = ('"', "'")
BACKSLASH = "\\"
VOTING_ROWS = 50
MOST_BEFORE_HEADER = 30
"""Rows of a title and of notes that an export may begin with."""

_SPELT = re.compile(r"\\(.)", re.DOTALL)
_SPELLINGS = {"n": "\n", "t": "\t", "r": "\r", "0": "", "b": " ", "f": " ", "v": " ", "N": "\\N"}
_FEWEST_SPELT = 2
_FEWEST_NAMES, _LEAST_FRAMED = 2, 0.9
"""Usual names, and rows as long as their header, by which a table is surely one whatever its cells hold."""

SEPARATOR = re.compile('"?sep=(.)"?\r?\n')
"""The first line of what Excel writes where the delimiter is not the usual one."""


@dataclass(frozen=True)
class Dialect:
    """How fields are separated."""

    delimiter: str
    quote: str
    """'' where quotes are ordinary characters."""
    escape: str | None = None
    """What stands before a quote, a delimiter or a line end that is an ordinary character."""
    spells_ends: bool = False
    """Whether `\\n` and `\\t` stand for the ends of lines and tabs in fields without quotes, as `mysql --batch` and
    PostgreSQL's COPY write them."""

    @property
    def options(self) -> dict[str, Any]:
        """As Python's csv module takes them."""
        quoting: dict[str, Any] = {"quotechar": self.quote} if self.quote else {"quoting": csv.QUOTE_NONE}
        return {"delimiter": self.delimiter, "escapechar": self.escape, **quoting}

    def field(self, written: str) -> str:
        """A field without what is spelt in it."""
        if not self.spells_ends or BACKSLASH not in written:
            return written
        return "" if written == "\\N" else _SPELT.sub(lambda found: _SPELLINGS.get(found[1], found[1]), written)

    def with_lone_escapes(self, line: str) -> str:
        """A line in which an escape before anything else is an ordinary character: `\\N`, `C:\\new`."""
        if self.escape is None or self.escape not in line:
            return line
        escape = re.escape(self.escape)
        special = "".join(map(re.escape, (self.escape, self.quote, self.delimiter, "\r", "\n")))
        return re.sub(rf"({escape}[{special}])|{escape}", lambda found: found[1] or found[0] * 2, line)


class Table(NamedTuple):
    """A dialect, and how many lines stand before the header."""

    dialect: Dialect
    lines_before: int
    rows: list[list[str]]
    """The first rows, from the header on."""


class _Row(NamedTuple):
    fields: list[str]
    lines_before: int


def table_of(head: str, feed: Feed) -> Table:
    """The table that the beginning of a text is, under the dialect by which it looks most like one: a known header,
    then rows that agree."""
    named = SEPARATOR.match(head)
    delimiter = feed.delimiter or (named[1] if named else None)
    text = head[named.end() :] if named else head
    quotes = _quotes_in(text) if feed.quote is None else [feed.quote]
    delimiters = [delimiter] if delimiter else _delimiters_in(text)
    tables = [_table(text, Dialect(mark, quote, feed.escape), feed) for mark in delimiters for quote in quotes]
    table = tables[0] if len(tables) == 1 else max(tables, key=_merit)
    if feed.quote in (None, "") and feed.escape in (None, BACKSLASH) and BACKSLASH in text:
        spelt = _table(text, Dialect(table.dialect.delimiter, "", spells_ends=True), feed)
        table = spelt if _spells_ends(text, spelt) else table
    return table._replace(lines_before=table.lines_before + (named is not None))


def _delimiters_in(text: str) -> list[str]:
    """The first delimiter, by which a text without any is one column, and the others that stand in the text."""
    return [mark for mark in DELIMITERS if mark == DELIMITERS[0] or mark in text]


def _quotes_in(text: str) -> list[str]:
    """The quotes by which a text is read differently."""
    return [quote for quote in QUOTES if quote == QUOTES[0] or any(mark in text for mark in QUOTES)]


def _table(head: str, dialect: Dialect, feed: Feed) -> Table:
    rows = list(_rows(head, dialect))
    if dialect.escape is None and dialect.quote and BACKSLASH + dialect.quote in head:
        rows, dialect = _escaped(head, dialect, rows)
    at = _header_at([row.fields for row in rows], feed)
    return Table(dialect, rows[at].lines_before if at else 0, [row.fields for row in rows[at:]])


def _escaped(head: str, dialect: Dialect, rows: list[_Row]) -> tuple[list[_Row], Dialect]:
    """The rows and dialect with a backslash as escape, as Spark and MySQL write it, where each quote has its place with
    it and not without it."""
    escaped = replace(dialect, escape=BACKSLASH)
    others = list(_rows(head, escaped))
    agree = len(others) > 1 and len({len(row.fields) for row in others}) == 1
    is_strict = list(_rows(head, escaped, is_strict=True)) == others
    if agree and is_strict and list(_rows(head, dialect, is_strict=True)) != rows:
        return others, escaped
    return rows, dialect


def _spells_ends(head: str, table: Table) -> bool:
    """Whether all rows of a head agree without quotes, and all backslashes in it spell something, most the end of a
    line: then no quote and no backslash is one."""
    spelt = Counter(_SPELT.findall(head[:-1]))
    if spelt["n"] + spelt["t"] < _FEWEST_SPELT or not spelt.keys() <= {*_SPELLINGS, BACKSLASH}:
        return False
    wrapped = any(len(f) > 1 and f[0] == f[-1] and f[0] in QUOTES for row in table.rows for f in row)
    is_quoted = _leaves_quotes(table.rows) if table.dialect.delimiter == "\t" else wrapped
    return len(table.rows) > 1 and _agreement(table.rows) == 1 and not is_quoted


def _header_at(rows: list[list[str]], feed: Feed) -> int:
    """Which row is the header: the first, unless a later one surely is it, and nothing above it could be of the table.

    It is sure of a row with all columns that the stanza names or two usual ones, and rows below that are as long.
    """
    if not feed.has_header or not rows or _is_header(rows[0], feed, 1):
        return 0
    for at, row in enumerate(rows[1 : MOST_BEFORE_HEADER + 1], 1):
        if _is_header(row, feed, 2) and len(row) > 1:
            above, below = rows[:at], rows[at + 1 :]
            is_sure = below and 2 * sum(len(each) == len(row) for each in below) > len(below)
            return at if is_sure and all(len(each) < len(row) or not each[1] for each in above) else 0
    return 0


def _is_header(row: list[str], feed: Feed, least_known: int) -> bool:
    if required := required_columns(feed):
        return not without_found(required, dict.fromkeys(row))
    number, has_article = known(row)
    return has_article and number >= least_known


def _merit(table: Table) -> tuple[bool, bool, float, int]:
    rows = table.rows
    if not rows or len(rows[0]) < 2:
        return False, False, 0.0, 0
    return known(rows[0])[1], not _leaves_quotes(rows), round(_agreement(rows), 2), len(rows[0])


def _leaves_quotes(rows: list[list[str]]) -> bool:
    """Whether most rows have a field still in quotes: then quotes are not plain characters, even if one is open."""
    wrapped = sum(any(len(f) > 1 and f[0] == f[-1] and f[0] in QUOTES for f in row) for row in rows[1:])
    return 2 * wrapped >= len(rows) > 1


def looks_like_a_table(table: Table) -> bool:
    """Whether the header is known and rows below agree with it."""
    rows = table.rows
    return bool(rows) and len(rows[0]) > 1 and known(rows[0])[1] and _agreement(rows) >= 0.5


def is_framed(table: Table) -> bool:
    """Whether the first line is a header with two usual names, one of them a headline's or body's, and nearly all rows
    below are as long, but for the last, which may be cut."""
    header, *rows = table.rows
    number, has_article = known(header)
    is_header = not table.lines_before and has_article and number >= _FEWEST_NAMES
    return is_header and bool(rows) and _agreement([header, *rows[:-1]]) >= _LEAST_FRAMED


def _agreement(rows: list[list[str]]) -> float:
    """The share of rows with as many fields as the first."""
    return sum(len(row) == len(rows[0]) for row in rows) / len(rows)


def _rows(head: str, dialect: Dialect, is_strict: bool = False) -> Iterator[_Row]:
    """The first rows of a head; the last line may be cut, so it is left out unless it is the only one."""
    lines = list(io.StringIO(head.replace("\r\n", "\n").replace("\r", "\n"), newline="\n"))
    whole = lines[:-1] if len(lines) > 1 and not lines[-1].endswith("\n") else lines
    reader = csv.reader(map(dialect.with_lone_escapes, whole), strict=is_strict, **dialect.options)
    number = before = 0
    try:
        for fields in reader:
            if fields:
                yield _Row(fields, before)
                number += 1
            before = reader.line_num
            if number == VOTING_ROWS:
                return
    except csv.Error:
        return
