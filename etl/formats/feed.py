"""Feeds: RSS 0.9 to 2.0, RSS 1.0 (RDF), Atom, and WordPress' export (WXR), which is RSS with whole posts.

An item is an article if it has a text of its own: `content:encoded`, Atom's `content`, `yandex:full-text`, or any
element named `body`. With only a summary it is a partial article. In a WordPress export the posts are articles; pages,
attachments, menus and revisions are not. What has no field of its own is kept in `extra` under its own name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import BinaryIO

from etl.formats.common.encoding import with_ascii_tags
from etl.formats.common.pieces import guarded
from etl.formats.web import feed_record
from etl.formats.web.feed_items import Item, as_utf8, parse_item, split
from etl.formats.web.feed_record import ARTICLE_TYPES, Channel
from etl.model import Feed, Piece, Reject, Skip

LEAST_ACCOUNTED_SHARE = 0.5
"""A channel describes itself, and extensions repeat."""

NATIVE_ID_IS_GLOBAL = True
"""Ids are addresses, URNs and UUIDs; others are kept in `extra`."""

_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?[^>]{0,1000}>|<!--.*?-->|<!DOCTYPE[^>]{0,1000}>|\s)*", re.DOTALL)
_RSS = re.compile(rb"<(?:[\w.-]{1,20}:)?(?:rss[\s>]|RDF\s[^>]{0,4000}(?:purl\.org/rss/1\.0/|my\.netscape\.com/rdf/))")
_ATOM = re.compile(rb"<(?:[\w.-]{1,20}:)?feed\s[^>]{0,4000}(?:www\.w3\.org/2005/Atom|purl\.org/atom/ns)")
_TAG = re.compile(
    rb"<!--|<!\[CDATA\[|<(?P<close>/?)(?:[\w.-]{1,40}:)?(?:item|entry)(?=[\s/>])"
    rb"|<[\w.-]{1,40}:post_type(?:\s[^<>]{0,200})?>\s{0,100}(?:<!\[CDATA\[\s{0,100})?(?P<type>[\w-]{0,100})"
)
_ENDS = {b"<!--": b"-->", b"<![CDATA[": b"]]>"}
_LONGEST_TAG = 1_000


def recognise(head: bytes, name: str) -> float:
    """By the first element; for RDF and `feed` also by their namespaces."""
    text = with_ascii_tags(head)
    at = _PROLOG.match(text).end()  # type: ignore[union-attr]  # it matches the empty text, too
    return 1.0 if _RSS.match(text, at) or _ATOM.match(text, at) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The tags that open an item, outside comments and CDATA, except those whose WordPress type is not an article's."""
    marks, is_inside, is_other = 0, False, False
    for tag in _tags(as_utf8(stream, feed)):
        if tag["type"] is not None:
            is_other = is_inside and (is_other or tag["type"].decode() not in ARTICLE_TYPES)
            continue
        is_inside = not tag["close"]
        if is_inside:
            marks += 1
        elif is_other:
            marks -= 1  # only here: without an end, an item may still have become an article
        is_other = False
    return marks


def _tags(chunks: Iterator[bytes]) -> Iterator[re.Match[bytes]]:
    """The tags of items and of WordPress types, outside comments and CDATA."""
    held, awaited, at = b"", b"", 0
    for chunk in chain(chunks, (b"",)):
        held, at = held[at:] + chunk, 0
        while True:
            if awaited and (end := held.find(awaited, at)) < 0:
                at = max(at, len(held) - len(awaited))
                break
            at, awaited = (end + len(awaited), b"") if awaited else (at, b"")
            found = _TAG.search(held, at)
            if found is None or (chunk and found.end() > len(held) - _LONGEST_TAG):
                # The tag may be cut off at the end of what was read.
                at = max(at, len(held) - _LONGEST_TAG) if found is None else found.start()
                break
            at, awaited = found.end(), _ENDS.get(found[0], b"")
            if not awaited:
                yield found
                if b"<![CDATA[" in found[0]:  # a type within CDATA
                    awaited = _ENDS[b"<![CDATA["]


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each item, a Reject for one that cannot be read or has no text, a Skip for what is not an article.

    Raises DumpError where a comment or a CDATA section has no end, and where bytes do not fit the encoding.
    """
    channel = Channel()
    for item in split(as_utf8(stream, feed)):
        if not item.number:
            channel = feed_record.channel_of(item.data)
        else:
            yield _piece(item, channel)


def _piece(item: Item, channel: Channel) -> Piece:
    position = f"item {item.number}"
    if item.fault:
        return Reject(position, item.fault, item.data)
    found = guarded(partial(_read, item, channel, position), position, lambda: item.data)
    if isinstance(found, Reject):
        kinds = [tag["type"].decode() for tag in _tags(iter((item.data,))) if tag["type"] is not None]
        others = [kind for kind in kinds if kind not in ARTICLE_TYPES]
        return Skip(position, others[0]) if others else found
    return found


def _read(item: Item, channel: Channel, position: str) -> Piece:
    return feed_record.piece(parse_item(item.data, channel.declarations), channel, position, item.data)
