"""The JSON documents of a dump: the whole of it, or one a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from etl.formats.common.json_text import is_object
from etl.formats.common.markup import LIMIT_BYTES
from etl.formats.common.utf8_stream import utf8
from etl.model import DumpError, Feed

MOST_VALUES = 800_000
"""Values of a document; each costs some fifty bytes and more once it is parsed."""


def documents(stream: BinaryIO, feed: Feed) -> Iterator[bytes]:
    """The whole dump, or each line where the first one is an object and another follows.

    Raises DumpError where a document is larger, or has more values, than one can have.
    """
    text = utf8(stream, feed.encoding or "utf-8")
    first = text.readline(LIMIT_BYTES)
    while first and not first.strip():
        first = text.readline(LIMIT_BYTES)
    second = text.readline(LIMIT_BYTES)
    while second and not second.strip():
        second = text.readline(LIMIT_BYTES)
    if second.lstrip()[:1] == b"{" and is_object(first):
        yield _bounded(first)
        while second:
            if second.strip():
                yield _bounded(second)
            second = text.readline(LIMIT_BYTES)
        return
    rest = text.read(LIMIT_BYTES + 1)
    if len(first) + len(second) + len(rest) > LIMIT_BYTES:
        raise DumpError(
            f"is larger than {LIMIT_BYTES >> 20} MB, and a document is parsed as a whole; ask for items in lines"
        )
    yield _bounded(first + second + rest)


def _bounded(data: bytes) -> bytes:
    if data.count(b",") + data.count(b"[") + data.count(b"{") > MOST_VALUES:
        raise DumpError(f"has more than {MOST_VALUES:,} values in a document, which no item has; split it")
    return data
