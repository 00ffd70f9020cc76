"""A table in HTML, as portals and clipping services export it, most often under the name .xls, which Excel opens: one
article a row; columns are mapped as in `common/columns.py`.

The header is found as in `excel`: the first row of a table with two usual names; what stands above it is skipped, and
so is a header that comes again; another one holds for the rows below it. A table without one goes on under the header
before it where it fills the same three columns or more, with figures in the same ones; else it is skipped, and told
if its rows are long or have as many cells. A cell that spans several rows holds for all of them. A web address behind
a cell is kept where one of the first thirty rows has one in its column: as the article's where no column has it. Line
breaks and paragraphs in a cell are kept, pictures and formats are not. Dates are kept as they are written. What
stands beside the tables is skipped. A table within others is read where those only lay out the page. The row in which
a page breaks off is rejected; so is one with one cell only, which may be the rest of the article above. A page of
more than 128 MB is refused.

Recognised where nearly all of the page is a table with such a header. What Excel itself saves as a web page of
several sheets is a frame around other files, and is not read; nor is its XML of 2003. No real export was at hand: the
layout is HTML's, and columns are what they say.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from etl.formats.common.encoding import with_ascii_tags
from etl.formats.common.header_row import header_at
from etl.formats.common.page_stream import as_utf8
from etl.formats.web.prolog import without_prolog
from etl.formats.workbook.html_lists import FIRST_ROWS, has_header
from etl.formats.workbook.html_table_marks import Scan, first_rows, marked_depth, tables
from etl.formats.workbook.html_tables import Page, depth_of
from etl.formats.workbook.limits import MOST_DEPTH
from etl.formats.workbook.marks import count_rows
from etl.formats.workbook.sheet_reader import SheetReader
from etl.formats.workbook.skipped_rows import FEWEST_TOLD_WORDS
from etl.model import Doubt, DumpError, Feed, Piece, RawRecord, Reject, Skip

LEAST_ACCOUNTED_SHARE = 0.5
"""Much of a row can be what no field holds."""
_LEAST_SHARE = 0.8
"""Of the words of a page, what stands in tables with such a header."""
_START = re.compile(rb"<(?:!doctype\s{1,9}html|html|head|body|table)(?=[\s>])", re.IGNORECASE)
_ARTICLE = re.compile(rb"""(?i)og:type["'][^>]{0,40}article|["']@type["']\s*:\s*["'](?:News|Report)?Article""")
_HEADING = re.compile(rb"<h1[\s>]", re.IGNORECASE)
_TABLE = re.compile(rb"<table[\s>]", re.IGNORECASE)


def recognise(head: bytes, name: str) -> float:
    """By a table in which nearly all words of the page stand, with a header of three known columns, or of two of which
    one is for the text. A page that states that it is an article is none, nor is one with a heading of its own, unless
    it is named as a workbook."""
    data = with_ascii_tags(head)
    if not _TABLE.search(data) or not _START.match(without_prolog(data)) or _ARTICLE.search(data):
        return 0.0
    if _HEADING.search(data) and not name.lower().endswith((".xls", ".xlsx")):
        return 0.0
    try:
        most = min(MOST_DEPTH, len(_TABLE.findall(data)))
        return 0.7 if any(_is_list(head, depth) for depth in range(1, most + 1)) else 0.0
    except DumpError:  # no codec fits
        return 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The row tags with text in their cells, below the header of each table, without the header again."""
    page = as_utf8(stream, feed.encoding)
    return count_rows(tables(page, marked_depth(page.peek(), feed)), feed)


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record a row; a Reject for a row of totals, with more cells than the header, or in which the page breaks off; a
    Skip for each row above the header, for a header that comes again and for each row of a table without one, and for
    what stands beside the tables.

    Raises DumpError where no table has a known column, or none has those that the stanza names.
    """
    reader = SheetReader(feed)
    text = as_utf8(stream, feed.encoding)
    page = Page(text, depth_of(text.peek(), feed))
    for piece in chain.from_iterable(map(reader.sheet, page.tables())):
        yield _cut(piece) if isinstance(piece, dict) and piece["position"] == page.cut_row else piece
    yield from reader.last()
    if page.last_row:
        yield Doubt(f"breaks off in a table, in or behind {page.last_row}: rows may be missing; ask for it again")
    if beside := page.beside:
        yield Skip("beside the tables", "text beside the tables", beside)
        yield from _long_beside(beside)


def _cut(record: RawRecord) -> Reject:
    words = "\t".join(value for value in record.values() if isinstance(value, str))
    return Reject(record["position"], "the page breaks off in this row; ask for it again", words.encode())


def _long_beside(text: str) -> Iterator[Doubt]:
    if likely := sum(len(part.split()) >= FEWEST_TOLD_WORDS for part in text.split("\n\n")):
        yield Doubt(
            f"{likely:,} of its paragraphs stand beside its tables and are not read, but are as long as in an article; "
            "if they are articles, ask for them in a table"
        )


def _is_list(head: bytes, depth: int) -> bool:
    scan = Scan(as_utf8(io.BytesIO(head), None), depth)
    listed = 0
    goes_on = False
    for number, found in first_rows(scan, FIRST_ROWS).items():
        goes_on = has_header(found) or (goes_on and header_at(found, Feed("")) is None)
        listed += scan.words_in.get(number, 0) if goes_on else 0
    return listed > 0 and listed >= _LEAST_SHARE * (sum(scan.words_in.values()) + scan.words_beside)
