"""From a dump's columns to the fields of a raw record. Shared by the tabular formats.

A field is filled, row by row, by the first of its columns that holds something: those that the feed's `columns` and
`id_column` name, else those with usual names (`usual_names.py`). Columns that a row does not need go into `extra`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from etl.formats.common.paths import ABSENT, at_path
from etl.formats.common.pieces import Unreadable
from etl.formats.common.stanza_columns import (
    asked_columns,
    refuse_missing,
    refuse_unmapped,
    required_columns,
    says_missing,
    usual_ones_serve,
    without_found,
)
from etl.formats.common.usual_names import (
    CANDIDATES,
    DOW_JONES,
    EXCERPTS,
    OBJECTS,
    fold,
    is_usual,
    known,
    usual_name,
    without_odd,
)
from etl.formats.common.values import (
    CONVERTS,
    CONVERTS_OF_COLUMNS,
    LONGEST_NOTHING,
    Convert,
    has_usual_end,
    inner_of,
    is_host,
    is_nested,
    is_nothing,
    is_page,
    plain,
    storable,
    text,
    without_cut,
)
from etl.model import Feed, RawRecord

__all__ = [
    "Plan",
    "fold",
    "known",
    "make_plan",
    "record",
    "refuse_missing",
    "refuse_unmapped",
    "required_columns",
    "says_missing",
    "storable",
    "text",
    "without_found",
]

_MOST_PLANS = 1_000
_NEVER_AS_IT_STANDS = frozenset(("body", "labels", "is_partial", "country"))
_ODD_WITH = {"headline": "<", "deck": "<", "publication": "://"}
"""What makes a text look odd: it may be HTML, or an address where a name should be."""
_LONG = frozenset(("body", "headline", "deck"))
"""What is not kept twice where it was in an object."""
_ODD = frozenset(" \t\r\n\f\v\xa0\\[{")

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
    lead: Column | None
    """The first paragraphs of the body, where they are apart."""
    opens: frozenset[str]
    """Columns whose objects may hold fields."""
    paths: tuple[str, ...]
    """The paths that the feed names."""
    inner: Callable[..., Plan]
    """Makes the plan for a row whose objects are open."""
    plans: dict[tuple[str, ...], Plan] = dataclasses.field(default_factory=dict)
    """Those that were made."""

    @property
    def candidates(self) -> dict[str, tuple[str, ...]]:
        """Field -> its columns, the first choice first."""
        one = {field: (column.name,) for field, _, _, column in self.texts}
        return one | {field: tuple(column.name for column in columns) for field, columns in self.others}

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
    chosen = _chosen(names, feed, description_may_be_body)
    usual = [usual_name(name) for name in names]

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
    used = {lead, *(i for found in filled.values() for i in found)}
    paths = tuple(path for group in asked_columns(feed).values() for path in group if "." in path)
    opens = () if by_number else (name for name in names if _may_open(name, paths))
    return Plan(
        names=tuple(names),
        texts=tuple((f, columns[f][0].key, _ODD_WITH.get(f, "\0"), columns[f][0]) for f in columns if f in simple),
        others=tuple((f, found) for f, found in columns.items() if f not in simple),
        rest=tuple((name, i if by_number else name) for i, name in enumerate(names) if i not in used),
        excerpts=tuple(column(i, "body") for i in excerpts),
        lead=None if lead is None else column(lead, "body"),
        opens=frozenset(opens),
        paths=paths,
        inner=partial(make_plan, feed=feed),
    )


def _chosen(names: Sequence[str], feed: Feed, description_may_be_body: bool) -> dict[str, list[int]]:
    """Field -> indexes of its columns: those that the feed names, else those with usual names."""
    asked = asked_columns(feed)
    where = {name: i for i, name in reversed(list(enumerate(names)))}
    chosen = {field: [where[column] for column in columns if column in where] for field, columns in asked.items()}
    taken = {i for found in chosen.values() for i in found}
    usual: dict[str, list[int]] = {}
    for name, i in sorted(where.items(), key=lambda each: (usual_name(each[0]) != fold(each[0]), each[1])):
        if i not in taken:
            usual.setdefault(usual_name(name), []).append(i)
    usual = {name: usual[name] for name in without_odd(usual)}
    for field, candidates in CANDIDATES.items():
        if usual_ones_serve(field, feed):
            chosen[field] = chosen.get(field, []) + [i for name in candidates for i in usual.get(name, ())]
    if description_may_be_body and not chosen["body"] and "body" not in asked and "description" in usual:
        chosen["body"] = usual["description"]
        chosen["deck"] = [i for i in chosen["deck"] if i not in chosen["body"]]
    return chosen


def _may_open(name: str, paths: Sequence[str]) -> bool:
    """Whether an object in a column may hold fields: by its name, or because the feed names a path into it."""
    return name.rpartition(".")[2].casefold() in OBJECTS or any(path.startswith(f"{name}.") for path in paths)


def record(plan: Plan, row: Any, position: str) -> RawRecord:
    """The raw record of one row. Raises Unreadable when a value does not fit its field."""
    if plan.opens:
        plan, row = _opened(plan, row)
    found: RawRecord = {"position": position}
    extra: dict[str, Any] = {}
    for field, key, odd, column in plan.texts:
        value = row[key]
        if value is None or value == "":
            continue
        if value.__class__ is str and len(value) > LONGEST_NOTHING and value[0] not in _ODD and odd not in value:
            found[field] = value
        else:
            _put(found, extra, field, column, value)
    for field, columns in plan.others:
        if len(columns) > 1:
            _put_first(found, extra, field, columns, row)
        elif (value := row[columns[0].key]) is not None and value != "":
            _put(found, extra, field, columns[0], value)
    for name, key in plan.rest:
        value = row[key]
        if value is not None and value != "":
            extra[name] = value if value.__class__ is str else storable(value)
    _complete(found, extra, plan, row)
    if extra:
        found["extra"] = extra
    return found


def _put_first(found: RawRecord, extra: dict[str, Any], field: str, columns: tuple[Column, ...], row: Any) -> None:
    """Fill a field by the first column that has something for it; the others go into `extra`."""
    fault: Unreadable | None = None
    if field == "publication" and len(columns) > 1:  # a name first, a domain only where there is no name
        columns = tuple(sorted(columns, key=lambda column: is_host(column.convert(row[column.key]) or "")))
    for column in columns:
        value = row[column.key]
        if value is None or value == "":
            continue
        if field in found:
            extra[column.name] = storable(value)
            continue
        try:
            _put(found, extra, field, column, value)
        except Unreadable as error:
            fault = fault or error
            extra[column.name] = storable(value)
    if fault and field not in found:
        raise fault


def _put(found: RawRecord, extra: dict[str, Any], field: str, column: Column, value: Any) -> None:
    """Fill a field, and keep in `extra` what it cannot hold."""
    if value.__class__ is not str or value[0] in "[{":
        value = plain(value)
    result = column.convert(value)
    if result is not None and value.__class__ is str and field != "publication":
        found[field] = result
        return
    if result is None:
        kept = None if is_nothing(value) else value
    else:
        found[field] = result
        kept = value if is_nested(value) or (field == "publication" and is_page(value)) else None
        if field in _LONG and isinstance(value, dict):
            kept = inner_of(field, value)[1]
    if kept is not None and (kept := storable(kept)) is not None and kept != {}:
        extra[column.name] = kept


def _complete(found: RawRecord, extra: dict[str, Any], plan: Plan, row: Any) -> None:
    """What follows from several columns together: a body that is only part of one, or in two pieces; an address."""
    if plan.lead and (lead := plan.lead.convert(row[plan.lead.key])):
        body = found.get("body", "")
        found["body"] = body if body.startswith(lead) else f"{lead}\n\n{body}".rstrip()
    body = found.get("body")
    if body and not has_usual_end(body):
        body, is_cut = without_cut(body)
        found["body"] = body
        if is_cut:
            found["is_partial"] = True
    if not body:
        found.pop("body", None)
        _take_excerpt(found, extra, plan, row)
    if "url" not in found and "publication" in found:
        _take_address(found, extra, plan, row)


def _take_address(found: RawRecord, extra: dict[str, Any], plan: Plan, row: Any) -> None:
    """Where there is no address, that of a page which is called the source, as trafilatura does."""
    for column in dict(plan.others).get("publication", ()) + tuple(
        c for f, _, _, c in plan.texts if f == "publication"
    ):
        if is_page(row[column.key]):
            found["url"] = row[column.key]
            extra.pop(column.name, None)
            return


def _take_excerpt(found: RawRecord, extra: dict[str, Any], plan: Plan, row: Any) -> None:
    """Where there is no body, the longest piece of it that there is."""
    for column in plan.excerpts:
        if isinstance(row[column.key], str | dict) and (body := column.convert(row[column.key])):
            found |= {"body": without_cut(body)[0], "is_partial": True}
            extra.pop(column.name, None)
            if " ".join(found.get("deck", "").split()) == " ".join(body.split()):
                del found["deck"]
            return
    if found.get("is_partial") and "deck" in found:
        found["body"] = found.pop("deck")


def _opened(plan: Plan, row: dict[str, Any]) -> tuple[Plan, dict[str, Any]]:
    """A row whose objects that hold fields are columns, as far as those go, and the plan for it."""
    while plan.opens:
        row = dict(_columns_of(plan, row))
        names = tuple(row)
        if names == plan.names:
            break
        inner = plan.plans.get(names)
        if inner is None:
            bodies = {usual_name(made.columns.get("body", "description")) for made in plan.plans.values()}
            inner = plan.inner(names, description_may_be_body=bodies <= {"description"})
            if len(plan.plans) < _MOST_PLANS:
                plan.plans[names] = inner
        plan = inner
    return plan, row


def _columns_of(plan: Plan, row: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The columns of a row; from its objects those with usual names, and those that the feed names."""
    for name, value in row.items():
        if name not in plan.opens or not isinstance(value, dict | list | tuple):
            yield name, value
        elif isinstance(value, dict):
            taken = {
                key for key in value if f"{name}.{key}" not in row and _is_taken(plan, f"{name}.{key}", value[key])
            }
            if rest := {key: item for key, item in value.items() if key not in taken}:
                yield name, rest
            yield from ((f"{name}.{key}", item) for key, item in value.items() if key in taken)
        else:
            yield name, value
            for path in plan.paths:
                if path.startswith(f"{name}.") and path not in row:
                    item = at_path(value, path.removeprefix(f"{name}.").split("."))
                    if item is not ABSENT:
                        yield path, item


def _is_taken(plan: Plan, path: str, value: Any) -> bool:
    if path in plan.paths or any(asked.startswith(f"{path}.") for asked in plan.paths):
        return True
    return is_usual(path) or (isinstance(value, dict) and path.rpartition(".")[2].casefold() in OBJECTS)
