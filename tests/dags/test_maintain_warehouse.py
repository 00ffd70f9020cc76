"""The weekly DAG: its wiring, its timetable, its form, and whole runs of it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from newsroom import Newsroom, article

from etl.warehouse import opening

DAG = "maintain_warehouse"
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
    inode = newsroom.settings.warehouse.stat().st_ino

    good = trigger(DAG, rewrite="always")
    assert set(good.tasks.values()) == {"success"}
    assert newsroom.settings.warehouse.stat().st_ino != inode
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
