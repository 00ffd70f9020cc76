"""A web page: one article, among everything that a site puts around it. A file may hold several pages.

A page that seems to hold several articles (the export of a database, a list of results with their texts) is refused:
its layout is not known, and as one article it would be wrong. Where that is not sure, it is loaded with a warning. A
page of which its own head says that it is an article is one unless several long ones are in it, and so is whatever a
stanza with `one_article = true` delivers. A warning also tells of text in elements that HTML does not have.

Body, headline and deck are what the page prints; the rest is what its head says, unless something better is printed
near the headline: a date in local time where the head gives Greenwich's, a byline where the head names nobody.
Encoding: byte order mark, what the page declares as browsers understand it, else UTF-8, else the best guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache, partial
from typing import Any, BinaryIO

from etl import words
from etl.formats.common.encoding import bom_codec, sniff, with_ascii_tags
from etl.formats.common.markup import parse_html
from etl.formats.common.markup_codecs import codec_of, stated_codec
from etl.formats.common.pieces import Unreadable, guarded, without_empty_extra
from etl.formats.web import article_count, page_facts, printed
from etl.formats.web.article import article_of, fold
from etl.formats.web.documents import pages_of
from etl.formats.web.embedded import dump_within
from etl.formats.web.foreign import foreign_text
from etl.formats.web.label_tables import labelled
from etl.formats.web.no_article import what_instead
from etl.formats.web.page_facts import Facts
from etl.formats.web.page_says import names_one_article
from etl.formats.web.prolog import without_prolog
from etl.formats.web.several import verdict
from etl.formats.workbook.html_lists import holds_list, refuse_forms
from etl.model import Doubt, DumpError, Feed, Piece, RawRecord, Reject

LEAST_ACCOUNTED_SHARE = 0.1
"""Of a page, most words can be comments and teasers."""

LARGEST_FILE_BYTES = 64 << 20
LARGEST_PAGE_BYTES = 16 << 20
MOST_TAGS = 150_000
NO_TEXT = "no article text: nothing but links, pictures or forms was found; if the page shows a text, report this"
SEVERAL = (
    "holds about {:,} articles in a layout that no reader knows, so nothing of it was loaded; "
    "see where they begin with: broadsheet inspect FILE; "
    "if each page of this feed is one article, say so with one_article = true in its stanza of sources.toml"
)
LISTED = (
    '; if they are the rows of its table, which has a header of articles, set format = "html_table" in the stanza: '
    "what stands beside the table is then skipped"
)
DOUBTFUL = (
    "it may hold {:,} articles: {}; if so, its layout is not known, and they were loaded as one; "
    "see where they begin with: broadsheet inspect FILE; "
    "if each page of this feed is one article, say so with one_article = true in its stanza of sources.toml"
)
FOREIGN = (
    "about {:,} of its words stand in elements that HTML does not have ({}); see if they are another article; "
    "if so, it is not loaded by itself: deliver it in a file of its own"
)
ABOVE = (
    "{}: about {:,} words between the headline and the text were taken for neither; they are in extra (printed_above); "
    "see whether the text begins with them"
)
INSTEAD = "is {}, not an article; fetch it again, signed in where that is asked"
UNENDED = (
    "is a page without an end, and about {:,} words stand in elements that HTML does not have ({}), perhaps those of "
    "another article, so nothing of it was loaded; deliver each page in a file of its own, or, "
    "if it is one article, say so with one_article = true in the stanza of its feed"
)
WRAPPED = (
    "is a page around {}, so nothing of it was loaded; deliver that without the page, "
    "or, if it is one article, say so with one_article = true in the stanza of its feed"
)

_NOT_WESTERN = re.compile(rb"[\xc0-\xff]{5,}")
"""A word of nothing but accented letters, if it were Windows' Western codec."""
_MANY_WORDS = 20
_SURELY_BYTES = 6
"""How many more bytes than characters are no accident: two of GBK's characters are UTF-8 now and then."""

