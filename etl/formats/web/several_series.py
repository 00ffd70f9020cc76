"""The lines of a page that may each begin an article, by what is alike in them. For the scan of `several`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from etl.formats.web import several_plain as plain
from etl.formats.web import several_signs as signs
from etl.formats.web.several_page import Headline, Page

_CONTAINERS = ("div", "section", "li", "tr")
Test = Callable[[int, int], bool]
"""Whether an article begins at one line and ends before another."""


class Series(NamedTuple):
    """Lines of one kind that may each begin an article, and how to tell."""

    mark: str
    places: list[int]
    test: Test
    headline: Headline


def series_of(page: Page) -> Iterator[Series]:
    """The lines of a page that may each begin an article, one series for each kind of them."""
    tests: dict[str, Test] = {
        "article": page.is_undated,
        "box": page.is_long_and_named,
        "date": page.is_dated,
        "headline": page.is_counted,
        "number": page.is_numbered,
        "of": page.is_long,
        "printed": page.is_long,
        "signed": page.is_signed,
        "time": page.is_long_and_named,
        "titled": page.is_record,
        "whole": page.is_long_line,
    }
    several = {(mark, tuple(places)) for (mark, *_), places in _kinds(page).items() if len(places) > 1}
    for mark, places in sorted(several):
        yield Series(mark, list(places), tests[mark], page.headline)
        if mark == "date" and page.is_series_of_sources(list(places)):
            yield Series(mark, list(places), page.has_long_text, page.headline)
        if mark == "headline" and page.are_apart(list(places)):
            yield Series("apart", list(places), page.is_long, page.headline)
        if mark in ("date", "printed"):
            yield from _plain_series(page, list(places))
    for stated in _stated_series(page):
        yield Series("stated", stated, page.is_long, page.headline)
    if linked := page.targets():
        yield Series("linked", linked, page.is_long, page.headline)
    yield from _doubtful_series(page)


def _doubtful_series(page: Page) -> Iterator[Series]:
    """Headlines without a date, texts that end with their source, and dates that are marked up in several ways."""
    if len(heads := plain.headlines(page)) > 1:
        headline = partial(plain.headline_at, page)
        yield Series("undated", heads, page.is_long, headline)
        yield Series("teasers", heads, page.is_teaser, headline)
    for places in _linked_series(page):
        yield Series("teasers", places, page.is_teaser, lambda at: at)
    levels: dict[str, list[int]] = defaultdict(list)
    for at, line in enumerate(page.lines):
        if signs.is_headline(line):
            levels[line.kind].append(at)
    for places in levels.values():
        if len(places) > 1:
            yield Series("undated", places, page.is_long, page.headline)
            yield Series("teasers", places, page.is_teaser, page.headline)
    sourced = [at for at, line in enumerate(page.lines) if signs.is_sourced(line)]
    if len(sourced) > 1:
        yield Series("sourced", sourced, page.is_long_line, page.headline)
    dates = [at for at, line in enumerate(page.lines) if signs.is_date(line)]
    if len({page.lines[at].kind for at in dates}) > 1:
        yield Series("mixed", dates, page.is_dated, page.headline)
        yield from _plain_series(page, dates, "mixed")


def _linked_series(page: Page) -> Iterator[list[int]]:
    """Links of several words that look alike."""
    kinds: dict[str, list[int]] = defaultdict(list)
    for at, line in enumerate(page.lines):
        if page.is_linked(at) and signs.is_of_words(line.text) and not signs.is_more(line):
            kinds[line.kind].append(at)
    yield from (places for places in kinds.values() if len(places) > 1)


def _plain_series(page: Page, places: list[int], mark: str = "plain") -> Iterator[Series]:
    """Marks before or after lines that may be headlines, or at the end of each text."""
    for starts, side in (
        (places, plain.headline_before),
        (places, plain.headline_after),
        (plain.begins(page, places), plain.headline_at),
    ):
        if starts:
            headline = partial(side, page)
            yield Series(mark, starts, partial(page.is_long_below, headline), headline)
            yield Series("briefs", starts, partial(page.is_brief_below, headline), headline)


def _kinds(page: Page) -> dict[tuple[str, str, str], list[int]]:
    kinds: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for at, line in enumerate(page.lines):
        for mark in signs.marks(line):
            label = page.labels[at] if page.label_counts[page.labels[at]] > 1 else ""
            for kind in {line.kind, line.block} if mark != "article" else {""}:
                for shared in {label, ""}:
                    kinds[mark, kind, shared].append(at)
    return kinds


def _stated_series(page: Page) -> Iterator[list[int]]:
    """Boxes of which there are as many as the page says that it holds articles."""
    for name in _CONTAINERS if page.stated > 1 else ():
        opened = [at for at, line in enumerate(page.lines) if name in line.opened]
        kinds = Counter(page.lines[at].block for at in opened)
        for kind, number in kinds.items():
            places = [at for at in opened if page.lines[at].block == kind]
            if number == page.stated:
                yield places
