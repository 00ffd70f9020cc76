"""LexisNexis in Word: many articles a file, after a cover page with the list of them.

Layout of Lexis Advance and Nexis Uni (since about 2015): centred on the page headline, publication and date with the
edition; then copyright, labelled fields, `Body`, the text, perhaps `Classification` and more fields, and last the
words `End of Document`, which may be broken over several runs. The cover states `Documents (50)`. Only the text of
word/document.xml is read: no macros, links or pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from lxml import etree

from etl.formats.common.pieces import guarded, without_empty
from etl.formats.common.word_file import document_xml
from etl.formats.vendor import nexis, nexis_marks
from etl.formats.vendor.labels import DOCUMENTS, END_OF_DOCUMENT, field_of
from etl.formats.vendor.nexis_head import Block, split_head
from etl.model import Declared, DumpError, Feed, Piece, Reject, Skip

FEWEST_LABELS = 3
"""Of different fields: a document of anybody's may have one or two such lines."""
MOST_PARAGRAPHS = 250_000
"""Far more than the largest export has: 500 articles."""

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACES = {f"{_WORD}br": "\n", f"{_WORD}cr": "\n", f"{_WORD}tab": "\t"}
_CENTRED = f"{_WORD}pPr/{_WORD}jc[@{_WORD}val='center']"
_DECLARED = re.compile(rf"\s*(?:{DOCUMENTS})\s*\((\d{{1,6}})\)\s*", re.IGNORECASE)
_LABEL = re.compile(r"([^\W\d_][^:\n]*?):\s*")
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
    pieces = held = 0
    blocks: list[Block] = []
    for number, block in enumerate(_paragraphs(stream), start=1):
        if not pieces and (declared := _DECLARED.fullmatch(block.text)):
            yield Declared(int(declared[1]))
        if not _is_end(block.text):
            blocks.append(block)
            continue
        pieces += 1
        position = f"paragraph {held + 1}"
        if pieces == 1 and nexis.is_cover(cover := _cover(blocks)):
            yield Skip(position, "cover page", cover)
        yield guarded(partial(_piece, blocks, position, pieces == 1), position, partial(_as_text, blocks))
        blocks, held = [], number
    if not pieces:
        raise DumpError(_why_none(blocks))
    if any(block.text.strip() for block in blocks):
        reason = "`End of Document` is missing after it; export it from Nexis again"
        yield Reject(f"paragraph {held + 1}", reason, _as_text(blocks))


def _why_none(blocks: list[Block]) -> str:
    """Why no article is found, and what to do: an export of another kind, or a document of anybody's."""
    labels = {label for block in blocks if (label := field_of(_split(block.text)[0]))}
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


def _piece(blocks: list[Block], position: str, is_first: bool) -> Piece:
    start = _start(blocks)
    record, rest = split_head(blocks[start:], headline_first=True)
    before = "" if is_first else "\n".join(block.text.strip() for block in blocks[:start] if block.text.strip())
    notes = list(_unlabelled(rest))
    extra = {"note": "\n".join(" ".join(block.text.split()) for block in notes).strip(), "before": before}
    record["extra"] |= without_empty(extra)
    filled = nexis.fill(record, list(_labelled(rest[len(notes) :])), has_headline=True)
    return {"position": position, **filled}


def _start(blocks: list[Block]) -> int:
    """Where an article begins: at the first line that is centred."""
    return next((at for at, block in enumerate(blocks) if block.is_centred and block.text.strip()), 0)


def _cover(blocks: list[Block]) -> str:
    """What stands before the first article: who asked for what, and a list of the articles."""
    return "\n".join(block.text.strip() for block in blocks[: _start(blocks)] if block.text.strip())


def _unlabelled(blocks: list[Block]) -> Iterator[Block]:
    """The paragraphs before the first field: a copyright line."""
    for block in blocks:
        if _split(block.text)[0]:
            return
        yield block


def _labelled(blocks: list[Block]) -> Iterator[Block]:
    """The paragraphs with their labels: before the body all known ones, after it those that open a part."""
    has_body = any(field_of(block.text) == "body" for block in blocks)
    place = "head" if has_body else "body"
    blocks = list(_continued(blocks)) if has_body else blocks
    tail = _tail_at(blocks)
    for at, block in enumerate(blocks):
        label, text = _split(block.text)
        field = field_of(label) if label else None
        opens = field is not None and field not in nexis.HEAD and (block.text.startswith("\n") or not text)
        if place == "head" and field == "body":
            place = "body"
        elif place == "body" and (opens or field == "classification" or at >= tail):
            place = "tail"
        if place == "body" and field != "body":
            yield Block(block.text.strip(), label=_address(block.text))
        else:
            yield Block(text, label=label)


def _tail_at(blocks: list[Block]) -> int:
    """Where the fields begin that are all that follows: `Load-Date`, perhaps with no heading before them."""
    start = len(blocks)
    for at in range(len(blocks) - 1, -1, -1):
        if field_of(_split(blocks[at].text)[0]) not in (None, *nexis.HEAD):
            start = at
        elif blocks[at].text.strip():
            break
    return start


def _continued(blocks: list[Block]) -> Iterator[Block]:
    """The paragraphs; before the body, one without a label is joined to the field before it."""
    held: Block | None = None
    for at, block in enumerate(blocks):
        if field_of(block.text) == "body":
            yield from [held] if held else []
            yield from blocks[at:]
            return
        text = " ".join(block.text.split())
        if _split(block.text)[0] or held is None:
            yield from [held] if held else []
            held = block
        elif text and text not in " ".join(held.text.split()):
            held = Block(f"{held.text.strip()}; {text}")


def _address(text: str) -> str:
    """The label of a paragraph that is only the article's address on the web."""
    return "url" if text.startswith("\n") and re.fullmatch(r"https?://\S+", text.strip()) else ""


def _split(text: str) -> tuple[str, str]:
    """A paragraph's label, if the vendor uses it, and the rest; a heading is a label without a colon."""
    text = text.strip()
    if len(text) <= nexis.LONGEST_LABEL and field_of(text):
        return text, ""
    match = _LABEL.match(text)
    if match and len(match[1]) <= nexis.LONGEST_LABEL and field_of(match[1]):
        return match[1], text[match.end() :]
    return "", text


def _is_end(text: str) -> bool:
    return text.strip().casefold() in END_OF_DOCUMENT


def _as_text(blocks: list[Block]) -> bytes:
    return "\n".join(block.text for block in blocks).encode()


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
