"""What a dump's dates show together."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.normalise import STRING
from etl.normalise.date_columns import DATE_FIELDS, NOTHING_SHOWN, Habit, habits_of
from etl.normalise.dates import parse_dates


def table(values: Sequence[str | None], delivery: int = 0, field: str = "published") -> pa.Table:
    """A column of one dump."""
    nulls = pa.nulls(len(values), pa.string())
    columns = {name: pa.array(values, pa.string()) if name == field else nulls for name in DATE_FIELDS}
    return pa.table({"delivery": pa.array([delivery] * len(values), pa.int64()), **columns})


def shown(values: Sequence[str | None]) -> Habit:
    """The habit of a column."""
    return habits_of([table(values)]).get((0, "published"), NOTHING_SHOWN)


def days(values: Sequence[str], order: str | None = None, language: str | None = None) -> list[str | None]:
    """The days of a column that is read as a whole."""
    read = parse_dates(pd.Series(values, dtype=STRING), "UTC", order, language, [shown(values)] * len(values))
    return [None if pd.isna(day) else day.isoformat() for day in read["on"]]


def test_a_month_written_month_first_has_no_hole_at_its_start() -> None:
    written = [f"03-{day:02}-2019" for day in range(1, 32)]
    assert days(written) == [f"2019-03-{day:02}" for day in range(1, 32)]


def test_a_day_above_twelve_decides_for_the_whole_column() -> None:
    assert days(["04/05/2021 10:30", "13/05/2021", "Mon 02/08/2021"]) == ["2021-05-04", "2021-05-13", "2021-08-02"]
    assert days(["04.05.2021", "04.25.2021"]) == ["2021-04-05", "2021-04-25"]
    assert days(["04/05/18", "13/05/18"]) == ["2018-05-04", "2018-05-13"]


def test_a_column_that_contradicts_itself_decides_nothing() -> None:
    assert days(["04/05/2021", "13/05/2021", "05/13/2021"]) == [None, "2021-05-13", "2021-05-13"]
    assert days(["04/05/2021", "13/05/2021", "05/13/2021"], language="fr")[0] == "2021-05-04"


def test_the_stanza_comes_before_the_column_and_the_column_before_the_language() -> None:
    assert days(["04/05/2021", "13/05/2021"], order="mdy")[0] == "2021-04-05"
    assert days(["04/05/2021", "05/13/2021"], language="de")[0] == "2021-04-05"


def test_of_two_digit_numbers_those_that_vary_more_are_the_days() -> None:
    year_first = [f"{year:02}/05/{day:02}" for year in (13, 14) for day in range(1, 32)]
    assert days(year_first)[13:15] == ["2013-05-14", "2013-05-15"]  # not the thirteenth of May 2014
    assert days([f"19-01-{day:02}" for day in (1, 5, 13, 31)]) == [f"2019-01-{day:02}" for day in (1, 5, 13, 31)]
    assert set(days([f"{year}-{day}-31" for year in (19, 20) for day in range(10, 20)])) == {None}
    unclear = ["13/05/01", "13/05/02"]  # may be of two years
    assert set(days(unclear)) == {None}
    year_last = [f"{day:02}-05-{year}" for year in (13, 14) for day in range(1, 32)]
    assert days(year_last)[0] == "2013-05-01"
    assert days(["13-05-14"]) == [None]


def test_day_numbers_of_a_spreadsheet_are_dates_only_in_a_column_of_them() -> None:
    assert days([*map(str, range(43101, 43120)), "43105.5"])[4:5] == ["2018-01-05"]
    numbers = ["43105", *["2018-01-05"] * 9]
    assert days(numbers)[0] is None
    assert days(["43105"] * 3)[0] is None
    assert days([*map(str, range(43101, 43106))])[4] == "2018-01-05"
    assert days([*map(str, range(43101, 43106)), *["2018-01-05"] * 20])[4] == "2018-01-05"
    assert days([*map(str, range(43101, 43106)), *["see page 4"] * 5])[4] is None
    assert days([str(number) for number in range(10000, 99999, 1000)])[33] is None
    read = parse_dates(pd.Series(["43105.4375"]), habits=[Habit(is_serial=True)])
    assert read["at"][0].isoformat() == "2018-01-05T10:30:00+00:00"


def test_each_dump_and_each_field_has_its_own_habit() -> None:
    chunks = [
        table(["13/05/2021"], 1),
        table(["05/13/2021"], 2),
        table(["05/13/2021"], 1, "modified"),
        table(["2021-05-13", None, "", "soon"], 3),
    ]
    assert habits_of(chunks) == {
        (1, "published"): Habit("dmy"),
        (2, "published"): Habit("mdy"),
        (1, "modified"): Habit("mdy"),
    }


WRITTEN = st.sampled_from(
    [
        "01/02/2019",
        "13/02/2019",
        "02/13/2019",
        "1.13.2019",
        "13-02-18",
        "18/02/01",
        "43105",
        "2019-03-01T00:00Z",
        "x",
        "",
    ]
)


@given(st.lists(st.tuples(st.integers(0, 1), WRITTEN), max_size=40), st.integers(1, 7))
def test_the_division_into_chunks_and_their_order_do_not_matter(rows: list[tuple[int, str]], size: int) -> None:
    whole = pa.concat_tables([table([text], delivery) for delivery, text in rows]) if rows else table([])
    parts = [whole.slice(start, size) for start in range(0, whole.num_rows, size)]
    assert habits_of([whole]) == habits_of(parts) == habits_of(reversed(parts))


@pytest.mark.parametrize("values", [[], [None], [""], ["99/99/9999"]])
def test_a_column_without_dates_shows_nothing(values: list[str | None]) -> None:
    assert shown(values) == NOTHING_SHOWN


@pytest.mark.parametrize(
    "written",
    [
        "2019-03-{:02}T00:00:00Z",
        "2019-03-{:02}T00:00:00.000+00:00",
        "2019-03-{:02}T00:00:00+09:00",
        "2019-03-{:02} 00:00:00",
        "201903{:02}T000000Z",
        "201903{:02}000000",
        "Tue, {:02} Mar 2019 00:00:00 GMT",
        "3/{}/2019 12:00:00 AM",
        "{epoch}",
        "{epoch}.0",
        "{epoch}000",
        "/Date({epoch}000)/",
    ],
)
def test_a_column_that_is_always_at_midnight_holds_days(written: str) -> None:
    march = 1551398400  # midnight UTC
    values = [written.format(day, epoch=march + (day - 1) * 86_400) for day in range(1, 32)]
    read = parse_dates(pd.Series(values, dtype=STRING), "America/New_York", habits=[shown(values)] * 31)
    assert [day.isoformat() for day in read["on"]] == [f"2019-03-{day:02}" for day in range(1, 32)]
    assert set(read["precision"]) == {"day"}
    assert read["at"].isna().all()


def test_midnight_is_a_time_where_few_values_or_other_times_stand_beside_it() -> None:
    def first(values: list[str]) -> tuple[str, str]:
        read = parse_dates(pd.Series(values, dtype=STRING), "America/New_York", habits=[shown(values)] * len(values))
        return read["on"][0].isoformat(), read["precision"][0]

    midnights = [f"2019-03-{day:02}T00:00:00Z" for day in range(2, 20)]
    assert first(midnights[:1]) == first(midnights[:4]) == ("2019-03-01", "second")
    assert first([*midnights[:6], "2019-03-20T10:30:00Z"]) == ("2019-03-01", "second")
    assert first([*midnights, "2019-03-20T10:30:00Z"]) == ("2019-03-02", "day")
    assert first([f"2019-03-{day:02}T10:30:00+00:00" for day in range(1, 20)]) == ("2019-03-01", "second")
    assert first([f"{1551398400 + day * 3600}" for day in range(1, 20)]) == ("2019-02-28", "second")


def test_an_embargo_may_always_end_at_midnight() -> None:
    midnights = [f"2019-03-{day:02}T00:00:00Z" for day in range(1, 32)]
    assert not habits_of([table(midnights, field="embargo_until")])
    assert habits_of([table(midnights, field="modified")]) == {(0, "modified"): Habit(is_midnight=True)}
