"""The properties of a message of Outlook, or of what is attached to it: numbers in one stream, each text in its own.

Layout: [MS-OXMSG]. The name of a stream is its property's number and type; letters are UTF-16, or 8-bit in a code page
that other properties state.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

from etl.formats.workbook.ole_file import Entry, Ole
from etl.text_codecs import text_codec

TOP_BYTES = 32
"""Before the properties of the message that is the file."""
_EMBEDDED_BYTES, _OTHER_BYTES = 24, 8
_NUMBERS = "__properties_version1.0"
_INTEGER, _TIME = 0x0003, 0x0040
_UNICODE, _LETTERS, _BINARY, _OBJECT = "001F", "001E", "0102", "000D"
_CODE_PAGE, _INTERNET_CODE_PAGE = 0x3FFD, 0x3FDE
_UTF_16 = "utf-16-le"
_USUAL = "cp1252"
_CODECS = {
    1200: _UTF_16,
    1201: "utf-16-be",
    10000: "mac_roman",
    20127: "ascii",
    20866: "koi8-r",
    20932: "euc_jp",
    20936: "gb2312",
    21866: "koi8-u",
    38598: "iso8859-8",
    50220: "iso2022_jp",
    50221: "iso2022_jp",
    50222: "iso2022_jp",
    50225: "iso2022_kr",
    51932: "euc_jp",
    51936: "gb2312",
    51949: "euc_kr",
    52936: "hz",
    54936: "gb18030",
    65001: "utf-8",
}
"""By the number of a code page, where Python has another name than that number."""
_LATIN_1 = 28591


class Properties:
    """What is known of a message or an attachment."""

    def __init__(self, ole: Ole, entries: Mapping[str, Entry], head_bytes: int, codec: str = "") -> None:
        """`codec` is that of the message, for the properties of what is attached to it. Raises DumpError where they are
        damaged."""
        self.entries = entries
        self._ole = ole
        data = ole.read(entries[_NUMBERS])[head_bytes:] if self.is_message else b""
        whole = data[: len(data) // 16 * 16]
        self._numbers = {tag: value for tag, value in struct.iter_unpack("<I4x8s", whole) if tag & 0xFFFF in _FIXED}
        pages = [self.number(_CODE_PAGE), self.number(_INTERNET_CODE_PAGE)]
        self._codec = next(filter(None, map(_codec, pages)), codec)
        self._page_codec = next(filter(None, map(_codec, reversed(pages))), codec)

    @property
    def is_message(self) -> bool:
        """Whether it has properties at all, as a message has, and nothing else that may be embedded."""
        return _NUMBERS in self.entries

    def number(self, number: int) -> int | None:
        """An integer; None where it is not there."""
        data = self._numbers.get(number << 16 | _INTEGER)
        return None if data is None else int.from_bytes(data[:4], "little")

    def moment(self, number: int) -> int | None:
        """A time, in tenths of a microsecond since 1601; None where it is not there."""
        data = self._numbers.get(number << 16 | _TIME)
        return None if data is None else int.from_bytes(data, "little")

    def text(self, number: int) -> str:
        """A text; '' where it is not there. Raises DumpError where it is damaged."""
        data, codec = self.letters(number)
        return (data or b"").decode(codec or _USUAL, "replace")

    def letters(self, number: int) -> tuple[bytes | None, str]:
        """A text as bytes and their codec, which is '' where it is not known; None where it is not there."""
        for kind, codec in ((_UNICODE, _UTF_16), (_LETTERS, self._codec), (_BINARY, self._page_codec)):
            data = self._stream(number, kind)
            if data is not None and codec == _UTF_16:
                return data.decode(codec, "replace").rstrip("\0").encode(), "utf-8"
            if data is not None:
                return data.rstrip(b"\0"), codec
        return None, ""

    def content(self, number: int) -> bytes | None:
        """The bytes of a file; None where it is not there."""
        return self._stream(number, _BINARY)

    def inside(self, name: str) -> Properties:
        """The properties of something that is attached. Ask once for each."""
        return Properties(self._ole, self._ole.within(self.entries[name]), _OTHER_BYTES, self._codec)

    def embedded(self, number: int) -> Properties | None:
        """The properties of a message that is attached, or of something else that is embedded; None where it is not
        there. Ask once."""
        entry = self.entries.get(_name(number, _OBJECT))
        if entry is None or entry.is_stream:
            return None
        return Properties(self._ole, self._ole.within(entry), _EMBEDDED_BYTES, self._codec)

    def _stream(self, number: int, kind: str) -> bytes | None:
        entry = self.entries.get(_name(number, kind))
        return self._ole.read(entry) if entry and entry.is_stream else None


_FIXED = frozenset((_INTEGER, _TIME))


def _name(number: int, kind: str) -> str:
    return f"__substg1.0_{number:04X}{kind}"


def _codec(page: int | None) -> str:
    """What a code page is called here; '' where it is not known."""
    if page is None:
        return ""
    is_latin = _LATIN_1 <= page < _LATIN_1 + 16
    return text_codec(f"iso8859-{page - _LATIN_1 + 1}" if is_latin else _CODECS.get(page, f"cp{page}")) or ""
