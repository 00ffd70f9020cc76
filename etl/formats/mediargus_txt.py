"""Mediargus (Belgian papers; since 2013 GoPress, now Belga.press) as text: up to 100 articles a file, after a list.

Layout: a list in which each article has its number and headline, a line `De Morgen, woensdag 30 november 2011, p. 23,
853w.` and its first words, with two blank lines behind it; then the texts in the same order, each below a line
`30-11-2011, p.23`, perhaps with the section, and with the headline, the paragraphs and a copyright. Only the list names
the paper, only the texts are whole: they are put together by their order, day, page and headline, and texts in another
order are told. What is listed without a text is rejected. A deck is a paragraph above the text, which nothing tells
apart, and stays there; "Artikel zonder titel" is no headline.

Written from a public test file of AmCAT with a hundred articles of 2011, and its reader. What GoPress and Belga.press
export since then was not seen.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterator
from functools import partial
from itertools import islice, pairwise
from typing import BinaryIO, NamedTuple

from etl.formats.common.encoding import decode_head, unify_newlines
from etl.formats.common.markup import read_whole
from etl.formats.common.pieces import Unreadable, guarded, without_empty_extra
from etl.formats.common.utf8_stream import utf8
from etl.formats.common.whole_text import read_text
from etl.model import Declared, Doubt, DumpError, Feed, Piece, Reject, Skip

MOST_ABOVE_HEADLINE = 3
"""Paragraphs between the day and the headline of a text: the section, or the regions of an edition."""

_NUMBERED = re.compile(r"\W?(\d{1,5})\. (\S.*)")
_LISTED = re.compile(r"(\S.{0,98}), (\w{4,12} (\d{1,2}) \w{3,12} (\d{4})), p\. ?([^,]{1,20}), (\d{1,6}w)\.")
_BEGINS = re.compile(r"(\d{2})-\d{2}-(\d{4}), p\. ?(\S.{0,20})")
_UNTITLED = "Artikel zonder titel"
_MARKS = (
    re.compile(rb"^[^\n]{1,100}, [^\n,]{8,40}, p\.[^\n]{1,24}, \d{1,6}w\.[ \t]*$", re.MULTILINE),
    re.compile(rb"^\d\d-\d\d-\d{4}, p\.[^\n]{1,24}$", re.MULTILINE),
)

Key = tuple[int, str, str]
"""Day of the month, year and page."""


class _Listed(NamedTuple):
    """An article in the list."""

    line: int
    headline: str
    publication: str
    published: str
    length: str
    key: Key


def recognise(head: bytes, name: str) -> float:
    """By a number and a headline in its first line, and below it a paper with its day, page and number of words."""
    lines = [line.strip() for line in unify_newlines(decode_head(head)).split("\n") if line.strip()]
    return 0.9 if len(lines) > 1 and _NUMBERED.fullmatch(lines[0]) and _LISTED.fullmatch(lines[1]) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The lines with a number of words, which the list has; or those with a day and page alone, if they are more."""
    data = read_whole(utf8(stream, feed.encoding))
    return max(len(mark.findall(data)) for mark in _MARKS)


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each text, a Reject for what is listed without one; a Skip for the list, and the total in it.

    Raises DumpError where there is no list or no text, or it is not text.
    """
    text, doubts = read_text(stream, feed.encoding)
    lines = [line.strip() for line in text.split("\n")]
    starts = [at for at, line in enumerate(lines) if _BEGINS.fullmatch(line)]
    listed = list(_list(lines[: starts[0]] if starts else lines))
    if not listed or not starts:
        raise DumpError(
            f"has {len(listed):,} articles in its list and {len(starts):,} texts; expected the list, and then each "
            "text below a line such as `30-11-2011, p.23`; export them again, with their texts"
        )
    yield from doubts
    yield Declared(len(listed))
    yield Skip("line 1", "list of the articles", "\n".join(filter(None, lines[: starts[0]])))
    texts = [lines[start + 1 : end] for start, end in pairwise([*starts, len(lines)])]
    places = _places(listed, [_key(lines[start]) for start in starts], texts)
    without = set(range(len(listed))).difference(places)
    at = late = 0
    for start, own, place in zip(starts, texts, places, strict=True):
        if place is not None:
            yield from (_without_text(listed[each]) for each in range(at, place) if each in without)
            late += place < at
            at = max(at, place + 1)
        position, known = f"line {start + 1}", None if place is None else listed[place]
        yield guarded(partial(_piece, own, known, position), position, "\n".join(own).encode("utf-8", "replace"))
    yield from (_without_text(listed[each]) for each in range(at, len(listed)) if each in without)
    if late:
        yield Doubt(
            f"{late:,} of its texts are in another order than its list, and found there by day, page and headline; "
            "where two papers have the same, look whether each has its own text"
        )


def _places(listed: list[_Listed], keys: list[Key], texts: list[list[str]]) -> list[int | None]:
    """Where in the list each text is: by day, page and headline, the next one first; else by day and page alone, where
    one is left between those of the texts before and after it."""
    named: dict[tuple[Key, str], _Waiting] = defaultdict(_Waiting)
    for number, each in enumerate(listed):
        named[each.key, _bare(each.headline)].add(number)
    places: list[int | None] = []
    at = 0
    for key, own in zip(keys, texts, strict=True):
        waiting = (named.get((key, _bare(line))) for line in _first_paragraphs(own))
        found = (each.take(at) for each in waiting if each)
        place = next((each for each in found if each is not None), None)
        places.append(place)
        at = at if place is None else max(at, place + 1)
    taken = set(places)
    left: dict[Key, deque[int]] = defaultdict(deque)
    for number, each in enumerate(listed):
        if number not in taken:
            left[each.key].append(number)
    return list(_filled(places, [left.get(key, deque()) for key in keys], len(listed)))


def _filled(places: list[int | None], left: list[deque[int]], end: int) -> Iterator[int | None]:
    """The places, and for a text without one the first that is left for it before that of the next text."""
    nexts = [end]
    for place in reversed(places):
        nexts.append(nexts[-1] if place is None else place)
    at = 0
    for place, waiting, before in zip(places, left, reversed(nexts[:-1]), strict=True):
        while waiting and waiting[0] < at:
            waiting.popleft()
        if place is None and waiting and (waiting[0] < before or before < at):
            place = waiting.popleft()
        yield place
        at = at if place is None else max(at, place + 1)


class _Waiting:
    """Articles of the list with one day, page and headline, of which no text was found yet."""

    def __init__(self) -> None:
        self._next: deque[int] = deque()
        self._passed: deque[int] = deque()

    def add(self, place: int) -> None:
        """One more, behind the others."""
        self._next.append(place)

    def take(self, at: int) -> int | None:
        """The first from `at` on, which never gets less; else the first before it."""
        while self._next and self._next[0] < at:
            self._passed.append(self._next.popleft())
        waiting = self._next or self._passed
        return waiting.popleft() if waiting else None


def _first_paragraphs(lines: list[str]) -> Iterator[str]:
    return islice(filter(None, lines), MOST_ABOVE_HEADLINE + 1)


def _bare(text: str) -> str:
    return " ".join(text.split())


def _headline_at(lines: list[str], listed: _Listed) -> int | None:
    """Which of the first paragraphs of a text is its headline; None where none is."""
    bare = _bare(listed.headline)
    return next((at for at, text in enumerate(_first_paragraphs(lines)) if _bare(text) == bare), None)


def _list(lines: list[str]) -> Iterator[_Listed]:
    """The articles of the list: each line with a number of words, and the numbered one above it."""
    headline, line_of_headline = "", 0
    for number, line in enumerate(lines, 1):
        if match := _LISTED.fullmatch(line):
            publication, published, day, year, page, length = match.groups()
            yield _Listed(line_of_headline, headline, publication, published, length, (int(day), year, page.strip()))
        elif match := _NUMBERED.fullmatch(line):
            headline, line_of_headline = match[2], number


def _key(line: str) -> Key:
    match = _BEGINS.fullmatch(line)
    assert match
    return int(match[1]), match[2], match[3].strip()


def _without_text(listed: _Listed) -> Reject:
    what = f"{listed.headline} ({listed.publication}, {listed.published})"
    return Reject(f"line {listed.line}", "is in the list, but has no text; export this article again", what.encode())


def _piece(lines: list[str], listed: _Listed | None, position: str) -> Piece:
    paragraphs = list(filter(None, lines))
    rights = paragraphs.pop() if paragraphs and paragraphs[-1].startswith("©") else ""
    if listed is None:
        raise Unreadable("is not in the list, which names its paper; export this article again")
    at = _headline_at(lines, listed)
    above, body = ([], paragraphs) if at is None else (paragraphs[:at], paragraphs[at + 1 :])
    if not body:
        raise Unreadable("has no text below its headline; export this article again")
    return without_empty_extra(
        {
            "position": position,
            "headline": "" if listed.headline == _UNTITLED else listed.headline,
            "publication": listed.publication,
            "published": listed.published,
            "page": listed.key[2],
            "section": "; ".join(above),
            "body": "\n\n".join(body),
            "extra": {"length": listed.length, "copyright": rights},
        }
    )
