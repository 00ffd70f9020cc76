"""Workbooks as they are packed: in a zip (xlsx, ods) or in an old Office file (xls); alike for their reader."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cached_property
from typing import BinaryIO, Protocol

from etl.formats.common import biff_formulas, biff_links, biff_rows, workbook_formulas
from etl.formats.common.biff_copy import copied
from etl.formats.common.biff_records import globals_of
from etl.formats.common.markup import read_whole
from etl.formats.common.ole_file import SIGNATURE, Ole, damaged, packed
from etl.formats.common.ole_kinds import STREAMS, why_other
from etl.formats.common.streams import peekable
from etl.formats.common.workbook_breaks import with_breaks
from etl.formats.common.workbook_file import CONTENT, WORKBOOK, Book
from etl.formats.common.workbook_limits import refuse_large
from etl.formats.common.workbook_links import Places, links_in
from etl.formats.common.workbook_marks import Repeated, tables_in
from etl.model import DumpError

LIMIT_OLD_BYTES = 24 << 20


class Workbook(Protocol):
    """A workbook that is open."""

    def for_library(self) -> io.BytesIO:
        """It as a file that the library reads in bounded memory. Raises DumpError where that is not possible."""

    def links(self, sheet: int) -> Places:
        """The addresses behind the cells of a sheet, by its number from 0."""

    def tables(self) -> Iterator[Iterator[Repeated]]:
        """The rows of each sheet as texts, found without the library."""

    def count_unsaved(self) -> int:
        """The cells with a formula whose value was not saved."""


class Zipped:
    """A workbook in a zip."""

    def __init__(self, stream: BinaryIO) -> None:
        """Raises DumpError where it is none, or takes too much memory."""
        self._book = Book(stream)
        if not {WORKBOOK, CONTENT} & self._book.parts:
            raise DumpError("is not a workbook that is read (xlsx, ods, xls); save it as xlsx or CSV")
        refuse_large(self._book)

    def for_library(self) -> io.BytesIO:
        """It as it is; of OpenDocument with its line breaks as characters."""
        return with_breaks(self._book)

    def links(self, sheet: int) -> Places:
        """Those of a sheet; not of OpenDocument."""
        parts = [] if CONTENT in self._book.parts else self._parts
        return links_in(self._book, parts[sheet]) if sheet < len(parts) else {}

    def tables(self) -> Iterator[Iterator[Repeated]]:
        """By the row elements in its XML."""
        return tables_in(self._book)

    def count_unsaved(self) -> int:
        """By the value elements in its XML (xlsx)."""
        return workbook_formulas.count_unsaved(self._book)

    @cached_property
    def _parts(self) -> list[str]:
        return [sheet.part for sheet in self._book.sheets()]


class Old:
    """A workbook of Excel 5 to 2003."""

    def __init__(self, stream: BinaryIO) -> None:
        """Raises DumpError where it is damaged, another old Office file, or larger than a workbook can be."""
        file = Ole(read_whole(stream, LIMIT_OLD_BYTES))
        if not file.names():
            raise damaged("it names nothing that is in it")
        if file.names().isdisjoint(STREAMS):
            raise DumpError(why_other(file.names()))
        self._stream = file.stream(*STREAMS)
        self._book = globals_of(self._stream)

    def for_library(self) -> io.BytesIO:
        """A copy of its cells."""
        return io.BytesIO(packed(STREAMS[0], copied(self._stream, self._book)))

    def links(self, sheet: int) -> Places:
        """Those of a sheet."""
        sheets = self._book.sheets
        return biff_links.links_in(self._stream, sheets[sheet].start) if sheet < len(sheets) else {}

    def tables(self) -> Iterator[Iterator[Repeated]]:
        """By its records."""
        for rows in biff_rows.tables(self._stream, self._book):
            yield ((row, 1) for row in rows)

    def count_unsaved(self) -> int:
        """By what its formulas say."""
        return biff_formulas.count_unsaved(self._stream, self._book)


def opened(stream: BinaryIO) -> Workbook:
    """The workbook in a file. Raises DumpError where it is none that is read."""
    source = peekable(stream)
    return Old(source) if source.peek(len(SIGNATURE)).startswith(SIGNATURE) else Zipped(source)
