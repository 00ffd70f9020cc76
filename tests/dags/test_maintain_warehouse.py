"""The weekly DAG: its wiring, its timetable, its form, and whole runs of it."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from newsroom import Newsroom, article

from etl.warehouse import opening

DAG = "maintain_warehouse"
NOW = 1_900_000_000.0
TASKS = ["verify_everything", "remove_old", "index_search", "rewrite", "publish", "verdict"]


def test_it_is_wired_scheduled_and_explained(parsed: Callable[..., Any]) -> None:
    dag = parsed(DAG)
    assert [task.task_id for task in dag.topological_sort()] == TASKS
    for task, follower in pairwise(TASKS):
        assert dag.get_task(task).downstream_task_ids == {follower}
    assert {task.pool for task in dag.tasks} == {"warehouse"}
    assert (dag.max_active_runs, dag.catchup) == (1, False)
    assert (dag.timetable.expression, str(dag.timetable.timezone)) == ("30 4 * * 0", "UTC")
    assert all(task in dag.doc_md for task in TASKS)


def test_its_schedule_is_a_setting(parsed: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_MAINTENANCE_SCHEDULE", "0 6 * * 1")
    monkeypatch.setenv("BROADSHEET_TIMEZONE", "Europe/Berlin")
    timetable = parsed(DAG).timetable
    assert (timetable.expression, str(timetable.timezone)) == ("0 6 * * 1", "Europe/Berlin")


def test_the_form_knows_two_answers(parsed: Callable[..., Any]) -> None:
    from airflow.sdk.exceptions import ParamValidationError

    params = parsed(DAG).params
    params["rewrite"] = "always"
    with pytest.raises(ParamValidationError):
        params["rewrite"] = "never"


def test_a_week_that_is_good_and_one_that_is_not(
    trigger: Callable[..., Any], newsroom: Newsroom, capfd: pytest.CaptureFixture[str]
) -> None:
    newsroom.ingest(newsroom.drop("1.jsonl", [article(1), article(2)]))
    inode = newsroom.settings.warehouse_file.stat().st_ino

    good = trigger(DAG, rewrite="always")
    assert set(good.tasks.values()) == {"success"}
    assert newsroom.settings.warehouse_file.stat().st_ino != inode
    assert [extra["number"] for extra in good.events] == [2]
    assert newsroom.ask_published("select trigger from ops.load_run order by started_at desc limit 1") == [
        ("maintenance",)
    ]

    with opening.opened(newsroom.settings, "test") as engine, engine.begin() as connection:
        connection.exec_driver_sql("delete from news.article_text where article_key = 1")
    spilled = newsroom.settings.spill / "left_by_a_killed_process.tmp"
    spilled.touch()
    bad = trigger(DAG)
    assert bad.state == "failed"
    assert {task for task, state in bad.tasks.items() if state == "failed"} == {"verify_everything", "verdict"}
    assert "every revision has its text in news.article_text" in "".join(capfd.readouterr())
    assert spilled.exists()
    assert bad.events == []


def test_old_logs_of_our_dags_go_and_no_others(airflow_home: Path, tmp_path: Path) -> None:
    from broadsheet_airflow.old_logs import remove_old_logs

    def log(name: str, days: int) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (NOW - days * 86_400,) * 2)
        return path

    old = [
        log("dag_id=ingest_articles/run_id=1/task_id=load/attempt=1.log", 91),
        log("dag_processor/2026-01-01/dags-folder/ingest_articles.py.log", 91),
    ]
    kept = [
        log("dag_id=ingest_articles/run_id=2/task_id=load/attempt=1.log", 89),
        log("dag_id=of_others/run_id=1/task_id=load/attempt=1.log", 400),
        log("dag_processor/2026-01-01/dags-folder/of_others.py.log", 400),
        log("scheduler.log", 400),
    ]
    fresh = tmp_path / "dag_id=ingest_articles" / "run_id=3"
    fresh.mkdir()
    os.utime(fresh, (NOW, NOW))
    assert remove_old_logs(tmp_path, NOW) == 2
    assert not any(path.exists() for path in old) and all(path.exists() for path in kept)
    assert fresh.exists()  # a task may be about to write into it
    assert not (tmp_path / "dag_id=ingest_articles" / "run_id=1").exists()
