"""mart.article_as_of: what was valid at an instant, and what the warehouse knew about it at another."""

from __future__ import annotations

from newsroom import Newsroom

AT = "timestamp '2026-02-07 {}'"


def articles_as_of(archive: Newsroom, asked: str, native_id: str = "VA-0018") -> list[tuple[str, int]]:
    columns = "headline, revision"
    return archive.ask_published(f"select {columns} from mart.article_as_of({asked}) where native_id = '{native_id}'")


def test_an_article_is_shown_as_it_was_valid_then(archive: Newsroom) -> None:
    corrected = [("The music school costs twice as much (corrected)", 2)]
    assert articles_as_of(archive, AT.format("15:00")) == []
    assert articles_as_of(archive, AT.format("19:58:59")) == [("The music school costs twice as much", 1)]
    assert articles_as_of(archive, AT.format("19:59")) == corrected
    assert articles_as_of(archive, "timestamp '2026-12-31'") == corrected


def test_what_was_not_loaded_by_then_was_not_known(archive: Newsroom) -> None:
    later = "timestamp '2026-12-31', known_at := timestamp '2026-03-{}'"
    assert articles_as_of(archive, later.format("01 01:59")) == []
    assert articles_as_of(archive, later.format("15")) == [("The music school costs twice as much", 1)]
    assert articles_as_of(archive, later.format("16 02:00")) == [
        ("The music school costs twice as much (corrected)", 2)
    ]


def test_a_canceled_article_is_gone_from_that_moment(archive: Newsroom) -> None:
    canceled = "VA-0052"
    assert articles_as_of(archive, "timestamp '2026-02-19 11:11'", canceled) == [
        ("The school board costs twice as much", 1)
    ]
    assert articles_as_of(archive, "timestamp '2026-02-19 11:12'", canceled) == []


def test_as_of_now_it_is_what_mart_article_shows(archive: Newsroom) -> None:
    now = "select article_key from mart.article_as_of(timestamp '2100-01-01') order by all"
    assert archive.ask_published(now) == archive.ask_published("select article_key from mart.article order by all")
