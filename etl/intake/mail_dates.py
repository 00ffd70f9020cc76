"""The date in the head of a message, whose numbers stand in the order of the mail program that wrote the head.

Neither the language of the article nor the labels tell it: a German Notes may write 03/02/2026 09:31 AM.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, timedelta
from email.utils import parsedate_to_datetime

_NUMBERS = re.compile(
    r"(?<![\d/.-])(?P<first>\d{1,2})(?P<mark>[-/.])\s?(?P<second>\d{1,2})(?P=mark)\s?(?P<last>\d{4}|\d{1,2})(?!\d)\.?"
)
_DOTTED_CLOCK = re.compile(r"(?<![\d.])(\d{1,2})\.(\d{2})(?![\d.])")
_DIRECTIONS = re.compile(r"[\u200e\u200f\u202a-\u202e]")
_FIRST_YEAR_OF_OTHERS = 2400
"""Of calendars in which this is the past, as the Buddhist one."""
_LAST_SHORT_YEAR = 69
_SHORTEST_WEEKDAY = 3
"""Letters; "ma" is a Monday in Dutch, and a Tuesday in Spanish."""
_ZONES = timedelta(days=1)
"""By how much the day of one instant differs between time zones."""


def with_iso_day(printed: str, announced: str, sent_on: str) -> str | None:
    """Returns a date with its numbers as year, month and day; as printed, where they need no order; None where they can
    be read in several ways.

    In: the date; the line above the head, in which the same program may have written when it forwarded the message; the
    header Date of the letter, which is no earlier than what it forwards.
    """
    text = _DIRECTIONS.sub("", printed)
    numbers = _NUMBERS.search(text)
    if numbers is None or _is_time(numbers) or int(numbers["last"]) >= _FIRST_YEAR_OF_OTHERS:
        return printed
    days = _days(numbers)
    found = set(days.values())
    if len(found) > 1:
        found = _possible(days, _weekdays(text, text[: numbers.start()]), announced, _day_of(sent_on))
    if len(found) != 1:
        return None
    clock = _DOTTED_CLOCK.sub(r"\1:\2", text[numbers.end() :])  # behind such a day, 13.45 would be a part of an hour
    return f"{text[: numbers.start()]}{found.pop().isoformat()}{clock}"


def _weekdays(text: str, before: str) -> set[int]:
    """Those that a text may name: by a name, or by an abbreviation that stands alone before its numbers."""
    from etl.normalise._calendar_words import key_of, short_weekdays  # late: their package imports pandas
    from etl.normalise._date_prose import weekday_in
    from etl.normalise._date_words import FILLERS, plain

    named = weekday_in(plain(text), None)
    if named is not None:
        return {named}
    word = key_of(plain(before).rstrip(" ,"))
    is_one = len(word) >= _SHORTEST_WEEKDAY and word not in FILLERS
    return {meaning.number for meaning in short_weekdays().get(word, [])} if is_one else set()


def _possible(days: dict[str, date], weekdays: set[int], announced: str, sent: date | None) -> set[date]:
    """Of the days that numbers may mean those that weekdays, line above and day of the letter allow."""
    orders = _orders_that_give(sent, announced) if sent else set()
    return {
        day
        for order, day in days.items()
        if (day.weekday() in weekdays or not weekdays)
        and (sent is None or day - sent <= _ZONES)
        and (order in orders or not orders)
    }


def _is_time(numbers: re.Match[str]) -> bool:
    """Whether the numbers are those of a clock, behind a day in words: 2 March 2026 klo 9.31.12."""
    return numbers["mark"] == "." and any(map(str.isdigit, numbers.string[: numbers.start()]))


def _orders_that_give(sent: date, announced: str) -> set[str]:
    """The orders in which a line states the day on which the message was forwarded."""
    numbers = _NUMBERS.search(announced)
    days = _days(numbers) if numbers else {}
    return {order for order, day in days.items() if abs(day - sent) <= _ZONES}


def _days(numbers: re.Match[str]) -> dict[str, date]:
    """The days that three numbers may mean, by the order in which they do.

    Between dots a month is never first, and a year of two digits is first only where a dot ends the date, too, as in
    Korean. A year is never one digit.
    """
    first, second, last = (int(numbers[name]) for name in ("first", "second", "last"))
    is_dotted, length = numbers["mark"] == ".", len(numbers["last"])
    orders = {} if length == 1 else {"dmy": (last, second, first)}
    if length > 1 and not is_dotted:
        orders["mdy"] = last, first, second
    if length < 4 and len(numbers["first"]) == 2 and (length == 1 or not is_dotted or numbers[0].endswith(".")):
        orders["ymd"] = first, second, last
    days = {}
    for order, (year, month, day) in orders.items():
        with suppress(ValueError):
            days[order] = date(year if length == 4 else _whole_year(year), month, day)
    return days


def _whole_year(year: int) -> int:
    return year + (2000 if year <= _LAST_SHORT_YEAR else 1900)


def _day_of(header: str) -> date | None:
    try:
        return parsedate_to_datetime(header).date()
    except (ValueError, OverflowError):
        return None
