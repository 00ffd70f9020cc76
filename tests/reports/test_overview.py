"""The Overview and `broadsheet status`: what they say of good, bad, running and interrupted nights."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from newsroom import Newsroom, article, make_newsroom, read
from rich.console import Console

from etl import pipeline
from etl.cli import overview as status_command
from etl.reports.overview import QUESTIONS, Overview, look_now
from etl.run import Request, Run, begin
from etl.stages.discover import RequestError
from etl.warehouse import WarehouseError, lock, opening, reading, statements
from etl.warehouse.restore import restore_from_copy

FEED = '[feed.courier]\npath = "courier/*"\nformat = "jsonl"\nsettle_seconds = 0'


@pytest.fixture
def courier(newsroom: Newsroom) -> Newsroom:
    newsroom.stanza(FEED)
    return newsroom


def look(newsroom: Newsroom) -> Overview:
    return look_now(newsroom.settings)


def look_past_the_deadline(newsroom: Newsroom) -> Overview:
    """Now, as if the last night were to have ended by now."""
    found = look(newsroom)
    return replace(found, looked_at=found.looked_at + found.deadline)


def shown(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What `broadsheet status` prints, in lines."""
    monkeypatch.setenv("BROADSHEET_HOME", str(newsroom.settings.home))
    monkeypatch.setenv("BROADSHEET_SOURCES", str(newsroom.settings.sources))
    monkeypatch.setattr(status_command, "out", Console(width=400))
    with suppress(SystemExit):  # it is not good
        status_command.status(limit=20)
    return capsys.readouterr().out.splitlines()


def test_before_the_first_load_nothing_is_good_yet(courier: Newsroom) -> None:
    found = look(courier)
    assert found.shown == "nothing"
    assert found.problems == ["nothing is loaded yet"]
    assert [(feed.feed, feed.dumps, feed.last_loaded_at) for feed in found.feeds] == [("courier", 0, None)]


