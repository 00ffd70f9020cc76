"""LexisNexis text: many articles a file, after a cover page, in pages of 80 columns.

Layout of LexisNexis Academic and Nexis (about 2000 to 2019): a centred line `3 of 100 DOCUMENTS` or `Dokument 3 von
100`, the publication, the date (with the edition below it), the headline, fields in capital letters (`BYLINE:`), the
body between blank lines, more fields, a copyright line. Agencies have the headline before the date, and fields only
after the body. Lines are wrapped; labels and months are those of the interface's language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice, pairwise, takewhile
from typing import BinaryIO, NamedTuple

from etl.formats.common.encoding import decode_head, unify_newlines
from etl.formats.common.markup import read_whole
from etl.formats.common.pieces import Unreadable, guarded
from etl.formats.common.whole_text import read_text
from etl.formats.vendor import endings, nexis, nexis_marks
from etl.formats.vendor.labels import document_number, field_of
from etl.formats.vendor.nexis_head import Block, has_rights, has_year, is_rights, split_head
from etl.model import DumpError, Feed, Piece, Skip

PAGE_COLUMNS = 80
INDENT = 8
HEAD_LINES = 12
"""Publication and date stand among this many lines after the number, empty ones not counted."""
BEHIND_TEXT = frozenset(("language", "load_date", "publication_type"))

_LABEL = re.compile(r"([^\W\d_][^:\n]*?)\s?:(?:\s+|$)")


def recognise(head: bytes, name: str) -> float:
    """By a mark, centred on a line."""
    lines = unify_newlines(decode_head(head)).split("\n")
    return 1.0 if any(map(_number, lines)) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The numbers of the documents; between two of them the lengths, languages or load dates, if more."""
    return nexis_marks.in_text(read_whole(stream))


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each article, a Reject for what takes the place of one, and the totals that the marks state.

    Raises DumpError where there is no mark, where an article stands before the first, or it is not text.
    """
    text, doubts = read_text(stream, feed.encoding)
    lines = text.split("\n")
    exports = list(_exports(lines))
    if not exports:
        raise DumpError(
            'holds no line such as "1 of 10 DOCUMENTS", centred on the page; expected one before each article; '
            "ask for the export again as text, with the full text of the documents"
        )
    before = lines[: exports[0][0].line]
    _refuse_unmarked(before)
    yield from doubts
    numbers = [[(mark.number, mark.total) for mark in marks] for marks in exports]
    yield from endings.stated(numbers)
    if nexis.is_cover(cover := "\n".join(before)):
        yield Skip("line 1", "cover page", cover)
    starts = [mark.line for marks in exports for mark in marks]
    articles = _articles(lines, starts)
    documents = list(pairwise([*starts, len(lines)]))
    is_one = len(documents) == 1
    lacks_end = endings.lacks_end(documents, lambda span: _fields_below(lines[slice(*span)]))
    if lacks_end and (not is_one or endings.ends_within_sentence(text)):
        articles = endings.with_open_end(articles, is_sure=endings.is_short(numbers) and not is_one)
    yield from articles


def _fields_below(lines: list[str]) -> set[str]:
    """The fields that stand below the text of an article; a copyright may stand above it, too."""
    try:
        _, blocks = split_head(list(_blocks(lines[1:])), headline_first=False)
    except Unreadable:
        return set()
    found = {field for block in blocks if block.label and (field := field_of(block.label)) in BEHIND_TEXT}
    return found | {"copyright" for block in blocks[-1:] if is_rights(block)}


def _articles(lines: list[str], starts: list[int]) -> Iterator[Piece]:
    for start, end in pairwise([*starts, len(lines)]):
        position, own = f"line {start + 1}", lines[start:end]
        yield guarded(partial(_piece, own, position), position, partial(_as_bytes, own))


class _Mark(NamedTuple):
    line: int
    number: int
    total: int


def _number(line: str) -> tuple[int, int] | None:
    """What a mark states: its number, and of how many. None for any other line."""
    return document_number(line) if line[:INDENT].isspace() and _indent(line) >= INDENT else None


def _exports(lines: list[str]) -> Iterator[list[_Mark]]:
    """The marks of each export in the file. One that a body repeats does not count: the next number is yet to come, or
    no head of an article follows it."""
    found = [_Mark(at, *numbers) for at, line in enumerate(lines) if (numbers := _number(line))]
    last_place = {(mark.number, mark.total): mark.line for mark in found}
    marks: list[_Mark] = []
    for mark in found:
        before = marks[-1] if marks else None
        if before and (mark.total != before.total or (mark.number == 1 and before.number == before.total)):
            yield marks
            marks = [mark]
        elif not before or mark.number == before.number + 1:
            marks.append(mark)
        elif mark.number > before.number and last_place.get((before.number + 1, mark.total), 0) < mark.line:
            marks.append(mark)  # a number is left out
        elif mark.number <= before.number and _begins_article(lines[at] for at in range(mark.line + 1, len(lines))):
            yield marks
            marks = [mark]
    if marks:
        yield marks


def _begins_article(lines: Iterable[str]) -> bool:
    """Whether a centred line follows first, and then, before any text, one with a year."""
    filled = islice(filter(str.strip, lines), HEAD_LINES)
    head = takewhile(lambda line: _is_centred(line) and not _number(line), filled)
    return any(has_year(line) and not has_rights(line.strip()) for line in head)


def _refuse_unmarked(cover: list[str]) -> None:
    """Raises DumpError where what stands before the first mark is not a cover, but has the fields of an article."""
    for block in _blocks(cover):
        if block.label and field_of(block.label) == "length":
            raise DumpError(
                f"an article stands before the first number: found {f'{block.label}: {block.text}'[:60]!r}; expected a "
                'line such as "1 of 10 DOCUMENTS" before each article; export these documents again'
            )


def _piece(lines: list[str], position: str) -> Piece:
    record, rest = split_head(list(_blocks(lines[1:])), headline_first=False)
    return {"position": position, **nexis.fill(record, rest)}


def _as_bytes(lines: list[str]) -> bytes:
    return "\n".join(lines).encode("utf-8", "replace")


def _blocks(lines: list[str]) -> Iterator[Block]:
    """The lines between blank lines; a wrapped line is joined to the one before, unless centred."""
    held: list[str] = []
    for line in [*lines, ""]:
        if line.strip():
            held.append(line.rstrip())
        elif held:
            yield from map(_block, _headline_apart(held))
            held = []


def _headline_apart(lines: list[str]) -> list[list[str]]:
    """The lines of a block; in two where a headline has no blank line between it and the centred date below it."""
    if lines[0][0].isspace() or not lines[-1][0].isspace():
        return [lines]
    first = next(at for at, line in enumerate(lines) if line[0].isspace())
    below = lines[first:]
    is_date_below = _indent(below[0]) >= 2 * INDENT and all(map(_is_centred, below)) and has_year(below[0])
    return [lines[:first], below] if is_date_below else [lines]


def _block(lines: list[str]) -> Block:
    if all(_is_centred(line) for line in lines):
        return Block("\n".join(line.strip() for line in lines), is_centred=True)
    label = _LABEL.match(lines[0])
    text = "\n".join(line.strip() for line in lines)
    if label and len(label[1]) <= nexis.LONGEST_LABEL and label[1].isupper():
        return Block(text[label.end() :].strip(), label=label[1])
    return Block(text)


def _is_centred(line: str) -> bool:
    text = line.strip()
    indent = _indent(line)
    return indent >= INDENT or (indent >= 3 and abs(indent - (PAGE_COLUMNS - len(text)) // 2) <= 2)


def _indent(line: str) -> int:
    """The columns before the text; a tab goes to the next eighth."""
    count = len(line) - len(line.lstrip())
    return len(line[:count].expandtabs()) if "\t" in line[:count] else count
