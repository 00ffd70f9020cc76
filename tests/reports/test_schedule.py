"""When a night was due, and whether it began: never claimed where nobody knows."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from etl.reports.schedule import ExpectedNight, Scan, expected_night, first_due, last_due, night_began
from etl.settings import Settings, SettingsError

BERLIN = ZoneInfo("Europe/Berlin")
FIRST = datetime(2026, 3, 1)
NOON = datetime(2026, 3, 14, 12)
DUE = datetime(2026, 3, 14, 1)  # 02:00 in Berlin


def scan(at: datetime, trigger: str = "command_line") -> Scan:
    return Scan("r", trigger, at)


NIGHTLY = Settings(schedule="0 2 * * *", timezone=BERLIN)


def test_a_night_that_began_at_its_time_is_known() -> None:
    scans = [scan(datetime(2026, 3, 13, 1)), scan(datetime(2026, 3, 14, 1, 0, 2)), scan(datetime(2026, 3, 14, 9))]
    assert expected_night(NIGHTLY, scans, FIRST, NOON) == ExpectedNight(DUE, datetime(2026, 3, 14, 1, 0, 2))


def test_a_night_that_did_not_begin_is_known() -> None:
    assert expected_night(NIGHTLY, [scan(datetime(2026, 3, 13, 1))], FIRST, NOON) == ExpectedNight(DUE, None)


def test_a_night_that_may_still_run_is_not_judged_yet() -> None:
    found = expected_night(NIGHTLY, [scan(datetime(2026, 3, 13, 1))], FIRST, datetime(2026, 3, 14, 4, 59))
    assert found == ExpectedNight(datetime(2026, 3, 13, 1), datetime(2026, 3, 13, 1))


def test_without_a_schedule_no_night_is_known_to_be_expected() -> None:
    assert expected_night(Settings(), [scan(datetime(2026, 3, 1))], FIRST, NOON) is None


def test_where_airflow_began_a_night_its_schedule_is_known() -> None:
    found = expected_night(Settings(), [scan(datetime(2026, 3, 12, 2), "schedule")], FIRST, NOON)
    assert found == ExpectedNight(datetime(2026, 3, 14, 2), None)


@pytest.mark.parametrize("first", [None, datetime(2026, 3, 14, 9)])
def test_no_night_is_missed_before_the_first_run(first: datetime | None) -> None:
    assert expected_night(NIGHTLY, [], first, NOON) is None


def test_when_the_first_night_is_due_is_known_where_a_schedule_is() -> None:
    assert first_due(NIGHTLY, [], datetime(2026, 3, 14, 9)) == datetime(2026, 3, 15, 1)
    assert first_due(NIGHTLY, [], None) is None
    assert first_due(Settings(), [], FIRST) is None


@pytest.mark.parametrize(
    ("schedule", "before", "due"),
    [
        ("0 2 * * *", datetime(2026, 7, 1, 12), datetime(2026, 7, 1, 0)),  # summer time
        ("0 2 * * *", datetime(2026, 7, 1, 0), datetime(2026, 7, 1, 0)),  # at its very minute
        ("30 1 * * 1-5", datetime(2026, 3, 15, 12), datetime(2026, 3, 13, 0, 30)),  # on Sunday: Friday's
        ("@daily", datetime(2026, 3, 14, 12), datetime(2026, 3, 13, 23)),
        ("30 2 * * *", datetime(2026, 3, 29, 12), datetime(2026, 3, 29, 1, 30)),  # an hour that does not exist
    ],
)
def test_the_schedule_is_read_in_its_zone(schedule: str, before: datetime, due: datetime) -> None:
    assert last_due(schedule, BERLIN, before) == due


def test_a_schedule_that_means_nothing_is_an_error_that_says_so() -> None:
    with pytest.raises(SettingsError, match="BROADSHEET_SCHEDULE is 'at night'; expected a cron expression"):
        last_due("at night", BERLIN, NOON)


@pytest.mark.parametrize(
    ("schedule", "moment", "began"),
    [
        ("0 2 * * *", "2026-03-14 01:00:04", "2026-03-14 01:00"),  # 02:00 in Berlin
        ("0 2 * * *", "2026-03-14 23:30", "2026-03-14 01:00"),  # a run by hand, past midnight in Berlin
        ("30 23 * * *", "2026-03-14 09:00", "2026-03-13 22:30"),
        ("0 2 * * 1-5", "2026-03-15 12:00", "2026-03-13 01:00"),  # a run on a Sunday belongs to Friday's night
        ("0 * * * *", "2026-03-14 15:20", "2026-03-13 23:00"),  # every hour: the day
        ("0 2 * * *", "2026-07-14 12:00", "2026-07-14 00:00"),  # summer
        ("", "2026-03-14 09:00", "2026-03-13 23:00"),
    ],
)
def test_a_night_begins_when_it_is_due_and_where_that_is_not_known_at_midnight(
    schedule: str, moment: str, began: str
) -> None:
    found = night_began(schedule, BERLIN, datetime.fromisoformat(moment))
    assert found == datetime.fromisoformat(began)
