"""Airflow's own screen: notes on runs, task logs, and the page behind the login of a whole Airflow."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from newsroom import Newsroom, article

from etl.settings import PROJECT

FEED = '[feed.courier]\npath = "courier/*"\nformat = "jsonl"\nsettle_seconds = 0'


def test_a_failed_run_has_its_totals_in_its_note_and_a_story_in_its_logs(
    trigger: Callable[..., Any], newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    newsroom.stanza(FEED)
    newsroom.drop("courier/1.jsonl", [article(1), article(2), article(3, body="")])
    newsroom.drop("courier/2.jsonl", "")
    run = trigger()
    assert run.state == "failed"
    assert _noted(run) == "read 3 · inserted 2 · revised 0 · unchanged 0 · rejected 1 · 1 of 2 dumps refused"
    logs = caplog.text
    for line in (
        "of 1 feed, in 1 batch; the ledger knows 0 deliveries.",
        "Batch 0: read 3 articles of 2 dumps; 1 dump refused.",
        "Batch 0: cleaned 3 articles.",
        "Judged 3 articles of 2 dumps: 1 article rejected; 1 dump refused, 0 failed.",
        "The ledger of 2 dumps: read 3 · inserted 2 · revised 0 · unchanged 0 · rejected 1.",
        "Verified what 1 run touched: ",
        "Published 1/broadsheet.duckdb (",
        "The run failed: read 3 ",
        "refused: is empty",
        "(courier/2.jsonl)",
        "rejected: it has no body",
    ):
        assert line in logs
    lines = [record for record in caplog.records if record.name == "broadsheet_airflow.tasks"]
    assert lines[0].levelname == "ERROR" and lines[0].getMessage().startswith("refused: is empty")
    assert not [record for record in lines if "\n" in record.getMessage() or record.exc_info]
    assert "RunFailed" not in logs  # no traceback

    newsroom.drop("courier/2.jsonl", [article(4)])
    assert _noted(trigger()) == "read 1 · inserted 1 · revised 0 · unchanged 0 · rejected 0 · 1 dump"
    newsroom.drop("elsewhere/3.jsonl", "")
    outcome, warning = _noted(trigger()).splitlines()
    assert outcome == "0 new of 3 files: 2 loaded, 1 claimed by no feed"
    assert warning.startswith("⚠ 1 file claimed by no feed: elsewhere/3.jsonl; ")


def test_the_note_on_a_run_that_took_nothing_says_why(trigger: Callable[..., Any], newsroom: Newsroom) -> None:
    newsroom.stanza(FEED)
    newsroom.landing.rmdir()
    note = _noted(trigger())
    assert note == f"task discover failed: the landing folder {newsroom.landing} is not there (is it mounted?)"


def _noted(finished: Any) -> str:
    """The note after the hook that Airflow calls at a run's end; `dag.test()` calls it with a run of no session."""
    from airflow.listeners.listener import get_listener_manager
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        run = session.scalars(select(DagRun).where(DagRun.run_id == finished.run_id)).one()
        hook = getattr(get_listener_manager().hook, f"on_dag_run_{run.state}")
        hook(dag_run=run, msg="")
    with create_session() as session:
        return str(session.scalars(select(DagRun).where(DagRun.run_id == finished.run_id)).one().note)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, "0 new of 1 file: 1 loaded"),
        ("Vendor was called.", "Vendor was called.\n0 new of 1 file: 1 loaded"),
        ("Read the log!\nread 1 · inserted 1 · revised 0", "Read the log!\n0 new of 1 file: 1 loaded"),
        ("task discover failed: the landing folder is not there\nMine", "Mine\n0 new of 1 file: 1 loaded"),
        ("nothing new\n3 new of 4 files: 1 loaded\n⚠ odd\nMine", "Mine\n0 new of 1 file: 1 loaded"),
    ],
)
def test_a_note_keeps_what_a_person_wrote_and_not_what_an_earlier_try_did(
    airflow_home: Path, monkeypatch: pytest.MonkeyPatch, before: str | None, after: str
) -> None:
    from broadsheet_airflow import run_notes

    monkeypatch.setattr(run_notes, "_found", lambda dag_run: ["0 new of 1 file: 1 loaded"])
    dag_run = SimpleNamespace(note=before)
    run_notes.on_dag_run_success(dag_run=dag_run, msg="")  # type: ignore[arg-type]
    assert dag_run.note == after


