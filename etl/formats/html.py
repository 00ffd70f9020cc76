"""A web page: one article, among everything that a site puts around it.

Body, headline and deck are what the page prints; the rest is what its head says, unless something better is printed
near the headline: a date in local time where the head gives Greenwich's, a byline where the head names nobody.
Encoding: byte order mark, what the page declares as browsers understand it, else UTF-8, else the best guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any, BinaryIO

from etl.formats.common.encoding import bom_codec, sniff, with_ascii_tags
from etl.formats.common.markup import codec_of, parse_html, stated_codec
from etl.formats.common.pieces import Unreadable, guarded, without_empty_extra
from etl.formats.common.streams import one_unless_blank
from etl.formats.web import page_facts, printed
from etl.formats.web.article import article_of
from etl.formats.web.page_facts import Facts
from etl.model import DumpError, Feed, Piece, RawRecord, Reject

LEAST_ACCOUNTED_SHARE = 0.1
"""Of a page, most words can be comments and teasers."""

LARGEST_PAGE_BYTES = 16 << 20
MOST_TAGS = 150_000
NO_TEXT = "no article text: nothing but links, pictures or forms was found; if the page shows a text, report this"

_START = re.compile(rb"<(?:!doctype\s{1,9}html|html|head|body)\b", re.IGNORECASE)
_MOST_COMMENTS = 20


def recognise(head: bytes, name: str) -> float:
    """By its first element. Less certain than every vendor's format in HTML."""
    return 0.5 if _START.match(_without_prolog(with_ascii_tags(head))) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """One for a document that is not blank."""
    return one_unless_blank(stream)


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """The one article, or a Reject for a page without one. Raises DumpError where the feed's encoding is unknown."""
    codec = feed_codec(feed)
    data = stream.read(LARGEST_PAGE_BYTES + 1)
    if data.strip():
        yield page(data, codec, "line 1")


def feed_codec(feed: Feed) -> str | None:
    """The codec that the feed states. Raises DumpError where it is unknown."""
    return sniff(b"", feed.encoding) if feed.encoding else None


def page(data: bytes, declared: str | None, position: str) -> RawRecord | Reject:
    """The article of one page. `declared`: the encoding that its server, or the feed, states."""
    if not data.strip():
        return Reject(position, NO_TEXT)
    found = guarded(partial(_article, data, declared, position), position, lambda: data[:1_000_000])
    assert isinstance(found, dict | Reject)
    return found


def _article(data: bytes, declared: str | None, position: str) -> RawRecord:
    record = _record(_text(data, declared))
    if "body" not in record:
        raise Unreadable(NO_TEXT)
    return {"position": position, **record}


def _without_prolog(head: bytes) -> bytes:
    """What follows white space, comments and the XML declaration."""
    head = head.lstrip()
    for opening, end in ((b"<?xml", b"?>"), *[(b"<!--", b"-->")] * _MOST_COMMENTS):
        if head.startswith(opening):
            head = head.partition(end)[2].lstrip()
    return head


def _text(data: bytes, declared: str | None) -> str:
    """The page as text; a byte that its encoding does not have is U+FFFD. Raises DumpError where it is too large."""
    if len(data) > LARGEST_PAGE_BYTES or data.count(b"<") > MOST_TAGS:
        raise DumpError(
            f"is larger than a page can be ({LARGEST_PAGE_BYTES >> 20} MB, {MOST_TAGS:,} tags); "
            "if it holds many articles, name its format in sources.toml"
        )
    return data.decode(_codec(data, declared), "replace").removeprefix("\ufeff").replace("\0", "")


def _codec(data: bytes, declared: str | None) -> str:
    """The page's codec. A declared one with one byte a character never fails, so UTF-8 is tried first."""
    if codec := bom_codec(data):
        return codec
    named = (codec_of(declared) if declared else None) or stated_codec(data)
    if named in ("utf-8", "cp1252", None) and _is_utf8(data):
        return "utf-8"
    return named if named not in (None, "utf-8") else sniff(data, None)


def _is_utf8(data: bytes) -> bool:
    """Whether it is UTF-8, except for a few bytes: a character cut in two, or a quotation from elsewhere."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
        bad = text.count("\ufffd")
        return sum(char > "\x7f" for char in text) - bad >= 2 * bad
    return True


def _record(text: str) -> RawRecord:
    root = parse_html(text.encode("utf-8", "replace"), "utf-8")
    facts = page_facts.facts_of(root)
    titles, descriptions = page_facts.titles(facts), page_facts.descriptions(facts)
    authors = page_facts.authors(facts)
    found = article_of(root, titles, descriptions, authors)
    said = page_facts.published(facts)
    record: RawRecord = {
        "url": page_facts.address(facts),
        "publication": page_facts.publication(facts, found.headline),
        "headline": found.headline or (titles[0] if titles else None),
        "deck": found.deck,
        "byline": "; ".join(authors) or printed.byline(found.near, found.signed),
        "body": found.body or page_facts.body(facts),
        "published": printed.published(found.near, said),
        "modified": page_facts.modified(facts),
        "section": page_facts.section(facts),
        "language": page_facts.language(facts),
        "labels": [["keyword", "", word] for word in page_facts.keywords(facts)],
        "extra": _extra(facts, titles, descriptions, said),
    }
    return without_empty_extra(record)


def _extra(facts: Facts, titles: list[str], descriptions: list[str], published: str | None) -> dict[str, Any]:
    """What the head says in addition to what is printed."""
    return {
        "title": titles[0] if titles else None,
        "description": descriptions[0] if descriptions else None,
        "published": published,
        "html_language": facts.language,
        "sections": page_facts.more_sections(facts),
        "image": page_facts.first(*facts.meta.get("og:image", [])),
        "type": page_facts.first(*facts.meta.get("og:type", [])),
    }
