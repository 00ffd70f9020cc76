"""mart.story: stories, with how far they spread."""

from __future__ import annotations

from typing import Any

from newsroom import Newsroom, article

WIRE = {"body": "The bank left its lending rate where it was on Thursday, and said that it would wait for the spring."}


def wire_copy(number: int, publication: str | None, published: str | None, **fields: Any) -> dict[str, Any]:
    """The same agency report in a paper."""
    return article(number, publication=publication, published=published, **WIRE, **fields)


def test_a_story_is_shown_with_its_first_article_and_its_spread(newsroom: Newsroom) -> None:
    reports = [
        wire_copy(1, "Lamp", "2026-03-15T11:00:00Z"),
        wire_copy(2, "Lamp", "2026-03-16", headline="Once more"),
        wire_copy(3, "Wire", "2026-03-14T08:00:00Z", headline="Bank waits"),
        wire_copy(4, None, None),
        article(5),
    ]
    newsroom.load(newsroom.drop("a.jsonl", reports))
    columns = "headline, articles, publications, first_publication"
    assert newsroom.query(f"select {columns} from mart.story") == [("Bank waits", 4, 2, "Wire")]
    dates = "first_published_date::varchar, last_published_date::varchar"
    assert newsroom.query(f"select {dates} from mart.story") == [("2026-03-14", "2026-03-16")]
