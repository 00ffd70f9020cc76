"""Whether a page holds several articles, and which: a scan of its lines that reads none of them.

An export of a database repeats itself: a line with a date, a byline or a number of the same kind, again and again, each
with a headline (or a number, or labels) beside it and a text of its own. So does a press review of whole articles. A
headline that nothing marks is a short line between a text and a date. What also repeats itself, but is one article or
none, is known by what it lacks: comments have no headlines, the posts of a live blog have clock times of one day,
teasers have linked headlines and little text, speakers have no dates.

Doubtful are parts below one headline with a date or a byline of its own, letters and obituaries, parts of one date,
headlines without dates at the top of a page that has no other title, dates that are marked up in several ways, a
long article with short ones, unless there are as many as the page says, and a newsletter of teasers.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from etl.formats.web import page_says
from etl.formats.web import several_signs as signs
from etl.formats.web.page_lines import Line, bare_lines_of, lines_of
from etl.formats.web.several_bound import can_hold
from etl.formats.web.several_page import OWN_TEXT, OWN_TEXT_OF_RECORD, OWN_TEXT_UNSURE, Headline, Page
from etl.formats.web.several_series import Series, series_of

_OWN_TEXT_AGAINST_THE_HEAD = 700
"""Characters of each article where the page's head says that it is one article."""
_LEAST_AGAINST_THE_HEAD = {"article": 2, "date": 3}
"""How many articles there must be then, by what they begin with."""
_BALANCE = 0.1
"""How long the second longest text must be, as a share of the longest."""
_SHARE = 0.5
"""The share of the page's text that stands in its articles."""
_SURE = 1 / 3
"""The share of the lines of one kind that must begin an article. A record may have three dates, and a list before it.
"""
_LONGEST_RECORD = 60
"""Lines: how far what belongs to a mark may be from it."""
_NEVER_SURE = ("briefs", "linked", "mixed", "sourced", "teasers", "undated")
_UNTITLED = ("teasers", "undated")
"""None of them has the headline that is the page's title."""
_DATED = ("article", "briefs", "date", "mixed", "plain", "printed", "signed", "stated", "time", "whole")
_DATED_BY_A_LINE = ("briefs", "date", "plain")
"""Where each has a date and a headline of its own, a short one is doubtful even beside a long one."""


class Found(NamedTuple):
    """An article that a page seems to hold: the character where it begins, and its first words."""

    place: int
    words: str


class Verdict(NamedTuple):
    """The articles that a page seems to hold, if several, and whether that is sure."""

    found: list[Found]
    is_sure: bool


_NONE = Verdict([], True)


def articles_in(page: str) -> list[Found]:
    """The articles of a page that holds several; nothing where it holds one, or where that cannot be told."""
    found, is_sure = verdict(page)
    return found if is_sure else []


@lru_cache(maxsize=1)
def verdict(page: str) -> Verdict:
    """The articles that a page seems to hold; nothing where it seems to hold one.

    The last is cached: a file of one page is scanned when it is read, and when its articles are counted.
    """
    lowered = page.encode("utf-8", "replace").lower()
    stated = [Found(*text) for text in page_says.texts(page)] if page_says.may_state_texts(lowered) else []
    if len(stated) > 1:
        return Verdict(stated, is_sure=True)
    says_one = page_says.names_one_article(lowered)
    if says_one and not _can_be_several(bare_lines_of(page)):
        return _NONE
    lines = [line for line in lines_of(page) if not line.is_aside]
    if says_one and not _can_be_several(lines):
        return _NONE
    return _of_lines(Page(lines), says_one, page_says.title(page))


def _can_be_several(lines: Iterable[Line]) -> bool:
    """Whether a page whose head says that it is one article may hold several, by its lines."""
    return can_hold(list(lines), _LEAST_AGAINST_THE_HEAD, _OWN_TEXT_AGAINST_THE_HEAD)


