"""The text that a person sees in a file, found without knowing its layout: by no reader, and the same way for all.

Markup without tags and scripts, and without the menus and links of a page; the strings of JSON; the text columns of
Parquet; anything else as it stands. Which of these it is, its first bytes say. Long files are taken in chunks, which
may cost a word where they are cut: this is for counting, not for reading.
"""

from __future__ import annotations

import codecs
import html
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from etl.formats.common.encoding import bom_codec, sniff
from etl.formats.common.markup_codecs import stated_codec
from etl.formats.common.parquet_ranges import groups_within
from etl.model import DumpError, Range

CHUNK_BYTES = 4 << 20
HEAD_BYTES = 65_536
ROWS = 1_000

_TEXT_PARTS = ("word/document.xml", "xl/sharedStrings.xml", "content.xml")
"""What has the text of a document, a workbook, an OpenDocument."""
_SHARES = 1024
"""A share is a whole number of these parts: then sums are exact, in whatever stretches a file is read."""
_FIRST_UNSPACED = "\u0e00"
_SHORT_CHARACTERS = 200
_CHARACTERS_A_WORD = 6
_MOST_NULS = 0.05
"""Of a page; UTF-16 has far more."""
_UNSEEN = re.compile(
    rb"<!--.*?-->|<(script|style|template|noscript|svg|head|nav|select|button|a(?=\s[^>]*?href))\b"
    rb"(?:(?<!/)>|[^>]*[^/]>).*?</\1\s*>",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(rb"<!\[CDATA\[|\]\]>|<[/!?a-zA-Z][^>]*>")
_INDENTATION = re.compile(rb"^[ \t]+", re.MULTILINE)
_NUMBERS = re.compile(rb"\[[-+\d.eE,\s]{40,}")
_ESCAPED_UNSPACED = re.compile(rb"\\u(?:[3-9a-dA-D]|0[eE])")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_ESCAPED_SPACE = re.compile(r"\\[nrtbf]")

_BLANK_ROW = re.compile(rb"\n[\"' \t]*+[,;|][,;|\"' \t]*+(?=\r?\n|\r?\Z)")
"""Of a table: what spreadsheets write below it."""

Count = Callable[[str], int]


class Visible(NamedTuple):
    """What is seen in a file: its words, and its text as long as that is not too long to be kept."""

    words: float
    """Of JSON, with fractions: the words of its stretches add up to those of the whole."""
    text: str | None


def look(stream: BinaryIO, most_bytes: int, beginning: bytes = b"", stretch: Range | None = None) -> Visible | None:
    """The words of a file, and its text where it has no more than `most_bytes`.

    None where it holds nothing that could be counted, as a web archive, whose pages are mostly menus. `beginning`: that
    of the file of which this is a later stretch, for it tells what all of it is. Of Parquet, all of which is needed to
    read any of it, the row groups in the `stretch`.
    """
    head = stream.read(HEAD_BYTES)
    beginning = beginning[:HEAD_BYTES] or head
    if is_json(beginning):
        return _of_json(head, stream, most_bytes, _Notation.of(beginning))
    texts = _texts(head, stream, beginning, stretch)
    if texts is None:
        return None
    words, kept = 0, io.StringIO()
    for data in texts:
        text = data.decode("utf-8", "replace")
        words += len(text.split()) + _unspaced_bytes(data)
        if kept.tell() <= most_bytes:
            kept.write(text)
    return Visible(words, kept.getvalue() if kept.tell() <= most_bytes else None)


def counter(head: bytes) -> Count:
    """What counts the words of a record as those of its file, which begins with `head`, are counted."""
    return count_spaces if is_json(head) else count_words


def count_words(text: str) -> int:
    """The words of a text; of scripts without spaces, each character counts."""
    return len(text.split()) + _unspaced(text)


def count_spaces(text: str) -> int:
    """About as many as there are words: much faster, and good enough for many long texts."""
    if len(text) < _SHORT_CHARACTERS and text.isascii():
        return len(text) // _CHARACTERS_A_WORD
    return text.count(" ") + _unspaced(text)


def is_json(head: bytes) -> bool:
    """Whether a file that begins so is JSON, as far as its first character shows."""
    return head.lstrip()[:1] in (b"{", b"[")


def _unspaced(text: str) -> int:
    if text.isascii() or max(text[:_SHORT_CHARACTERS]) < _FIRST_UNSPACED:
        return 0
    return _unspaced_bytes(text.encode("utf-8", "replace"))


def _unspaced_bytes(data: bytes) -> int:
    """The first bytes, in UTF-8, of characters of scripts without spaces (and of a few others): E0, E1, E3 to ED."""
    if data.isascii():
        return 0
    found = np.frombuffer(data, np.uint8)
    return int(np.count_nonzero(found - np.uint8(0xE3) <= 0xED - 0xE3) + np.count_nonzero(found & 0xFE == 0xE0))


def _texts(head: bytes, stream: BinaryIO, beginning: bytes, stretch: Range | None) -> Iterator[bytes] | None:
    """The visible text of anything but JSON, in UTF-8, in chunks; None where there is none."""
    if beginning.startswith(b"PAR1"):
        return _of_columns(head, stream, stretch)
    if beginning.startswith(b"PK\x03\x04"):
        return _of_document(head, stream)
    if beginning.startswith((b"WARC/", b"filedesc:")) or _is_binary(beginning):
        return None
    return _visible(head, stream, beginning)


def _is_binary(head: bytes) -> bool:
    """Whether its NUL bytes show that it is not text; a page that was saved with a few is a page."""
    nuls = head.count(b"\0")
    is_page = head.lstrip()[:1] == b"<" and nuls <= _MOST_NULS * len(head)
    return nuls > 0 and not is_page and not bom_codec(head)


def _chunks(head: bytes, stream: BinaryIO, end: bytes) -> Iterator[bytes]:
    """A file in chunks, each up to the last `end` in it if it has one."""
    held = head
    while chunk := stream.read(CHUNK_BYTES):
        data = held + chunk
        cut = data.rfind(end) + len(end) if end in data else len(data)
        yield data[:cut]
        held = data[cut:]
    yield held


def _visible(head: bytes, stream: BinaryIO, beginning: bytes) -> Iterator[bytes]:
    """Markup without its tags, or plain text."""
    codec, is_markup = _codec(beginning), _is_markup(beginning)
    wide = codec is not None and codec.startswith("utf-")
    chunks = _chunks(head, stream, b"\n" if not is_markup or wide else b">")
    texts = chunks if codec is None else _recoded(chunks, codec)
    texts = (data.replace(b"\0", b"") for data in texts)
    return map(_without_tags if is_markup else _without_blank_rows, texts)


def _is_markup(head: bytes) -> bool:
    start = head[:100].replace(b"\0", b"").removeprefix(codecs.BOM_UTF8)
    return start.lstrip(b"\xff\xfe \t\r\n")[:1] == b"<"


def _codec(head: bytes) -> str | None:
    """The codec of a text that is not UTF-8."""
    if codec := bom_codec(head):
        return None if codec == "utf-8-sig" else codec
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        try:
            return stated_codec(head) or sniff(head, None)
        except DumpError:
            return "latin-1"
    return None


def _recoded(chunks: Iterable[bytes], codec: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(codec)("replace")
    for chunk in chunks:
        yield decoder.decode(chunk).encode("utf-8", "replace")


def _without_tags(data: bytes) -> bytes:
    text = _TAG.sub(b" ", _UNSEEN.sub(_its_lines, data))
    return html.unescape(text.decode("utf-8", "replace")).encode("utf-8", "replace") if b"&" in text else text


def _without_blank_rows(data: bytes) -> bytes:
    return _BLANK_ROW.sub(b"\n", b"\n" + data)[1:]


def _its_lines(found: re.Match[bytes]) -> bytes:
    return b" " + b"\n" * found[0].count(b"\n")


class _Notation(NamedTuple):
    """What of JSON is not words: how it is written, its beginning shows, and of it all it is gone through but once."""

    share: float
    """Of its spaces."""
    is_indented: bool
    has_numbers: bool
    """Whether it has long lists of them."""

    @classmethod
    def of(cls, beginning: bytes) -> _Notation:
        """That of a file with this beginning."""
        is_indented, has_numbers = b"\n " in beginning or b"\n\t" in beginning, bool(_NUMBERS.search(beginning))
        sample = cls(0, is_indented, has_numbers).without_layout(beginning)
        spaces = sample.count(b'": ') + sample.count(b'", "') + sample.count(b"}, {")
        return cls(spaces * _SHARES // max(sample.count(b" "), 1) / _SHARES, is_indented, has_numbers)

    def without_layout(self, data: bytes) -> bytes:
        """JSON without indentation and lists of numbers."""
        data = _INDENTATION.sub(b"", data) if self.is_indented else data
        return _NUMBERS.sub(b"[", data) if self.has_numbers else data

    def words(self, data: bytes) -> float:
        """About as many as are in a part of the file, by its spaces."""
        data = self.without_layout(data)
        spaces = int(np.count_nonzero(np.frombuffer(data, np.uint8) == ord(" ")))
        escaped = len(_ESCAPED_UNSPACED.findall(data)) if b"\\u" in data else 0
        return spaces * (1 - self.share) + escaped + _unspaced_bytes(data)


def _of_json(head: bytes, stream: BinaryIO, most_bytes: int, notation: _Notation) -> Visible:
    words, kept, kept_bytes = 0.0, [], 0
    for data in _chunks(head, stream, b"\n"):
        words += notation.words(data)
        kept_bytes += len(data)
        if kept_bytes <= most_bytes:
            kept.append(data)
    return Visible(words, _spelt(b"".join(kept).decode("utf-8", "replace")) if kept_bytes <= most_bytes else None)


def _spelt(text: str) -> str:
    """JSON as it would be read aloud, roughly: escapes are what they stand for, strings stand apart."""
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "\\u" in text else text
    text = _ESCAPED_SPACE.sub(" ", text).replace('\\"', "\x01").replace('"', ' " ').replace("\x01", '"')
    return text.replace("\\/", "/").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _of_columns(head: bytes, stream: BinaryIO, stretch: Range | None) -> Iterator[bytes]:
    file = pq.ParquetFile(stream if stretch else io.BytesIO(head + stream.read()))  # what can be cut, can be sought in
    groups = groups_within(file, stretch) if stretch else None
    for batch in file.iter_batches(ROWS, row_groups=groups):
        yield "\n".join(text for column in batch.columns for text in _strings(column)).encode("utf-8", "replace")


def _strings(array: Any) -> Iterator[str]:
    """The texts of a column, however it is nested."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        yield from _strings(array.dictionary_decode())
    elif pa.types.is_list(kind) or pa.types.is_large_list(kind):
        yield from _strings(array.flatten())
    elif pa.types.is_struct(kind):
        for column in array.flatten():
            yield from _strings(column)
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
        yield from filter(None, array.to_pylist())
    elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        with suppress(pa.ArrowInvalid):  # bytes that are not text, such as pictures
            yield from filter(None, array.cast(pa.large_string()).to_pylist())


def _of_document(head: bytes, stream: BinaryIO) -> Iterator[bytes] | None:
    """The text of a document of a word processor, or of the cells of a workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(head + stream.read())) as document:
            part = next(name for name in _TEXT_PARTS if name in document.namelist())
            data = document.read(part)
    except (zipfile.BadZipFile, zlib.error, StopIteration, NotImplementedError, RuntimeError, EOFError):
        return None  # what is wrong with it, the reader says
    return iter([_without_tags(data)])
