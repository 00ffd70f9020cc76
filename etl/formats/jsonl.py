"""JSON: one article a line, an array of them, an object whose list of objects holds them, or indented documents.

Field names are mapped as in `common/columns.py`. Lines are read one by one, so that a broken one costs only itself; in
the other layouts a break ends the dump, because nothing after it can be trusted.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import partial
from typing import Any, BinaryIO, NamedTuple

import orjson

from etl.formats import HEAD_BYTES
from etl.formats.agency.ninjs import is_ninjs
from etl.formats.common.columns import Plan, fold, known, make_plan, record, required_columns, without_found
from etl.formats.common.encoding import bom_codec, utf8
from etl.formats.common.json_text import beginning, is_object, loads
from etl.formats.common.json_values import BrokenOff, Path, first_list, values_in
from etl.formats.common.pieces import Unreadable, guarded
from etl.formats.common.streams import peekable
from etl.model import Columns, DumpError, Feed, Piece, Reject

LEAST_ACCOUNTED_SHARE = 0.3
"""Much of an object can be what no field holds."""

LONGEST_LINE_BYTES = 56 << 20
MOST_PLANS = 1_000
MOST_PLANNED_NAMES = 200_000
"""Of keys in all plans together."""
MOST_COLUMNS = 1_000
CHUNK_BYTES = 1 << 20
LONGEST_SCALAR_BYTES = 1_000

TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+("?)|[\[\]{}]|[^\s,:\[\]{}"]++', re.DOTALL)
"""A string, a bracket, or another value. A string without an end is cut off by the end of the chunk."""
_STRING_END = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+("?)', re.DOTALL)


def recognise(head: bytes, name: str) -> float:
    """By the usual names of an article's fields, in objects that begin as a layout does, or in most lines."""
    text = beginning(head)
    if text[:1] not in ("{", "[") and not _are_objects(text):
        return 0.0
    names = re.findall(r'"([\w .-]{2,40})"\s*:', text[:20_000])
    return 0.9 if known(names)[1] and not is_ninjs(names) else 0.0


