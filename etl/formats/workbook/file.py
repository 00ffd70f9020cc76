"""A workbook as a file: its zip, its sheets and the XML of their rows, in bounded memory.

A workbook is read as a whole, and its texts stand once in a table, however many cells repeat them: 5 KB may hold
300 MB. So all of it is measured before a library opens it.
"""

from __future__ import annotations

import html
import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import BinaryIO, NamedTuple

from etl.formats.common.markup import read_whole
from etl.model import DumpError

LIMIT_PACKED_BYTES = 64 << 20
LIMIT_PART_BYTES = 384 << 20
LIMIT_ROW_BYTES = 8 << 20
LIMIT_SMALL_BYTES = 32 << 20
"""Of a part that is not a sheet."""
CHUNK_BYTES = 1 << 18

DAY_0, DAY_0_OF_MACS = date(1899, 12, 30), date(1904, 1, 1)
"""From which days are counted."""
WORKBOOK = "xl/workbook.xml"
SHARED = "xl/sharedStrings.xml"
CONTENT = "content.xml"
"""All sheets of an OpenDocument spreadsheet."""
_RELATIONS = "xl/_rels/workbook.xml.rels"
_FROM_1904 = re.compile(rb"""<(?:\w+:)?workbookPr\s[^>]*\bdate1904\s*=\s*["'](?:1|true)["']""")
_NULL_DATE = re.compile(rb"""<table:null-date\b[^>]*\stable:date-value\s*=\s*["'](\d{4}-\d\d-\d\d)""")
_CHUNKS_ABOVE = 16
"""Of styles, which stand above the sheets of OpenDocument."""
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_ROW_END = re.compile(rb"</(?:\w+:)?(?:row|table-row)\s*>")
_BROKEN = (zipfile.BadZipFile, KeyError, NotImplementedError, zlib.error, EOFError, RuntimeError, OSError, ValueError)


class Sheet(NamedTuple):
    """A sheet: its name, and the part of the zip that has its rows."""

    name: str
    part: str


class Book:
    """A workbook that is open as a zip."""

    def __init__(self, stream: BinaryIO) -> None:
        """Raises DumpError where it is not a zip, or larger than a workbook can be."""
        self.data = io.BytesIO(read_whole(stream, LIMIT_PACKED_BYTES))
        try:
            self._archive = zipfile.ZipFile(self.data)
        except _BROKEN as error:
            raise _damaged(error) from None
        self.parts = frozenset(self._archive.namelist())

    def sheets(self) -> list[Sheet]:
        """Its sheets in their order; of OpenDocument one part, which has all of them."""
        if CONTENT in self.parts:
            return [Sheet("", CONTENT)]
        targets = relations(self.whole(_RELATIONS)) if _RELATIONS in self.parts else {}
        found = [(attribute(tag, b"name"), attribute(tag, rb"\w+:id")) for tag in _SHEET.findall(self.whole(WORKBOOK))]
        parts = [(name, posixpath.normpath(posixpath.join("xl", targets.get(id, "")))) for name, id in found]
        return [Sheet(name, part.lstrip("/")) for name, part in parts]

    @property
    def day_0(self) -> date:
        """The day from which it counts days; of OpenDocument stated above its sheets."""
        if WORKBOOK in self.parts:
            return DAY_0_OF_MACS if _FROM_1904.search(self.whole(WORKBOOK)) else DAY_0
        above, _, _ = b"".join(islice(self.chunks(CONTENT), _CHUNKS_ABOVE)).partition(b"<table:table ")
        stated = _NULL_DATE.search(above)
        try:
            return date.fromisoformat(stated[1].decode()) if stated else DAY_0
        except ValueError:
            return DAY_0

    def chunks(self, part: str) -> Iterator[bytes]:
        """The bytes of a part. Raises DumpError where it is damaged, or larger than a sheet can be."""
        seen = 0
        try:
            with self._archive.open(part) as stream:
                while chunk := stream.read(CHUNK_BYTES):
                    seen += len(chunk)
                    if seen > LIMIT_PART_BYTES:
                        raise DumpError(f"unpacks to more than {LIMIT_PART_BYTES >> 20} MB; {ADVICE}")
                    yield chunk
        except _BROKEN as error:
            raise _damaged(error) from None

    def whole(self, part: str, most_bytes: int = LIMIT_SMALL_BYTES) -> bytes:
        """All bytes of a small part."""
        found = b""
        for chunk in self.chunks(part):
            found += chunk
            if len(found) > most_bytes:
                raise DumpError(f"its {part} unpacks to more than {most_bytes >> 20} MB; {ADVICE}")
        return found

    def rows(self, part: str) -> Iterator[bytes]:
        """The XML of each row of a part, and last what stands behind them."""
        yield from self.pieces(part, _ROW_END)

    def pieces(self, part: str, end: re.Pattern[bytes]) -> Iterator[bytes]:
        """What stands before each end mark, and last what stands behind all."""
        held, searched = b"", 0
        for chunk in self.chunks(part):
            held += chunk
            place = 0
            for match in end.finditer(held, max(searched - _LONGEST_END, 0)):
                yield held[place : match.start()]
                place = match.end()
            held = held[place:]
            searched = len(held)
            if searched > LIMIT_ROW_BYTES:
                raise DumpError(f"has a row or text of more than {LIMIT_ROW_BYTES >> 20} MB, which no article is")
        yield held


ADVICE = "split it, or save each sheet as CSV, of which any size is read"
_LONGEST_END = 200
"""Bytes of an end mark, which may be cut."""


def attribute(tag: bytes, name: bytes) -> str:
    """The value of an attribute of a tag; '' where it is absent."""
    match = re.search(rb"\s" + name + rb"""\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag)
    return html.unescape((match[1] or match[2] or b"").decode("utf-8", "replace")) if match else ""


def relations(data: bytes) -> dict[str, str]:
    """Id -> target, of a part of relations."""
    return {attribute(tag, b"Id"): attribute(tag, b"Target") for tag in _RELATION.findall(data)}


def _damaged(error: Exception) -> DumpError:
    return DumpError(f"the workbook is truncated or damaged ({error}); ask for it again")
