"""Who wrote it: bylines split into people and agencies. Nothing is ever added to a name.

A byline is cut at its separators into parts, and each part is a person, a role (job, place,
organisation) of the person before it, an agency, or nothing. The same parts recur, so each is read
only once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate, chain, pairwise
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa

from etl.normalise._byline_parts import EMAIL, Part, read_part
from etl.normalise._byline_words import PAPERS, ROLE_WORDS, SUFFIXES
from etl.normalise._columns import pc, to_arrow, to_frame
from etl.normalise._date_words import MONTHS
from etl.normalise._names import agency_of
from etl.normalise.text import decode_entities

_UPPER = "".join(char for char in map(chr, range(0x530)) if char.isupper())
_TAG = re.compile(r"</?[a-zA-Z][^<>@]*>")
_URL = re.compile(r"(?:https?:)?//\S+|www\.\S+")
_FOLLOW = re.compile(r"(?:^|(?<=[;.]))\s*Follow\s[^;]*?\son\s(?:Twitter|X|Facebook|Instagram)\b[^;]*")
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DATED = re.compile(
    rf"(?:\b(?:on|published|posted|updated)\b:?\s{{1,9}}){{0,3}}\b(?:\d{{1,2}}(?:st|nd|rd|th|\.)?\s(?:{_MONTH})\.?,?\s\d{{4}}"
    rf"|(?:{_MONTH})\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}})\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\d{4}")
_WIDE = str.maketrans("（）〔〕【】", "()    ")
_FIRST_ASIDE = re.compile(r"\s*\((?:[^()=]*=)?([^()]*)\)\s*(?=\w)")
_LEAD = re.compile(
    r"[-–—•*|\s]*(?:(?:(?:written|reported|story|text|words|posted|published)\s+)?by(?::\s*|\s+|$)"
    r"|(?-i:By(?=[A-Z][a-z]))|(?:byline|authors?|auteurs?|autore?s?):\s*)?",
    re.IGNORECASE,
)
_FOREIGN_BY = re.compile(rf"(?i:von|par|por|di|door|av|af)\s+(?=[{_UPPER}]|dpa\b)(?![^\s,]+,)")
_SEPARATOR = re.compile(
    r"\s?([;,/|•、，،：／]"
    r"|(?<=\s)(?:and|AND|And|&|with(?:\s(?:files|reporting)\s(?:from|by))?|und|UND|et|och|og|[-–—+·])(?=\s)"
    rf"|(?<=\s)(?:y|e|en)(?=\s[{_UPPER}][^\s,;]*\s))\s?"
)
# "von der Leyen, Ursula", "Smith, John A.", "Rohr, Mathieu von"
_LAST = r"(?P<last>(?:(?i:von|van|de|der|den|zu|du|da|di|le|la)\s)*[^\s,;@]+)"
_FIRST = rf"(?P<first>[^\s,;@/&]{{2,}}(?:\s(?:[{_UPPER}]\.?|von|van|de|der|zu|du|da|di))*)"
_LAST_FIRST = re.compile(rf"{_LAST},\s*{_FIRST}")
_LISTED = re.compile(r"(?P<last>[^,;@]+),\s*(?P<first>[^,;@]+)")
_HAN_NAMES = re.compile(r"[\u4e00-\u9fff]+(?:\s(?:[\u4e00-\u9fff]{2,}|[图圖文]))*")
_HAN_ROLE = re.compile("((?:本[报報])?(?:记者|通讯员|記者))")

LONGEST_BYLINE = 2_000  # characters


class Person(NamedTuple):
    name: str
    email: str | None = None
    role: str | None = None


PEOPLE = pa.list_(pa.struct([(name, pa.string()) for name in Person._fields]))


class Byline(NamedTuple):
    people: tuple[Person, ...]
    agency: str | None


NOBODY = Byline((), None)


def split_bylines(bylines: pd.Series) -> pd.DataFrame:
    """Split bylines.

    In: bylines from `clean_lines`. Out, on the same index:

    - `people` (list of struct name, email, role; Arrow): in order, each only once; empty where no one is named.
    - `agency` (string): "Reuters", or several as "AFP, AP"; null where there is none.

    Rules for ambiguous bylines: "Last, First" is read as one name where it is the whole byline, with a single
    word before the comma and one (perhaps with initials) after it, and throughout a `;` list with such an
    item; elsewhere a comma separates people. A single word after a full name and a comma
    ("Jane Doe, Berlin") is a role, and so is a place, a paper or a job; without a person before it, it is
    dropped. A name all in capitals is put into title case. A title (Dr.) stays part of the name. A text
    longer than any byline names no one.
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
        part = read_part(piece)
        if part.agency:
            agencies.append(part.agency)
        if part.name and part.role and people and mark in (",", ";") and _ends_with_paper(part.name):
            part = Part(None, f"{part.name} {part.role}", part.email)
        if part.name and not (mark == "," and people and _is_place_after(people[-1], part)):
            people.append(Person(part.name, part.email, part.role))
        else:
            _amend(people, part)
    return Byline(_distinct(people), ", ".join(dict.fromkeys(agencies)) or None)


