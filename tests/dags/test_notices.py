"""Notices: runs of the DAG that end badly or with warnings, received by a real mail server and a real webhook."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from newsroom import Newsroom, article
from pinged import server
from receivers import RECIPIENTS, Received, connections, receivers

from broadsheet_airflow import notices
from etl import pipeline
from etl.warehouse import lock

FEED = '[feed.courier]\npath = "courier/*"\nformat = "jsonl"\nsettle_seconds = 0'
WARNING = "feed lamp: nothing on 2026-11-24, usually 50 on a Tuesday; check whether its sender delivers"


@pytest.fixture
def received(airflow_home: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Received]:
    """The two receivers, with Airflow's connections leading to them."""
    with receivers() as received:
        for name, value in received.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield received


@pytest.fixture
def silent_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts a warning into the report of every run. That a silent feed does is tested in test_silence.py."""
    verdict = pipeline.verdict
    monkeypatch.setattr(pipeline, "verdict", lambda run: replace(verdict(run), warnings=[WARNING]))


def text_of(mail: EmailMessage) -> str:
    assert mail.get_content_type() == "text/plain"
    return str(mail.get_content()).replace("\r\n", "\n")


def test_a_refused_dump_is_told_by_mail_and_webhook(
    trigger: Callable[..., Any], newsroom: Newsroom, received: Received
) -> None:
    newsroom.stanza(FEED)
    newsroom.drop("courier/1.jsonl", [article(1)])
    newsroom.drop("courier/2.jsonl", "")
    run = trigger()
    assert run.state == "failed"
    (mail,), (post,) = received.mails, received.posts
    assert mail["Subject"] == "Broadsheet: ingest_articles failed for 1 reason"
    assert mail["X-Envelope-To"] == mail["To"] == RECIPIENTS
    text = text_of(mail)
    assert "courier/2.jsonl: refused: " in text
    assert "drop it again under the same name" in text
    assert "Correct sources.toml" not in text
    assert f"/dags/ingest_articles/runs/{run.run_id.replace(':', '%3A').replace('+', '%2B')}" in text
    assert post["text"] == f"{mail['Subject']}\n\n{text}".rstrip()
    assert (post["path"], post["token"], post["run_id"]) == ("/hooks/broadsheet", "kept-from-logs", run.run_id)


def test_a_failed_task_is_told_with_its_reason(
    trigger: Callable[..., Any], newsroom: Newsroom, received: Received, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(run: Any, batch: int, part: int) -> dict[str, int]:
        raise OSError("the disk is on fire")

    monkeypatch.setattr(pipeline, "extract", fails)
    newsroom.stanza(FEED)
    newsroom.drop("courier/1.jsonl", [article(1)])
    assert trigger().state == "failed"
    text = text_of(received.mails[0])
    assert "task extract_0 failed: OSError: the disk is on fire" in text
    assert "clear it or trigger the DAG again" in text


def test_wrong_settings_are_told_though_the_run_never_began(
    trigger: Callable[..., Any], newsroom: Newsroom, received: Received
) -> None:
    newsroom.stanza("[feed.courier]\npfad = 'x'")
    assert trigger().state == "failed"
    text = text_of(received.mails[0])
    assert "[feed.courier] pfad: unknown key" in text
    assert "Correct sources.toml, or mount or create the folder" in text
    assert "drop it again" not in text


def test_a_missing_folder_is_told_with_its_own_advice(
    trigger: Callable[..., Any], newsroom: Newsroom, received: Received
) -> None:
    newsroom.stanza(FEED)
    assert trigger().state == "failed"
    text = text_of(received.mails[0])
    assert "feed courier: its folder courier/ is not there" in text
    assert "Correct sources.toml, or mount or create the folder" in text
    assert "drop it again" not in text


def test_a_verdict_that_breaks_is_told_too(
    trigger: Callable[..., Any], newsroom: Newsroom, received: Received, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(run: Any) -> Any:
        raise MemoryError("no room to think")

    newsroom.stanza(FEED)
    monkeypatch.setattr(pipeline, "verdict", breaks)
    assert trigger().state == "failed"
    assert "task verdict failed: MemoryError: no room to think" in text_of(received.mails[0])


def test_a_good_run_is_told_only_when_a_feed_is_silent(
    trigger: Callable[..., Any], newsroom: Newsroom, received: Received, request: pytest.FixtureRequest
) -> None:
    newsroom.stanza(FEED)
    (newsroom.landing / "courier").mkdir()
    assert trigger().state == "success"
    assert received.mails == received.posts == []
    request.getfixturevalue("silent_feed")
    assert trigger().state == "success"
    (mail,) = received.mails
    assert mail["Subject"] == "Broadsheet: ingest_articles succeeded, 1 warning"
    assert WARNING in text_of(mail)
    assert len(received.posts) == 1


def test_rejected_articles_that_wait_are_told_though_the_run_succeeded(
    trigger: Callable[..., Any], newsroom: Newsroom, received: Received
) -> None:
    newsroom.stanza(FEED)
    newsroom.drop("courier/1.jsonl", [*map(article, range(30)), article(31, body="")])
    assert trigger().state == "success"
    (mail,) = received.mails
    assert mail["Subject"] == "Broadsheet: ingest_articles succeeded, 1 rejected article waiting"
    assert "`broadsheet rejected` lists" in text_of(mail)


def test_a_good_night_gives_a_sign_of_life_and_a_bad_one_none(
    trigger: Callable[..., Any],
    newsroom: Newsroom,
    received: Received,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    newsroom.stanza(FEED)
    newsroom.drop("courier/1.jsonl", [article(1)])
    with server() as (address, asked):
        monkeypatch.setenv("BROADSHEET_PING_URL", f"{address}/kept-from-logs")
        assert trigger().state == "success"
        assert asked == ["/kept-from-logs"]
        assert trigger(path="courier/1.jsonl", force=True).state == "success"  # no night: it looked at one dump only
        newsroom.drop("courier/2.jsonl", [article(2), article(3, body="")])
        assert trigger().state == "success"
        assert len(asked) == 1
        assert "it is not good: 1 rejected article waiting" in caplog.text
        assert "kept-from-logs" not in caplog.text


def test_what_stands_in_a_dump_can_neither_act_nor_pretend(
    trigger: Callable[..., Any], newsroom: Newsroom, received: Received
) -> None:
    newsroom.stanza(FEED)
    name = "a\r\nBcc: thief@evil.example\r\n\r\nWhat to do next\n- <script>{{ 7 * 7 }}{{ conn.broadsheet_smtp }}\u202e"
    newsroom.drop(f"courier/{name}.jsonl", "")
    assert trigger().state == "failed"
    (mail,), (post,) = received.mails, received.posts
    assert mail["Bcc"] is None
    assert mail["X-Envelope-To"] == RECIPIENTS
    for text in (text_of(mail), post["text"]):
        assert text.count("\nWhat to do next\n") == 1
        assert "a Bcc: thief@evil.example What to do next - ‹script›{{ 7 * 7 }}{{ conn.broadsheet_smtp }}" in text
        assert "\u202e" not in text


def test_without_connections_nothing_is_sent_and_the_log_says_so(
    trigger: Callable[..., Any], newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    newsroom.stanza("[feed.courier]\npfad = 'x'")
    trigger()
    for name in ("broadsheet_smtp", "broadsheet_webhook"):
        assert caplog.text.count(f"No notice by {name}: no Airflow connection has this name.") == 1


@pytest.mark.usefixtures("silent_feed")
def test_a_notice_that_cannot_be_sent_is_logged_and_spoils_nothing(
    trigger: Callable[..., Any],
    newsroom: Newsroom,
    received: Received,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    newsroom.stanza(FEED)
    (newsroom.landing / "courier").mkdir()
    nobody_there = connections(smtp_port=9, webhook_port=9)["AIRFLOW_CONN_BROADSHEET_SMTP"]
    monkeypatch.setenv("AIRFLOW_CONN_BROADSHEET_SMTP", nobody_there)
    run = trigger()
    assert run.state == "success"
    assert run.tasks["verdict"] == "success"
    assert len(received.posts) == 1
    assert "A notice could NOT be sent by broadsheet_smtp. It says: Broadsheet: ingest_articles succ" in caplog.text
    assert "Connection refused" in caplog.text


LATE_RUN = {
    "dag_id": "ingest_articles",
    "dag_run_id": "r1",
    "run_type": "scheduled",
    "state": "running",
    "logical_date": "02:00",
    "queued_at": "02:01",
    "start_date": None,
}


def test_a_late_run_is_told_with_who_holds_the_warehouse(
    airflow_home: Any, newsroom: Newsroom, received: Received, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROADSHEET_HOME", str(newsroom.settings.home))
    with lock.held(newsroom.settings, "load of run r0"):
        notices.run_late({"dag_run": LATE_RUN}, hours=4)
    text = text_of(received.mails[0])
    assert received.mails[0]["Subject"] == "Broadsheet: ingest_articles is late by more than 4 hours"
    assert f"The warehouse is held by process {os.getpid()} (load of run r0)" in text
    assert "queued 02:01, not started yet" in text


@pytest.mark.parametrize("other", [{"run_type": "backfill"}, {"state": "failed"}, {"state": "success"}])
def test_neither_a_backfill_nor_a_run_that_ended_is_late(
    airflow_home: Any, newsroom: Newsroom, received: Received, monkeypatch: pytest.MonkeyPatch, other: dict[str, str]
) -> None:
    monkeypatch.setenv("BROADSHEET_HOME", str(newsroom.settings.home))
    notices.run_late({"dag_run": {**LATE_RUN, **other}}, hours=4)
    assert received.mails == []


def test_every_run_has_a_deadline_of_so_many_hours(parsed: Callable[[], Any]) -> None:
    (deadline,) = parsed().deadline
    assert deadline.interval == timedelta(hours=4)
    # Counted from the time of queueing, Airflow 3.3 answers 500 to whoever clears a run or a task.
    assert deadline.reference.reference_name == "DagRunLogicalDateDeadline"
    assert deadline.callback.path == "broadsheet_airflow.notices.run_late"
