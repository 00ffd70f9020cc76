"""Workbooks of Excel (xlsx, xlsm; xls of Excel 5 to 2003) and LibreOffice (ods): one article a row; columns are mapped
as in `common/columns.py`.

What BigKinds (its button for Excel), Integrum (its thematic map), ProQuest (XLS, saved as xlsx) and clipping services
export. All sheets are read. The header is the first row with two usual names; what stands above it (a title, a date,
a row that groups columns) is skipped; another header below it holds for the rows from there on. A sheet without one
goes on under the header before it where it fills the same three columns or more, with figures in the same ones; else
it is skipped, and told if its rows are long or have as many cells. Dates are dates, whichever the workbook's first
day (1900, 1904, or what LibreOffice states); a number without the format of a date stays one, counted from 1900, and
is told in a column of dates. Whole numbers have no ".0". A cell that is merged downwards holds for all its rows (not
in ods). A web address behind a cell is kept: as the article's where no column has it. A text exactly as long as a
cell can be (32,767 characters) was cut by Excel: its article is partial. Dates whose day and month Excel seems to
have exchanged are kept, and told. Of a formula the saved value is read, and told where there is none. Pictures,
comments and formats are not read. A sheet that would take more than 192 MB of memory, and an xls of more than 24 MB,
is refused: save it as CSV. Binary workbooks (xlsb) and those of Excel 4 and before must be saved as xlsx first.

Tried on real files of BigKinds, Integrum and ProQuest. Of BigKinds only one with four columns; its `본문` holds the
first 200 characters of an article, which a stanza says by `is_partial = true`. Of xls no real file was at hand: the
samples were written by xlwt, and the rest follows the descriptions of the format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, BinaryIO, NamedTuple

import python_calamine

from etl.formats.workbook.kinds import opened
from etl.formats.workbook.library_copy import count_unsaved, for_library, links_in
from etl.formats.workbook.links import Places
from etl.formats.workbook.marks import count_rows, tables_in
from etl.formats.workbook.ole_kinds import is_workbook
from etl.formats.workbook.sheet_columns import Place
from etl.formats.workbook.sheet_reader import SheetReader
from etl.model import Doubt, DumpError, Feed, Piece

LEAST_ACCOUNTED_SHARE = 0.3
"""Much of a row can be what no field holds."""

_XLSX = re.compile(rb"PK\x03\x04.{26}xl/", re.DOTALL)
_ODS = re.compile(rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis\.opendocument\.spreadsheet", re.DOTALL)


def recognise(head: bytes, name: str) -> float:
    """By the first files of the zip that a workbook is; an old one by the stream of its cells."""
    is_new = head.startswith(b"PK\x03\x04") and (_XLSX.search(head) or _ODS.match(head))
    return 0.9 if is_new or is_workbook(head) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The row elements with a value in the XML of each sheet, below its header, without those that are it again."""
    return count_rows(tables_in(opened(stream)), feed)


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record a row; a Reject for a row of totals; a Skip for each row above the header, for a header that comes again
    and for each row of a sheet without one.

    Raises DumpError where it is damaged or too large, no sheet has a known column, or none has those that the stanza
    names.
    """
    book = opened(stream)
    reader = SheetReader(feed, book.day_0)
    try:
        cells = python_calamine.CalamineWorkbook.from_filelike(for_library(book))
        links = dict(enumerate(links_in(book)))
        for at, about in enumerate(cells.sheets_metadata):
            if about.typ is python_calamine.SheetTypeEnum.WorkSheet:
                place = f"sheet {about.name}, row" if len(cells.sheet_names) > 1 else "row"
                yield from reader.sheet(_Sheet(place, cells.get_sheet_by_index(at), links.get(at, {})))
    except (python_calamine.CalamineError, python_calamine.ZipError, python_calamine.XmlError) as error:
        raise _unopened(error) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of the library's language, in which it is no error
            raise
        raise _unopened(error) from None
    yield from reader.last()
    if unsaved := count_unsaved(book):
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

    @property
    def merged(self) -> list[tuple[Place, Place]]:
        """Its cells that are merged."""
        return self.cells.merged_cell_ranges or []

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Each row that is not blank, with its number from 0 and its cells from column A."""
        blank = [None] * self._left
        for number, row in enumerate(self.cells.iter_rows()):
            values = [*blank, *map(_value, row)]
            if any(value is not None for value in values):
                yield number, values


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
