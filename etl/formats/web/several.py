"""Whether a page holds several articles, and which: a scan of its lines that reads none of them.

An export of a database repeats itself: a line with a date, a byline or a number of the same kind, again and again, each
with a headline (or a number, or labels) beside it and a text of its own. So does a press review of whole articles. What
also repeats itself, but is one article or none, is known by what it lacks: comments have no headlines, the posts of a
live blog have clock times of one day, teasers have linked headlines and little text, speakers have no dates.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from etl.formats.web import several_signs as signs
from etl.formats.web.page_lines import Line, lines_of

_OWN_TEXT = 150
_OWN_TEXT_OF_RECORD = 80
_OWN_TEXT_OF_LINKED = 600
_OWN_TEXT_UNSURE = 250
_OWN_TEXT_UNDATED = 400
"""Characters of text that belong to an article, by what stands beside it. Teasers with a linked headline have less."""
_BALANCE = 0.1
"""How long the second longest text must be, as a share of the longest."""
_SHARE = 0.5
"""The share of the page's text that stands in its articles."""
_SURE = 1 / 3
"""The share of the lines of one kind that must begin an article. A record may have three dates, and a list before it.
"""
_LEAST_LABELS = 3
_BEFORE, _AFTER = 8, 12
_LONGEST_RECORD = 60
"""Lines: how far what belongs to a mark may be from it."""
_MOST_ALIKE = 3
_STATED_WITHIN = 80
_UNNAMED_LEAST = 3


class Found(NamedTuple):
    """An article that a page seems to hold: the character where it begins, and its first words."""

    place: int
    words: str


Test = Callable[[int, int], bool]
"""Whether an article begins at one line and ends before another."""


def articles_in(page: str) -> list[Found]:
    """The articles of a page that holds several; nothing where it holds one, or where that cannot be told."""
    return _Page([line for line in lines_of(page) if not line.is_aside]).articles()


