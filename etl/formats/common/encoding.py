"""Bytes to text: byte order mark, then what is declared, then UTF-8, then the best guess."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import BinaryIO

from etl.formats.common import streams
from etl.model import DumpError
from etl.text_codecs import text_codec

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAINFRAMES_DOS_AND_MACS = """
cp037 cp1006 cp1026 cp1125 cp1140 cp273 cp424 cp437 cp500 cp720 cp737 cp775 cp850 cp857 cp858 cp860 cp861 cp862 cp863
cp864 cp865 cp869 hp_roman8 johab kz1048 mac_croatian mac_farsi mac_greek mac_iceland mac_latin2 mac_roman mac_romanian
mac_turkish ptcp154
"""
_NEVER_GUESSED = _MAINFRAMES_DOS_AND_MACS.split()
"""Codecs that hardly any dump uses, but that fit as well as any other where few letters have accents."""
_BUFFER_BYTES = 1 << 20
_HEAD = 65_536
_ADVICE = "set `encoding` of the feed in sources.toml to the right codec"


def bom_codec(head: bytes) -> str | None:
    """The codec that the byte order mark at the start of `head` stands for; None without one."""
    return next((codec for bom, codec in _BOMS if head.startswith(bom)), None)


def decode(data: bytes, declared: str | None) -> str:
    """All of `data` as text, line ends as they stood.

    Raises DumpError when the declared codec does not fit, when no codec fits, and on NUL bytes.
    """
    text = _decoded(data, bom_codec(data) or declared)
    if "\0" in text:
        raise DumpError(
            f"holds NUL bytes at character {text.index(chr(0)):,}, so it is not text; "
            "if it is UTF-16 without a byte order mark, set `encoding` of the feed in sources.toml"
        )
    return text


def sniff(head: bytes, declared: str | None) -> str:
    """The codec for reading a stream that begins with `head`, which may end within a character.

    Raises DumpError when `declared` is not a codec, or no codec fits.
    """
    named = bom_codec(head) or declared
    if named:
        return _known(named)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        # Whole lines only: half a character at the end would mislead the guess.
        return _guess(head[: head.rfind(b"\n") + 1] or head)
    return "utf-8"


def decode_head(head: bytes) -> str:
    """The text that a file begins with, by the codec that fits; '' where none does. It may end within a character."""
    try:
        return head.decode(sniff(head, None), "ignore")
    except DumpError:
        return ""


def with_ascii_tags(data: bytes) -> bytes:
    """Bytes in which the tags of markup are ASCII: those with a byte order mark (UTF-16, UTF-32, UTF-8) as UTF-8."""
    codec = bom_codec(data)
    return data.decode(codec, "ignore").encode() if codec else data


def unify_newlines(text: str) -> str:
    r"""`text` with every line end (CRLF, CR) as \n."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def utf8(stream: BinaryIO, declared: str | None, *, guess: bool = True) -> io.BufferedReader:
    r"""`stream` as UTF-8 bytes with \n line ends and no byte order mark, in bounded memory.

    The codec is that of the mark, else the declared, else sniffed; without `guess`, else UTF-8.
    UTF-8 is handed on unchecked, so that a reader can reject the one bad line. From any other
    codec a byte that does not fit raises DumpError while reading.
    """
    chunks = streams.chunks(stream)
    first = next(chunks, b"")
    head = first[:_HEAD]
    codec = sniff(head, declared) if guess else _known(bom_codec(head) or declared or "utf-8")
    plain = codecs.lookup(codec).name in ("utf-8", "utf-8-sig")
    if plain:
        first = first.removeprefix(codecs.BOM_UTF8)
    chunks = chain((first,), chunks)
    return io.BufferedReader(_Chunked(_unified(chunks if plain else _recoded(chunks, codec))), _BUFFER_BYTES)


def _decoded(data: bytes, codec: str | None) -> str:
    if codec is None:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            codec = _guess(data)
    try:
        return data.decode(_known(codec))
    except UnicodeDecodeError as error:
        raise _unfit(codec, error.start, error) from None


def _known(codec: str) -> str:
    if text_codec(codec) is None:
        raise DumpError(f"there is no text encoding {codec!r}; {_ADVICE}, such as utf-8 or cp1252")
    return codec


def _unfit(codec: str, offset: int, error: UnicodeDecodeError) -> DumpError:
    found = error.object[error.start : error.start + 4].hex(" ")
    return DumpError(f"is not {codec}: found {found} at byte {offset:,} ({error.reason}); {_ADVICE}")


def _guess(data: bytes) -> str:
    """The likeliest codec of text that is not UTF-8."""
    if _barely_accented(data):
        return "cp1252"
    from charset_normalizer import from_bytes  # slow to import, and seldom needed

    matches = from_bytes(data, cp_exclusion=_NEVER_GUESSED)
    best = matches.best()
    if best is None:
        raise DumpError(f"is not UTF-8, and no other text encoding could be recognised; {_ADVICE}")
    # Western text fits several codecs equally well; then take the one in common use.
    as_good = any(
        match.encoding == "cp1252" and match.chaos <= best.chaos and match.coherence > best.coherence - 0.02
        for match in matches
    )
    return "cp1252" if as_good or "cp1252" in best.could_be_from_charset else best.encoding


def _barely_accented(data: bytes) -> bool:
    """Whether so few and isolated bytes are not ASCII (a pound sign, an apostrophe) that a guess by
    letter frequency is a lottery, while Windows' Western codec fits."""
    high = re.findall(rb"[\x80-\xff]+", data)
    if len(high) * 50 > len(data) or any(len(run) > 1 for run in high):
        return False
    return not re.search(rb"[\x81\x8d\x8f\x90\x9d]", data)  # not assigned in cp1252


def _recoded(chunks: Iterable[bytes], codec: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(codec)()
    seen = 0
    for chunk in chain(chunks, (b"",)):
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            # The decoder keeps a cut character back: its buffer begins before this chunk.
            raise _unfit(codec, seen + len(chunk) - len(error.object) + error.start, error) from None
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