def _of_lines(page: Page, says_one: bool, title: str) -> Verdict:
    """By the series of marks that finds the most articles. What stands below a headline that is the page's title, and
    has no date, is part of one article."""
    if page.total[-1] < 2 * OWN_TEXT_OF_RECORD:
        return _NONE
    judged = [
        (series.mark, _items(page, series, _OWN_TEXT_AGAINST_THE_HEAD if says_one else 0))
        for series in series_of(page)
        if not says_one or series.mark in _LEAST_AGAINST_THE_HEAD
    ]
    found = [
        one for mark, one in judged if mark not in _UNTITLED or not any(_is_titled(item, title) for item in one.found)
    ]
    return max(found, key=lambda one: (one.is_sure and bool(one.found), len(one.found)), default=_NONE)


def _items(page: Page, series: Series, least: int) -> Verdict:
    """The articles that begin at these lines, if there are several that make up most of the page."""
    mark, marks, test, headline = series
    spans = list(zip(marks, [*marks[1:], len(page.lines)], strict=True))
    sure = [span for span in spans if test(*span) and page.size(*span) >= least]
    is_each = len(sure) == len(marks)
    if len(sure) < 2 or len(sure) < _SURE * len(marks) or (mark == "briefs" and not is_each):
        return _NONE
    is_other = not page.is_made_of(sure) if mark == "teasers" else page.is_of_teasers(sure)
    if is_other or page.is_live(sure) or page.is_thread(sure):
        return _NONE
    sizes = sorted(page.size(*span) for span in sure)
    is_most = (is_each and len(sure) == page.stated) or (
        sizes[-2] >= _BALANCE * sizes[-1] and sum(sizes) >= _SHARE * page.total[-1]
    )
    if not is_most and sizes[-2] < OWN_TEXT_UNSURE and not (is_each and mark in _DATED_BY_A_LINE):
        return _NONE
    is_below = page.is_below_a_headline(sure, headline, is_dated=mark in _DATED)
    is_sure = is_most and not is_below and not page.is_of_parts(sure) and mark not in _NEVER_SURE
    if mark == "undated" and (is_below or page.total[sure[0][0]] >= OWN_TEXT):
        return _NONE
    if mark == "plain":
        is_sure = is_sure and page.total[sure[0][0]] < OWN_TEXT and not page.has_clocks(sure)
    if least and (not is_sure or len(sure) < _LEAST_AGAINST_THE_HEAD[mark]):
        return _NONE
    if 2 * len(sure) > len(spans) and not least and mark != "teasers":  # the others are articles too, without a text
        sure = [(at, end) for at, end in spans if test(at, end) or page.is_named(at) or page.size(at, end) > OWN_TEXT]
    found = _found(page, sure, headline)
    are_different = len({(item.words, page.lines[at].text) for item, (at, _) in zip(found, sure, strict=False)}) > 1
    return Verdict(found, is_sure) if are_different and len(found) > 1 else _NONE


def _is_titled(item: Found, title: str) -> bool:
    """Whether most words of its headline are in the page's title, too."""
    words = item.words.casefold().split()
    return 2 * sum(word in title.casefold() for word in words) > len(words)


def _found(page: Page, spans: list[tuple[int, int]], headline: Headline) -> list[Found]:
    """One for each headline: an article with two dates is found once."""
    found: dict[int, Found] = {}
    for at, end in spans:
        head = headline(at)
        first = at if head is None else min(head, at)
        words = page.lines[head].text if head is not None else _words(page, at, end)
        found.setdefault(at if head is None else head, Found(page.lines[first].place, words))
    return list(found.values())


def _words(page: Page, at: int, end: int) -> str:
    """The first words of an article whose headline is not known as one."""
    near = range(at, min(end, at + _LONGEST_RECORD))
    texts = (page.lines[place].text for place in near if not signs.is_date(page.lines[place]))
    return next((text for text in texts if signs.is_telling(text)), page.lines[at].text)
