"""CSV and TSV. Columns are mapped as in `_columns`; the dialect comes from the feed, else from a vote.

The grammar is RFC 4180, read strictly: a quoted field ends at its closing quote, and a quote within
is doubled. Where that is broken nobody can tell what is text and what is a row. So a broken row is
rejected only while every row so far stood on one line, for then the next line is the next row;
otherwise the dump is refused, for a paragraph of a body could pass for an article.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from etl.encoding import sniff, unify_newlines, utf8
from etl.formats import HEAD_BYTES
from etl.formats._columns import Plan, known, make_plan, record
from etl.model import DumpError, Feed, Piece, Reject

MAX_FIELD = 64 << 20
_DELIMITERS = ",;\t|"
_QUOTES = "\"'"
_MAX_NAME = 40


@dataclass(frozen=True)
class Dialect:
    delimiter: str
    quote: str


def recognise(head: bytes, name: str) -> float:
    """By a header of usual names, with a body or headline among them, and rows that keep its width."""
    try:
        text = unify_newlines(head.decode(sniff(head, None), "ignore")).removeprefix("\ufeff")
    except DumpError:
        return 0.0
    if text[:1] in "{[<" or "\0" in text:
        return 0.0
    rows = _rows(text, _vote(text, Feed("")), cut=len(head) >= HEAD_BYTES)
    header, rows = (rows[0], rows[1:]) if rows else ([], [])
    if len(header) < 2 or max(map(len, header)) > _MAX_NAME or not known(header)[1]:
        return 0.0
    fitting = sum(len(row) == len(header) for row in rows)
    if rows:
        return 0.9 if fitting * 2 > len(rows) else 0.0
    return 0.9 if known(header)[0] > 1 else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """Rows, less the header, by a scan of quotes and line ends."""
    lines = utf8(stream, feed.encoding)
    dialect = _vote(_head(lines), feed)
    count, quoted = 0, False
    for line in _lines(lines):
        if not quoted and not line.isspace():
            count += 1
        quoted = _is_open(line, quoted, dialect)
    return count - feed.has_header if count else 0


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each row, and a Reject for each that is ragged or broken.

    Raises DumpError when no column holds text, or a broken quote makes the rows uncertain.
    """
    lines = utf8(stream, feed.encoding)
    rows = _Rows(_lines(lines), _vote(_head(lines), feed))
    header = _header(rows, feed)
    if header is None:
        return
    plan = _plan(header, feed)
    width = len(header)
    for row in rows:
        if isinstance(row, Reject):
            yield row
        elif width and len(row) != width:
            yield rows.reject(f"found {len(row)} fields, expected {width} as in the header")
        else:
            yield record(plan, row, rows.position)
