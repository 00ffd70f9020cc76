"""A workbook for the library that reads it, and what the library does not tell."""

from __future__ import annotations

import io

from etl.formats.common import biff_formulas, biff_links, workbook_formulas, workbook_links
from etl.formats.common.biff_copy import copied
from etl.formats.common.ole_file import packed
from etl.formats.common.ole_kinds import STREAMS
from etl.formats.common.workbook_breaks import with_breaks
from etl.formats.common.workbook_file import CONTENT, Book
from etl.formats.common.workbook_kinds import OldBook
from etl.formats.common.workbook_links import Places


def for_library(book: Book | OldBook) -> io.BytesIO:
    """It as a file: as it is, of OpenDocument with its line breaks as characters, of an old one its cells alone.

    Raises DumpError where it would take too much memory.
    """
    if isinstance(book, OldBook):
        return io.BytesIO(packed(STREAMS[0], copied(book.stream, book.book)))
    return with_breaks(book)


def links_in(book: Book | OldBook) -> list[Places]:
    """The addresses behind the cells of each sheet; of OpenDocument none."""
    if isinstance(book, OldBook):
        return [biff_links.links_in(book.stream, sheet.start) for sheet in book.book.sheets]
    parts = [] if CONTENT in book.parts else [sheet.part for sheet in book.sheets()]
    return [workbook_links.links_in(book, part) for part in parts]


def count_unsaved(book: Book | OldBook) -> int:
    """The cells with a formula whose value was not saved."""
    if isinstance(book, OldBook):
        return biff_formulas.count_unsaved(book.stream, book.book)
    return workbook_formulas.count_unsaved(book)
