"""mart.syndication: who was first, who followed and how much later; nothing is guessed where times are missing."""

from __future__ import annotations

from typing import Any

from newsroom import Newsroom, article

WIRE = {"body": "The bank left its lending rate where it was on Thursday, and said that it would wait for the spring."}


def wire_copy(number: int, publication: str | None, published: str | None, **fields: Any) -> dict[str, Any]:
    """The same agency report in a paper."""
    return article(number, publication=publication, published=published, **WIRE, **fields)


ORDER = """
    select publication, articles, is_first, first_publication, days_after_first, hours_after_first
    from mart.syndication order by publication
"""


def syndicated(newsroom: Newsroom, *reports: dict[str, Any]) -> list[tuple[Any, ...]]:
    newsroom.load(newsroom.drop("a.jsonl", list(reports)))
    return newsroom.query(ORDER)


def test_with_times_the_first_and_the_hours_are_known(newsroom: Newsroom) -> None:
    assert syndicated(
        newsroom,
        wire_copy(1, "Wire", "2026-03-14T22:30:00Z"),
        wire_copy(2, "Lamp", "2026-03-15T00:00:00Z"),
        wire_copy(3, "Lamp", "2026-03-16T00:00:00Z", headline="Once more"),
    ) == [("Lamp", 2, False, "Wire", 1, 1.5), ("Wire", 1, True, "Wire", 0, 0.0)]


def test_an_earlier_date_without_a_time_is_first_but_tells_no_hours(newsroom: Newsroom) -> None:
    assert syndicated(newsroom, wire_copy(1, "Wire", "2026-03-13"), wire_copy(2, "Lamp", "2026-03-14T09:00:00Z")) == [
        ("Lamp", 1, False, "Wire", 1, None),
        ("Wire", 1, True, "Wire", 0, None),
    ]


def test_a_date_without_a_time_on_the_first_day_leaves_open_who_was_first(newsroom: Newsroom) -> None:
    assert syndicated(
        newsroom,
        wire_copy(1, "Wire", "2026-03-14T09:00:00Z"),
        wire_copy(2, "Lamp", "2026-03-14"),
        wire_copy(3, "Courier", "2026-03-14T10:00:00Z"),
        wire_copy(4, "Mail", "2026-03-15"),
    ) == [
        ("Courier", 1, False, None, 0, None),
        ("Lamp", 1, None, None, 0, None),
        ("Mail", 1, False, None, 1, None),
        ("Wire", 1, None, None, 0, None),
    ]


def test_what_comes_on_a_later_day_leaves_nothing_open(newsroom: Newsroom) -> None:
    assert syndicated(newsroom, wire_copy(1, "Wire", "2026-03-14T09:00:00Z"), wire_copy(2, "Lamp", "2026-03-15")) == [
        ("Lamp", 1, False, "Wire", 1, None),
        ("Wire", 1, True, "Wire", 0, 0.0),
    ]


def test_two_at_the_same_instant_are_both_first(newsroom: Newsroom) -> None:
    same = "2026-03-14T09:00:00Z"
    assert syndicated(newsroom, wire_copy(1, "Wire", same), wire_copy(2, "Lamp", same)) == [
        ("Lamp", 1, True, "Lamp", 0, 0.0),
        ("Wire", 1, True, "Lamp", 0, 0.0),
    ]


def test_undated_articles_take_no_part_and_unknown_papers_do_not_count(newsroom: Newsroom) -> None:
    assert syndicated(
        newsroom,
        wire_copy(1, "Wire", "2026-03-14T09:00:00Z"),
        wire_copy(2, "Lamp", None),
        wire_copy(3, None, "2026-03-01"),
    ) == [("Lamp", 1, None, "Wire", None, None), ("Wire", 1, True, "Wire", 0, 0.0)]


def test_a_story_in_one_paper_is_not_syndicated(newsroom: Newsroom) -> None:
    assert (
        syndicated(newsroom, wire_copy(1, "Wire", "2026-03-14"), wire_copy(2, "Wire", "2026-03-15", headline="Again"))
        == []
    )


def test_an_earlier_one_that_arrives_later_becomes_the_first(newsroom: Newsroom) -> None:
    syndicated(newsroom, wire_copy(1, "Wire", "2026-03-14T09:00:00Z"), wire_copy(2, "Lamp", "2026-03-15"))
    newsroom.load(newsroom.drop("b.jsonl", [wire_copy(3, "Courier", "2026-03-13T09:00:00Z")]))
    assert newsroom.query(ORDER) == [
        ("Courier", 1, True, "Courier", 0, 0.0),
        ("Lamp", 1, False, "Courier", 2, None),
        ("Wire", 1, False, "Courier", 1, 24.0),
    ]
