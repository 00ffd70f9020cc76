"""Where the header of a sheet stands: by the names in its first rows; or which sheet goes on without one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import reduce
from typing import NamedTuple

from etl.formats.common.csv_text import LONGEST_NAME
from etl.formats.common.stanza_columns import required_columns, without_found
from etl.formats.common.usual_names import known
from etl.model import Feed

MOST_BEFORE_HEADER = 30
"""Rows of a sheet above its header: who clipped what, when, for whom."""
FEWEST_COLUMNS = 3
"""Of a sheet that goes on without a header: two columns of texts may be a glossary."""
_LABELLED = 2
"""Cells of a row that is a label and what it says: `Title | Press review`."""
_FIGURE = re.compile(r"(?=\D*\d)[\d.,:/+\- TZ]{1,40}")
"""A number, a day or a time, as a cell shows it or as its file keeps it."""


def header_at(rows: Sequence[Sequence[str]], feed: Feed) -> int | None:
    """Which of the first rows of a sheet, none of them blank, is the header: the first with all columns that the stanza
    names, else the first with two usual names, one of them a headline's or body's. In the very first row one is enough,
    unless it is one of the labels above the header; of a row that groups columns, the row below is the header. None
    where there is no such row: the sheet holds something else."""
    named = [[name for name in row if name.strip()] for row in rows[: MOST_BEFORE_HEADER + 1]]
    at = next((at for at, names in enumerate(named) if _is_header(names, feed, 2 if at else 1)), None)
    if at is None or required_columns(feed):
        return at
    if at == 0 and known(named[0])[0] == 1:
        at = _below_labels(named, feed)
    below = named[at + 1] if at + 1 < len(named) else []
    is_group = len(named[at]) < len(below) and known(named[at])[0] < known(below)[0] and names_columns(below, feed)
    return at + is_group


def _below_labels(named: list[list[str]], feed: Feed) -> int:
    """Which row is the header under rows of two cells, a label and what it says, if these are such; else the first."""
    wide = next((at for at, names in enumerate(named) if len(names) > _LABELLED), 0)
    is_below = len(named[0]) == _LABELLED and wide > 0 and names_columns(named[wide], feed)
    return wide if is_below else 0


def _is_header(names: list[str], feed: Feed, least_known: int) -> bool:
    if required := required_columns(feed):
        return not without_found(required, dict.fromkeys(names))
    number, has_article = known(names)
    return has_article and number >= least_known


def names_columns(row: Sequence[str], feed: Feed) -> bool:
    """Whether a row below a header is that of another table: cells as short as names, none of them a figure, and more
    than half of them usual names, a headline's or body's among them; or all the columns that the stanza names."""
    if max(map(len, row), default=0) > LONGEST_NAME:
        return False
    names = [name for name in row if name.strip()]
    if any(map(_FIGURE.fullmatch, names)):
        return False
    number, has_article = known(names)
    if has_article and number > 1 and len(names) < 2 * number:
        return True
    required = required_columns(feed)
    return len(required) > 1 and not without_found(required, dict.fromkeys(names))


class Shape(NamedTuple):
    """What the rows under a header have in common: the columns that all of them fill, which of these hold figures in
    all of them, and how many columns the header has."""

    filled: frozenset[int]
    figures: frozenset[int]
    width: int


def shape(rows: Sequence[Sequence[str]], header: Sequence[str]) -> Shape:
    """The shape of the first rows under a header, all counted from column A."""
    return Shape(_in_all(rows, str.strip), _in_all(rows, _FIGURE.fullmatch), _width(header))


def goes_on(rows: Sequence[Sequence[str]], before: Shape | None) -> bool:
    """Whether the first rows of a sheet without a header are of the shape of those under the last header: they fill the
    same columns, with figures in the same ones, and none beside them."""
    if before is None or len(before.filled) < FEWEST_COLUMNS or not before.figures or not rows:
        return False
    filled, figures = _in_all(rows, str.strip), _in_all(rows, _FIGURE.fullmatch)
    is_alike = before.filled <= filled and before.figures == figures & before.filled
    return is_alike and max(map(_width, rows)) <= before.width


def _in_all(rows: Sequence[Sequence[str]], test: Callable[[str], object]) -> frozenset[int]:
    each = (frozenset(at for at, cell in enumerate(row) if test(cell)) for row in rows)
    return reduce(frozenset.intersection, each) if rows else frozenset()


def _width(row: Sequence[str]) -> int:
    return max((at for at, cell in enumerate(row, 1) if cell.strip()), default=0)
