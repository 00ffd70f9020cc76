"""A clock that is set back: what arrives later is later all the same, and somebody is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from newsroom import Newsroom, article, make_newsroom

from etl import pipeline
from etl.doctor import examine
from etl.reports.overview import look_now
from etl.reports.report import Report
from etl.run import Request, Run, begin
from etl.settings import SQL
from etl.stages.load import record_run
from etl.warehouse import opening, published_note, statements
from etl.warehouse.catalogue import statements_in

FEED = '[feed.wire]\npath = "*.jsonl"\nid_column = "id"\nsettle_seconds = 0'


def as_of(newsroom: Newsroom, run_id: str, days: float) -> Run:
    """A run that begins so many days after now, by its clock."""
    run = begin(newsroom.settings, "manual", Request(), run_id)
    return replace(run, started_at=run.started_at + timedelta(days=days))


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> tuple[Newsroom, list[Report]]:
    """An article without a date, and its correction in a run that begins five days earlier; refused, then corrected."""
    newsroom = make_newsroom(tmp_path_factory.mktemp("clock"))
    newsroom.stanza(FEED)
    undated: dict[str, Any] = {"id": "w1", "published": None}
    newsroom.drop("1.jsonl", [article(1, headline="First", **undated)])
    reports = [pipeline.run_all(as_of(newsroom, "zulu", 5))]
    newsroom.drop("2.jsonl", [article(1, headline="Corrected", **undated)])
    reports.append(pipeline.run_all(as_of(newsroom, "alpha", 0)))
    return newsroom, reports


def test_a_correction_that_arrives_later_is_the_current_revision(nights: tuple[Newsroom, list[Report]]) -> None:
    revisions = "select headline, revision from mart.article_revision order by revision"
    assert nights[0].ask_published(revisions) == [("First", 1), ("Corrected", 2)]
    assert nights[0].ask_published("select headline from mart.article") == [("Corrected",)]
    assert nights[0].ask_published("select valid_from <= valid_to from news.fact_article where revision = 1") == [
        (True,)
    ]


def test_what_was_known_then_is_what_had_arrived_then(nights: tuple[Newsroom, list[Report]]) -> None:
    (before,) = nights[0].ask_published("select min(started_at) + interval 1 day from ops.load_run")[0]
    known = "select headline from mart.article_as_of(timestamp '2999-01-01', known_at := timestamp '{}')"
    assert nights[0].ask_published(known.format(before)) == []
    assert nights[0].ask_published(known.format("2999-01-01")) == [("Corrected",)]


def test_the_last_run_is_the_one_that_came_last(nights: tuple[Newsroom, list[Report]]) -> None:
    newsroom, _ = nights
    note = published_note.read(newsroom.settings)
    assert note
    assert (note["number"], note["run_id"]) == (2, "alpha")
    overview = look_now(newsroom.settings)
    assert [run.run_id for run in overview.runs] == ["alpha", "zulu"]
    assert overview.problems == []
    assert newsroom.ask_published("select run_id, number from mart.watermark") == [("alpha", 2)]
    carried = "select h.run_id, number from mart.load_history as h inner join ops.publication as p using (published_at)"
    assert sorted(newsroom.ask_published(carried)) == [("alpha", 2), ("zulu", 1)]


def test_a_feed_was_loaded_last_by_the_run_that_came_last(nights: tuple[Newsroom, list[Report]]) -> None:
    newsroom, _ = nights
    (alpha,) = newsroom.ask_published("select started_at from ops.load_run where run_id = 'alpha'")
    assert [feed.last_loaded_at for feed in look_now(newsroom.settings).feeds] == [alpha[0]]
    (_, feed) = answers_of("feeds", newsroom, alpha[0].date())
    assert feed["last_night"] == alpha[0].date()


def answers_of(question: str, newsroom: Newsroom, night: date) -> list[dict[str, Any]]:
    """What a question of the front page answers of the warehouse."""
    (query,) = statements_in(SQL / "front_page" / f"{question}.sql")
    asked = {"feeds": ["wire"], "timezone": "UTC", "night": night, "run_ids": ["alpha"], "limit": 9}
    with opening.opened(newsroom.settings, "test") as engine, engine.connect() as connection:
        return statements.raw(connection).execute(query.sql, asked).to_arrow_table().to_pylist()


def test_the_run_warns_that_the_clock_went_back(nights: tuple[Newsroom, list[Report]]) -> None:
    newsroom, (first, second) = nights
    assert not [warning for warning in first.warnings if "clock" in warning]
    (warning,) = (warning for warning in second.warnings if warning.startswith("the clock"))
    assert warning.startswith("the clock went back by 4 days: ") or warning.startswith(
        "the clock went back by 5 days: "
    )
    assert "the earlier run zulu" in warning
    assert "run zulu began 4 days later" in dict(examine(newsroom.settings))["clock"].found
    with opening.opened(newsroom.settings, "test") as engine, engine.connect() as connection:
        transaction = connection.begin()
        record_run(connection, as_of(newsroom, "ahead", 30))
        raw = statements.raw(connection)
        from etl.doctor.ledger import clock

        assert "run ahead began 29 days later" in clock(newsroom.settings, raw).found
        transaction.rollback()


def test_a_file_from_the_future_is_taken(nights: tuple[Newsroom, list[Report]]) -> None:
    newsroom, _ = nights
    newsroom.drop("3.jsonl", [article(3, id="w3")])
    assert pipeline.discover(as_of(newsroom, "back", -5)) == [(0, 0)]
    (newsroom.landing / "3.jsonl").unlink()


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Newsroom, sa.Engine]]:
    newsroom = make_newsroom(tmp_path_factory.mktemp("ledger"))
    with opening.opened(newsroom.settings, "test") as engine:
        yield newsroom, engine


STATES = st.sampled_from(
    [("delivery", "loaded"), ("delivery", "refused"), ("unload", "unloaded"), ("release", "released")]
)
NOW = datetime(2026, 3, 14, 2)


@given(st.lists(st.tuples(STATES, st.integers(-1000, 1000)), min_size=1, max_size=6))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_clock_says_a_delivery_is_what_its_last_run_made_it(
    ledger: tuple[Newsroom, sa.Engine], rows: list[tuple[tuple[str, str], int]]
) -> None:
    newsroom, engine = ledger
    with engine.connect() as connection:
        transaction = connection.begin()
        connection.exec_driver_sql(
            "insert into ops.dump values (1, 'a', 'wire', 'jsonl', 'x', '', 1, timestamp '2026-03-14', null)"
        )
        refused = 0
        for number, ((kind, state), hours) in enumerate(rows):
            run = Run(newsroom.settings, f"r{number}", NOW + timedelta(hours=hours), "manual", Request())
            record_run(connection, run)
            row = {"run_id": run.run_id, "dump_key": 1, "state": state, "reason": "x", "kind": kind}
            statements.run_file(connection, SQL / "repair" / "ledger_row.sql", {**row, "loaded_at": run.started_at})
            refused = 0 if kind in ("unload", "release") else refused + (state == "refused")
        expected = "new" if state == "released" else "parked" if state == "refused" and refused >= 3 else state
        found = connection.exec_driver_sql("select state, run_id from ops.dump_status").fetchall()
        assert found[0][0] == expected
        counted = [f"r{number}" for number, ((kind, _), _) in enumerate(rows) if kind != "release"]
        assert found[0][1] == (counted[-1] if counted else None)
        transaction.rollback()
