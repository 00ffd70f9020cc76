"""Dates as dumps print them, read without ever asking the clock.

A date is read as it stands or not at all: what is impossible or has two meanings becomes null.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache, partial
from typing import NamedTuple
from unicodedata import combining, normalize
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa

from etl.normalise._columns import to_arrow, to_series
from etl.normalise._date_words import DAYS_AGO, MONTHS, WEEKDAYS, ZONE_HOURS, ZONE_PLACES

FIRST_YEAR, LAST_YEAR = 1600, 2200
EPOCH_LIMIT = 4_102_444_800  # 2100-01-01 in seconds
FUTURE_TOLERANCE = timedelta(days=2)

INSTANT = pa.timestamp("us", tz="UTC")


class Stamp(NamedTuple):
    """One date as read. `at` has a zone, and stands only where a time was printed."""

    at: datetime | None
    on: date | None
    precision: str | None


class Clock(NamedTuple):
    """A time of day as printed: hour, minute, second, microsecond; the zone printed with it."""

    fields: tuple[int, int, int, int]
    precision: str
    zone: tzinfo | None


UNKNOWN = Stamp(None, None, None)


def parse_dates(raw: pd.Series, timezone: pd.Series | str, date_order: str | None) -> pd.DataFrame:
    """Read printed dates.

    In: strings; the source's time zone (IANA name; null is UTC); `date_order` is `dmy`, `mdy` or None and
    says how to read 03/04/2021, which is unknown without it. Out, on the same index:

    - `at` (timestamp[us, UTC]): the instant; null without a printed time.
    - `on` (date32): the day as printed where it was printed. What is stamped in UTC (Z, +00:00, GMT, epoch)
      is taken to the source's zone first. The first day where only a month or a year is printed.
    - `precision` (string): `second`, `minute`, `hour`, `day`, `month`, `year`; null with the others.

    A printed offset wins over the source's zone. A local time that occurs twice (the end of summer time) is
    the first of the two; one that never occurs is moved on by the hour that was skipped. Impossible
    dates, years before 1600 or after 2200, and what has two meanings are null; an impossible time leaves
    the day. Shapes: ISO 8601, RFC 2822, Unix epochs, and day, month and year as newspapers print them.
    """
    zones = timezone if isinstance(timezone, pd.Series) else pd.Series(timezone, index=raw.index)
    read = cache(partial(_read, date_order=date_order))
    pairs = zip(to_arrow(raw).to_pylist(), to_arrow(zones).to_pylist(), strict=True)
    stamps = [read(text, zone or "UTC") if text else UNKNOWN for text, zone in pairs]
    columns = {
        "at": pa.array([stamp.at for stamp in stamps], INSTANT),
        "on": pa.array([stamp.on for stamp in stamps], pa.date32()),
        "precision": pa.array([stamp.precision for stamp in stamps], pa.string()),
    }
    return pd.DataFrame({name: to_series(values, raw.index) for name, values in columns.items()})


def resolve_relative(raw: pd.Series, issue_date: pd.Series | date | None) -> pd.Series:
    """Dates of words such as "yesterday" and "Thursday", in English, German and French.

    In: strings; the day of the issue they stand in. Out: date32; null where the word or the issue's day
    is unknown. A weekday is the last such day on or before the issue's.
    """
    issues = issue_date if isinstance(issue_date, pd.Series) else pd.Series(issue_date, index=raw.index, dtype=object)
    days = pa.chunked_array(pa.array(issues, from_pandas=True)).cast(pa.date32()).to_pylist()
    words = to_arrow(raw).to_pylist()
    found = [_resolve(word, day) if word and day else None for word, day in zip(words, days, strict=True)]
    return to_series(pa.array(found, pa.date32()), raw.index)


def drop_future(frame: pd.DataFrame, started_at: datetime) -> pd.DataFrame:
    """Take back dates more than two days after the run's start, which is passed in.

    In: what `parse_dates` gives; an instant with a zone, or one in UTC. Out: the same columns, null where
    the date lay in the future, and `is_future` (bool) saying so.
    """
    start = started_at if started_at.tzinfo else started_at.replace(tzinfo=UTC)
    limit = start + FUTURE_TOLERANCE
    by_instant = frame["at"] > pd.Timestamp(limit)
    by_day = frame["at"].isna() & (frame["on"] > limit.date())
    is_future = by_instant.fillna(False) | by_day.fillna(False)
    return frame.mask(is_future).astype(frame.dtypes).assign(is_future=is_future)


def _read(text: str, zone: str, date_order: str | None) -> Stamp:
    """The first reader that knows the shape decides."""
    text = text.strip()
    try:
        stamp = _read_iso(text, zone) or _read_digits(text, zone) or _read_prose(text, zone, date_order)
    except (ValueError, OverflowError):
        return UNKNOWN
    return stamp if stamp and stamp.on and FIRST_YEAR <= stamp.on.year <= LAST_YEAR else UNKNOWN
