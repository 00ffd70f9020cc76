"""Stamps that are read many at once: each means what it means alone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from email.utils import format_datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.normalise import dates
from etl.normalise._date_stamps import Stamp
from etl.normalise.date_columns import NOTHING_SHOWN, Habit
from etl.normalise.dates import parse_dates

DAYS = ["1599-12-31", "1600-02-29", "1969-12-31", "1970-01-01", "2020-02-29", "2021-02-29", "2021-04-31", "2021-12-31"]
TIMES = ["00:00:00", "05:00:00", "19:00:00", "23:59:59", "24:00:00", "07:60:00", "07:01", "07:01:02.5", "07:01:02.123"]
OFFSETS = ["Z", "+00:00", "-00:00", "+05:00", "-05:00", "+00:30", "+24:00", "+0100", "", " Z"]
MOMENTS = st.datetimes(datetime(1500, 1, 1), datetime(2300, 1, 1))
MAIL_DAYS = ["31 Dec 1969", "01 Jan 1970", "29 Feb 2020", "29 Feb 2021", "31 Apr 2021", "5 Mar 2021", "05 Sept 2021"]
MAIL_OFFSETS = ["GMT", "UTC", "+0000", "-0000", "+0530", "-0500", "+2400", "Z", "EST", "CST", "", "+05:30"]
STAMPS = st.one_of(
    st.builds("{}{}{}{}".format, *map(st.sampled_from, (DAYS, "T t", TIMES, OFFSETS))),
    MOMENTS.map(lambda moment: f"{moment.isoformat()}Z"),
    st.builds("{}{} {} {}".format, *map(st.sampled_from, (["Mon, ", "", "Mon "], MAIL_DAYS, TIMES, MAIL_OFFSETS))),
    st.builds(lambda moment, offset: f"{format_datetime(moment)[:-5]}{offset}", MOMENTS, st.sampled_from(MAIL_OFFSETS)),
)
ROWS = st.tuples(
    STAMPS,
    st.sampled_from([None, "UTC", "America/New_York"]),
    st.sampled_from(["dmy", "mdy", None]),
    st.sampled_from(["en", "de", "th", "hr", None]),
    st.sampled_from([NOTHING_SHOWN, Habit(is_midnight=True)]),
)


@given(st.lists(ROWS, min_size=1, max_size=8))
def test_stamps_are_read_together_as_each_alone(
    rows: list[tuple[str, str | None, str | None, str | None, Habit]],
) -> None:
    texts, zones, orders, languages, habits = zip(*rows, strict=True)
    said = (pd.Series(values, dtype="str") for values in (texts, zones, orders, languages))
    together = parse_dates(*said, habits=habits)
    alone = [dates._read(*row, is_publication=False) for row in rows]
    for name in Stamp._fields:
        found = [None if pd.isna(value) else value for value in together[name]]
        assert found == [getattr(stamp, name) for stamp in alone]


@pytest.mark.parametrize(
    ("zone", "midnight", "at", "on"),
    [
        ("UTC", False, datetime(2021, 5, 3, 0, 0, 0, tzinfo=UTC), date(2021, 5, 3)),
        ("America/New_York", False, datetime(2021, 5, 3, 0, 0, 0, tzinfo=UTC), date(2021, 5, 2)),
        ("America/New_York", True, None, date(2021, 5, 3)),
    ],
)
def test_midnight_in_utc_is_of_the_day_at_the_source(zone: str, midnight: bool, at: datetime | None, on: date) -> None:
    read = parse_dates(pd.Series(["2021-05-03T00:00:00Z"]), zone, habits=[Habit(is_midnight=midnight)])
    assert (read["at"].dropna().tolist(), read["on"].tolist()) == ([at] if at else [], [on])


@pytest.mark.parametrize("raw", ["1970-01-01T00:00:00Z", "1969-12-31T19:00:00-05:00", "1970-01-01T00:00:00+05:00"])
def test_the_zero_of_unix_epochs_is_no_date(raw: str) -> None:
    assert parse_dates(pd.Series([raw])).isna().all(axis=None)