def _without_markup(text: str) -> str:
    """Decode entities; remove tags, dates, web addresses and invitations to follow somebody."""
    if "&" in text and ";" in text:
        text = decode_entities(text)
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "//" in text or "www." in text:
        text = _URL.sub(" ; ", text)
    if not text.isascii():
        text = text.translate(_WIDE)
    if aside := _FIRST_ASIDE.match(text):  # "(AP) Jane Doe"
        text = f"{agency_of(aside[1].strip()) or ''} ; {text[aside.end() :]}"
    if _YEAR.search(text):
        text = _DATED.sub(" ; ", text)
    return _FOLLOW.sub("", text) if "Follow" in text else text


def _without_lead(text: str) -> str:
    """Remove the dash and the "By" (Von, Par, ...) that come before the names."""
    text = text[_LEAD.match(text).end() :]  # type: ignore[union-attr]  # it also matches the empty text
    if foreign := _FOREIGN_BY.match(text):
        rest = text[foreign.end() :]
        if " " in rest or read_part(rest).name is None:
            return rest
    return text


def _cut(text: str) -> Iterator[tuple[str, str]]:
    """Yields the pieces between separators, each with the separator before it."""
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
    """Returns the names of "Doe, Jane; Roe, Richard" the other way round."""
    items = [item.strip() for item in text.split(";") if item.strip()]
    pairs = [_LAST_FIRST.fullmatch(item) if len(items) == 1 else _LISTED.fullmatch(item) for item in items]
    if not any(pair and _LAST_FIRST.fullmatch(pair[0]) for pair in pairs):
        return text
    return "; ".join(_swapped(pair) if pair else item for pair, item in zip(pairs, items, strict=True))


def _swapped(pair: re.Match[str]) -> str:
    are_names = all(_is_plain_name(read_part(pair[side])) for side in ("last", "first"))
    return f"{pair['first']} {pair['last']}" if are_names else pair[0]


def _is_plain_name(part: Part) -> bool:
    return part.name is not None and part.role is None and part.agency is None


def _at_addresses(piece: str) -> Iterator[str]:
    """Cut after each address, or before each where the text begins with one."""
    cuts = [match.end() for match in EMAIL.finditer(piece)]
    if cuts and EMAIL.match(piece):
        cuts = [match.start() for match in EMAIL.finditer(piece)][1:]
    for start, end in pairwise([0, *cuts, len(piece)]):
        if whose := piece[start:end].strip():
            yield whose


def _ends_with_paper(name: str) -> bool:
    """Whether a name before a role is where somebody works: "Washington Post" Staff Writer."""
    return name.rpartition(" ")[2].casefold() in PAPERS


def _is_place_after(person: Person, part: Part) -> bool:
    """Whether a single word after a full name and a comma is where that person is, not another person."""
    name = part.name or ""
    return " " in person.name and " " not in name and name[0].isupper() and part.email is None


def _amend(people: list[Person], part: Part) -> None:
    """Add to the people named so far what a part without a name says about them."""
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
    """Returns each person once, with the first e-mail and role from any mention."""
    if len(people) < 2 or len({person.name.casefold() for person in people}) == len(people):
        return tuple(people)
    found: dict[str, Person] = {}
    for person in people:
        key = person.name.casefold()
        known = found.get(key, person)
        found[key] = Person(known.name, known.email or person.email, known.role or person.role)
    return tuple(found.values())
