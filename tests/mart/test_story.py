"""mart.story: stories, with how far they spread."""

from __future__ import annotations

from typing import Any

from newsroom import Newsroom, article

WIRE = {"body": "The bank left its lending rate where it was on Thursday, and said that it would wait for the spring."}


def told(number: int, publication: str | None, published: str | None, **fields: Any) -> dict[str, Any]:
    """The same report in a paper."""
    return article(number, publication=publication, published=published, **WIRE, **fields)


def test_a_story_is_shown_with_its_first_article_and_its_spread(newsroom: Newsroom) -> None:
    reports = [
        told(1, "Lamp", "2026-03-15T11:00:00Z"),
        told(2, "Lamp", "2026-03-16", headline="Once more"),
        told(3, "Wire", "2026-03-14T08:00:00Z", headline="Bank waits"),
        told(4, None, None),
        article(5),
    ]
    newsroom.load(newsroom.drop("a.jsonl", reports))
    columns = "headline, articles, publications, first_publication"
    assert newsroom.query(f"select {columns} from mart.story") == [("Bank waits", 4, 2, "Wire")]
    dates = "first_published_date::varchar, last_published_date::varchar"
    assert newsroom.query(f"select {dates} from mart.story") == [("2026-03-14", "2026-03-16")]
