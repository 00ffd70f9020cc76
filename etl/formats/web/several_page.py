"""The lines of a page, and what can be told of each: for the scan of `several`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from etl.formats.web import several_signs as signs
from etl.formats.web.page_lines import Line
from etl.formats.web.several_total import stated

OWN_TEXT = 150
OWN_TEXT_OF_RECORD = 80
OWN_TEXT_OF_LINKED = 600
OWN_TEXT_UNSURE = 250
OWN_TEXT_UNDATED = 400
OWN_TEXT_LONG = 600
"""Characters of text that belong to an article, by what stands beside it. Teasers with a linked headline have less."""
_LEAST_LABELS = 3
_BEFORE, _AFTER = 8, 12
_LONGEST_RECORD = 60
"""Lines: how far what belongs to a mark may be from it."""
_MOST_ALIKE = 3
_STATED_WITHIN = 80
_UNNAMED_LEAST = 3
_MOST_ENDS = 20
_LEAST_TEASERS = 3
_DEEP = 4
"""The level of the headings of answers and posts, far below the main one."""


Headline = Callable[[int], int | None]
"""The line that is the headline of the article at a line."""


class Page:
    """The lines of a page, and what can be told of each."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines[: _end(lines)]
        self.sizes = list(map(signs.size, self.lines))
        self.total = list(accumulate(self.sizes, initial=0))
        self.heads = list(map(signs.is_headline, self.lines))
        self.numbers = ["checkbox" in line.opened or signs.is_number(line.text) for line in self.lines]

    def size(self, start: int, end: int) -> int:
        """How much text stands in these lines."""
        return self.total[end] - self.total[start]

    # Whether a mark begins an article

    def is_long(self, at: int, end: int) -> bool:
        return self.size(at, end) >= OWN_TEXT_LONG

    def is_long_and_named(self, at: int, end: int) -> bool:
        return self.is_long(at, end) and self.headline(at) is not None

    def is_long_line(self, at: int, end: int) -> bool:
        return at < end

    def is_record(self, at: int, end: int) -> bool:
        return self.has_labels(at, end) and self.size(at, end) >= OWN_TEXT

    def is_dated(self, at: int, end: int) -> bool:
        size = self.size(at, end)
        if self.has_number(at) or self.has_labels(at, end) or self.is_row(at, end):
            return size >= OWN_TEXT_OF_RECORD
        if self.stated > 1 and self.headline(at) is not None:
            return size >= OWN_TEXT_OF_RECORD
        return self.has_headline(at, size)

    def is_signed(self, at: int, end: int) -> bool:
        size = self.size(at, end)
        return size >= OWN_TEXT_UNSURE and self.has_headline(at, size)

    def is_numbered(self, at: int, end: int) -> bool:
        return self.size(at, end) >= OWN_TEXT

    def is_undated(self, at: int, end: int) -> bool:
        size = self.size(at, end)
        return size >= OWN_TEXT_UNDATED and self.has_headline(at, size)

    def is_counted(self, at: int, end: int) -> bool:
        return self.stated > 1 and self.size(at, end) >= OWN_TEXT

    def has_long_text(self, at: int, end: int) -> bool:
        return self.size(at, end) >= OWN_TEXT_UNSURE

    def is_long_below(self, headline: Headline, at: int, end: int) -> bool:
        """Whether much text stands below what may be its headline."""
        head = headline(at)
        if head is None:
            return False
        least = OWN_TEXT_OF_RECORD if self.stated > 1 else OWN_TEXT_UNSURE
        return self.size(at, end) >= (OWN_TEXT_OF_LINKED if self.is_linked(head) else least)

    def is_brief_below(self, headline: Headline, at: int, end: int) -> bool:
        """Whether a text stands below what may be its headline, be it short."""
        head = headline(at)
        return head is not None and not self.is_linked(head) and self.size(at, end) >= OWN_TEXT

    def is_teaser(self, at: int, end: int) -> bool:
        """Whether a text stands here, longer than on a home page, with a link to the rest: its headline, or "more"."""
        has_text = self.size(at, end) >= OWN_TEXT
        return has_text and (self.is_linked(at) or any(map(signs.is_more, self.lines[at:end])))

    # What stands beside it

    def has_headline(self, at: int, size: int) -> bool:
        head = self.headline(at)
        if head is None:
            return False
        return size >= (OWN_TEXT_OF_LINKED if self.is_linked(head) else OWN_TEXT)

    def is_linked(self, at: int) -> bool:
        return 2 * self.lines[at].linked > len(self.lines[at].text)

    def headline(self, at: int) -> int | None:
        """The headline beside a mark: no text stands between the two."""
        is_date = signs.is_date(self.lines[at])
        near = (place for place in self.beside(at) if self.heads[place])
        own = (place for place in near if place != at or not is_date)
        return next((place for place in own if not stated(self.lines[place])), None)

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

    def is_field(self, at: int) -> bool:
        """Whether it is a field with a label that others have too, other than a title."""
        label = self.labels[at]
        return self.label_counts[label] > 1 and label != "" and not signs.NAMED_TITLE.fullmatch(label)

    @cached_property
    def labels(self) -> list[str]:
        return [
            line.text.casefold() if line.block.rpartition(">")[2].startswith("th.") else signs.label(line.text)
            for line in self.lines
        ]

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
        return at in row and len(row) > 2 and any(self.sizes[place] >= OWN_TEXT for place in row)

    def is_series_of_sources(self, marks: list[int]) -> bool:
        """Whether these lines name where something was printed, and no text stands before the first."""
        named = sum(signs.names_a_source(self.lines[at].text) for at in marks)
        return named >= _UNNAMED_LEAST and 2 * named > len(marks) and self.total[marks[0]] < OWN_TEXT

    def are_printed(self, marks: list[int]) -> bool:
        """Whether most of these lines say on which page of a paper something stood."""
        return 2 * sum(signs.names_a_page(self.lines[at].text) for at in marks) > len(marks)

    def is_live(self, spans: list[tuple[int, int]]) -> bool:
        """Whether these are posts of a live blog: with clock times, of one day or two, and not records."""
        if self.stated > 1 or any(self.has_number(at) or self.has_labels(at, end) for at, end in spans):
            return False
        texts = (" ".join(self.lines[place].text for place in self.beside(at)) for at, _ in spans)
        days = {found[0] for text in texts if (found := signs.DATE.search(text))}
        return len(days) <= 2 and self.has_clocks(spans)

    def has_clocks(self, spans: list[tuple[int, int]]) -> bool:
        """Whether a time of day stands beside most of them, as beside posts and comments."""
        texts = (" ".join(self.lines[place].text for place in self.beside(at)) for at, _ in spans)
        return 2 * sum(signs.CLOCK.search(signs.DATE.sub(" ", text)) is not None for text in texts) > len(spans)

    def is_of_parts(self, spans: list[tuple[int, int]]) -> bool:
        """Whether these are a few parts of one text: all with the same date, and no records."""
        is_alike = len({self.lines[at].text for at, _ in spans}) == 1 and signs.is_date(self.lines[spans[0][0]])
        is_record = any(self.has_number(at) or self.has_labels(at, end) for at, end in spans)
        return is_alike and len(spans) <= _MOST_ALIKE and self.stated < 2 and not is_record

    def is_of_teasers(self, spans: list[tuple[int, int]]) -> bool:
        """Whether most of these are beginnings of texts, each with a link to the rest."""
        short = [(at, end) for at, end in spans if not self.is_long(at, end)]
        return 2 * sum(any(map(signs.is_more, self.lines[at:end])) for at, end in short) > len(spans)

    def is_made_of(self, spans: list[tuple[int, int]]) -> bool:
        """Whether these make up the page: no text stands before them, and none of them is most of it."""
        sizes = [self.size(*span) for span in spans]
        return len(spans) >= _LEAST_TEASERS and self.total[spans[0][0]] < OWN_TEXT and 2 * max(sizes) < sum(sizes)

    def is_below_a_headline(self, spans: list[tuple[int, int]], headline: Headline, is_dated: bool) -> bool:
        """Whether these are parts of one article: below the page's one main heading, and no records.

        `is_dated`: the parts have dates or names of their own, so the main heading must have them too.
        """
        if self.stated > 1 or any(self.has_number(at) or self.has_labels(at, end) for at, end in spans):
            return False
        tops = self.tops
        heads = [headline(at) for at, _ in spans]
        if len(tops) != 1 or spans[0][0] + 1 < tops[0]:
            return False
        top = tops[0]
        if signs.OF_PIECES.match(self.lines[top].text):
            return True
        if signs.OF_PAPERS.search(self.lines[top].text) or self.are_printed([at for at, _ in spans if at > top]):
            return False
        others = [(at, head) for (at, _), head in zip(spans, heads, strict=True) if head != top]
        is_after = 2 * sum(head is not None and head <= at for at, head in others) > len(others)
        if heads[0] == top and is_after:
            return True
        are_deep = all((signs.level(self.lines[head]) or 0) >= _DEEP for _, head in others if head is not None)
        if not is_dated or (are_deep and any(head is not None for _, head in others)):
            return True
        first = min((min(at, at if head is None else head) for at, head in others), default=top)
        if heads[0] == top and spans[0][0] > top:
            first = min(first, spans[0][0])
        own = self.lines[top + 1 : min(first, top + _AFTER)]
        return any(signs.is_signed_or_dated(line) for line in own)

    def are_apart(self, marks: list[int]) -> bool:
        """Whether what separates articles stands before each of these headlines but the first, or each article is an
        element named so."""
        if all(signs.OF_ARTICLES.search(self.lines[at].kind) for at in marks):
            return True
        return all(self.is_separated(at) for at in marks[1:])

    def is_separated(self, at: int) -> bool:
        before = self.lines[max(0, at - 2) : at]
        is_named = any(signs.SEPARATOR.fullmatch(line.text) for line in before)
        return is_named or any("hr" in line.opened for line in self.lines[max(0, at - 1) : at + 1])

    def targets(self) -> list[int]:
        """The lines that say what a link before them says: a table of contents and its texts."""
        links: set[str] = set()
        found = []
        for at, line in enumerate(self.lines):
            if 2 * line.linked > len(line.text):
                links.add(line.text)
            elif line.text in links:
                found.append(at)
                links.remove(line.text)
        return found if len(found) > 1 else []

    def is_thread(self, spans: list[tuple[int, int]]) -> bool:
        """Whether these are posts of readers, each with a button to answer it."""
        ends = ((at, min(end, at + _LONGEST_RECORD)) for at, end in spans)
        return 2 * sum(any(map(signs.is_button, self.lines[at:end])) for at, end in ends) > len(spans)

    @cached_property
    def tops(self) -> list[int]:
        """The main headings."""
        return [at for at, head in enumerate(self.heads) if head and signs.level(self.lines[at]) == 1]

    @cached_property
    def stated(self) -> int:
        """How many articles the page says it holds; 0 where it does not."""
        said = (stated(line) for line in self.lines[:_STATED_WITHIN])
        return next(filter(None, said), 0)


def _end(lines: Sequence[Line]) -> int:
    """Where comments, or what points at other articles, begin, unless whole articles follow."""
    ends = [at for at, line in enumerate(lines) if signs.is_remarks(line) or signs.is_elsewhere(line)]
    return next((at for at in ends[:_MOST_ENDS] if not _goes_on(lines[max(0, at - 2) :])), len(lines))


def _goes_on(lines: Sequence[Line]) -> bool:
    """Whether an article follows: a headline of several words, a date beside it, and a long text."""
    dates = [at for at, line in enumerate(lines) if signs.is_date(line) or "datetime" in line.opened]
    for at, end in zip(dates, [*dates[1:], len(lines)], strict=False):
        near = lines[max(0, at - 3) : at + 3]
        is_named = any(signs.is_headline(line) and signs.is_of_words(line.text) for line in near)
        if is_named and sum(map(signs.size, lines[at:end])) >= OWN_TEXT_LONG:
            return True
    return False
