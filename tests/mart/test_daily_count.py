"""mart.daily_count: the counts behind mart.daily_volume."""

from __future__ import annotations

from newsroom import Newsroom


def test_it_is_what_the_facts_come_to(archive: Newsroom) -> None:
    counted = """
        select publication_key, published_date_key, articles, partial_articles, words
        from mart.daily_count order by all
    """
    facts = """
        select publication_key, published_date_key, count(*), count(*) filter (is_partial), sum(word_count)
        from news.fact_article where is_current and status <> 'canceled' group by all order by all
    """
    assert archive.ask_published(counted) == archive.ask_published(facts) != []


def test_its_copies_are_all_articles_of_stories_but_the_first(archive: Newsroom) -> None:
    copies = "select count(*) from mart.story_article where place > 1"
    assert archive.ask_published("select sum(copies) from mart.daily_count") == archive.ask_published(copies) != [(0,)]
