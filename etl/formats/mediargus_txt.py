"""Mediargus (Belgian papers; since 2013 GoPress, now Belga.press) as text: up to 100 articles a file, after a list.

Layout: a list in which each article has its number and headline, a line `De Morgen, woensdag 30 november 2011, p. 23,
853w.` and its first words, with two blank lines behind it; then the texts in the same order, each below a line
`30-11-2011, p.23`, perhaps with the section, and with the headline, the paragraphs and a copyright. Only the list names
the paper, only the texts are whole: they are put together by their order, day, page and headline. What is listed
without a text is rejected. A deck is a paragraph above the text, which nothing tells apart, and stays there; "Artikel
zonder titel" is no headline.

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
from etl.model import Declared, DumpError, Feed, Piece, Reject, Skip

MOST_ABOVE_HEADLINE = 3
"""Paragraphs between the day and the headline of a text: the section, or the regions of an edition."""

MOST_TRIED = 50
"""Articles of one day and page that a text is compared with."""

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
    at = 0
    places = _places(listed)
    for start, end in pairwise([*starts, len(lines)]):
        own = lines[start + 1 : end]
        waiting = places.get(_key(lines[start]), deque())
        while waiting and waiting[0] < at:
            waiting.popleft()
        near = list(islice(waiting, MOST_TRIED))
        place = next((each for each in near if _headline_at(own, listed[each]) is not None), next(iter(near), None))
        if place is not None:
            yield from map(_without_text, listed[at:place])
            at = place + 1
        position, known = f"line {start + 1}", None if place is None else listed[place]
        yield guarded(partial(_piece, own, known, position), position, "\n".join(own).encode("utf-8", "replace"))
    yield from map(_without_text, listed[at:])


def _places(listed: list[_Listed]) -> dict[Key, deque[int]]:
    """Where in the list the articles of a day and page are."""
    places: dict[Key, deque[int]] = defaultdict(deque)
    for place, each in enumerate(listed):
        places[each.key].append(place)
    return places


def _headline_at(lines: list[str], listed: _Listed) -> int | None:
    """Which of the first paragraphs of a text is its headline; None where none is."""
    paragraphs = islice(filter(None, lines), MOST_ABOVE_HEADLINE + 1)
    bare = " ".join(listed.headline.split())
    return next((at for at, text in enumerate(paragraphs) if " ".join(text.split()) == bare), None)


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
