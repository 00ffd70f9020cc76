"""The rows of the tables of a page in HTML, one after the other; and what stands beside them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, BinaryIO

from lxml import etree

from etl.formats.common.header_row import MOST_BEFORE_HEADER, header_at
from etl.formats.common.markup import BLOCKS, CELLS, local_name, paragraphs
from etl.formats.common.streams import chunks
from etl.formats.workbook.limits import LIMIT_COLUMNS, MOST_DEPTH
from etl.formats.workbook.links import Places
from etl.formats.workbook.sheet_columns import Place
from etl.model import DumpError, Feed

CHUNK_BYTES = 1 << 16
LIMIT_BYTES = 128 << 20
"""The parser keeps what it has read, though not what it made of it."""
LIMIT_ROW_BYTES = 4 << 20
MOST_SPANNED = 65_536
_PRE = re.compile(r"(?i)white-space\s*:\s*(?:pre|break-spaces)")


class HtmlTable:
    """A table of a page, whose rows are read as they are asked for."""

    width = 0
    """Its columns are those of its header."""
    merged: tuple[tuple[Place, Place], ...] = ()
    """What a cell that spans rows holds, each of its rows has."""

    def __init__(self, place: str, rows: Iterator[etree._Element]) -> None:
        self.place, self._rows = place, rows
        self.links: Places = {}

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Each row that is not blank, with its number from 0."""
        spanned: dict[int, tuple[int, str | None]] = {}
        filled = 0
        for number, row in enumerate(self._rows):
            values = self._values(row, number, spanned, may_add=filled <= MOST_BEFORE_HEADER)
            if any(value is not None for value in values):
                filled += 1
                yield number, values
            if filled > MOST_BEFORE_HEADER + 1:
                for addresses in self.links.values():
                    addresses.pop(number, None)

    def _values(
        self, row: etree._Element, number: int, spanned: dict[int, tuple[int, str | None]], may_add: bool
    ) -> list[str | None]:
        values: list[str | None] = []
        in_pre = any(map(_shows_lines, (row, *row.iterancestors())))
        for cell in (each for each in row if local_name(each) in CELLS):
            _take_spanned(values, spanned)
            if in_pre or len(cell) or cell.keys():
                values += self._cell(cell, (number, len(values)), spanned, in_pre, may_add)
            else:  # most cells
                values.append(" ".join((cell.text or "").split()) or None)
            if len(values) > LIMIT_COLUMNS:
                raise DumpError(f"has a row of more than {LIMIT_COLUMNS:,} cells, which no list of articles has")
        _take_spanned(values, spanned)
        while values and values[-1] is None:
            del values[-1]
        return values

    def _cell(
        self,
        cell: etree._Element,
        place: Place,
        spanned: dict[int, tuple[int, str | None]],
        in_pre: bool,
        may_add: bool,
    ) -> list[str | None]:
        """What a cell holds, for each column that it takes."""
        row, column = place
        text = paragraphs(_laid_out(cell, in_pre)) or None
        if (address := _address(cell)) and (may_add or column in self.links):
            self.links.setdefault(column, {})[row] = address
        if (rows := span(cell.get("rowspan"), MOST_SPANNED)) > 1:
            spanned[column] = rows - 1, text
        return [text, *[None] * (span(cell.get("colspan"), LIMIT_COLUMNS + 1) - 1)]


def span(written: str | None, most: int) -> int:
    """How many rows or columns a cell takes."""
    digits = (written or "").strip()[:9]
    return min(max(int(digits), 1), most) if digits.isdecimal() else 1


def _take_spanned(values: list[str | None], spanned: dict[int, tuple[int, str | None]]) -> None:
    """Fill in what cells above hold for this row, too."""
    while held := spanned.pop(len(values), None):
        rows, text = held
        if rows > 1:
            spanned[len(values)] = rows - 1, text
        values.append(text)


def _shows_lines(element: etree._Element) -> bool:
    style = element.get("style")
    return style is not None and _PRE.search(style) is not None


def _laid_out(cell: etree._Element, in_pre: bool) -> etree._Element:
    """A cell in which what shows the line ends of its source, as its style says, is `pre`."""
    for each in cell.iter() if len(cell) else (cell,):
        if (in_pre and each is cell) or (_shows_lines(each) and local_name(each) in BLOCKS | CELLS):
            each.tag = "pre"
    return cell


def _address(cell: etree._Element) -> str | None:
    addresses = (str(link.get("href") or "").strip() for link in cell.iter("a")) if len(cell) else ()
    return next((each for each in addresses if each.startswith(("http://", "https://"))), None)


def depth_of(head: bytes, feed: Feed) -> int:
    """How deep within others those tables stand that have articles, in a page in UTF-8 that begins so: as deep as the
    first header of two columns; 1 without any. Raises DumpError where elements are nested too deep to be read."""
    for depth in range(1, MOST_DEPTH + 1):
        for table in Page(io.BytesIO(head), depth).tables():
            rows = [[text or "" for text in row] for _, row in islice(table.rows(), MOST_BEFORE_HEADER + 1)]
            at = header_at(rows, feed)
            if at is not None and sum(map(bool, rows[at])) > 1:
                return depth
    return 1


