"""Workbooks of Excel (xlsx, xlsm; xls of Excel 5 to 2003) and LibreOffice (ods): one article a row; columns are mapped
as in `common/columns.py`.

What BigKinds (its button for Excel), Integrum (its thematic map), ProQuest (XLS, saved as xlsx) and clipping services
export. All sheets are read. The header is the first row with two usual names; what stands above it (a title, a date) is
skipped. A sheet without one goes on under the header before it where it fills the same three columns or more, with
figures in the same ones; else it is skipped, and told if its rows are long or have as many cells. Dates are dates,
whichever the workbook's first day (1900, 1904); whole numbers have no ".0". A cell that is merged downwards holds for
all its rows (not in ods). A web address behind a cell is kept: as the article's where no column has it. A text exactly
as long as a cell can be (32,767 characters) was cut by Excel: its article is partial. Dates whose day and month Excel
seems to have exchanged are kept, and told. Of a formula the saved value is read, and told where there is none.
Pictures, comments and formats are not read. A sheet that would take more than 192 MB of memory, and an xls of more than
24 MB, is refused: save it as CSV. Binary workbooks (xlsb) and those of Excel 4 and before must be saved as xlsx first.

Tried on real files of BigKinds, Integrum and ProQuest. Of BigKinds only one with four columns; its `본문` holds the
first 200 characters of an article, which a stanza says by `is_partial = true`. Of xls no real file was at hand: the
samples were written by xlwt, and the rest follows the descriptions of the format.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import chain, islice
from typing import Any, BinaryIO, NamedTuple

import python_calamine

from etl.formats.common import exchanged_dates
from etl.formats.common.columns import Plan, make_plan, record, refuse_missing, refuse_unmapped
from etl.formats.common.csv_rows import is_total
from etl.formats.common.exchanged_dates import DatesOfColumn
from etl.formats.common.field_values import is_cut_by_cell
from etl.formats.common.header_row import FEWEST_COLUMNS, MOST_BEFORE_HEADER, Shape, goes_on, header_at, shape
from etl.formats.common.ole_kinds import is_workbook
from etl.formats.common.pieces import Unreadable, guarded
from etl.formats.common.sheet_columns import held_down, link_names, names_of, ordered, with_links
from etl.formats.common.workbook_kinds import opened
from etl.formats.common.workbook_links import Places
from etl.formats.common.workbook_marks import count_rows
from etl.model import Doubt, DumpError, Feed, Piece, Skip

LEAST_ACCOUNTED_SHARE = 0.3
"""Much of a row can be what no field holds."""

DATE_FIELDS = ("published", "modified")
FEWEST_TOLD_WORDS = 60
"""Of what is not read."""
_ROUNDED_FROM = 1e15
"""Excel keeps 15 digits of a number."""
_XLSX = re.compile(rb"PK\x03\x04.{26}xl/", re.DOTALL)
_ODS = re.compile(rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis\.opendocument\.spreadsheet", re.DOTALL)


def recognise(head: bytes, name: str) -> float:
    """By the first files of the zip that a workbook is; an old one by the stream of its cells."""
    is_new = head.startswith(b"PK\x03\x04") and (_XLSX.search(head) or _ODS.match(head))
    return 0.9 if is_new or is_workbook(head) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The row elements with a value in the XML of each sheet, below its header, without those that are it again."""
    return count_rows(opened(stream).tables(), feed)


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record a row; a Reject for a row of totals; a Skip for each row above the header, for a header that comes again
    and for each row of a sheet without one.

    Raises DumpError where it is damaged or too large, no sheet has a known column, or none has those that the stanza
    names.
    """
    book = opened(stream)
    reader = _Reader(feed)
    try:
        cells = python_calamine.CalamineWorkbook.from_filelike(book.for_library())
        for at, about in enumerate(cells.sheets_metadata):
            if about.typ is python_calamine.SheetTypeEnum.WorkSheet:
                place = f"sheet {about.name}, row" if len(cells.sheet_names) > 1 else "row"
                yield from reader.sheet(_Sheet(place, cells.get_sheet_by_index(at), book.links(at)))
    except (python_calamine.CalamineError, python_calamine.ZipError, python_calamine.XmlError) as error:
        raise _unopened(error) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of the library's language, in which it is no error
            raise
        raise _unopened(error) from None
    yield from reader.last()
    if unsaved := book.count_unsaved():
        yield Doubt(
            f"{unsaved:,} of its cells are formulas without a saved value, and are read as blank; open it in Excel or "
            "LibreOffice, save it, and deliver it again"
        )


def _unopened(error: BaseException) -> DumpError:
    return DumpError(f"cannot be opened as a workbook: {error}; ask for it again, or save it as CSV")


class _Sheet(NamedTuple):
    """A sheet of a workbook: how its rows are told, its cells, the addresses behind them."""

    place: str
    cells: python_calamine.CalamineSheet
    links: Places

    @property
    def width(self) -> int:
        """How many columns it has, from column A."""
        return self._left + self.cells.width

    @property
    def _left(self) -> int:
        return (self.cells.start or (0, 0))[1]

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Each row that is not blank, with its number from 0 and its cells from column A."""
        blank = [None] * self._left
        for number, row in enumerate(self.cells.iter_rows()):
            values = [*blank, *map(_value, row)]
            if any(value is not None for value in values):
                yield number, values


