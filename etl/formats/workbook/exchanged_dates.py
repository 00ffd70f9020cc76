"""Dates of a workbook whose day and month Excel may have exchanged.

Where Excel expects the month first and reads days first, 05/06/2026 (the fifth of June) becomes the sixth of May, and
13/06/2026 stays a text, for there is no thirteenth month. So a column of dates of which none is later than the twelfth,
beside texts of which some are, has been through that. The same the other way round.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

LAST_MONTH = 12
LAST_DAY = 31
FEWEST_DATES = 2
_TEXT = re.compile(r"\s*(\d{1,2})([./-])(\d{1,2})\2\d{2,4}\b")


class DatesOfColumn:
    """What the cells of a column of dates are, as they are seen one by one."""

    def __init__(self) -> None:
        self.dates = self.texts = 0
        """Cells that are dates, and texts that cannot be one with day and month exchanged."""
        self._is_genuine = False

    def look(self, cell: Any) -> None:
        """Note a cell."""
        if isinstance(cell, date):
            self.dates += 1
            self._is_genuine |= cell.day > LAST_MONTH
        elif isinstance(cell, str) and (found := _TEXT.match(cell)):
            first, second = sorted((int(found[1]), int(found[3])))
            self.texts += first <= LAST_MONTH < second <= LAST_DAY

    @property
    def is_exchanged(self) -> bool:
        """Whether day and month of its dates were probably exchanged."""
        return not self._is_genuine and self.dates >= FEWEST_DATES and self.texts > 0


def warning(columns: Iterable[DatesOfColumn]) -> str | None:
    """What a person is told of the columns whose dates were exchanged; None where none was."""
    exchanged = [column for column in columns if column.is_exchanged]
    if not exchanged:
        return None
    dates, texts = sum(column.dates for column in exchanged), sum(column.texts for column in exchanged)
    return (
        f"{dates:,} of its dates have no day after the {LAST_MONTH}th, and {texts:,} beside them are texts that do: "
        "Excel has probably exchanged day and month of the dates, which are kept as they are; ask for it with dates as "
        "text, or as CSV"
    )
