"""JSON: articles in lines, in an array, in indented documents in a row, or anywhere in an object around them.

The articles are the objects that look like some, by the names of their fields (`common/json_layout.py`): those of a
feed or of a page of an API, one page a document or a line, objects under their ids, or the rows of a table by column
(pandas). Field names are mapped as in `common/columns.py`. Lines are read one by one, so that a broken one costs only
itself; in the other layouts a break ends the dump, because nothing after it can be trusted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import BinaryIO

from etl.formats import HEAD_BYTES
from etl.formats.agency.ninjs import begins_with_item
from etl.formats.common.columns import known
from etl.formats.common.encoding import bom_codec, is_utf8_codec
from etl.formats.common.json_lines import (
    LONGEST_LINE_BYTES,
    are_objects,
    is_container,
    is_in_lines,
)
from etl.formats.common.json_mark_names import Names
from etl.formats.common.json_marks import count_articles, count_in_stretch
from etl.formats.common.json_preamble import head_without_preamble, without_preamble
from etl.formats.common.json_reader import JsonReader
from etl.formats.common.json_tables import are_names
from etl.formats.common.json_text import beginning
from etl.formats.common.json_values import OBJECT
from etl.formats.common.line_ranges import ranges_of_lines
from etl.formats.common.streams import peekable
from etl.formats.common.utf8_stream import Text, from_codec, head_of, with_head
from etl.model import Columns, Feed, Piece, Range

LEAST_ACCOUNTED_SHARE = 0.3
"""Much of an object can be what no field holds."""

MOST_COLUMNS = 1_000

_TABLE = re.compile(r'(?:\{\s*"columns"\s*:\s*\[|\[\s*\[?)([^][{}]{1,2000})\]')
"""The names of a table's columns before its rows."""
_OBJECT = re.compile(rb"(?:\xef\xbb\xbf)?\s*+(?:\[\s*+)?\{\s*+\"")
_NAME = re.compile(r'"([\w .-]{2,40})"\s*:')
_ESCAPED = re.compile(r"\\u(?!00[0-7])([0-9a-fA-F]{4})")
"""A character beyond ASCII."""


def recognise(head: bytes, name: str) -> float:
    """By the usual names of an article's fields, in objects that begin as a layout does, or in most lines."""
    text = beginning(head_without_preamble(head))
    if text[:1] not in ("{", "[") and not are_objects(text):
        return 0.0
    spelt = _ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), text)
    names = _NAME.findall(spelt)
    if table := _TABLE.match(spelt):
        columns = [each.strip(' \n\t"') for each in table[1].split(",")]
        names += columns if are_names(columns) else []
    return 0.9 if known(names)[1] and not begins_with_item(text) else 0.0


def frames(head: bytes) -> bool:
    """Whether it begins with an object that has a name, or a list of such, and `recognise` knows it."""
    return _OBJECT.match(head_without_preamble(head)) is not None and recognise(head, "") > 0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """Objects with a headline and a text, and what stands beside them in a list; at least one in each line or document.

    By a scan of brackets and names, which is not done on lines that cannot hold a second article.
    """
    text, head = _as_utf8(stream, feed)
    return count_articles(text, _names_for_marks(feed), LONGEST_LINE_BYTES, head)


def count_marks_in_range(stream: BinaryIO, feed: Feed, head: bytes, before: int) -> int:
    """The same of some lines."""
    return count_in_stretch(
        from_codec(stream, "utf-8"), _names_for_marks(feed), LONGEST_LINE_BYTES, head_of(head, "utf-8")
    )


def _names_for_marks(feed: Feed) -> Names:
    return _names(feed.columns.get("headline", ()), feed.columns.get("body", ()))


_names = lru_cache(maxsize=100)(Names)
"""What was learnt of names, kept for the next dump: small ones come by thousands."""


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each object that is an article, a Reject for each line or value that is not one, but should be.

    Last, if the stanza names columns, which of them no object has: others of the same dump may have them.
    Raises DumpError when a document that is not in lines breaks off, and when it has articles in two places of which
    only one can be right.
    """
    text, head = _as_utf8(stream, feed)
    text, head = without_preamble(text), head._replace(text=head_without_preamble(head.text))
    reader = JsonReader(feed)
    yield from reader.lines(text, head) if is_in_lines(head) else reader.documents(text)
    yield from _last(reader)


def ranges(stream: BinaryIO, feed: Feed, target_bytes: int) -> list[Range]:
    """Stretches of whole lines of JSON Lines in UTF-8, from an object on; none of anything else."""
    source = peekable(stream)
    beginning = source.peek(HEAD_BYTES)[:HEAD_BYTES]
    if beginning[:1] != OBJECT or not is_utf8_codec(bom_codec(beginning) or feed.encoding or "utf-8"):
        return []
    head = head_of(beginning, "utf-8")
    first, end, _ = head.text.partition(b"\n")
    if not end or not is_container(first) or not is_in_lines(head):
        return []
    return ranges_of_lines(source, target_bytes, OBJECT)


def read_range(stream: BinaryIO, feed: Feed, head: bytes, before: int) -> Iterator[Piece]:
    """What `read` yields of some lines, with `before` lines before them and `head` as the beginning of all.

    They are UTF-8, whatever they look like: nothing else is cut.
    """
    reader = JsonReader(feed)
    yield from reader.lines(from_codec(stream, "utf-8"), head_of(head, "utf-8"), before)
    yield from _last(reader)


def _last(reader: JsonReader) -> Iterator[Piece]:
    """What is known when all of a stretch was read."""
    yield from reader.left_over.told()
    if reader.required and reader.plans:
        found = dict.fromkeys(name for planned in reader.plans.values() for name in planned.plan.all_names)
        yield Columns(tuple(found)[:MOST_COLUMNS], frozenset(reader.missing))


def _as_utf8(stream: BinaryIO, feed: Feed) -> Text:
    """The dump as UTF-8. Not sniffed: JSON is UTF-8, and a line that is not must be rejected, not guessed."""
    source = peekable(stream)
    return with_head(source, bom_codec(source.peek(4)[:4]) or feed.encoding or "utf-8")
