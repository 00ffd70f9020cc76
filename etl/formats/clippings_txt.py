"""A clipping service's collection (knipselkrant) of Dutch papers as PDF: many articles a file, after a list of them.

Layout seen in a collection made for a Dutch ministry in 2013: `Index` with a line for each article, dots and its page;
then for each its headline, a line `Trouw 21-06-2013 (p.005)` with the paper, its day and perhaps its page (in a
collection without any, `Trouw 21-06-2013`), the paragraphs, and a copyright (`© Trouw 2013 alle rechten voorbehouden`).
An author stands in the text, if anywhere, and stays there. The list states how many articles there are, and where a
headline of several lines begins that no copyright stands above.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from functools import partial
from itertools import pairwise
from typing import BinaryIO

from etl.formats.common.encoding import decode_head, unify_newlines
from etl.formats.common.markup import read_whole
from etl.formats.common.pieces import Unreadable, guarded, without_empty_extra
from etl.formats.common.utf8_stream import utf8
from etl.formats.common.whole_text import read_text
from etl.model import Declared, DumpError, Feed, Piece, Skip

MOST_OF_HEADLINE = 3
"""Lines, where a copyright stands before them."""

_SOURCE = re.compile(r"(\S.{0,98}) (\d{1,2}([-/.])\d{1,2}\3\d{4})(?: \(p\.([^()]{0,20})\))?")
_LISTED = re.compile(r"(?P<entry>.{1,300}\((?P<paper>[^()]{1,100})\))\.{4,}(?: \.+)? ?\d{1,4}")
_RIGHTS = re.compile(r"© (.{1,100}) \d{4} alle rechten voorbehouden")
_DAY = re.compile(rb"^([^\n]{2,100}) \d{1,2}[-/.]\d{1,2}[-/.]\d{4}( \(p\.[^()\n]{0,20}\))?[ \t]*$", re.MULTILINE)
_RESERVED = re.compile("^© ?([^\n]{0,100}?) ?(?:[0-9]{4}[^\n]{0,20})?voorbehouden".encode(), re.MULTILINE)
_IN_LIST = re.compile(rb"(?:(\S{1,99})\s)?\(([^()\n]{1,100})\)\.{4}")


def recognise(head: bytes, name: str) -> float:
    """By a line that names paper, day and page, and one that lists an article, with dots before its page; or by one
    that names paper and day, and a copyright."""
    lines = [line.strip() for line in unify_newlines(decode_head(head)).split("\n")]
    is_listed = any(map(_LISTED.fullmatch, lines)) and any("(p." in line for line in lines)
    return 0.9 if _sources(lines) and (is_listed or any(map(_RIGHTS.fullmatch, lines))) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The copyrights below the first day, or, where more stand above one, the days with a page at the end of a line, or
    below a headline: directly after a copyright or the list, or one whose last word the list has before the paper, and
    more often than it stands above those.

    Where none has a page, those count that follow a paper which the list or a copyright names; above a copyright only
    down to that of its own paper.
    """
    data = read_whole(utf8(stream, feed.encoding))
    days = list(_DAY.finditer(data))
    rights = [match for match in _RESERVED.finditer(data) if days and match.start() > days[0].start()]
    has_pages = any(day[2] for day in days)
    listed = Counter(_IN_LIST.findall(data))
    known = {*(match[1] for match in rights), *(paper for _, paper in listed)}
    marks = sorted([*days, *rights], key=re.Match.start)
    ends = sorted([*marks, *_IN_LIST.finditer(data)], key=re.Match.start)
    pairs = zip([None, *ends], ends, strict=False)
    sure = {day for end, day in pairs if day.re is _DAY and (day[2] or _is_below(data, end, day))}
    unread = listed - Counter(_entry(data, day) for day in sure)
    total = end = 0
    above: list[tuple[bytes, bool]] = []
    for match in marks:
        paper = match[1]
        if match.re is _DAY:
            is_sure = match in sure or _entry(data, match) in unread
            if is_sure or (paper in known and not has_pages):
                above.append((paper, is_sure))
            continue
        papers = [each for each, _ in above]
        others = papers.index(paper) if paper in papers and not has_pages else 0
        total += 1 + max(others, sum(is_sure for _, is_sure in above[1:]))
        end = match.end()
        above.clear()
    return total + max(len(above), any(day[1] in known for day in days if day.start() > end))


def _entry(data: bytes, day: re.Match[bytes]) -> tuple[bytes | None, bytes]:
    """What a line of the list has of an article: the last word of the line above its day, and its paper."""
    *_, line = data[max(0, day.start() - 400) : day.start()].rstrip().split(b"\n")
    return b"".join(line.split()[-1:]) or None, day[1]


