"""Dates of a workbook whose day and month Excel may have exchanged.

Where Excel expects the month first and reads days first, 05/06/2026 (the fifth of June) becomes the sixth of May, and
13/06/2026 stays a text, for there is no thirteenth month. So a column of dates of which none is later than the twelfth,
beside texts of which some are, has been through that. The same the other way round. A column goes on in other sheets
under the same name: what one sheet does not show, all of them may.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
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
        """Cells that are dates, without those that are the same with day and month exchanged; and texts that cannot be
        one so."""
        self._is_genuine = False

    @classmethod
    def of(cls, columns: Iterable[DatesOfColumn]) -> DatesOfColumn:
        """Several columns as one."""
        whole = cls()
        for column in columns:
            whole.dates += column.dates
            whole.texts += column.texts
            whole._is_genuine |= column._is_genuine
        return whole

    def look(self, cell: Any) -> None:
        """Note a cell."""
        if isinstance(cell, date):
            self.dates += cell.day != cell.month
            self._is_genuine |= cell.day > LAST_MONTH
        elif isinstance(cell, str) and (found := _TEXT.match(cell)):
            first, second = sorted((int(found[1]), int(found[3])))
            self.texts += first <= LAST_MONTH < second <= LAST_DAY

    @property
    def is_exchanged(self) -> bool:
        """Whether day and month of its dates were probably exchanged."""
        return not self._is_genuine and self.dates >= FEWEST_DATES and self.texts > 0


def warning(columns: Mapping[tuple[str, str], DatesOfColumn]) -> str | None:
    """What a person is told of the columns, by their name and place, whose dates were exchanged; None without any."""
    named: defaultdict[str, list[DatesOfColumn]] = defaultdict(list)
    for (name, _), column in columns.items():
        named[name].append(column)
    exchanged = [column for own in named.values() for column in _exchanged(own)]
    if not exchanged:
        return None
    dates, texts = sum(column.dates for column in exchanged), sum(column.texts for column in exchanged)
    return (
        f"{dates:,} of its dates have no day after the {LAST_MONTH}th, and {texts:,} beside them are texts that do: "
        "Excel has probably exchanged day and month of the dates, which are kept as they are; ask for it with dates as "
        "text, or as CSV"
    )


def _exchanged(columns: list[DatesOfColumn]) -> list[DatesOfColumn]:
    """All columns of one name as one if its dates were exchanged, else those of which that is so by themselves."""
    whole = DatesOfColumn.of(columns)
    return [whole] if whole.is_exchanged else [column for column in columns if column.is_exchanged]
