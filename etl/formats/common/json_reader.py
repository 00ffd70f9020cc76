"""The values of one dump of JSON: which are articles, what else they are, and each article as a record.

Objects with the same names are read by the same plan (`columns.py`), which is made once.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import orjson

from etl.formats.common.columns import Plan, fold, make_plan, record, required_columns, storable, without_found
from etl.formats.common.json_large import LargeObject
from etl.formats.common.json_layout import Finder, settled
from etl.formats.common.json_left_over import LeftOver
from etl.formats.common.json_lines import (
    LONGEST_LINE_BYTES,
    objects_in_a_row,
    value_of,
    whole_lines,
)
from etl.formats.common.json_looks import LISTS
from etl.formats.common.json_places import Aside, Doubtful, Place
from etl.formats.common.json_tables import are_names, under, with_names
from etl.formats.common.json_values import LIST, OBJECT, BrokenOff, JsonText
from etl.formats.common.other_kinds import BULK_ACTION, is_bulk_action
from etl.formats.common.pieces import guarded
from etl.formats.common.utf8_stream import Head
from etl.model import DumpError, Feed, Piece, RawRecord, Reject, Skip

WHOLE_BYTES = 16 << 20
"""Of a document that is held; larger ones are read value by value."""
MOST_PLANS = 1_000
MOST_PLANNED_NAMES = 200_000
"""Of keys in all plans together."""

_DESCRIPTIONS = frozenset(
    (
        *("Organization", "NewsMediaOrganization", "Person", "WebSite", "WebPage", "CollectionPage", "BreadcrumbList"),
        *("ListItem", "ImageObject", "VideoObject", "SearchAction", "SiteNavigationElement"),
    )
)
"""Types of schema.org that describe where an article stands, who made it and what is beside it."""
_TEXTS_OF_SCHEMA = frozenset(("articleBody", "text", "body", "content"))


class _Planned(NamedTuple):
    """How objects with certain names are read, and whether one of the names may be that of a list of articles."""

    plan: Plan
    headline: str
    """The field with the headline, '' without one. A list in it may be the column of a table."""
    may_hold_list: bool


class JsonReader:
    """Reads the values of one dump; remembers the plans of the objects it has seen."""

    def __init__(self, feed: Feed) -> None:
        self._feed, self._finder = feed, Finder(feed)
        self.plans: dict[tuple[str, ...], _Planned] = {}
        self.left_over = LeftOver()
        self._has_body = self._is_in_lines = False
        self._first_lines: list[bytes] = []
        """Those that are not yet asked whether an article in them has a body."""
        self.required = required_columns(feed)
        self.missing = set(self.required)

    def lines(self, text: io.BufferedReader, head: Head, before: int = 0) -> Iterator[Piece]:
        """What is in each line that is not blank; `head` is that of the dump, `before` how many lines are before."""
        plans, header = self.plans, list[str]()
        self._is_in_lines = True
        may_have_header = head.text.lstrip()[:1] != OBJECT
        self._first_lines = head.lines
        for number, line in enumerate(whole_lines(text), before + 1):
            if line.isspace():
                continue
            if number == 1 and b"\n" not in head.text:
                self._first_lines = [line]
            if number == 1 and len(line) == LONGEST_LINE_BYTES and line[:1] == OBJECT:
                yield from self.documents(text, line)
                return
            position = f"line {number}"
            try:
                value = value_of(line, position)
            except orjson.JSONDecodeError as error:
                value = objects_in_a_row(line) or Reject(position, f"is not JSON: {error}", line.rstrip(b"\n"))
            if value.__class__ is dict:
                planned = plans.get(tuple(value))
                if planned is not None and value.get(planned.headline).__class__ is not list:
                    if self.missing:
                        self._look_for_columns(value)
                    piece = guarded(partial(record, planned.plan, value, position), position, line.strip)
                    if line.find(b"{", 1) < 0 or _is_surely_one(piece, planned):
                        yield piece
                        continue
            elif may_have_header and not header and isinstance(value, list) and are_names(value):
                header = value
                continue
            yield from self._line(under(header, value) if header else value, position, line)

    def _line(self, value: Any, position: str, line: bytes) -> Iterator[Piece]:
        try:
            rows = value if isinstance(value, Reject) else self._finder.rows(value)
        except DumpError as error:
            rows = Reject(position, str(error), line.rstrip(b"\n"))
        if isinstance(rows, Reject):
            yield rows
        elif len(rows) == 1 and rows[0] is value:
            yield self._row(value, position, line)
        else:
            self.left_over.look(value, rows)
            for number, row in enumerate(rows, 1):
                yield self._row(row, f"{position}, item {number}")

    def _have_bodies(self) -> bool:
        """Whether an article of the first lines, or of the documents so far, has a body that is not a description."""
        if self._first_lines:
            rows = [row for line in self._first_lines for row in self._rows_of_line(line) if isinstance(row, dict)]
            self._has_body = any(_is_body(make_plan(names, self._feed)) for names in {tuple(row) for row in rows})
            self._first_lines = []
        return self._has_body

    def _rows_of_line(self, line: bytes) -> list[Any]:
        try:
            return self._finder.rows(value_of(line, ""))
        except (orjson.JSONDecodeError, DumpError):
            return []  # which is told where it is read

    def documents(self, text: io.BufferedReader, begun: bytes = b"") -> Iterator[Piece]:
        """What is in each document; most dumps are one."""
        number = 0
        try:
            for row in self._rows(JsonText(text, begun)):
                yield self._row(row, f"item {number + 1}")
                number += 1
        except (BrokenOff, orjson.JSONDecodeError) as error:
            raise DumpError(f"the JSON breaks off after item {number}: {error}; ask for it again") from None

    def _rows(self, text: JsonText) -> Iterator[Any]:
        def load(data: bytes) -> Any:
            return value_of(data, "")

        for mark in text.documents():
            if mark == LIST:
                values = with_names(load(text.value(LONGEST_LINE_BYTES)) for _ in text.inside())
                yield from settled((value, self._places(value)) for value in values)
            elif (data := text.whole(WHOLE_BYTES)) is not None:
                value = load(data)
                rows = self._finder.rows(value)
                self.left_over.look(value, rows)
                yield from rows
            elif mark == OBJECT:
                yield from LargeObject(text, self._finder, self.left_over, load, WHOLE_BYTES, LONGEST_LINE_BYTES).rows()
            else:
                yield load(text.value(LONGEST_LINE_BYTES))

    def _places(self, value: Any) -> list[Place]:
        places = self._finder.places(value, level=1)
        if places:
            self.left_over.look(value, [row for place in places for row in place.rows])
        return places

    def _row(self, row: Any, position: str, data: bytes = b"") -> Piece:
        if isinstance(row, dict):
            if is_bulk_action(row):
                return Skip(position, BULK_ACTION, _raw(row).decode())
            names = tuple(row)
            return self._article(row, position, data, names, self.plans.get(names))
        if isinstance(row, Aside):
            return Skip(position, row.kind, _raw(row.value).decode())
        if isinstance(row, Reject):
            return replace(row, position=position)
        if isinstance(row, Doubtful):
            return Reject(position, row.reason, data or _raw(row.value))
        return Reject(position, f"expected a JSON object, found {_kind(row)}", data or _raw(row))

    def _article(
        self, value: dict[str, Any], position: str, data: bytes, names: tuple[str, ...], planned: _Planned | None
    ) -> Piece:
        if value.get("@type") in _DESCRIPTIONS and _TEXTS_OF_SCHEMA.isdisjoint(names):
            return Skip(position, f"{value['@type']} of schema.org", _raw(value).decode())
        if self.missing:
            self._look_for_columns(value)
        make = partial(self._record, value, position, names, planned)
        return guarded(make, position, data.strip if data else partial(_raw, value))

    def _look_for_columns(self, value: dict[str, Any]) -> None:
        """Take those that an object has off the missing ones; a path (`fields.body`) leads into objects and lists."""
        self.missing = without_found(self.missing, value)

    def _record(
        self, value: dict[str, Any], position: str, names: tuple[str, ...], planned: _Planned | None
    ) -> RawRecord | Skip:
        """One object as a record, by a plan made once for objects with the same keys."""
        if planned is None:
            plan = make_plan(names, self._feed)
            if plan.is_description and self._have_bodies():  # then it is only a description in all of them
                plan = make_plan(names, self._feed, description_may_be_body=False)
            self._has_body = self._has_body or (not self._is_in_lines and _is_body(plan))
            headline = plan.columns.get("headline", "")
            planned = _Planned(plan, headline, not LISTS.isdisjoint(map(fold, names)))
            if not self.plans or (
                len(self.plans) < MOST_PLANS and sum(map(len, self.plans)) + len(names) <= MOST_PLANNED_NAMES
            ):
                self.plans[names] = planned
        return record(planned.plan, value, position)


def _is_body(plan: Plan) -> bool:
    return fold(plan.columns.get("body", "description")) != "description"


def _is_surely_one(piece: Piece, planned: _Planned) -> bool:
    """Whether a piece has a headline and a body, and its object no list that may hold further articles."""
    return not planned.may_hold_list and isinstance(piece, dict) and "body" in piece and "headline" in piece


def _kind(value: Any) -> str:
    return {list: "a list", str: "text", bool: "true or false", type(None): "null"}.get(type(value), "a number")


def _raw(value: Any) -> bytes:
    """A value for quarantine; its numbers beyond 64 bits as text."""
    return orjson.dumps(storable(value), default=str)
