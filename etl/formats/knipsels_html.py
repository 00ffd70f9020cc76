"""A clip folder of a Dutch press review (`knipsels.nsf` on Lotus Domino): its page, a list of the clippings in it.

In the clip folder ("Werkmap"), or on its page for the intranet: save the page as HTML. Each clipping has its
headline, source, day, page, who clipped it, and the first words of its text, or, where the newsroom wrote it itself
("Eigen artikel"), none: all are partial. Kept: all of that, and the document's id in Domino. What a browser wrote
after the page is skipped. Layout as in a page of 2013 ("Werkmap"); the page for the intranet was not seen, only
described.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from lxml import etree

from etl.formats.common.markup import decode_page, inline, parse_html, read_whole
from etl.formats.common.pieces import Unreadable
from etl.formats.vendor.database_page import articles, starts
from etl.model import Feed, Piece, Skip

NATIVE_ID_IS_GLOBAL = True
LEAST_ACCOUNTED_SHARE = 0.5
"""Menus and lists of sources are a large part of a short list."""

_SIGNS = (b'id="articleTitle"', b'id="sourceTitle"', b'id="articleIntro"')
_START = re.compile(r"""<div\s+id="(?:r\d{1,6}|sort)_\w{1,40}\"""", re.IGNORECASE)
_MARK = re.compile(rb"""\bid\s*=\s*"?articleTitle\b""", re.IGNORECASE)
_PAGE = re.compile(r"(?:pagina\s+)?(\d[\d,\-]*)?\s*(.*)")
_CLIPPED = re.compile(r"\(([^()]{1,200})\)$")


def recognise(head: bytes, name: str) -> float:
    """By the names of a clipping's headline, source and first words."""
    data = head.replace(b"\0", b"")  # UTF-16
    return 1.0 if all(sign in data for sign in _SIGNS) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The elements that hold a headline, in the bytes."""
    return len(_MARK.findall(read_whole(stream).replace(b"\0", b"")))


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each clipping, a Reject for one without headline or source; a Skip of the menus above them, and of
    what stands after the page.

    Raises DumpError where there is no clipping, or it is not text.
    """
    data, end, rest = read_whole(stream).partition(b"</html>")
    page, doubts = decode_page(data + end, feed.encoding)
    places = starts(page, _START, 'holds no <div id="r1_1"> around each clipping')
    yield from doubts
    if menus := inline(parse_html(f"<body>{page[: places[0]]}".encode("utf-8", "replace"), "utf-8")):
        yield Skip("line 1", "menus of the page", menus)
    yield from articles(page, places, _fields)
    if rest.strip():
        yield Skip("after the page", "rest of a saved page", rest.decode("ascii", "ignore").replace("\0", ""))


def _fields(root: etree._Element) -> dict[str, Any]:
    parts = {part.get("id"): part for part in root.iter("span") if part.get("id")}
    record = {
        "headline": inline(parts.get("articleTitle")),
        "publication": inline(parts.get("sourceTitle")),
        "published": inline(parts.get("articleDate")),
        "body": inline(parts.get("articleIntro")),
    }
    if not record["headline"] and not record["publication"]:
        raise Unreadable("found neither a headline nor a source; save the page of the clip folder again")
    matched = _PAGE.fullmatch(inline(parts.get("articlePage")))
    page, section = matched.groups() if matched else ("", "")
    clipped = _CLIPPED.search(inline(_row(parts.get("sourceTitle"))))
    box = next((box for box in root.iter("input") if box.get("name") == "newsel"), None)
    extra = {
        "own_article": inline(parts.get("ownArticle")),
        "clipped": clipped[1] if clipped else "",
        "flags": _flags(parts.get("articleTitle")),
    }
    native_id = box.get("value") if box is not None else ""
    return {"native_id": native_id, **record, "page": page, "section": section, "is_partial": True, "extra": extra}


def _row(part: etree._Element | None) -> etree._Element | None:
    """The row in which an element stands."""
    return next(part.iterancestors("tr"), None) if part is not None else None


def _flags(title: etree._Element | None) -> str:
    """The letters beside a headline."""
    row = _row(title)
    cells = row.findall("td") if row is not None else []
    return " ".join(filter(None, (inline(cell) for cell in cells if title not in cell.iter())))
