"""Text of a page in elements that HTML does not have: perhaps another article, in a mark-up that nobody foresaw."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from lxml.html import defs

_LATER_NAMES = """
    article aside details dialog figcaption figure footer header main mark math nav picture section summary svg time
"""
_KNOWN = defs.tags | frozenset(_LATER_NAMES.split())
"""lxml's list lacks what HTML 5 added."""
_UNSEEN = re.compile(
    r"<(?:!--(?:[^-]++|-(?!->))*+(?:-->|\Z)"
    r"|(?=[stnm])(script|style|textarea|noscript|svg|math)\b(?:[^<]++|<(?!/\1\b))*+(?:</\1\b|\Z))",
    re.I,
)
_IN_A_SENTENCE = re.compile(r"</?(?:a|abbr|b|br|cite|code|em|font|i|q|s|small|span|strong|sub|sup|u)\b[^<>]*>", re.I)
_TAG = re.compile(r"<([a-z][a-z0-9]*)(?=[\s>/])", re.I)
_TEXT = re.compile(r"<([a-z][a-z0-9]*)(?=[\s>/])[^<>]*>([^<>]+)", re.I)
"""A name with a hyphen or a colon is an element of the site's own, which HTML allows."""
_FEWEST_NAMES = 3
_FEWEST_WORDS = 60
_WIDE = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff]{3}")
"""Letters of scripts without blanks, of which about three are a word."""


class Foreign(NamedTuple):
    """The words that stand right inside unknown elements, and the names of those, the most wordy first."""

    words: int
    names: list[str]


def foreign_text(page: str) -> Foreign | None:
    """The text of a page in unknown elements; None where it is less than a short article, or of fewer elements."""
    if not _has_unknown(page) or not _has_unknown(shown := _UNSEEN.sub(" ", page)):
        return None
    words: Counter[str] = Counter()
    for name, text in _TEXT.findall(_IN_A_SENTENCE.sub("", shown)):
        if name.lower() not in _KNOWN:
            words[name.lower()] += len(text.split()) + len(_WIDE.findall(text))
    names = [name for name, number in words.most_common() if number]
    found = Foreign(words.total(), names)
    return found if found.words >= _FEWEST_WORDS and len(names) >= _FEWEST_NAMES else None


def _has_unknown(page: str) -> bool:
    """Whether there are so many unknown elements; in scripts, too, as long as they are in the page."""
    return len({name.lower() for name in set(_TAG.findall(page))} - _KNOWN) >= _FEWEST_NAMES
