"""A clipping service's collection (knipselkrant) of Dutch papers as PDF: many articles a file, after a list of them.

Layout seen in a collection made for a Dutch ministry in 2013: `Index` with a line for each article, dots and its page;
then for each its headline, a line `Trouw 21-06-2013 (p.005)` with the paper, its day and perhaps its page (in a
collection without any, `Trouw 21-06-2013`), the paragraphs, and a copyright (`© Trouw 2013 alle rechten voorbehouden`).
An author stands in the text, if anywhere, and stays there. The list states how many articles there are.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import pairwise
from typing import BinaryIO

from etl.formats.common.encoding import decode_head, unify_newlines
from etl.formats.common.markup import read_whole
from etl.formats.common.pieces import Unreadable, guarded, without_empty_extra
from etl.formats.common.whole_text import read_text
from etl.model import Declared, DumpError, Feed, Piece, Skip

MOST_OF_HEADLINE = 3
"""Lines, where a copyright stands before them."""

_SOURCE = re.compile(r"(\S.{0,98}) (\d{1,2}([-/.])\d{1,2}\3\d{4})(?: \(p\.([^()]{0,20})\))?")
_LISTED = re.compile(r".{1,300}\(([^()]{1,100})\)\.{4,}(?: \.+)? ?\d{1,4}")
_RIGHTS = re.compile(r"© (.{1,100}) \d{4} alle rechten voorbehouden")
_DAY = re.compile(rb"^([^\n]{2,100}) \d{1,2}[-/.]\d{1,2}[-/.]\d{4}( \(p\.[^()\n]{0,20}\))?[ \t]*$", re.MULTILINE)
_RESERVED = re.compile("^© ?([^\n]{0,100}?) ?(?:[0-9]{4}[^\n]{0,20})?voorbehouden".encode(), re.MULTILINE)
_IN_LIST = re.compile(rb"\(([^()\n]{1,100})\)\.{4}")


def recognise(head: bytes, name: str) -> float:
    """By a line that names paper, day and page, and one that lists an article, with dots before its page; or by one
    that names paper and day, and a copyright."""
    lines = [line.strip() for line in unify_newlines(decode_head(head)).split("\n")]
    is_listed = any(map(_LISTED.fullmatch, lines)) and any("(p." in line for line in lines)
    return 0.9 if _sources(lines) and (is_listed or any(map(_RIGHTS.fullmatch, lines))) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The copyrights below the first day, or, where more stand above one, the days with a page at the end of a line.

    Where none has a page, those count that follow a paper which the list or a copyright names; above a copyright only
    down to that of its own paper.
    """
    data = read_whole(stream)
    days = list(_DAY.finditer(data))
    rights = [match for match in _RESERVED.finditer(data) if days and match.start() > days[0].start()]
    has_pages = any(day[2] for day in days)
    known = {*(match[1] for match in rights), *_IN_LIST.findall(data)}
    heads = [day for day in days if (day[2] if has_pages else day[1] in known)]
    total = 0
    above: list[bytes] = []
    for match in sorted([*heads, *rights], key=re.Match.start):
        if match.re is _DAY:
            above.append(match[1])
            continue
        others = len(above) - 1 if has_pages else above.index(match[1]) if match[1] in above else 0
        total += 1 + max(0, others)
        above.clear()
    last = rights[-1].end() if rights else 0
    return total + max(len(above), any(day[1] in known for day in days if day.start() > last))


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each article, a Reject for one without a text or a headline, and the total that the list states.

    Raises DumpError where no line names a paper, a day and a page, or it is not text.
    """
    text, doubts = read_text(stream, feed.encoding)
    lines = [line.strip() for line in text.split("\n")]
    sources = _sources(lines)
    if not sources:
        raise DumpError(
            "holds no line such as `Trouw 21-06-2013 (p.005)`; expected one below each headline; ask for the "
            "collection again, with the texts"
        )
    yield from doubts
    listed = sum(1 for line in lines[: sources[0]] if _LISTED.fullmatch(line))
    if listed:
        yield Declared(listed)
    starts = [_headline_at(lines, last, source) for last, source in pairwise([-1, *sources])]
    if cover := "\n".join(filter(None, lines[: starts[0]])):
        yield Skip("line 1", "cover page", cover)
    for (start, end), source in zip(pairwise([*starts, len(lines)]), sources, strict=True):
        position, own = f"line {start + 1}", lines[start:end]
        yield guarded(
            partial(_piece, own, source - start, position), position, "\n".join(own).encode("utf-8", "replace")
        )


def _sources(lines: list[str]) -> list[int]:
    """Where a paper and its day are named below a headline: by the page that stands there, by what stands above the
    headline, or, where none has a page, by the paper."""
    found = {at: match for at, line in enumerate(lines) if (match := _SOURCE.fullmatch(line))}
    has_pages = any(match[4] is not None for match in found.values())
    rights = {at: match[1] for at, line in enumerate(lines) if (match := _RIGHTS.fullmatch(line))}
    listed = {match[1] for match in map(_LISTED.fullmatch, lines) if match}
    known = set() if has_pages else {*rights.values(), *listed}
    next_rights = _next_rights(rights, found)
    sources: list[int] = []
    for at, (paper, page) in ((at, match.group(1, 4)) for at, match in found.items()):
        last = sources[-1] if sources else -1
        before = found[last][1] if sources else ""
        is_another = paper in known and next_rights[at] in (None, paper) and not paper == before == next_rights[at]
        if page is not None or is_another or _is_below_headline(lines, last, at):
            sources.append(at)
    return sources


def _next_rights(rights: dict[int, str], places: Iterable[int]) -> dict[int, str | None]:
    """Of which paper the next copyright below each place is."""
    ends = [*rights]
    papers = [*rights.values(), None]
    return {place: papers[bisect(ends, place)] for place in places}


def _is_below_headline(lines: list[str], last: int, source: int) -> bool:
    """Whether a headline alone is between a source and a copyright or the list, below the last source."""
    start = _headline_at(lines, last, source)
    before = next((at for at in range(start - 1, last, -1) if lines[at]), None)
    return start < source and before is not None and _is_end(lines[before])


def _headline_at(lines: list[str], last: int, source: int) -> int:
    """Where the headline above a source begins: after a copyright or the list, or else it is one line; at the source
    itself where it has none."""
    above = [at for at in range(max(last + 1, source - 3 * MOST_OF_HEADLINE), source) if lines[at]]
    for count in range(min(MOST_OF_HEADLINE, len(above) - 1) + 1):
        if count < len(above) and _is_end(lines[above[-count - 1]]):
            return above[-count] if count else source
    return above[-1] if above else source


def _is_end(line: str) -> bool:
    """Whether a line ends what stands above a headline: an article, or the list."""
    return _RIGHTS.fullmatch(line) is not None or _LISTED.fullmatch(line) is not None


def _piece(lines: list[str], source: int, position: str) -> Piece:
    match = _SOURCE.fullmatch(lines[source])
    headline = " ".join(filter(None, lines[:source]))
    body = [line for line in lines[source + 1 :] if line]
    rights = body.pop() if body and _RIGHTS.fullmatch(body[-1]) else ""
    if match is None or not headline or not body:
        raise Unreadable(
            f"found {' | '.join(filter(None, lines))[:80]!r}; expected a headline above it and a text below it; ask "
            "for this article again"
        )
    publication, published, _, page = match.groups()
    return without_empty_extra(
        {
            "position": position,
            "headline": headline,
            "publication": publication,
            "published": published,
            "page": (page or "").strip(),
            "body": "\n\n".join(body),
            "extra": {"copyright": rights},
        }
    )
