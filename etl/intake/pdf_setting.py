"""How the pages of a PDF file are set: their columns, and how far their lines are apart. Found by votes."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median_low
from typing import NamedTuple

from etl.intake.pdf_lines import Line, Page

FEWEST_LINES = 8
"""Of a page that tell how it is set; where it has fewer, those of all pages do."""
RECURS = 3
"""So many lines of one page begin at the left of a column. A paper's name, centred, recurs on many pages alone."""

SHORT = 0.75
"""Of the width of a column: where no line is longer, none shows where it ends."""
LOOSE = 1.5
"""Of the size of the letters: where most lines are further apart, each is a paragraph, and none shows a margin."""
ENDS_NEAR = 0.25
"""The share of a column's lines that end near its margin, where the margin shows. In lists and short texts it does not:
there it is where the longest line ends."""

Rights = dict[tuple[int, int], list[float]]


class Setting(NamedTuple):
    """Where the columns of a page begin and end, how far its lines are apart, how wide it is, and the size of most."""

    lefts: Sequence[float]
    rights: dict[tuple[int, int], float]
    pitch: float
    width: float
    size: float

    def is_full(self, line: Line, following: Line) -> bool:
        """Whether the first word of the next line had no room in this one."""
        column, size = _column(self.lefts, line)
        size = round(self.size) if self.is_heading(line) else size  # a heading ends where the text below it does
        right = self.rights.get((column, size), line.right)
        return line.has_hyphen or line.right + following.first_word + line.size / 4 > right

    def is_heading(self, line: Line) -> bool:
        """Whether a line is of larger letters than the text."""
        return line.size > 1.1 * self.size

    def is_centred(self, line: Line) -> bool:
        """Whether a line stands in the middle of the page, and not at the left of a column."""
        off = abs((line.left + line.right) / 2 - self.width / 2)
        off_column = min(abs(line.left - left) for left in self.lefts)
        if line.left < self.lefts[0] + 2 * line.size:  # as wide as the text: a long heading, or a line of the text
            return line.size > 1.2 * self.size and off < line.size / 4 and off_column >= 1
        return off < line.size and off_column >= 2

    def has_gap(self, line: Line, following: Line) -> bool:
        """Whether more room is between two lines than between those of a paragraph."""
        gap = line.bottom - following.bottom
        of_its_size = 1.2 * line.size
        pitch = max(self.pitch, of_its_size) if self.is_heading(line) and is_like(line, following) else self.pitch
        return gap < 0 or gap > 1.3 * (pitch or of_its_size)


class Votes:
    """What some pages of a file show of the setting of all."""

    def __init__(self, pages: Iterable[Page]) -> None:
        lefts: set[int] = set()
        kept = list(pages)
        for page in kept:
            on_page = Counter(round(line.left) for line in page.lines if not _is_in_the_middle(line, page))
            lefts.update(left for left, number in on_page.items() if number >= RECURS)
        first = min((round(line.left) for page in kept for line in page.lines), default=0)
        sizes = Counter(round(line.size, 1) for page in kept for line in page.lines)
        self.size = max(sizes, key=sizes.__getitem__, default=0.0)
        self.lefts = _apart(sorted(lefts or {first}))
        width = max((page.width for page in kept), default=0.0)
        found: Rights = defaultdict(list)
        for page in kept:
            _add_rights(found, self.lefts, page)
        steps = [gap for page in kept for gap in _steps(page)]
        self._is_loose = bool(steps) and median_low(steps) > LOOSE * self.size
        self.rights = {
            column: _margin(rights) if self._shows_margin(column, rights) else self._longest(column[0], rights, width)
            for column, rights in found.items()
        }
        plain = Setting(self.lefts, self.rights, 0, width, self.size)
        gaps = [gap for page in kept for gap in _gaps(page, plain)]
        if len(gaps) < FEWEST_LINES:
            most = [] if gaps else [1.2 * self.size]  # each paragraph may be a line, and all of them apart
            gaps = [min([min(steps, default=0.0), *most])]
        self.pitch = median_low(gaps)

    def _longest(self, column: int, rights: list[float], width: float) -> float:
        """Where a column ends whose margin does not show: where the longest line does, unless all are short.

        Then the last column ends as far from the edge as the first begins.
        """
        longest, end = max(rights), width - self.lefts[0]
        is_short = longest - self.lefts[column - 1] < SHORT * (end - self.lefts[column - 1])
        return end if is_short and column == len(self.lefts) else longest

    def _shows_margin(self, column: tuple[int, int], rights: list[float]) -> bool:
        """Whether enough lines end within a long word of the margin."""
        least = _margin(rights) - 4 * column[1]
        return not self._is_loose and sum(right > least for right in rights) >= ENDS_NEAR * len(rights)

    def setting(self, page: Page) -> Setting:
        """How a page is set."""
        found: Rights = defaultdict(list)
        _add_rights(found, self.lefts, page)
        own = {
            column: _margin(rights)
            for column, rights in found.items()
            if len(rights) >= FEWEST_LINES and self._shows_margin(column, rights)
        }
        setting = Setting(self.lefts, self.rights | own, self.pitch, page.width, self.size)
        gaps = list(_gaps(page, setting))
        return setting._replace(pitch=median_low(gaps)) if len(gaps) >= FEWEST_LINES else setting


def _gaps(page: Page, setting: Setting) -> Iterator[float]:
    """How far lines are apart that may be of one paragraph."""
    for above, below in pairwise(page.lines):
        if above.bottom > below.bottom and is_like(above, below) and setting.is_full(above, below):
            yield above.bottom - below.bottom


def _steps(page: Page) -> Iterator[float]:
    """How far any lines are apart that are below each other."""
    for above, below in pairwise(page.lines):
        if above.bottom - below.bottom > 0.8 * above.size and is_like(above, below):
            yield above.bottom - below.bottom


def is_like(line: Line, following: Line) -> bool:
    """Whether two lines are of one size."""
    return abs(line.size - following.size) < 0.1 * line.size


def _is_in_the_middle(line: Line, page: Page) -> bool:
    """Whether a line is exactly in the middle of the page, and narrow: where it begins, no column does."""
    margin = min(line.left for line in page.lines)
    return abs(line.left + line.right - page.width) < 2 and line.left > margin + 2 * line.size


def _apart(lefts: Sequence[int]) -> list[float]:
    """Where columns begin: of places that are near each other, the first."""
    found: list[float] = []
    for left in lefts:
        if not found or left > found[-1] + 6:
            found.append(left)
    return found


def _column(lefts: Sequence[float], line: Line) -> tuple[int, int]:
    """In which column a line begins, and its size."""
    return bisect_right(lefts, line.left + 3), round(line.size)


def _add_rights(found: Rights, lefts: Sequence[float], page: Page) -> None:
    for line in page.lines:
        column, size = _column(lefts, line)
        if column and line.left < lefts[column - 1] + 4 * line.size:  # others, as a page's number, are in no column
            found[column, size].append(line.right)


def _margin(rights: list[float]) -> float:
    """Where a column ends: some lines may go beyond it."""
    return sorted(rights)[int(0.9 * len(rights))]
