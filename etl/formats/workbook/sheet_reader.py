"""The sheets of a workbook, or the tables of a page: which of their rows are articles, and each as a record.

Shared by `excel` and `html_table`: the header is found in each sheet, or the sheet goes on under the one before it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator
from datetime import date, time
from functools import partial
from itertools import chain, islice
from typing import Any, Protocol

from etl.formats.common.columns import Plan, make_plan, record, refuse_missing, refuse_unmapped
from etl.formats.common.csv_rows import is_total
from etl.formats.common.field_values import is_cut_by_cell
from etl.formats.common.header_row import (
    FEWEST_COLUMNS,
    MOST_BEFORE_HEADER,
    Shape,
    goes_on,
    header_at,
    names_columns,
    shape,
)
from etl.formats.common.pieces import Unreadable, guarded
from etl.formats.workbook import exchanged_dates
from etl.formats.workbook.day_numbers import DayNumbers
from etl.formats.workbook.exchanged_dates import DatesOfColumn
from etl.formats.workbook.file import DAY_0
from etl.formats.workbook.links import Places
from etl.formats.workbook.sheet_columns import Place, held_down, link_names, names_of, ordered, with_links
from etl.formats.workbook.skipped_rows import SkippedRows
from etl.formats.workbook.spread_rows import without_spread
from etl.model import Doubt, DumpError, Feed, Piece, Reject, Skip

DATE_FIELDS = ("published", "modified")
_ROUNDED_FROM = 1e15
"""Excel keeps 15 digits of a number."""


class Sheet(Protocol):
    """A sheet: how its rows are told, how many columns it has at least, the addresses behind its cells by column and
    row, and its cells that are merged, from one to another."""

    @property
    def place(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def links(self) -> Places: ...
    @property
    def merged(self) -> Iterable[tuple[Place, Place]]: ...

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Each row that is not blank, with its number from 0 and its cells from column A; None where one is blank."""


