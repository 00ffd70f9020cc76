"""mart.author_count: the counts behind mart.author_output."""

from __future__ import annotations

from newsroom import Newsroom, article


def test_it_is_what_the_facts_come_to(archive: Newsroom) -> None:
    counted = "select author_key, publication_key, month_key, articles, words from mart.author_count order by all"
    facts = """
        select author_key, publication_key, published_date_key // 100, count(*), sum(word_count)
        from news.bridge_article_author inner join news.fact_article using (article_key)
        where is_current and status <> 'canceled' group by all order by all
    """
    assert archive.ask_published(counted) == archive.ask_published(facts) != []


def test_a_name_that_stands_twice_in_a_byline_counts_once(newsroom: Newsroom) -> None:
    newsroom.load(newsroom.drop("a.jsonl", [article(1, byline="By Tom Okafor and Tom Okafor", body="One two.")]))
    assert newsroom.query("select articles, words from mart.author_count") == [(1, 2)]
