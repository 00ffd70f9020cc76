"""mart.publication_profile: what a paper is like."""

from __future__ import annotations

from newsroom import Newsroom, article


def test_a_paper_is_described_by_its_articles(newsroom: Newsroom) -> None:
    dump = [
        article(1, body="One two three four.", section="Quay", agency="Valley Wire", language="en"),
        article(2, body="Eins zwei.", section="Quay", language="de", byline=None),
        article(3, body="One two three four five six.", section="City", published=None, language="en"),
        article(4, body="Part.", is_partial=True, published="2026-03-16", language="en"),
        article(5, status="canceled"),
    ]
    newsroom.load(newsroom.drop("a.jsonl", dump))
    counts = (
        "articles, partial_articles, copies, days, first_date::varchar, last_date::varchar, mean_words, median_words"
    )
    assert newsroom.query(f"select {counts} from mart.publication_profile") == [
        (4, 1, 0, 2, "2026-03-14", "2026-03-16", 4.0, 4.0)
    ]
    shares = "byline_share, section_share, date_share, time_share, agency_share, revised_share"
    assert newsroom.query(f"select {shares} from mart.publication_profile") == [(0.75, 0.75, 0.75, 0.5, 0.25, 0.0)]
    assert newsroom.query("select languages, sections from mart.publication_profile") == [
        ({"de": 1, "en": 3}, ["Quay", "City"])
    ]


def test_every_paper_of_the_archive_has_one(archive: Newsroom) -> None:
    counted = archive.ask_published("select publication, articles from mart.publication_profile order by all")
    assert counted == archive.ask_published("select publication, count(*) from mart.article group by all order by all")
