"""Silent feeds: the query over provoked histories, and what a nightly run makes of it."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import Newsroom, article, make_newsroom

from etl import pipeline
from etl.reports import unusual_feeds
from etl.run import Request, begin
from etl.warehouse import opening

NIGHT = date(2026, 11, 24)  # a Tuesday
HOUR = time(2)


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Connection]:
    """An empty warehouse that the tests of this module fill and empty again."""
    newsroom = make_newsroom(tmp_path_factory.mktemp("silence"))
    with opening.opened(newsroom.settings, "test") as engine, engine.connect() as connection:
        yield connection


def write_history(connection: sa.Connection, loads: list[tuple[str, datetime, int, str]]) -> None:
    """Write the ledger anew: per delivery its feed, the start of its run (UTC), its articles and its state."""
    for table in ("ops.dump", "ops.dump_load"):
        connection.exec_driver_sql(f"delete from {table}")
    for key, (feed, at, articles, state) in enumerate(loads, 1):
        connection.exec_driver_sql(
            """
            insert into ops.dump (dump_key, path, source, format, sha256, manifest_sha256, bytes, first_seen_at)
            values ($key, 'x', $feed, 'csv', $key::varchar, '', 1, $at)
            """,
            {"key": key, "feed": feed, "at": at},
        )
        connection.exec_driver_sql(
            """
            insert into ops.dump_load
                (run_id, dump_key, state, articles_read, inserted, revised, unchanged, rejected, skipped,
                    loaded_at, kind)
            values ('r', $key, $state, $articles, $articles, 0, 0, 0, '{}', $at, 'delivery')
            """,
            {"key": key, "state": state, "articles": articles, "at": at},
        )


def weeks_ago(weeks: int, articles: int, state: str = "loaded", feed: str = "wire") -> tuple[str, datetime, int, str]:
    return feed, datetime.combine(NIGHT - timedelta(weeks=weeks), HOUR), articles, state


def found(connection: sa.Connection, *feeds: str, timezone: str = "UTC") -> list[tuple[Any, ...]]:
    rows = unusual_feeds.find_unusual(connection, feeds or ("wire",), NIGHT, ZoneInfo(timezone))
    return [(row["source"], row["kind"], row["articles"], row["usual"]) for row in rows]


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ([100, 100, 100, 0], ("wire", "nothing", 0, 100)),
        ([100, 100, 100, 24], ("wire", "far less", 24, 100)),
        ([100, 100, 100, 25], None),
        ([100, 100, 100, 400], None),
        ([100, 100, 100, 401], ("wire", "far more", 401, 100)),
        ([100, 100, 0], None),  # two weekdays are no habit
        ([0, 0, 100, 0], None),  # it usually brings nothing
        ([2, 2, 2, 11], None),  # a small feed may grow by nine
        ([2, 2, 2, 12], ("wire", "far more", 12, 2)),
        ([12, 12, 12, 2], ("wire", "far less", 2, 12)),
        ([11, 11, 11, 2], None),
        ([3, 3, 3, 0], ("wire", "nothing", 0, 3)),  # but nothing is always told
    ],
)
def test_what_is_unusual(connection: sa.Connection, history: list[int], expected: Any) -> None:
    oldest = len(history) - 1
    write_history(connection, [weeks_ago(oldest - place, articles) for place, articles in enumerate(history)])
    assert found(connection) == ([expected] if expected else [])


def test_only_the_same_weekday_of_the_last_eight_weeks_counts(connection: sa.Connection) -> None:
    other_days = [
        ("wire", datetime.combine(NIGHT - timedelta(days=day), HOUR), 900, "loaded") for day in range(1, 30) if day % 7
    ]
    long_ago = [weeks_ago(weeks, 900) for weeks in range(9, 40)]
    # Half of them 10, half 30: one week more or less would move the median away from 20.
    eight = [weeks_ago(weeks, 10 if weeks % 2 else 30) for weeks in range(1, 9)]
    write_history(connection, [*other_days, *long_ago, *eight])
    assert found(connection) == [("wire", "nothing", 0, 20)]


def test_weeks_without_a_load_count_as_nothing_but_not_those_before_the_first(connection: sa.Connection) -> None:
    write_history(connection, [weeks_ago(5, 50), weeks_ago(1, 50)])
    assert found(connection) == []
    write_history(connection, [weeks_ago(3, 50), weeks_ago(2, 50), weeks_ago(1, 50)])
    assert found(connection) == [("wire", "nothing", 0, 50)]


def test_only_feeds_of_sources_toml_are_missed(connection: sa.Connection) -> None:
    write_history(
        connection, [weeks_ago(weeks, 50, feed=feed) for weeks in (1, 2, 3) for feed in ("wire", "gone", "lamp")]
    )
    assert [row[0] for row in found(connection, "lamp", "wire", "new")] == ["lamp", "wire"]
    assert found(connection, "new") == []


def test_the_night_is_a_day_where_the_newsroom_is(connection: sa.Connection) -> None:
    before_midnight = time(23, 30)  # UTC: the next day in Berlin
    loads = [
        ("wire", datetime.combine(NIGHT - timedelta(weeks=weeks, days=1), before_midnight), 50, "loaded")
        for weeks in range(4)
    ]
    write_history(connection, loads)
    assert found(connection, timezone="Europe/Berlin") == []
    write_history(connection, loads[1:])
    assert found(connection, timezone="Europe/Berlin") == [("wire", "nothing", 0, 50)]
    assert unusual_feeds.night_of(datetime(2026, 11, 23, 23, 30), ZoneInfo("Europe/Berlin")) == NIGHT


@pytest.mark.parametrize("state", ["refused", "failed"])
def test_a_delivery_that_was_not_loaded_brought_nothing_and_the_message_says_so(
    connection: sa.Connection, newsroom: Newsroom, state: str
) -> None:
    newsroom.stanza('[feed.wire]\npath = "wire/*"')
    usual = [weeks_ago(weeks, 50) for weeks in (1, 2, 3)]
    run = replace(begin(newsroom.settings, "schedule", Request()), started_at=datetime.combine(NIGHT, HOUR))
    write_history(connection, [*usual, weeks_ago(0, 50, state)])
    assert unusual_feeds.warnings(connection, run) == [
        "feed wire: nothing on 2026-11-24, usually 50 on a Tuesday; "
        "1 of its deliveries were refused or failed: fix those first"
    ]
    write_history(connection, usual)
    (warning,) = unusual_feeds.warnings(connection, run)
    assert "wire/* in the landing folder" in warning


def test_what_is_usual_is_rounded_up_between_two_numbers(connection: sa.Connection, newsroom: Newsroom) -> None:
    newsroom.stanza('[feed.wire]\npath = "wire/*"')
    run = replace(begin(newsroom.settings, "schedule", Request()), started_at=datetime.combine(NIGHT, HOUR))
    write_history(connection, [weeks_ago(weeks, articles) for weeks, articles in ((1, 50), (2, 51), (3, 50), (4, 51))])
    (warning,) = unusual_feeds.warnings(connection, run)
    assert "usually 51 on a Tuesday" in warning


loads_of_a_feed = st.lists(
    st.tuples(
        st.integers(0, 70), st.sampled_from([0, 1, 9, 10, 25, 100, 400, 401]), st.sampled_from(["loaded", "refused"])
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(loads_of_a_feed)
def test_the_query_agrees_with_the_rule_in_words(connection: sa.Connection, loads: list[tuple[int, int, str]]) -> None:
    write_history(
        connection,
        [("wire", datetime.combine(NIGHT - timedelta(days=days), HOUR), count, state) for days, count, state in loads],
    )
    assert [row[1] for row in found(connection)] == _by_the_rule(loads)


def _by_the_rule(loads: list[tuple[int, int, str]]) -> list[str]:
    brought: dict[int, int] = {}
    for days, count, state in loads:
        brought[days] = brought.get(days, 0) + (count if state == "loaded" else 0)
    first = max(brought, default=-1)
    weekdays = [brought.get(7 * week, 0) for week in range(1, 9) if 7 * week <= first]
    if len(weekdays) < 3 or (usual := median(weekdays)) == 0:
        return []
    today = brought.get(0, 0)
    if today == 0:
        return ["nothing"]
    if abs(today - usual) < 10:
        return []
    return ["far less"] if today < usual / 4 else ["far more"] if today > usual * 4 else []


# Through real runs


@pytest.fixture
def three_weeks(newsroom: Newsroom) -> Newsroom:
    """A feed that brought twelve articles on each of the last three Tuesdays: one real run, told three times."""
    newsroom.stanza('[feed.wire]\npath = "wire/*"\nformat = "jsonl"\nsettle_seconds = 0')
    arrives(newsroom, 3)
    assert nightly(newsroom, 3, "schedule").state == "succeeded"
    with opening.opened(newsroom.settings, "test") as engine, engine.begin() as connection:
        connection.exec_driver_sql(
            """
            insert into ops.dump_load
                (run_id, dump_key, state, articles_read, inserted, revised, unchanged, rejected, skipped,
                    loaded_at, kind)
            select run_id || week.number, dump_key, state, articles_read, inserted, revised, unchanged, rejected,
                skipped, loaded_at + to_days(7 * week.number::integer), kind
            from ops.dump_load cross join range(1, 3) as week (number)
            """
        )
    return newsroom


def arrives(newsroom: Newsroom, weeks: int) -> None:
    dump = newsroom.drop(f"wire/{weeks}.jsonl", [article(100 * weeks + number) for number in range(12)])
    os.utime(dump, (0, 0))  # before every run: these are in the past


def nightly(newsroom: Newsroom, weeks: int, trigger: str) -> Any:
    run = begin(newsroom.settings, trigger, Request(), f"{trigger}-{weeks}")
    at = datetime.combine(NIGHT - timedelta(weeks=weeks), HOUR, UTC)
    return pipeline.run_all(replace(run, started_at=at.replace(tzinfo=None)))


def test_a_night_without_news_warns_and_publishes_nothing(three_weeks: Newsroom) -> None:
    before = {path: path.stat().st_mtime_ns for path in three_weeks.settings.published_folder.iterdir()}
    report = nightly(three_weeks, 0, "schedule")
    assert report.state == "succeeded"
    assert len(report.warnings) == 1
    assert "feed wire: nothing on 2026-11-24, usually 12 on a Tuesday" in report.warnings[0]
    assert report.warnings == report.as_json()["warnings"]
    assert (logging.WARNING, report.warnings[0]) in report.lines()
    assert {path: path.stat().st_mtime_ns for path in before} == before

    assert nightly(three_weeks, 0, "manual").warnings == []

    arrives(three_weeks, 0)
    assert nightly(three_weeks, 0, "schedule").warnings == []
