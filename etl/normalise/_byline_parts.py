"""What one part of a byline says: a name, a role (job, place, organisation), an e-mail, an agency, or nothing."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from etl.normalise._byline_east_asian import is_east_asian_house, is_east_asian_job
from etl.normalise._byline_words import (
    ANDS,
    ANYBODY,
    BEAT_JOBS,
    BY_WORDS,
    COLLECTIVES,
    COMPASS,
    CREDITS,
    HOUSE_STEMS,
    HOUSES,
    LONGEST_AGENCY,
    NAME_LINKS,
    OUR,
    PARTICLES,
    ROLE_ADJECTIVES,
    ROLE_OPENERS,
    ROLE_WORDS,
    SENTENCE_OPENERS,
    SHORT_ANDS,
    SUFFIXES,
    SURNAMES,
    UNNAMED,
    WITH,
)
from etl.normalise._names import EDGES, LONGEST_NAME, LOWER, UPPER, agency_of, clean_name, folded
from etl.normalise._places import Split, is_place, split_city, split_report

LONGEST_PART = 300  # characters; more is a paragraph

EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_AT_WORD = re.compile(r"(?:\b(?:twitter|x|instagram|follow)\b:?\s)?\S*@\S*", re.IGNORECASE)
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}")
_CREDIT = re.compile(
    r"(?P<credit>(?:(?:an?|the|eine?|die|une?|una?|la|additional|further)\s)?"
    rf"(?:(?:{CREDITS})\s(?:und|and|et|y|e|og|och)\s)?(?:{CREDITS}))"
    rf"(?:\s*(?:\b(?:by|von|van|par|por|di|de|da|av|af|door|przez)\b|\bd['’]|:|$)|\s(?-i:(?=[{UPPER}\u0530-\uffff])))\s*",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?P<credit>[^\W\d_][^:;,@]{1,40}?)\s?:\s*(?=\w)")
_BY = re.compile(rf"(?:{BY_WORDS})\s+(?P<rest>.+)", re.IGNORECASE)
_PASSIVE = re.compile(r"(?P<credit>\S+(?:\s\S+){0,4}?)\s(?:by|par|por|door|przez|as told to)\s", re.IGNORECASE)
_RECORDED = re.compile(  # "Aufgezeichnet von Jane Doe", "Une chronique de Jane Doe", "Aus dem Englischen von Jane Doe"
    r"(?P<credit>\w+(?=\s(?:von|af|av)\s)|(?i:eine?|une?|una?|uma?|ett?|een|aus\sdem)\s\w+(?:\s(?:übersetzt|übertragen))?)"
    rf"\s(?:von|van|door|de|par|por|di|af|av)\s(?=[{UPPER}]\S+\s[{UPPER}])"
)
_ASIDE = re.compile(r"(?P<name>[^()]*[^()\s])\s*\((?P<aside>[^()]*)\)?")
_STATION = re.compile(r"[B-DF-HJ-NP-TV-XZ]{3,}")  # BBC, CNN: capitals that cannot be a person's name
_INITIAL = re.compile(rf"[{UPPER}]\.?")
_POSSESSIVE = re.compile(r"\w+['’]s")
_BRAND = re.compile(  # UNICEF, LinkNaija
    rf"[{UPPER}]{{3,}}|(?!Ma?c|D[eu]|L[ea]|Di|O[’'])[{UPPER}]\w*[{LOWER}][{UPPER}]\w*"
)
_OF = re.compile(r"(?:da|do|de|del|della|dalla)\s", re.IGNORECASE)
_HAN_REPORT = re.compile(r"[\u4e00-\u9fff]{2,8}(?:報導|报道|报导)")
_BEFORE_AGENCY = WITH.union(ANDS, SHORT_ANDS)
_PREPOSITIONS = frozenset(
    ["in", "at", "for", "of", "from", "aus", "à", "IN", "AT", "FOR", "FROM", "For", "From", "Of", "on", "is"]
)


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
    if len(piece) > LONGEST_PART or _is_junk(piece):
        return Part(email=email)
    if agency := agency_of(_OF.sub("", piece)) or _agencies_of(piece):
        return Part(agency=agency, email=email)
    if credit := _CREDIT.match(piece) or _LABEL.match(piece) or _PASSIVE.match(piece) or _recorded(piece):
        return _with_credit(credit, read_part(piece[credit.end() :]), email)
    if (by := _BY.fullmatch(piece)) and _is_by(by["rest"]):
        rest = read_part(by["rest"])
        return rest._replace(email=rest.email or email)
    if by and piece[0].islower() and " " not in by["rest"]:  # "von Stefan": a first name, or a surname
        return Part(email=email)
    if aside := _ASIDE.fullmatch(piece):
        return _with_aside(read_part(aside["name"]), aside["aside"])._replace(email=email)
    words, agency = _without_agency(piece.split())
    if agency is None:
        words, agency = _without_employer(words)
    name, role = _without_role(words)
    if role and agency is None and not piece.isupper():
        name, agency = _without_agency(name)
        agency = agency or _without_employer(role.split())[1]
    return Part(clean_name(name), role or None, email, agency or agency_of(" ".join(name)))


def is_other_than_name(piece: str) -> bool:
    """Whether a piece names no person: a paper, a place, a credit, a job."""
    return read_part(piece).name is None or is_place(piece.strip())


def _is_junk(piece: str) -> bool:
    key = folded(piece)
    return key in UNNAMED or ANYBODY.match(key) is not None or key.split(" ", 1)[0] in SENTENCE_OPENERS


def _recorded(piece: str) -> re.Match[str] | None:
    found = _RECORDED.match(piece)
    return found if found and " " in (read_part(piece[found.end() :]).name or "") else None


def _agencies_of(piece: str) -> str | None:
    """ "NTB-Reuters"."""
    agencies = [agency_of(word) for word in piece.split("-")] if "-" in piece else []
    return ", ".join(filter(None, agencies)) if all(agencies) else None


def _is_by(rest: str) -> bool:
    """Whether "von" before this means "by": before Jane Doe and dpa and a login, not before Miller."""
    first, _, more = rest.partition(" ")
    second = more.split(" ", 1)[0]
    is_remark = first[:1].isupper() and second.islower() and second.isalpha() and second not in NAME_LINKS
    is_name = bool(more) and first not in PARTICLES and not is_remark
    return is_name or rest.islower() or agency_of(rest) is not None


def _with_credit(credit: re.Match[str], part: Part, email: str | None) -> Part:
    label = credit["credit"]
    if agency := agency_of(label):
        return part._replace(email=part.email or email, agency=part.agency or agency)
    if part.name is None and part.agency is None and " " in label and ":" in credit[0]:  # "Jane Doe: Columnist"
        whose = read_part(label)
        return whose._replace(email=email, role=whose.role or part.role)
    return part._replace(email=part.email or email, role=part.role or label)


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
            return words[: end - (end > 2 and words[end - 1].casefold() in _BEFORE_AGENCY)], agency
    return words, None


def _without_employer(words: list[str]) -> tuple[list[str], str | None]:
    """ "Associated Press Writer Jane Doe" and "AP Auto Writer" without the agency before a role."""
    for length in range(min(len(words) - 1, LONGEST_AGENCY), 0, -1):
        agency = agency_of(" ".join(words[:length]))
        rest = [word.casefold() for word in words[length:]]
        if agency and (
            (len(rest) > 1 and _is_role(rest[0]))
            or (len(rest) < 4 and (rest[-1] in ROLE_WORDS or all(map(_is_role, rest))))
        ):
            return words[length:], agency
    return words, None


def _without_role(words: list[str]) -> tuple[list[str], str]:
    """Returns name and role of "Jane Doe Political Editor", "Staff Writer Jane Doe", "Jane Doe in Berlin"."""
    name, role = _split_role(words, [folded(word).strip(".,:") for word in words])
    if not name or agency_of(" ".join(name)):
        return name, role
    end = _end_of_name(name)
    if end < len(name):
        name, role = name[:end], " ".join([*name[end:], role]).strip()
    is_nobody = not name or _is_house(name) or (role and (_is_brand(words, name, role) or " ".join(name).islower()))
    return ([], " ".join(words)) if is_nobody else (name, role)


def _end_of_name(words: list[str]) -> int:
    """Returns how many words of "JANE DOE Arts", "Jane Doe BBC News" and "Jane Doe wrote from Rome" are the name;
    none of "This is how we" are."""
    if len(words) > 3 and " ".join(words).islower():
        return 0
    is_shouted = " ".join(words).isupper()
    for place, word in enumerate(words[1:], start=1):
        if word.islower() and word.isalpha() and word not in NAME_LINKS and not words[0].islower():
            return place if place > 1 else 0
        if place > 1 and not is_shouted and (_STATION.fullmatch(word) or _ends_capitals(words[:place], word)):
            return place
    return 3 if len(words) > LONGEST_NAME and _INITIAL.fullmatch(words[1]) else len(words)


def _ends_capitals(name: list[str], word: str) -> bool:
    """Whether a word in small letters, not a suffix, stands after a name all in capitals: "JANE DOE Arts"."""
    is_small = word.istitle() and len(word) > 2 and word.casefold() not in SUFFIXES
    return is_small and " ".join(name).isupper() and all(len(part.strip(".")) > 1 for part in name[:2])


def _split_role(words: list[str], keys: list[str]) -> tuple[list[str], str]:
    if report := split_report(words, keys):
        name, role = report
        if name != words[: len(name)]:
            return report
        name, more = _split_role(name, keys[: len(name)])
        return name, f"{more} {role}".strip()
    for place, word in enumerate(words):
        if keys[place] == "special" and place > 1 and keys[place + 1 : place + 2] in (["to"], ["for"]):
            return words[:place], " ".join(words[place:])
        if word in _PREPOSITIONS:
            name, role = _split_role(words[:place], keys[:place])
            if word == "of" and len(name) > 2 and keys[len(name) - 1] in COMPASS:  # "Jane Doe North of England editor"
                name, role = name[:-1], name[-1]
            return name, " ".join([role, *words[place:]]).strip()
    if ROLE_WORDS.isdisjoint(keys):
        return split_city(words, keys)
    start = len(list(takewhile(_is_role, keys)))
    if start == 0 and len(words) > 3 and keys[1] in ROLE_WORDS:  # "Rail Correspondent Jane Doe"
        start = 2
    if not ROLE_WORDS.isdisjoint(keys[:start]):
        is_from = keys[start:] and keys[start] in NAME_LINKS and len(keys) - start == 2  # "Corrispondente da Berlino"
        return ([], " ".join(words)) if is_from else (words[start:], " ".join(words[:start]))
    end = len(keys) - len(list(takewhile(_is_role, reversed(keys))))
    if not ROLE_WORDS.isdisjoint(keys[end:]):
        while end > 2 and keys[end - 1] in COMPASS:  # "Jane Doe South Asia correspondent"
            end -= 1
        if keys[0] in OUR and start == end - 1:  # "Our Paris Correspondent"
            return [], " ".join(words)
        return _without_beat(words, end)
    return words, ""


def _without_beat(words: list[str], end: int) -> Split:
    """ "Jane Doe Wildlife Desk Editor", "Jane Doe Wine critic": of four words before a job, of three before one that
    has a subject, no more than a first and a last name."""
    name = words[:end]
    if any(word.islower() and word not in NAME_LINKS for word in name):  # "Jane Doe contributed to this report"
        end = _end_of_name(name)
    elif not any(word.casefold() in NAME_LINKS or "." in word for word in name):
        is_beat = len(name) == 3 and len(words) == 4 and words[3].casefold() in BEAT_JOBS
        end = 2 if is_beat or len(name) > 3 else end
    return words[:end], " ".join(words[end:])


def _is_house(name: list[str]) -> bool:
    keys = [folded(word) for word in name]
    if _STATION.fullmatch(name[0]) and not (len(name) > 1 and " ".join(name).isupper()):
        return True
    if keys[0] in ROLE_OPENERS or _HAN_REPORT.fullmatch(name[0]) or is_east_asian_house(name[-1]):
        return True
    if is_east_asian_job(name[-1]) or any(map(_POSSESSIVE.fullmatch, keys[:-1])):
        return True
    if not HOUSES.isdisjoint(keys) or any(map(HOUSE_STEMS.search, keys)):
        return True
    if len(name) == 1 and (_BRAND.fullmatch(name[0]) or not ROLE_WORDS.isdisjoint(keys[0].split("-"))):
        return True
    return _DOMAIN.fullmatch(name[-1]) is not None


def _is_brand(words: list[str], name: list[str], role: str) -> bool:
    """Whether what stands before a role is not a person: "Guardian staff", "Globe Correspondent", "Hill Times Desk"."""
    is_shouted = " ".join(name).isupper() and not role.isupper()
    if words[0] != name[0]:  # "Redacción El Faro"
        return words[1:] == name and (role.casefold() == "team" or HOUSE_STEMS.search(role.casefold()) is not None)
    if not name[0][0].isupper():
        return False
    is_whose = role.partition(" ")[0] not in _PREPOSITIONS  # not "Jane Doe from wire reports"
    return len(name) == 1 or (is_whose and role.rpartition(" ")[2].casefold() in COLLECTIVES and not is_shouted)


def _is_role(key: str) -> bool:
    return key in ROLE_WORDS or key in ROLE_ADJECTIVES or key.endswith(("politische", "politischer"))
