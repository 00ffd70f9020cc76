"""Mediargus (Belgian papers; since 2013 GoPress, now Belga.press) as text: up to 100 articles a file, after a list.

Layout: a list in which each article has its number and headline, a line `De Morgen, woensdag 30 november 2011, p. 23,
853w.` and its first words, with two blank lines behind it; then the texts in the same order, each below a line
`30-11-2011, p.23`, perhaps with the section, and with the headline, the paragraphs and a copyright. Only the list names
the paper, only the texts are whole: they are put together by their order, day, page and headline, and where papers
share these, by their first words and length; texts in another order, and with another headline than listed, are told.
What is listed without a text is rejected. A text of fewer words than listed, without a copyright, is partial. A deck is
a paragraph above the text, which nothing tells apart, and stays there; "Artikel zonder titel" is no headline.

Written from a public test file of AmCAT with a hundred articles of 2011, and its reader. What GoPress and Belga.press
export since then was not seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import BinaryIO

from etl.formats.common.encoding import decode_head, unify_newlines
from etl.formats.common.markup import read_whole
from etl.formats.common.pieces import Unreadable, guarded, without_empty_extra
from etl.formats.common.utf8_stream import utf8
from etl.formats.common.whole_text import read_text
from etl.formats.vendor.mediargus import Key, Listed, bare, headline_at, length_of, places_of
from etl.model import Declared, Doubt, DumpError, Feed, Piece, Reject, Skip

_NUMBERED = re.compile(r"\W?(\d{1,5})\. (\S.*)")
_LISTED = re.compile(r"(\S.{0,98}), (\w{4,12} (\d{1,2}) \w{3,12} (\d{4})), p\. ?([^,]{1,20}), (\d{1,6}w)\.")
_BEGINS = re.compile(r"(\d{2})-\d{2}-(\d{4}), p\. ?(\S.{0,20})")
_DOTS = re.compile(r"\W*(?:\.\.\.|…)$")
_UNTITLED = "Artikel zonder titel"
_MARKS = (
    re.compile(rb"^[^\n]{1,100}, [^\n,]{8,40}, p\.[^\n]{1,24}, \d{1,6}w\.[ \t]*$", re.MULTILINE),
    re.compile(rb"^\d\d-\d\d-\d{4}, p\.[^\n]{1,24}$", re.MULTILINE),
)


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
    places = places_of(listed, [_key(lines[start]) for start in starts], texts)
    taken = set(places)
    without = [place for place in range(len(listed)) if place not in taken]
    may_be_there = set(without[: places.count(None)])  # its text may be one of those that have no place
    missing = {place: _without_text(listed[place], place in may_be_there) for place in without}
    by_rights = 2 * sum(map(_has_rights, texts)) > len(texts)
    at = late = others = cut = 0
    for start, own, place in zip(starts, texts, places, strict=True):
        known = None if place is None else listed[place]
        if place is not None:
            yield from (missing[each] for each in range(at, place) if each in missing)
            late += place < at
            at = max(at, place + 1)
        others += known is not None and known.headline != _UNTITLED and headline_at(own, known) is None
        is_cut = known is not None and _is_cut(own, known, by_rights)
        cut += is_cut
        position = f"line {start + 1}"
        make = partial(_piece, own, known, position, is_cut)
        yield guarded(make, position, "\n".join(own).encode("utf-8", "replace"))
    yield from (missing[each] for each in range(at, len(listed)) if each in missing)
    yield from _doubts(late, others, cut)


def _doubts(late: int, others: int, cut: int) -> Iterator[Doubt]:
    if late:
        yield Doubt(
            f"{late:,} of its texts are in another order than its list, and found there by day, page and headline; "
            "where two papers have the same, look whether each has its own text"
        )
    if others:
        yield Doubt(
            f"{others:,} of its texts have another headline than in its list, and are found there by day and page; "
            "that of the list is kept, and theirs is the first paragraph: look whether each has its own paper"
        )
    if cut:
        yield Doubt(
            f"{cut:,} of its texts have fewer words than its list says, and no copyright below them: they are partial; "
            "export these again"
        )


def _has_rights(lines: list[str]) -> bool:
    return next(filter(None, reversed(lines)), "").startswith("©")


def _is_cut(lines: list[str], listed: Listed, by_rights: bool) -> bool:
    """Whether a text without a copyright breaks off: it has fewer words than the list says; where others have none,
    either, less than half of them."""
    least = int(listed.length[:-1]) * (1 if by_rights else 0.5)
    return not _has_rights(lines) and length_of(listed, lines) < least


def _list(lines: list[str]) -> Iterator[Listed]:
    """The articles of the list: each line with a number of words, the numbered one above it, and the words below."""
    headline, line_of_headline = "", 0
    for number, line in enumerate(lines, 1):
        if match := _LISTED.fullmatch(line):
            publication, published, day, year, page, length = match.groups()
            below = next(filter(None, lines[number : number + 4]), "")
            begins = "" if _NUMBERED.fullmatch(below) else _DOTS.sub("", bare(below))
            key = (int(day), year, page.strip())
            yield Listed(line_of_headline, headline, publication, published, length, key, begins)
        elif match := _NUMBERED.fullmatch(line):
            headline, line_of_headline = match[2], number


def _key(line: str) -> Key:
    match = _BEGINS.fullmatch(line)
    assert match
    return int(match[1]), match[2], match[3].strip()


def _without_text(listed: Listed, may_be_there: bool) -> Piece:
    """A Reject; a Skip where the text may be one of those that are rejected themselves."""
    position = f"line {listed.line}"
    if may_be_there:
        return Skip(position, "listed article without a text", listed.headline)
    what = f"{listed.headline} ({listed.publication}, {listed.published})"
    return Reject(position, "is in the list, but has no text; export this article again", what.encode())


def _piece(lines: list[str], listed: Listed | None, position: str, is_cut: bool) -> Piece:
    paragraphs = list(filter(None, lines))
    rights = paragraphs.pop() if paragraphs and paragraphs[-1].startswith("©") else ""
    if listed is None:
        raise Unreadable(
            "is not in the list, which names its paper, or in that of several papers alike; export this article again"
        )
    at = headline_at(lines, listed)
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
            "is_partial": is_cut,
            "body": "\n\n".join(body),
            "extra": {"length": listed.length, "copyright": rights},
        }
    )
