"""Cells of a column of dates that are numbers: perhaps days that lack the format of a date.

Excel counts days from the end of 1899, or, in workbooks that began on an old Mac, from 1904. A number alone does not
show that it is a day: it stays a number, counted from 1899 in either case, and is told.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

_FIRST, _LAST = 25_000, 54_999
"""Days from 1968 to 2050."""
_BEFORE_FIRST = date(1899, 12, 30)
_DAYS_TO_1904 = 1_462


class DayNumbers:
    """The numbers among the dates of a workbook, as they are seen one by one."""

    def __init__(self, is_from_1904: bool) -> None:
        self._shift = _DAYS_TO_1904 if is_from_1904 else 0
        self._count = 0
        self._first: int | float = 0

    def counted_from_1899(self, cell: Any) -> Any:
        """A cell of a column of dates; a number that may be a day as Excel would count it from 1899."""
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
        day = _BEFORE_FIRST + timedelta(days=int(self._first) + self._shift)
        return (
            f"{self._count:,} of its dates are numbers without the format of a date, such as {self._first}, which may "
            f"be {day}: they are read as days only where there are several and hardly anything else; give their column "
            "the format of a date and save it, or ask for dates as text"
        )
