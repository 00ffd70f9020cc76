"""Retriever: which lines of an export are an article, also where the line of equals signs between two is lost."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import pairwise

MOST_OF_HEAD = 10
"""Lines of an article, in which its paper and day must stand."""

DAY = r"\d{4}-\d{2}-\d{2}|\d{2}\.\d{2}\.\d{4}"
SOURCE = re.compile(rf"(?!> )(\S.{{0,150}}), ((?:{DAY})(?: \d{{2}}:\d{{2}}(?::\d{{2}})?)?)")
HYPHENS = re.compile(r"-{60,100}")
_MEDIA = ("Publicerat ", "Publisert ", "Sänt ")


def parts_of(stretch: range, lines: list[str], known: Collection[str]) -> Iterator[range]:
    """A stretch between two lines of equals signs; where such a line is lost, cut at the articles that the list has."""
    starts = (_start_of(at, lines, known) for at in heads_in(stretch, lines)[1:])
    cuts = [stretch.start, *(start for start in starts if start is not None), stretch.stop]
    for start, end in pairwise(cuts):
        while start < end < stretch.stop and not lines[end - 1].strip("= \t"):  # blank, or a line that is too short
            end -= 1
        yield filled(start, end, lines)


def heads_in(part: range, lines: list[str]) -> list[int]:
    """Where a paper with its day stands, soon followed by where it was published."""
    heads: list[int] = []
    behind = part.start
    for at in part:
        if at >= behind and SOURCE.fullmatch(lines[at].rstrip()):
            near = range(at + 1, min(at + 6, part.stop))
            medium = next((place for place in near if lines[place].startswith(_MEDIA)), None)
            if medium is not None:
                heads.append(max(place for place in range(at, medium) if SOURCE.fullmatch(lines[place].rstrip())))
                behind = medium + 1
    return heads


def _start_of(source: int, lines: list[str], known: Collection[str]) -> int | None:
    """Where the headline above a paper begins; None where the list has no such article."""
    title = ""
    for at in range(source - 1, max(source - MOST_OF_HEAD, -1), -1):
        line = lines[at].strip()
        title = title if HYPHENS.fullmatch(line) else f"{line} {title}".strip()
        if not line or " ".join(f"{title}, {lines[source]}".split()) in known:
            return at if line else None
    return None


def filled(start: int, end: int, lines: list[str]) -> range:
    """The lines from the first that is not blank."""
    return range(next((at for at in range(start, end) if lines[at].strip()), end), end)
