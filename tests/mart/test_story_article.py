"""mart.story_article: who carried a story, in order of publication."""

from __future__ import annotations

from typing import Any

from newsroom import Newsroom, article

WIRE = {"body": "The bank left its lending rate where it was on Thursday, and said that it would wait for the spring."}


def wire_copy(number: int, publication: str | None, published: str | None, **fields: Any) -> dict[str, Any]:
    """The same agency report in a paper."""
    return article(number, publication=publication, published=published, **WIRE, **fields)


PLACES = """
    select place, publication, strftime(published_at, '%H:%M'), published_date_key
    from mart.story_article order by story_key, place
"""


def test_articles_are_in_order_of_publication(newsroom: Newsroom) -> None:
    reports = [
        wire_copy(1, "Lamp", "2026-03-14T11:00:00Z"),
        wire_copy(2, "Undated", None),
        wire_copy(3, "Wire", "2026-03-14T08:00:00Z"),
        wire_copy(4, "Courier", "2026-03-15"),
        article(5),
    ]
    newsroom.load(newsroom.drop("a.jsonl", reports))
    assert newsroom.query(PLACES) == [
        (1, "Wire", "08:00", 20260314),
        (2, "Lamp", "11:00", 20260314),
        (3, "Courier", None, 20260315),
        (4, "Undated", None, 0),
    ]


def test_a_story_with_only_one_article_left_is_not_listed(newsroom: Newsroom) -> None:
    newsroom.load(newsroom.drop("a.jsonl", [wire_copy(1, "Lamp", "2026-03-14"), wire_copy(2, "Wire", "2026-03-14")]))
    assert len(newsroom.query(PLACES)) == 2
    newsroom.load(newsroom.drop("b.jsonl", [wire_copy(2, "Wire", "2026-03-14", status="canceled")]))
    assert newsroom.query(PLACES) == []
