"""How many articles a page can hold at most: a fast look at its lines before the scan of `several`.

An article begins at a line with a date or in an element `article`, and has so much text up to where the next begins.
The scan asks for more: that those lines are of one kind, and what stands beside them. It never finds more than here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from etl.formats.web import several_signs as signs
from etl.formats.web.page_lines import Line


def can_hold(lines: Sequence[Line], fewest: Mapping[str, int], least: int) -> bool:
    """Whether there can be as many articles as `fewest` says, by what they begin with (`article` or `date`), each with
    `least` characters of text."""
    return any(_most(lines, _BEGINS[mark], least) >= number for mark, number in fewest.items())


def _begins_article(line: Line) -> bool:
    return "article" in line.opened


_BEGINS: dict[str, Callable[[Line], bool]] = {"article": _begins_article, "date": signs.is_date}


def _most(lines: Sequence[Line], begins: Callable[[Line], bool], least: int) -> int:
    """The most articles of that size: each ends as soon as it has it, and the next begins where one can."""
    found, size, is_open = 0, 0, False
    for line in lines:
        is_open = is_open or begins(line)
        size += signs.size(line) if is_open else 0
        if size >= least:
            found, size, is_open = found + 1, 0, False
    return found
