"""Where the header of a sheet stands: by the names in its first rows."""

from __future__ import annotations

from collections.abc import Sequence

from etl.formats.common.stanza_columns import required_columns, without_found
from etl.formats.common.usual_names import known
from etl.model import Feed

MOST_BEFORE_HEADER = 30
"""Rows of a sheet above its header: who clipped what, when, for whom."""


def header_at(rows: Sequence[Sequence[str]], feed: Feed) -> int | None:
    """Which of the first rows of a sheet, none of them blank, is the header: the first with all columns that the stanza
    names, else the first with two usual names, one of them a headline's or body's. In the very first row one is enough.
    None where there is no such row: the sheet holds something else."""
    for at, row in enumerate(rows[: MOST_BEFORE_HEADER + 1]):
        names = [name for name in row if name.strip()]
        if _is_header(names, feed, 2 if at else 1):
            return at
    return None


def _is_header(names: list[str], feed: Feed, least_known: int) -> bool:
    if required := required_columns(feed):
        return not without_found(required, dict.fromkeys(names))
    number, has_article = known(names)
    return has_article and number >= least_known
