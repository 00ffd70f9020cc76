"""mart.daily_volume: what a paper published on a day. Also mart.daily_count, which holds its counts."""

from __future__ import annotations

from typing import Any

from newsroom import Newsroom, article

WIRE = {"body": "The bank left its lending rate where it was on Thursday, and said that it would wait for the spring."}


def wire_copy(number: int, publication: str | None, published: str | None, **fields: Any) -> dict[str, Any]:
    """The same agency report in a paper."""
    return article(number, publication=publication, published=published, **WIRE, **fields)


VOLUME = """
    select publication, published_date_key, articles, partial_articles, copies, words
    from mart.daily_volume order by publication, published_date_key
"""


def test_articles_excerpts_copies_and_words_are_counted(newsroom: Newsroom) -> None:
    reports = [
        wire_copy(1, "Wire", "2026-03-14T09:00:00Z"),
        wire_copy(2, "Lamp", "2026-03-14T10:00:00Z"),
        article(3, publication="Lamp", body="Five words and no more.", is_partial=True),
        article(4, publication="Lamp", published=None, body="Snow."),
        article(5, publication="Lamp", status="canceled"),
    ]
    newsroom.load(newsroom.drop("a.jsonl", reports))
    assert newsroom.query(VOLUME) == [
        ("Lamp", 0, 1, 0, 0, 1),
        ("Lamp", 20260314, 2, 1, 1, 25),
        ("Wire", 20260314, 1, 0, 0, 20),
    ]


def test_a_revision_moves_its_article_to_another_day(newsroom: Newsroom) -> None:
    newsroom.load(newsroom.drop("a.jsonl", [article(1, body="One two.")]))
    newsroom.load(newsroom.drop("b.jsonl", [article(1, body="One two three.", published="2026-03-16")]))
    assert newsroom.query(VOLUME) == [("Harbour Courier", 20260316, 1, 0, 0, 3)]


def test_the_older_of_two_is_not_a_copy_though_it_arrives_later(newsroom: Newsroom) -> None:
    newsroom.load(newsroom.drop("a.jsonl", [wire_copy(1, "Lamp", "2026-03-15")]))
    newsroom.load(newsroom.drop("b.jsonl", [wire_copy(2, "Wire", "2026-03-14")]))
    assert newsroom.query("select publication, copies from mart.daily_volume order by 1") == [("Lamp", 1), ("Wire", 0)]


def test_it_counts_every_article_of_the_archive_once(archive: Newsroom) -> None:
    counted = archive.ask_published("select sum(articles), sum(words) from mart.daily_volume")
    assert counted == archive.ask_published("select count(*), sum(word_count) from mart.article")