_START = re.compile(rb"<(?:!doctype\s{1,9}html|html|head|body)(?=[\s>])", re.IGNORECASE)


def recognise(head: bytes, name: str) -> float:
    """By its first element, after what a template or PHP may write before it. Less certain than every vendor's format
    in HTML."""
    return 0.5 if _START.match(without_prolog(with_ascii_tags(head))) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """Beginnings of pages, and within a page what repeats itself as articles do: a date, a headline and a text."""
    data = stream.read(LARGEST_FILE_BYTES + 1)
    if feed.one_article or len(data) > LARGEST_FILE_BYTES:
        return int(bool(data.strip()))
    return article_count.count(data, feed.encoding, _is_too_large)


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """The article of each page, or a Reject for a page without one.

    Raises DumpError where a page holds several articles, and where the feed's encoding is unknown.
    """
    codec = feed_codec(feed)
    data = stream.read(LARGEST_FILE_BYTES + 1)
    is_one = feed.one_article or len(data) > LARGEST_FILE_BYTES
    pages = [(1, data)] if is_one else pages_of(data)
    doubts = [] if is_one else [doubt for _, one in pages if (doubt := judged(one, codec))]
    for line, one in pages:
        if one.strip():
            found = _not_instead(page(one, codec, f"line {line}"), one, is_all=len(pages) == 1)
            doubts += _doubts_of(found)
            yield found
    yield from doubts


def _doubts_of(found: RawRecord | Reject) -> list[Doubt]:
    if isinstance(found, Reject) or not (above := found.get("extra", {}).get("printed_above")):
        return []
    return [Doubt(ABOVE.format(found["position"], len(above.split())))]


def _not_instead(found: RawRecord | Reject, data: bytes, is_all: bool) -> RawRecord | Reject:
    """A page, or its rejection where a server sent something in place of it. Raises DumpError where it is all."""
    if isinstance(found, Reject):
        return found
    what = what_instead(data, found.get("headline", ""), found.get("body", ""))
    if what and is_all:
        raise DumpError(INSTEAD.format(what))
    return Reject(found["position"], INSTEAD.format(what), data[:1_000_000]) if what else found


def outline(stream: BinaryIO, feed: Feed) -> list[str]:
    """Where the articles of a page that holds several seem to begin, and their first words."""
    lines = []
    for first, one in pages_of(stream.read(LARGEST_FILE_BYTES + 1)):
        text = _text(one, feed_codec(feed))
        lines += [f"line {first + text.count(chr(10), 0, found.place)}: {found.words}" for found in verdict(text).found]
    return lines


def judged(data: bytes, declared: str | None) -> Doubt | None:
    """The doubt whether a page is one article, if there is any.

    Raises DumpError where it surely holds several. A page that is too large for one is not judged.
    """
    if _is_too_large(data):
        return None
    text = _text(data, declared)
    if not (is_named := names_one_article(data.lower())) and (within := dump_within(text)):
        raise DumpError(WRAPPED.format(within))
    found, is_sure = verdict(text)
    if found and is_sure:
        raise DumpError(SEVERAL.format(len(found)) + (LISTED if holds_list(text) else ""))
    if not is_named:
        refuse_forms(text)
    foreign = _foreign_doubt(text)
    if found:
        return Doubt(DOUBTFUL.format(len(found), words.first_few([words.shown(one.words) for one in found], 3)))
    return foreign


def _foreign_doubt(text: str) -> Doubt | None:
    """The doubt about text in unknown elements. Raises DumpError where the page before it does not end."""
    found = foreign_text(text)
    if found is None:
        return None
    names = words.first_few(found.names, 3)
    lowered = text.lower()
    if "<body" in lowered and "</body" not in lowered and "</html" not in lowered:
        raise DumpError(UNENDED.format(found.words, names))
    return Doubt(FOREIGN.format(found.words, names))


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


