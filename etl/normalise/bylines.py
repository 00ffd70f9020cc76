"""Who wrote it: bylines split into people and agencies. Nothing is ever added to a name.

A byline is cut at its separators into parts, and each part is a person, a role (job, place,
organisation) of the person before it, an agency, or nothing. The same parts recur, so each is read
only once.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate, chain
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa

from etl.normalise._byline_cuts import cut, is_and, without_markup
from etl.normalise._byline_parts import Part, is_other_than_name, read_part
from etl.normalise._byline_words import (
    HOUSE_STEMS,
    LEXICON,
    NAME_LINKS,
    NEWSPAPERS,
    OPENERS_AFTER,
    PAPER_ADJECTIVES,
    PAPERS,
    RARE_SURNAME_PAPERS,
    ROLE_ADJECTIVES,
    ROLE_WORDS,
    SUFFIXES,
    SURNAME_PAPERS,
)
from etl.normalise._columns import pc, to_arrow, to_frame
from etl.normalise._names import LOWER, UPPER, clean_name, folded, respelled, turkish_spellings
from etl.normalise._places import is_city, is_place

# Most bylines are full names and nothing else: "By Jane A. Doe, John Roe and ANN POE".
_NAME = (
    rf"(?:[{UPPER}][{LOWER}]+(?: [{UPPER}]\.)? [{UPPER}][{LOWER}]+"
    rf"|[{UPPER}]{{2,}}(?: [{UPPER}]\.)? [{UPPER}]{{2,}})"
)
_NAMES = re.compile(rf"(?:(?:[Bb]y|BY) )?({_NAME}(?:, {_NAME})*(?: (?:and|AND) {_NAME})?)")
_BETWEEN = re.compile(r", | and | AND ")

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
_SETS_OFF = frozenset(",|/-–—")
"""Marks before what is said of a person."""


_TURKISH = pa.array(["tr", "az"])


def split_bylines(bylines: pd.Series, languages: pd.Series | None = None) -> pd.DataFrame:
    """Split bylines.

    In: bylines from `clean_lines`; the articles' languages (codes). Out, on the same index:

    - `people` (list of struct name, email, role; Arrow): in order, each only once; empty where no one is named.
    - `agency` (string): "Reuters", or several as "AFP, AP"; null where there is none.

    Rules for ambiguous bylines: "Last, First" is read as one name where it is the whole byline, with a single
    word (or two surnames, the first a Spanish one, perhaps with a title) before the comma and one (perhaps with
    initials) or two full ones after it, and throughout a list of such items ("Doe, Jane; Roe, Max", "Doe, Jane,
    Roe, Max"); what stands behind it and another comma is a paper or a place. Elsewhere a comma separates
    people. A single word after a full name and a comma ("Jane Doe, Berlin") is a role, and so is a place, a
    paper or a job; without a person before it, it is dropped. What stands before a colon or "by" ("Photos: Jane
    Doe", "Edited by Jane Doe") is a role. A word in small letters ends a name. What stands before "staff",
    "desk" or "newsroom" is a paper. A name all in capitals is put into title case, with ı for I in Turkish. A
    title (Dr.) stays part of the name. A text longer than any byline names no one.
    """
    distinct: Any = to_arrow(bylines).combine_chunks().dictionary_encode()
    read = [_read(text) for text in distinct.dictionary.to_pylist()] + [NOBODY]
    codes = pc.fill_null(distinct.indices, len(read) - 1)
    if languages is not None and pc.any(is_turkish := pc.is_in(to_arrow(languages), _TURKISH)).as_py():
        codes = pc.if_else(is_turkish.combine_chunks(), pc.add(codes, len(read)), codes)
        read += [*map(_in_turkish, read, distinct.dictionary.to_pylist()), NOBODY]
    people = _people_column([byline.people for byline in read]).take(codes)
    agencies = pa.array([byline.agency for byline in read], pa.string()).take(codes)
    return to_frame({"people": people, "agency": agencies}, bylines.index)


def _in_turkish(byline: Byline, text: str) -> Byline:
    if "I" not in text:
        return byline
    spellings = turkish_spellings(text)
    people = (person._replace(name=respelled(person.name, spellings)) for person in byline.people)
    return byline._replace(people=tuple(people))


def _people_column(people: list[tuple[Person, ...]]) -> pa.ListArray:
    offsets = list(accumulate(map(len, people), initial=0))
    flat = list(chain.from_iterable(people))
    fields = [pa.array([person[place] for person in flat], pa.string()) for place in range(3)]
    structs = pa.StructArray.from_arrays(fields, fields=list(PEOPLE.value_type))
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), structs)


@lru_cache(maxsize=2**15)
def _read(text: str) -> Byline:
    if len(text) > LONGEST_BYLINE:
        return NOBODY
    if (found := _NAMES.fullmatch(text)) and (names := _plain_names(found[1])):
        return Byline(_distinct(names), None)
    people: list[Person] = []
    agencies: list[str] = []
    pieces = [*cut(without_markup(text)), *[("", "")] * 2]
    for (mark, piece), (next_mark, next_piece), (mark_after, piece_after) in zip(
        pieces, pieces[1:], pieces[2:], strict=False
    ):
        part = read_part(piece)
        if part.agency:
            agencies.append(part.agency)
        is_listed = is_and(next_mark) and not is_other_than_name(next_piece)
        has_paper_too = is_listed and mark_after == "," and bool(piece_after) and is_other_than_name(piece_after)
        is_in_front = part.name is not None and piece.strip().startswith(part.name)
        if part.name and part.role and people and mark in (",", ";") and is_in_front and _ends_with_paper(part.name):
            part = Part(None, f"{part.name} {part.role}", part.email)
        if part.name and not _is_no_other_person(part, mark, people, is_listed, has_paper_too):
            people.append(Person(part.name, part.email, part.role))
        else:
            if people and part.role and is_and(mark):
                people[-1] = _without_beat(people[-1])
            _amend(people, part)
    return Byline(_distinct(people), ", ".join(dict.fromkeys(agencies)) or None)


def _plain_names(text: str) -> list[Person]:
    """Returns the people of a list of full names; none where a word of it may be another thing than a name."""
    names = _BETWEEN.split(text)
    key = folded(" ".join(names))
    if not LEXICON.isdisjoint(key.split()) or HOUSE_STEMS.search(key) or ("," in text and any(map(is_place, names))):
        return []
    cased = [clean_name(name.split()) if name.isupper() else name for name in names]
    return [Person(name) for name in cased if name]


def _ends_with_paper(name: str) -> bool:
    """Whether a name before a role is where somebody works: "Washington Post" Staff Writer."""
    return name.rpartition(" ")[2].casefold() in PAPERS or is_place(name)


def _is_no_other_person(part: Part, mark: str, people: list[Person], is_listed: bool, has_paper_too: bool) -> bool:
    """Whether what looks like a name says where the person before it is: "Jane Doe, Berlin", "Jane Doe | New York".

    `is_listed`: an "and" and another name follow; `has_paper_too`: and behind that, a paper.
    """
    name = part.name or ""
    if part.email or (is_and(mark) and mark not in ("e", "en", "a", "i")):
        return False
    if is_place(name.removeprefix("em ").removeprefix("en ")):
        return True
    if not people or " " not in people[-1].name:
        return False
    words = [word.casefold() for word in name.split() if word not in NAME_LINKS]
    if mark in _SETS_OFF and len(words) < 2:
        return True
    if mark in _SETS_OFF and words[0] in OPENERS_AFTER:
        return True
    if mark in (",", ";") and name.islower():
        return True
    return mark in _SETS_OFF and _is_paper(words, is_listed, has_paper_too)


def _is_paper(words: list[str], is_listed: bool, has_paper_too: bool) -> bool:
    """Whether words behind a name and a comma are a paper: "Hill Courier", "New York Post", not "Emily Post"."""
    last = words[-1]
    if last not in NEWSPAPERS:
        return False
    if has_paper_too or (last not in SURNAME_PAPERS and not (is_listed and last in RARE_SURNAME_PAPERS)):
        return True
    return not is_listed and (words[0] in PAPER_ADJECTIVES or len(words) > 2 or is_city(words[0]))


def _without_beat(person: Person) -> Person:
    """ "Jane Doe Environment", before "and Rural Affairs Correspondent", is Jane Doe."""
    *name, last = person.name.split()
    if len(name) < 2 or last.casefold() not in ROLE_ADJECTIVES:
        return person
    return person._replace(name=" ".join(name), role=person.role or last)


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
