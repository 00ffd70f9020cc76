"""Whether an export ends where it should: by the numbers of its documents, by what stands below the last text, and by
the last tag of its page.

A document states its number and the total of the export ("3 of 100"). A file may rightly be one part of several, so
numbers that end before the total are a doubt and no fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from itertools import pairwise
from typing import TypeVar

from etl import words
from etl.model import Declared, Doubt, Piece

Document = TypeVar("Document")

Number = tuple[int, int]
"""Which document of how many."""

MOST_NAMED = 3

_PAGE = re.compile(r"<(/?)html\b|>\s{0,9}html&gt;", re.IGNORECASE)
"""Or what some mails of ProQuest have of the first tag of a text."""
_DIVISION = re.compile(r"<(/?)div\b", re.IGNORECASE)
_PARAGRAPH = re.compile(r"<(/?)p\b", re.IGNORECASE)


def runs(numbers: Sequence[Number]) -> list[Sequence[Number]]:
    """The numbers of each export, where several may have been joined in a file."""
    if not numbers:
        return []
    starts = [at for at, (a, b) in enumerate(pairwise(numbers), 1) if b[0] <= a[0] or b[1] != a[1]]
    return [numbers[start:end] for start, end in pairwise([0, *starts, len(numbers)])]


def stated(exports: Sequence[Sequence[Number]]) -> Iterator[Piece]:
    """How many documents the numbers state, from the first to the last of each export; and what they leave open."""
    if exports:
        yield Declared(sum(export[-1][0] - export[0][0] + 1 for export in exports))
        yield from doubts(exports)


def doubts(exports: Sequence[Sequence[Number]]) -> Iterator[Doubt]:
    """A doubt that names the numbers that end before their total, and where the rest may be."""
    if open_ends := _open_ends(exports):
        named = words.first_few([f"{number:,} of {total:,}" for number, total in open_ends], MOST_NAMED)
        missing = sum(total - number for number, total in open_ends)
        yield Doubt(
            f"the numbers of its documents end with {named}: {words.counted(missing, 'more document')} should be in "
            "another file; if there is none, this one was cut off: export or send it again"
        )


def is_short(exports: Sequence[Sequence[Number]]) -> bool:
    """Whether the last number of a file is below its total."""
    return bool(exports) and exports[-1][-1] in _open_ends(exports)


def _open_ends(exports: Sequence[Sequence[Number]]) -> list[Number]:
    """The last numbers of exports below their totals, but for those that another export of the file goes on from."""
    begun = {export[0] for export in exports}
    ends = (export[-1] for export in exports)
    return [(number, total) for number, total in ends if number < total and (number + 1, total) not in begun]


def lacks_end(documents: Sequence[Document], fields_below: Callable[[Document], Set[str]]) -> bool:
    """Whether the last document has no field below its text, though all others have the same one there, or are none."""
    *others, last = documents
    if fields_below(last):
        return False
    return not others or bool(set.intersection(*(set(fields_below(each)) for each in others)))


def ends_within_sentence(text: str) -> bool:
    """Whether a text ends with a letter, a number or a comma."""
    end = text.rstrip()[-1:]
    return end.isalnum() or end == ","


def with_open_end(pieces: Iterable[Piece], is_sure: bool, why: str = "no fields stand below it") -> Iterator[Piece]:
    """The pieces of an export whose last text may be cut off, and a doubt that says `why`; that text is partial where
    it `is_sure`."""
    last: Piece | None = None
    for last in _partial_last(pieces, is_sure):
        yield last
    if isinstance(last, dict):
        found = "breaks off" if is_sure else "may break off"
        yield Doubt(
            f"the last text {found}: {why}; look at its end, and export or send the file again if it is not whole"
        )


def partial_where_cut(pieces: Iterable[Piece], page: str, last_start: int) -> Iterator[Piece]:
    """The pieces of a page; the last one, whose markup begins at `last_start`, is partial where both break off. A part
    of a page, which has no tag of its own, breaks off where a division of its last article does."""
    markup = page[last_start:]
    breaks_off = _article_breaks_off(markup)
    if breaks_off and not _PAGE.search(page) and _count(_DIVISION, markup) > 0:
        yield from with_open_end(pieces, is_sure=True, why="the page ends within a paragraph of it")
    else:
        yield from _partial_last(pieces, breaks_off and page_breaks_off(page))


def _partial_last(pieces: Iterable[Piece], is_cut: bool) -> Iterator[Piece]:
    for piece, is_last in _marked_last(pieces):
        yield {**piece, "is_partial": True} if is_last and is_cut and isinstance(piece, dict) else piece


def _marked_last(pieces: Iterable[Piece]) -> Iterator[tuple[Piece, bool]]:
    """Each piece, and whether it is the last."""
    held: list[Piece] = []
    for piece in pieces:
        yield from ((one, False) for one in held)
        held = [piece]
    yield from ((one, True) for one in held)


def page_breaks_off(page: str) -> bool:
    """Whether a page lacks its last tag, though it has its first one."""
    return _count(_PAGE, page) > 0


def doubts_of_page(page: str) -> Iterator[Doubt]:
    """A doubt for a page that breaks off."""
    if page_breaks_off(page):
        yield Doubt("the page does not end with </html>, so its last articles may be missing; save or send it again")


def _article_breaks_off(markup: str) -> bool:
    """Whether the last article of a page that breaks off does so itself: in a paragraph, a word or a tag."""
    return _count(_PARAGRAPH, markup) > 0 or bool(markup.rpartition(">")[2].strip())


def _count(tag: re.Pattern[str], markup: str) -> int:
    """How many more tags open than close."""
    return sum(-1 if match[1] else 1 for match in tag.finditer(markup))
