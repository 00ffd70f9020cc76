"""A web page: one article, among all that a site puts around it.

The body, headline and deck are what the page prints (`_article`); the rest is what its head says (`_page_facts`),
unless something better is printed near the headline: a date without a place on the clock of Greenwich, a byline
where the head names nobody. Encoding: byte order mark, what the page declares as browsers understand it, else UTF-8,
else the best guess.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from etl.encoding import bom_codec, sniff
from etl.formats import _page_facts as page_facts
from etl.formats import _printed
from etl.formats._article import article_of
from etl.formats._markup import parse_html
from etl.formats._page_facts import Facts
from etl.model import DumpError, Feed, Piece, RawRecord, Reject

LARGEST_PAGE_BYTES = 16 << 20
MOST_TAGS = 150_000
NO_TEXT = "no article text: nothing but links, pictures or forms was found; if the page shows a text, report it"

_START = re.compile(rb"<(?:!doctype\s{1,9}html|html|head|body)\b", re.IGNORECASE)
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:-]{2,40})""", re.IGNORECASE)
_CHARSET_WITHIN = 65_536
_WHATWG = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
}
"""What browsers take the codec for that a page declares. A page that can say `utf-16` in ASCII is not."""
_MOST_COMMENTS = 20


def recognise(head: bytes, name: str) -> float:
    """By its first element. Below every format that is HTML of a vendor's."""
    codec = bom_codec(head)
    if codec:
        head = head.decode(codec, "ignore").encode("utf-8")
    return 0.5 if _START.match(_without_prolog(head)) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """One for a document that is not blank."""
    return int(any(chunk.strip() for chunk in iter(lambda: stream.read(1 << 20), b"")))


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """The one article, or a Reject for a page that has none."""
    data = stream.read(LARGEST_PAGE_BYTES + 1)
    if data.strip():
        yield page(data, feed.encoding, "line 1")


def page(data: bytes, declared: str | None, position: str) -> RawRecord | Reject:
    """The article of one page. `declared`: the encoding that its server, or the feed, states."""
    if not data.strip():
        return Reject(position, NO_TEXT)
    try:
        record = _record(_text(data, declared))
    except DumpError as error:
        return Reject(position, str(error), data[:1_000_000])
    if "body" not in record:
        return Reject(position, NO_TEXT, data[:1_000_000])
    return {"position": position, **record}


def _without_prolog(head: bytes) -> bytes:
    """What follows white space, comments and the XML declaration."""
    head = head.lstrip()
    for opening, end in ((b"<?xml", b"?>"), *[(b"<!--", b"-->")] * _MOST_COMMENTS):
        if head.startswith(opening):
            head = head.partition(end)[2].lstrip()
    return head


def _text(data: bytes, declared: str | None) -> str:
    """The page as letters; a byte that is none in its encoding is U+FFFD. Raises DumpError where it is too large."""
    if len(data) > LARGEST_PAGE_BYTES or data.count(b"<") > MOST_TAGS:
        raise DumpError(
            f"is larger than a page can be ({LARGEST_PAGE_BYTES >> 20} MB, {MOST_TAGS:,} tags); "
            "if it holds many articles, name its format in sources.toml"
        )
    return data.decode(_codec(data, declared), "replace").removeprefix("\ufeff").replace("\0", "")


def _codec(data: bytes, declared: str | None) -> str:
    """What the page is written in. A declared encoding that one byte a letter makes never fails, so UTF-8 is tried."""
    if codec := bom_codec(data):
        return codec
    named = _known(declared)
    if named is None and (found := _CHARSET.search(data[:_CHARSET_WITHIN])):
        named = _known(found[1].decode("ascii"))
    if named in ("utf-8", "cp1252", None) and _is_utf8(data):
        return "utf-8"
    return named if named not in (None, "utf-8") else sniff(data, None)


def _known(label: str | None) -> str | None:
    """The codec that a label stands for; None for a label that is none."""
    try:
        name = codecs.lookup(label).name if label else None
    except LookupError:
        return None
    return _WHATWG.get(name, name) if name else None


def _is_utf8(data: bytes) -> bool:
    """Whether it is UTF-8, but for a few bytes: a letter cut in two, or a quotation from elsewhere."""
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
        "byline": "; ".join(authors) or _printed.byline(found.near, found.signed),
        "body": found.body,
        "published": _printed.published(found.near, said),
        "modified": page_facts.modified(facts),
        "section": page_facts.section(facts),
        "language": page_facts.language(facts),
        "labels": [["keyword", "", word] for word in page_facts.keywords(facts)],
        "extra": _extra(facts, titles, descriptions, said),
    }
    return {name: value for name, value in record.items() if value}


def _extra(facts: Facts, titles: list[str], descriptions: list[str], published: str | None) -> dict[str, Any]:
    """What the head says beside what is printed."""
    kept = {
        "title": titles[0] if titles else None,
        "description": descriptions[0] if descriptions else None,
        "published": published,
        "html_language": facts.language,
        "image": page_facts.first(*facts.meta.get("og:image", [])),
        "type": page_facts.first(*facts.meta.get("og:type", [])),
    }
    return {name: value for name, value in kept.items() if value}
