"""The articles of a feed, counted from its tags and words in passing, whatever it declares.

An item or entry is an article unless WordPress says that it is something else. So is what stands outside of them and
looks like one: a title that is neither the feed's nor that of its picture or search box, or prose in an element that
says nothing of the feed. One more is missing where the feed has no end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import BinaryIO

from etl.formats.common.tag_scan import Token, count_words, tokens

LOOSE_WORDS = 30

_FEED = re.compile(r"rss|rdf|feed|channel")
_OF_FEED = re.compile(
    r"image|textinput|source|cloud|generator|author|category|term|tag|skip(?:hours|days)|items"
    r"|.*(?:description|summary|title|copyright|rights|disclaimer|info|about|keywords|owner|docs).*"
)
_ARTICLE = re.compile(r"post|article|news|story")


@dataclass
class _Scan:
    """A count that goes on, and where in the feed the next tag stands."""

    marks: int = 0
    is_inside: bool = False
    is_other: bool = False
    last: str = ""
    path: list[str] = field(default_factory=list)
    """The open elements outside of items, without the feed's own."""
    titles: int = 0
    channels: int = 0
    loose_words: int = 0
    has_end: bool = False


def count_items(stream: BinaryIO, encoding: str | None) -> int:
    """How many articles a feed holds. `encoding`: what its stanza states."""
    scan = _Scan()
    for token in tokens(stream, encoding):
        if token.name:
            _tag(scan, token, token.name.lower())
        elif scan.is_inside:
            scan.is_other |= scan.last == "post_type" and not _ARTICLE.fullmatch(token.text.strip())
        elif scan.path and not _OF_FEED.fullmatch(scan.path[0]):
            scan.loose_words += count_words(token.text)
    strays = max(scan.titles - max(scan.channels, 1), int(scan.loose_words >= LOOSE_WORDS), 0)
    is_cut = bool(scan.marks) and not scan.is_inside and not scan.has_end
    return scan.marks + strays + is_cut


def _tag(scan: _Scan, token: Token, name: str) -> None:
    if name in ("item", "entry"):
        _bounds_of_item(scan, token)
    elif _FEED.fullmatch(name):
        scan.has_end |= token.closes and name != "channel"
        scan.channels += token.opens and name in ("feed", "channel")
        scan.path.clear()
    elif not scan.is_inside:
        _tag_of_feed(scan, token, name)
    scan.last = "" if token.closes else name


def _tag_of_feed(scan: _Scan, token: Token, name: str) -> None:
    if token.closes and name in scan.path:
        del scan.path[scan.path.index(name) :]
    elif token.opens:
        scan.titles += name == "title" and not (scan.path and _OF_FEED.fullmatch(scan.path[0]))
        scan.path.append(name)


def _bounds_of_item(scan: _Scan, token: Token) -> None:
    scan.path.clear()
    if token.closes:
        scan.marks -= scan.is_inside and scan.is_other
    else:
        scan.marks += 1  # one that is not ended before the next is a reject, whatever it is
        scan.has_end = False
    scan.is_inside, scan.is_other = token.opens, False
