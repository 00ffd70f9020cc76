"""The text of a Rich Text file (RTF), as if it had been delivered as plain text.

By the specification of RTF 1.9.1. A paragraph is a line, centred ones are indented as on a page of 80 columns, other
headings are marked, cells of a table are separated by tabs, a page break is an empty line, and a footnote is in
brackets where it is called. What is not the text itself is left out: headers and footers, pictures, hidden text, text
boxes, the targets of links. Nothing is held but the paragraph that is being read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from etl.intake.rich_text_document import Document, RichTextError

_CHUNK = 1 << 20
_LONGEST_TOKEN = 64
_TOKEN = re.compile(
    rb"(?P<text>[^{}\\\r\n\0]+)|\\(?P<word>[A-Za-z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<hex>[0-9A-Fa-f]{2})"
    rb"|(?P<open>\{)|(?P<close>\})|\\(?P<symbol>[^A-Za-z])|[\r\n\0]+|\\"
)


def text_of(stream: BinaryIO) -> Iterator[str]:
    """The text of the file, in pieces. Raises RichTextError where it is cut off, or made to overwhelm."""
    document = Document()
    data, is_end = b"", False
    while not is_end:
        chunk = stream.read(_CHUNK)
        is_end = not chunk
        data = _rest(document, data + chunk, stream, is_end)
        yield document.passed_on()
    if document.levels:
        raise RichTextError(f"{len(document.levels):,} of its groups are not closed")
    document.end_paragraph("")
    yield document.passed_on()


def _rest(document: Document, data: bytes, stream: BinaryIO, is_end: bool) -> bytes:
    """Read the tokens of some data. Returns what is left of it: a token that may go on in what follows."""
    at = 0
    while at < len(data):
        at, binary = _read(document, data, at, is_end)
        if not binary:
            return data[at:]
        at += binary
    _skip(stream, at - len(data))
    return b""


def _read(document: Document, data: bytes, at: int, is_end: bool) -> tuple[int, int]:
    """Read tokens up to where the data ends, or binary data begins. Returns where, and how long the latter is."""
    for token in _TOKEN.finditer(data, at):
        if not is_end and token.end() > len(data) - _LONGEST_TOKEN and data[token.start()] == _BACKSLASH:
            return token.start(), 0
        if token["word"] == b"bin":
            return token.end(), max(0, int(token["number"] or 0))
        document.take(token)
    return len(data), 0


_BACKSLASH = ord("\\")


def _skip(stream: BinaryIO, count: int) -> None:
    while count > 0 and (data := stream.read(min(count, _CHUNK))):
        count -= len(data)
