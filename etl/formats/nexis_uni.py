"""LexisNexis as text of the newer kind: many articles a file, after a cover page with the list of them.

What Lexis Advance and Nexis Uni write into RTF and PDF (`Download`, then RTF or PDF, full documents), in the layout of
their Word files: centred on the page headline, publication and date with the edition; then copyright, labelled fields,
`Body`, the text, perhaps `Classification` and more fields, and last the words `End of Document`. The cover states
`Documents (50)`. A paragraph is a line; what is centred is indented. Written from the layout of the Word files: no real
RTF or PDF of this kind was at hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from etl.formats.common.encoding import decode_head, unify_newlines
from etl.formats.common.markup import read_whole
from etl.formats.common.whole_text import read_text
from etl.formats.vendor import nexis_marks, nexis_paragraphs
from etl.formats.vendor.labels import field_of
from etl.formats.vendor.nexis_head import Block
from etl.model import Feed, Piece

INDENT = 8
HEAD_FIELDS = ("length", "section", "byline")

_LINE = re.compile(rb"[^\n]+")


def recognise(head: bytes, name: str) -> float:
    """By a centred line, a length, a section or an author below it, and a line `Body` or `End of Document`."""
    blocks = [block for _, block in _placed(unify_newlines(decode_head(head)))]
    first = next((at for at, block in enumerate(blocks) if block.is_centred), len(blocks))
    after = blocks[first:]
    has_field = any(field_of(nexis_paragraphs.split(block.text)[0]) in HEAD_FIELDS for block in after)
    has_part = any(field_of(block.text) == "body" or nexis_paragraphs.is_end(block.text) for block in after)
    return 0.9 if has_field and has_part else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The lines that end a document; or the labels between two of them, if more."""
    data = read_whole(stream).replace(b"\r", b"\n")
    return nexis_marks.in_paragraphs(line[0].strip() for line in _LINE.finditer(data))


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each article, a Reject for what takes the place of one, and the total that the cover states.

    Raises DumpError where no document ends in it, or it is not text.
    """
    text, doubts = read_text(stream, feed.encoding)
    yield from doubts
    yield from nexis_paragraphs.pieces(_placed(text), _why_none)


def _placed(text: str) -> Iterator[tuple[str, Block]]:
    """The filled lines of a text, each with its place."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield f"line {number}", Block(line.strip(), is_centred=line[:INDENT].isspace() and len(line) > INDENT)


def _why_none(_blocks: list[Block]) -> str:
    return (
        "holds no line `End of Document`; expected one after each article; export the full documents from Nexis as "
        "Word (docx) or RTF again"
    )
