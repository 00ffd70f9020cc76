"""The DAG: its wiring, its timetable, its form, and whole runs of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attacks import MARK, Act, hog, reader_that, spin
from newsroom import Newsroom, article
from packed import zipped

from etl import pipeline
from etl.formats import jsonl
from etl.run import Request
from etl.settings import PROJECT
from etl.stages import reading

TASKS = ["discover", "extract", "gather", "normalise", "check", "load", "verify", "publish", "verdict"]
FEED = '[feed.courier]\npath = "courier/*"\nformat = "jsonl"\nsettle_seconds = 0'
BERLIN = ZoneInfo("Europe/Berlin")


# Wiring


def test_tasks_stand_in_their_order(parsed: Callable[[], Any]) -> None:
    dag = parsed()
    assert [task.task_id for task in dag.topological_sort()] == [*TASKS, "index_search"]
    assert dag.get_task("index_search").upstream_task_ids == {"publish"}  # analysts have the load before it begins
    for task, follower in pairwise(TASKS):
        assert follower in dag.get_task(task).downstream_task_ids


def test_one_run_and_one_writer_at_a_time(parsed: Callable[[], Any]) -> None:
    dag = parsed()
    assert dag.max_active_runs == 1
    assert not dag.catchup
    pooled = {task.task_id for task in dag.tasks if task.pool == "warehouse"}
    assert pooled == {"discover", "load", "verify", "publish", "verdict"}


def test_all_is_tried_again_but_the_verdict(parsed: Callable[[], Any]) -> None:
    for task in parsed().tasks:
        assert task.retries == (0 if task.task_id == "verdict" else 2)
        assert task.retry_exponential_backoff
        assert task.execution_timeout


def test_a_failed_part_stops_neither_the_check_nor_the_verdict(parsed: Callable[[], Any]) -> None:
    rules = {task.task_id: task.trigger_rule.value for task in parsed().tasks}
    assert {task for task, rule in rules.items() if rule == "all_done"} == {"gather", "check", "verdict"}
    assert set(rules.values()) == {"all_done", "all_success"}


def test_the_engineer_on_duty_finds_owner_tags_and_words(parsed: Callable[[], Any]) -> None:
    dag = parsed()
    assert dag.owner == "broadsheet"
    assert dag.tags
    assert all(task in dag.doc_md for task in TASKS)
    assert all(param.schema["title"] and param.description for param in dag.params.values())


def test_parsing_imports_nothing_heavy_and_of_ours_only_the_settings(airflow_home: Path) -> None:
    script = (
        "import json, runpy, sys; runpy.run_path(sys.argv[1]);"
        "print(json.dumps([name for name in sys.modules if name.split('.')[0] in sys.argv[2:]]))"
    )
    heavy = ["pandas", "numpy", "pyarrow", "duckdb", "great_expectations", "etl"]
    command = [sys.executable, "-c", script, str(PROJECT / "dags" / "ingest_articles.py"), *heavy]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert set(json.loads(output.splitlines()[-1])) <= {
        *("etl", "etl.settings", "etl.store", "etl.bucket", "etl.files", "etl.model"),
        *("etl.processes", "etl.processes.workers", "etl.processes.children"),
    }


# Timetable


@pytest.mark.parametrize(
    ("first_day", "changed", "at"),
    [
        # There is no 02:00 on this night: the clocks go from 02:00 to 03:00.
        (datetime(2024, 3, 28, 12, tzinfo=UTC), "2024-03-31", "03:00+0200"),
        # 02:00 comes twice: the clocks go from 03:00 back to 02:00.
        (datetime(2024, 10, 24, 12, tzinfo=UTC), "2024-10-27", "02:00+0100"),
    ],
)
def test_one_run_every_night_also_when_the_clocks_change(
    parsed: Callable[[], Any], monkeypatch: pytest.MonkeyPatch, first_day: datetime, changed: str, at: str
) -> None:
    monkeypatch.setenv("BROADSHEET_TIMEZONE", "Europe/Berlin")
    runs = _runs_of_a_week(parsed(), monkeypatch, first_day)
    nights = [f"{run:%Y-%m-%d}" for run in runs]
    assert nights == [f"{first_day + timedelta(days=day):%Y-%m-%d}" for day in range(1, 8)]
    for night, run in zip(nights, runs, strict=True):
        assert f"{run:%H:%M%z}" == at if night == changed else f"{run:%H:%M}" == "02:00"


def _runs_of_a_week(dag: Any, monkeypatch: pytest.MonkeyPatch, now: datetime) -> list[datetime]:
    """What a scheduler that looks every ten minutes would start."""
    from airflow._shared.timezones.timezone import coerce_datetime
    from airflow.serialization.encoders import coerce_to_core_timetable
    from airflow.timetables import trigger
    from airflow.timetables.base import TimeRestriction

    timetable = coerce_to_core_timetable(dag.timetable)
    runs: list[datetime] = []
    last = None
    for step in range(7 * 24 * 6):
        at = now + step * timedelta(minutes=10)
        monkeypatch.setattr(trigger, "utcnow", lambda at=at: coerce_datetime(at))
        due = timetable.next_dagrun_info(
            last_automated_data_interval=last,
            restriction=TimeRestriction(earliest=None, latest=None, catchup=False),
        )
        if due.run_after <= at:
            runs.append(due.run_after.astimezone(BERLIN))
            last = due.data_interval
    return runs


def test_the_first_start_does_not_make_up_for_last_night(
    parsed: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROADSHEET_TIMEZONE", "Europe/Berlin")
    runs = _runs_of_a_week(parsed(), monkeypatch, datetime(2024, 6, 3, 1, tzinfo=UTC))
    assert f"{runs[0]:%Y-%m-%d %H:%M}" == "2024-06-04 02:00"


# Form


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("source", "agency; drop table"),
        ("source", 3),
        ("path", ""),
        ("path", "../outside"),
        ("path", "courier/../../outside"),
        ("path", "courier/.."),
        ("path", "a\n/../../etc/hostname"),
        ("path", "courier/1.jsonl\n"),
        ("path", "courier/\x001.jsonl"),
        ("path", "courier/\x1b[2J"),
        ("path", "x" * 4001),
        ("format", "CSV!"),
        ("published_on", "14.04.2024"),
        ("published_on", "2024-02-30"),
        ("force", "yes"),
        ("force", None),
    ],
)
def test_the_form_refuses(parsed: Callable[[], Any], name: str, value: Any) -> None:
    from airflow.sdk.exceptions import ParamValidationError

    with pytest.raises(ParamValidationError):
        parsed().params[name] = value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("source", "evening_lamp"),
        ("source", None),
        ("path", "courier/2024-*/**/*.zip"),
        ("path", "courier/a..b.txt"),
        ("format", "pressreader_txt"),
        ("published_on", "2024-02-29"),
        ("force", True),
    ],
)
def test_the_form_takes(parsed: Callable[[], Any], name: str, value: Any) -> None:
    params = parsed().params
    params[name] = value
    assert params[name] == value


@pytest.mark.parametrize(
    ("conf", "reason"),
    [
        ({"path": "/etc/hostname"}, "outside the landing folder"),
        ({"path": "way_out/hostname"}, "outside the landing folder"),
        ({"path": "not/there"}, "no file there"),
        ({"source": "nobody"}, "no feed 'nobody'"),
        ({"path": "courier", "format": "papyrus"}, "no format 'papyrus'; known are: auto"),
        ({"published_on": "2024-04-14"}, "without a path"),
        ({"publication_date": "2024-04-14"}, "unknown fields"),
    ],
)
def test_discover_refuses_what_the_form_cannot_know(
    trigger: Callable[..., Any], newsroom: Newsroom, capfd: pytest.CaptureFixture[str], conf: Any, reason: str
) -> None:
    newsroom.stanza(FEED)
    newsroom.drop("courier/1.jsonl", [article()])
    (newsroom.landing / "way_out").symlink_to("/etc")
    run = trigger(**conf)
    assert run.state == "failed"
    assert [task for task, state in run.tasks.items() if state == "failed"] == ["discover", "verdict"]
    assert not newsroom.settings.published_folder.exists()
    assert reason in "".join(capfd.readouterr())


def test_no_glob_leads_out_of_the_landing_folder(
    trigger: Callable[..., Any], newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    (newsroom.landing / "way_out").symlink_to("/etc")
    assert trigger(path="**/hostname").state == "failed"
    assert newsroom.query("select path, state, articles_read from ops.dump_status") == [("way_out", "refused", 0)]
    assert "is a link out of the landing folder" in caplog.text


@pytest.mark.parametrize("path", ["way_*/hostname", "*/hostname", "way_ou[t]"])
def test_nor_does_any_other_glob_of_the_form(
    parsed: Callable[[], Any], newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    (newsroom.landing / "way_out").symlink_to("/etc")
    monkeypatch.setenv("BROADSHEET_HOME", str(newsroom.settings.home))
    monkeypatch.setenv("BROADSHEET_SOURCES", str(newsroom.settings.sources))
    request = asked(parsed(), monkeypatch, params={"path": path})
    report = newsroom.loaded(*request.paths)
    assert report.state == "failed"
    assert "is a link out of the landing folder" in " ".join(report.failures)
    assert newsroom.query("select path, state, articles_read from ops.dump_status") == [("way_out", "refused", 0)]


def asked(
    dag: Any,
    monkeypatch: pytest.MonkeyPatch,
    run_type: str = "manual",
    logical_date: datetime | None = None,
    params: Any = None,
) -> Request:
    """What a run of the DAG asks for, with these fields of the form filled in."""
    names = dag.get_task("discover").python_callable.__globals__
    form = dict.fromkeys(("path", "source", "format", "published_on")) | {"force": False} | (params or {})
    dag_run = SimpleNamespace(run_type=run_type, conf=params or {})
    context = {"dag_run": dag_run, "logical_date": logical_date, "params": form}
    monkeypatch.setitem(names, "get_current_context", lambda: context)
    request: Request = names["_request"]()
    return request


# Backfill


@pytest.mark.parametrize(
    ("run_type", "logical_date", "timezone", "day"),
    [
        ("backfill", datetime(2024, 4, 10, 0, tzinfo=UTC), "Europe/Berlin", date(2024, 4, 10)),
        ("backfill", datetime(2024, 4, 11, 3, 30, tzinfo=UTC), "America/New_York", date(2024, 4, 10)),
        ("backfill", datetime(2024, 4, 9, 22, tzinfo=UTC), "Europe/Berlin", date(2024, 4, 10)),
        ("scheduled", datetime(2024, 4, 10, tzinfo=UTC), "UTC", None),
        ("manual", None, "UTC", None),
    ],
)
def test_a_run_of_a_backfill_has_the_day_that_it_is_where_the_schedule_is(
    parsed: Callable[[], Any],
    monkeypatch: pytest.MonkeyPatch,
    run_type: str,
    logical_date: datetime | None,
    timezone: str,
    day: date | None,
) -> None:
    monkeypatch.setenv("BROADSHEET_TIMEZONE", timezone)
    assert asked(parsed(), monkeypatch, run_type, logical_date) == Request(day=day)


# Runs


def test_xcom_carries_numbers_and_no_word_of_an_article(trigger: Callable[..., Any], newsroom: Newsroom) -> None:
    from airflow.models.xcom import XComModel
    from airflow.utils.session import create_session
    from sqlalchemy import select

    newsroom.stanza(FEED)
    newsroom.drop("courier/1.jsonl", json.dumps(article(1)) + "\n{torn\n")
    run = trigger()
    assert run.state == "success"
    with create_session() as session:
        query = select(XComModel.value).where(XComModel.run_id == run.run_id, XComModel.key == "return_value")
        values = [json.loads(value) if isinstance(value, str) else value for value in session.scalars(query)]
    assert len(values) == 10
    assert all(type(number) is int for value in values for number in numbers_in(value))


def numbers_in(value: Any) -> Iterator[Any]:
    """What is in dictionaries and lists, however they are nested."""
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from numbers_in(each)
    else:
        yield value


def test_a_night_with_news_then_one_without(trigger: Callable[..., Any], newsroom: Newsroom) -> None:
    newsroom.stanza(FEED)
    newsroom.drop("courier/1.jsonl", [article(1), article(2)])
    first = trigger()
    assert first.state == "success"
    assert set(first.tasks.values()) == {"success"}
    assert first.names == {"batch 0, part 0"}
    assert [(extra["number"], extra["inserted"], extra["rejected"]) for extra in first.events] == [(1, 2, 0)]
    assert newsroom.ask_published("select count(*) from mart.article") == [(2,)]

    second = trigger()
    assert second.state == "success"
    assert second.tasks["publish"] == "skipped"
    assert second.events == []


def test_an_empty_landing_folder_is_a_good_night(trigger: Callable[..., Any], newsroom: Newsroom) -> None:
    newsroom.stanza(FEED)
    (newsroom.landing / "courier").mkdir()
    assert trigger().state == "success"


def test_a_path_and_a_date_by_the_form(trigger: Callable[..., Any], newsroom: Newsroom) -> None:
    newsroom.stanza(FEED)
    newsroom.drop("courier/1.jsonl", [article(1, published=None)])
    newsroom.drop("courier/2.jsonl", [article(2)])
    assert trigger(path="courier/1.*", published_on="2024-04-14").state == "success"
    dates = newsroom.ask_published("select published_date_key, date_basis from news.fact_article")
    assert dates == [(20240414, "manifest")]


def test_one_dump_refused_among_three(
    trigger: Callable[..., Any], newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    newsroom.stanza(FEED)
    newsroom.drop("courier/1.jsonl", [article(1)])
    newsroom.drop("courier/2.jsonl", "")
    newsroom.drop("courier/3.jsonl", [article(3)])
    run = trigger()
    assert run.state == "failed"
    assert [task for task, state in run.tasks.items() if state == "failed"] == ["verdict"]
    assert newsroom.ask_published("select count(*) from mart.article") == [(2,)]
    assert len(run.events) == 1
    assert "refused: is empty" in caplog.text and "(courier/2.jsonl)" in caplog.text


def test_one_batch_failed_among_three(
    trigger: Callable[..., Any], newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.stanza(FEED)
    for number in range(3):
        newsroom.drop(f"courier/{number}.jsonl", [article(number)])
    monkeypatch.setenv("BROADSHEET_BATCH_FILES", "1")
    extract = pipeline.extract

    def fails_once(run: Any, batch: int, part: int) -> dict[str, int]:
        if batch == 1:
            raise OSError("the disk is on fire")
        return extract(run, batch, part)

    monkeypatch.setattr(pipeline, "extract", fails_once)
    run = trigger()
    assert run.state == "failed"
    assert run.tasks["extract[1]"] == "failed"
    assert run.tasks["publish"] == "success"
    assert newsroom.ask_published("select state, count(*) from ops.dump_status group by all order by all") == [
        ("failed", 1),
        ("loaded", 2),
    ]

    monkeypatch.setattr(pipeline, "extract", extract)
    assert trigger().state == "success"
    assert newsroom.ask_published("select count(*) from mart.article") == [(3,)]


def test_nothing_is_published_when_the_verification_fails(
    trigger: Callable[..., Any], newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(run: Any) -> dict[str, int]:
        raise pipeline.VerifyFailed("two current revisions of one article")

    monkeypatch.setattr(pipeline, "verify", fails)
    newsroom.stanza(FEED)
    newsroom.drop("courier/1.jsonl", [article()])
    run = trigger()
    assert run.state == "failed"
    assert run.tasks["verify"] == "failed"
    assert run.tasks["publish"] == "upstream_failed"
    assert run.events == []
    assert not newsroom.settings.published_folder.exists()


def test_the_asset_is_told_after_a_try_that_was_killed(
    trigger: Callable[..., Any], newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish = pipeline.publish

    def killed_and_tried_again(run: Any) -> dict[str, Any]:
        publish(run)
        return publish(run)

    monkeypatch.setattr(pipeline, "publish", killed_and_tried_again)
    newsroom.stanza(FEED)
    newsroom.drop("courier/1.jsonl", [article()])
    assert len(trigger().events) == 1


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL])
def test_a_dump_that_kills_its_reader_is_refused_and_the_others_are_published(
    trigger: Callable[..., Any], newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    def die() -> None:
        assert signal.getsignal(signal.SIGSEGV) == signal.SIG_DFL
        os.kill(os.getpid(), number)

    monkeypatch.setattr(jsonl, "read", reader_that(die))
    before = signal.signal(signal.SIGSEGV, lambda *_: None)  # as Airflow's importer does
    try:
        newsroom.stanza(FEED)
        newsroom.drop("courier/1.jsonl", [article(1)])
        newsroom.drop("courier/2.jsonl", [article(2, headline=MARK)])
        newsroom.drop("courier/3.jsonl", [article(3)])
        run = trigger()
        assert signal.getsignal(signal.SIGSEGV) == signal.SIG_DFL
    finally:
        signal.signal(signal.SIGSEGV, before)
    assert [task for task, state in run.tasks.items() if state == "failed"] == ["verdict"]
    assert newsroom.ask_published("select path, state from ops.dump_status order by path") == [
        ("courier/1.jsonl", "loaded"),
        ("courier/2.jsonl", "refused"),
        ("courier/3.jsonl", "loaded"),
    ]
    reason = newsroom.ask_published("select reason from ops.dump_status where state = 'refused'")[0][0]
    assert number.name in reason


def archive_in_an_archive() -> bytes:
    """A zip in a zip of two megabytes, of which the inner one goes to a temporary file."""
    return zipped({"inner.zip": zipped({"a.jsonl": os.urandom(1_000_000).hex().encode()})})


@pytest.mark.parametrize(
    ("hostile", "act", "said"),
    [
        (json.dumps(article(2, headline=MARK)), hog, "of memory to read"),
        (json.dumps(article(2, headline=MARK)), spin, "seconds of processor time to read"),
        (archive_in_an_archive(), hog, "BROADSHEET_MAX_SPOOL_BYTES"),
    ],
    ids=["memory", "processor time", "temporary files"],
)
def test_a_dump_that_overruns_a_limit_is_refused_and_the_others_are_published(
    trigger: Callable[..., Any],
    newsroom: Newsroom,
    monkeypatch: pytest.MonkeyPatch,
    hostile: str | bytes,
    act: Act,
    said: str,
) -> None:
    monkeypatch.setenv("BROADSHEET_MAX_READ_MEMORY_BYTES", "400000000")
    monkeypatch.setenv("BROADSHEET_MAX_SPOOL_BYTES", "100000")
    monkeypatch.setattr(reading, "FREE_SECONDS", 1)
    monkeypatch.setattr(jsonl, "read", reader_that(act))
    newsroom.stanza(FEED)
    newsroom.drop("courier/1.jsonl", [article(1)])
    newsroom.drop("courier/2.jsonl", hostile)
    newsroom.drop("courier/3.jsonl", [article(3)])
    run = trigger()
    assert [task for task, state in run.tasks.items() if state == "failed"] == ["verdict"]
    states = newsroom.ask_published("select state from ops.dump_status order by path")
    assert states == [("loaded",), ("refused",), ("loaded",)]
    assert said in newsroom.ask_published("select reason from ops.dump_status where state = 'refused'")[0][0]
