"""Europresse (Eureka, CEDROM-SNi) HTML: the page for saving or printing documents, many articles a file.

Two layouts. Until about 2013 an outer table for each article, in which the publication, a header ("Politique, jeudi
5 octobre 2013, p. 03") and the headline have classes and all else are lines: a kicker before the headline; the author
after it; paragraphs; copyright; number of the document; a certificate. Since then an `article` element with `header`,
`section`, `aside` and `footer`. The interface is in French or English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import BinaryIO

from lxml import etree

from etl.formats.common.markup import decode_page, parse_html, read_whole
from etl.formats.common.pieces import Unreadable, guarded, without_empty
from etl.formats.vendor import endings
from etl.formats.vendor.europresse import by_element, by_line
from etl.model import DumpError, Feed, Piece

LEAST_ACCOUNTED_SHARE = 0.3
"""Conditions of use are a large part of short articles."""

NATIVE_ID_IS_GLOBAL = True

_CLASS = re.compile(rb"""class\s*=\s*["']?(DocPublicationName|DocHeader)\b""", re.IGNORECASE)
_ARTICLE_TAG = re.compile(rb"<article[\s>]", re.IGNORECASE)
_SIGN, _SPACE = b"DocPublicationName", b"cedrom-sni.com/schema"
_WHOLE_SIGN = re.compile(rb"\b%s\b" % _SIGN)
_ONCE = (
    re.compile(rb"""class\s*=\s*["']?[^"'<>]{0,60}\bTitreArticleVisu\b""", re.IGNORECASE),
    re.compile(rb"""class\s*=\s*["']?[^"'<>]{0,60}\brdp__articletitle\b""", re.IGNORECASE),
    re.compile(rb":\s*\w{1,20}(?:\xc2?\xb7|&middot;)\d{8}(?:\xc2?\xb7|&middot;)"),
)
"""What a document has once: a headline's class, and its number after the words that announce it."""
_ELEMENT = re.compile(r"<article(?=[\s>])", re.IGNORECASE)
_SPAN = re.compile(r"""<span\s+class\s*=\s*["']?(DocPublicationName|DocHeader)\b""", re.IGNORECASE)


def recognise(head: bytes, name: str) -> float:
    """By the class of the publication's name, in styles or in the first article, or the vendor's name spaces."""
    data = head.replace(b"\0", b"")  # UTF-16
    return 1.0 if _SPACE in data or (_SIGN in data and _WHOLE_SIGN.search(data)) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The `article` tags; without any, the publications' names, of several in a row only the first. Between two of them
    the headlines or the documents' numbers, if more.
    """
    data = read_whole(stream).replace(b"\0", b"")  # UTF-16
    starts = [match.start() for match in _ARTICLE_TAG.finditer(data)] or list(_names(data))
    parts = [data[start:end] for start, end in pairwise([0, *starts, len(data)])]
    return sum(max(at > 0, *(len(kind.findall(part)) for kind in _ONCE)) for at, part in enumerate(parts))


def _names(data: bytes) -> Iterator[int]:
    """Where the first publication's name stands of each header."""
    was_name = False
    for match in _CLASS.finditer(data):
        is_name = match[1].lower() == b"docpublicationname"
        if is_name and not was_name:
            yield match.start()
        was_name = is_name


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each article, a Reject for a document without a publication, a date and a headline, and a
    doubt where the page breaks off.

    Raises DumpError where there is no article, or it is not text.
    """
    page, doubts = decode_page(read_whole(stream), feed.encoding)
    starts = [match.start() for match in _ELEMENT.finditer(page)]
    is_new = bool(starts)
    starts = starts or _line_starts(page)
    if not starts:
        raise DumpError(
            'holds neither an <article> nor a <span class="DocPublicationName">; expected one for each document; save '
            "the documents from Europresse again (a list of titles holds none)"
        )
    yield from doubts
    yield from endings.doubts_of_page(page)
    for number, (start, end) in enumerate(pairwise([*starts, len(page)]), 1):
        position, markup = f"article {number}", page[start:end]
        yield guarded(partial(_piece, markup, is_new, position), position, partial(markup.encode, "utf-8", "replace"))


def _line_starts(page: str) -> list[int]:
    """Where the articles of the older layout begin: publications' names, but not a second one before the header."""
    spans = [(match[1].lower(), match.start()) for match in _SPAN.finditer(page)]
    starts = []
    is_open = False
    for name, place in spans:
        if name == "docpublicationname" and not is_open:
            starts.append(place)
        is_open = name == "docpublicationname"
    return starts


def _piece(markup: str, is_new: bool, position: str) -> Piece:
    root = parse_html(markup.encode("utf-8", "replace"), "utf-8")
    found = by_element(_article(root, markup)) if is_new else by_line(root)
    return without_empty({"position": position, **found})


def _article(root: etree._Element, markup: str) -> etree._Element:
    article = next(root.iter("article"), None)
    if article is None or "</article" not in markup.lower():
        raise Unreadable("breaks off before the </article> that ends it; save the document from Europresse again")
    return article
