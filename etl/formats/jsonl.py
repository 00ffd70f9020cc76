"""JSON: one article a line, an array of them, an object whose one list holds them, or documents in a row.

Field names are mapped as in `_columns`. Lines are read one by one, so that a broken one costs
itself only; in the other layouts a break ends the dump, for nothing after it can be trusted.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO, Literal

import ijson
import orjson

from etl.encoding import sniff, utf8
from etl.formats import HEAD_BYTES
from etl.formats._columns import Plan, known, make_plan, record
from etl.model import DumpError, Feed, Piece, Reject

MAX_LINE = 64 << 20
_PIECE = 1 << 16
_CHUNK = 1 << 20
_MAX_PLANS = 1000
_NINJS = {"uri", "versioncreated", "pubstatus", "body_text", "body_html", "bodies", "headlines", "associations"}
"""ninjs is JSON too, with a reader of its own: two of these in an object are taken for it."""


@dataclass(frozen=True)
class Shape:
    """How the articles lie: a line each, or as the values at an ijson prefix."""

    kind: Literal["lines", "array", "member", "documents"]
    prefix: str = ""
    keys: tuple[str, ...] = ()
    """The keys of the first article, as far as the head tells them."""


def recognise(head: bytes, name: str) -> float:
    """By the usual keys of an article in the first objects."""
    try:
        data = head.decode(sniff(head, None), "ignore").lstrip("\ufeff \t\r\n").encode()
    except DumpError:
        return 0.0
    if b"{" not in data[:HEAD_BYTES] or data[:1] == b"<":
        return 0.0
    shape = _shape(data)
    objects = [tuple(each) for each in _first_objects(data)] if shape.kind == "lines" else [shape.keys]
    if any(len(_NINJS.intersection(key.lower() for key in keys)) > 1 for keys in objects):
        return 0.0
    return 0.9 if any(known(keys)[1] for keys in objects) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """Lines that are not blank; or values at the depth where articles lie, by a scan of brackets."""
    opened, shape = _open(stream, feed)
    if shape.kind == "lines":
        return _count_lines(opened)
    return _count_values(opened, {"documents": b"", "array": b"[", "member": b"{["}[shape.kind])


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """Records, and a Reject for each line or value that is no article.

    Raises DumpError where a layout other than lines breaks off.
    """
    opened, shape = _open(stream, feed)
    to_piece = _Articles(feed)
    return _read_lines(opened, to_piece) if shape.kind == "lines" else _read_values(opened, shape, to_piece)


def _open(stream: BinaryIO, feed: Feed) -> tuple[io.BufferedReader, Shape]:
    # No guess: JSON is UTF-8, and a line that is not is rejected.
    opened = utf8(stream, feed.encoding, guess=False)
    return opened, _shape(opened.peek(HEAD_BYTES)[:HEAD_BYTES].lstrip())


# The layout


def _shape(head: bytes) -> Shape:
    """The layout of JSON that begins with `head`, which may end anywhere."""
    if head[:1] == b"[":
        return Shape("array", "item", _keys_at(head, "item"))
    first, newline, _ = head.partition(b"\n")
    document = _loads(first)
    if isinstance(document, dict) and not _wrapped(document):
        return Shape("lines")
    events, whole = _events(head)
    # A line that breaks off is no document that goes on.
    if head[:1] != b"{" or (newline and not whole):
        return Shape("lines")
    own = _keys(events, "")
    lists = [prefix for prefix, event, _ in events if event == "start_map" and re.fullmatch(r"[^.]+\.item", prefix)]
    if lists and not known(own)[1]:
        return Shape("member", lists[0], _keys(events, lists[0]))
    return Shape("documents", "", own) if newline else Shape("lines")


def _wrapped(document: dict[str, Any]) -> bool:
    """Whether an object holds articles instead of being one."""
    lists = [value for value in document.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
    return bool(lists) and not known(document)[1]


def _events(head: bytes) -> tuple[list[tuple[str, str, Any]], bool]:
    """What ijson sees in `head`, and whether nothing but the cut at its end is wrong with it."""
    events = []
    try:
        for event in ijson.parse(io.BytesIO(head), multiple_values=True):
            events.append(event)
    except ijson.JSONError as error:
        cut = len(head) >= HEAD_BYTES and "invalid bytes in UTF8" in str(error) and _cut_in_character(head)
        return events, cut or "premature EOF" in str(error)
    return events, True


def _cut_in_character(head: bytes) -> bool:
    return head != head.decode("utf-8", "ignore").encode() and head[:-4].decode("utf-8", "replace").count("\ufffd") < 2


def _keys_at(head: bytes, prefix: str) -> tuple[str, ...]:
    return _keys(_events(head)[0], prefix)


def _keys(events: list[tuple[str, str, Any]], prefix: str) -> tuple[str, ...]:
    """The keys of the first object at `prefix`."""
    keys: list[str] = []
    for where, event, value in events:
        if where == prefix and event == "map_key":
            keys.append(value)
        elif where == prefix and event == "end_map":
            break
    return tuple(keys)


def _first_objects(head: bytes) -> list[dict[str, Any]]:
    lines = head.split(b"\n", 10)[:10]
    objects = [found for line in lines if isinstance(found := _loads(line), dict)]
    # A first line longer than the head shows its keys only.
    return objects or [dict.fromkeys(_keys_at(head, ""))]


def _loads(data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return None


# Reading


class _Articles:
    """JSON values to pieces. A plan is made once for each set of keys, not for each article."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._plans: dict[tuple[str, ...], Plan] = {}
        self._has_body = False

    def __call__(self, value: Any, position: str, piece: bytes | None) -> Piece:
        if value.__class__ is not dict:
            found = type(value).__name__
            return Reject(position, f"found a JSON {found}, expected an object", _piece(value, piece))
        keys = tuple(value)
        plan = self._plans.get(keys) or self._plan(keys)
        try:
            return record(plan, value, position)
        except ValueError as error:
            return Reject(position, str(error), _piece(value, piece))

    def _plan(self, keys: tuple[str, ...]) -> Plan:
        plan = make_plan(keys, self._feed, description_may_be_body=not self._has_body)
        # Where one article has a body, a description beside is a description in every one.
        self._has_body |= plan.columns.get("body", "description").lower() != "description"
        if len(self._plans) >= _MAX_PLANS:
            self._plans.clear()
        self._plans[keys] = plan
        return plan


