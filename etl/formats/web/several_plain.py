"""Articles whose headlines nothing marks: a short line that is no sentence, between a text and a date. For the scan of
`several`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile

from etl.formats.web import several_signs as signs
from etl.formats.web.page_lines import Line
from etl.formats.web.several_page import Page

_SENTENCE_ENDS = (".", "…", ":", ";", ",", "。", "：", "；", "，", "、", "।", "؛", "،", "۔", "።")
_LONGEST_HEADLINE = 150
_LONGEST_IN_FULL_WIDTH = 60
"""Where most characters are whole words or syllables, and in scripts that end no sentence with a sign."""
_SHORTEST_HEADLINE = 4
_LONGEST_DECK = 200
_FEWEST_LETTERS = 12
"""Of a headline of one or two words, which could be a name."""
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff]")
_MOST_HEADS = 4
"""Lines between the texts of two articles: rubric, headline, deck, author. More are a list, or a menu."""


def headline_before(page: Page, at: int) -> int | None:
    """The line before a mark that may be the headline of the text after it; a sentence may stand between the two."""
    run = _short_run(page.lines, range(at - 1, -1, -1))
    if not run and at > 1 and len(page.lines[at - 1].text) <= _LONGEST_DECK:
        run = _short_run(page.lines, range(at - 2, -1, -1))
    return _headline(page, run[::-1])


def headline_after(page: Page, at: int) -> int | None:
    """The line after a mark, and right above a text, that may be its headline."""
    return _headline(page, _short_run(page.lines, range(at + 1, len(page.lines))))


def headline_at(page: Page, at: int) -> int | None:
    """The line that may be a headline where an article begins without a mark."""
    return headline_after(page, at - 1)


def headlines(page: Page) -> list[int]:
    """The lines that may be headlines: each is the first of a few short ones between texts."""
    found, lines = [], page.lines
    for at, line in enumerate(lines):
        if _may_be_headline(line) and (at == 0 or not _may_be_headline(lines[at - 1])) and headline_at(page, at) == at:
            found.append(at)
    return found


def begins(page: Page, marks: Sequence[int]) -> list[int]:
    """Where articles begin that each end with one of these marks; nothing where one of them ends no text."""
    lines = page.lines
    if any(at == 0 or _may_be_headline(lines[at - 1]) for at in marks):
        return []
    text = next(at for at in range(marks[0]) if not _may_be_headline(lines[at]))
    first = min(_run(lines, range(text - 1, -1, -1)), default=text)
    return [first, *(at + 1 for at in marks[:-1])]


def _run(lines: Sequence[Line], places: range) -> Iterator[int]:
    return takewhile(lambda place: _may_be_headline(lines[place]), places)


def _short_run(lines: Sequence[Line], places: range) -> list[int]:
    """As many of a run as headlines may be, or one more."""
    return list(islice(_run(lines, places), _MOST_HEADS + 1))


def _headline(page: Page, run: Sequence[int]) -> int | None:
    if len(run) > _MOST_HEADS:
        return None
    return next((at for at in run if _is_of_words(page.lines[at].text) and not page.is_field(at)), None)


def _may_be_headline(line: Line) -> bool:
    text = line.text
    if signs.is_date(line) or text.endswith(_SENTENCE_ENDS):
        return False
    is_unspaced = 2 * len(_UNSPACED.findall(text)) > len(text)
    return _SHORTEST_HEADLINE <= len(text) <= (_LONGEST_IN_FULL_WIDTH if is_unspaced else _LONGEST_HEADLINE)


def _is_of_words(text: str) -> bool:
    return signs.is_of_words(text) or len(text) >= _FEWEST_LETTERS
