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
_LEAD = re.compile(r"(?:(?:written|posted|published)\s+)?(?:by|from|von|par|por|di)\b:?\s+", re.IGNORECASE)
_LEADS = ("from ", "by ", "by:", "written ", "posted ", "published ", "von ", "par ", "por ", "di ")
_ARTICLE = re.compile(r"the\s+|@", re.IGNORECASE)
_SUFFIX = re.compile(r"\.[a-z]{2,4}(?:\.[a-z]{2})?$", re.IGNORECASE)
_NEXT = re.compile(r"\s*(?:[,;|/&]|(?:and|und|et|y|e)\s)\s*(?=\S+\s\S|agenc|wire)", re.IGNORECASE)
_LAST_ARTICLE = re.compile(r"(?:^|(?<=\s))the\s$", re.IGNORECASE)


def without_publication(bylines: pd.Series, publications: pd.Series, domains: pd.Series) -> pd.Series:
    """Returns bylines without the name of the paper itself, by its name and by the domain of the article's address.

    A byline that is the paper's name, or one word of it, names no one. Behind a comma, a bar or the like, or
    where it can be no person's name ("USA TODAY"), the paper's name is removed and the rest stays.
    """
    rows = zip(to_list(bylines), to_list(publications), to_list(domains), strict=True)
    found = [byline and _without_house(byline, publication or "", domain or "") for byline, publication, domain in rows]
    return pd.Series(found, index=bylines.index, dtype=bylines.dtype)


def _without_house(byline: str, publication: str, domain: str) -> str | None:
    house, joined = _core(publication)
    key = byline.casefold().replace("-", " ")
    is_inside = bool(house) and house in key
    if not is_inside and " " in key and not key.startswith(_LEADS) and key.replace(" ", "") != joined:  # most bylines
        return byline
    lead = _LEAD.match(byline)
    name = byline[lead.end() :] if lead else byline
    if agency_of(name):
        return byline
    key, name_joined = _core(name)
    is_part = " " not in name and len(name) > 2 and (key in house.split() or key in domain.split(".")[:-1])
    if is_part or (joined and name_joined == joined):
        return None
    return _without_name(byline, house, publication) if is_inside else byline


def _without_name(byline: str, house: str, publication: str) -> str | None:
    """Returns the byline without the paper's name in it, if that is not a part of a person's name."""
    start = byline.casefold().replace("-", " ").rindex(house)
    before, printed, after = byline[:start], byline[start : start + len(house)], byline[start + len(house) :]
    is_word = (not before or before[-1] in _BOUNDS) and (not after or after[0] in _BOUNDS)
    if not is_word or printed.casefold().replace("-", " ") != house or agency_of(publication):
        return byline
    before = _LAST_ARTICLE.sub("", before).rstrip()
    is_first = " " in house and (not before or _LEAD.fullmatch(f"{before} "))
    if is_first and (following := _NEXT.match(after)):  # "Evening Lamp, Jane Doe", "Evening Lamp & Agencies"
        return after[following.end() :].strip(EDGES) or None
    is_at_end = not after.strip() or after.lstrip()[0] in _MARKS
    is_apart = (not before or before[-1] in _MARKS) and (bool(before and is_at_end) or _begins_with_job(after))
    is_behind = " " in before and " " in house
    if is_apart or is_behind or _is_house_name(publication):
        return f"{before} {after.lstrip()}".strip(EDGES) or None
    return byline


def _begins_with_job(after: str) -> bool:
    first = after.split(maxsplit=1)[0].casefold() if after.strip() else ""
    return first in ROLE_WORDS or first in ROLE_ADJECTIVES


@lru_cache(maxsize=2**12)
def _core(name: str) -> tuple[str, str]:
    """Returns a name in small letters without "The" and ".com", with blanks for hyphens; and without the blanks."""
    article = _ARTICLE.match(name)
    core = _SUFFIX.sub("", name[article.end() :] if article else name).strip().casefold().replace("-", " ")
    return core, core.replace(" ", "")


def _is_house_name(name: str) -> bool:
    words = name.split()
    return any((word.isupper() and len(word) > 1) or word.casefold() in HOUSES for word in words) or words[0] == "The"
