"""A workbook that is opened: a zip (xlsx, ods) or an old Office file (xls)."""

from __future__ import annotations

from datetime import date
from typing import BinaryIO, NamedTuple

from etl.formats.common.markup import read_whole
from etl.formats.common.streams import peekable
from etl.formats.workbook.biff_records import DATEMODE, Globals, globals_of
from etl.formats.workbook.file import CONTENT, DAY_0, DAY_0_OF_MACS, WORKBOOK, Book
from etl.formats.workbook.limits import refuse_large
from etl.formats.workbook.ole_file import SIGNATURE, Ole, damaged
from etl.formats.workbook.ole_kinds import STREAMS, why_other
from etl.model import DumpError

LIMIT_OLD_BYTES = 24 << 20


class OldBook(NamedTuple):
    """A workbook of Excel 5 to 2003: its records, and what stands before its sheets."""

    stream: bytes
    book: Globals

    @property
    def day_0(self) -> date:
        """The day from which it counts days."""
        is_of_mac = any(record.kind == DATEMODE and record.data[:1] == b"\1" for record in self.book.others)
        return DAY_0_OF_MACS if is_of_mac else DAY_0


def opened(stream: BinaryIO) -> Book | OldBook:
    """The workbook in a file. Raises DumpError where it is none that is read, damaged, or too large."""
    source = peekable(stream)
    return _old(source) if source.peek(len(SIGNATURE)).startswith(SIGNATURE) else _zipped(source)


def _zipped(stream: BinaryIO) -> Book:
    book = Book(stream)
    if not {WORKBOOK, CONTENT} & book.parts:
        raise DumpError("is not a workbook that is read (xlsx, ods, xls); save it as xlsx or CSV")
    refuse_large(book)
    return book


def _old(stream: BinaryIO) -> OldBook:
    file = Ole(read_whole(stream, LIMIT_OLD_BYTES))
    if not file.names():
        raise damaged("it names nothing that is in it")
    if file.names().isdisjoint(STREAMS):
        raise DumpError(why_other(file.names()))
    records = file.stream(*STREAMS)
    return OldBook(records, globals_of(records))
