"""From a dump's columns to the fields of a raw record. Shared by the tabular formats.

A field is filled, row by row, by the first of its columns that holds something: those that the feed's `columns` and
`id_column` name, else those with usual names (`usual_names.py`). Columns that a row does not need go into `extra`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from etl.formats.common.column_plans import KIND, Column, Plan, make_plan
from etl.formats.common.excerpts import whole_of
from etl.formats.common.field_values import (
    has_usual_end,
    is_cut_by_cell,
    is_cut_by_paywall,
    is_host,
    is_page,
    text,
    without_cut,
)
from etl.formats.common.joined_columns import with_joined
from etl.formats.common.other_kinds import REMOVED, other_kind, words_of
from etl.formats.common.paths import ABSENT, at_path
from etl.formats.common.pieces import Unreadable
from etl.formats.common.stanza_columns import (
    refuse_missing,
    refuse_unmapped,
    required_columns,
    says_missing,
    without_found,
)
from etl.formats.common.usual_names import OBJECTS, fold, is_usual, known, usual_name
from etl.formats.common.values import (
    LONGEST_NOTHING,
    in_language,
    inner_of,
    is_nested,
    is_nothing,
    parts_of_body,
    plain,
    says_text,
    storable,
)
from etl.model import RawRecord, Skip

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
"""All that a tabular reader needs."""

_MOST_PLANS = 1_000
_LONG = frozenset(("body", "headline", "deck"))
"""What is not kept twice where it was in an object."""
_ODD = frozenset(" \t\r\n\f\v\xa0\\[{")
"""What a text that is taken as it stands does not begin with."""


def record(plan: Plan, row: Any, position: str) -> RawRecord | Skip:
    """The raw record of one row, or a Skip where it is of something else than an article, or of one that its service
    removed. Raises Unreadable when a value does not fit its field."""
    if plan.opens or plan.joins or plan.kinds:
        plan, row = _opened(plan, row) if plan.opens else (plan, row)
        row = with_joined(plan.joins, row) if plan.joins else row
        if plan.kinds and (kind := other_kind(plan.kinds, row)):
            return Skip(position, kind, words_of(row))
    found: RawRecord = {"position": position}
    extra: dict[str, Any] = {}
    for field, key, odd, column in plan.texts:
        value = row[key]
        if value.__class__ is str and len(value) > LONGEST_NOTHING and value[0] not in _ODD and odd not in value:
            found[field] = value
        elif value is not None and value != "":
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
    if found.get("body") == REMOVED == found.get("headline") and not plan.is_description:
        return Skip(position, "removed article", words_of(row))
    _complete(found, extra, plan, row)
    if extra:
        found["extra"] = extra
    return found


def _put_first(found: RawRecord, extra: dict[str, Any], field: str, columns: tuple[Column, ...], row: Any) -> None:
    """Fill a field by the first column that has something for it; the others go into `extra`."""
    fault: Unreadable | None = None
    first = columns[0]
    if field == "publication" and len(columns) > 1:  # a name first, a domain only where there is no name
        columns = tuple(sorted(columns, key=lambda column: is_host(column.convert(row[column.key]) or "")))
    if field == "headline":  # Trove has `heading`, and the newspaper in the object `title`
        columns = tuple(sorted(columns, key=lambda column: isinstance(row[column.key], dict)))
    for column in columns:
        value = row[column.key]
        if value is None or value == "":
            continue
        is_named = field == "headline" and field in found and isinstance(value, dict) and "id" in value
        if is_named and (name := text(value, "publication")):
            found.setdefault("publication", name)
        try:
            if field not in found:
                _put(found, extra, field, column, value)
                first = column
            elif field == "body" and (whole := whole_of(found["body"], value, column.convert)):
                extra[first.name], found["body"], first = found["body"], whole, column
            else:
                extra[column.name] = storable(value)
        except Unreadable as error:
            fault = fault or error
            extra[column.name] = storable(value)
    if fault and field not in found:
        raise fault


def _put(found: RawRecord, extra: dict[str, Any], field: str, column: Column, value: Any) -> None:
    """Fill a field, and keep in `extra` what it cannot hold."""
    if value.__class__ is not str or value[0] in "[{":
        value = plain(value)
    if value.__class__ is dict and field in _LONG and (told := in_language(value, found.get("language"))):
        value, extra[column.name] = told
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
            inner, rest = inner_of(field, value)
            kept = value if field != "body" and isinstance(inner, dict) and len(inner) > 1 else rest
    if kept is not None and (kept := storable(kept)) is not None and kept != {}:
        extra[column.name] = kept


def _complete(found: RawRecord, extra: dict[str, Any], plan: Plan, row: Any) -> None:
    """What follows from several columns together: a body that is only part of one, or in two pieces; an address."""
    if plan.lead and (lead := plan.lead.convert(row[plan.lead.key])):
        body = found.get("body", "")
        found["body"] = body if body.startswith(lead) else f"{lead}\n\n{body}".rstrip()
    if plan.parts and ("body" not in found or plan.is_description):
        _take_parts(found, extra, plan, row)
    body = found.get("body")
    if body and not has_usual_end(body):
        body, is_cut = without_cut(body)
        found["body"] = body
        if is_cut:
            found["is_partial"] = True
    if body and (is_cut_by_paywall(body) or is_cut_by_cell(body)):
        found.setdefault("is_partial", True)
    if plan.is_summary and body and not (plan.parts and any(parts_of_body(row[each.key]) for each in plan.parts)):
        found.setdefault("is_partial", True)
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


def _take_parts(found: RawRecord, extra: dict[str, Any], plan: Plan, row: Any) -> None:
    """A body in parts, perhaps with headings, in place of the description."""
    for column in plan.parts:
        if parts := parts_of_body(row[column.key]):
            if "body" in found:
                found.setdefault("deck", found["body"])
            found["body"] = column.convert("\n\n".join(parts))
            if all(map(says_text, row[column.key])):
                extra.pop(column.name, None)
            return


def _take_excerpt(found: RawRecord, extra: dict[str, Any], plan: Plan, row: Any) -> None:
    """Where there is no body, the longest piece of it that there is."""
    for column in plan.excerpts:
        if isinstance(row[column.key], str | dict) and (body := column.convert(row[column.key])):
            found |= {"body": without_cut(body)[0], "is_partial": True}
            extra.pop(column.name, None)
            if whole := whole_of(found["body"], found.get("deck"), text):
                found["body"] = whole
            if " ".join(found.get("deck", "").split()) in (" ".join(body.split()), whole and " ".join(whole.split())):
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
    if is_usual(path) or usual_name(path) == KIND:
        return True
    return isinstance(value, dict) and path.rpartition(".")[2].casefold() in OBJECTS
