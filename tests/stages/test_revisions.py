"""Revisions: what makes one, in which order they stand, whatever order they arrive in."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from newsroom import Newsroom, article

STANZA = '[feed.wire]\npath = "**/*.jsonl"\nid_column = "id"\nsettle_seconds = 0\nformat = "jsonl"'

LAID_OUT = """
select native_version, revision, is_current, valid_from, valid_to
from news.fact_article order by article_id, revision
"""


def version(number: int | None, **fields: Any) -> dict[str, Any]:
    return article(1, id="w1", version=number, headline=f"Version {number} of the story", **fields)


@pytest.mark.parametrize("order", list(itertools.permutations((978556838, 1542761538, 2000000000))))
def test_versions_are_numbers_and_their_order_of_arrival_changes_nothing(
    newsroom: Newsroom, order: tuple[int, ...]
) -> None:
    newsroom.stanza(STANZA)
    for night, number in enumerate(order):
        newsroom.drop(f"{night}.jsonl", [version(number)])
        newsroom.load()
    rows = newsroom.query(LAID_OUT)
    assert [(row[0], row[1], row[2]) for row in rows] == [
        ("978556838", 1, False),
        ("1542761538", 2, False),
        ("2000000000", 3, True),
    ]
    assert newsroom.query("select count(*) from mart.article") == [(1,)]


def test_a_revision_is_valid_from_its_change_until_the_next(newsroom: Newsroom) -> None:
    newsroom.stanza(STANZA)
    newsroom.drop(
        "a.jsonl",
        [
            version(None, modified="2026-03-14T09:00:00Z"),
            article(1, id="w1", headline="Corrected", modified="2026-03-14T12:00:00Z"),
        ],
    )
    newsroom.load()
    rows = newsroom.query(
        "select headline, revision, strftime(valid_from, '%H:%M'), strftime(valid_to, '%H:%M') "
        "from news.fact_article inner join news.article_text using (article_key) order by revision"
    )
    assert rows == [("Version None of the story", 1, "09:00", "12:00"), ("Corrected", 2, "12:00", None)]


def test_the_same_text_again_is_unchanged_even_when_it_is_not_the_last(newsroom: Newsroom) -> None:
    newsroom.stanza(STANZA)
    for night, number in enumerate((1, 2, 1)):
        newsroom.drop(f"{night}.jsonl", [version(number)])
        report = newsroom.loaded()
    assert (report.dumps[0]["revised"], report.dumps[0]["unchanged"]) == (0, 1)
    assert newsroom.query("select count(*) from news.fact_article") == [(2,)]


def test_a_cancellation_is_the_current_revision_and_leaves_the_mart(newsroom: Newsroom) -> None:
    newsroom.stanza(STANZA)
    newsroom.drop("a.jsonl", [version(1)])
    newsroom.load()
    newsroom.drop("b.jsonl", [version(2, status="stat:canceled")])
    newsroom.load()
    assert newsroom.query("select revision, status from news.fact_article where is_current") == [(2, "canceled")]
    assert newsroom.query("select count(*) from mart.article") == [(0,)]


def test_an_undated_article_that_comes_again_with_a_date_is_revised(newsroom: Newsroom) -> None:
    dump = newsroom.drop("a.jsonl", [article(1, published=None)])
    newsroom.load(dump)
    assert newsroom.query("select published_date_key, date_basis from news.fact_article") == [(0, "unknown")]
    from datetime import date

    report = newsroom.loaded(dump, published_on=date(2024, 4, 14))
    assert report.dumps[0]["revised"] == 1
    assert newsroom.query("select revision, published_date_key, date_basis from news.fact_article order by 1") == [
        (1, 0, "unknown"),
        (2, 20240414, "manifest"),
    ]


def test_two_texts_under_one_id_in_one_dump_are_two_articles_and_said_so(newsroom: Newsroom) -> None:
    newsroom.stanza(STANZA)
    newsroom.drop("a.jsonl", [article(1, id="w1", url=None), article(2, id="w1", url=None)])
    report = newsroom.loaded()
    assert report.dumps[0]["inserted"] == 2
    assert "share an id or address" in report.dumps[0]["reason"]
    assert newsroom.query("select distinct identity_basis from news.fact_article") == [("content",)]


def test_a_dump_whose_ids_are_reused_is_refused(newsroom: Newsroom) -> None:
    newsroom.stanza(STANZA)
    newsroom.drop("a.jsonl", [article(n, id=f"w{n}", url=None) for n in range(60)])
    newsroom.load()
    others = [
        article(
            n,
            id=f"w{n}",
            url=None,
            headline=f"Quite another {n}",
            body=f"Snow closed pass road {n} until noon; ploughs ran late.",
        )
        for n in range(60)
    ]
    newsroom.drop("b.jsonl", others)
    report = newsroom.loaded()
    assert report.state == "failed"
    assert "ids are being reused" in report.dumps[0]["reason"]
    assert newsroom.query("select count(*), max(revision) from news.fact_article") == [(60, 1)]


def test_sixty_corrected_articles_are_no_reuse(newsroom: Newsroom) -> None:
    newsroom.stanza(STANZA)
    newsroom.drop("a.jsonl", [article(n, id=f"w{n}", url=None) for n in range(60)])
    newsroom.load()
    corrected = [article(n, id=f"w{n}", url=None, headline="Corrected") for n in range(60)]
    newsroom.drop("b.jsonl", corrected)
    report = newsroom.loaded()
    assert report.dumps[0]["revised"] == 60


def test_letters_are_different_articles(newsroom: Newsroom) -> None:
    newsroom.drop(
        "a.jsonl",
        [article(n, url=None, headline="Letters", body=f"Letter number {n}, about lamps.") for n in range(3)],
    )
    newsroom.load(newsroom.landing / "a.jsonl")
    assert newsroom.query("select count(distinct article_id) from news.fact_article") == [(3,)]


def test_a_tracking_parameter_makes_no_other_article(newsroom: Newsroom) -> None:
    newsroom.drop("a.jsonl", [article(1)])
    newsroom.drop("b.jsonl", [article(1, url="https://courier.example/1?utm_source=rss", headline="Changed")])
    newsroom.load(newsroom.landing / "a.jsonl")
    report = newsroom.loaded(newsroom.landing / "b.jsonl")
    assert report.dumps[0]["revised"] == 1


def test_stories_join_the_same_text_in_two_papers(newsroom: Newsroom) -> None:
    wire = {"body": "The bank left its lending rate where it was on Thursday."}
    newsroom.drop("a.jsonl", [article(1, **wire), article(2, publication="Valley Wire", **wire), article(3)])
    newsroom.drop("b.jsonl", [article(4, publication="Stadtblatt", **wire)])
    newsroom.load(newsroom.landing / "a.jsonl")
    newsroom.load(newsroom.landing / "b.jsonl")
    assert newsroom.query(
        "select article_count, publication_count from news.dim_story where story_key > 0 order by 1"
    ) == [(1, 1), (3, 3)]
