"""A page in HTML as a stream of UTF-8, whatever it is written in."""

from __future__ import annotations

import codecs
import io
from typing import BinaryIO

from etl.formats.common.encoding import bom_codec, is_utf8_codec, sniff
from etl.formats.common.markup_codecs import stated_codec
from etl.formats.common.utf8_damage import is_about_utf8

HEAD_BYTES = 65_536
CHUNK_BYTES = 1 << 16


def as_utf8(stream: BinaryIO, declared: str | None) -> io.BufferedReader:
    """A page in UTF-8. Its codec is as `codec_of_page` finds it; a byte that is not in it is U+FFFD."""
    return io.BufferedReader(_Recoded(stream, declared), CHUNK_BYTES)


def codec_of_page(head: bytes, declared: str | None) -> str:
    """The codec of a page that begins so: that of the byte order mark, else the declared one, else UTF-8 if it fits,
    else what the page states, unless that is UTF-8, else the best guess. Raises DumpError where none fits."""
    if bom_codec(head) or declared or is_about_utf8(head):
        return sniff(head, declared)
    stated = stated_codec(head)
    return stated if stated and not is_utf8_codec(stated) else sniff(head, None)


class _Recoded(io.RawIOBase):
    """A page as UTF-8."""

    def __init__(self, stream: BinaryIO, declared: str | None) -> None:
        self._stream, self._left = stream, b""
        head = stream.read(HEAD_BYTES)
        self._decoder = codecs.getincrementaldecoder(codec_of_page(head, declared))("replace")
        self._left = self._coded(head)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._left:
            data = self._stream.read(CHUNK_BYTES)
            self._left = self._coded(data)
            if not data:
                break
        data, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)

    def _coded(self, data: bytes) -> bytes:
        text = self._decoder.decode(data, final=not data)
        return text.removeprefix("\ufeff").replace("\0", "").encode("utf-8", "replace")