class _Reader:
    """Reads the sheets of one workbook."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._first_names: list[str] | None = None
        self._header: list[Any] = []
        self._shape: Shape | None = None
        self._cut = self._rounded = 0
        self._dates: defaultdict[tuple[str, int], DatesOfColumn] = defaultdict(DatesOfColumn)

    def sheet(self, sheet: _Sheet) -> Iterator[Piece]:
        """What each row of a sheet is."""
        rows = sheet.rows()
        first = list(islice(rows, MOST_BEFORE_HEADER + 1))
        texts = [list(map(_shown, row)) for _, row in first]
        at = header_at(texts, self._feed)
        if first and self._first_names is None:
            self._first_names = list(filter(None, texts[0]))
        if at is not None:
            yield from _skipped(iter(first[:at]), sheet.place, "row above the header")
            self._header, self._shape = first[at][1], shape(texts[at + 1 :], texts[at])
            del first[: at + 1]
        elif not goes_on(texts, self._shape):
            yield from _skipped(
                chain(first, rows), sheet.place, "row of a sheet without articles", len(_filled(self._header))
            )
            return
        yield from self._below_header(sheet, chain(first, rows))

    def _below_header(self, sheet: _Sheet, rows: Iterator[tuple[int, list[Any]]]) -> Iterator[Piece]:
        """What each row is; a sheet that goes on may have more or fewer columns than the header."""
        header = [*self._header, *[None] * (sheet.width - len(self._header))]
        names = names_of(list(map(_shown, header)))
        links = ordered(sheet.links, names)
        plan = make_plan([*names, *link_names(links, names)], self._feed, by_number=True)
        refuse_unmapped(plan.columns, names)
        padded = ((number, [*row, *[None] * (len(names) - len(row))]) for number, row in rows)
        own = [key for key in plan.keys("headline", "body") if isinstance(key, int)]
        dates = [key for key in plan.keys(*DATE_FIELDS) if isinstance(key, int) and key < len(names)]  # no joined ones
        for number, row in held_down(padded, sheet.cells.merged_cell_ranges or (), own):
            place = f"{sheet.place} {number + 1}"
            if _is_again(row, header):
                yield Skip(place, "repeated header", _line(row))
            else:
                for key in dates:
                    self._dates[sheet.place, key].look(row[key])
                yield self._piece(row, with_links(row, number, links), plan, place)

    def last(self) -> Iterator[Piece]:
        """What is known when all sheets were read. Raises DumpError where none has articles."""
        if not self._header:
            if self._first_names is None:
                raise DumpError("all its sheets are empty; ask for it again")
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
        if told := exchanged_dates.warning(self._dates.values()):
            yield Doubt(told)

    def _piece(self, row: list[Any], with_addresses: list[Any], plan: Plan, position: str) -> Piece:
        self._cut += sum(isinstance(cell, str) and is_cut_by_cell(cell) for cell in row)
        self._rounded += sum(isinstance(cell, int) and abs(cell) >= _ROUNDED_FROM for cell in row)
        return guarded(partial(_record, row, with_addresses, plan, position), position, lambda: _line(row).encode())


def _record(row: list[Any], with_addresses: list[Any], plan: Plan, position: str) -> Piece:
    texts = list(map(_shown, row))
    if is_total(texts):
        raise Unreadable(f"is a row of totals ({', '.join(filter(None, texts))}), not an article")
    return record(plan, with_addresses, position)


def _skipped(rows: Iterator[tuple[int, list[Any]]], place: str, kind: str, columns: int = 0) -> Iterator[Skip | Doubt]:
    """What is no article; told where it is as long as one, or has the number of columns of the articles."""
    likely = 0
    for number, row in rows:
        text = _line(row)
        yield Skip(f"{place} {number + 1}", kind, text)
        likely += len(text.split()) >= FEWEST_TOLD_WORDS or FEWEST_COLUMNS <= columns == len(_filled(row))
    if likely:
        yield Doubt(
            f"{likely:,} of its rows are not read ({kind}), but are as long or wide as an article; if they are "
            "articles, put a header with the names of their columns above them, or ask for all of them in one sheet"
        )


def _filled(row: list[Any]) -> list[Any]:
    return [cell for cell in row if cell is not None]


def _is_again(row: list[Any], header: list[Any]) -> bool:
    return row == header or [_shown(cell).casefold() for cell in row] == [_shown(cell).casefold() for cell in header]


def _line(row: list[Any]) -> str:
    return "\t".join(filter(None, map(_shown, row)))


def _value(cell: Any) -> Any:
    """A cell as it is meant: a whole number without `.0`, a moment to the second, None for nothing."""
    match cell:
        case bool():
            return cell
        case float() if cell.is_integer():
            return int(cell)
        case str():
            return cell if cell.strip() else None
        case datetime():
            return (cell + timedelta(milliseconds=500)).replace(microsecond=0)
        case timedelta():
            return str(cell)
    return cell


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date | time) else str(value).strip()
