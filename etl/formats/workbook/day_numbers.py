"""Cells of a column of dates that are numbers: perhaps days that lack the format of a date.

Excel counts days from the end of 1899, or, in workbooks that began on an old Mac, from 1904; LibreOffice from a day
that its file states. A number alone does not show that it is a day: it stays a number, counted from 1899 in any case,
and is told. So is one that is a text, where the workbook counts from another day.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from etl.formats.workbook.file import DAY_0

_FIRST, _LAST = 25_000, 54_999
"""Days from 1968 to 2050."""
_DIGITS = re.compile(r"\s*[0-9]{5}\s*")


class DayNumbers:
    """The numbers among the dates of a workbook, as they are seen one by one."""

    def __init__(self, day_0: date) -> None:
        """`day_0`: that which the workbook counts from."""
        self._shift = (day_0 - DAY_0).days
        self._count = 0
        self._first: int | float = 0

    def counted_from_1899(self, cell: Any) -> Any:
        """A cell of a column of dates; a number that may be a day as Excel would count it from 1899."""
        if isinstance(cell, str) and self._shift and _DIGITS.fullmatch(cell):
            number = self.counted_from_1899(int(cell))
            return str(number) if number != int(cell) else cell
        if isinstance(cell, bool) or not isinstance(cell, int | float):
            return cell
        if not _FIRST <= cell + self._shift <= _LAST:
            return cell
        self._first = cell if not self._count else self._first
        self._count += 1
        return cell + self._shift

    @property
    def warning(self) -> str | None:
        """What a person is told; None where no number was seen."""
        if not self._count:
            return None
        day = DAY_0 + timedelta(days=int(self._first) + self._shift)
        return (
            f"{self._count:,} of its dates are numbers without the format of a date, such as {self._first}, which may "
            f"be {day}: they are read as days only where there are several and hardly anything else; give their column "
            "the format of a date and save it, or ask for dates as text"
        )
