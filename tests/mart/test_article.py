"""mart.article: what an analyst opens first."""

from __future__ import annotations

from newsroom import Newsroom, article


def test_it_holds_current_articles_with_every_key_resolved(newsroom: Newsroom) -> None:
    details = {
        "byline": "By Mara Lindqvist and Tom Okafor",
        "tags": ["ice", "boats"],
        "section": "Quay",
        "language": "en",
    }
    newsroom.load(
        newsroom.drop("a.jsonl", [article(1, **details), article(2, byline=None), article(3, status="canceled")])
    )
    newsroom.load(newsroom.drop("b.jsonl", [article(1, **details, headline="Corrected")]))
    columns = "publication, headline, authors, topics, language_code, section, published_date_key, revision"
    assert newsroom.query(f"select {columns} from mart.article order by article_id") == [
        (
            "Harbour Courier",
            "Corrected",
            ["Mara Lindqvist", "Tom Okafor"],
            ["boats", "ice"],
            "en",
            "Quay",
            20260314,
            2,
        ),
        ("Harbour Courier", "Boat number 2 leaves the harbour", [], [], "en", "unknown", 20260314, 1),
    ]


def test_it_agrees_with_the_facts(archive: Newsroom) -> None:
    (counted,) = archive.ask_published("select count(*), count(distinct article_id) from mart.article")
    facts = "select count(*) from news.fact_article where is_current and status <> 'canceled'"
    assert counted[0] == counted[1] == archive.ask_published(facts)[0][0] > 500
