"""Dates as printed in dumps, read without ever looking at a clock.

A date is read as printed or not at all: what is impossible or ambiguous becomes null.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from typing import NamedTuple
from unicodedata import combining, normalize
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa

from etl.normalise._clocks import either, take_clock
from etl.normalise._columns import to_frame, to_list, to_series
from etl.normalise._date_words import DAYS_AGO, MONTHS, WEEKDAYS
from etl.normalise._wire_dates import wire_time

_OFFSET = re.compile(r"[+\-Z .,]")
_DAY_IN_ZONE = re.compile(r"^(\d{4}-\d\d-\d\d|\d{8})(?:Z|[+-]\d\d:?\d\d)$")
_EPOCH = re.compile(r"\d{10}(?:\.\d+)?|\d{13}")
_DIGIT_SHAPES = {
    4: ("%Y", "year"),
    8: ("%Y%m%d", "day"),
    12: ("%Y%m%d%H%M", "minute"),
    14: ("%Y%m%d%H%M%S", "second"),
}


_NAME = rf"(?P<name>{either(*MONTHS)})(?![^\W\d_])\.?"
_DAY = r"(?<!\d)(?P<day>\d{1,2})"
_TH = "st|nd|rd|th|er|º"
_YEAR = r"(?P<year>\d{4})(?!\d)"
_SHAPES: list[tuple[re.Pattern[str], str]] = [
    (re.compile(shape), precision)
    for shape, precision in (
        (rf"{_DAY}(?:{_TH}|\.)?[\s/-]*(?:(?:of|de)\s)?{_NAME},?[\s/-]*(?:(?:de|del)\s)?{_YEAR}", "day"),
        (rf"(?<![^\W\d_]){_NAME}\s*{_DAY}(?:{_TH})?(?:,\s?|\s){_YEAR}", "day"),
        (rf"(?<!\d)(?P<year>\d{{4}})[\s/-]{_NAME}[\s/-]{_DAY}(?!\d)", "day"),
        (r"(?<!\d)(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?!\d)", "day"),
        (rf"(?<!\d)(?P<first>\d{{1,2}})(?P<mark>[-/.])\s?(?P<second>\d{{1,2}})(?P=mark)\s?{_YEAR}", "day"),
        (r"(?P<year>\d{4})\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일]", "day"),
        (r"^(?P<year>\d{4})\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]$", "month"),
        (rf"^{_NAME},?[\s/-]?(?:(?:de|del)\s)?{_YEAR}$", "month"),
        (r"^(?P<year>\d{4})[-/](?P<month>\d{1,2})$", "month"),
        (rf"^(?P<month>\d{{1,2}})[/.]{_YEAR}$", "month"),
        (r"^(?P<first>\d{1,2})(?P<mark>[-/.])(?P<second>\d{1,2})(?P=mark)(?P<year>3[2-9]|[4-9]\d)$", "day"),
    )
]
_MAIL_DAY = re.compile(rf"{_DAY}[\s-]{_NAME}[\s-](?P<short_year>\d{{2}})(?!\d)")

FIRST_YEAR, LAST_YEAR = 1600, 2200
EPOCH_LIMIT = 4_102_444_800  # 2100-01-01 in seconds
FUTURE_TOLERANCE = timedelta(days=2)


class Stamp(NamedTuple):
    """One date as read. `at` has a zone, and is set only where a time was printed."""

    at: datetime | None
    on: date | None
    precision: str | None


UNKNOWN = Stamp(None, None, None)


def parse_dates(raw: pd.Series, timezone: pd.Series | str, date_order: str | None) -> pd.DataFrame:
    """Read printed dates.

    In: strings; the source's time zone (IANA name; null is UTC); `date_order` (`dmy`, `mdy` or None) says how to read
    03/04/2021, which is unknown without it. Out, on the same index:

    - `at` (timestamp[us, UTC]): the instant; null without a printed time.
    - `on` (date32): the day as printed; a stamp in UTC (Z, +00:00, GMT, epoch) is converted to the source's zone first.
      The first day where only a month or a year is printed.
    - `precision` (string): `second`, `minute`, `hour`, `day`, `month`, `year`; null where `on` is null.

    A printed offset wins over the source's zone. A local time that occurs twice (the end of summer time) is the first
    of the two; one that never occurs is moved forward by the hour that was skipped. Impossible dates, years before 1600
    or after 2200, and ambiguous dates are null; with an impossible time the day remains; two digits above 31 are a year
    in the 20th century. Shapes: ISO 8601, RFC 2822, Unix epochs, and dates as newspapers print them.
    """
    zones = timezone if isinstance(timezone, pd.Series) else pd.Series(timezone, index=raw.index)
    read = cache(partial(_read, date_order=date_order))
    pairs = zip(to_list(raw), to_list(zones), strict=True)
    stamps = [read(text, zone or "UTC") if text else UNKNOWN for text, zone in pairs]
    columns: dict[str, pa.Array] = {
        "at": pa.array([stamp.at for stamp in stamps], pa.timestamp("us", tz="UTC")),
        "on": pa.array([stamp.on for stamp in stamps], pa.date32()),
        "precision": pa.array([stamp.precision for stamp in stamps], pa.string()),
    }
    return to_frame(columns, raw.index)


def resolve_relative(raw: pd.Series, issue_date: pd.Series | date | None) -> pd.Series:
    """Returns the dates of words such as "yesterday" and "Thursday", in English, German and French.

    In: strings; the day of the issue that they are in. Out: date32; null where the word or the issue's day is unknown.
    A weekday is the last such day on or before the issue's.
    """
    if not isinstance(issue_date, pd.Series):
        issue_date = pd.Series(issue_date, index=raw.index, dtype=object)
    days = pa.array(issue_date, from_pandas=True).cast(pa.date32()).to_pylist()
    pairs = zip(to_list(raw), days, strict=True)
    found = [_resolve(word, day) if word and day else None for word, day in pairs]
    return to_series(pa.array(found, pa.date32()), raw.index)


def drop_future(frame: pd.DataFrame, started_at: datetime) -> pd.DataFrame:
    """Remove dates more than two days after the start of the run.

    In: what `parse_dates` returns. Out: the same columns, null where the date is in the future, and `is_future`.
    """
    start = started_at if started_at.tzinfo else started_at.replace(tzinfo=UTC)
    limit = start + FUTURE_TOLERANCE
    by_instant = frame["at"] > pd.Timestamp(limit)
    by_day = frame["at"].isna() & (frame["on"] > limit.date())
    is_future = by_instant.fillna(False) | by_day.fillna(False)
    return frame.mask(is_future).astype(frame.dtypes).assign(is_future=is_future)


def credible_days(days: pd.Series, started_at: datetime) -> pd.Series:
    """Returns days (date32) that were stated from outside; null where no article can be of that day.

    That is before 1600, as for printed dates, or more than two days after the start of the run.
    """
    last = (started_at + FUTURE_TOLERANCE).date()
    return days.where((days >= date(FIRST_YEAR, 1, 1)) & (days <= last))


def _read(text: str, zone: str, date_order: str | None) -> Stamp:
    """Read a date. The first reader that recognises the shape decides."""
    text = text.strip()
    try:
        stamp = _read_iso(text, zone) or _read_digits(text, zone) or _read_prose(text, zone, date_order)
    except (ValueError, OverflowError):
        return UNKNOWN
    return stamp if stamp and stamp.on and FIRST_YEAR <= stamp.on.year <= LAST_YEAR else UNKNOWN


def _read_iso(text: str, zone: str) -> Stamp | None:
    """ISO 8601, extended and basic; a week without its day does not name a day and is left alone."""
    if text.isdecimal() or "W" in text:
        return None
    text = _DAY_IN_ZONE.sub(r"\1", text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return _stamp(moment, _iso_precision(text), zone)


def _iso_precision(text: str) -> str:
    if len(text) >= 19 and text[16] == ":":
        return "second"
    day_length = 10 if text[4] == "-" else 8
    digits = len(_OFFSET.split(text[day_length + 1 :])[0].replace(":", ""))
    return {0: "day", 2: "hour", 4: "minute"}.get(digits, "second")


def _read_digits(text: str, zone: str) -> Stamp | None:
    """Only digits: an epoch if there are ten or thirteen, else a date without separators."""
    whole = text.partition(".")[0]
    if not (whole.isascii() and whole.isdecimal()):
        return None
    if len(whole) in (10, 13):
        return _read_epoch(text, zone) if _EPOCH.fullmatch(text) else None
    if len(whole) == 6 and whole[:2] > "31":  # neither day nor month: a year in the 20th century
        return _read_digits(f"19{text}", zone)
    if whole != text or len(text) not in _DIGIT_SHAPES:
        return None
    shape, precision = _DIGIT_SHAPES[len(text)]
    return _stamp(datetime.strptime(text, shape), precision, zone)


def _read_epoch(text: str, zone: str) -> Stamp:
    seconds = float(text) if len(text.partition(".")[0]) == 10 else float(text) / 1000
    if seconds >= EPOCH_LIMIT:
        return UNKNOWN
    return _stamp(datetime.fromtimestamp(seconds, UTC), "second", zone)


def _read_prose(text: str, zone: str, date_order: str | None) -> Stamp | None:
    """Day, month and year in words or numbers, and perhaps a time somewhere beside them."""
    if sent := wire_time(_plain(text)):
        return _stamp(sent, "minute", zone)
    clock, rest = take_clock(_plain(text))
    day, precision = _find_day(rest, date_order, is_mail_stamp=clock is not None and clock.zone is not None)
    if day is None or clock is None or precision != "day":
        return Stamp(None, day, precision) if day else None
    hour, minute, second, microsecond = clock.fields
    moment = datetime(day.year, day.month, day.day, hour, minute, second, microsecond, clock.zone)
    return _stamp(moment, clock.precision, zone)


def _stamp(moment: datetime, precision: str, zone: str) -> Stamp:
    if precision in ("day", "month", "year"):
        return Stamp(None, moment.date(), precision)
    offset = moment.utcoffset()
    if offset is None:
        return Stamp(moment.replace(tzinfo=ZoneInfo(zone)), moment.date(), precision)
    if offset or zone == "UTC":
        return Stamp(moment, moment.date(), precision)
    return Stamp(moment, moment.astimezone(ZoneInfo(zone)).date(), precision)


def _plain(text: str) -> str:
    """Returns the text in lower case, without accents, with single spaces."""
    text = " ".join(text.lower().split())
    if text.isascii():
        return text
    return normalize("NFC", "".join(char for char in normalize("NFD", text) if not combining(char)))


def _find_day(text: str, date_order: str | None, is_mail_stamp: bool) -> tuple[date | None, str]:
    """Returns the only day, month or year in the text; None where there are two different ones."""
    for shape, precision in _SHAPES:
        if days := {_read_day(match, date_order) for match in shape.finditer(text)}:
            return (days.pop() if len(days) == 1 else None), precision
    if is_mail_stamp and (match := _MAIL_DAY.search(text)):
        # RFC 2822, 4.3: two digits below 50 are in this century.
        year = int(match["short_year"])
        return date(year + (2000 if year < 50 else 1900), MONTHS[match["name"]], int(match["day"])), "day"
    return None, "day"


def _read_day(match: re.Match[str], date_order: str | None) -> date | None:
    parts = match.groupdict()
    year = int(parts["year"]) + (1900 if len(parts["year"]) == 2 else 0)
    if parts.get("first"):
        return _read_numbers(year, int(parts["first"]), int(parts["second"]), parts["mark"], date_order)
    month = MONTHS[parts["name"]] if parts.get("name") else int(parts.get("month") or 1)
    return date(year, month, int(parts.get("day") or 1))


def _read_numbers(year: int, first: int, second: int, mark: str, date_order: str | None) -> date | None:
    """A number above twelve is the day; a dot means day first; otherwise the feed's date_order decides."""
    if first > 12 or first == second:
        order = "dmy"
    elif second > 12:
        order = "mdy"
    else:
        order = "dmy" if mark == "." else date_order or ""
    if order == "dmy":
        return date(year, second, first)
    return date(year, first, second) if order == "mdy" else None


def _resolve(words: str, issue: date) -> date | None:
    word = _plain(words).replace("’", "'").strip(" .,").removeprefix("on ")
    if word in DAYS_AGO:
        return issue - timedelta(days=DAYS_AGO[word])
    if word in WEEKDAYS:
        return issue - timedelta(days=(issue.weekday() - WEEKDAYS[word]) % 7)
    return None
