"""The paper itself where its authors should be: "CBS Detroit" in CBS Detroit is not a person."""

from __future__ import annotations

import re
from functools import lru_cache

import pandas as pd

from etl.normalise._byline_words import HOUSES, ROLE_ADJECTIVES, ROLE_WORDS
from etl.normalise._columns import to_list
from etl.normalise._names import EDGES, agency_of

_BOUNDS = " \t,:;|/()-–—"
_MARKS = _BOUNDS.replace(" ", "")
_LEAD = re.compile(r"(?:(?:written|posted|published)\s+)?(?:by|von|par|por|di)\b:?\s+", re.IGNORECASE)
_ARTICLE = re.compile(r"the\s+|@", re.IGNORECASE)
_SUFFIX = re.compile(r"\.[a-z]{2,4}(?:\.[a-z]{2})?$", re.IGNORECASE)
_OTHER = re.compile(r"[\W_]+")


def without_publication(bylines: pd.Series, publications: pd.Series, domains: pd.Series) -> pd.Series:
    """Returns bylines without the name of the paper itself, by its name and by the domain of the article's address.

    A byline that is the paper's name, or one word of it, names no one. Behind a comma, a bar or the like, or
    where it can be no person's name ("USA TODAY"), the paper's name is removed and the rest stays.
    """
    rows = zip(to_list(bylines), to_list(publications), to_list(domains), strict=True)
    found = [byline and _without_house(byline, publication or "", domain or "") for byline, publication, domain in rows]
    return pd.Series(found, index=bylines.index, dtype=bylines.dtype)


def _without_house(byline: str, publication: str, domain: str) -> str | None:
    if publication and _is_only(byline, publication):
        return None
    if domain and " " not in byline and _is_label(byline, domain):
        return None
    house = _core(publication)[0]
    if not house or house not in byline.casefold() or agency_of(publication):
        return byline
    start = byline.casefold().rindex(house)
    before, printed, after = byline[:start], byline[start : start + len(house)], byline[start + len(house) :]
    if printed.casefold() != house or (before and before[-1] not in _BOUNDS) or (after and after[0] not in _BOUNDS):
        return byline
    before = re.sub(r"(?:^|\s)the\s$", " ", before, flags=re.IGNORECASE)
    is_at_end = not after.strip() or after.lstrip()[0] in _MARKS
    is_apart = before.rstrip().endswith(tuple(_MARKS)) and (is_at_end or _begins_with_job(after))
    is_apart = is_apart or (not before.strip() and _begins_with_job(after))
    is_behind = len(before.split()) > 1 and " " in house
    if is_apart or is_behind or _is_house_name(publication):
        return f"{before.rstrip()} {after.lstrip()}".strip(EDGES) or None
    return byline


def _begins_with_job(after: str) -> bool:
    first = after.split(maxsplit=1)[0].casefold() if after.strip() else ""
    return first in ROLE_WORDS or first in ROLE_ADJECTIVES


def _is_only(byline: str, publication: str) -> bool:
    """Whether a byline is nothing but the paper, or one word of its name: "Sky" in Sky News."""
    _, words, joined = _core(publication)
    lead = _LEAD.match(byline)
    name = byline[lead.end() :] if lead else byline
    if agency_of(name):
        return False
    return _core(name)[2] == joined or (len(name) > 2 and name.casefold() in words)


def _is_label(byline: str, domain: str) -> bool:
    """Whether a single word is a part of the domain: "Hilltimes" at www.hilltimes.example."""
    return _core(byline)[2] in domain.split(".")[:-1]


@lru_cache(maxsize=2**12)
def _core(name: str) -> tuple[str, frozenset[str], str]:
    """Returns a name in small letters without "The" and ".com"; its words; its letters and digits alone."""
    article = _ARTICLE.match(name)
    core = _SUFFIX.sub("", name[article.end() :] if article else name).strip().casefold()
    return core, frozenset(core.split()), _OTHER.sub("", core)


def _is_house_name(name: str) -> bool:
    words = name.split()
    return any((word.isupper() and len(word) > 1) or word.casefold() in HOUSES for word in words) or words[0] == "The"