def _piece(value: Any, piece: bytes | None) -> bytes:
    return orjson.dumps(value, default=str) if piece is None else piece


def _read_lines(stream: BinaryIO, to_piece: _Articles) -> Iterator[Piece]:
    loads, broken = orjson.loads, orjson.JSONDecodeError
    for number, line in enumerate(iter(partial(stream.readline, MAX_LINE), b""), start=1):
        try:
            value = loads(line)
        except broken as error:
            if not line.isspace():
                yield _broken_line(stream, line, f"line {number}", error)
            continue
        yield to_piece(value, f"line {number}", line)


def _broken_line(stream: BinaryIO, line: bytes, position: str, error: orjson.JSONDecodeError) -> Reject:
    if len(line) == MAX_LINE and not line.endswith(b"\n"):
        while (rest := stream.readline(MAX_LINE)) and not rest.endswith(b"\n"):
            pass
        limit = f"{MAX_LINE >> 20} MiB"
        return Reject(position, f"the line is longer than {limit}, expected one article a line", line[:_PIECE])
    try:
        line.decode()
    except UnicodeDecodeError as bad:
        found = f"{line[bad.start]:#04x}"
        reason = f"is not UTF-8: found {found} at byte {bad.start:,} of the line; set `encoding` in sources.toml"
        return Reject(position, reason, line)
    return Reject(position, f"is not JSON: {error.msg} at character {error.pos:,} of the line", line)


def _read_values(stream: BinaryIO, shape: Shape, to_piece: _Articles) -> Iterator[Piece]:
    number = 0
    values = ijson.items(stream, shape.prefix, use_float=True, multiple_values=shape.kind == "documents")
    try:
        for number, value in enumerate(values, start=1):
            yield to_piece(value, f"item {number}", None)
    except (ijson.JSONError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split("\n")[0].split())
        raise DumpError(
            f"the JSON breaks off after {number:,} articles ({reason}); expected {shape.kind} to the end; "
            "fetch it again, or ask for one article a line"
        ) from error


# Marks


def _count_lines(stream: BinaryIO) -> int:
    count, counted = 0, False
    for chunk in iter(partial(stream.read, _CHUNK), b""):
        first, *rest = chunk.split(b"\n")
        if not counted and first.strip():
            count, counted = count + 1, True
        if rest:
            full = [line for line in rest if line and not line.isspace()]
            count, counted = count + len(full), bool(full) and full[-1] is rest[-1]
    return count


_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]]|[^\s,:"{}\[\]]+', re.DOTALL)


def _count_values(stream: BinaryIO, target: bytes) -> int:
    """Values whose enclosing brackets are `target`. Of an object's lists only those of objects count."""
    count, stack, rest = 0, bytearray(), b""
    of_objects = True
    while True:
        chunk = stream.read(_CHUNK)
        data = rest + chunk
        end = 0
        for match in _TOKEN.finditer(data):
            if chunk and match.end() == len(data) and match[0] not in (b"{", b"}", b"[", b"]"):
                break  # may go on in the next chunk
            end = match.end()
            token = match[0]
            if token in b"}]":
                del stack[-1:]
                continue
            if stack == target:
                of_objects = of_objects if fresh_checked(stack) else token == b"{"
            count += stack == target and of_objects
            if token in b"{[":
                stack += token
        rest = data[end:]
        if not chunk:
            return count
