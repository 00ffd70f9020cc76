"""JSON: one article a line, an array of them, an object whose one list holds them, or documents in a row.

Field names are mapped as in `_columns`. Lines are read one by one, so that a broken one costs
itself only; in the other layouts a break ends the dump, for nothing after it can be trusted.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

import ijson
import orjson

from etl.encoding import bom_codec, sniff, utf8
from etl.formats import HEAD_BYTES
from etl.formats._columns import Plan, known, make_plan, record
from etl.model import DumpError, Feed, Piece, RawRecord, Reject

MAX_LINE = 64 << 20
_CHUNK = 1 << 20
_MAX_PLANS = 1000
_NINJS = {"uri", "versioncreated", "pubstatus", "body_text", "body_html", "bodies", "headlines", "associations"}
"""ninjs is JSON too, with a reader of its own: two of these in one object are taken for it."""


@dataclass(frozen=True)
class Shape:
    """How the articles lie: a line each, or as the values at an ijson prefix."""

    kind: Literal["lines", "array", "member", "documents"]
    prefix: str = ""
    keys: frozenset[str] = frozenset()
    """The keys of the first article, as far as the head tells them."""


def recognise(head: bytes, name: str) -> float:
    """By an article's usual keys in the first objects."""
    try:
        text = head.decode(sniff(head, None), "ignore").lstrip("\ufeff \t\r\n")
    except DumpError:
        return 0.0
    if len(head) > 3 and head[:1].isalpha() or text[:1] == "<":
        return 0.0
    data = text.encode()
    shape = _shape(data)
    tries = _line_keys(data) if shape.kind == "lines" else [shape.keys]
    if any(len(_NINJS & {key.lower() for key in keys}) > 1 for keys in tries):
        return 0.0
    return 0.9 if any(known(keys)[1] for keys in tries) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """Lines that are not blank; or values at the depth where articles lie, by a scan of brackets."""
    stream, shape = _opened(stream, feed)
    if shape.kind == "lines":
        return _count_lines(stream)
    return _count_values(stream, {"documents": "", "array": "[", "member": "{["}[shape.kind])


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """Records, and a Reject for each line or value that is no article. Raises DumpError when a
    document that is not in lines breaks off."""
    stream, shape = _opened(stream, feed)
    article = _Articles(feed)
    if shape.kind == "lines":
        yield from _read_lines(stream, article)
    else:
        yield from _read_values(stream, shape, article)


def _opened(stream: BinaryIO, feed: Feed) -> tuple[io.BufferedReader, Shape]:
    head = stream.read(HEAD_BYTES)
    # Not sniffed: JSON is UTF-8, and a line that is not must be rejected, not guessed.
    recoded = utf8(_rejoined(head, stream), bom_codec(head) or feed.encoding or "utf-8")
    return recoded, _shape(recoded.peek(HEAD_BYTES)[:HEAD_BYTES].lstrip())


class _rejoined(io.RawIOBase):  # noqa: N801
    pass
