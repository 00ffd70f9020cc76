"""LexisNexis HTML: many articles a file, in the layout of its text (see `nexis_txt`), places given by styles.

Layout of LexisNexis Academic and Nexis (about 2005 to 2019): before each article an anchor `DOC_ID_1_0` and a comment
with `<DOCFULL>`; then a DIV for each part, whose style class shows whether it is centred on the page and whether its
first words, a label, are bold. An error page may take the place of an article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import BinaryIO

from lxml import etree

from etl.formats.common.encoding import decode_damaged
from etl.formats.common.markup import inline, local_name, paragraphs, parse_html, read_whole
from etl.formats.common.pieces import guarded
from etl.formats.vendor import endings, nexis, nexis_marks
from etl.formats.vendor.labels import document_number
from etl.formats.vendor.nexis_head import Block, split_head
from etl.model import DumpError, Feed, Piece, Skip

_ANCHOR = re.compile(r"<a name=\"?DOC_ID_\d", re.IGNORECASE)
_LINE = re.compile(r">([^<>]{5,160})<")
_STYLE = re.compile(r"\.(c\d+) \{([^{}]*)\}")


def recognise(head: bytes, name: str) -> float:
    """By the anchor of the first article, or the comment after it."""
    return 1.0 if re.search(rb'<a name="?DOC_ID_\d|<DOCFULL>', head, re.IGNORECASE) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The comments that open an article; or the numbers and labels in the text, if those are more."""
    return nexis_marks.in_html(read_whole(stream))


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each article, a Reject for an error page in the place of one, and the total that the numbers state.

    Raises DumpError where there is no anchor of an article, or it is not text.
    """
    page, doubts = decode_damaged(read_whole(stream), feed.encoding)
    starts = [match.start() for match in _ANCHOR.finditer(page)]
    if not starts:
        raise DumpError(
            "holds no anchor DOC_ID_... before an article; expected one before each; ask for the export again as HTML, "
            "with the full text of the documents"
        )
    yield from doubts
    centred, bold = _classes(page[: starts[0]])
    numbers = endings.runs([number for match in _LINE.finditer(page) if (number := document_number(match[1]))])
    yield from endings.stated(numbers) if sum(map(len, numbers)) == len(starts) else endings.doubts(numbers)
    yield from endings.doubts_of_page(page)
    if nexis.is_cover(cover := inline(parse_html(page[: starts[0]].encode("utf-8", "replace"), "utf-8"))):
        yield Skip("line 1", "cover page", cover)
    yield from endings.partial_where_cut(_articles(page, starts, centred, bold), page, starts[-1])


def _articles(page: str, starts: list[int], centred: set[str], bold: set[str]) -> Iterator[Piece]:
    line = page.count("\n", 0, starts[0]) + 1
    for start, end in pairwise([*starts, len(page)]):
        position, markup = f"line {line}", page[start:end]
        make = partial(_piece, markup, position, centred, bold)
        yield guarded(make, position, partial(markup.encode, "utf-8", "replace"))
        line += page.count("\n", start, end)


def _classes(head: str) -> tuple[set[str], set[str]]:
    """The style classes of what is centred, and of what is bold."""
    styles = dict(_STYLE.findall(head))
    centred = {name for name, style in styles.items() if "text-align: center" in style}
    return centred, {name for name, style in styles.items() if "font-weight: bold" in style}


def _piece(markup: str, position: str, centred: set[str], bold: set[str]) -> Piece:
    blocks = list(_blocks(parse_html(markup.encode("utf-8", "replace"), "utf-8"), centred, bold))
    record, rest = split_head(blocks, headline_first=False)
    return {"position": position, **nexis.fill(record, rest)}


def _blocks(root: etree._Element, centred: set[str], bold: set[str]) -> Iterator[Block]:
    """A block for each paragraph and each row of a table, without the number of the document."""
    for part in root.iterfind("body/*"):
        part_is_centred = part.get("class") in centred
        inside = list(part) if local_name(part) == "div" else [part]
        yield Block(_spaced(part.text), part_is_centred)
        for element in inside:
            if local_name(element) in ("table", "tbody"):
                yield from (Block(" ".join(map(inline, row))) for row in element.iter("tr"))
            else:
                is_centred = part_is_centred or element.get("class") in centred
                block = _block(element, is_centred, bold)
                if not document_number(block.text):
                    yield block
            if element is not part:
                yield Block(_spaced(element.tail), part_is_centred)
        yield Block(_spaced(part.tail))


def _spaced(text: str | None) -> str:
    return " ".join((text or "").split())


def _block(element: etree._Element, is_centred: bool, bold: set[str]) -> Block:
    """A paragraph, whose first words are a label where they are bold capitals before a colon."""
    text = paragraphs(element)
    first = next((span for span in element.iter("span") if inline(span)), None)
    label = inline(first) if first is not None and first.get("class") in bold else ""
    if label.endswith(":") and label.isupper() and len(label) <= nexis.LONGEST_LABEL and not is_centred:
        return Block(text[len(label) :].strip(), label=label[:-1])
    return Block(text, is_centred)
