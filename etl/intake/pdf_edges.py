"""Headers and footers of the pages of a PDF file: what recurs at their edges, and the running head of an article.

They stand apart from the text or are smaller, and never larger, unless they are on nearly all pages. What an article's
further pages repeat of its head counts where it stands beside what recurs on other pages, too (`Page 2 of 3`), or is
smaller than the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import pairwise, takewhile
from statistics import median_low

from etl.formats.vendor.labels import END_OF_DOCUMENT, document_number
from etl.intake.pdf_lines import Line, Page

EDGE = 0.1
"""The share of a page's height at its top and bottom where headers and footers stand."""
LEAST_SHARE = 0.3
"""Of the pages that vote, those on which a header recurs."""
MOST_SHARE, FEWEST_PAGES = 0.9, 5
"""The same for larger letters than the text has: a headline, too, may come again."""
LONGEST_HEAD, MOST_PARTS = 400, 8
"""Characters of a running head, and lines of the page before that it repeats."""
LEAST_OF_TITLE = 20
"""Characters of a title that is cut off."""

_NUMBER = re.compile(r"(?<!\w)\d{1,5}(?!\w)")
_PAGE_NUMBER = re.compile(r"(?:^|\s)(?:\w+\.? #(?: \w+ #| ?/ ?#)?|#(?: \w+ #| ?/ ?#))$")

Key = tuple[str, int]


class Edges:
    """What some pages of a file show of the headers and footers of all."""

    def __init__(self, pages: Iterable[Page]) -> None:
        kept = list(pages)
        lines = [line for page in kept for line in page.lines]
        sizes = Counter(round(line.size, 1) for line in lines)
        self.size = max(sizes, key=sizes.__getitem__, default=0.0)
        steps = [a.bottom - b.bottom for page in kept for a, b in pairwise(page.lines) if a.bottom > b.bottom]
        self._step = min(median_low(steps or [0.0]), 1.3 * self.size)
        at_edges = [[line for line in page.lines if _is_at_edge(line, page)] for page in kept]
        counts = Counter(key for found in at_edges for key in set(map(self._key, found)))
        large = {self._key(line) for line in lines if self._is_large(line)}
        least, least_of_large = max(2, LEAST_SHARE * len(kept)), max(FEWEST_PAGES, MOST_SHARE * len(kept))
        self._recurring = {key for key, count in counts.items() if count >= (least_of_large if key in large else least)}
        self._can_recur = len(kept) > 1
        if not self._can_recur and kept:  # where nothing can recur, small lines with a number
            self._recurring = {key for key in map(self._key, filter(self._is_small, at_edges[0])) if "#" in key[0]}

    def without(self, page: Page, before: Page | None = None) -> Page:
        """The page without its header and footer, by what recurs and by what the page before it has."""
        known = cache(lambda: [_plain(line.text) for line in before.lines] if before else [])
        lines = sorted(page.lines, key=lambda line: line.bottom)
        gone = {id(line) for inwards in (lines, lines[::-1]) for line in self._outer(inwards, page, known)}
        return page._replace(lines=[line for line in page.lines if id(line) not in gone])

    def _outer(self, inwards: Sequence[Line], page: Page, known: Callable[[], list[str]]) -> Sequence[Line]:
        """The lines from an edge up to a gap that are its header or footer."""
        marks = [line.bottom for line in inwards if _is_at_edge(line, page) and self._key(line) in self._recurring]

        def is_outside(line: Line) -> bool:
            if not _is_at_edge(line, page) or is_mark(line.text):
                return False
            if self._key(line) in self._recurring:
                return True
            is_beside = any(abs(line.bottom - mark) <= 1.3 * self._step for mark in marks)
            is_possible = not self._is_large(line) and (is_beside or self._is_small(line))
            is_possible = is_possible and len(line.text) <= LONGEST_HEAD
            return is_possible and _is_made_of(_plain(line.text), known())

        count = len(list(takewhile(is_outside, inwards)))
        while count and not (self._is_sure(inwards[count - 1]) or self._is_apart(inwards, count)):
            count -= 1
        return inwards[:count]

    def _is_sure(self, line: Line) -> bool:
        """Whether a line recurs that is too small for a headline."""
        return self._can_recur and self._is_small(line) and self._key(line) in self._recurring

    def _is_apart(self, inwards: Sequence[Line], count: int) -> bool:
        """Whether there is a gap between so many lines and those that are not beside them."""
        last = inwards[count - 1].bottom
        gaps = (abs(line.bottom - last) for line in inwards[count:])
        return next((gap > 1.3 * self._step for gap in gaps if gap > self._step / 2), True)

    def _is_large(self, line: Line) -> bool:
        return line.size > 1.1 * self.size

    def _is_small(self, line: Line) -> bool:
        return line.size < 0.95 * self.size

    def _key(self, line: Line) -> Key:
        """A line whatever page it numbers, or only that at its end, and how high on the page it is.

        A headline stays as it is: `Letters 1` is not `Letters 2`.
        """
        text = line.text if self._is_large(line) else _plain(line.text)
        number = _PAGE_NUMBER.search(text)
        return number[0].strip() if number else text, round(line.bottom / 2)


def is_mark(text: str) -> bool:
    """Whether a line begins or ends an article, wherever it stands."""
    return document_number(text) is not None or text.casefold() in END_OF_DOCUMENT


def _plain(text: str) -> str:
    return _NUMBER.sub("#", text)


def _is_at_edge(line: Line, page: Page) -> bool:
    return not EDGE < line.bottom / (page.height or 1) < 1 - EDGE


def _is_made_of(text: str, known: list[str]) -> bool:
    """Whether a text is whole lines of a page, in any order, perhaps with a page's number; the last may be cut off."""
    text = _PAGE_NUMBER.sub("", text).strip()
    for _ in range(MOST_PARTS):
        first = max((line for line in known if line and text.startswith(line)), key=len, default="")
        if not first:
            break
        text = text[len(first) :].lstrip(" ,;|-–—")
    text = text.rstrip(".… ")
    return not text or (len(text) >= LEAST_OF_TITLE and any(line.startswith(text) for line in known))
