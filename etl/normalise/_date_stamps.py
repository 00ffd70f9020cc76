"""Dates as programs print them: ISO 8601, digits without separators, Unix epochs, day numbers of spreadsheets."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

_OFFSET = re.compile(r"[+\-Z .,]")
_DAY_IN_ZONE = re.compile(r"^(\d{4}-\d\d-\d\d|\d{8})(?:Z|[+-]\d\d:?\d\d)$")
_LONGEST_DAY_IN_ZONE = len("2018-01-05+01:00")
_WEEK_WITH_DAY = re.compile(r"\d{4}-?W\d\d-?[1-7](?!\d)")
_EPOCH = re.compile(r"(\d{10}|\d{13})(?:\.\d+)?|\d{16}|\d{19}")
_POWER = re.compile(r"\d\.\d{7,}[eE]\+?(?:09?|9|1[258])")
_DOT_NET = re.compile(r"\\?/?Date\((-?\d{1,14})(?:[+-]\d{4})?\)\\?/?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_SERIAL_ZERO = datetime(1899, 12, 30)
_DIGIT_SHAPES = {
    4: ("%Y", "year"),
    8: ("%Y%m%d", "day"),
    12: ("%Y%m%d%H%M", "minute"),
    14: ("%Y%m%d%H%M%S", "second"),
}
EPOCH_LIMIT = 4_102_444_800  # 2100-01-01 in seconds


class Stamp(NamedTuple):
    """One date as read. `at` has a zone, and is set only where a time was printed."""

    at: datetime | None
    on: date | None
    precision: str | None


UNKNOWN = Stamp(None, None, None)


def read_stamp(text: str, zone: str, is_serial: bool) -> Stamp | None:
    """Returns the date of what a program printed; None where it is something else.

    In: the text; the source's zone; whether the column consists of day numbers (43105 is 5 January 2018: days since
    the end of 1899, as spreadsheets count), which a lone number does not show. Raises ValueError if impossible.
    """
    if is_serial and _SERIAL.fullmatch(text):
        return _read_serial(text, zone)
    return _read_iso(text, zone) or _read_digits(text, zone) or _read_number(text, zone)


def stamp(moment: datetime, precision: str, zone: str) -> Stamp:
    """Returns a moment as it counts for a source: without offset it is the source's own time."""
    if precision in ("day", "month", "year"):
        return Stamp(None, moment.date(), precision)
    offset = moment.utcoffset()
    if offset is None:
        return Stamp(moment.replace(tzinfo=ZoneInfo(zone)), moment.date(), precision)
    if offset or zone == "UTC":
        return Stamp(moment, moment.date(), precision)
    return Stamp(moment, moment.astimezone(ZoneInfo(zone)).date(), precision)


def _read_iso(text: str, zone: str) -> Stamp | None:
    """ISO 8601, extended and basic; a week without its day does not name a day and is left alone."""
    if text.isdecimal() or ("W" in text and not _WEEK_WITH_DAY.match(text)):
        return None
    if len(text) <= _LONGEST_DAY_IN_ZONE:
        text = _DAY_IN_ZONE.sub(r"\1", text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return stamp(moment, _iso_precision(text), zone)


def _iso_precision(text: str) -> str:
    if len(text) >= 19 and text[16] == ":":
        return "second"
    week = _WEEK_WITH_DAY.match(text)
    day_length = week.end() if week else 10 if text[4] == "-" else 8
    digits = len(_OFFSET.split(text[day_length + 1 :])[0].replace(":", ""))
    return {0: "day", 2: "hour", 4: "minute"}.get(digits, "second")


def _read_digits(text: str, zone: str) -> Stamp | None:
    """Only digits: an epoch if there are enough for one, else a date without separators."""
    whole = text.partition(".")[0]
    if not (whole.isascii() and whole.isdecimal()):
        return None
    if _EPOCH.fullmatch(text):
        return _read_epoch(Decimal(text), len(whole), zone)
    if len(whole) == 6 and whole[:2] > "31":  # neither day nor month: a year in the 20th century
        return _read_digits(f"19{text}", zone)
    if whole != text or len(text) not in _DIGIT_SHAPES:
        return None
    shape, precision = _DIGIT_SHAPES[len(text)]
    return stamp(datetime.strptime(text, shape), precision, zone)


def _read_number(text: str, zone: str) -> Stamp | None:
    """An epoch as .NET's JSON prints it, or with an exponent: with fewer than eight digits that is not exact enough."""
    if match := _DOT_NET.fullmatch(text):
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(match[1]))
        return stamp(moment, "second", zone)
    if _POWER.fullmatch(text):
        number = Decimal(text)
        return _read_epoch(number, len(str(int(number))), zone)
    return None


def _read_epoch(number: Decimal, digits: int, zone: str) -> Stamp:
    """Seconds since 1970 have ten digits from 2001 on; thirteen are milliseconds, and so on."""
    seconds = number / 10 ** (digits - 10)
    if seconds >= EPOCH_LIMIT:
        return UNKNOWN
    moment = datetime.fromtimestamp(int(seconds), UTC) + timedelta(microseconds=int(seconds % 1 * 1_000_000))
    return stamp(moment, "second", zone)


def _read_serial(text: str, zone: str) -> Stamp:
    moment = _SERIAL_ZERO + timedelta(seconds=round(Decimal(text) * 86_400))
    return stamp(moment, "second" if float(text) % 1 else "day", zone)