def test_a_bad_night_then_mended(
    courier: Newsroom, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dump = [json.dumps(article(1)), "{torn", "{torn in another way and longer", json.dumps(article(2, body=""))]
    courier.drop("courier/a.jsonl", "\n".join(dump))
    courier.drop("courier/b.jsonl", "")
    courier.ingest(run_id="first")
    found = look(courier)
    rejected = "3 rejected articles waiting; see: broadsheet rejected"
    assert found.problems == ["1 of 2 dumps not loaded", rejected]
    assert [(dump.path, dump.state, dump.attempts) for dump in found.waiting] == [("courier/b.jsonl", "refused", 1)]
    assert found.deliveries == {"loaded": 1, "refused": 1}
    ((open_articles,),) = courier.query("select count(*) from ops.rejected_article where position <> ''")
    assert found.rejected == open_articles == sum(reason.articles for reason in found.rejected_reasons) == 3
    assert found.published and found.published.run_id == "first"
    lines = shown(courier, monkeypatch, capsys)
    assert lines[:3] == ["NOT good:", "- 1 of 2 dumps not loaded", f"- {rejected}"]
    assert any("2 × is not JSON" in line and "courier/a.jsonl, line 2" in line for line in lines)
    assert any("read 4 · inserted 1 · revised 0 · unchanged 0 · rejected 3" in line for line in lines)
    assert any("courier/b.jsonl" in line and "is empty" in line for line in lines)

    courier.drop("courier/b.jsonl", [article(3)])
    courier.ingest()
    found = look(courier)
    assert found.problems == [rejected]
    assert found.waiting == []
    assert found.deliveries == {"loaded": 2, "replaced": 1}


def test_a_dump_is_parked_after_three_refusals(courier: Newsroom) -> None:
    courier.drop("courier/b.jsonl", "")
    for _ in range(3):
        courier.load()
    (dump,) = look(courier).waiting
    assert (dump.state, dump.attempts) == ("parked", 3)
    # It is no longer news, but no night is good until somebody has released or dismissed it.
    courier.drop("courier/a.jsonl", [article(1)])
    courier.ingest()
    found = look(courier)
    assert found.problems == [
        "1 dump parked, first courier/b.jsonl; once it is fixed, run: broadsheet release PATH; "
        "if nobody will fix it: broadsheet dismiss PATH --reason WHY"
    ]
    assert found.waiting_count == 1


def test_a_good_run_by_hand_does_not_cover_up_the_night(courier: Newsroom) -> None:
    courier.drop("courier/b.jsonl", "")
    pipeline.run_all(begin(courier.settings, "schedule", Request()))
    courier.ingest(courier.drop("courier/a.jsonl", [article(1)]))
    assert look(courier).problems == ["1 of 2 dumps not loaded"]


@pytest.fixture(scope="module")
def loaded_once(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    newsroom = make_newsroom(tmp_path_factory.mktemp("overview"))
    newsroom.stanza(FEED)
    newsroom.drop("courier/a.jsonl", [article(1)])
    newsroom.ingest(run_id="first")
    return newsroom


@pytest.fixture
def loaded(loaded_once: Newsroom, newsroom: Newsroom) -> Newsroom:
    """A newsroom in which one good dump is loaded."""
    shutil.copytree(loaded_once.folder, newsroom.folder, dirs_exist_ok=True, symlinks=True)
    return newsroom


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PATIENCE_SECONDS", 0.1)


@pytest.fixture
def held(loaded: Newsroom, hurried: None) -> Iterator[Newsroom]:
    """A newsroom whose warehouse somebody holds."""
    with lock.held(loaded.settings, "load of run second"):
        yield loaded


def test_during_a_load_the_published_copy_is_shown_and_the_holder_named(
    held: Newsroom, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = look(held)
    assert found.shown == "published copy"
    assert found.published and found.as_of == found.published.published_at < found.looked_at
    assert [run.run_id for run in found.runs] == ["first"]
    assert found.holder and f"process {os.getpid()} (load of run second)" in found.holder
    lines = shown(held, monkeypatch, capsys)
    assert any(line.startswith("Warehouse") and "held by process" in line for line in lines)
    assert any(line.startswith("Shown") and "the published copy of" in line for line in lines)


def test_looking_leaves_the_lock_free_and_no_holder_behind(loaded: Newsroom) -> None:
    look(loaded)
    assert loaded.query("select count(*) from ops.dump") == [(1,)]
    assert not (loaded.settings.warehouse_file.parent / "lock.json").exists()


def test_looking_changes_nothing_in_the_warehouse(loaded: Newsroom) -> None:
    before = loaded.settings.warehouse_file.read_bytes()
    look(loaded)
    assert loaded.settings.warehouse_file.read_bytes() == before


def test_a_run_that_planned_and_never_loaded_is_told(loaded: Newsroom) -> None:
    loaded.drop("courier/b.jsonl", [article(2)])
    pipeline.discover(begin(loaded.settings, "schedule", Request(), "second"))
    assert look(loaded).problems == []
    assert look_past_the_deadline(loaded).problems == [
        "run second planned 1 dump and has loaded none: it is still running, or was stopped"
    ]


def test_a_run_whose_load_the_warehouse_refused_says_why(loaded: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(run: Run, batches: list[int]) -> dict[str, int]:
        raise WarehouseError("the file is damaged: bring it back with: broadsheet restore")

    monkeypatch.setattr(pipeline, "load_batches", refuses)
    dump = loaded.drop("courier/b.jsonl", [article(2)])
    for request in (Request(), Request((str(dump),))):
        run = begin(loaded.settings, "schedule", request)
        pipeline.discover(run)
        with pytest.raises(WarehouseError):
            pipeline.load(run)
        assert look(loaded).problems == [
            f"run {run.run_id} planned 1 dump and has loaded none: "
            "the file is damaged: bring it back with: broadsheet restore"
        ]


def test_a_run_that_a_restore_took_back_is_not_said_to_have_loaded_nothing(loaded: Newsroom) -> None:
    loaded.drop("courier/b.jsonl", [article(2)])
    loaded.load()
    restore_from_copy(loaded.settings)
    (problem,) = look(loaded).problems
    assert problem.startswith("the warehouse was restored, and what run manual-")
    assert problem.endswith(" loaded is not in it; run: broadsheet ingest")
    pipeline.discover(begin(loaded.settings, "manual", Request(), "after"))
    assert look(loaded).problems[0].startswith("run after planned 1 dump and has loaded none")


def test_a_dump_that_was_refused_is_one_line_of_the_rejected(loaded: Newsroom) -> None:
    loaded.drop("courier/b.jsonl", "{torn\n{torn in another way\n")
    loaded.drop("courier/c.jsonl", [article(3), article(4, body="")])
    loaded.load()
    with opening.opened(loaded.settings, "test") as engine, engine.connect() as connection:
        listed = statements.run_file(connection, QUESTIONS / "rejected_articles.sql", {"run": None, "limit": 50})
        rows = [(row.path, row.position, row.stage) for row in listed]
    assert rows == [("courier/b.jsonl", "all 2 articles", "dump"), ("courier/c.jsonl", "line 2", "check")]


def test_a_night_that_stopped_before_its_plan_is_told(loaded: Newsroom) -> None:
    begin(loaded.settings, "schedule", Request(), "second")
    assert look_past_the_deadline(loaded).problems == [
        "run second has no plan: it has only just begun, or it stopped in discover"
    ]


def test_a_night_with_nothing_new_is_good(loaded: Newsroom) -> None:
    loaded.ingest(run_id="second")
    assert look(loaded).problems == []


def test_a_load_that_is_not_published_is_told(loaded: Newsroom) -> None:
    loaded.drop("courier/b.jsonl", [article(2)])
    run = begin(loaded.settings, "manual", Request(), "second")
    read(run)
    pipeline.check(run)
    pipeline.load(run)
    assert look(loaded).problems == [
        "run second is loading, not verified",
        "analysts do not have the last load, second",
    ]


def test_what_a_killed_process_committed_is_seen(loaded: Newsroom) -> None:
    script = (
        "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]);"
        "c.execute(\"update ops.load_run set state = 'failed'\"); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", script, str(loaded.settings.warehouse_file)], check=False)
    assert Path(f"{loaded.settings.warehouse_file}.wal").exists()
    assert look(loaded).problems == ["run first was refused by the suites"]


def test_a_lost_warehouse_is_told(loaded: Newsroom) -> None:
    shutil.rmtree(loaded.settings.warehouse_file.parent)
    found = look(loaded)
    assert found.shown == "published copy"
    assert found.problems == ["there is no warehouse file, only the published copy; run: broadsheet restore"]


def test_an_unreadable_warehouse_is_an_error_that_says_so(loaded: Newsroom) -> None:
    loaded.settings.warehouse_file.write_bytes(b"not a database" * 1000)
    with pytest.raises(WarehouseError, match="broadsheet restore"):
        look(loaded)


NIGHTLY = {"schedule": "0 2 * * *"}


def due_long_ago(newsroom: Newsroom) -> None:
    """Move everything that is known two days back."""
    with opening.opened(newsroom.settings, "test") as engine, engine.begin() as connection:
        for table in ("load_run", "landing_scan"):
            connection.exec_driver_sql(f"update ops.{table} set started_at = started_at - interval 2 day")
    for note in newsroom.settings.work_folder.glob("*/run.json"):
        told = json.loads(note.read_text())
        told["started_at"] = str(datetime.fromisoformat(told["started_at"]) - timedelta(days=2))
        note.write_text(json.dumps(told))


def test_a_night_that_did_not_run_is_told_and_one_with_nothing_new_is_enough(loaded: Newsroom) -> None:
    nightly = loaded.with_settings(**NIGHTLY)
    due_long_ago(nightly)
    (problem,) = look(nightly).problems
    assert problem.startswith("the night due at ") and "UTC did not begin" in problem
    assert look(loaded).problems == []  # nobody says that nights are expected
    before = nightly.settings.published_folder.joinpath("published.json").read_text()
    nightly.ingest()
    assert look(nightly).problems == []
    assert look(nightly).headline.startswith("Last night was good. It was due at ")
    shutil.rmtree(nightly.settings.work_folder)  # the ledger alone knows it too
    assert look(nightly).problems == []
    assert nightly.settings.published_folder.joinpath("published.json").read_text() == before


def test_what_was_not_looked_at_is_not_a_night(loaded: Newsroom) -> None:
    nightly = loaded.with_settings(**NIGHTLY)
    due_long_ago(nightly)
    nightly.ingest(nightly.landing / "courier" / "a.jsonl")
    (problem,) = look(nightly).problems
    assert "did not begin" in problem


def test_a_landing_folder_that_is_gone_is_told_until_a_run_saw_it_again(loaded: Newsroom) -> None:
    gone = loaded.landing.rename(loaded.folder / "unmounted")
    with pytest.raises(RequestError):
        loaded.ingest(run_id="second")
    (problem,) = look(loaded).problems
    assert problem.startswith("run second stopped before it took anything: the landing folder ")
    gone.rename(loaded.landing)
    loaded.ingest(run_id="third")
    assert look(loaded).problems == []


def test_each_feed_has_a_row_with_what_came_and_what_is_missing(loaded: Newsroom) -> None:
    loaded.stanza('[feed.lamp]\npath = "lamp/*"')
    pipeline.discover(begin(loaded.settings, "manual", Request()))
    courier, lamp = look(loaded).feeds
    assert (courier.feed, courier.dumps, courier.articles_read, courier.missing) == ("courier", 1, 1, ())
    assert courier.last_loaded_at is not None
    assert (lamp.feed, lamp.dumps, lamp.last_loaded_at) == ("lamp", 0, None)
    assert lamp.missing[0].startswith("feed lamp: its folder lamp/ is not there")


def test_status_exits_with_0_only_if_it_is_good_and_speaks_json(
    loaded: Newsroom, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BROADSHEET_HOME", str(loaded.settings.home))
    monkeypatch.setenv("BROADSHEET_SOURCES", str(loaded.settings.sources))
    monkeypatch.setenv("BROADSHEET_TIMEZONE", "Asia/Tokyo")
    status_command.status(as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["good"], told["problems"], told["night"]) == (True, [], None)
    assert told["last_load"]["run_id"] == "first"
    assert told["looked_at"].endswith("+09:00")
    lines = shown(loaded, monkeypatch, capsys)
    assert lines[0].startswith("Good as far as is known: ")
    assert any(line.startswith("Published") and "Asia/Tokyo" in line for line in lines)
    assert any("1 new of 1 file" in line for line in lines)
    monkeypatch.setenv("BROADSHEET_SCHEDULE", "0 2 * * *")
    due_long_ago(loaded)
    with pytest.raises(SystemExit, match="1"):
        status_command.status(as_json=True)
    assert json.loads(capsys.readouterr().out)["good"] is False
    loaded.settings.warehouse_file.write_bytes(b"not a database" * 1000)
    with pytest.raises(SystemExit, match="1"):
        status_command.status(as_json=True)
    assert "broadsheet restore" in json.loads(capsys.readouterr().out)["problems"][0]


def test_a_ping_without_an_address_is_wrong_use(loaded: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_HOME", str(loaded.settings.home))
    with pytest.raises(SystemExit, match="2"):
        status_command.status(ping=True)
