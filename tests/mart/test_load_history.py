"""mart.load_history: what every run did, and when analysts saw it."""

from __future__ import annotations

import re

from newsroom import Newsroom, article


def test_a_run_is_shown_with_its_counts_and_what_it_refused(newsroom: Newsroom) -> None:
    newsroom.drop("a.jsonl", [article(1), article(2), article(3, body="")])
    torn = newsroom.drop("b.json", '[{"headline": "Torn", "body": "Torn"')
    newsroom.ingest(newsroom.landing / "a.jsonl", torn, run_id="first")
    newsroom.ingest(newsroom.drop("c.jsonl", [article(1, headline="Corrected"), article(2)]), run_id="second")
    counts = "run_id, state, dumps, dumps_refused, articles_read, inserted, revised, unchanged, rejected"
    assert newsroom.ask_published(f"select {counts} from mart.load_history order by started_at") == [
        ("first", "verified", 2, 1, 3, 2, 0, 0, 1),
        ("second", "verified", 1, 0, 2, 0, 1, 1, 0),
    ]
    ((not_loaded,),) = newsroom.ask_published("select not_loaded from mart.load_history where run_id = 'first'")
    assert len(not_loaded) == 1
    assert re.fullmatch(r"b\.json: \w.{10,}", not_loaded[0])


def test_times_follow_each_other(archive: Newsroom) -> None:
    in_order = (
        "select bool_and(started_at < finished_at and finished_at <= published_at + interval 1 second and seconds > 0)"
    )
    assert archive.ask_published(f"{in_order} from mart.load_history") == [(True,)]


def test_a_run_is_published_with_the_next_copy(newsroom: Newsroom) -> None:
    newsroom.load(newsroom.drop("a.jsonl", [article(1)]))
    assert newsroom.query("select published_at from mart.load_history") == [(None,)]
    newsroom.ingest(newsroom.drop("b.jsonl", [article(2)]))
    published = newsroom.ask_published(
        "select count(distinct published_at), count(published_at) from mart.load_history"
    )
    assert published == [(1, 2)]