def _is_below(data: bytes, end: re.Match[bytes] | None, day: re.Match[bytes]) -> bool:
    """Whether three lines at most stand between a copyright, or the list, and a day: a headline."""
    if end is None or end.re is _DAY or day.start() - end.end() >= 2_000:
        return False
    _, *lines = data[end.end() : day.start()].split(b"\n")
    return 1 <= sum(bool(line.strip()) for line in lines) <= 3


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
    if stated := sum(1 for line in lines[: sources[0]] if _LISTED.fullmatch(line)):
        yield Declared(stated)
    listed = _listed(lines)
    starts = [_headline_at(lines, last, source, listed) for last, source in pairwise([-1, *sources])]
    if cover := "\n".join(filter(None, lines[: starts[0]])):
        yield Skip("line 1", "cover page", cover)
    for (start, end), source in zip(pairwise([*starts, len(lines)]), sources, strict=True):
        position, own = f"line {start + 1}", lines[start:end]
        yield guarded(
            partial(_piece, own, source - start, position), position, "\n".join(own).encode("utf-8", "replace")
        )


def _sources(lines: list[str]) -> list[int]:
    """Where a paper and its day are named below a headline: by the page that stands there, by what stands above the
    headline, by the list, or, where none has a page, by the paper.

    A line of the list is for one article: what it has of one with a page, or directly below a copyright, is no other
    where it stands in a text, which refers to that article. Where neither shows which of two it is, both count, and
    the total that the list states tells of it.
    """
    found = {at: match for at, line in enumerate(lines) if (match := _SOURCE.fullmatch(line))}
    has_pages = any(match[4] is not None for match in found.values())
    rights = {at: match[1] for at, line in enumerate(lines) if (match := _RIGHTS.fullmatch(line))}
    papers = {match["paper"] for match in map(_LISTED.fullmatch, lines) if match}
    known = set() if has_pages else {*rights.values(), *papers}
    listed = _listed(lines)
    starts = {at: _headline_at(lines, last, at, listed) for last, at in pairwise([-1, *found])}
    sure = {at for at, start in starts.items() if found[at][4] is not None or _is_alone(lines, start, at)}
    listed -= Counter(entry for at in sure for entry in _entries(lines, starts[at], at))
    next_rights = _next_rights(rights, found)
    sources: list[int] = []
    for at, paper in ((at, match[1]) for at, match in found.items()):
        last = sources[-1] if sources else -1
        before = found[last][1] if sources else ""
        is_another = paper in known and next_rights[at] in (None, paper) and not paper == before == next_rights[at]
        start = _headline_at(lines, last, at, listed)
        if at in sure or is_another or _is_alone(lines, start, at) or _is_listed(lines, start, at, listed):
            sources.append(at)
    return sources


def _next_rights(rights: dict[int, str], places: Iterable[int]) -> dict[int, str | None]:
    """Of which paper the next copyright below each place is."""
    ends = [*rights]
    papers = [*rights.values(), None]
    return {place: papers[bisect(ends, place)] for place in places}


def _listed(lines: list[str]) -> Counter[str]:
    """Headlines with their papers, as often as listed; where one may begin on a line above, with that, too."""
    found: Counter[str] = Counter()
    above: list[str] = []
    for line in lines:
        if match := _LISTED.fullmatch(line):
            entry = [*above, match["entry"]]
            found.update(_squeezed(entry[at:]) for at in range(len(entry)))
            above = []
        elif line:
            above = [*above, line][-2:]
    return found


def _squeezed(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())


def _is_alone(lines: list[str], start: int, source: int) -> bool:
    """Whether only a headline stands between a source and a copyright or the list."""
    before = next((lines[at] for at in range(start - 1, -1, -1) if lines[at]), "")
    return start < source and _is_end(before)


def _is_listed(lines: list[str], start: int, source: int, listed: Container[str]) -> bool:
    """Whether the list has what stands between a line and a source as a headline of its paper."""
    whole = _entries(lines, start, source)[:1]
    return bool(whole) and whole[0] in listed


def _entries(lines: list[str], start: int, source: int) -> list[str]:
    """How the list may have what stands between a line and a source: all of it, or from a later line on."""
    match = _SOURCE.fullmatch(lines[source])
    return [f"{_squeezed(lines[at:source])} ({match[1]})" for at in range(start, source) if match and lines[at]]


def _headline_at(lines: list[str], last: int, source: int, listed: Container[str]) -> int:
    """Where the headline above a source begins: after a copyright or the list, or where the longest begins that is
    listed, or else it is one line; at the source itself where it has none."""
    above = [at for at in range(max(last + 1, source - 3 * MOST_OF_HEADLINE), source) if lines[at]]
    for count in range(min(MOST_OF_HEADLINE, len(above) - 1) + 1):
        if count < len(above) and _is_end(lines[above[-count - 1]]):
            return above[-count] if count else source
    return next((at for at in above if _is_listed(lines, at, source, listed)), above[-1] if above else source)


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
