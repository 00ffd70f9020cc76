"""Headers and footers of the pages of a PDF file: what recurs at their edges, and the running head of an article.

They have the same words on many pages, and only such numbers as go with the pages. They stand apart from the text or
are smaller, and never larger, unless they are on nearly all pages. What may as well be a section or a headline of
articles that begin there stays. What an article's further pages repeat of its head counts where it stands beside what
recurs on other pages, too (`Page 2 of 3`), or is smaller than the text.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, takewhile
from statistics import median_low

from etl.formats.vendor.labels import END_OF_DOCUMENT, document_number
from etl.intake.pdf_lines import Line, Page
from etl.intake.pdf_numbers import are_of_pages

EDGE = 0.1
"""The share of a page's height at its top and bottom where headers and footers stand."""
LEAST_SHARE = 0.3
"""Of the pages that vote, those on which a header recurs that is smaller than the text."""
SHARE, FEW_PAGES = 0.45, 3
"""The same for one in the size of the text: left and right pages may have their own."""
MOST_SHARE, FEWEST_PAGES = 0.9, 5
"""The same for larger letters than the text has: a headline, too, may come again."""
LEAST_BEGUN = 0.1
"""Of the pages on which a header recurs, those that begin within a sentence: so no headline stands above it."""
NEAR = 3
"""So many times its size a headline is below its section at most."""
LONGEST_HEAD, MOST_PARTS = 400, 8
"""Characters of a running head, and lines of the page before that it repeats."""
LEAST_OF_TITLE = 20
"""Characters of a title that is cut off."""

_NUMBER = re.compile(r"(?<!\w)\d{1,5}(?!\w)")
_PAGE_NUMBER = re.compile(r"(?:^|\s)(?:\w+\.? #(?: \w+ #| ?/ ?#)?|#(?: \w+ #| ?/ ?#))$")
_NUMBER_ALONE = re.compile(r"#|(?:.*\s)?#(?: \w+ | ?/ ?)#")
_OF_ONE_PAGE = re.compile(r"(?:\w+\.? )?\d{1,3}(?: \w+ \d{1,3}| ?/ ?\d{1,3})?(?:$|\s{2}|\s?[|©])|©.*\d")
"""A small line of a single page: its number, and perhaps what stands beside it, or a copyright."""

Key = tuple[str, int]
Seen = dict[int, Line]
"""The lines of one key, by the number of their page among those that vote."""


