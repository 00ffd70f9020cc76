"""mart.revision_history: what changed from one revision to the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import Newsroom, article

from etl.warehouse.catalogue import all_tables

CHANGES = """
    select
        revision, is_headline_changed, is_deck_changed, is_byline_changed, is_body_changed, words_added, words_removed,
        previous_status, status, is_date_changed, hours_after_previous
    from mart.revision_history order by article_id, revision
"""
BODY = "The boat left the harbour at noon.\n\nNobody waved.\n\nIt came back at night."


def changes(newsroom: Newsroom, *versions: dict[str, Any]) -> list[tuple[Any, ...]]:
    for place, fields in enumerate(versions):
        stated = {"version": place + 1, "modified": f"2026-03-14T{8 + 3 * place:02d}:00:00Z", "body": BODY}
        newsroom.load(newsroom.drop(f"{place}.jsonl", [article(1, **stated | fields)]))
    return newsroom.query(CHANGES)


def test_it_names_what_changed(newsroom: Newsroom) -> None:
    body = BODY.replace("at noon", "late at night").replace("\n\nNobody waved.", "")
    assert changes(
        newsroom,
        {},
        {"headline": "Boat late", "deck": "Nobody knows why"},
        {"headline": "Boat late", "deck": "Nobody knows why", "byline": "By Tom Okafor", "body": body},
        {"headline": "Boat late", "deck": "Nobody knows why", "byline": "By Tom Okafor", "body": body}
        | {"status": "canceled", "published": "2026-03-13"},
    ) == [
        (2, True, True, False, False, 0, 0, "usable", "usable", False, 3.0),
        # late, at, night. in; at, noon., Nobody, waved. out: at stands in both.
        (3, False, False, True, True, 2, 3, "usable", "usable", False, 3.0),
        (4, False, False, False, False, 0, 0, "usable", "canceled", True, 3.0),
    ]


def test_in_a_script_without_spaces_letters_are_counted(newsroom: Newsroom) -> None:
    assert [row[5:7] for row in changes(newsroom, {"body": "港口今天关闭。"}, {"body": "港口明天关闭。"})] == [(1, 1)]


def test_a_version_that_arrives_late_comes_between(newsroom: Newsroom) -> None:
    for version, body in ((1, "One."), (3, "One two three."), (2, "One two.")):
        newsroom.load(newsroom.drop(f"{version}.jsonl", [article(1, version=version, body=body)]))
    assert [(row[0], *row[5:7]) for row in newsroom.query(CHANGES)] == [(2, 2, 1), (3, 2, 1)]


def test_the_archive_has_one_row_for_each_later_revision(archive: Newsroom) -> None:
    both = "select article_key from mart.revision_history order by 1"
    assert archive.ask_published(both) == archive.ask_published(
        "select article_key from news.fact_article where revision > 1 order by 1"
    )


texts = st.lists(st.lists(st.sampled_from("abcd"), min_size=1, max_size=5).map(" ".join), max_size=4).map("\n\n".join)
(COUNT_WORDS,) = (
    load for load in all_tables()["mart.revision_history"].load if "temp table revision_words" in load.sql
)


@pytest.fixture(scope="module")
def memory() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("create table revision_pair as select 2 as article_key, 1 as previous_article_key")
        yield connection


@settings(max_examples=200, deadline=None)
@given(texts, texts)
def test_a_word_is_counted_as_often_as_it_came_or_went(
    memory: duckdb.DuckDBPyConnection, before: str, after: str
) -> None:
    memory.execute(
        "create or replace table revision_text as select 1 as article_key, $1 as body union all select 2, $2",
        [before, after],
    )
    memory.execute(COUNT_WORDS.sql)
    found = memory.execute("select added, removed from revision_words").fetchone() or (0, 0)
    had, has = Counter(before.split()), Counter(after.split())
    assert found == ((has - had).total(), (had - has).total())
