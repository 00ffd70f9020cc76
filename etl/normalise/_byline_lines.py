"""Bylines of several lines: "Jane Doe", below it "John Roe"."""

from __future__ import annotations

import re
from functools import lru_cache, partial

import pandas as pd

from etl.normalise._byline_east_asian import HAS_EAST_ASIAN
from etl.normalise._byline_words import ANDS, NAME_LINKS, ROLE_OPENERS, SHORT_ANDS, WITH
from etl.normalise._columns import each, pc, replace_where, to_arrow, to_series
from etl.normalise._names import agency_of

_BREAK = (
    "[\r\n\t\v\f\u0085\u2028\u2029]|(?i:(?:<|&lt;)/?(?:br|p|div|li|ul)\\b[^<>&]{0,99}(?:>|&gt;)"
    "|&#(?:0{0,2}(?:9|10|13)|x0{0,2}[9ad]);)"
)
_BREAKS = re.compile(rf"\s*(?:{_BREAK})(?:\s|{_BREAK})*")
_OPEN_MARKS = (",", ";", ":", "&", "|", "/", "+", "-", "–", "—", "·", "•", "(")
_OPEN_WORDS = NAME_LINKS | ROLE_OPENERS | WITH | {*ANDS, *SHORT_ANDS, "by", "to", "of", "for", "in", "at", "par", "por"}
"""After these a line goes on below."""
_LEAST_WRAPPED = 56  # characters


def with_lines_apart(bylines: pd.Series) -> pd.Series:
    """Returns bylines with a semicolon for a break between lines that say something each, else a blank for it.

    In: bylines as they were in the dump, with line breaks, tabs, or tags that begin a line. Out: strings (Arrow).
    """
    texts = to_arrow(bylines)
    has_break = pc.match_substring_regex(texts, _BREAK)
    return to_series(replace_where(texts, has_break, partial(each, _joined)), bylines.index)


@lru_cache(maxsize=2**16)
def _joined(byline: str) -> str:
    joined = ""
    before = ""
    for line in filter(None, _BREAKS.split(byline)):
        joined += f"{'; ' if _are_apart(before, line) else ' '}{line}" if joined else line
        before = line
    return joined


def _are_apart(before: str, line: str) -> bool:
    """Whether a line is complete and the next begins something else, rather than both being one wrapped line."""
    if before.endswith(_OPEN_MARKS) or line.startswith(_OPEN_MARKS[:-1]) or line[0].islower():
        return False
    words = before.split()
    if words[-1].casefold() in _OPEN_WORDS or line.split(maxsplit=1)[0].casefold() in ANDS:
        return False
    if HAS_EAST_ASIAN.search(before) or agency_of(before) or agency_of(line):
        return True
    return len(words) > 1 and " " in line.strip() and len(before) < _LEAST_WRAPPED
