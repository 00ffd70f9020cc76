"""Which columns of a dump fill which fields of a raw record: the stanza's, else those with usual names."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from etl.formats.common.converts import CONVERTS, CONVERTS_OF_COLUMNS
from etl.formats.common.field_values import Convert, text
from etl.formats.common.joined_columns import Join, joins_of
from etl.formats.common.stanza_columns import asked_columns, pieces_of, usual_ones_serve
from etl.formats.common.usual_names import (
    CANDIDATES,
    DOW_JONES,
    EXCERPTS,
    INTEGRUM,
    NEWSCATCHER,
    OBJECTS,
    PARTS_OF_BODY,
    PLACES,
    fold,
    usual_name,
    without_odd,
)
from etl.model import Feed

_NEVER_AS_IT_STANDS = frozenset(("body", "labels", "is_partial", "country", "status"))
_ODD_WITH = {"headline": "<", "deck": "<", "publication": "://", "byline": "://"}
"""What makes a text look odd: it may be HTML, or an address where a name should be."""

KIND = "posttype"
Key = str | int


@dataclass(frozen=True)
class Column:
    """A column that can fill a field. `key` indexes a row: a name or a number."""

    name: str
    key: Key
    convert: Convert


@dataclass(frozen=True)
class Plan:
    """Which columns fill which field."""

    names: tuple[str, ...]
    texts: tuple[tuple[str, Key, str, Column], ...]
    """Of the fields that one column can fill, those whose text is taken as it stands, unless it has that in it."""
    others: tuple[tuple[str, tuple[Column, ...]], ...]
    """Of the other fields, the columns that can fill them, the first choice first."""
    rest: tuple[tuple[str, Key], ...]
    """(column, key) of what goes into `extra`."""
    excerpts: tuple[Column, ...]
    """What is the body where there is no other."""
    parts: tuple[Column, ...]
    """What has the parts of a body where there is no other."""
    lead: Column | None
    """The first paragraphs of the body, where they are apart."""
    is_description: bool
    """Whether the body is the description, for want of another."""
    is_summary: bool
    """Whether the body is the description of a page whose address is beside it."""
    opens: frozenset[str]
    """Columns whose objects may hold fields."""
    paths: tuple[str, ...]
    """The paths that the feed names."""
    joins: tuple[Join, ...]
    """Columns that are made of others before the fields are filled."""
    kinds: tuple[Key, ...]
    """Columns that say of what kind a row is: WordPress keeps pages, menus and earlier revisions among its posts."""
    inner: Callable[..., Plan]
    """Makes the plan for a row whose objects are open."""
    plans: dict[tuple[str, ...], Plan] = dataclasses.field(default_factory=dict)
    """Those that were made."""

    @property
    def candidates(self) -> dict[str, tuple[str, ...]]:
        """Field -> its columns, the first choice first."""
        one = {field: (column.name,) for field, _, _, column in self.texts}
        return one | {field: tuple(column.name for column in columns) for field, columns in self.others}

    def keys(self, *fields: str) -> list[Key]:
        """The keys of the columns that can fill these fields."""
        one = [column.key for field, _, _, column in self.texts if field in fields]
        return one + [column.key for field, columns in self.others if field in fields for column in columns]

    @property
    def all_names(self) -> Iterator[str]:
        """The columns of its rows, and those in the objects that were opened."""
        yield from self.names
        for inner in self.plans.values():
            yield from inner.all_names

    @property
    def columns(self) -> dict[str, str]:
        """Field -> the first choice of its columns."""
        return {field: names[0] for field, names in self.candidates.items()}


def make_plan(
    names: Sequence[str], feed: Feed, *, by_number: bool = False, description_may_be_body: bool = True
) -> Plan:
    """The plan for rows with these columns: dicts by name, or sequences where `by_number`.

    Where no column is a body's, a description is taken for it, unless other rows show that it is not one.

    Raises DumpError when the feed maps a field that raw records do not have.
    """
    key = (tuple(names), id(feed), by_number, description_may_be_body)
    if len(names) > _MOST_NAMES:
        return _new_plan(names, feed, by_number, description_may_be_body)
    if key not in _made:
        if len(_made) >= _MOST_MADE:
            _made.clear()
        _made[key] = feed, _new_plan(names, feed, by_number, description_may_be_body)
    return dataclasses.replace(_made[key][1], plans={})


_made: dict[tuple[tuple[str, ...], int, bool, bool], tuple[Feed, Plan]] = {}
"""The plans that were made, each with its feed, whose identity is a part of its key: small dumps come by thousands."""
_MOST_MADE, _MOST_NAMES = 1_000, 200


def _new_plan(names: Sequence[str], feed: Feed, by_number: bool, description_may_be_body: bool) -> Plan:
    given, joins = names, joins_of(names, feed, by_number)
    names = [*names, *(join.name for join in joins)]
    chosen = _chosen(names, feed, description_may_be_body, joins)
    usual = [usual_name(name) for name in given] + [join.field for join in joins]

    def column(index: int, field: str) -> Column:
        convert = CONVERTS_OF_COLUMNS.get(usual[index]) or CONVERTS.get(field) or partial(text, field=field)
        return Column(names[index], index if by_number else names[index], convert)

    excerpts: list[int] = []
    lead = None
    if "body" not in feed.columns:
        excerpts = [usual.index(name) for name in EXCERPTS if name in usual]
        lead = usual.index("snippet") if without_odd(usual) >= DOW_JONES else None
    filled = {field: [i for i in found if i != lead] for field, found in chosen.items()}
    columns = {field: tuple(column(i, field) for i in found) for field, found in filled.items() if found}
    simple = {f for f, found in filled.items() if len(found) == 1 and f not in _NEVER_AS_IT_STANDS}
    simple -= {f for f in simple if usual[filled[f][0]] in CONVERTS_OF_COLUMNS}
    used = {lead, *(i for found in filled.values() for i in found), *_joined_in(joins, given, by_number)}
    asked = (path for group in asked_columns(feed).values() for each in group for path in pieces_of(each))
    paths = tuple(path for path in asked if "." in path)
    opens = () if by_number else (name for name in given if _may_open(name, paths))
    return Plan(
        names=tuple(given),
        texts=tuple(
            (f, columns[f][0].key, _ODD_WITH.get(f, "\0"), columns[f][0])
            for f in sorted(columns, key=lambda field: field != "language")
            if f in simple
        ),
        others=tuple((f, found) for f, found in columns.items() if f not in simple),
        rest=tuple((name, i if by_number else name) for i, name in enumerate(names) if i not in used),
        excerpts=tuple(column(i, "body") for i in excerpts),
        parts=tuple(column(i, "body") for i, name in enumerate(usual) if name in PARTS_OF_BODY),
        lead=None if lead is None else column(lead, "body"),
        is_description="body" not in feed.columns and _is_description(usual, filled["body"]),
        is_summary="body" not in feed.columns and bool(filled["url"]) and _is_description(usual, filled["body"]),
        opens=frozenset(opens),
        paths=paths,
        joins=tuple(joins),
        kinds=tuple(i if by_number else given[i] for i, name in enumerate(given) if _is_of_kind(name)),
        inner=partial(make_plan, feed=feed),
    )


def _is_description(usual: Sequence[str], body: Sequence[int]) -> bool:
    return bool(body) and usual[body[0]] == "description"


def _is_of_kind(name: str) -> bool:
    return fold(re.split("[./]", name)[-1]) == KIND


def _joined_in(joins: Sequence[Join], names: Sequence[str], by_number: bool) -> set[int]:
    """The indexes of the columns that others are made of."""
    return {key if isinstance(key, int) else names.index(key) for join in joins for key in join.keys}


def _chosen(
    names: Sequence[str], feed: Feed, description_may_be_body: bool, joins: Sequence[Join] = ()
) -> dict[str, list[int]]:
    """Field -> indexes of its columns: those that the feed names, else those with usual names. `joins`: the last of
    them, which are made of others."""
    asked = asked_columns(feed)
    where: dict[str, list[int]] = {}
    for i, name in enumerate(names):
        where.setdefault(name, []).append(i)
    chosen: dict[str, list[int]] = {field: [] for field in CANDIDATES}
    chosen |= {field: [i for column in columns for i in where.get(column, ())] for field, columns in asked.items()}
    taken = {i for found in chosen.values() for i in found}
    usual: dict[str, list[int]] = {}
    for i, name in sorted(enumerate(names), key=lambda each: (usual_name(each[1]) != fold(each[1]), each[0])):
        if i not in taken:
            usual.setdefault(usual_name(name), []).append(i)
    usual = {name: usual[name] for name in without_odd(usual)}
    places = sorted((*place, name) for name in usual for place in PLACES.get(name, ()))
    for field, _, name in places:
        if field not in asked or usual_ones_serve(field, feed):
            chosen[field] += usual[name]
    for i, join in enumerate(joins, len(names) - len(joins)):
        _choose_joined(chosen, i, join, names)
    for service, name in ((NEWSCATCHER, "summary"), (INTEGRUM, "анонс")):
        if not chosen["body"] and "body" not in asked and usual.keys() >= service:
            chosen["body"] = usual[name]
            chosen["deck"] = [i for i in chosen["deck"] if i not in chosen["body"]]
    if description_may_be_body and not chosen["body"] and "body" not in asked and "description" in usual:
        chosen["body"] = usual["description"]
        chosen["deck"] = [i for i in chosen["deck"] if i not in chosen["body"]]
    return chosen


def _choose_joined(chosen: dict[str, list[int]], at: int, join: Join, names: Sequence[str]) -> None:
    """A joined column takes the place of the columns that it is made of."""
    pieces = {key if isinstance(key, int) else names.index(key) for key in join.keys}
    own = chosen[join.field]
    if at not in own:
        place = min((own.index(i) for i in pieces if i in own), default=len(own))
        own.insert(place, at)
    for field, found in chosen.items():
        chosen[field] = [i for i in found if i not in pieces]


def _may_open(name: str, paths: Sequence[str]) -> bool:
    """Whether an object in a column may hold fields: by its name, or because the feed names a path into it."""
    return name.rpartition(".")[2].casefold() in OBJECTS or any(path.startswith(f"{name}.") for path in paths)