def _are_objects(text: str) -> bool:
    """Whether most lines are objects, except the last one, which may be cut."""
    lines = text.splitlines()[:-1]
    return 2 * sum(line[:1] == "{" and is_object(line.encode()) for line in lines) > len(lines)


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """Lines that are not blank; or the values of the list that holds the articles, by a scan of brackets."""
    text = _as_utf8(stream, feed)
    layout = _layout(text.peek(HEAD_BYTES))
    if layout is None:
        return sum(1 for line in _whole_lines(text) if not line.isspace())
    return _count_values(text, in_list=layout.path is not None)


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each object, a Reject for each line or value that is not one.

    Last, if the stanza names columns, which of them no object has: others of the same dump may have them.
    Raises DumpError when a document that is not in lines breaks off.
    """
    text = _as_utf8(stream, feed)
    layout = _layout(text.peek(HEAD_BYTES))
    plans: dict[tuple[str, ...], Plan] = {}
    required = required_columns(feed)
    missing = set(required)
    for position, value, raw in _lines(text) if layout is None else _values(text, layout.path):
        if isinstance(value, Reject):
            yield value
        elif not isinstance(value, dict):
            yield Reject(position, f"expected a JSON object, found {_kind(value)}", raw)
        else:
            if missing:
                missing = without_found(missing, value)
            make = partial(_piece, value, position, plans, feed)
            yield guarded(make, position, raw.strip)
    if required and plans:
        found = dict.fromkeys(name for plan in plans.values() for name in plan.all_names)
        yield Columns(tuple(found)[:MOST_COLUMNS], frozenset(missing))


def _as_utf8(stream: BinaryIO, feed: Feed) -> io.BufferedReader:
    """The stream as UTF-8. Not sniffed: JSON is UTF-8, and a line that is not must be rejected, not guessed."""
    source = peekable(stream)
    return utf8(source, bom_codec(source.peek(4)[:4]) or feed.encoding or "utf-8")


class _Layout(NamedTuple):
    """A text that is not in lines. `path` leads to the list of its articles; without it they are documents in a row."""

    path: Path | None


def _layout(head: bytes) -> _Layout | None:
    """Where the articles are; None where each line is one."""
    opening, _, rest = head.lstrip().partition(b"\n")
    if opening[:1] not in (b"[", b"{") or (is_object(opening) and is_object(rest.partition(b"\n")[0])):
        return None
    found = first_list(head)
    if found and not known(found.fields)[1]:
        return _Layout(found.path)
    if opening[:1] == b"[":
        return _Layout(())
    is_indented = opening.rstrip()[-1:] in (b"{", b",", b"[")
    return _Layout(None) if is_indented else None


def _whole_lines(text: io.BufferedReader) -> Iterator[bytes]:
    """Lines, each cut to the maximum length."""
    while line := text.readline(LONGEST_LINE_BYTES):
        yield line
        while len(line) == LONGEST_LINE_BYTES and not line.endswith(b"\n"):
            line = text.readline(LONGEST_LINE_BYTES)


def _lines(text: io.BufferedReader) -> Iterator[tuple[str, Any, bytes]]:
    for number, line in enumerate(_whole_lines(text), 1):
        position = f"line {number}"
        if not line.isspace():
            try:
                yield position, _loaded(line, position), line
            except orjson.JSONDecodeError as error:
                yield position, Reject(position, f"is not JSON: {error}", line.rstrip(b"\n")), b""


def _values(text: io.BufferedReader, path: Path | None) -> Iterator[tuple[str, Any, bytes]]:
    """The values of the list that holds the articles, streamed."""
    number = 0
    try:
        for data in values_in(text, path, LONGEST_LINE_BYTES):
            position = f"item {number + 1}"
            yield position, _loaded(data, position), data
            number += 1
    except (BrokenOff, orjson.JSONDecodeError) as error:
        raise DumpError(f"the JSON breaks off after item {number}: {error}; ask for it again") from None


def _loaded(data: bytes, position: str) -> Any:
    """The value, or a Reject where it is too long or cannot be kept. Raises orjson.JSONDecodeError."""
    if len(data) >= LONGEST_LINE_BYTES:
        reason = f"it is longer than {LONGEST_LINE_BYTES:,} bytes, which no article is"
        return Reject(position, reason, data[:1_000])
    try:
        return loads(data)
    except Unreadable as error:
        return Reject(position, str(error), data.rstrip(b"\n"))


def _count_values(text: io.BufferedReader, in_list: bool) -> int:
    """How many values stand in the lists that hold articles, or in a row, by the brackets alone.

    Among the lists at the depth of the first one with an object in it, every one with an object counts. Only the first
    is read, so that with a second one the marks refuse the dump.
    """
    opened: list[list[int] | None] = []  # an object, or a list with the numbers of its values and of its objects
    depth = total = 0
    for token in _tokens(text):
        if token in (b"]", b"}"):
            closed = opened.pop() if opened else None
            if closed and depth and len(opened) + 1 == depth and closed[1]:
                total += closed[0]
            continue
        if not opened and not in_list:
            total += 1
        elif opened and (values := opened[-1]) is not None:
            values[0] += 1
            values[1] += token == b"{"
            if token == b"{" and not depth and in_list:
                depth = len(opened)
        if token in (b"[", b"{"):
            opened.append([0, 0] if token == b"[" else None)
    return total


def _tokens(text: io.BufferedReader) -> Iterator[bytes]:
    """Brackets as they are, other values as their first byte."""
    held, rest = b"", TOKEN
    while chunk := text.read(CHUNK_BYTES):
        data, at = held + chunk, 0
        held = b""
        if rest is _STRING_END:
            found = rest.match(data)
            if not found[1]:  # type: ignore[index]
                held = data[found.end() :]  # type: ignore[union-attr]
                continue
            at, rest = found.end(), TOKEN  # type: ignore[union-attr]
        for found in TOKEN.finditer(data, at):
            if found[1] == b"":
                yield b'"'
                held, rest = data[found.end() :], _STRING_END
                break
            if found[1] is None and found.end() == len(data) and data[-1:] not in b"[]{}":
                held = data[found.start() :][:LONGEST_SCALAR_BYTES]
                break
            yield data[found.start() : found.start() + 1]
    if held and rest is TOKEN:
        yield held[:1]


def _kind(value: Any) -> str:
    return {list: "a list", str: "text", bool: "true or false", type(None): "null"}.get(type(value), "a number")


def _piece(value: dict[str, Any], position: str, plans: dict[tuple[str, ...], Plan], feed: Feed) -> Piece:
    """One object as a record, by a plan made once for objects with the same keys."""
    names = tuple(value)
    plan = plans.get(names)
    if plan is None:
        # Where one article has a body, a description is only a description in all of them.
        has_body = any(fold(seen.columns.get("body", "description")) != "description" for seen in plans.values())
        plan = make_plan(names, feed, description_may_be_body=not has_body)
        if not plans or (len(plans) < MOST_PLANS and sum(map(len, plans)) + len(names) <= MOST_PLANNED_NAMES):
            plans[names] = plan
    return record(plan, value, position)
