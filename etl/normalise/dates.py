"""Dates as printed in dumps, read without ever looking at a clock.

A date is read as printed or not at all: what is impossible or ambiguous becomes null.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, partial
from unicodedata import decimal

import pandas as pd
import pyarrow as pa

from etl.normalise._calendar_words import key_of, meant, weekdays
from etl.normalise._columns import pc, to_arrow, to_frame, to_list, to_series
from etl.normalise._date_prose import Context, read_prose
from etl.normalise._date_stamps import UNKNOWN, Stamp, read_stamp
from etl.normalise._date_variants import is_of_change
from etl.normalise._date_words import DAY_FIRST, DAYS_AGO, WEEKDAYS, plain
from etl.normalise._plain_stamps import read_plain
from etl.normalise._zones import without_region
from etl.normalise.date_columns import NOTHING_SHOWN, Habit

FIRST_YEAR, LAST_YEAR = 1600, 2200
_UTC = (None, "", "UTC")
_LONGEST_DATE = 1_000
"""Characters; text that is longer is not a date, and takes long to search for one."""
_NOTHING = datetime(1970, 1, 1, tzinfo=UTC)
"""What programs print that have no date: an epoch of zero."""
FUTURE_TOLERANCE = timedelta(days=2)


def parse_dates(
    raw: pd.Series,
    timezone: pd.Series | str = "UTC",
    date_order: pd.Series | str | None = None,
    language: pd.Series | str | None = None,
    habits: Iterable[Habit] | None = None,
    is_publication: bool = False,
) -> pd.DataFrame:
    """Read printed dates.

    In: strings; for each or for all of them the source's time zone (IANA name; null is UTC), the stanza's `date_order`
    (`dmy` or `mdy`: how to read 03/04/2021), the article's language (its code), and what the column that they stand
    in shows as a whole (see `date_columns`); whether they are dates of publication, as "Updated May 3, 2021" is not.
    Out, on the same index:

    - `at` (timestamp[us, UTC]): the instant; null without a printed time, or with a zone that has several meanings.
    - `on` (date32): the day as printed; a stamp in UTC (Z, +00:00, GMT, epoch) is converted to the source's zone first.
      The first day where only a month or a year is printed. Midnight is only the printed day, not shifted, in a column
      whose values are all at midnight.
    - `precision` (string): `second`, `minute`, `hour`, `day`, `month`, `year`; null where `on` is null.

    A printed offset wins over the source's zone; so does a zone's name, if it means one zone, or is what the source's
    own clocks are called. A local time that occurs twice (the end of summer time) is the first of the two; one that
    never occurs is moved forward by the hour that was skipped. 03/04/2021 is read as the stanza says, else as the
    column shows, else as the language writes, else it is unknown. Impossible dates, years before 1600 or after 2200,
    ambiguous dates and the very second of the Unix epoch are null; with an impossible time the day remains. Two
    digits are a year from 1932 to 2031, at the end of a date only where nothing speaks for a year at its beginning. A
    month's name that means two months ("listopad") is read only where the language says which. Shapes: ISO 8601, RFC
    5322, Unix epochs, and dates as newspapers print them in some seventy languages.
    """
    texts = to_arrow(raw).combine_chunks()
    zones = _for_each(raw, timezone)
    shown = list(habits) if habits is not None else [NOTHING_SHOWN] * len(raw)
    may_be_day = pa.array([habit.is_midnight for habit in shown], pa.bool_())
    is_utc = pa.array([zone in _UTC for zone in zones], pa.bool_())
    found = read_plain(pc.if_else(may_be_day, None, texts), is_utc)
    others = pc.if_else(found.is_plain, None, texts).to_pylist()
    read = cache(partial(_read, is_publication=is_publication))
    rows = zip(others, zones, _for_each(raw, date_order), _for_each(raw, language), shown, strict=True)
    stamps = [read(*row) if row[0] else UNKNOWN for row in rows] if any(others) else [UNKNOWN] * len(others)
    at = pa.array([stamp.at for stamp in stamps], pa.timestamp("us", tz="UTC"))
    on = pa.array([stamp.on for stamp in stamps], pa.date32())
    precision = pa.array([stamp.precision for stamp in stamps], pa.string())
    columns: dict[str, pa.Array] = {
        "at": pc.replace_with_mask(at, found.is_plain, found.at),
        "on": pc.replace_with_mask(on, found.is_plain, found.on),
        "precision": pc.if_else(found.is_plain, "second", precision),
    }
    return to_frame(columns, raw.index)


def _for_each(raw: pd.Series, values: pd.Series | str | None) -> list[str | None]:
    return to_list(values) if isinstance(values, pd.Series) else [values] * len(raw)


def dates_of_changes(raw: pd.Series) -> pd.Series:
    """Returns the dates that are said to be those of changes, as printed ("Updated May 3, 2021"); null for others."""
    return raw.where(raw.isin([text for text in raw.dropna().unique() if is_of_change(plain(text))]))


def resolve_relative(raw: pd.Series, issue_date: pd.Series | date | None) -> pd.Series:
    """Returns the dates of words such as "yesterday", in English, German and French, and of weekdays.

    In: strings; the day of the issue that they are in. Out: date32; null where the word or the issue's day is unknown.
    A weekday is the last such day on or before the issue's.
    """
    if not isinstance(issue_date, pd.Series):
        issue_date = pd.Series(issue_date, index=raw.index, dtype=object)
    days = pa.array(issue_date, from_pandas=True).cast(pa.date32()).to_pylist()
    pairs = zip(to_list(raw), days, strict=True)
    found = [_resolve(word, day) if word and day and len(word) <= _LONGEST_DATE else None for word, day in pairs]
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


def _read(
    text: str, timezone: str | None, date_order: str | None, language: str | None, habit: Habit, is_publication: bool
) -> Stamp:
    """Read a date. The first reader that recognises the shape decides."""
    text = text.strip()
    if len(text) > _LONGEST_DATE:
        return UNKNOWN
    if not text.isascii():
        text = "".join(str(decimal(char)) if char.isdecimal() else char for char in text)  # ٢٠١٨, ２０１８
    zone = timezone or "UTC"
    if "/" in text:
        text, region = without_region(text)
        zone = region or zone
    try:
        stamp = read_stamp(text, zone, habit.is_serial) or read_prose(
            text,
            Context(
                zone,
                date_order or habit.date_order,
                language in DAY_FIRST,
                habit.dotted_order,
                habit.is_year_last,
                language,
                is_publication=is_publication,
            ),
        )
    except (ValueError, OverflowError):
        return UNKNOWN
    if stamp and stamp.at and _NOTHING in (stamp.at, stamp.at.replace(tzinfo=UTC)):
        return UNKNOWN
    if stamp and stamp.at and habit.is_midnight and stamp.at.time() == time.min:
        stamp = Stamp(None, stamp.at.date(), "day")
    return stamp if stamp and stamp.on and FIRST_YEAR <= stamp.on.year <= LAST_YEAR else UNKNOWN


def _resolve(words: str, issue: date) -> date | None:
    word = plain(words).strip(" .,").removeprefix("on ")
    if word in DAYS_AGO:
        return issue - timedelta(days=DAYS_AGO[word])
    if word in WEEKDAYS:
        return _last(WEEKDAYS[word], issue)
    if word and not any(char.isdigit() for char in word) and (meaning := meant(weekdays().get(key_of(word), []), None)):
        return _last(meaning.number, issue)
    return None


def _last(weekday: int, issue: date) -> date:
    """Returns the last such day on or before the issue's."""
    return issue - timedelta(days=(issue.weekday() - weekday) % 7)