@lru_cache(maxsize=1)
def _text(data: bytes, declared: str | None) -> str:
    """The page as text; a byte that its encoding does not have is U+FFFD. Raises DumpError where it is too large.

    The last is cached: a page is judged, and then read.
    """
    if _is_too_large(data):
        raise DumpError(
            f"is larger than a page can be ({LARGEST_PAGE_BYTES >> 20} MB, {MOST_TAGS:,} tags); "
            "if it holds many articles, name its format in sources.toml"
        )
    return data.decode(_codec(data, declared), "replace").removeprefix("\ufeff").replace("\0", "")


def _is_too_large(data: bytes) -> bool:
    return len(data) > LARGEST_PAGE_BYTES or data.count(b"<") > MOST_TAGS


def _codec(data: bytes, declared: str | None) -> str:
    """The page's codec. A declared one with one byte a character never fails, so UTF-8 is tried first."""
    if codec := bom_codec(data):
        return codec
    named = (codec_of(declared) if declared else None) or stated_codec(data)
    if _is_utf8(data, surely=named not in ("utf-8", "cp1252", None)):
        return "utf-8"
    if named in (None, "utf-8") or (named == "cp1252" and len(_NOT_WESTERN.findall(data)) >= _MANY_WORDS):
        return sniff(data, None)
    return named


def _is_utf8(data: bytes, surely: bool) -> bool:
    """Whether it is UTF-8, except for a few bytes: a character cut in two, or a quotation from elsewhere.

    `surely`: without exception, and not just because all of it is ASCII. What says that it is in another codec can
    be UTF-8 by accident for a few characters, but not for many.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        if surely:
            return False
        text = data.decode("utf-8", "replace")
        bad = text.count("\ufffd")
        return sum(char > "\x7f" for char in text) - bad >= 2 * bad
    return not surely or len(data) - len(text) >= _SURELY_BYTES


def _record(text: str) -> RawRecord:
    root = parse_html(text.encode("utf-8", "replace"), "utf-8")
    facts = page_facts.facts_of(root)
    titles, descriptions = page_facts.titles(facts), page_facts.descriptions(facts)
    authors, houses = page_facts.authors(facts), page_facts.houses(facts, None)
    found = article_of(root, titles, descriptions, authors, houses)
    told = labelled(root, found.body)
    said = page_facts.published(facts)
    publication = page_facts.publication(facts, found.headline)
    people, agencies = _told_apart(authors, page_facts.organisations(facts), page_facts.houses(facts, publication))
    byline = "; ".join(people) or printed.byline(found.near, found.signed, page_facts.houses(facts, publication))
    record: RawRecord = {
        "url": page_facts.address(facts),
        "publication": publication,
        "headline": found.headline or (titles[0] if titles else None),
        "deck": found.deck,
        "byline": byline,
        "agency": "; ".join(agencies) or None,
        "body": found.body or page_facts.body(facts),
        "published": printed.published(found.dated, said, facts.title),
        "modified": page_facts.modified(facts),
        "section": page_facts.section(facts),
        "language": page_facts.language(facts),
        "labels": [["keyword", "", word] for word in page_facts.keywords(facts)],
        "extra": _extra(facts, titles, descriptions, said)
        | {"author": [name for name in authors if name not in people]}
        | {"printed_above": "" if told else "\n\n".join(found.above)},
    }
    for name in _LABELLED & told.keys():
        if name in ("headline", "body") or not record[name]:
            record[name] = told[name]
    return without_empty_extra(record)


_LABELLED = frozenset(("publication", "headline", "deck", "byline", "body", "published", "section"))


def _told_apart(authors: list[str], organisations: list[str], houses: list[str]) -> tuple[list[str], list[str]]:
    """The authors who are people, and the organisations among them that are not the paper itself."""
    own = {fold(name) for name in houses}
    others = [name for name in authors if fold(name) not in own]
    return [name for name in others if name not in organisations], [name for name in others if name in organisations]


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