def test_a_note_holds_as_many_warnings_as_airflow_keeps(airflow_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from broadsheet_airflow import run_notes

    monkeypatch.setattr(run_notes, "_found", lambda dag_run: ["1 new of 1 file", *["odd " * 300] * 5])
    dag_run = SimpleNamespace(note="Mine " * 100)
    run_notes.on_dag_run_success(dag_run=dag_run, msg="")  # type: ignore[arg-type]
    assert len(dag_run.note) <= 1000
    mine, outcome, *warnings = dag_run.note.splitlines()
    assert (mine, outcome) == ("Mine " * 100, "1 new of 1 file")
    assert len(warnings) == 2 and all(warning.startswith("⚠ odd odd ") for warning in warnings)


def test_the_list_of_dags_says_what_each_is_for(airflow_home: Path) -> None:
    from airflow.dag_processing.dagbag import DagBag

    described = {dag_id: dag.description or "" for dag_id, dag in DagBag(PROJECT / "dags").dags.items()}
    assert described["release_dump"] == "Parked deliveries, tried again"
    assert len(set(described.values())) == len(described)
    assert all(10 <= len(text) <= 80 and "#" not in text for text in described.values()), described


@pytest.fixture(scope="module")
def airflow(airflow_home: Path) -> Iterator[Any]:
    """A client of Airflow's whole web server, with one user, who may only look."""
    passwords = airflow_home / "passwords.json"
    passwords.write_text(json.dumps({"viewer": "secret"}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE", str(passwords))
        patch.setenv("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS", "viewer:viewer")
        patch.setenv("AIRFLOW__API_AUTH__JWT_SECRET", "s" * 64)
        from airflow.api_fastapi.app import create_app
        from fastapi.testclient import TestClient

        yield TestClient(create_app(apps="core"))


def _log_in(airflow: Any) -> None:
    answer = airflow.post("/auth/token", json={"username": "viewer", "password": "secret"})
    airflow.cookies.set("_token", answer.json()["access_token"])


def test_without_login_the_page_is_shut(airflow: Any) -> None:
    airflow.cookies.clear()
    assert airflow.get("/broadsheet/").status_code == 401
    airflow.cookies.set("_token", "forged")
    assert airflow.get("/broadsheet/").status_code in (401, 403)
    for path in ("docs", "redoc", "openapi.json"):
        assert airflow.get(f"/broadsheet/{path}").status_code == 404


def test_with_login_the_entry_leads_to_the_page(
    airflow: Any, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROADSHEET_HOME", str(newsroom.settings.home))
    monkeypatch.setenv("BROADSHEET_SOURCES", str(newsroom.settings.sources))
    newsroom.stanza(FEED)
    _log_in(airflow)
    plugins = airflow.get("/api/v2/plugins").json()["plugins"]
    (entry,) = [view for plugin in plugins for view in plugin["external_views"] if view["name"] == "Broadsheet"]
    answer = airflow.get(f"/{entry['href']}")
    assert answer.status_code == 200
    assert "nothing is loaded yet" in answer.text
    assert "<strong>courier</strong>" in answer.text
    with newsroom.settings.sources.open("a") as file:
        file.write('[feed.lamp]\npfad = "lamp/*"\n')
    problems = airflow.get(f"/{entry['href']}").text
    assert "<li>sources.toml: [feed.lamp] path: missing" in problems
    assert "<li>sources.toml: [feed.lamp] pfad: unknown key" in problems
    assert airflow.get(f"/{entry['icon']}").status_code == 200
