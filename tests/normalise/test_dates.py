"""Dates as dumps print them."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any
from zoneinfo import ZoneInfo

import judged
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.normalise._calendar_words import months
from etl.normalise._date_words import MONTHS
from etl.normalise.dates import credible_days, dates_of_changes, drop_future, parse_dates, resolve_relative

NEW_YORK = "America/New_York"


def read(raw: str | None, zone: str = "UTC", order: str | None = None) -> tuple[str | None, str | None, str | None]:
    """Instant (UTC), day and precision, as text."""
    row = parse_dates(pd.Series([raw], dtype="str"), zone, order).iloc[0]
    at = None if pd.isna(row["at"]) else row["at"].isoformat().replace("+00:00", "Z")
    on = None if pd.isna(row["on"]) else row["on"].isoformat()
    return at, on, None if pd.isna(row["precision"]) else row["precision"]


def test_every_date_written_down_is_read_as_it_was_judged() -> None:
    assert judged.misread_dates() == []
    assert len(judged.printed_dates()) > 300


@pytest.mark.parametrize(
    "raw",
    """2024-04-14|20240414|2024/04/14|2024/4/14|14.04.2024|14.4.2024|14/04/2024|2024年4月14日|2024년 4월 14일
    April 14, 2024|14 April 2024|Apr 14 2024|Apr. 14, 2024|14-Apr-2024|2024 April 14|2024-Apr-14|April 14th, 2024
    Sunday, April 14, 2024|Sun 14 Apr 2024|the 14th of April 2024|Posted on 14 April 2024|SUNDAY, APRIL 14, 2024
    14. April 2024|Sonntag, 14. April 2024|14 avril 2024|dimanche 14 avril 2024|14 april 2024|14 aprile 2024
    domenica 14 aprile 2024|14 de abril de 2024|domingo, 14 de abril de 2024|14 abr. 2024|14 de abril, 2024""".replace(
        "\n    ", "|"
    ).split("|"),
)
def test_days(raw: str) -> None:
    assert read(raw) == (None, "2024-04-14", "day")


@pytest.mark.parametrize(
    ("raw", "on"),
    [
        ("9 Januar 1993", "1993-01-09"),
        ("910514", "1991-05-14"),  # Financial Times on TREC's disks
        ("03/24/87", "1987-03-24"),  # Wall Street Journal there
        ("24.3.87", "1987-03-24"),
        ("3. März 2021", "2021-03-03"),
        ("9 января 1993", "1993-01-09"),
        ("1 мая 2001", "2001-05-01"),
        ("2018 年 9 月 18 日", "2018-09-18"),
        ("3 Maerz 2021", "2021-03-03"),
        ("1er août 2024", "2024-08-01"),
        ("29 décembre 2011", "2011-12-29"),
        ("14 févr. 2024", "2024-02-14"),
        ("3 mrt 2021", "2021-03-03"),
        ("mercoledì 3 luglio 2024", "2024-07-03"),
        ("9 de março de 2024", "2024-03-09"),
        ("5 de out. de 2021", "2021-10-05"),
        ("1 de enero de 1999", "1999-01-01"),
        ("mar. 14 mai 2024", "2024-05-14"),  # "mar." is a Tuesday here, no March
        ("31-MAR-1987 605:12:19.12", "1987-03-31"),  # Reuters-21578; the time is impossible, the day is not
        ("2021-10-04 25:99", "2021-10-04"),
        ("29 February 2024", "2024-02-29"),
        ("2008-02-19+01:00", "2008-02-19"),  # a day in a zone is no time
        ("20080219+0100", "2008-02-19"),
        ("2008-02-19-05:00", "2008-02-19"),
    ],
)
def test_days_in_other_words(raw: str, on: str) -> None:
    assert read(raw) == (None, on, "day")


@pytest.mark.parametrize(
    ("raw", "at", "precision"),
    [
        ("2024-04-14T22:15:00Z", "2024-04-14T22:15:00Z", "second"),
        ("2024-04-14t22:15:00z", "2024-04-14T22:15:00Z", "second"),
        ("2024-04-14T22:15", "2024-04-14T22:15:00Z", "minute"),
        ("2024-04-14T22", "2024-04-14T22:00:00Z", "hour"),
        ("2024-04-14 22:15:00.5", "2024-04-14T22:15:00.500000Z", "second"),
        ("2024-04-14 22:15:00 UTC", "2024-04-14T22:15:00Z", "second"),
        ("2024-04-14 22:15:00 +0000 UTC", "2024-04-14T22:15:00Z", "second"),
        ("20240414T221500+0100", "2024-04-14T21:15:00Z", "second"),
        ("20240414T2215Z", "2024-04-14T22:15:00Z", "minute"),
        ("20240414221500", "2024-04-14T22:15:00Z", "second"),
        ("202404142215", "2024-04-14T22:15:00Z", "minute"),
        ("Sun, 14 Apr 2024 22:15:00 GMT", "2024-04-14T22:15:00Z", "second"),
        ("Sun, 14 Apr 24 22:15:00 -0500", "2024-04-15T03:15:00Z", "second"),
        ("Sun Apr 14 22:15:00 +0000 2024", "2024-04-14T22:15:00Z", "second"),
        ("Sun Apr 14 2024 22:15:00 GMT+0200 (CEST)", "2024-04-14T20:15:00Z", "second"),
        ("1713132900", "2024-04-14T22:15:00Z", "second"),
        ("1713132900.0", "2024-04-14T22:15:00Z", "second"),
        ("1713132900000", "2024-04-14T22:15:00Z", "second"),
        ("April 14, 2024 Sunday 10:15 PM GMT", "2024-04-14T22:15:00Z", "minute"),
        ("14. April 2024 Sonntag 10:15 PM GMT+1", "2024-04-14T21:15:00Z", "minute"),
        ("April 14, 2024 10:15 p.m. EDT", "2024-04-15T02:15:00Z", "minute"),
        ("April 14, 2024 10:15 PM ET", "2024-04-15T02:15:00Z", "minute"),
        ("January 14, 2024 10:15 PM ET", "2024-01-15T03:15:00Z", "minute"),
        ("April 14, 2024, 12:05 AM", "2024-04-14T00:05:00Z", "minute"),
        ("April 14, 2024, 10pm", "2024-04-14T22:00:00Z", "hour"),
        ("14.04.2024, 22.15 Uhr", "2024-04-14T22:15:00Z", "minute"),
        ("2024年04月14日 下午2:05", "2024-04-14T14:05:00Z", "minute"),
        ("2024年4月14日 凌晨0:05", "2024-04-14T00:05:00Z", "minute"),
        ("2024年4月14日 午後0:05", "2024-04-14T12:05:00Z", "minute"),
        ("2024년 4월 14일 오전 9:05", "2024-04-14T09:05:00Z", "minute"),
        ("14 avril 2024 à 22h15", "2024-04-14T22:15:00Z", "minute"),
        ("14-APR-2024 22:15:01.79", "2024-04-14T22:15:01.790000Z", "second"),
        (" 2-APR-1987 08:26:12.22\t\t\tF", "1987-04-02T08:26:12.220000Z", "second"),
        ("dimanche 14 avril 2024 22:15 UTC +01:00", "2024-04-14T21:15:00Z", "minute"),
        ("14 Apr 24 22:15", "2024-04-14T22:15:00Z", "minute"),
        ("2024年4月14日 22:15", "2024-04-14T22:15:00Z", "minute"),
        ("142215 GMT Apr 24", "2024-04-14T22:15:00Z", "minute"),  # IPTC 7901
        ("142215 Apr 2024", "2024-04-14T22:15:00Z", "minute"),
        ("092215 MEZ Okt 98", "1998-10-09T21:15:00Z", "minute"),
        ("04-14-24 2215GMT", "2024-04-14T22:15:00Z", "minute"),  # ANPA 1312
        ("22:15-14-04-24", "2024-04-14T22:15:00Z", "minute"),  # Kyodo
        ("04-14-24 2215EDT", "2024-04-15T02:15:00Z", "minute"),
        ("04-14-24 2215 ET", "2024-04-15T02:15:00Z", "minute"),
    ],
)
def test_instants(raw: str, at: str, precision: str) -> None:
    assert read(raw)[::2] == (at, precision)


@pytest.mark.parametrize(
    ("raw", "on", "precision"),
    [
        ("2024-04", "2024-04-01", "month"),
        ("April 2024", "2024-04-01", "month"),
        ("avril 2024", "2024-04-01", "month"),
        ("abril de 2024", "2024-04-01", "month"),
        ("04/2024", "2024-04-01", "month"),
        ("2024年4月", "2024-04-01", "month"),
        ("2024", "2024-01-01", "year"),
    ],
)
def test_months_and_years_say_so(raw: str, on: str, precision: str) -> None:
    assert read(raw) == (None, on, precision)


@pytest.mark.parametrize(
    "raw",
    """2021-13-45|9999/9/9|9999-12-31|1066-10-14|2021-02-29|31 April 2021|not a date|unknown||YYYYMMDD999999-HHMM
    yesterday|Sat Apr 14|19 LUG|99999999|9999999999999|4102444801|12345|202404|2024-W15|03/04/2021|14-04-24
    14 April 2024 - 16 April 2024|²⁰²⁴|0000-00-00|00/00/0000|0
    010203|910514.5|03/04/87|10-12-31|40/12/10|14-04-24 2215GMT|322215 GMT Apr 24
    142215 GMT xyz 24|149915 GMT Apr 24|04-14-24 2215""".replace("\n    ", "|").split("|"),
)
def test_what_is_impossible_or_has_two_meanings_is_unknown(raw: str) -> None:
    assert read(raw) == (None, None, None)


@pytest.mark.parametrize(
    ("raw", "order", "on"),
    [
        ("03/04/2021", "dmy", "2021-04-03"),
        ("03/04/2021", "mdy", "2021-03-04"),
        ("03/04/2021", None, None),
        ("25/04/2021", None, "2021-04-25"),
        ("04/25/2021", None, "2021-04-25"),
        ("04/04/2021", None, "2021-04-04"),
        ("03.04.2021", "mdy", "2021-04-03"),
        ("2021/03/04", "dmy", "2021-03-04"),
    ],
)
def test_order_of_day_and_month(raw: str, order: str | None, on: str | None) -> None:
    assert read(raw, order=order)[1] == on


@pytest.mark.parametrize(
    ("raw", "at", "on"),
    [
        ("2024-04-14T22:15:00", "2024-04-15T02:15:00Z", "2024-04-14"),  # no offset: the source's own time
        ("2024-04-14T22:15:00+09:00", "2024-04-14T13:15:00Z", "2024-04-14"),  # the printed day stays
        (
            "2024-04-14T02:15:00Z",
            "2024-04-14T02:15:00Z",
            "2024-04-13",
        ),  # UTC: the day it was in the source's zone
        ("1713060900", "2024-04-14T02:15:00Z", "2024-04-13"),
        ("2024-11-03T01:30:00", "2024-11-03T05:30:00Z", "2024-11-03"),  # twice that night: the first
        ("2024-03-10T02:30:00", "2024-03-10T07:30:00Z", "2024-03-10"),  # never that night: an hour on
        ("2024-04-14", None, "2024-04-14"),
    ],
)
def test_zones(raw: str, at: str | None, on: str) -> None:
    assert read(raw, NEW_YORK)[:2] == (at, on)


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        ("05 Jan 2018, 10:30 hrs IST", None),
        ("10:30, 5 January 2018 IST", None),
        ("10:30 AM, 5 January 2018 (EST)", "2018-01-05T15:30:00Z"),
        ("5 января 2018, 10:30 МСК", "2018-01-05T07:30:00Z"),
        ("SAT 5 MAY 2018 10:30 NEWS", "2018-05-05T10:30:00Z"),
    ],
)
def test_a_zone_counts_wherever_it_stands(raw: str, at: str | None) -> None:
    assert read(raw)[0] == at
    assert read(raw)[1] in ("2018-01-05", "2018-05-05")


@pytest.mark.parametrize(
    "zone",
    """-05000|+01000|+12345|+100|+530|+010|+ 0530|- 0500|+-0100|--0500|–0500|Z+0100|GMT+100|+05:300|-05:300|EST5EDT|K
    Eastern Time|Central European Time|(Pacific Daylight Time)|+2400|+9999|IST""".replace("\n    ", "|").split("|"),
)
def test_with_a_zone_that_is_not_understood_only_the_day_counts(zone: str) -> None:
    assert read(f"Wed, 05 Sep 2018 07:01:02 {zone}") == (None, "2018-09-05", "day")


@pytest.mark.parametrize(
    "rest",
    [
        "| Updated",
        "by Ann",
        "- Reuters",
        "- 2 min read",
        "Reading time: 2 minutes",
        "–11:45",
        "- 5",
        "local time",
        "Uhr",
        "H",
    ],
)
def test_what_follows_a_time_without_being_a_zone_changes_nothing(rest: str) -> None:
    assert read(f"Wed, 05 Sep 2018 07:01:02 {rest}")[0] == "2018-09-05T07:01:02Z"


def test_the_name_of_the_zone_of_the_source_itself_changes_nothing() -> None:
    assert read("September 5, 2018 7:01 PM Eastern Time", NEW_YORK)[0] == "2018-09-05T23:01:00Z"
    assert read("5 September 2018 07:01 Central European Time", "Europe/Berlin")[0] == "2018-09-05T05:01:00Z"


@pytest.mark.parametrize("offset", ["+5:30", "UTC+5:30", "+05:30", "GMT+0530"])
def test_offsets_of_half_an_hour(offset: str) -> None:
    assert read(f"Wed, 05 Sep 2018 07:01:02 {offset}")[0] == "2018-09-05T01:31:02Z"


@pytest.mark.parametrize("raw", ["Tue, 1 Dec 20 2020 12:30:00 GMT", "1 December 20 2020", "1. Dezember 20, 2020"])
def test_a_month_between_two_days_is_of_neither(raw: str) -> None:
    assert read(raw) == (None, None, None)


def test_mails_may_leave_out_the_weekday() -> None:
    assert read("1 Dec 2020 12:30:00 CST")[0] == read("Tue, 1 Dec 2020 12:30:00 CST")[0] == "2020-12-01T18:30:00Z"
    assert read("1 Dec 2020 12:30 CST")[0] is None
    assert read("1 December 2020 12:30:00 CST")[0] is None
    assert read("1 Dec 2020 12:30:00 CST", "Asia/Shanghai")[0] == "2020-12-01T04:30:00Z"


@pytest.mark.parametrize("raw", ["5 January, 10:30 - 2018", "10:30 - 5 Jan 2018", "10:30 – 5 January 2018"])
def test_a_dash_between_time_and_date_is_no_sign(raw: str) -> None:
    assert read(raw)[0] == "2018-01-05T10:30:00Z"


def test_loading_other_languages_costs_nothing_before_one_is_needed() -> None:
    code = (
        "import pandas as pd; from etl.normalise import _calendar_words as words; from etl.normalise import dates;"
        "dates.parse_dates(pd.Series(['2024-04-14', '14. April 2024', 'unknown', 'May 3, 2021 10:30 PM ET']));"
        "assert not words.months.cache_info().currsize and not words.weekdays.cache_info().currsize;"
        "dates.parse_dates(pd.Series(['14 kwietnia 2024'])); assert words.months.cache_info().currsize"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_names_of_one_language_are_not_those_of_another_read_before_it() -> None:
    assert read("५ ינואר 2018") == (None, "2018-01-05", "day")
    assert months()["ינואר"][0].languages == {"he"}


def test_each_row_has_its_own_zone() -> None:
    raw = pd.Series(["2024-04-14 12:00"] * 3, index=[5, 6, 7])
    frame = parse_dates(raw, pd.Series(["Asia/Tokyo", NEW_YORK, None], index=[5, 6, 7], dtype="str"), None)
    assert [at.hour for at in frame["at"]] == [3, 16, 12]
    assert frame.index.tolist() == [5, 6, 7]
    assert [str(kind) for kind in frame.dtypes] == [
        "timestamp[us, tz=UTC][pyarrow]",
        "date32[day][pyarrow]",
        "string[pyarrow]",
    ]


def test_no_rows() -> None:
    assert parse_dates(pd.Series([], dtype="str"), "UTC", None).empty


@pytest.mark.parametrize(
    ("words", "on"),
    [
        ("yesterday", date(2024, 4, 13)),
        ("Today", date(2024, 4, 14)),
        ("gestern", date(2024, 4, 13)),
        ("aujourd’hui", date(2024, 4, 14)),
        ("Thursday", date(2024, 4, 11)),
        ("on Sunday", date(2024, 4, 14)),  # the issue's own day
        ("Monday", date(2024, 4, 8)),
        ("samedi", date(2024, 4, 13)),
        ("środa", date(2024, 4, 10)),
        ("Πέμπτη", date(2024, 4, 11)),
        ("الجمعة", date(2024, 4, 12)),
        ("soon", None),
        (None, None),
    ],
)
def test_relative_words(words: str | None, on: date | None) -> None:
    raw = pd.Series([words], dtype="str")
    assert resolve_relative(raw, pd.Series([date(2024, 4, 14)])).replace({pd.NA: None}).tolist() == [on]
    assert resolve_relative(raw, None).isna().all()


def test_future_dates_are_taken_back() -> None:
    frame = parse_dates(
        pd.Series(["2024-04-16", "2024-04-17", "2024-04-16T11:00Z", "2024-04-16T13:00Z", ""]), "UTC", None
    )
    kept = drop_future(frame, datetime(2024, 4, 14, 12, tzinfo=UTC))
    assert kept["is_future"].tolist() == [False, True, False, True, False]
    assert kept["on"].isna().tolist() == [False, True, False, True, True]
    assert kept["precision"].isna().tolist() == [False, True, False, True, True]
    assert kept[["at", "on", "precision"]].dtypes.equals(frame.dtypes)


OFFSETS = st.integers(-14 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))
NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(1601, 1, 1), datetime(2199, 12, 30), timezones=OFFSETS).filter(
    lambda moment: moment.replace(microsecond=0) != NO_DATE
)


@given(MOMENTS)
def test_what_isoformat_and_email_write_is_read_back(moment: datetime) -> None:
    assert at(moment.isoformat()) == moment
    assert at(format_datetime(moment)) == moment.replace(microsecond=0)
    if moment.utcoffset():
        assert read(moment.isoformat())[1] == moment.date().isoformat()


@given(st.dates(date(1601, 1, 1), date(2199, 12, 31)), st.sampled_from(sorted(MONTHS)))
def test_every_month_name_is_read(day: date, name: str) -> None:
    day = day.replace(month=MONTHS[name], day=min(day.day, 28))
    for raw in (f"{day.day} {name} {day.year:04}", f"{name.title()}. {day.day}, {day.year:04}"):
        assert read(raw)[1] == day.isoformat()


@given(st.datetimes(datetime(1971, 1, 1), datetime(2037, 1, 1)), st.sampled_from([NEW_YORK, "Europe/Berlin"]))
def test_local_times_are_those_of_the_zone(moment: datetime, zone: str) -> None:
    expected = moment.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
    row = parse_dates(pd.Series([moment.isoformat()]), zone, None).iloc[0]
    assert (row["at"], row["on"]) == (expected, moment.date())


@given(st.one_of(st.text(max_size=30), st.text("0123456789-/.: TZ+apm", max_size=25)))
def test_nothing_crashes_and_nothing_is_half_read(raw: str) -> None:
    instant, day, precision = read(raw, NEW_YORK)
    assert (day is None) == (precision is None)
    assert (instant is not None) == (precision in ("second", "minute", "hour"))


def at(raw: str) -> Any:
    return parse_dates(pd.Series([raw]), "UTC", None)["at"][0]


def test_a_credible_day_is_kept_up_to_two_days_ahead() -> None:
    days = [date(1599, 12, 31), date(1600, 1, 1), date(2026, 3, 16), date(2026, 3, 17), None]
    kept = credible_days(series(days), datetime(2026, 3, 14, 23, 0))
    assert kept.isna().tolist() == [True, False, False, True, True]


def series(days: list[date | None]) -> pd.Series:
    return pd.Series(days, dtype=pd.ArrowDtype(pa.date32()))


@pytest.mark.parametrize("endless", ["\u0316\u0301" * 200_000, "1 May, " * 50_000, "9" * 400_000])
def test_a_text_too_long_for_a_date_is_not_searched_for_one(endless: str) -> None:
    begun = time.process_time()
    assert read(f"3 May 2021 {endless}") == (None, None, None)
    assert pd.isna(resolve_relative(pd.Series([f"yesterday {endless}"]), date(2021, 5, 3)).iloc[0])
    assert time.process_time() - begun < 1


CHANGES = [
    "Updated Jan 12, 2019",
    "Last updated: 12 January 2019 10:30",
    "Zuletzt geändert: 12. Januar 2019",
    "Mis à jour le 12 janvier 2019",
    "Atualizado em 12 de janeiro de 2019",
    "Обновлено 12 января 2019",
    "Güncelleme: 12.01.2019 10:30",
    "Uppdaterad 12 januari 2019",
    "آخر تحديث 12 يناير 2019",
    "更新时间:2019-01-12",
]


@pytest.mark.parametrize("raw", CHANGES)
def test_the_date_of_a_change_is_not_that_of_the_publication(raw: str) -> None:
    texts = pd.Series([raw], dtype="str")
    assert parse_dates(texts, is_publication=True).isna().all(axis=None)
    assert parse_dates(texts)["on"].tolist() == [date(2019, 1, 12)]
    assert dates_of_changes(texts).tolist() == [raw]


@pytest.mark.parametrize(
    ("raw", "on"),
    [
        ("Updated Jan 12, 2019; Published Jan 11, 2019", 11),
        ("Opublikowano 11.01.2019, zaktualizowano 12.01.2019", 11),
        ("Jan 12, 2019 (updated)", 12),
        ("12 January 2019", 12),
    ],
)
def test_beside_the_date_of_a_change_the_date_of_the_publication_is_read(raw: str, on: int) -> None:
    texts = pd.Series([raw, None], dtype="str")
    assert parse_dates(texts, is_publication=True)["on"][0] == date(2019, 1, on)
    assert dates_of_changes(texts).isna().all()
