"""mart.article_revision: every revision, in one wide row each."""

from __future__ import annotations

from newsroom import Newsroom


def test_it_holds_every_revision_once(archive: Newsroom) -> None:
    both = "select count(*) from mart.article_revision union all select count(*) from news.fact_article"
    assert len(set(archive.ask_published(both))) == 1


def test_the_revisions_of_an_article_follow_each_other(archive: Newsroom) -> None:
    found = archive.ask_published(
        """
        select revision, is_current, status, strftime(valid_from, '%d %H:%M'), strftime(valid_to, '%d %H:%M')
        from mart.article_revision where native_id = 'VA-0052' order by revision
        """
    )
    assert found == [(1, False, "usable", "19 05:12", "19 11:12"), (2, True, "canceled", "19 11:12", None)]
