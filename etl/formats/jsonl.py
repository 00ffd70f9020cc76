"""JSON: articles in lines, in an array, in indented documents in a row, or anywhere in an object around them.

The articles are the objects that look like some, by the names of their fields (`common/json_layout.py`): those of a
feed or of a page of an API, one page a document or a line, objects under their ids, or the rows of a table by column
(pandas). Field names are mapped as in `common/columns.py`. Lines are read one by one, so that a broken one costs only
itself; in the other layouts a break ends the dump, because nothing after it can be trusted.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any, BinaryIO, NamedTuple

import orjson

from etl.formats import HEAD_BYTES
from etl.formats.agency.ninjs import begins_with_item
from etl.formats.common.columns import Plan, fold, known, make_plan, record, required_columns, storable, without_found
from etl.formats.common.encoding import bom_codec, is_utf8_codec
from etl.formats.common.json_large import LargeObject
from etl.formats.common.json_layout import Finder, settled
from etl.formats.common.json_left_over import LeftOver
from etl.formats.common.json_lines import (
    LONGEST_LINE_BYTES,
    are_objects,
    is_container,
    is_in_lines,
    lines_of_head,
    objects_in_a_row,
    value_of,
    whole_lines,
)
from etl.formats.common.json_looks import LISTS
from etl.formats.common.json_mark_names import Names
from etl.formats.common.json_marks import count_articles, count_in_stretch
from etl.formats.common.json_places import Aside, Doubtful, Place
from etl.formats.common.json_preamble import head_without_preamble, without_preamble
from etl.formats.common.json_tables import are_names, under, with_names
from etl.formats.common.json_text import beginning
from etl.formats.common.json_values import LIST, OBJECT, BrokenOff, JsonText
from etl.formats.common.line_ranges import ranges_of_lines
from etl.formats.common.other_kinds import BULK_ACTION, is_bulk_action
from etl.formats.common.pieces import guarded
from etl.formats.common.streams import peekable
from etl.formats.common.utf8_stream import utf8
from etl.model import Columns, DumpError, Feed, Piece, Range, RawRecord, Reject, Skip

LEAST_ACCOUNTED_SHARE = 0.3
"""Much of an object can be what no field holds."""

WHOLE_BYTES = 16 << 20
"""Of a document that is held; larger ones are read value by value."""
MOST_PLANS = 1_000
MOST_PLANNED_NAMES = 200_000
"""Of keys in all plans together."""
MOST_COLUMNS = 1_000

_TABLE = re.compile(r'(?:\{\s*"columns"\s*:\s*\[|\[\s*\[?)([^][{}]{1,2000})\]')
"""The names of a table's columns before its rows."""
_NAME = re.compile(r'"([\w .-]{2,40})"\s*:')


def recognise(head: bytes, name: str) -> float:
    """By the usual names of an article's fields, in objects that begin as a layout does, or in most lines."""
    text = beginning(head_without_preamble(head))
    if text[:1] not in ("{", "[") and not are_objects(text):
        return 0.0
    names = _NAME.findall(text)
    if table := _TABLE.match(text):
        columns = [each.strip(' \n\t"') for each in table[1].split(",")]
        names += columns if are_names(columns) else []
    return 0.9 if known(names)[1] and not begins_with_item(text) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """Objects with a headline and a text, and what stands beside them in a list; at least one in each line or document.

    By a scan of brackets and names, which is not done on lines that cannot hold a second article.
    """
    return count_articles(_as_utf8(stream, feed), _names_for_marks(feed), LONGEST_LINE_BYTES)


def count_marks_in_range(stream: BinaryIO, feed: Feed, head: bytes, before: int) -> int:
    """The same of some lines."""
    return count_in_stretch(_as_utf8(stream, feed), _names_for_marks(feed), LONGEST_LINE_BYTES)


def _names_for_marks(feed: Feed) -> Names:
    return Names(feed.columns.get("headline", ()), feed.columns.get("body", ()))


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each object that is an article, a Reject for each line or value that is not one, but should be.

    Last, if the stanza names columns, which of them no object has: others of the same dump may have them.
    Raises DumpError when a document that is not in lines breaks off, and when it has articles in two places of which
    only one can be right.
    """
    text = without_preamble(_as_utf8(stream, feed))
    reader = _Reader(feed)
    head = text.peek(HEAD_BYTES)[:HEAD_BYTES]
    in_lines = is_in_lines(head, is_whole=len(head) < HEAD_BYTES)
    yield from reader.lines(text, head) if in_lines else reader.documents(text)
    yield from _last(reader)


def ranges(stream: BinaryIO, feed: Feed, target_bytes: int) -> list[Range]:
    """Stretches of whole lines of JSON Lines in UTF-8, from an object on; none of anything else."""
    source = peekable(stream)
    head = source.peek(HEAD_BYTES)[:HEAD_BYTES]
    is_plain = head[:1] == OBJECT and is_utf8_codec(feed.encoding or "utf-8")
    first = head.partition(b"\n")[0]
    if not is_plain or not is_container(first) or not is_in_lines(head, is_whole=len(head) < HEAD_BYTES):
        return []
    return ranges_of_lines(source, target_bytes, OBJECT)


def read_range(stream: BinaryIO, feed: Feed, head: bytes, before: int) -> Iterator[Piece]:
    """What `read` yields of some lines, with `before` lines before them and `head` as the beginning of all."""
    reader = _Reader(feed)
    yield from reader.lines(_as_utf8(stream, feed), head, before)
    yield from _last(reader)


def _last(reader: _Reader) -> Iterator[Piece]:
    """What is known when all of a stretch was read."""
    yield from reader.left_over.told()
    if reader.required and reader.plans:
        found = dict.fromkeys(name for planned in reader.plans.values() for name in planned.plan.all_names)
        yield Columns(tuple(found)[:MOST_COLUMNS], frozenset(reader.missing))


def _as_utf8(stream: BinaryIO, feed: Feed) -> io.BufferedReader:
    """The stream as UTF-8. Not sniffed: JSON is UTF-8, and a line that is not must be rejected, not guessed."""
    source = peekable(stream)
    return utf8(source, bom_codec(source.peek(4)[:4]) or feed.encoding or "utf-8")


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


class _Reader:
    """Reads the values of one dump; remembers the plans of the objects it has seen."""

    def __init__(self, feed: Feed) -> None:
        self._feed, self._finder = feed, Finder(feed)
        self.plans: dict[tuple[str, ...], _Planned] = {}
        self.left_over = LeftOver()
        self._has_body = self._is_in_lines = False
        self.required = required_columns(feed)
        self.missing = set(self.required)

    def lines(self, text: io.BufferedReader, head: bytes, before: int = 0) -> Iterator[Piece]:
        """What is in each line that is not blank; `head` is how the dump begins, `before` how many lines are before."""
        plans, header = self.plans, list[str]()
        self._is_in_lines = True
        may_have_header = head.lstrip()[:1] != OBJECT
        self._has_body = self._have_bodies(lines_of_head(head))
        for number, line in enumerate(whole_lines(text), before + 1):
            if line.isspace():
                continue
            if number == 1 and b"\n" not in head:
                self._has_body = self._have_bodies([line])
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

    def _have_bodies(self, lines: list[bytes]) -> bool:
        """Whether an article in some lines has a body that is not a description."""
        rows = [row for line in lines for row in self._rows_of_line(line) if isinstance(row, dict)]
        return any(_is_body(make_plan(names, self._feed)) for names in {tuple(row) for row in rows})

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
            # Where one article has a body, a description is only a description in all of them.
            plan = make_plan(names, self._feed, description_may_be_body=not self._has_body)
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
