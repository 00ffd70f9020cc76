"""The records of an old Excel workbook (BIFF, of Excel 5 to 2003), and what stands before its sheets.

Layout: [MS-XLS] by Microsoft, and OpenOffice's documentation of the Excel file format. Every record has a kind, a
length and its data. What is longer than a record goes on in those behind it.
"""

from __future__ import annotations

import struct
from collections.abc import Container, Iterator
from typing import NamedTuple

from etl.formats.workbook.biff_texts import WESTERN, codec_of, known_codepage, name_of_sheet
from etl.formats.workbook.ole_file import damaged
from etl.model import DumpError

FORMULA, EOF, DATEMODE, FILEPASS, CONTINUE, CODEPAGE, BOUNDSHEET = 0x06, 0x0A, 0x22, 0x2F, 0x3C, 0x42, 0x85
MULRK, RSTRING, XF, MERGED, SST, LABELSST, HLINK = 0xBD, 0xD6, 0xE0, 0xE5, 0xFC, 0xFD, 0x1B8
NUMBER, LABEL, BOOLERR, STRING, RK, FORMAT, BOF = 0x203, 0x204, 0x205, 0x207, 0x27E, 0x41E, 0x809
CELLS = frozenset((FORMULA, MULRK, RSTRING, LABELSST, NUMBER, LABEL, BOOLERR, RK))
"""What begins with a row and has a value."""
BIFF8 = 0x600
MOST_SHEETS = 4_000
_WORKSHEET = 0
_FRAME = struct.Struct("<2H")
_CONTINUED = CONTINUE.to_bytes(2, "little")
_IN_GLOBALS = frozenset((BOF, FILEPASS, CODEPAGE, BOUNDSHEET, SST, FORMAT, XF, DATEMODE))


class Record(NamedTuple):
    """A record, and those in which it goes on."""

    kind: int
    data: bytes
    more: tuple[bytes, ...] = ()


class SheetPlace(NamedTuple):
    """A sheet, and where in the stream it begins."""

    name: str
    start: int
    record: bytes
    """What the workbook says of it."""


class Globals(NamedTuple):
    """What stands before the sheets of a workbook."""

    version: int
    codepage: int
    """Of its texts, where they are not Unicode."""
    sheets: list[SheetPlace]
    texts: Record | None
    """The table of those that cells name."""
    others: list[Record]
    """What its numbers mean: formats, and the first day of its dates."""

    @property
    def is_unicode(self) -> bool:
        """Whether its texts are; they are since Excel 97."""
        return self.version >= BIFF8

    @property
    def codec(self) -> str:
        """That of the code page."""
        return codec_of(self.codepage)


def globals_of(stream: bytes) -> Globals:
    """What stands before the sheets. Raises DumpError where it is damaged, or protected by a password."""
    version, codepage, texts = BIFF8, WESTERN, None
    sheets: list[bytes] = []
    others: list[Record] = []
    for record in records(stream, 0, _IN_GLOBALS):
        if record.kind == BOF:
            version = _number(record.data, "<H")
        elif record.kind == FILEPASS:
            raise DumpError("is protected by a password; save it without one, as xlsx or CSV")
        elif record.kind == CODEPAGE:
            codepage = _number(record.data, "<H")
        elif record.kind == BOUNDSHEET:
            sheets.append(record.data)
        elif record.kind == SST:
            texts = record
        else:
            others.append(record)
    book = Globals(version, known_codepage(codepage, version >= BIFF8), [], texts, others)
    for data in sheets:
        if len(data) > 6 and data[5] == _WORKSHEET:
            name = name_of_sheet(data[6:], book.is_unicode, book.codec)
            book.sheets.append(SheetPlace(name, _number(data, "<I"), data))
    _refuse_shared(stream, book.sheets)
    return book


def _refuse_shared(stream: bytes, sheets: list[SheetPlace]) -> None:
    """Raise DumpError where there are too many sheets, or where one is within another: each byte of a workbook belongs
    to one sheet, so that a small one does not take long to read."""
    if len(sheets) > MOST_SHEETS:
        raise DumpError(f"has more than {MOST_SHEETS:,} sheets; split it")
    starts, levels = {place.start for place in sheets}, 0
    is_shared = len(starts) < len(sheets)
    for kind, start, _ in _framed(stream, 0):
        if kind == BOF:
            levels += 1
            if levels == 1:
                starts.discard(start)
        elif kind == EOF:
            levels -= 1
    if starts or is_shared:
        raise damaged("a sheet of it does not begin where it should")


def records(stream: bytes, at: int, wanted: Container[int]) -> Iterator[Record]:
    """The records of the wanted kinds in one part of the stream (the globals, a sheet), without those of a chart within
    a sheet.

    Raises DumpError where the part does not begin or end as it should.
    """
    levels = 0
    for kind, start, end in _framed(stream, at):
        if kind == BOF:
            levels += 1
        if not levels:
            raise damaged("a sheet of it does not begin where it should")
        if levels == 1 and kind in wanted:
            more = tuple(_continued(stream, end)) if stream[end : end + 2] == _CONTINUED else ()
            yield Record(kind, stream[start + _FRAME.size : end], more)
        if kind == EOF:
            levels -= 1
            if not levels:
                return
    raise damaged("a sheet of it does not end")


def _framed(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """The kind of each record, where it begins and where it ends."""
    unpack, last, size = _FRAME.unpack_from, len(stream) - _FRAME.size, len(stream)
    while at <= last:
        kind, length = unpack(stream, at)
        end = at + 4 + length
        if end > size:
            return
        yield kind, at, end
        at = end


def _continued(stream: bytes, at: int) -> Iterator[bytes]:
    for kind, start, end in _framed(stream, at):
        if kind != CONTINUE:
            return
        yield stream[start + _FRAME.size : end]


def _number(data: bytes, layout: str) -> int:
    if len(data) < struct.calcsize(layout):
        raise damaged("a record of it is too short")
    return int(struct.unpack_from(layout, data)[0])
