"""Whether two records that carry the same address are two articles, or two states of one: judged by their texts.

A wrong merge loses an article; a wrong split shows one twice, and is told. Where a text was edited, grew or was cut,
the two share passages. Where they share none and their headlines differ too, they are two articles.
"""

from __future__ import annotations

import re
from typing import Any

import pyarrow as pa

from etl.normalise.fingerprints import FEWEST_SHINGLES, shared_shares

WORD = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|\w+")
"""A word, or one character of a script without spaces."""

UNSPACED = "\u0e00"

SAME_HEADLINE = 0.4
"""Headlines that share so much of the different words of the shorter may be of one article."""
EDITED = 1 / 3
"""Bodies that share so much of the shorter one are one text that was edited. Two articles of one paper share less: a
footer, a paragraph of background."""
EDITED_BRIEF = 0.4
"""The same for bodies too short for passages, of all their different words."""
LITTLE_WORDS = 3
"""Words of so few letters say little in a headline: the, of, und."""
FEWEST_WORDS = 10
"""Under the same headline a shorter body is a stub: "Story to follow". Another whole text is another editorial,
another briefing, another weather report."""


def are_other_articles(pairs: pa.Table) -> list[bool]:
    """Whether the two records of each pair are different articles; the same for a pair the other way round.

    In: `one_headline`, `other_headline`, `one_body`, `other_body` (clean, null where there is none), `is_partial`
    (just one of them is an excerpt), `have_id` (both have the same id, which is more than an address: then they are
    others only if both are long and whole and nothing ties them but that).
    """
    shares, counts = shared_shares(pairs["one_body"], pairs["other_body"])
    return [
        _are_others(row, share, count)
        for row, share, count in zip(pairs.to_pylist(), shares.tolist(), counts.tolist(), strict=True)
    ]


def _are_others(pair: dict[str, Any], share: float, shorter: int) -> bool:
    """In: a pair; how much of its shorter body is in both, and how long that is; both in shingles."""
    one, other = _telling(pair["one_headline"]), _telling(pair["other_headline"])
    of_headlines = len(one & other) / max(min(len(one), len(other)), 1)
    if not pair["one_body"] or not pair["other_body"]:
        return not pair["have_id"] and bool(one and other) and of_headlines == 0
    is_brief = shorter < FEWEST_SHINGLES
    is_same_headline = bool(one) != bool(other) or of_headlines >= SAME_HEADLINE
    if pair["have_id"] and (is_same_headline or is_brief or pair["is_partial"]):
        return False
    if not is_same_headline:
        return share < EDITED and not (is_brief and _is_edited_brief(pair["one_body"], pair["other_body"]))
    if pair["is_partial"] or share >= EDITED:
        return False
    return not is_brief or _is_other_brief(pair["one_body"], pair["other_body"])


def _is_edited_brief(one: str, other: str) -> bool:
    words, others = _words(one), _words(other)
    return len(words & others) >= EDITED_BRIEF * len(words | others)


def _is_other_brief(one: str, other: str) -> bool:
    """Whether the shorter of two bodies under one headline is more than a stub and shares few of its telling words."""
    if min(len(WORD.findall(one)), len(WORD.findall(other))) < FEWEST_WORDS:
        return False
    words, others = _telling(one), _telling(other)
    return len(words & others) < EDITED * min(len(words), len(others))


def _telling(text: str | None) -> set[str]:
    """The words of a headline or a brief without the little ones, if it has others."""
    words = _words(text or "")
    return {word for word in words if len(word) > LITTLE_WORDS or word >= UNSPACED} or words


def _words(text: str) -> set[str]:
    return set(WORD.findall(text.casefold()))
