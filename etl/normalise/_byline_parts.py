"""What one part of a byline says: a name, a role (job, place, organisation), an e-mail, an agency, or nothing."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from etl.normalise._byline_words import (
    CREDITS,
    HOUSES,
    LONGEST_AGENCY,
    ROLE_ADJECTIVES,
    ROLE_OPENERS,
    ROLE_WORDS,
    SURNAMES,
    UNNAMED,
    WITH,
)
from etl.normalise._names import EDGES, agency_of, clean_name
from etl.normalise._places import split_city, split_report

EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_AT_WORD = re.compile(r"\S*@\S*")
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}")
_CREDIT = re.compile(rf"(?P<credit>{CREDITS})\s*(?:\b(?:by|von|par|por)\b|:|$)\s*", re.IGNORECASE)
_ASIDE = re.compile(r"(?P<name>[^()]*[^()\s])\s*\((?P<aside>[^()]*)\)?")
_STATION = re.compile(r"[B-DF-HJ-NP-TV-XZ]{3,}")  # BBC, CNN: capitals that cannot be a person's name
_HAN_REPORT = re.compile(r"[\u4e00-\u9fff]{2,8}(?:報導|报道|报导)")
_PREPOSITIONS = {"in", "at", "for", "of", "from", "aus", "à", "IN", "AT", "FOR", "FROM", "For", "From", "on", "is"}


class Part(NamedTuple):
    """What one part of a byline says. Any field may be missing."""

    name: str | None = None
    role: str | None = None
    email: str | None = None
    agency: str | None = None


@lru_cache(maxsize=2**16)
def read_part(piece: str) -> Part:
    """Read one part of a byline. Cached, because the same names recur."""
    email = None
    if "@" in piece:
        found = EMAIL.search(piece)
        email = found[0].lower() if found else None
        piece = _AT_WORD.sub(" ", piece)
    piece = piece.strip(EDGES)
    if piece.casefold() in UNNAMED:
        return Part(email=email)
    if agency := agency_of(piece):
        return Part(agency=agency, email=email)
    if credit := _CREDIT.match(piece):
        rest = read_part(piece[credit.end() :])
        return rest._replace(email=rest.email or email, role=rest.role or credit["credit"])
    if aside := _ASIDE.fullmatch(piece):
        return _with_aside(read_part(aside["name"]), aside["aside"])._replace(email=email)
    words, agency = _without_agency(piece.split())
    if agency is None:
        words, agency = _without_employer(words)
    name, role = _without_role(words)
    if role and agency is None and not piece.isupper():
        name, agency = _without_agency(name)
    return Part(clean_name(name), role or None, email, agency or agency_of(" ".join(name)))


def _with_aside(part: Part, aside: str) -> Part:
    first, _, rest = aside.partition(" ")
    agency = agency_of(rest if first.casefold() in WITH else aside)
    return part._replace(agency=agency) if agency else part._replace(role=part.role or aside.strip() or None)


def _without_agency(words: list[str]) -> tuple[list[str], str | None]:
    """ "Jane Doe Reuters" without the agency after a full name. One that is also a surname (Paul J. Reuter) stays."""
    is_shouted = " ".join(words).isupper()
    for length in range(min(len(words) - 2, LONGEST_AGENCY), 0, -1):
        last = " ".join(words[-length:])
        agency = agency_of(last)
        if agency and last.casefold() not in SURNAMES and not (is_shouted and len(last) <= 3):
            end = len(words) - length
            return words[: end - (end > 2 and words[end - 1].casefold() in WITH)], agency
    return words, None


def _without_employer(words: list[str]) -> tuple[list[str], str | None]:
    """ "Associated Press Writer Jane Doe" without the agency before a role."""
    for length in range(min(len(words) - 2, LONGEST_AGENCY), 0, -1):
        agency = agency_of(" ".join(words[:length]))
        if agency and _is_role(words[length].casefold()):
            return words[length:], agency
    return words, None


def _without_role(words: list[str]) -> tuple[list[str], str]:
    """Returns name and role of "Jane Doe Political Editor", "Staff Writer Jane Doe", "Jane Doe in Berlin"."""
    name, role = _split_role(words, [word.casefold().strip(".,:") for word in words])
    if not name or agency_of(" ".join(name)):
        return name, role
    at = 0 if " ".join(words).isupper() else next((at for at, word in enumerate(name) if _STATION.fullmatch(word)), 0)
    if at > 1:
        return name[:at], " ".join([*name[at:], role]).strip()
    is_nobody = _is_house(name) or (role and _is_lone_brand(words, name))
    return ([], " ".join(words)) if is_nobody else (name, role)


def _split_role(words: list[str], keys: list[str]) -> tuple[list[str], str]:
    if report := split_report(words, keys):
        name, role = report
        if name != words[: len(name)]:
            return report
        name, more = _split_role(name, keys[: len(name)])
        return name, f"{more} {role}".strip()
    for place, word in enumerate(words):
        if word in _PREPOSITIONS:
            name, role = _split_role(words[:place], keys[:place])
            return name, " ".join([role, *words[place:]]).strip()
    if ROLE_WORDS.isdisjoint(keys):
        return split_city(words, keys)
    start = len(list(takewhile(_is_role, keys)))
    if not ROLE_WORDS.isdisjoint(keys[:start]):
        return words[start:], " ".join(words[:start])
    end = len(keys) - len(list(takewhile(_is_role, reversed(keys))))
    if not ROLE_WORDS.isdisjoint(keys[end:]):
        return words[:end], " ".join(words[end:])
    return words, ""


def _is_house(name: list[str]) -> bool:
    keys = [word.casefold() for word in name]
    if _STATION.fullmatch(name[0]) and not (len(name) > 1 and " ".join(name).isupper()):
        return True
    if keys[0] in ROLE_OPENERS or _HAN_REPORT.fullmatch(name[0]) or (len(keys) > 1 and not HOUSES.isdisjoint(keys)):
        return True
    return _DOMAIN.fullmatch(name[-1]) is not None


def _is_lone_brand(words: list[str], name: list[str]) -> bool:
    """Whether a single word before a role is not a person: "Guardian staff", "Globe Correspondent"."""
    return len(name) == 1 and words[0] == name[0] and name[0][0].isupper()


def _is_role(key: str) -> bool:
    return key in ROLE_WORDS or key in ROLE_ADJECTIVES