class _Page:
    """The lines of a page, and what can be told of each."""

    def __init__(self, lines: Sequence[Line]) -> None:
        remarks = next((at for at, line in enumerate(lines) if signs.is_remarks(line)), len(lines))
        self.lines = lines[:remarks]
        self.sizes = list(map(signs.size, self.lines))
        self.total = list(accumulate(self.sizes, initial=0))
        self.heads = list(map(signs.is_headline, self.lines))
        self.numbers = ["checkbox" in line.opened or signs.is_number(line.text) for line in self.lines]

    def articles(self) -> list[Found]:
        """The articles by the series of marks that finds the most of them."""
        if self.total[-1] < 2 * _OWN_TEXT_OF_RECORD:
            return []
        return max((self.items(marks, test) for marks, test in self.series()), key=len, default=[])

    def series(self) -> Iterator[tuple[list[int], Test]]:
        """Lines of one kind that may each begin an article, and how to tell."""
        kinds: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        for at, line in enumerate(self.lines):
            for mark in signs.marks(line):
                label = self.labels[at] if self.label_counts[self.labels[at]] > 1 else ""
                for kind in {line.kind, line.block} if mark != "article" else {""}:
                    kinds[mark, kind, label].append(at)
        tests = {
            "date": self.is_dated,
            "signed": self.is_signed,
            "number": self.is_numbered,
            "article": self.is_undated,
            "headline": self.is_counted,
        }
        several = {(mark, tuple(places)) for (mark, *_), places in kinds.items() if len(places) > 1}
        for mark, places in sorted(several):
            yield list(places), tests[mark]
            if mark == "date" and self.is_series_of_sources(list(places)):
                yield list(places), self.has_long_text

    def items(self, marks: list[int], test: Test) -> list[Found]:
        """The articles that begin at these lines, if there are several that make up most of the page."""
        spans = list(zip(marks, [*marks[1:], len(self.lines)], strict=True))
        sure = [span for span in spans if test(*span)]
        sizes = sorted(self.size(*span) for span in sure)
        if len(sure) < 2 or len(sure) < _SURE * len(marks) or sizes[-2] < _BALANCE * sizes[-1]:
            return []
        if sum(sizes) < _SHARE * self.total[-1] or self.is_live(sure) or self.is_thread(sure) or self.is_of_parts(sure):
            return []
        if 2 * len(sure) > len(spans):  # the others are articles too, without a text
            sure = [
                (at, end) for at, end in spans if test(at, end) or self.is_named(at) or self.size(at, end) > _OWN_TEXT
            ]
        found = self.found(sure)
        are_different = len({(item.words, self.lines[at].text) for item, (at, _) in zip(found, sure, strict=False)}) > 1
        return found if are_different else []

    def found(self, spans: list[tuple[int, int]]) -> list[Found]:
        """One for each headline: an article with two dates is found once."""
        found: dict[int, Found] = {}
        for at, end in spans:
            head = self.headline(at)
            first = at if head is None else min(head, at)
            words = self.lines[head].text if head is not None else self.words(at, end)
            found.setdefault(at if head is None else head, Found(self.lines[first].place, words))
        return list(found.values())

    def words(self, at: int, end: int) -> str:
        """The first words of an article whose headline is not known as one."""
        near = range(at, min(end, at + _LONGEST_RECORD))
        texts = (self.lines[place].text for place in near if not signs.is_date(self.lines[place]))
        return next((text for text in texts if signs.is_telling(text)), self.lines[at].text)

    def size(self, start: int, end: int) -> int:
        """How much text stands in these lines."""
        return self.total[end] - self.total[start]

    # Whether a mark begins an article

    def is_dated(self, at: int, end: int) -> bool:
        size = self.size(at, end)
        if self.has_number(at) or self.has_labels(at, end) or self.is_row(at, end):
            return size >= _OWN_TEXT_OF_RECORD
        if self.stated > 1 and self.headline(at) is not None:
            return size >= _OWN_TEXT_OF_RECORD
        return self.has_headline(at, size)

    def is_signed(self, at: int, end: int) -> bool:
        size = self.size(at, end)
        return size >= _OWN_TEXT_UNSURE and self.has_headline(at, size)

    def is_numbered(self, at: int, end: int) -> bool:
        return self.size(at, end) >= _OWN_TEXT

    def is_undated(self, at: int, end: int) -> bool:
        size = self.size(at, end)
        return size >= _OWN_TEXT_UNDATED and self.has_headline(at, size)

    def is_counted(self, at: int, end: int) -> bool:
        return self.stated > 1 and self.size(at, end) >= _OWN_TEXT

    def has_long_text(self, at: int, end: int) -> bool:
        return self.size(at, end) >= _OWN_TEXT_UNSURE

    # What stands beside it

    def has_headline(self, at: int, size: int) -> bool:
        head = self.headline(at)
        if head is None:
            return False
        is_linked = 2 * self.lines[head].linked > len(self.lines[head].text)
        return size >= (_OWN_TEXT_OF_LINKED if is_linked else _OWN_TEXT)

    def headline(self, at: int) -> int | None:
        """The headline beside a mark: no text stands between the two."""
        is_date = signs.is_date(self.lines[at])
        near = (place for place in self.beside(at) if self.heads[place])
        own = (place for place in near if place != at or not is_date)
        return next((place for place in own if not signs.stated(self.lines[place])), None)

    def is_named(self, at: int) -> bool:
        return self.headline(at) is not None or self.has_number(at)

    def beside(self, at: int) -> Iterator[int]:
        """The short lines before and after a mark."""
        yield at
        for way in (range(at - 1, max(-1, at - _BEFORE), -1), range(at + 1, min(len(self.lines), at + _AFTER))):
            for place in way:
                if self.sizes[place] and not self.labels[place]:
                    break
                yield place

    def has_number(self, at: int) -> bool:
        """Whether it is numbered, or has a box to tick, as results of a search are."""
        return any(self.numbers[place] for place in self.beside(at))

    def has_labels(self, at: int, end: int) -> bool:
        """Whether fields with labels stand in it that others have too."""
        near = self.labels[max(0, at - _BEFORE) : min(end, at + _LONGEST_RECORD)]
        labels = {label for label in near if self.label_counts[label] > 1}
        return len(labels - {""}) >= _LEAST_LABELS

    @cached_property
    def labels(self) -> list[str]:
        return [signs.label(line.text) for line in self.lines]

    @cached_property
    def label_counts(self) -> Counter[str]:
        return Counter(self.labels)

    def is_row(self, at: int, end: int) -> bool:
        """Whether mark, headline and text are cells of one row of a table."""
        start = at
        while start and "td" in self.lines[start].opened and "tr" not in self.lines[start].opened and at - start < 9:
            start -= 1
        row = [start]
        for place in range(start + 1, min(end, start + _AFTER)):
            if "tr" in self.lines[place].opened or "td" not in self.lines[place].opened:
                break
            row.append(place)
        return at in row and len(row) > 2 and any(self.sizes[place] >= _OWN_TEXT for place in row)

    def is_series_of_sources(self, marks: list[int]) -> bool:
        """Whether these lines name where something was printed, and no text stands before the first."""
        named = sum(signs.names_a_source(self.lines[at].text) for at in marks)
        return named >= _UNNAMED_LEAST and 2 * named > len(marks) and self.total[marks[0]] < _OWN_TEXT

    def is_live(self, spans: list[tuple[int, int]]) -> bool:
        """Whether these are posts of a live blog: with clock times, of one day or two, and not records."""
        if self.stated > 1 or any(self.has_number(at) or self.has_labels(at, end) for at, end in spans):
            return False
        texts = [" ".join(self.lines[place].text for place in self.beside(at)) for at, _ in spans]
        days = {found[0] for text in texts if (found := signs.DATE.search(text))}
        clocks = sum(signs.CLOCK.search(signs.DATE.sub(" ", text)) is not None for text in texts)
        return 2 * clocks > len(texts) and len(days) <= 2

    def is_of_parts(self, spans: list[tuple[int, int]]) -> bool:
        """Whether these are a few parts of one text: all with the same date, and no records."""
        is_alike = len({self.lines[at].text for at, _ in spans}) == 1 and signs.is_date(self.lines[spans[0][0]])
        is_record = any(self.has_number(at) or self.has_labels(at, end) for at, end in spans)
        return is_alike and len(spans) <= _MOST_ALIKE and self.stated < 2 and not is_record

    def is_thread(self, spans: list[tuple[int, int]]) -> bool:
        """Whether these are posts of readers, each with a button to answer it."""
        ends = ((at, min(end, at + _LONGEST_RECORD)) for at, end in spans)
        return 2 * sum(any(map(signs.is_button, self.lines[at:end])) for at, end in ends) > len(spans)

    @cached_property
    def stated(self) -> int:
        """How many articles the page says it holds; 0 where it does not."""
        said = (signs.stated(line) for line in self.lines[:_STATED_WITHIN])
        return next(filter(None, said), 0)


# The page as bytes

_SAYS_ARTICLE = re.compile(rb"""[^<>]{0,60}["']article["'/ >]""")
_TYPE = re.compile(rb"""(?:"@type"\s{0,5}:\s{0,5}\[?\s{0,5}"|schema\.org/)(?:\w{0,20}article|\w{0,8}blogposting)["']""")


def names_one_article(lowered: bytes) -> bool:
    """Whether a page, in lower case, says of itself that it is an article, as those of news sites do."""
    if b"article:published_time" in lowered:
        return True
    if (at := lowered.find(b"og:type")) >= 0:
        start = max(lowered.rfind(b"<", 0, at), 0)
        if _SAYS_ARTICLE.match(lowered, at + 7) or _SAYS_ARTICLE.match(lowered[start + 1 : at]):
            return True
    has_type = b"schema.org" in lowered or b'"@type"' in lowered
    return has_type and len(_TYPE.findall(lowered)) == 1
