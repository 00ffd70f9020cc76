"""Plain text: one article a file; the first line is the headline, the rest the body.

Nothing in it can be recognised, so it is a format only where a stanza or the operator says so.
Publication, section and date come from the path, by the stanza's `path_pattern`. A file in which several articles seem
to be joined is refused, unless the stanza says `one_article = true`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import orjson

from etl.formats.common import joined, repeated_lines
from etl.formats.common.markup import read_whole
from etl.formats.common.whole_text import read_text
from etl.model import DumpError, Feed, Piece, RawRecord


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """One, or more where lines come again that an article has once; 0 for a blank file."""
    data = read_whole(stream)
    return int(bool(data.strip())) if feed.one_article else repeated_lines.count(data)


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """The one article. Raises DumpError when the bytes are not text, or more than one article."""
    text, doubts = read_text(stream, feed.encoding)
    before = len(text) - len(text.lstrip())
    if before == len(text):
        return
    if not feed.one_article:
        _refuse_json(text)
        joined.refuse_several(text)
    headline, _, body = text[before:].partition("\n")
    found: RawRecord = {"position": f"line {text.count(chr(10), 0, before) + 1}", "headline": headline.strip()}
    if body.strip():
        found["body"] = body.strip("\n")
    yield found
    yield from doubts
    if not feed.one_article and (doubt := joined.doubt(text)):
        yield doubt


def _refuse_json(text: str) -> None:
    if text.lstrip()[:1] not in ("{", "["):
        return
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return
    raise DumpError('is JSON, not plain text; name it in the stanza of its feed with format = "jsonl"')
