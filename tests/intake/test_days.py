"""Backfill: each run takes its own day, by the paths of the dumps; what has no day is named."""

from __future__ import annotations

from datetime import date

import pytest
from newsroom import Newsroom, article
from typer.testing import CliRunner

from etl.cli import app
from etl.run import Request, begin, resume
from etl.stages.discover import RequestError

DATED = """[feed.courier]
path = "courier/**/*.jsonl"
path_pattern = '(?P<year>\\d{4})-(?P<month>\\d{2})-(?P<day>\\d{2})'
settle_seconds = 0"""
UNDATED = '[feed.lamp]\npath = "lamp/*.jsonl"\npath_pattern = "(?P<section>city)"\nsettle_seconds = 0'


@pytest.fixture
def week(newsroom: Newsroom) -> Newsroom:
    """Five days of one feed, the third of them bad; a file without a day; a feed without days."""
    newsroom.stanza(DATED)
    newsroom.stanza(UNDATED)
    for day in range(10, 15):
        name = f"courier/2024-04-{day}/a.jsonl"
        newsroom.drop(name, "no json\n" if day == 12 else [article(day, published=None)])
    newsroom.drop("courier/special.jsonl", [article(99)])
    newsroom.drop("lamp/city.jsonl", [article(98)])
    return newsroom


def backfill(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, list[str]]:
    """The command's exit code and the lines that it prints."""
    monkeypatch.setenv("BROADSHEET_HOME", str(newsroom.settings.home))
    monkeypatch.setenv("BROADSHEET_SOURCES", str(newsroom.settings.sources))
    done = CliRunner().invoke(app, ["backfill", *arguments])
    return done.exit_code, [line.rstrip() for line in done.output.splitlines()]


def test_five_days_of_which_one_is_bad(week: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    code, lines = backfill(week, monkeypatch, "--from", "2024-04-10", "--to", "2024-04-14")
    assert code == 1
    days = [line.split()[:2] for line in lines if line.startswith("2024-")]
    assert days == [[f"2024-04-{day}", "failed" if day == 12 else "succeeded"] for day in range(10, 15)]
    assert "courier/2024-04-12/a.jsonl: refused" in "\n".join(lines)
    text = " ".join(lines)
    assert "feed lamp is left out" in text
    assert "feed courier: 1 file has no date in the path" in text
    assert week.query("select published_date_key, date_basis from news.fact_article order by all") == [
        (20240400 + day, "path") for day in (10, 11, 13, 14)
    ]
    assert week.query("select distinct trigger from ops.load_run") == [("backfill",)]


def test_a_run_takes_its_day_alone_and_its_report_names_what_is_left_out(week: Newsroom) -> None:
    report = week.loaded(day=date(2024, 4, 11))
    assert [dump["path"] for dump in report.dumps] == ["courier/2024-04-11/a.jsonl"]
    assert report.state == "succeeded"
    assert [warning.split(":")[0] for warning in report.warnings] == ["feed lamp is left out", "feed courier"]
    assert any("feed lamp is left out" in text for _, text in report.lines())
    named = week.loaded(day=date(2024, 4, 13), source="courier")
    assert [warning.split(":")[0] for warning in named.warnings] == ["feed courier"]
    assert week.loaded(day=date(2024, 4, 9)).dumps == []


def test_a_feed_whose_paths_say_no_day_is_refused_by_name(week: Newsroom) -> None:
    with pytest.raises(RequestError, match=r"no feed asked for \(lamp\) has a date in its paths; add a path_pattern"):
        week.ingest(day=date(2024, 4, 11), source="lamp")
    with pytest.raises(RequestError, match="a path was given for a dated run"):
        week.ingest(week.landing / "courier", day=date(2024, 4, 11))


def test_where_no_feed_says_a_day_there_is_nothing_to_backfill(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.stanza(UNDATED)
    with pytest.raises(RequestError, match=r"\(lamp\)"):
        newsroom.ingest(day=date(2024, 4, 11))
    code, _ = backfill(newsroom, monkeypatch, "--from", "2024-04-12", "--to", "2024-04-11")
    assert code == 2


def test_a_run_keeps_its_day_and_one_that_was_cleared_is_a_run_of_its_own(newsroom: Newsroom) -> None:
    asked = Request(source="courier", day=date(2024, 4, 11))
    first = begin(newsroom.settings, "backfill", asked, "backfill__2024-04-11T02:00:00+00:00")
    assert resume(newsroom.settings, "backfill__2024-04-11T02:00:00+00:00") == first
    second = begin(newsroom.settings, "backfill", asked, "backfill__2024-04-11T02:00:00+00:00", 10)
    begin(newsroom.settings, "backfill", asked, "backfill__2024-04-11T02:00:00+00:00", 9)
    assert resume(newsroom.settings, "backfill__2024-04-11T02:00:00+00:00") == second
    assert second.run_id != first.run_id


def test_a_mended_day_loads_though_its_run_failed_before(week: Newsroom) -> None:
    run_id = "backfill__2024-04-12T02:00:00+00:00"
    assert week.loaded(day=date(2024, 4, 12), run_id=run_id).state == "failed"
    week.drop("courier/2024-04-12/a.jsonl", [article(12)])
    from etl import pipeline

    again = begin(week.settings, "backfill", Request(day=date(2024, 4, 12)), run_id, 1)
    report = pipeline.run_all(again)
    assert report.state == "succeeded"
    assert [dump["inserted"] for dump in report.dumps] == [1]
