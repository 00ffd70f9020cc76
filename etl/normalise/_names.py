"""Single names in bylines: what is an agency, what can be a person, and how it is spelled."""

from __future__ import annotations

import re

import pandas as pd

from etl.normalise._byline_words import AGENCIES, HOUSES, PARTICLES
from etl.normalise._columns import to_list

LONGEST_NAME = 6  # words; more is a sentence
EDGES = " \t,:;|*•·–—-_\"“”'‘’()[]<>"
_BOUNDS = " \t,:;|/()-–—"
_WORD = re.compile(r"\w")
_LETTER = re.compile(r"[^\W\d_]")
_DOTTED_END = re.compile(r"(?:\b\w\.|\b(?:jr|sr)\.)$", re.IGNORECASE)  # an initial, or Jr.
_DIGIT = re.compile(r"\d")
_JUNK = re.compile(r"[@<>={}\\]|https?\b|\bwww\b|\bcom\b", re.IGNORECASE)
_RUN = re.compile(r"[^\W\d_]+")
_NUMERALS = {"II", "III", "IV", "VI", "VII"}


def agency_of(words: str) -> str | None:
    """Returns the agency of that name. A short name must be spelled as agencies spell theirs: AP, dpa, never Ap."""
    words = words.rstrip(".")
    agency = AGENCIES.get(words.casefold())
    return agency if agency and (len(words) > 3 or words == agency or words == words.upper()) else None


def without_publication(bylines: pd.Series, publications: pd.Series) -> pd.Series:
    """Returns bylines without the name of the paper itself: "CBS Detroit" in CBS Detroit is not a person.

    A publication with a person's name (Jane Doe, of the weblog Jane Doe) is not removed: it may be her.
    """
    pairs = zip(to_list(bylines), to_list(publications), strict=True)
    found = [byline and _without_house(byline, publication or "") for byline, publication in pairs]
    return pd.Series(found, index=bylines.index, dtype=bylines.dtype)


def _without_house(byline: str, publication: str) -> str | None:
    if not publication or publication not in byline or agency_of(publication) or not _is_house_name(publication):
        return byline
    before, _, after = byline.rpartition(publication)
    stands_alone = (not before or before[-1] in _BOUNDS) and (not after or after[0] in _BOUNDS)
    return (before + after).strip(EDGES) or None if stands_alone else byline


def _is_house_name(name: str) -> bool:
    words = name.split()
    return any((word.isupper() and len(word) > 1) or word.casefold() in HOUSES for word in words) or words[0] == "The"


def clean_name(words: list[str]) -> str | None:
    """Returns the words as a name; None where they cannot be one."""
    words = [word for word in " ".join(words).strip(EDGES).split() if _WORD.search(word)]
    name = " ".join(words)
    if not 0 < len(words) <= LONGEST_NAME or len(name) < 2 or not _LETTER.search(name) or _JUNK.search(name):
        return None
    if agency_of(name) or any(map(str.isdecimal, words)):
        return None
    if len(words) == 1 and (name.islower() or _DIGIT.search(name) or (len(name) == 2 and name.isupper())):
        return None  # initials, or a login
    if name.endswith(".") and not _DOTTED_END.search(name):
        words[-1] = words[-1].rstrip(".")
    return _recase(words) if name.isupper() and len(name) > 3 else " ".join(words)


def _recase(words: list[str]) -> str:
    """Returns JOHN O'NEIL-SMITH III as John O'Neil-Smith III."""
    inner = range(1, len(words) - 1)
    return " ".join(
        word.lower() if place in inner and word.casefold() in PARTICLES else _RUN.sub(_recase_run, word)
        for place, word in enumerate(words)
    )


def _recase_run(match: re.Match[str]) -> str:
    run = match[0]
    if run in _NUMERALS or len(run) == 1:
        return run
    if run.startswith("MC") and len(run) > 3:
        return f"Mc{run[2]}{run[3:].lower()}"
    return run[0] + run[1:].lower()
