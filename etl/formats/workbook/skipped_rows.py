"""Rows of sheets that are not read: each a Skip, and told where they may be articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from etl.formats.common.header_row import FEWEST_COLUMNS
from etl.model import Doubt

FEWEST_TOLD_WORDS = 60
"""Of what is not read."""


class SkippedRows:
    """The rows of one sheet that are not read, as they are seen one by one."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._rows: Counter[int] = Counter()
        self._words: Counter[int] = Counter()
        """Both by the number of cells; of rows that are as long as an article under 0."""

    def look(self, text: str, cells: int) -> None:
        """See a row with so many cells that hold something."""
        words = len(text.split())
        key = 0 if words >= FEWEST_TOLD_WORDS else cells
        self._rows[key] += 1
        self._words[key] += words

    def told(self, columns: int) -> Iterator[Doubt]:
        """What a person is told beside a list of so many columns: where a row has as many cells as the list, one with
        fewer, but several, may be an article without a date."""
        is_wide = columns >= FEWEST_COLUMNS and self._rows[columns] > 0
        likely = [key for key in self._rows if key == 0 or (is_wide and key > 1)]
        if likely:
            yield Doubt(
                f"{sum(self._rows[key] for key in likely):,} of its rows are not read ({self._kind}), but are about as "
                f"long or wide as an article, with {sum(self._words[key] for key in likely):,} words in all; if they "
                "are articles, or hold some, put a header with the names of their columns above them, or ask for all "
                "of them in one sheet"
            )
