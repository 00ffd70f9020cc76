"""mart.topic_trend: how much of a month is on a topic."""

from __future__ import annotations

from newsroom import Newsroom, article


def test_a_topic_has_its_share_of_the_month(newsroom: Newsroom) -> None:
    dump = [
        article(1, tags=["boats", "ice"]),
        article(2, tags=["boats"], publication="Lamp"),
        article(3, tags=[]),
        article(4, tags=["ice"], status="canceled"),
        article(5, tags=["ice"], published="2026-04-02"),
        article(6, tags=["ice"], published=None),
        article(7, tags=["boats"], publication=None),
    ]
    newsroom.load(newsroom.drop("a.jsonl", dump))
    columns = "topic, month::varchar, articles, publications, month_articles, share"
    assert newsroom.query(f"select {columns} from mart.topic_trend order by topic, month") == [
        ("boats", "2026-03-01", 3, 2, 4, 0.75),
        ("ice", "2026-03-01", 1, 1, 4, 0.25),
        ("ice", "2026-04-01", 1, 1, 1, 1.0),
    ]
