"""Good or not: every sentence about a night, provoked."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from etl.intake.seen import Seen
from etl.reports.night import Overview
from etl.reports.night_facts import Begun, LoadRun, Published, WaitingDelivery
from etl.reports.schedule import ExpectedNight
from etl.reports.status_json import status_of

NOW = datetime(2026, 3, 14, 9)
DUE = datetime(2026, 3, 14, 1)
RUN = LoadRun("r1", "schedule", DUE, DUE, "verified", 2, 0, 0, 0, 10, 10, 0, 0, 0)
GOOD = Overview(
    shown="warehouse",
    looked_at=NOW,
    as_of=NOW,
    holder=None,
    published=Published(1, "broadsheet-1.duckdb", DUE, "r1"),
    timezone=ZoneInfo("Europe/Berlin"),
    begun=[Begun("r1", "schedule", DUE, 2, seen=Seen(files=2, new=2))],
    expected=ExpectedNight(DUE, DUE + timedelta(seconds=5)),
    night_began_at=DUE,
    runs=[RUN],
    deliveries={"loaded": 2},
)


def waiting(path: str, state: str, run_id: str) -> WaitingDelivery:
    return WaitingDelivery(path, "wire", "csv", state, 3, 0, "is empty", run_id, DUE)


def test_a_good_night_is_said_to_be_good_with_its_times() -> None:
    assert GOOD.problems == GOOD.warnings == []
    assert GOOD.headline == (
        "Last night was good. It was due at 2026-03-14 02:00 Europe/Berlin and began at 2026-03-14 02:00 Europe/Berlin."
    )


def test_a_night_whose_dumps_were_loaded_with_warnings_is_not_called_good() -> None:
    found = replace(GOOD, runs=[replace(RUN, dumps_warned=2)])
    assert found.is_good
    assert found.headline.startswith("Last night everything was read, but 2 dumps were loaded with a warning.")


def test_what_is_not_known_is_not_claimed() -> None:
    found = replace(GOOD, expected=None)
    assert found.is_good
    assert "Last night was good" not in found.headline
    assert "No schedule is known, so a night that does not begin is not noticed: " in found.headline


def test_before_the_first_night_it_is_said_when_that_is() -> None:
    found = replace(GOOD, expected=None, first_due_at=DUE + timedelta(days=1))
    assert found.headline.endswith(
        "The first night is due at 2026-03-15 02:00 Europe/Berlin and judged from 2026-03-15 06:00 Europe/Berlin on; "
        "until then there is nothing to do."
    )


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"expected": ExpectedNight(DUE, None)},
            "the night due at 2026-03-14 02:00 Europe/Berlin did not begin; check that Airflow or cron runs, "
            "then run: broadsheet ingest",
        ),
        (
            {"begun": [Begun("r2", "schedule", NOW, None, stopped="the landing folder is not there")]},
            "run r2 stopped before it took anything: the landing folder is not there",
        ),
        (
            {"begun": [Begun("r1", "schedule", DUE, 0, seen=Seen(missing_folders=("wire: wire",)))]},
            "feed wire: its folder wire/ is not there; mount or create it, or correct `path` in its stanza",
        ),
        ({"rejected": 3}, "3 rejected articles waiting; see: broadsheet rejected"),
        ({"unmet": ["6 of 10 rows"]}, "6 of 10 rows"),
        (
            {"deliveries": {"parked": 1}, "waiting": [waiting("w/a.csv", "parked", "r0")]},
            "1 dump parked, first w/a.csv; once it is fixed, run: broadsheet release PATH; "
            "if nobody will fix it: broadsheet dismiss PATH --reason WHY",
        ),
        (
            {"deliveries": {"refused": 2}, "waiting": [waiting("w/a.csv", "refused", "r0")]},
            "2 dumps of earlier nights not loaded",
        ),
        (
            {
                "holder": "process 1",
                "looked_at": DUE + timedelta(hours=5),
                "begun": [Begun("r2", "schedule", DUE + timedelta(seconds=1), 1)],
            },
            "run r2 planned 1 dump and has loaded none: it is still running, or was stopped",
        ),
    ],
)
def test_each_of_these_makes_a_night_not_good(changes: dict[str, Any], problem: str) -> None:
    found = replace(GOOD, **changes)
    assert found.problems == [problem]
    assert found.headline == f"NOT good: {problem}."
    assert status_of(found)["good"] is False


def test_a_stopped_night_is_not_hidden_by_a_path_taken_by_hand() -> None:
    by_hand = Begun("r3", "command_line", NOW, 0, is_whole=False)
    stopped = Begun("r2", "schedule", DUE, None, stopped="why")
    assert replace(GOOD, begun=[by_hand, stopped]).problems == ["run r2 stopped before it took anything: why"]


def test_a_typing_error_of_a_person_does_not_spoil_the_night() -> None:
    mistyped = Begun("r3", "command_line", NOW, None, is_whole=False, stopped="no file there")
    assert replace(GOOD, begun=[mistyped, *GOOD.begun]).problems == []


@pytest.mark.parametrize(
    ("trigger", "holder"), [("schedule", "process 1"), ("schedule", None), ("manual", "process 1")]
)
def test_a_night_under_way_is_not_complained_about(trigger: str, holder: str | None) -> None:
    """Not while it reads either, when nobody holds the warehouse."""
    begun = Begun("r2", trigger, NOW - timedelta(minutes=5), 1)
    assert replace(GOOD, holder=holder, begun=[begun, *GOOD.begun]).problems == []


def test_a_run_by_hand_that_nobody_finishes_is_told_at_once() -> None:
    begun = Begun("r2", "manual", NOW - timedelta(minutes=5), 1)
    assert replace(GOOD, begun=[begun, *GOOD.begun]).problems == [
        "run r2 planned 1 dump and has loaded none: it is still running, or was stopped"
    ]


def test_most_articles_rejected_is_a_problem_while_one_waits_and_not_of_a_replay() -> None:
    rejecting = replace(RUN, articles_read=1, inserted=0, rejected=1)
    waiting = "1 rejected article waiting; see: broadsheet rejected"
    assert replace(GOOD, runs=[rejecting], rejected=1).problems == ["1 of 1 article rejected", waiting]
    assert replace(GOOD, runs=[rejecting]).problems == []
    replayed = replace(rejecting, run_id="r1", trigger="replay")
    assert replace(GOOD, runs=[replayed, RUN], rejected=1).problems == [waiting]


def test_last_night_is_what_ran_since_it_began_by_the_calendar_whatever_started_it() -> None:
    by_cron = replace(RUN, run_id="r2", trigger="command_line", started_at=DUE + timedelta(minutes=1))
    by_hand = replace(RUN, run_id="r3", trigger="replay", started_at=DUE + timedelta(hours=9))
    before = replace(RUN, run_id="r0", started_at=DUE - timedelta(hours=3))
    found = replace(GOOD, runs=[by_hand, by_cron, before])
    assert found.night == [by_hand, by_cron]
    assert str(found.night_date) == "2026-03-14"


def test_a_late_night_is_a_warning() -> None:
    late = replace(GOOD, expected=ExpectedNight(DUE, DUE + timedelta(hours=7)))
    assert late.is_good
    assert late.warnings == [
        "the night due at 2026-03-14 02:00 Europe/Berlin began only at 2026-03-14 09:00 Europe/Berlin"
    ]


def test_a_clock_that_was_set_back_is_a_warning_while_it_is_behind() -> None:
    behind = replace(GOOD, looked_at=DUE - timedelta(days=2))
    (warning,) = behind.warnings
    assert warning.startswith(
        "the clock went back by 2 days: it is 2026-03-12 02:00 Europe/Berlin, and the earlier run r1 began at "
        "2026-03-14 02:00 Europe/Berlin. "
    )
    assert replace(GOOD, looked_at=DUE - timedelta(hours=20)).warnings == []


def test_warnings_of_what_was_seen_are_told() -> None:
    seen = Seen(files=1, unclaimed=1, unclaimed_names=("a.CSV",), warnings=("a clock is wrong",))
    found = replace(GOOD, begun=[Begun("r1", "schedule", DUE, 0, seen=seen)], odd=["odd"])
    assert found.is_good
    assert [warning[:18] for warning in found.warnings] == ["a clock is wrong", "1 file claimed by ", "odd"]


def test_the_json_has_stable_keys_and_times_in_the_schedules_zone() -> None:
    status = json.loads(json.dumps(status_of(GOOD)))
    assert set(status) == {
        "good", "headline", "problems", "warnings", "looked_at", "timezone", "shown", "held_by", "night", "last_look",
        "last_load", "deliveries", "waiting", "rejected", "feeds", "published",
    }  # fmt: skip
    assert status["night"] == {"due_at": "2026-03-14T02:00:00+01:00", "began_at": "2026-03-14T02:00:05+01:00"}
    assert status["last_look"]["seen"]["new"] == 2
    assert status["timezone"] == "Europe/Berlin"
