"""Yomidas Rekishikan, the database of the Yomiuri Shimbun: its page of full texts since 1986, up to 100 articles.

In Yomidas (Heisei search): tick articles in the list, show their texts, save the page as HTML. Above each text stands
a row without names: number on the page, day, headline, edition, page's name and number, characters, columns,
pictures. Kept: all of that, the text, captions at its end, and the articles' numbers in the database, which the page
lists in their order and states how many it holds. A cartoon has no text and is partial. The page does not name the
paper: the stanza does. Layout as in pages of 1987 to 2018; the pages of the Japan News and of the years before 1986
(pictures only) were not seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from lxml import etree

from etl.formats.common.markup import decode_page, inline, read_whole
from etl.formats.common.pieces import Unreadable
from etl.formats.vendor.database_page import articles, lines, of_class, starts, without_captions
from etl.model import Declared, Doubt, Feed, Piece

NATIVE_ID_IS_GLOBAL = True

_SIGN = re.compile(rb"""id="heiseiDetailArea"|name="yomiuriNewsArticleDto\.""")
_START = re.compile(r"""<table\s[^<>]*class="?contentsTable\b""", re.IGNORECASE)
_MARK = re.compile(rb"""<div\s[^<>]{0,80}id="?heiseiDetailContents\b""", re.IGNORECASE)
_NUMBER = re.compile(r"""name="yomiuriNewsArticleDto\.objectId"\s+value="([^"<>]{1,80})\"""")
_DATED = re.compile(r"(\d{4})(\d\d)(\d\d)[A-Z][A-Z0-9]{8,20}")
_CAPTION = re.compile(r"(?:写真|図|表|地図|グラフ|イラスト)[^＝。]{0,20}＝")
_PLACES = ("number", "published", "headline", "edition", "section", "page", "characters")
_IN_EXTRA = ("number", "characters")


def recognise(head: bytes, name: str) -> float:
    """By the names of its list of articles, or of an article's head."""
    return 1.0 if _SIGN.search(head.replace(b"\0", b"")) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The elements that hold a text, in the bytes."""
    return len(_MARK.findall(read_whole(stream).replace(b"\0", b"")))  # UTF-16


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """The number of articles that the page lists, a record for each, and a Reject for one without a head.

    Raises DumpError where there is no article, or it is not text.
    """
    page, doubts = decode_page(read_whole(stream), feed.encoding)
    places = starts(page, _START, 'holds no <table class="contentsTable"> above each article')
    yield from doubts
    numbers = _NUMBER.findall(page)
    if numbers:
        yield Declared(len(numbers))
    given = iter(numbers if len(numbers) == len(places) else [""] * len(places))
    for piece in articles(page, places, _fields):
        number = "" if isinstance(piece, Doubt) else next(given)
        if isinstance(piece, dict) and _is_number_of(number, piece.get("published", "")):
            piece["native_id"] = number
        yield piece


def _is_number_of(number: str, published: str) -> bool:
    """Whether a number in the database is that of an article of this day: it begins with its day."""
    match = _DATED.fullmatch(number)
    return match is not None and ".".join(match.groups()) == published


def _fields(root: etree._Element) -> dict[str, Any]:
    head, contents = of_class(root, "table", "contentsTable"), root.find(".//div[@id='heiseiDetailContents']")
    values = [inline(cell) for cell in head.iter("th")] if head is not None else []
    if len(values) < len(_PLACES) or contents is None:
        raise Unreadable(
            f"found {len(values)} cells above it and {'no' if contents is None else 'a'} text; expected "
            f"{len(_PLACES)} cells or more, and a text; save the page from Yomidas again"
        )
    record: dict[str, Any] = dict(zip(_PLACES, values, strict=False))
    extra = {name: record.pop(name) for name in _IN_EXTRA}
    extra["characters"] = extra["characters"].removeprefix("字")
    more = values[len(_PLACES) :]
    extra["columns"] = " ".join(value for value in more if value.endswith("段"))
    extra["illustrations"] = " ".join(value for value in more if not value.endswith("段"))
    body, extra["captions"] = without_captions([line for text in contents.iter("p") for line in lines(text)], _CAPTION)
    return {**record, "body": body, "is_partial": not body, "extra": extra}
