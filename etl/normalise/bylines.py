"""Who wrote it: bylines taken apart into people and agencies. Nothing is ever added to a name.

A byline is cut at its separators into parts, and each part is a person, a role (job, place, house)
of the person before it, an agency, or nothing. The same parts come again and again, so each is
read only once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate, chain, pairwise, takewhile
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa

from etl.normalise._byline_words import (
    CREDITS,
    HOUSES,
    LONGEST_AGENCY,
    ROLE_ADJECTIVES,
    ROLE_OPENERS,
    ROLE_WORDS,
    SUFFIXES,
    SURNAMES,
)
from etl.normalise._columns import pc, to_arrow, to_frame
from etl.normalise._names import EDGES, agency_of, clean_name
from etl.normalise._places import split_city, split_report
from etl.normalise.text import decode_entities

_UPPER = "".join(char for char in map(chr, range(0x530)) if char.isupper())
_TAG = re.compile(r"</?[a-zA-Z][^<>@]*>")
_URL = re.compile(r"(?:https?:)?//\S+|www\.\S+")
_FOLLOW = re.compile(r"(?:^|(?<=[;.]))\s*Follow\s[^;]*?\son\s(?:Twitter|X|Facebook|Instagram)\b[^;]*")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_AT_WORD = re.compile(r"\S*@\S*")
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}")
_LEAD = re.compile(r"[-–—•*|\s]*(?:(?:(?:written|reported|story|text|words)\s+)?by(?::\s*|\s+|$))?", re.IGNORECASE)
_FOREIGN_BY = re.compile(rf"(?i:von|par|por|di|door|av|af)\s+(?=[{_UPPER}]|dpa\b)(?![^\s,]+,)")
_CREDIT = re.compile(rf"(?P<credit>{CREDITS})\s*(?:\bby\b|\bvon\b|:)\s*", re.IGNORECASE)
_ASIDE = re.compile(r"(?P<name>[^()]*[^()\s])\s*\((?P<aside>[^()]*)\)?")
_SEPARATOR = re.compile(
    r"\s?([;,/|•、，،]"
    r"|(?<=\s)(?:and|AND|And|&|with(?:\s(?:files|reporting)\s(?:from|by))?|und|UND|et|och|og|-|–|—)(?=\s)"
    rf"|(?<=\s)(?:y|e|en)(?=\s[{_UPPER}][^\s,;]*\s))\s?"
)
# "von der Leyen, Ursula", "Smith, John A.", "Rohr, Mathieu von"
_LAST = r"(?P<last>(?:(?i:von|van|de|der|den|zu|du|da|di|le|la)\s)*[^\s,;@]+)"
_FIRST = rf"(?P<first>[^\s,;@/&]{{2,}}(?:\s(?:[{_UPPER}]\.?|von|van|de|der|zu|du|da|di))*)"
_LAST_FIRST = re.compile(rf"{_LAST},\s*{_FIRST}")
_LISTED = re.compile(r"(?P<last>[^,;@]+),\s*(?P<first>[^,;@]+)")
_HAN_NAMES = re.compile(r"[\u4e00-\u9fff]+(?:\s[\u4e00-\u9fff]{2,})*")
_HAN_ROLE = re.compile("(记者|通讯员|記者)")
_PREPOSITIONS = {"in", "at", "for", "of", "from", "aus", "à", "IN", "AT", "FOR", "FROM"}

LONGEST_BYLINE = 2_000  # characters


class Person(NamedTuple):
    name: str
    email: str | None = None
    role: str | None = None


PEOPLE = pa.list_(pa.struct([(name, pa.string()) for name in Person._fields]))


class Part(NamedTuple):
    """What one part of a byline says. Any of it may be missing."""

    name: str | None = None
    role: str | None = None
    email: str | None = None
    agency: str | None = None


class Byline(NamedTuple):
    people: tuple[Person, ...]
    agency: str | None


NOBODY = Byline((), None)


def split_bylines(bylines: pd.Series) -> pd.DataFrame:
    """Take bylines apart.

    In: bylines out of `clean_lines`. Out, on the same index:

    - `people` (list of struct name, email, role; Arrow): in order, no one twice; empty where nobody is named.
    - `agency` (string): "Reuters", or several as "AFP, AP"; null without one.

    Chosen where bylines are ambiguous: "Last, First" is read so where it is the whole byline, with a single
    word before the comma and one (perhaps with initials) after it, and throughout a list of `;` that has
    such a one; elsewhere a comma separates people. A single word after a full name and a comma
    ("Jane Doe, Berlin") is a role, and so is a place, a paper or a job; without a person before it, it is
    dropped. A name all in capitals is set in title case. A title (Dr.) stays part of the name. What is
    longer than any byline names nobody.
    """
    distinct: Any = to_arrow(bylines).combine_chunks().dictionary_encode()
    read = [_read(text) for text in distinct.dictionary.to_pylist()] + [NOBODY]
    codes = pc.fill_null(distinct.indices, len(read) - 1)
    people = _people_column([byline.people for byline in read]).take(codes)
    agencies = pa.array([byline.agency for byline in read], pa.string()).take(codes)
    return to_frame({"people": people, "agency": agencies}, bylines.index)


def _people_column(people: list[tuple[Person, ...]]) -> pa.ListArray:
    offsets = list(accumulate(map(len, people), initial=0))
    flat = list(chain.from_iterable(people))
    fields = [pa.array([person[place] for person in flat], pa.string()) for place in range(3)]
    structs = pa.StructArray.from_arrays(fields, fields=list(PEOPLE.value_type))
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), structs)


def _read(text: str) -> Byline:
    if len(text) > LONGEST_BYLINE:
        return NOBODY
    people: list[Person] = []
    agencies: list[str] = []
    for mark, piece in _cut(_without_lead(_without_markup(text))):
        part = _read_part(piece)
        if part.agency:
            agencies.append(part.agency)
        if part.name and not (mark == "," and people and _is_place_after(people[-1], part)):
            people.append(Person(part.name, part.email, part.role))
        else:
            _amend(people, part)
    return Byline(_distinct(people), ", ".join(dict.fromkeys(agencies)) or None)


def _without_markup(text: str) -> str:
    """Entities decoded; tags, addresses of the web and invitations to follow somebody there out."""
    if "&" in text and ";" in text:
        text = decode_entities(text)
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "//" in text or "www." in text:
        text = _URL.sub(" ; ", text)
    return _FOLLOW.sub("", text) if "Follow" in text else text


def _without_lead(text: str) -> str:
    """Without the dash and the "By" (Von, Par, ...) that come before the names."""
    text = text[_LEAD.match(text).end() :]  # type: ignore[union-attr]  # it matches the empty text, too
    if foreign := _FOREIGN_BY.match(text):
        rest = text[foreign.end() :]
        if " " in rest or _read_part(rest).name is None:
            return rest
    return text


def _cut(text: str) -> Iterator[tuple[str, str]]:
    """The pieces between separators, each with the separator before it."""
    if "," in text:
        text = _first_names_first(text)
    pieces = _SEPARATOR.split(text)
    for mark, piece in zip(["", *pieces[1::2]], pieces[::2], strict=True):
        if "@" in piece:
            yield from ((mark, whose) for whose in _at_addresses(piece))
        elif _HAN_NAMES.fullmatch(piece):
            yield from ((mark, name) for name in _HAN_ROLE.sub(r" \1 ", piece).split())
        elif piece:
            yield mark, piece


def _first_names_first(text: str) -> str:
    """The names of "Doe, Jane; Roe, Richard" the other way round."""
    items = [item.strip() for item in text.split(";") if item.strip()]
    pairs = [_LAST_FIRST.fullmatch(item) if len(items) == 1 else _LISTED.fullmatch(item) for item in items]
    if not any(pair and _LAST_FIRST.fullmatch(pair[0]) for pair in pairs):
        return text
    return "; ".join(_swapped(pair) if pair else item for pair, item in zip(pairs, items, strict=True))


def _swapped(pair: re.Match[str]) -> str:
    are_names = all(_is_plain_name(_read_part(pair[side])) for side in ("last", "first"))
    return f"{pair['first']} {pair['last']}" if are_names else pair[0]


def _is_plain_name(part: Part) -> bool:
    return part.name is not None and part.role is None and part.agency is None


def _at_addresses(piece: str) -> Iterator[str]:
    """Cut behind each address, or before each where one comes first."""
    cuts = [match.end() for match in _EMAIL.finditer(piece)]
    if cuts and _EMAIL.match(piece):
        cuts = [match.start() for match in _EMAIL.finditer(piece)][1:]
    for start, end in pairwise([0, *cuts, len(piece)]):
        if whose := piece[start:end].strip():
            yield whose


@lru_cache(maxsize=2**16)
def _read_part(piece: str) -> Part:
    """One part of a byline. The same names come again and again, so it remembers."""
    email = None
    if "@" in piece:
        found = _EMAIL.search(piece)
        email = found[0].lower() if found else None
        piece = _AT_WORD.sub(" ", piece)
    piece = piece.strip(EDGES)
    if agency := agency_of(piece):
        return Part(agency=agency, email=email)
    if credit := _CREDIT.match(piece):
        rest = _read_part(piece[credit.end() :])
        return rest._replace(email=rest.email or email, role=rest.role or credit["credit"])
    if aside := _ASIDE.fullmatch(piece):
        return _with_aside(_read_part(aside["name"]), aside["aside"])._replace(email=email)
    words, agency = _without_agency(piece.split())
    name, role = _without_role(words)
    return Part(clean_name(name), role or None, email, agency or agency_of(" ".join(name)))


def _with_aside(part: Part, aside: str) -> Part:
    agency = agency_of(aside)
    return part._replace(agency=agency) if agency else part._replace(role=part.role or aside.strip() or None)


def _without_agency(words: list[str]) -> tuple[list[str], str | None]:
    """ "Jane Doe Reuters" without the agency behind a full name. One that is a surname too (Paul J. Reuter) stays."""
    is_shouted = " ".join(words).isupper()
    for length in range(min(len(words) - 2, LONGEST_AGENCY), 0, -1):
        last = " ".join(words[-length:])
        agency = agency_of(last)
        if agency and last.casefold() not in SURNAMES and not (is_shouted and len(last) <= 3):
            return words[:-length], agency
    return words, None


def _without_role(words: list[str]) -> tuple[list[str], str]:
    """Name and role of "Jane Doe Political Editor", "Staff Writer Jane Doe", "Jane Doe in Berlin"."""
    name, role = _split_role(words, [word.casefold().strip(".,:") for word in words])
    if not name or agency_of(" ".join(name)):
        return name, role
    is_nobody = _is_house(name) or (role and _is_lone_brand(words, name))
    return ([], " ".join(words)) if is_nobody else (name, role)


def _split_role(words: list[str], keys: list[str]) -> tuple[list[str], str]:
    if report := split_report(words, keys):
        return report
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
    if keys[0] in ROLE_OPENERS or (len(keys) > 1 and not HOUSES.isdisjoint(keys)):
        return True
    return _DOMAIN.fullmatch(name[-1]) is not None


def _is_lone_brand(words: list[str], name: list[str]) -> bool:
    """Whether a single word before a role is no person: "Guardian staff", "Globe Correspondent"."""
    return len(name) == 1 and words[0] == name[0] and name[0][0].isupper()


def _is_role(key: str) -> bool:
    return key in ROLE_WORDS or key in ROLE_ADJECTIVES


def _is_place_after(person: Person, part: Part) -> bool:
    """Whether a lone word behind a full name and a comma is where that person is, not another one."""
    name = part.name or ""
    return " " in person.name and " " not in name and name[0].isupper() and part.email is None


def _amend(people: list[Person], part: Part) -> None:
    """Give the people named so far what a part without a name of its own says of them."""
    if not people:
        return
    role = part.role or part.name
    if role and role.casefold() in SUFFIXES:
        people[-1] = people[-1]._replace(name=f"{people[-1].name} {role}")
    elif role:
        for place in range(len(people)) if _is_plural(role) else (-1,):
            old = people[place].role
            people[place] = people[place]._replace(role=f"{old}, {role}" if old else role)
    if part.email and not people[-1].email:
        people[-1] = people[-1]._replace(email=part.email)


def _is_plural(role: str) -> bool:
    last = role.split()[-1].casefold()
    return last.endswith("s") and last[:-1] in ROLE_WORDS


def _distinct(people: list[Person]) -> tuple[Person, ...]:
    """Each person once, with the first e-mail and role that any mention gives."""
    if len(people) < 2 or len({person.name.casefold() for person in people}) == len(people):
        return tuple(people)
    found: dict[str, Person] = {}
    for person in people:
        key = person.name.casefold()
        known = found.get(key, person)
        found[key] = Person(known.name, known.email or person.email, known.role or person.role)
    return tuple(found.values())
