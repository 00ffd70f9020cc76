"""Feeds: RSS 0.9 to 2.0, RSS 1.0 (RDF), Atom, and WordPress' export (WXR), which is RSS with whole posts.

An item is an article if it has a text of its own: `content:encoded`, Atom's `content`, `yandex:full-text`, or any
element named `body`. With only a summary it is a partial article. In a WordPress export the posts are articles; pages,
attachments, menus and revisions are not. What has no field of its own is kept in `extra` under its own name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from etl.formats.common.encoding import with_ascii_tags
from etl.formats.common.pieces import guarded
from etl.formats.web import feed_record
from etl.formats.web.feed_items import Item, as_utf8, parse_item, split
from etl.formats.web.feed_marks import count_items
from etl.formats.web.feed_record import ARTICLE_TYPES, Channel
from etl.model import Feed, Piece, Reject, Skip

LEAST_ACCOUNTED_SHARE = 0.5
"""A channel describes itself, and extensions repeat."""

NATIVE_ID_IS_GLOBAL = True
"""Ids are addresses, URNs and UUIDs; others are kept in `extra`."""

_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?[^>]{0,1000}>|<!--.*?-->|<!DOCTYPE[^>]{0,1000}>|\s)*", re.DOTALL)
_RSS = re.compile(rb"<(?:[\w.-]{1,20}:)?(?:rss[\s>]|RDF\s[^>]{0,4000}(?:purl\.org/rss/1\.0/|my\.netscape\.com/rdf/))")
_ATOM = re.compile(rb"<(?:[\w.-]{1,20}:)?feed\s[^>]{0,4000}(?:www\.w3\.org/2005/Atom|purl\.org/atom/ns)")
_KIND = re.compile(rb"<[\w.-]{1,40}:post_type(?:\s[^<>]{0,200})?>\s{0,100}(?:<!\[CDATA\[\s{0,100})?([\w-]{0,100})")
_SECTION = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>", re.DOTALL)


def recognise(head: bytes, name: str) -> float:
    """By the first element; for RDF and `feed` also by their namespaces."""
    text = with_ascii_tags(head)
    at = _PROLOG.match(text).end()  # type: ignore[union-attr]  # it matches the empty text, too
    return 1.0 if _RSS.match(text, at) or _ATOM.match(text, at) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """Items whose WordPress type is not another's, what looks like one outside of them, and one for a missing end."""
    return count_items(stream, feed.encoding)


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
        others = [kind for kind in _kinds(item.data) if kind not in ARTICLE_TYPES]
        return Skip(position, others[0]) if others else found
    return found


def _kinds(data: bytes) -> list[str]:
    """The WordPress types that an item states, outside of its texts."""
    marked = list(_KIND.finditer(data))
    texts = [found.span() for found in _SECTION.finditer(data)]
    return [found[1].decode() for found in marked if not any(start < found.start() < end for start, end in texts)]


def _read(item: Item, channel: Channel, position: str) -> Piece:
    return feed_record.piece(parse_item(item.data, channel.declarations), channel, position, item.data)
