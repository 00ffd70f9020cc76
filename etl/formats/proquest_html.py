"""ProQuest HTML: up to 100 documents on one page, as the site saves or mails them ("Export / Save as HTML", "E-mail").

Layout of 2012 to today: before each document an anchor `DocID_MSTAR_251439970`; the headline in bold; then a paragraph
for each field, its label in `strong` ("Publication title: "); among them the full text, a page of its own in an element
`Text`. Since about 2022 authors, paper and date also stand below the headline. The labels are in the language of the
interface; only English ones were seen in exports.

Kept: all fields; captions of pictures apart from the text. Lost: the links of the library that bought the database.
Authors stand as they are printed, last name first; "Anonymous" is not one. Where there is no full text, the abstract
stands for it, as a partial article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import BinaryIO

from lxml import etree

from etl.formats.common.markup import decode_page, inline, paragraphs, parse_html, read_whole
from etl.formats.common.pieces import Unreadable, guarded
from etl.formats.vendor import endings, proquest
from etl.formats.vendor.labels import document_number
from etl.model import DumpError, Feed, Piece, Skip

NATIVE_ID_IS_GLOBAL = True

LEAST_ACCOUNTED_SHARE = 0.45
"""Labels of fields, links of the library, and what stands twice: between them no text is searched for."""

_ANCHOR = re.compile(r"<a\s[^<>]{0,20}?name\s*=\s*[\"']?DocID_[A-Z]{1,20}_", re.IGNORECASE)
_SIGN = re.compile(rb"name\s*=\s*[\"']?DocID_[A-Z]{1,20}_\d", re.IGNORECASE)
_NUMBER = re.compile(rb"<strong[^<>]*>[^<>]{0,40}ProQuest[^<>]{0,40}</strong>\s*(?:<[^<>]*>\s*)*\d{5}", re.IGNORECASE)
_LABEL = re.compile(r"<strong(?:\s[^<>]*)?>\s*([^<>]{2,60}?)\s*:[\s\xa0]*</strong>", re.IGNORECASE)
_TEXT = re.compile(r"<Text(?:\s[^<>]*)?>.*?</Text>", re.IGNORECASE | re.DOTALL)
_HALF_A_TAG = re.compile(r"(<Text(?:\s[^<>]*)?>)\s*html&gt;", re.IGNORECASE)
"""What some mails have of the text's first tag."""
_WORDS = re.compile(r"<Text\s[^<>]{0,200}?WordCount\s*=\s*[\"']?(\d{1,9})", re.IGNORECASE)
_FOOTER = re.compile(
    r"<(?:div|p|table)\s[^<>]{0,400}?(?:class=\"copyright\"|id=\"contactPQ\")|<[^<>]*>\s*Contact ProQuest"
)
_LINK = re.compile(r"[^.:]{0,40}ProQuest[^.:]{0,40}")
_COUNTED = re.compile(r">([^<>]{8,60})<")
_CAPTIONS = "Illustration_content"


def recognise(head: bytes, name: str) -> float:
    """By the anchor of the first document, beside the vendor's name."""
    data = head.replace(b"\0", b"")
    return 1.0 if _SIGN.search(data) and b"ProQuest" in data else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The anchors of documents; between two of them the documents' numbers in bold, if more."""
    data = read_whole(stream).replace(b"\0", b"")  # UTF-16
    starts = [match.start() for match in _SIGN.finditer(data)]
    parts = [data[start:end] for start, end in pairwise([0, *starts, len(data)])]
    return sum(max(at > 0, len(_NUMBER.findall(part))) for at, part in enumerate(parts))


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each document, a Reject for one without labels, the total where its documents are numbered.

    Raises DumpError where there is no anchor of a document, or it is not text.
    """
    page, doubts = decode_page(read_whole(stream), feed.encoding)
    starts = [match.start() for match in _ANCHOR.finditer(page)]
    if not starts:
        raise DumpError(
            "holds no anchor DocID_... before a document; expected one before each; save the documents from ProQuest "
            "again as HTML, with their full text"
        )
    yield from doubts
    numbers = endings.runs([number for match in _COUNTED.finditer(page) if (number := document_number(match[1]))])
    yield from endings.stated(numbers) if sum(map(len, numbers)) == len(starts) else endings.doubts(numbers)
    yield from endings.doubts_of_page(page)
    footer = _FOOTER.search(page, starts[-1])
    end = footer.start() if footer else len(page)
    for what, text in (("cover page", page[: starts[0]]), ("footer", page[end:])):
        if shown := inline(_parsed(text)):
            yield Skip(what, what, shown)
    yield from endings.partial_where_cut(_documents(page, starts, end), page, starts[-1])


def _documents(page: str, starts: list[int], end: int) -> Iterator[Piece]:
    for ordinal, (start, stop) in enumerate(pairwise([*starts, end]), 1):
        position, markup = f"article {ordinal}", page[start:stop]
        yield guarded(partial(_piece, markup, position), position, partial(markup.encode, "utf-8", "replace"))


def _piece(markup: str, position: str) -> Piece:
    markup = _HALF_A_TAG.sub(r"\1", markup)
    texts = [match.span() for match in _TEXT.finditer(markup)]
    labels = [
        match for match in _LABEL.finditer(markup) if not any(start < match.start() < end for start, end in texts)
    ]
    if not labels:
        raise Unreadable("has no labelled fields, such as 'Publication title:'; save it from ProQuest again")
    ends = [*(match.start() for match in labels[1:]), len(markup)]
    above = paragraphs(_parsed(markup[: labels[0].start()])).split("\n\n")
    headline, *below = [text for text in above if not document_number(text)] or [""]
    extra = {"below_headline": "\n".join(below), "word_count": "".join(_WORDS.findall(markup)[:1])}
    fields = []
    for match, end in zip(labels, ends, strict=True):
        root = _parsed(markup[match.end() : end])
        extra["illustration"] = "\n".join(filter(None, (extra.get("illustration", ""), _captions(root))))
        fields.append((match[1], _value(root)))
    return proquest.record(position, headline, fields, extra)


def _parsed(markup: str) -> etree._Element:
    return parse_html(f"<div>{markup}</div>".encode("utf-8", "replace"), "utf-8")


def _value(root: etree._Element) -> str:
    """The text of a field, without the link to the document that may follow it."""
    found = [text for text in paragraphs(root).split("\n\n") if not _LINK.fullmatch(text)]
    return "\n\n".join(found)


def _captions(root: etree._Element) -> str:
    """The captions of pictures, which are taken out of the text with their heading."""
    found = [node for node in root.iter("div") if _CAPTIONS in (node.get("class") or "").split()]
    texts = [paragraphs(node) for node in found]
    for node in found:
        _emptied(node)
    for node in root.iter("strong"):
        if inline(node) == "Illustration":
            _emptied(node)
    return "\n".join(texts)


def _emptied(node: etree._Element) -> None:
    tail = node.tail
    node.clear()
    node.tail = tail
