"""XML that no format knows: its root, and the element of which it holds one for each article."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import islice
from typing import BinaryIO

from etl.formats.common.tag_scan import Token, count_words, tokens

MOST_TOKENS = 2_000_000
DEEPEST = 4
LEAST_WORDS = 15
"""An element that is an article holds at least so many words."""
_LEAST_SHARE = 0.5
_PARAGRAPH = re.compile(r"p|pp|par|para|paragraph|line|li|td|tr|s|span|div|block|section", re.IGNORECASE)
"""Elements that are repeated within one article."""
_NO_TEXTS = {
    "urlset": "a sitemap, which holds addresses of pages and not their texts",
    "sitemapindex": "a sitemap, which holds addresses of pages and not their texts",
    "opml": "a list of feeds (OPML), which holds their addresses and no articles",
    "plist": "a property list of a Mac",
    "kml": "a map (KML)",
}
_IS_XML = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*<[?!A-Za-z_\0]")

Counts = dict[tuple[int, str], list[int]]
"""Depth and name of elements -> how many there are, and how many words are in them."""


def what_xml(head: bytes, opened: Callable[[], BinaryIO]) -> str | None:
    """What a file of XML holds, and how to have it read; None where it is not XML."""
    if not _IS_XML.match(head):
        return None
    with opened() as stream:
        counts, root, is_all = _counted(tokens(stream))
    if not root:
        return None
    total = counts[0, root][1]
    if (name := root.rpartition(":")[2].lower()) in _NO_TEXTS:
        return f"it is {_NO_TEXTS[name]}; ask for the texts themselves"
    repeated = _repeated(counts, total)
    stanza = 'name it in a stanza of sources.toml with format = "xml" and record ='
    if repeated is None:
        return f'it is XML whose root is <{root}>, without repeated elements; if it is one article, {stanza} "{root}"'
    name, number = repeated
    many = f"{number:,}" if is_all else f"more than {number:,}"
    return (
        f"it is XML of a kind that no format knows, with {many} <{name}> elements in <{root}>; if each is an article, "
        f'{stanza} "{name}"'
    )


def _counted(found: Iterator[Token]) -> tuple[Counts, str, bool]:
    """The elements by depth and name, the name of the first, and whether these are all."""
    counts: Counts = defaultdict(lambda: [0, 0])
    path: list[str] = []
    root, seen = "", 0
    for token in islice(found, MOST_TOKENS):
        seen += 1
        if token.opens:
            root = root or token.name
            if len(path) <= DEEPEST:
                counts[len(path), token.name][0] += 1
            path.append(token.name)
        elif token.closes and token.name in path:
            while path.pop() != token.name:
                pass
        elif token.text:
            words = count_words(token.text)
            for depth, name in enumerate(path[: DEEPEST + 1]):
                counts[depth, name][1] += words
    return counts, root, seen < MOST_TOKENS


def _repeated(counts: Counts, total: int) -> tuple[str, int] | None:
    """The outermost element that is repeated and holds most of the words; None where there is none."""
    for depth in range(1, DEEPEST + 1):
        there = {
            name: (number, words)
            for (at, name), (number, words) in counts.items()
            if at == depth and not _PARAGRAPH.fullmatch(name)
        }
        name = max(there, key=lambda name: there[name][1], default="")
        number, words = there.get(name, (0, 0))
        if number > 1 and words >= max(_LEAST_SHARE * total, LEAST_WORDS * number):
            return name, number
    return None
