"""The DAGs that repair: their forms, and whole runs of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from newsroom import Newsroom, article

FEED = '[feed.courier]\npath = "courier/*"\nformat = "jsonl"\nsettle_seconds = 0\n'
TASKS = {
    "replay_rejected": ["replay", "verify", "publish", "verdict"],
    "unload_dump": ["unload", "verify", "publish", "verdict"],
    "renormalise_articles": ["renormalise", "verify", "publish", "verdict"],
    "release_dump": ["release", "ingest"],
    "dismiss_waiting": ["dismiss", "verify", "publish", "verdict"],
    "take_down_articles": ["take_down", "verdict"],
}


@pytest.mark.parametrize("dag_id", TASKS)
def test_tasks_stand_in_their_order_and_the_form_explains_itself(parsed: Callable[..., Any], dag_id: str) -> None:
    dag = parsed(dag_id)
    assert [task.task_id for task in dag.topological_sort()] == TASKS[dag_id]
    for task, follower in pairwise(TASKS[dag_id]):
        assert follower in dag.get_task(task).downstream_task_ids
    # Requests for a takedown wait for a person, and hold no other up.
    assert dag.max_active_runs == (16 if dag_id == "take_down_articles" else 1)
    assert all(f"`{task}`" in dag.doc_md for task in TASKS[dag_id])
    assert all(param.schema["title"] and param.description for param in dag.params.values())


@pytest.mark.parametrize(
    ("dag_id", "field"), [("unload_dump", "dump"), ("unload_dump", "reason"), ("take_down_articles", "value")]
)
def test_what_must_be_said_may_not_be_left_empty(parsed: Callable[..., Any], dag_id: str, field: str) -> None:
    from airflow.sdk.exceptions import ParamValidationError

    with pytest.raises(ParamValidationError):
        parsed(dag_id).params[field] = ""


def test_a_replay_then_an_unload(trigger: Callable[..., Any], newsroom: Newsroom) -> None:
    newsroom.stanza(FEED)
    odd = {**article(2), "body": "", "wording": "The text of number 2."}
    newsroom.drop("courier/a.jsonl", json.dumps(article(1)) + "\n" + json.dumps(odd) + "\n")
    newsroom.ingest()
    newsroom.stanza('columns = { body = "wording" }')
    run = trigger("replay_rejected", dump="courier/a.jsonl")
    assert (run.state, set(run.tasks.values())) == ("success", {"success"})
    assert newsroom.ask_published("select count(*) from mart.article") == [(2,)]
    assert trigger("unload_dump", dump="courier/a.jsonl", reason="another vendor's").state == "success"
    assert newsroom.ask_published("select count(*) from mart.article") == [(0,)]
    assert newsroom.query("select state, reason from ops.dump_load where kind = 'unload'") == [
        ("unloaded", "another vendor's")
    ]


def test_what_is_not_there_fails_the_run_at_once_and_says_so(
    trigger: Callable[..., Any], newsroom: Newsroom, capfd: pytest.CaptureFixture[str]
) -> None:
    newsroom.ingest(newsroom.drop("a.jsonl", [article(1)]))
    run = trigger("unload_dump", dump="z.jsonl", reason="a slip")
    assert run.state == "failed"
    assert run.tasks["unload"] == "failed"
    assert "z.jsonl: there is no such delivery" in "".join(capfd.readouterr())


def test_renormalise(trigger: Callable[..., Any], newsroom: Newsroom) -> None:
    newsroom.stanza(FEED)
    newsroom.drop("courier/a.jsonl", [article(1, published="03/04/2026")])
    newsroom.ingest()
    newsroom.stanza('date_order = "dmy"')
    assert trigger("renormalise_articles", source="courier").state == "success"
    assert newsroom.ask_published("select published_date_key from news.fact_article") == [(20260403,)]
