"""A web archive in WARC cut into stretches of whole records, by the lengths that their heads state."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import SEEK_END
from typing import BinaryIO, NamedTuple

from etl.formats.web.warc_marks import holds_record
from etl.model import Range

_SHORT_HEAD_BYTES, _LONG_HEAD_BYTES = 1 << 12, 1 << 16
_LONGEST_SEARCHED_BYTES = 1 << 20
_HEAD = re.compile(rb"WARC/\d[^\n]*\n(?:\S[^\n]*\n){1,200}+\r?\n")
_LENGTH = re.compile(rb"^content-length[ \t]*:[ \t]*([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_SEGMENT = re.compile(rb"^warc-segment-number[ \t]*:", re.IGNORECASE | re.MULTILINE)
_BETWEEN = re.compile(rb"(?:\r?\n){2,8}(?=WARC/\d)")
_BETWEEN_BYTES = 32


class _Block(NamedTuple):
    """What the head of a record stands before, and where the next record begins."""

    start: int
    end: int
    following: int


def ranges_of_records(stream: BinaryIO, target_bytes: int) -> list[Range]:
    """Stretches of about so many bytes, each from a record on; `before` counts bytes.

    From the first record on that does not end where the next begins, or is split in segments, all is one stretch: how
    often an archive is broken, all of it tells. It is not cut behind a page that quotes a record, which could be taken
    for one that breaks off.
    """
    found: list[Range] = []
    start = 0
    for block in _blocks(stream):
        if block.following >= start + target_bytes and not _holds_record(stream, block):
            found.append(Range(start, block.following, start))
            start = block.following
    return [*found, Range(start, stream.seek(0, SEEK_END), start)]


def _blocks(stream: BinaryIO) -> Iterator[_Block]:
    """The blocks of records that end where the next begins."""
    at: int | None = 0
    while at is not None and (head := _head(stream, at)):
        lengths = _LENGTH.findall(head)
        if len(lengths) != 1 or not re.fullmatch(rb"\d{1,15}[ \t]*", lengths[0]) or _SEGMENT.search(head):
            return
        start, end = at + len(head), at + len(head) + int(lengths[0])
        stream.seek(end)
        if between := _BETWEEN.match(stream.read(_BETWEEN_BYTES)):
            yield _Block(start, end, end + between.end())
        at = end + between.end() if between else None


def _head(stream: BinaryIO, at: int) -> bytes | None:
    for size in (_SHORT_HEAD_BYTES, _LONG_HEAD_BYTES):
        stream.seek(at)
        if head := _HEAD.match(stream.read(size)):
            return head[0]
    return None


def _holds_record(stream: BinaryIO, block: _Block) -> bool:
    stream.seek(block.start)
    is_long = block.end - block.start > _LONGEST_SEARCHED_BYTES
    return is_long or holds_record(stream.read(block.end - block.start))
