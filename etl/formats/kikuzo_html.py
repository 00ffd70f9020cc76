"""Kikuzo II, the database of the Asahi Shimbun: its page of full texts, up to 100 articles.

In Kikuzo: tick articles in the list of results, show their texts, save the page as HTML. Kept: all that stands above
a text (number on the page, day, edition, page's name and number, characters), headline, text, and apart from it the
captions below. An article whose text Kikuzo may not show, for its author's rights, is partial: its headline alone,
with Kikuzo's note; one that states its characters, but has neither, is rejected. The page does not name the paper
(Kikuzo also holds AERA and Shukan Asahi): the stanza does. The total that it states is that of the search, not of the
page, and is not kept. Layout as in pages of 2018, as they were sent and as a browser writes them; pages of magazines,
and of Cross Search, which has taken Kikuzo's place since, were not seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from lxml import etree

from etl.formats.common.markup import decode_page, inline, read_whole
from etl.formats.common.pieces import Unreadable
from etl.formats.vendor.database_page import articles, lines, of_class, starts
from etl.model import Feed, Piece

FIELDS = {"発行日": "published", "朝夕刊": "edition", "面名": "section", "ページ": "page"}
EXTRA = {"No.": "number", "文字数": "characters"}
NOTE = "※"
"""Begins Kikuzo's notes, as the one that it may not show a text."""
LONGEST_CAPTIONS = 1_000

_TITLE = "<title>朝日新聞記事検索サービス"
_HEAD = ("発行日", "朝夕刊", "topic-list")
_CODECS = ("utf-8", "cp932", "euc_jp", "utf-16-le", "utf-16-be")
"""As the page is sent, and as browsers and editors save it."""
_START = re.compile(r"""<table\s[^<>]*class="?topic-list\b[^<>]*>\s*(?:<tbody>\s*)?<tr[^<>]*>\s*<th\b""", re.IGNORECASE)
_MARK = re.compile(rb"""<table\s[^<>]{0,200}class="?topic-detail\b""", re.IGNORECASE)
_NOT_ZERO = re.compile(r"[1-9]")
_LABELS = re.compile(rb"""<th\s[^<>]{0,99}class="?topic-list\b""", re.IGNORECASE)
_PICTURE = re.compile(r"【(?:写真|図|表|地図|グラフ)(?:説明)?】")


def recognise(head: bytes, name: str) -> float:
    """By the page's title, or by the names of what stands above an article."""
    return 1.0 if any(_begins_in(head, codec) for codec in _CODECS) else 0.0


def _begins_in(head: bytes, codec: str) -> bool:
    return _TITLE.encode(codec) in head or all(sign.encode(codec) in head for sign in _HEAD)


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The tables that hold a headline and a text, in the bytes; and a head after the last of them, where the page
    breaks off."""
    data = read_whole(stream).replace(b"\0", b"")  # UTF-16
    found = [match.end() for match in _MARK.finditer(data)]
    return len(found) + (_LABELS.search(data, found[-1] if found else 0) is not None)


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each article, a Reject for one whose head and text cannot be told apart.

    Raises DumpError where there is no article, or it is not text.
    """
    page, doubts = decode_page(read_whole(stream), feed.encoding)
    places = starts(page, _START, 'holds no <table class="topic-list"> of day, edition and page above each article')
    yield from doubts
    yield from articles(page, places, _fields)


def _fields(root: etree._Element) -> dict[str, Any]:
    head, detail = of_class(root, "table", "topic-list"), of_class(root, "table", "topic-detail")
    if head is None or detail is None:
        raise Unreadable("breaks off before its headline and text; save the page from Kikuzo again")
    record: dict[str, Any] = {"extra": {}}
    for label, value in _labelled(head):
        if label in FIELDS:
            record[FIELDS[label]] = value
        else:
            record["extra"][EXTRA.get(label, label)] = value
    headline, text = of_class(detail, "span", "font002"), of_class(detail, "div", "detail001")
    record["headline"] = inline(headline)
    record["body"], record["extra"]["captions"] = _without_captions(lines(text))
    record["is_partial"] = not record["body"]
    for part in (headline, text):
        if part is not None:
            part.clear(keep_tail=True)
    record["extra"]["note"] = note = "\n".join(lines(detail))
    if record["is_partial"] and not note.startswith(NOTE) and _NOT_ZERO.search(record["extra"].get("characters", "")):
        raise Unreadable(
            f'states {record["extra"]["characters"]}, but has no text in <div class="detail001"> and no note ({NOTE}) '
            "why; save the page from Kikuzo again; if it is whole, its layout is another one, which is not read yet"
        )
    return record


def _labelled(head: etree._Element) -> list[tuple[str, str]]:
    """What stands above an article, by its label."""
    labels, values = ([inline(cell) for cell in head.iter(tag)] for tag in ("th", "td"))
    if len(labels) != len(values):
        raise Unreadable(
            f"found {len(labels)} labels and {len(values)} values above it; expected as many; "
            "save the page from Kikuzo again"
        )
    return list(zip(labels, values, strict=True))


def _without_captions(found: list[str]) -> tuple[str, str]:
    """The body of these lines, and the captions below it: all from the first line that a picture's sign begins."""
    end = next((at for at, line in enumerate(found) if at and _PICTURE.match(line)), len(found))
    if sum(map(len, found[end:])) > LONGEST_CAPTIONS:
        end = len(found)
    return "\n\n".join(found[:end]), "\n".join(found[end:])
