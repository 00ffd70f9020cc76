"""The texts of an old Excel workbook: in the codec of the machine (Excel 5 and 95) or in Unicode, of which a stretch is
written with one byte a letter where that is enough.
"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Iterator, Sequence

from etl.formats.workbook.ole_file import damaged

WESTERN, UNICODE = 1252, 1200
_OF_MACINTOSH, _OTHER_NAMES = 10000, {32768: 10000, 32769: WESTERN}
"""Excel 95 has its own numbers for two code pages."""
_WIDE, _BESIDE, _RICH = 1, 4, 8
_RUN_BYTES = 4


def known_codepage(number: int, is_unicode: bool) -> int:
    """A code page as others know it; that of Western Europe where none is known."""
    number = _OTHER_NAMES.get(number, number)
    if is_unicode:
        return UNICODE
    try:
        codec_of(number)
    except LookupError:
        return WESTERN
    return number


def codec_of(codepage: int) -> str:
    """The codec of a code page. Raises LookupError where there is none."""
    names = {UNICODE: "latin-1", _OF_MACINTOSH: "mac-roman"}
    return codecs.lookup(names.get(codepage, f"cp{codepage}")).name


def name_of_sheet(data: bytes, is_unicode: bool, codec: str) -> str:
    """The name of a sheet, whose length is one byte."""
    return text_of(data[:1] + b"\0" + data[1:], is_unicode, codec)


def text_of(data: bytes, is_unicode: bool, codec: str, more: Sequence[bytes] = ()) -> str:
    """A text that stands in its cell, behind its length; `more`: where it goes on."""
    if len(data) < 2 + is_unicode:
        raise damaged("a text of it is missing")
    (length,) = struct.unpack_from("<H", data)
    if not is_unicode:
        return b"".join((data[2:], *more))[:length].decode(codec, "replace")
    return _Texts((data[2:], *more)).letters(length)


def texts_in(table: bytes, more: Sequence[bytes]) -> Iterator[str]:
    """The texts of the table. Raises DumpError where it holds fewer than it says."""
    if len(table) < 8:
        raise damaged("its table of texts is missing")
    (count,) = struct.unpack_from("<I", table, 4)
    texts = _Texts((table[8:], *more))
    for _ in range(count):
        yield texts.next()


class _Texts:
    """Reads texts one after the other from a record and those in which it goes on."""

    def __init__(self, parts: Sequence[bytes]) -> None:
        self._parts = iter(parts)
        self._part, self._at = next(self._parts), 0

    def next(self) -> str:
        """The next text of the table, without its fonts and how it is read aloud."""
        length, kind = struct.unpack("<HB", self._taken(3))
        runs = struct.unpack("<H", self._taken(2))[0] if kind & _RICH else 0
        beside = struct.unpack("<I", self._taken(4))[0] if kind & _BESIDE else 0
        text = self._letters(length, kind & _WIDE)
        self._skip(runs * _RUN_BYTES + beside)
        return text

    def letters(self, length: int) -> str:
        """A text of that length, before which stands how wide it is."""
        return self._letters(length, self._taken(1)[0] & _WIDE)

    def _letters(self, length: int, wide: int) -> str:
        found = []
        while length:
            if self._at == len(self._part):
                self._go_on()
                wide = self._taken(1)[0] & _WIDE
            count = min(length, (len(self._part) - self._at) >> wide)
            found.append(self._taken(max(count, 1) << wide).decode("utf-16-le" if wide else "latin-1", "replace"))
            length -= max(count, 1)
        return "".join(found)

    def _taken(self, count: int) -> bytes:
        found = self._part[self._at : self._at + count]
        self._at += len(found)
        while len(found) < count:
            self._go_on()
            more = self._part[: count - len(found)]
            self._at, found = len(more), found + more
        return found

    def _skip(self, count: int) -> None:
        while count > len(self._part) - self._at:
            count -= len(self._part) - self._at
            self._go_on()
        self._at += count

    def _go_on(self) -> None:
        part = next(self._parts, None)
        if part is None:
            raise damaged("its table of texts ends within a text")
        self._part, self._at = part, 0
