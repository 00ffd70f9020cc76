"""What a page says of itself: that it is one article, or, to machines, the texts of several."""

from __future__ import annotations

import json
import re
from html import unescape

_SAYS_ARTICLE = re.compile(rb"""[^<>]{0,60}["']article["'/ >]""")
_TYPE = re.compile(rb"""(?:"@type"\s{0,5}:\s{0,5}\[?\s{0,5}"|schema\.org/)(?:\w{0,20}article|\w{0,8}blogposting)["']""")


def names_one_article(lowered: bytes) -> bool:
    """Whether a page, in lower case, says of itself that it is an article, as those of news sites do."""
    if b"article:published_time" in lowered:
        return True
    if (at := lowered.find(b"og:type")) >= 0:
        start = max(lowered.rfind(b"<", 0, at), 0)
        if _SAYS_ARTICLE.match(lowered, at + 7) or _SAYS_ARTICLE.match(lowered[start + 1 : at]):
            return True
    has_type = b"schema.org" in lowered or b'"@type"' in lowered
    return has_type and len(_TYPE.findall(lowered)) == 1


_TITLE = re.compile(r"<title\b[^<>]*>([^<>]{1,400})", re.I)


def title(page: str) -> str:
    """The title in its head; '' where it has none."""
    found = _TITLE.search(page)
    return " ".join(unescape(found[1]).split()) if found else ""


_BODY = re.compile(r'"(articleBody|headline|liveBlogUpdate)"\s{0,5}:\s{0,5}("(?:[^"\\]|\\.)*+")?', re.S | re.I)
_FEWEST_WORDS = 100
_WIDE_TO_A_WORD = 2
"""Characters of a script without blanks."""
_COMPARED = 120


def may_state_texts(lowered: bytes) -> bool:
    """Whether a page, in lower case, may state several texts."""
    return lowered.count(b'"articlebody"') > 1


def texts(page: str) -> list[tuple[int, str]]:
    """Where the texts of articles begin that it states for machines (schema.org), and the headline before each.

    A text that is stated twice counts once; the posts of a live blog do not count.
    """
    found: dict[str, tuple[int, str]] = {}
    headline, place = "", 0
    for stated in _BODY.finditer(page):
        what = stated[1].lower()
        if what == "liveblogupdate":
            return []
        if what == "headline":
            headline, place = _unquoted(stated[2]), stated.start()
        elif _is_long(text := _unquoted(stated[2])):
            same = re.sub(r"[\W\d_]", "", text.casefold())[:_COMPARED]
            found.setdefault(same, (place or stated.start(), headline or text[:_COMPARED]))
            headline, place = "", 0
    return list(found.values())


def _is_long(text: str) -> bool:
    wide = sum(char > "\u2e80" for char in text)
    return len(text.split()) + wide // _WIDE_TO_A_WORD >= _FEWEST_WORDS


def _unquoted(quoted: str | None) -> str:
    try:
        return str(json.loads(quoted or '""', strict=False))
    except ValueError:
        return (quoted or "")[1:-1]
