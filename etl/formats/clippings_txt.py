"""A clipping service's collection (knipselkrant) of Dutch papers as PDF: many articles a file, after a list of them.

Layout seen in a collection made for a Dutch ministry in 2013: `Index` with a line for each article, dots and its page;
then for each its headline, a line `Trouw 21-06-2013 (p.005)` with the paper, its day and perhaps its page (in a
collection without any, `Trouw 21-06-2013`), the paragraphs, and a copyright (`© Trouw 2013 alle rechten voorbehouden`).
An author stands in the text, if anywhere, and stays there. The list states how many articles there are.
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
from etl.formats.common.whole_text import read_text
from etl.model import Declared, DumpError, Feed, Piece, Skip

MOST_OF_HEADLINE = 3
"""Lines, where a copyright stands before them."""

_SOURCE = re.compile(r"(\S.{0,98}) (\d{1,2}([-/.])\d{1,2}\3\d{4})(?: \(p\.([^()]{0,20})\))?")
_LISTED = re.compile(r".{1,300}\([^()]{1,100}\)\.{4,}(?: \.+)? ?\d{1,4}")
_RIGHTS = re.compile(r"© .{1,100} \d{4} alle rechten voorbehouden")
_MARK = re.compile(rb"\(p\.[^()\n]{0,20}\)[ \t]*$", re.MULTILINE)
_DATED = re.compile(rb"^[^\n]{2,100} \d{1,2}[-/.]\d{1,2}[-/.]\d{4}[ \t]*$", re.MULTILINE)
_RESERVED = re.compile("^©[^\n]{1,120}voorbehouden".encode(), re.MULTILINE)


def recognise(head: bytes, name: str) -> float:
    """By a line that names paper, day and page, and one that lists an article, with dots before its page; or by one
    that names paper and day, and a copyright."""
    lines = [line.strip() for line in unify_newlines(decode_head(head)).split("\n")]
    is_listed = any(map(_LISTED.fullmatch, lines)) and any("(p." in line for line in lines)
    return 0.9 if _sources(lines) and (is_listed or any(map(_RIGHTS.fullmatch, lines))) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The pages at the end of a line, or the days where there are none; between two of them the copyrights, if more."""
    data = read_whole(stream)
    _, *marked = (_MARK if _MARK.search(data) else _DATED).split(data)
    return sum(max(1, len(_RESERVED.findall(part))) for part in marked)


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
    starts = [_headline_at(lines, source) for source in sources]
    if cover := "\n".join(filter(None, lines[: starts[0]])):
        yield Skip("line 1", "cover page", cover)
    for (start, end), source in zip(pairwise([*starts, len(lines)]), sources, strict=True):
        position, own = f"line {start + 1}", lines[start:end]
        yield guarded(
            partial(_piece, own, source - start, position), position, "\n".join(own).encode("utf-8", "replace")
        )


def _sources(lines: list[str]) -> list[int]:
    """Where a paper and its day are named: where any line has a page, too, those that have one."""
    found = {at: match for at, line in enumerate(lines) if (match := _SOURCE.fullmatch(line))}
    return [at for at, match in found.items() if match[4] is not None] or list(found)


def _headline_at(lines: list[str], source: int) -> int:
    """Where the headline above a source begins: after a copyright or the list, or else it is one line."""
    above = [at for at in range(max(0, source - 3 * MOST_OF_HEADLINE), source) if lines[at]]
    for count in range(1, min(MOST_OF_HEADLINE, len(above) - 1) + 1):
        before = lines[above[-count - 1]]
        if _RIGHTS.fullmatch(before) or _LISTED.fullmatch(before):
            return above[-count]
    return above[-1] if above else source


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
