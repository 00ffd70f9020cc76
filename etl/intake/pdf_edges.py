"""Headers and footers of the pages of a PDF file: what recurs at their edges, and the running head of an article.

They have the same words on many pages, and only such numbers as go with the pages. They stand apart from the text or
are smaller, and never larger, unless they are on nearly all pages. What may as well be a section or a headline of
articles that begin there stays. What an article's further pages repeat of its head counts where it stands beside what
recurs on other pages, too (`Page 2 of 3`), or is smaller than the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise, takewhile
from statistics import median_low
from typing import NamedTuple

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
_PAGE_TAIL = re.compile(_PAGE_NUMBER.pattern.replace("#", r"\d{1,5}"))
_NUMBER_ALONE = re.compile(r"#|(?:.*\s)?#(?: \w+ | ?/ ?)#")
_OF_ONE_PAGE = re.compile(r"(?:\w+\.? )?\d{1,3}(?: \w+ \d{1,3}| ?/ ?\d{1,3})?(?:$|\s{2}|\s?[|©])|©.*\d")
"""A small line of a single page: its number, and perhaps what stands beside it, or a copyright."""

Key = tuple[str, int]
Seen = dict[int, Line]
"""The lines of one key, by the number of their page among those that vote."""


class Text(NamedTuple):
    """The lines of a page, from its bottom, and how high its middle is."""

    upwards: list[Line]
    middle: float


class Known(NamedTuple):
    """The lines of the page before, without the numbers of pages at their ends: all, those that may be a headline as
    they are larger or alone, and those at each height."""

    lines: list[str]
    heads: list[str]
    places: dict[int, list[str]]


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
            texts = list(map(self._text, kept))
            self._recurring = {key for key in self._recurring if not self._may_be_head(key[0], seen[key], texts)}
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

    def _may_be_head(self, text: str, seen: Seen, texts: Sequence[Text]) -> bool:
        """Whether a line at the top may be the section or the headline of articles that begin below it.

        It is neither where some pages go on below it within a sentence; nor is a number that is alone, small or on
        nearly all pages, or another small line that is not directly above a headline.
        """
        is_sure = len(seen) >= MOST_SHARE * len(texts) or all(map(self._is_small, seen.values()))
        if "#" in text and (is_sure or _NUMBER_ALONE.fullmatch(text)):
            return False
        tops = {number: line for number, line in seen.items() if line.bottom > texts[number].middle}
        below = [(line, self._below(line, texts[number])) for number, line in tops.items()]
        begun = sum(1 for _, first in below if first and first.text[:1].islower())
        if begun >= max(1, LEAST_BEGUN * len(seen)) or not tops:
            return False
        return not all(map(self._is_small, tops.values())) or 2 * sum(
            1 for line, first in below if self._is_headline_of(line, first)
        ) >= len(tops)

    def _text(self, page: Page) -> Text:
        """What does not recur on a page."""
        lines = (line for line in page.lines if not (_is_at_edge(line, page) and self._is_recurring(line)))
        return Text(sorted(lines, key=_bottom), page.height / 2)

    def _below(self, line: Line, text: Text) -> Line | None:
        """The first line of the text below a line."""
        at = bisect_left(text.upwards, line.bottom - self.size / 2, key=_bottom)
        return text.upwards[at - 1] if at else None

    def _is_headline_of(self, section: Line, line: Line | None) -> bool:
        """Whether a line is a headline directly below its section."""
        return line is not None and self._is_large(line) and 0 < section.bottom - line.bottom <= NEAR * line.size

    def _is_recurring(self, line: Line) -> bool:
        return any(key in self._recurring for key in self._keys(line))

    def without(self, page: Page, before: Page | None = None) -> Page:
        """The page without its header and footer, by what recurs and by what the page before it has."""
        known, text = cache(lambda: self._known(before)), cache(lambda: self._text(page))
        lines = sorted(page.lines, key=lambda line: line.bottom)
        gone = {id(line) for inwards in (lines, lines[::-1]) for line in self._outer(inwards, page, known, text)}
        return page._replace(lines=[line for line in page.lines if id(line) not in gone])

    def _outer(
        self, inwards: Sequence[Line], page: Page, known: Callable[[], Known], text: Callable[[], Text]
    ) -> Sequence[Line]:
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
            is_possible = is_possible and self._repeats(line, known())
            return is_possible and not self._is_headline_of(line, self._below(line, text()))

        count = len(list(takewhile(is_outside, inwards)))
        while count and not (self._is_sure(inwards[count - 1]) or self._is_apart(inwards, count)):
            count -= 1
        return inwards[:count]

    def _known(self, page: Page | None) -> Known:
        places: dict[int, list[str]] = defaultdict(list)
        if page is None or not page.lines:
            return Known([], [], places)
        upwards = sorted(page.lines, key=_bottom)
        gaps = [above.bottom - line.bottom > 1.3 * self._step for line, above in pairwise(upwards)]
        lines = [_bare(line.text) for line in upwards]
        heads = []
        for line, bare, is_above, is_below in zip(upwards, lines, [True, *gaps], [*gaps, True], strict=True):
            places[_height(line)].append(bare)
            is_alone = is_above and is_below and len(bare) >= LEAST_OF_TITLE
            heads += [bare] if self._is_large(line) or is_alone else []
        return Known(lines, heads, places)

    def _repeats(self, line: Line, known: Known) -> bool:
        """Whether a line is made of lines of the page before: in the size of the text, of its headline first, or of
        what stands in its place there."""
        text = _bare(line.text)
        firsts = tuple(filter(None, [*known.heads, *known.places.get(_height(line), [])]))
        return (self._is_small(line) or text.startswith(firsts)) and _is_made_of(text, known.lines)

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


def _bottom(line: Line) -> float:
    return line.bottom


def _height(line: Line) -> int:
    """How high on the page a line is."""
    return round(line.bottom / 2)


def _plain(text: str) -> str:
    return _NUMBER.sub("#", text)


def _is_at_edge(line: Line, page: Page) -> bool:
    return not EDGE < line.bottom / (page.height or 1) < 1 - EDGE


def _bare(text: str) -> str:
    """A line without the number of a page at its end."""
    return _PAGE_TAIL.sub("", text).strip()


def _is_made_of(text: str, known: list[str]) -> bool:
    """Whether a text is whole lines of a page, in any order; the last may be cut off."""
    left = text
    for _ in range(MOST_PARTS):
        first = max((line for line in known if line and left.startswith(line)), key=len, default="")
        if not first:
            break
        left = left[len(first) :].lstrip(" ,;|-–—")
    left = left.rstrip(".… ")
    is_cut_off = len(left) >= LEAST_OF_TITLE and any(line.startswith(left) for line in known)
    return bool(text) and (not left or is_cut_off)
