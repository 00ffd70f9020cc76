"""The rows of the tables of a page as texts, found by a scan of its tags: to count those that are articles."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import BinaryIO

from etl.formats.common.header_row import MOST_BEFORE_HEADER, header_at
from etl.formats.common.tag_scan import Token, tokens
from etl.formats.workbook.limits import LIMIT_COLUMNS, MOST_DEPTH
from etl.formats.workbook.marks import Repeated
from etl.model import Feed

_LONGEST = 400
"""Of a cell, what is looked at: names of columns are shorter."""
_MOST_SPANNED = 65_536
_UNSEEN = frozenset(("head", "iframe", "noscript", "script", "style", "template", "title"))
_SPAN = re.compile(r"""(?<![\w:-])(row|col)span\s*=\s*["']?\s*(\d{1,9})""", re.IGNORECASE)

Row = list[str]


def tables(page: BinaryIO, depth: int) -> Iterator[Iterator[Repeated]]:
    """The rows of each table of a page in UTF-8 that stands so deep within others, 1 for one within none."""
    for _, rows in groupby(Scan(page, depth), itemgetter(0)):
        yield ((row, 1) for _, row in rows)


def marked_depth(head: bytes, feed: Feed) -> int:
    """How deep in others the tables with articles stand, by the first with a header of two columns; 1 without any."""
    for depth in range(1, MOST_DEPTH + 1):
        for rows in first_rows(Scan(io.BytesIO(head), depth), MOST_BEFORE_HEADER + 1).values():
            at = header_at(rows, feed)
            if at is not None and len(list(filter(None, rows[at]))) > 1:
                return depth
    return 1


def first_rows(scan: Scan, most: int) -> dict[int, list[Row]]:
    """Of each table, so many rows that are not blank."""
    rows: dict[int, list[Row]] = {}
    for number, row in scan:
        if any(row) and len(found := rows.setdefault(number, [])) < most:
            found.append(row)
    return rows


class Scan:
    """Each row of the tables of that depth in a page, with the number of its table from 1; the words beside them."""

    def __init__(self, page: BinaryIO, depth: int) -> None:
        self._tokens, self._depth = tokens(page, "utf-8"), depth
        self._cells: list[list[str]] | None = None
        self._spans: list[tuple[int, int]] = []
        self._spanned: dict[int, tuple[int, str]] = {}
        self._is_in_cell = False
        self.words_beside = 0
        self.words_in: dict[int, int] = {}
        """Table -> its words."""

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        number = levels = 0
        depth, unseen = self._depth, ""
        for token in self._tokens:
            name = token.name.lower()
            if unseen:
                unseen = "" if token.closes and name == unseen else unseen
            elif token.opens and name in _UNSEEN:
                unseen = name
            elif not name:
                self._add(token.text, number if levels >= depth or (depth == 1 and self._is_in_cell) else 0)
            elif name == "table" and not token.is_empty:
                levels = max(levels + (-1 if token.closes else 1), 0)
                if levels == depth and not token.closes:
                    number += 1
                    self._spanned = {}
                if levels < depth:
                    yield from self._ended(number)
            elif levels == depth or levels < depth == 1:
                if name == "tr":
                    yield from self._ended(number)
                    self._cells = [] if token.opens else None
                elif name in ("td", "th"):
                    self._cell(token)
        yield from self._ended(number)

    def _add(self, text: str, table: int) -> None:
        words = len(text.split())
        if not table:
            self.words_beside += words
            return
        self.words_in[table] = self.words_in.get(table, 0) + words
        if self._cells and self._is_in_cell and sum(map(len, self._cells[-1])) < _LONGEST:
            self._cells[-1].append(text[:_LONGEST])

    def _cell(self, token: Token) -> None:
        if token.closes:
            self._is_in_cell = False
        elif self._cells is not None and len(self._cells) <= LIMIT_COLUMNS:
            self._cells.append([])
            self._spans.append(_spans(token.attributes) if token.attributes else (1, 1))
            self._is_in_cell = not token.is_empty

    def _ended(self, number: int) -> Iterator[tuple[int, Row]]:
        """The row that ends here."""
        if self._cells is not None:
            yield number, self._row(self._cells)
        self._cells, self._spans, self._is_in_cell = None, [], False

    def _row(self, cells: list[list[str]]) -> Row:
        row: Row = []
        for (rows, columns), texts in zip(self._spans, cells, strict=True):
            self._hold(row)
            text = " ".join(texts).strip()
            if rows > 1:
                self._spanned[len(row)] = rows - 1, text
            row += [text, *[""] * (columns - 1)]
        self._hold(row)
        return row[: LIMIT_COLUMNS + 1]

    def _hold(self, row: Row) -> None:
        while held := self._spanned.pop(len(row), None):
            if held[0] > 1:
                self._spanned[len(row)] = held[0] - 1, held[1]
            row.append(held[1])


def _spans(attributes: str) -> tuple[int, int]:
    """How many rows and columns a cell takes."""
    spans = {kind.lower(): max(int(count), 1) for kind, count in _SPAN.findall(attributes)}
    return min(spans.get("row", 1), _MOST_SPANNED), min(spans.get("col", 1), LIMIT_COLUMNS)
