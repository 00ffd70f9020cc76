"""mart.topic_count: the counts behind mart.topic_output."""

from __future__ import annotations

from newsroom import Newsroom


def test_it_is_what_the_facts_come_to(archive: Newsroom) -> None:
    counted = "select topic_key, publication_key, month_key, articles, words from mart.topic_count order by all"
    facts = """
        with labelled as (
            select distinct same_as_key, fact_article.*
            from news.bridge_article_topic
            inner join news.dim_topic using (topic_key)
            inner join news.fact_article using (article_key)
            where is_current and status <> 'canceled'
        )
        select same_as_key, publication_key, published_date_key // 100, count(*), sum(word_count)
        from labelled group by all order by all
    """
    assert archive.ask_published(counted) == archive.ask_published(facts) != []