class Edges:
    """What some pages of a file, each so many `apart`, show of the headers and footers of all."""

    def __init__(self, pages: Iterable[Page], apart: int = 1) -> None:
        kept = list(pages)
        lines = [line for page in kept for line in page.lines]
        sizes = Counter(round(line.size, 1) for line in lines)
        self.size = max(sizes, key=sizes.__getitem__, default=0.0)
        steps = [a.bottom - b.bottom for page in kept for a, b in pairwise(page.lines) if a.bottom > b.bottom]
        self._step = min(median_low(steps or [0.0]), 1.3 * self.size)
        seen: dict[Key, Seen] = defaultdict(dict)
        for number, page in enumerate(kept):
            for line in page.lines:
                for key in self._keys(line) if _is_at_edge(line, page) else ():
                    seen[key].setdefault(number, line)
        self._can_recur = len(kept) > 1
        if self._can_recur:
            self._recurring = {key for key in seen if self._recurs(key[0], seen[key], len(kept), apart)}
            self._recurring = {key for key in self._recurring if not self._may_be_head(key[0], seen[key], kept)}
        else:
            self._recurring = {
                key for key in seen if self._is_small(seen[key][0]) and _OF_ONE_PAGE.match(seen[key][0].text)
            }

    def _recurs(self, text: str, seen: Seen, pages: int, apart: int) -> bool:
        """Whether a line is on enough pages for its size, and its numbers go with them."""
        least = max(2, LEAST_SHARE * pages)
        if any(map(self._is_large, seen.values())):
            least = max(FEWEST_PAGES, MOST_SHARE * pages)
        elif not all(map(self._is_small, seen.values())):
            least = max(min(FEW_PAGES, pages), SHARE * pages)
        numbers = {apart * page: _numbers(line.text, text) for page, line in seen.items()}
        return len(seen) >= least and are_of_pages(numbers, apart)

    def _may_be_head(self, text: str, seen: Seen, pages: Sequence[Page]) -> bool:
        """Whether a line at the top may be the section or the headline of articles that begin below it.

        It is neither where some pages go on below it within a sentence; nor is a number that is alone, small or on
        nearly all pages, or another small line that is not directly above a headline.
        """
        is_sure = len(seen) >= MOST_SHARE * len(pages) or all(map(self._is_small, seen.values()))
        if "#" in text and (is_sure or _NUMBER_ALONE.fullmatch(text)):
            return False
        tops = {number: line for number, line in seen.items() if line.bottom > pages[number].height / 2}
        below = [(line, self._below(line, pages[number])) for number, line in tops.items()]
        begun = sum(1 for _, first in below if first and first.text[:1].islower())
        if begun >= max(1, LEAST_BEGUN * len(seen)) or not tops:
            return False
        return not all(map(self._is_small, tops.values())) or 2 * sum(
            1 for line, first in below if self._is_headline_of(line, first)
        ) >= len(tops)

    def _below(self, line: Line, page: Page) -> Line | None:
        """The first line below one at the top that does not recur."""
        lines = (found for found in page.lines if found.bottom < line.bottom - self.size / 2)
        return max(
            (found for found in lines if not (_is_at_edge(found, page) and self._is_recurring(found))),
            key=lambda found: found.bottom,
            default=None,
        )

    def _is_headline_of(self, section: Line, line: Line | None) -> bool:
        """Whether a line is a headline directly below its section."""
        return line is not None and self._is_large(line) and 0 < section.bottom - line.bottom <= NEAR * line.size

    def _is_recurring(self, line: Line) -> bool:
        return any(key in self._recurring for key in self._keys(line))

    def without(self, page: Page, before: Page | None = None) -> Page:
        """The page without its header and footer, by what recurs and by what the page before it has."""
        known = before.lines if before else []
        lines = sorted(page.lines, key=lambda line: line.bottom)
        gone = {id(line) for inwards in (lines, lines[::-1]) for line in self._outer(inwards, page, known)}
        return page._replace(lines=[line for line in page.lines if id(line) not in gone])

    def _outer(self, inwards: Sequence[Line], page: Page, known: list[Line]) -> Sequence[Line]:
        """The lines from an edge up to a gap that are its header or footer."""
        marks = [line.bottom for line in inwards if _is_at_edge(line, page) and self._is_recurring(line)]

        def is_outside(line: Line) -> bool:
            if not _is_at_edge(line, page) or is_mark(line.text):
                return False
            if self._is_recurring(line):
                return True
            is_beside = any(abs(line.bottom - mark) <= 1.3 * self._step for mark in marks)
            is_possible = not self._is_large(line) and (is_beside or self._is_small(line))
            is_possible = is_possible and len(line.text) <= LONGEST_HEAD
            return (
                is_possible and self._repeats(line, known) and not self._is_headline_of(line, self._below(line, page))
            )

        count = len(list(takewhile(is_outside, inwards)))
        while count and not (self._is_sure(inwards[count - 1]) or self._is_apart(inwards, count)):
            count -= 1
        return inwards[:count]

    def _repeats(self, line: Line, known: list[Line]) -> bool:
        """Whether a line is made of lines of the page before: in the size of the text, of its headline first, or of
        what stands in its place there."""
        heads = [found for found in known if self._is_large(found) or _height(found) == _height(line)]
        text, firsts = _plain(line.text), tuple(_plain(found.text) for found in heads if found.text)
        is_of_head = self._is_small(line) or text.startswith(firsts)
        return is_of_head and _is_made_of(text, [_plain(found.text) for found in known])

    def _is_sure(self, line: Line) -> bool:
        """Whether a line recurs that is too small for a headline."""
        return self._can_recur and self._is_small(line) and self._is_recurring(line)

    def _is_apart(self, inwards: Sequence[Line], count: int) -> bool:
        """Whether there is a gap between so many lines and those that are not beside them."""
        last = inwards[count - 1].bottom
        gaps = (abs(line.bottom - last) for line in inwards[count:])
        return next((gap > 1.3 * self._step for gap in gaps if gap > self._step / 2), True)

    def _is_large(self, line: Line) -> bool:
        return line.size > 1.1 * self.size

    def _is_small(self, line: Line) -> bool:
        return line.size < 0.95 * self.size

    def _keys(self, line: Line) -> Iterator[Key]:
        """A line whatever page it numbers, and that number at its end alone, each with how high on the page it is.

        A headline stays as it is: `Letters 1` is not `Letters 2`.
        """
        text = line.text if self._is_large(line) else _plain(line.text)
        yield text, _height(line)
        if number := _PAGE_NUMBER.search(text):
            yield number[0].strip(), _height(line)


def is_mark(text: str) -> bool:
    """Whether a line begins or ends an article, wherever it stands."""
    return document_number(text) is not None or text.casefold() in END_OF_DOCUMENT


def _numbers(text: str, key: str) -> tuple[int, ...]:
    """The numbers of a line that a key, which may be its end alone, leaves open."""
    count = key.count("#")
    return tuple(map(int, _NUMBER.findall(text)[-count:])) if count else ()


def _height(line: Line) -> int:
    """How high on the page a line is."""
    return round(line.bottom / 2)


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
