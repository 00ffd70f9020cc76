"""Dumps of articles one after another, in tags that no XML parser accepts: cut into articles as they stream by."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import BinaryIO

from etl.formats.common import streams
from etl.formats.common.encoding import decode, unify_newlines
from etl.formats.common.pieces import Unreadable, guarded
from etl.model import DumpError, Piece, Range, RawRecord

LONGEST_ARTICLE_BYTES = 4 << 20
LONGEST_MARK_BYTES = 64
KEPT_BYTES = 1 << 20
"""At most this much of a piece that cannot be read goes into quarantine."""

_TAGS = re.compile(rb"<[^<>]*>")


def cut(chunks: Iterable[bytes], mark: re.Pattern[bytes]) -> Iterator[tuple[int, bytes]]:
    """What stands before the first mark (perhaps nothing), then from each mark to the next; with the line it begins on.

    A mark is shorter than LONGEST_MARK_BYTES. A piece that is longer than an article can be is cut, but stays longer
    than LONGEST_ARTICLE_BYTES.
    """
    held, line, left_out, is_begun = b"", 1, 0, False
    for chunk in chunks:
        data = held + chunk
        found = mark.finditer(data, max(len(held) - LONGEST_MARK_BYTES, 0))
        starts = [match.start() for match in found if match.start() or not is_begun]
        for start, end in pairwise([0, *starts]):
            yield line, data[start:end]
            line += data.count(b"\n", start, end) + left_out
            left_out, is_begun = 0, True
        held = data[starts[-1] :] if starts else data
        if len(held) > LONGEST_ARTICLE_BYTES + streams.CHUNK_BYTES:
            kept = LONGEST_ARTICLE_BYTES + 1
            left_out += held.count(b"\n", kept, len(held) - LONGEST_MARK_BYTES)
            held = held[:kept] + held[-LONGEST_MARK_BYTES:]
    yield line, held


def count_tags(stream: BinaryIO, *beginnings: bytes) -> int:
    """How often the most frequent of these tags occurs in a stream, each given by its begin, in small letters.

    Tags that every article has once: where one of them is missing or written otherwise, the others still count it.
    """
    return max(_counts(streams.chunks(stream), beginnings))


def _counts(chunks: Iterable[bytes], beginnings: Sequence[bytes]) -> list[int]:
    """How often each tag occurs."""
    found = [0] * len(beginnings)
    kept_bytes = max(map(len, beginnings))
    held = b""
    for chunk in chunks:
        data = held + chunk.lower()
        end = len(data) - kept_bytes  # a tag that begins later may be cut
        for at, beginning in enumerate(beginnings):
            found[at] += _tags(data, beginning, end)
        held = data[max(end, 0) :]
    return [total + _tags(held, beginning, len(held)) for total, beginning in zip(found, beginnings, strict=True)]


def ranges_at_marks(
    stream: BinaryIO, mark: re.Pattern[bytes], target_bytes: int, beginnings: Sequence[bytes]
) -> list[Range]:
    """The stretches of about so many bytes, each from a mark on that begins a line; `before` counts lines.

    None where another one of the tags with these beginnings is the most frequent in one stretch than in another: then
    what `count_tags` counts in the stretches is not what it counts in the whole.
    """
    found = list(_stretches(stream, mark, target_bytes))
    most_frequent = set(beginnings)
    for stretch in found:
        counts = _counts(_chunks_of(stream, stretch), beginnings)
        most_frequent &= {tag for tag, count in zip(beginnings, counts, strict=True) if count == max(counts)}
    return found if most_frequent else []


def _stretches(stream: BinaryIO, mark: re.Pattern[bytes], target_bytes: int) -> Iterator[Range]:
    start = first = at = lines = 0
    held = b""
    for chunk in streams.chunks(stream):
        data, counted, searched = held + chunk, 0, 1
        while match := mark.search(data, max(searched, start + target_bytes - at)):
            here, searched = match.start(), match.end()
            if data[here - 1 : here] == b"\n":
                lines += data.count(b"\n", counted, here)
                yield Range(start, at + here, first)
                start, first, counted = at + here, lines, here
        kept = max(len(data) - LONGEST_MARK_BYTES, counted)  # a mark that begins later may be cut
        lines += data.count(b"\n", counted, kept)
        held, at = data[kept:], at + kept
    yield Range(start, at + len(held), first)


def _chunks_of(stream: BinaryIO, stretch: Range) -> Iterator[bytes]:
    stream.seek(stretch.start)
    left_bytes = stretch.end - stretch.start
    while chunk := stream.read(min(left_bytes, streams.CHUNK_BYTES)):
        left_bytes -= len(chunk)
        yield chunk


def _tags(data: bytes, beginning: bytes, end: int) -> int:
    """How many tags with such a begin start before `end`."""
    last = len(beginning) + 1
    return sum(data.count(beginning + mark, 0, max(end, 0) + last - 1) for mark in (b">", b" ", b"\n", b"\r", b"\t"))


def count(stream: BinaryIO, *marks: bytes) -> int:
    """How often marks of equal length (in lower case) occur in a stream, in small or capital letters."""
    total, held = 0, b""
    for chunk in streams.chunks(stream):
        data = held + chunk.lower()
        total += sum(map(data.count, marks))
        held = data[max(len(data) - len(marks[0]) + 1, 0) :]
    return total


def articles(
    chunks: Iterable[bytes], mark: re.Pattern[bytes], article: Callable[[bytes, str], RawRecord], before: int = 0
) -> Iterator[Piece]:
    """What `article` makes of each piece between marks and of its position; a Reject where it raises Unreadable.

    Tags may stand before the first mark; text may not. `before`: the lines before the first chunk.
    """
    for line, data in cut(chunks, mark):
        position = f"line {before + line}"
        is_text = mark.match(data) or _TAGS.sub(b"", data.removeprefix(codecs.BOM_UTF8)).strip()
        if is_text or len(data) > LONGEST_ARTICLE_BYTES:
            yield guarded(partial(_piece, data, position, mark, article), position, data[:KEPT_BYTES])


def _piece(data: bytes, position: str, mark: re.Pattern[bytes], article: Callable[[bytes, str], RawRecord]) -> Piece:
    try:
        if len(data) > LONGEST_ARTICLE_BYTES:
            raise Unreadable(f"is longer than {LONGEST_ARTICLE_BYTES >> 20} MB, which no article is")
        if not mark.match(data):
            raise Unreadable("found text before the first article's mark")
        return article(data, position)
    except Unreadable as error:
        raise Unreadable(f"{error}; ask for the dump again, or mend this article in it") from None


def decoded(data: bytes, codec: str | None) -> str:
    r"""An article as text, its line ends as \n. Raises Unreadable where it is not in that encoding, or in none."""
    try:
        return unify_newlines(decode(data, codec)).rstrip("\ufeff")  # of a file that was joined to it
    except DumpError as error:
        raise Unreadable(str(error)) from None
