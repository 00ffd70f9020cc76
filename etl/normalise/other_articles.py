"""Whether two texts under one id or address are two articles, or two states of one: judged by what they say.

A wrong merge loses an article; a wrong split shows one twice, and is told. Where a text was edited, grew or was cut,
the two share passages. Where they share none, or only what a paper prints under every text, they are two articles.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from etl.normalise.fingerprints import FEWEST_SHINGLES, shared_shares

WORD = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|\w+")
"""A word, or one character of a script without spaces."""

UNSPACED = "\u0e00"

SAME_HEADLINE = 0.4
"""Headlines that share so much of the different words of the shorter may be of one article."""
EDITED = 1 / 3
"""Bodies that share so much of the shorter one are one text that was edited."""
EDITED_BRIEF = 0.4
"""The same for bodies too short for passages, of all their different words."""
ANOTHER_DAYS = 2 / 3
"""The same for bodies that are printed on different days. What a column has in common from day to day is less; what was
corrected a day later has more."""
LITTLE_WORDS = 3
"""Words of so few letters say little in a headline: the, of, und."""
FEWEST_WORDS = 10
"""Under the same headline a shorter body is a stub: "Story to follow". Another whole text is another editorial,
another briefing, another weather report."""
PASSAGE_WORDS = 4


class Pair(NamedTuple):
    """Two texts, by their places, and whether they have the same id, which is more than an address."""

    one: int
    other: int
    have_id: bool


class Verdict(NamedTuple):
    """What two texts say about being one article; neither where they do not tell."""

    are_others: bool
    """They are two articles. With one id only if both are long and whole, and nothing ties them but that."""
    are_alike: bool
    """They are two states of one text."""


def judge(texts: pa.Table, pairs: Sequence[Pair]) -> list[Verdict]:
    """Compare pairs of texts; the verdict is the same for a pair the other way round.

    In: `headline`, `body` (clean, null where there is none), `is_partial` (an excerpt), `published_date` (as printed,
    null where it is unknown).
    """
    ones, others = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))
    shares, counts = shared_shares(texts["body"], ones, others)
    rows = texts.select(["headline", "body", "is_partial", "published_date"]).to_pylist()
    return [
        _verdict(rows[pair.one], rows[pair.other], pair.have_id, share, count)
        for pair, share, count in zip(pairs, shares.tolist(), counts.tolist(), strict=True)
    ]


def _verdict(one: dict[str, Any], other: dict[str, Any], have_id: bool, share: float, shorter: int) -> Verdict:
    """In: the texts; how much of the shorter body is in both, and how long that is; both in shingles."""
    words, others = _telling(one["headline"]), _telling(other["headline"])
    of_headlines = len(words & others) / max(min(len(words), len(others)), 1)
    if not one["body"] or not other["body"]:
        return Verdict(not have_id and bool(words and others) and of_headlines == 0, False)
    is_same_headline = bool(words) != bool(others) or of_headlines >= SAME_HEADLINE
    is_another_day = None not in (days := {one["published_date"], other["published_date"]}) and len(days) > 1
    is_brief = shorter < FEWEST_SHINGLES
    are_alike = share >= (ANOTHER_DAYS if is_another_day else EDITED)
    if not are_alike and is_brief:
        are_alike = _of_all_words(one["body"], other["body"]) >= (ANOTHER_DAYS if is_another_day else EDITED_BRIEF)
    if are_alike and words and others and of_headlines == 0:
        are_alike = not _share_only_their_end(one["body"], other["body"])
    if are_alike:
        return Verdict(False, True)
    is_excerpt = one["is_partial"] != other["is_partial"]
    if have_id:
        is_told_apart = not is_same_headline or (is_another_day and share < EDITED)
        return Verdict(is_told_apart and not is_brief and not is_excerpt, False)
    if is_same_headline and is_excerpt:
        return Verdict(False, False)
    is_stub = is_same_headline and is_brief and not _is_other_brief(one["body"], other["body"], is_another_day)
    return Verdict(not is_stub, False)


def _of_all_words(one: str, other: str) -> float:
    words, others = _words(one), _words(other)
    return len(words & others) / max(len(words | others), 1)


def _share_only_their_end(one: str, other: str) -> bool:
    """Whether two bodies are quite different before what both end with, which a paper may print under every text."""
    words, others = WORD.findall(one.casefold()), WORD.findall(other.casefold())
    end = 0
    while end < min(len(words), len(others)) and words[-1 - end] == others[-1 - end]:
        end += 1
    if not end or min(len(words), len(others)) - end < FEWEST_WORDS:
        return False
    passages, other_passages = (
        {tuple(text[place : place + PASSAGE_WORDS]) for place in range(len(text) - end - PASSAGE_WORDS + 1)}
        for text in (words, others)
    )
    return len(passages & other_passages) < EDITED * min(len(passages), len(other_passages))


def _is_other_brief(one: str, other: str, is_another_day: bool) -> bool:
    """Whether the shorter of two bodies under one headline is more than a stub and shares few of its telling words."""
    if min(len(WORD.findall(one)), len(WORD.findall(other))) < FEWEST_WORDS:
        return False
    words, others = _telling(one), _telling(other)
    needed = ANOTHER_DAYS if is_another_day else EDITED
    return len(words & others) < needed * min(len(words), len(others))


def _telling(text: str | None) -> set[str]:
    """The words of a headline or a brief without the little ones, if it has others."""
    words = _words(text or "")
    return {word for word in words if len(word) > LITTLE_WORDS or word >= UNSPACED} or words


def _words(text: str) -> set[str]:
    return set(WORD.findall(text.casefold()))