class SheetReader:
    """Reads the sheets of one dump."""

    def __init__(self, feed: Feed, day_0: date = DAY_0) -> None:
        """`day_0`: the day from which numbers count that are days."""
        self._feed = feed
        self._numbers = DayNumbers(day_0)
        self._first_names: list[str] | None = None
        self._header: list[Any] = []
        self._shape: Shape | None = None
        self._early: list[SkippedRows] = []
        """Those of sheets before the first header."""
        self._cut = self._rounded = 0
        self._dates: defaultdict[tuple[str, str], DatesOfColumn] = defaultdict(DatesOfColumn)

    def sheet(self, sheet: Sheet) -> Iterator[Piece]:
        """What each row of a sheet is."""
        rows = sheet.rows()
        first = list(islice(rows, MOST_BEFORE_HEADER + 1))
        texts = [list(map(_shown, row)) for _, row in first]
        at = header_at(texts, self._feed)
        if first and self._first_names is None:
            self._first_names = list(filter(None, texts[0]))
        if at is not None:
            above = yield from _skipped(iter(first[:at]), sheet.place, "row above the header")
            for seen in (*self._early, above):
                yield from seen.told(len(_filled(first[at][1])))
            self._early.clear()
            self._header, self._shape = first[at][1], shape(texts[at + 1 :], texts[at])
            del first[: at + 1]
        elif not goes_on(texts, self._shape):
            seen = yield from _skipped(chain(first, rows), sheet.place, "row of a sheet without articles")
            if self._header:
                yield from seen.told(len(_filled(self._header)))
            else:
                self._early.append(seen)
            return
        yield from self._below_header(sheet, chain(first, rows))

    def _below_header(self, sheet: Sheet, rows: Iterator[tuple[int, list[Any]]]) -> Iterator[Piece]:
        """What each row is, and by the header of another table those below it."""
        other: list[tuple[int, list[Any]]] = []
        yield from self._table(sheet, rows, other)
        while other:
            number, row = other.pop()
            names = ", ".join(map(_shown, _filled(row)))[:200]
            reason = f"is the header of another table, with {names}; the rows below it are read by it"
            yield Reject(f"{sheet.place} {number + 1}", reason, _line(row).encode())
            refuse_missing(list(map(_shown, row)), self._feed)
            self._header, self._shape = row, None
            yield from self._table(sheet, rows, other)

    def _table(
        self, sheet: Sheet, rows: Iterator[tuple[int, list[Any]]], other: list[tuple[int, list[Any]]]
    ) -> Iterator[Piece]:
        """What each row is, up to the header of another table, which is put into `other`; a sheet that goes on may have
        more or fewer columns than the header."""
        header = [*self._header, *[None] * (sheet.width - len(self._header))]
        names = names_of(list(map(_shown, header)))
        links = ordered(sheet.links, names)
        plan = make_plan([*names, *link_names(links, names)], self._feed, by_number=True)
        refuse_unmapped(plan.columns, names)
        width = len(names)
        padded = ((number, row if len(row) >= width else row + [None] * (width - len(row))) for number, row in rows)
        own = [key for key in plan.keys("headline", "body") if isinstance(key, int)]
        dates = [key for key in plan.keys(*DATE_FIELDS) if isinstance(key, int) and key < width]  # no joined ones

        def pieces() -> Iterator[tuple[list[Any], Piece]]:
            for number, row in held_down(padded, sheet.merged, own):
                place, shown = f"{sheet.place} {number + 1}", list(map(_shown, row))
                if _is_again(row, header):
                    yield row, Skip(place, "repeated header", _line(row))
                elif names_columns(shown, self._feed):
                    other.append((number, row[: _last_filled(row)]))
                    return
                elif len(row) > width:
                    reason = f"the row has {len(row)} cells; expected {width}: {', '.join(names)[:200]}"
                    yield row, Reject(place, reason, _line(row).encode())
                else:
                    for key in dates:
                        self._dates[names[key].casefold(), f"{sheet.place} {key}"].look(row[key])
                        row[key] = self._numbers.counted_from_1899(row[key])
                    yield row, self._piece(row, shown, with_links(row, number, links), plan, place)

        is_wide = len(_filled(header)) >= FEWEST_COLUMNS
        bodies = [key for key in plan.keys("body") if isinstance(key, int)]
        yield from without_spread(pieces(), bodies) if is_wide else (piece for _, piece in pieces())

    def last(self) -> Iterator[Piece]:
        """What is known when all sheets were read. Raises DumpError where none has articles."""
        if not self._header:
            if self._first_names is None:
                raise DumpError("all its sheets are empty, or it has none; ask for it again")
            refuse_missing(self._first_names, self._feed)
            refuse_unmapped((), self._first_names)
        if self._cut:
            yield Doubt(
                f"{self._cut:,} of its cells are as long as a cell of Excel can be (32,767 characters): what was "
                "longer was cut, and their articles are partial; ask for them in another format"
            )
        if self._rounded:
            yield Doubt(
                f"{self._rounded:,} of its numbers have more than 15 digits, of which Excel makes zeros: an id among "
                "them may be wrong; ask for it as text"
            )
        if told := exchanged_dates.warning(self._dates):
            yield Doubt(told)
        if told := self._numbers.warning:
            yield Doubt(told)

    def _piece(self, row: list[Any], shown: list[str], with_addresses: list[Any], plan: Plan, position: str) -> Piece:
        self._cut += sum(isinstance(cell, str) and is_cut_by_cell(cell) for cell in row)
        self._rounded += sum(isinstance(cell, int) and abs(cell) >= _ROUNDED_FROM for cell in row)
        return guarded(partial(_record, shown, with_addresses, plan, position), position, lambda: _line(row).encode())


def _record(shown: list[str], with_addresses: list[Any], plan: Plan, position: str) -> Piece:
    if is_total(shown):
        raise Unreadable(f"is a row of totals ({', '.join(filter(None, shown))}), not an article")
    return record(plan, with_addresses, position)


def _skipped(rows: Iterator[tuple[int, list[Any]]], place: str, kind: str) -> Generator[Skip, None, SkippedRows]:
    """What is no article. Gives what all of them amount to."""
    seen = SkippedRows(kind)
    for number, row in rows:
        text = _line(row)
        yield Skip(f"{place} {number + 1}", kind, text)
        seen.look(text, len(_filled(row)))
    return seen


def _filled(row: list[Any]) -> list[Any]:
    return [cell for cell in row if cell is not None]


def _last_filled(row: list[Any]) -> int:
    return max((at for at, cell in enumerate(row, 1) if cell is not None), default=0)


def _is_again(row: list[Any], header: list[Any]) -> bool:
    pairs = zip(row, header, strict=True)
    return len(row) == len(header) and all(_compared(one) == _compared(other) for one, other in pairs)


def _compared(cell: Any) -> Any:
    """A cell as another one may be the same: not a day as the text that is its name, for files keep it as a number."""
    return cell if isinstance(cell, date | time) else _shown(cell).casefold()


def _line(row: list[Any]) -> str:
    return "\t".join(filter(None, map(_shown, row)))


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date | time) else str(value).strip()
