"""A workbook for the library that reads it, and what the library does not tell."""

from __future__ import annotations

import io

from etl.formats.workbook import biff_formulas, biff_links, formulas, links
from etl.formats.workbook.biff_copy import copied
from etl.formats.workbook.breaks import with_breaks
from etl.formats.workbook.file import CONTENT, Book
from etl.formats.workbook.kinds import OldBook
from etl.formats.workbook.links import Places
from etl.formats.workbook.ole_file import packed
from etl.formats.workbook.ole_kinds import STREAMS


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
    return [links.links_in(book, part) for part in parts]


def count_unsaved(book: Book | OldBook) -> int:
    """The cells with a formula whose value was not saved."""
    if isinstance(book, OldBook):
        return biff_formulas.count_unsaved(book.stream, book.book)
    return formulas.count_unsaved(book)
