"""mart.author_output: what an author wrote in a paper in a month. Also mart.author_count, which holds its counts."""

from __future__ import annotations

from newsroom import Newsroom, article

OUTPUT = """
    select author, publication, month_key, month::varchar, articles, words
    from mart.author_output order by author, publication, month_key
"""


def test_each_author_of_an_article_is_credited_in_its_month(newsroom: Newsroom) -> None:
    dump = [
        article(1, byline="By Mara Lindqvist and Tom Okafor", body="One two three."),
        article(2, byline="By Tom Okafor", body="One.", published="2026-04-01"),
        article(3, byline="By Tom Okafor", body="One two.", published=None),
        article(4, byline=None),
        article(5, byline="By Tom Okafor", status="canceled"),
    ]
    newsroom.load(newsroom.drop("a.jsonl", dump))
    assert newsroom.query(OUTPUT) == [
        ("Mara Lindqvist", "Harbour Courier", 202603, "2026-03-01", 1, 3),
        ("Tom Okafor", "Harbour Courier", 0, None, 1, 2),
        ("Tom Okafor", "Harbour Courier", 202603, "2026-03-01", 1, 3),
        ("Tom Okafor", "Harbour Courier", 202604, "2026-04-01", 1, 1),
    ]


def test_a_corrected_byline_takes_the_article_from_one_and_gives_it_to_the_other(newsroom: Newsroom) -> None:
    newsroom.load(newsroom.drop("a.jsonl", [article(1, byline="By Mara Lindqvist", body="One.")]))
    newsroom.load(newsroom.drop("b.jsonl", [article(1, byline="By Tom Okafor", body="One.")]))
    assert [row[0] for row in newsroom.query(OUTPUT)] == ["Tom Okafor"]