class Page:
    """A page in UTF-8: its tables that stand so deep within others (1 for one within none); and, when they were read,
    what stands beside them and where it breaks off."""

    def __init__(self, page: BinaryIO, depth: int) -> None:
        self._page, self._depth = page, depth
        self._all_bytes = self._bytes = 0
        self._beside: list[str] = []
        self._end = _End()
        self._last, self._is_read = "", False
        self._parser = etree.HTMLPullParser(
            events=("start", "end"), tag=("table", "tr"), encoding="utf-8", no_network=True, huge_tree=True,
            remove_comments=True, remove_pis=True,
        )  # fmt: skip

    def tables(self) -> Iterator[HtmlTable]:
        """Its tables, each to be used before taking the next; those within them are part of their cells.

        Raises DumpError where a row is longer than any article, or elements are nested too deep to be read.
        """
        for number, rows in groupby(self._rows(), itemgetter(0)):
            yield HtmlTable(f"table {number}, row", (row for _, row in rows))

    @property
    def beside(self) -> str:
        """The paragraphs outside of the tables, and what stands in one but in no row."""
        return "\n\n".join(filter(None, self._beside))

    @property
    def last_row(self) -> str | None:
        """The place of the last row, where no tag ends its table."""
        return self._last if self._is_read and self._end.is_in_table else None

    @property
    def cut_row(self) -> str | None:
        """The place of the last row, where no tag ends it though others have one."""
        return self._last if self._is_read and self._end.is_in_table and self._end.is_in_row else None

    def _rows(self) -> Iterator[tuple[int, etree._Element]]:
        """Each row, with the number of its table from 1."""
        number = levels = rows = 0
        depth = self._depth
        for event, element in self._events():
            if element.tag == "table":
                levels += 1 if event == "start" else -1
                if event == "start" and levels == depth:
                    number, rows = number + 1, 0
            elif event == "end" and (levels == depth or levels < depth == 1):
                rows += 1
                self._last = f"table {number}, row {rows}"
                yield number, element
                self._bytes = 0
                self._beside += _forgotten(element)

    def _events(self) -> Iterator[tuple[str, etree._Element]]:
        for chunk in chunks(self._page, CHUNK_BYTES):
            self._end.look(chunk)
            self._parser.feed(chunk)
            self._bytes += len(chunk)
            self._all_bytes += len(chunk)
            yield from self._parser.read_events()
            self._refuse()
        root = self._closed()
        self._refuse()
        self._is_read = True
        yield from self._parser.read_events()
        if root is not None:
            self._beside.append(paragraphs(root))

    def _closed(self) -> etree._Element | None:
        """The root of the page; None where it has no element."""
        try:
            return self._parser.close()
        except etree.XMLSyntaxError:
            return None

    def _refuse(self) -> None:
        if self._all_bytes > LIMIT_BYTES:
            raise DumpError(f"is larger than {LIMIT_BYTES >> 20} MB; ask for it in parts, or as CSV, of any size")
        if self._bytes > LIMIT_ROW_BYTES:
            raise DumpError(f"has a row or text of more than {LIMIT_ROW_BYTES >> 20} MB, which no article is; split it")
        if any("xcessive depth" in entry.message for entry in self._parser.feed_error_log):
            raise DumpError("has elements nested so deep that the rest could not be read; mend its markup")


class _End:
    """Which tags stand last in a page that is seen in chunks; the parser adds those that are missing."""

    def __init__(self) -> None:
        self._edge = b""
        self._last: dict[bytes, int] = {}
        self._seen = 0

    def look(self, chunk: bytes) -> None:
        """See the next chunk."""
        text = (self._edge + chunk).lower()
        start = self._seen - len(self._edge)
        found = {tag: at for tag in (b"<tr", b"</tr", b"</table") if (at := text.rfind(tag)) >= 0}
        self._last |= {tag: start + at for tag, at in found.items()}
        self._seen, self._edge = self._seen + len(chunk), text[-len(b"</table") :]

    @property
    def is_in_table(self) -> bool:
        return self._at(b"<tr") > self._at(b"</table")

    @property
    def is_in_row(self) -> bool:
        return self._at(b"<tr") > self._at(b"</tr") >= 0

    def _at(self, tag: bytes) -> int:
        return self._last.get(tag, -1)


def _forgotten(row: etree._Element) -> Iterator[str]:
    """Free the memory of a row, and of what stands before it; the texts there that are in no row."""
    row.clear(keep_tail=True)
    while (before := row.getprevious()) is not None:
        yield paragraphs(before)
        yield " ".join((before.tail or "").split())
        del row.getparent()[0]
