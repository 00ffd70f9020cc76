"""A dump as a stream of UTF-8 with one kind of line end, whatever it is written in."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import BinaryIO, NamedTuple

from etl.formats.common import streams
from etl.formats.common.encoding import bom_codec, is_utf8_codec, known_codec, sniff, unfit

_HEAD_BYTES = 65_536
_BUFFER_BYTES = 1 << 20
_MARKS_OF_LINE = re.compile(rb"(?<=\n)(?:\xef\xbb\xbf)+")
_CUT_MARK = re.compile(rb"\xef\xbb?\Z")


class Head(NamedTuple):
    """The first bytes of a dump as UTF-8: they decide what all of it means, in whatever stretch it is read."""

    text: bytes
    is_whole: bool
    """Whether they are all of it."""

    @property
    def lines(self) -> list[bytes]:
        """Those of which the end is there."""
        lines = self.text.split(b"\n")
        return lines if self.is_whole else lines[:-1]


class Text(NamedTuple):
    """A dump as UTF-8, and its head."""

    stream: io.BufferedReader
    head: Head


def utf8(stream: BinaryIO, declared: str | None, *, guess: bool = True) -> io.BufferedReader:
    r"""`stream` as UTF-8 bytes with \n line ends and no byte order mark at the start of a line, in bounded memory.

    The codec is that of the mark, else the declared, else sniffed; without `guess`, else UTF-8.
    UTF-8 is handed on unchecked, so that a reader can reject the one bad line. From any other
    codec a byte that does not fit raises DumpError while reading.
    """
    return with_head(stream, declared, guess=guess).stream


def with_head(stream: BinaryIO, declared: str | None, *, guess: bool = True) -> Text:
    """The same, and the head of it."""
    chunks = streams.chunks(stream)
    first = next(chunks, b"")
    raw = first[:_HEAD_BYTES]
    codec = sniff(raw, declared) if guess else known_codec(bom_codec(raw) or declared or "utf-8")
    return Text(_handed_on(chain((first,), chunks), codec), head_of(first, codec))


def head_of(beginning: bytes, codec: str) -> Head:
    """The head of a dump in `codec`, of bytes that it begins with. It may end within a character."""
    raw = beginning[:_HEAD_BYTES]
    text = raw if is_utf8_codec(codec) else raw.decode(codec, "ignore").encode("utf-8", "surrogatepass")
    return Head(unified(text), is_whole=len(raw) < _HEAD_BYTES)


def unified(text: bytes) -> bytes:
    """The same of some UTF-8 that begins with a line."""
    return b"".join(_unmarked(_unified((text,))))


def from_codec(stream: BinaryIO, codec: str) -> io.BufferedReader:
    """The same of a stream in `codec`, whatever it begins with."""
    return _handed_on(streams.chunks(stream), codec)


def _handed_on(chunks: Iterable[bytes], codec: str) -> io.BufferedReader:
    text = _unified(chunks if is_utf8_codec(codec) else _recoded(chunks, codec))
    return io.BufferedReader(_Chunked(_unmarked(text)), _BUFFER_BYTES)


def _recoded(chunks: Iterable[bytes], codec: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(codec)()
    seen = 0
    for chunk in chain(chunks, (b"",)):
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            # The decoder keeps a cut character back: its buffer begins before this chunk.
            raise unfit(codec, seen + len(chunk) - len(error.object) + error.start, error) from None
        seen += len(chunk)
        yield text.encode("utf-8", "surrogatepass")


def _unified(chunks: Iterable[bytes]) -> Iterator[bytes]:
    held = b""
    for chunk in chunks:
        if held or b"\r" in chunk:
            chunk = held + chunk
            held = b"\r" if chunk.endswith(b"\r") else b""  # perhaps half of a CRLF
            chunk = chunk[: len(chunk) - len(held)].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if chunk:
            yield chunk
    if held:
        yield b"\n"


def _unmarked(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Without the byte order marks at starts of lines: of the file, and of those that were joined to it."""
    held, begins_line = b"", True
    for chunk in chain(chunks, (b"",)):
        is_last = not chunk
        chunk, held = held + chunk, b""
        if begins_line:
            while chunk.startswith(codecs.BOM_UTF8):
                chunk = chunk[len(codecs.BOM_UTF8) :]
        if b"\xef" in chunk and codecs.BOM_UTF8 in chunk:  # one byte is found much faster
            chunk = _MARKS_OF_LINE.sub(b"", chunk)
        if not is_last and (cut := _CUT_MARK.search(chunk, max(0, len(chunk) - 8))):
            chunk, held = chunk[: cut.start()], chunk[cut.start() :]
        if chunk:
            begins_line = chunk.endswith(b"\n")
            yield chunk


class _Chunked(io.RawIOBase):
    """An iterator of bytes as a raw stream."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._rest:
            self._rest = memoryview(next(self._chunks, b""))
        part = self._rest[: len(buffer)]
        self._rest = self._rest[len(part) :]
        buffer[: len(part)] = part
        return len(part)
