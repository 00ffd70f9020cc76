"""LexisNexis in Word: many articles a file, after a cover page with the list of them.

Layout of Lexis Advance and Nexis Uni (since about 2015): centred on the page headline, publication and date with the
edition; then copyright, labelled fields, `Body`, the text, perhaps `Classification` and more fields, and last the
words `End of Document`, which may be broken over several runs. The cover states `Documents (50)`. Only the text of
word/document.xml is read: no macros, links or pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from etl.formats.common.word_file import document_xml
from etl.formats.vendor import nexis_marks, nexis_paragraphs
from etl.formats.vendor.labels import field_of
from etl.formats.vendor.nexis_head import Block
from etl.model import DumpError, Feed, Piece

FEWEST_LABELS = 3
"""Of different fields: a document of anybody's may have one or two such lines."""
MOST_PARAGRAPHS = 250_000
"""Far more than the largest export has: 500 articles."""

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACES = {f"{_WORD}br": "\n", f"{_WORD}cr": "\n", f"{_WORD}tab": "\t"}
_CENTRED = f"{_WORD}pPr/{_WORD}jc[@{_WORD}val='center']"
_OF_NEXIS = re.compile(r"\b(?:Lexis ?Nexis|Nexis Uni|Lexis\+|Load-Date)|^\s*Body\s*$", re.IGNORECASE)
_PARAGRAPH_END = re.compile(rb"</w:p>")
_RUN = re.compile(rb"<w:t(?: [^<>]*)?>([^<]*)</w:t>")


def recognise(head: bytes, name: str) -> float:
    """By the parts of a Word file: no other format here is one."""
    return 0.9 if head.startswith(b"PK\x03\x04") and b"word/" in head else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The paragraphs that, with all tags removed, end a document; or the labels between two of them, if more."""
    return nexis_marks.in_paragraphs(_texts(document_xml(stream)))


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each article, a Reject for what takes the place of one, and the total that the cover states.

    Raises DumpError where it is not a Word file, or no document ends in it.
    """
    placed = ((f"paragraph {number}", block) for number, block in enumerate(_paragraphs(stream), start=1))
    yield from nexis_paragraphs.pieces(placed, _why_none)


def _why_none(blocks: list[Block]) -> str:
    """Why no article is found, and what to do: an export of another kind, or a document of anybody's."""
    labels = {label for block in blocks if (label := field_of(nexis_paragraphs.split(block.text)[0]))}
    if len(labels) >= FEWEST_LABELS or any(_OF_NEXIS.search(block.text) for block in blocks):
        return (
            "holds no line `End of Document`; expected one after each article; export the full documents from Nexis "
            "as Word (docx) again"
        )
    return (
        "is a Word document, but not an export of Nexis, the only kind that is read (no line `End of Document`); save "
        "it as HTML, one article a file"
    )


def _texts(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The text of each paragraph, without its tags."""
    held = b""
    for chunk in chunks:
        *paragraphs, held = _PARAGRAPH_END.split(held + chunk)
        yield from (b"".join(_RUN.findall(paragraph)) for paragraph in paragraphs)


def _paragraphs(stream: BinaryIO) -> Iterator[Block]:
    """Every paragraph, breaks as line ends. Text boxes and deleted text are left out."""
    parser = etree.XMLPullParser(
        ("end",), tag=f"{_WORD}p", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    left = MOST_PARAGRAPHS
    try:
        for chunk in document_xml(stream):
            parser.feed(chunk)
            for _, element in parser.read_events():
                if not _is_boxed(element):
                    yield Block(_text(element), element.find(_CENTRED) is not None)
                    _forget(element)
                left -= 1
            if left < 0:
                raise DumpError(f"has more than {MOST_PARAGRAPHS:,} paragraphs, which no export has; split it")
        parser.close()
    except etree.XMLSyntaxError as error:
        raise DumpError(f"its word/document.xml is not well-formed XML: {error}; export it again") from None


def _is_boxed(element: etree._Element) -> bool:
    return next(element.iterancestors(f"{_WORD}txbxContent"), None) is not None


def _forget(element: etree._Element) -> None:
    """Free the memory of a paragraph and of all before it."""
    element.clear(keep_tail=True)
    while element.getprevious() is not None:
        del element.getparent()[0]


def _text(paragraph: etree._Element) -> str:
    has_box = paragraph.find(f".//{_WORD}txbxContent") is not None
    found = (part for part in paragraph.iter(f"{_WORD}t", *_SPACES) if not (has_box and _is_boxed(part)))
    return "".join(_SPACES.get(str(part.tag)) or part.text or "" for part in found)
