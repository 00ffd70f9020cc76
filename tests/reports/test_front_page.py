"""The front page: drawn with every publish, never older than the copy, never in its way, small whatever is in it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loaded import copy_of
from newsroom import Newsroom, article, make_newsroom

from etl.repair import takedown
from etl.reports import front_page
from etl.reports.front_page import charts, star
from etl.reports.front_page.page import number as as_number
from etl.reports.front_page.page import said, web
from etl.run import Request, begin
from etl.settings import SQL
from etl.warehouse import published_note, reading, statements
from etl.warehouse.catalogue import all_tables

HEADLINE = "Boat number 1 leaves the harbour"


@pytest.fixture
def courier(newsroom: Newsroom) -> Newsroom:
    """A newsroom with a front page and one feed."""
    return with_courier(newsroom)


def with_courier(newsroom: Newsroom) -> Newsroom:
    newsroom.stanza('[feed.courier]\npath = "courier/*"\nformat = "jsonl"\nsettle_seconds = 0')
    return newsroom.with_settings(front_page=True)


@pytest.fixture(scope="module")
def drawn_once(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    newsroom = with_courier(make_newsroom(tmp_path_factory.mktemp("drawn")))
    newsroom.drop("courier/a.jsonl", carried())
    assert newsroom.ingest().warnings == []
    return newsroom


@pytest.fixture
def drawn(drawn_once: Newsroom, tmp_path: Path) -> Newsroom:
    """The same after its first night, in which two publications carried a story."""
    return copy_of(drawn_once, tmp_path / "copy").with_settings(front_page=True)


def page_of(newsroom: Newsroom) -> Path:
    return front_page.path_of(newsroom.settings)


def text_of(newsroom: Newsroom) -> str:
    return page_of(newsroom).read_text("utf-8")


def carried(number: int = 1, **fields: Any) -> list[dict[str, Any]]:
    """The same article in two publications, so that it is a story."""
    told = article(number, **fields)
    return [told, {**told, "publication": "Evening Lamp", "url": f"https://lamp.example/{number}"}]


def test_every_publish_draws_it_anew(drawn: Newsroom) -> None:
    assert "1/broadsheet.duckdb" in text_of(drawn)
    assert "<span>2 articles</span>" in text_of(drawn)
    drawn.drop("courier/b.jsonl", [article(2)])
    drawn.ingest()
    assert "2/broadsheet.duckdb" in text_of(drawn)
    assert "<span>3 articles</span>" in text_of(drawn)
    # Two runs on one day are one night.
    assert '<dd>3</dd><dd class="more">of 3 read</dd>' in text_of(drawn)
    assert "2/broadsheet.duckdb" in (drawn.settings.published_folder / front_page.DICTIONARY).read_text("utf-8")


def test_nothing_is_drawn_where_nothing_is_new(drawn: Newsroom) -> None:
    before = page_of(drawn).stat()
    drawn.ingest()
    assert page_of(drawn).stat() == before


@pytest.mark.parametrize("name", [front_page.PAGE, front_page.DICTIONARY])
def test_a_page_that_is_missing_is_drawn_by_the_next_publish(drawn: Newsroom, name: str) -> None:
    page = drawn.settings.published_folder / name
    before = page.read_text("utf-8")
    page.unlink()
    drawn.ingest()
    assert page.read_text("utf-8") == before


def test_a_warehouse_published_before_there_were_front_pages_gets_one(courier: Newsroom) -> None:
    courier.drop("courier/a.jsonl", [article(1)])
    courier.with_settings(front_page=False).ingest()
    assert not page_of(courier).exists()
    courier.ingest()
    assert "1/broadsheet.duckdb" in text_of(courier)


def test_it_can_be_switched_off_and_leaves_no_old_page(drawn: Newsroom) -> None:
    assert len(list(drawn.settings.published_folder.glob("*.html"))) == 2
    drawn.drop("courier/b.jsonl", [article(2)])
    drawn.with_settings(front_page=False).ingest()
    assert not list(drawn.settings.published_folder.glob("*.html"))


def test_a_page_that_cannot_be_drawn_blocks_no_publish_and_is_told(
    drawn: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert HEADLINE in text_of(drawn)
    drawn.drop("courier/b.jsonl", [article(2)])
    with monkeypatch.context() as patch:
        patch.setattr(charts, "daily_volume", _broken)
        report = drawn.ingest()
    assert report.state == "succeeded"
    assert drawn.ask_published("select count(*) from mart.article") == [(3,)]
    (warning,) = report.warnings
    assert "the front page of 2/broadsheet.duckdb could not be drawn: RuntimeError: no <ink>" in warning
    notice = text_of(drawn)
    assert HEADLINE not in notice
    assert "no &lt;ink&gt;" in notice
    assert drawn.ingest().warnings == []  # the next publish, though nothing is new, mends it
    assert "<span>3 articles</span>" in text_of(drawn)


def _broken(*_: object) -> str:
    raise RuntimeError("no <ink>")


def test_a_process_killed_while_it_draws_leaves_a_notice_of_the_new_copy(
    drawn: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn.drop("courier/b.jsonl", [article(2)])
    with monkeypatch.context() as patch:
        patch.setattr(charts, "daily_volume", _killed)
        with pytest.raises(KeyboardInterrupt):
            drawn.ingest()
    assert drawn.ask_published("select count(*) from mart.article") == [(3,)]
    assert "Analysts see 2/broadsheet.duckdb" in text_of(drawn)
    assert HEADLINE not in text_of(drawn)
    drawn.ingest()
    assert "<span>3 articles</span>" in text_of(drawn)


def _killed(*_: object) -> str:
    raise KeyboardInterrupt


def test_broken_sources_are_told_and_the_copy_is_published(drawn: Newsroom) -> None:
    note = published_note.read(drawn.settings)
    assert note is not None
    nowhere = replace(drawn.settings, sources=drawn.folder / "nowhere.toml")
    assert "there is no such file" in (front_page.draw(nowhere, note) or "")


def test_what_is_taken_down_leaves_the_page_with_the_copy(courier: Newsroom) -> None:
    courier.drop("courier/a.jsonl", [*carried(headline="A name that must go"), article(2)])
    courier.ingest()
    assert "A name that must go" in text_of(courier)
    for url in ("https://courier.example/1", "https://lamp.example/1"):
        asked = takedown.Asked("url", url, "a court's order", "Ada")
        takedown.take_down(begin(courier.settings, "takedown", Request()), asked, "Ben")
    assert "A name that must go" not in text_of(courier)
    assert "<span>1 article</span>" in text_of(courier)


def test_a_warehouse_without_any_article(courier: Newsroom) -> None:
    courier.drop("courier/a.jsonl", "")
    courier.ingest()
    text = text_of(courier)
    assert "no articles yet" in text
    assert "There are no articles yet." in text
    assert "is empty" in text
    assert "1 of 1 dump not loaded" in text


def test_a_warehouse_without_dates(courier: Newsroom) -> None:
    courier.drop("courier/a.jsonl", [article(1, published=None), article(2, published="soon")])
    courier.ingest()
    assert "None of the 2 articles has a date." in text_of(courier)


def test_articles_of_three_centuries_are_shown_by_decade(courier: Newsroom) -> None:
    years = ("1796", "1854", "1987")
    courier.drop("courier/a.jsonl", [article(n, published=f"{year}-05-01") for n, year in enumerate(years)])
    courier.ingest()
    assert "The whole archive, by decade" in text_of(courier)
    assert "<title>1850s: 1 article</title>" in text_of(courier)


def test_its_size_is_bounded_whatever_there_is(courier: Newsroom) -> None:
    papers = [
        article(
            number,
            publication=f"Paper {number % 700} {'x' * 300}",
            headline=f"{number} {'y' * 5000}",
            published="2026-03-14",
        )
        for number in range(1400)
    ]
    courier.drop("courier/a.jsonl", papers)
    for number in range(60):
        courier.drop(f"courier/bad-{number:02}-{'z' * 150}.jsonl", "")
    courier.ingest()
    text = text_of(courier)
    assert "… and 40 more dumps" in text
    assert "… and 685 more publications" in text
    assert len(text.encode()) < 300_000


def test_a_text_from_a_dump_is_one_line_and_not_too_long() -> None:
    assert said("two\nlines \u202eturned\x1b[31m") == r"two\nlines \u202eturned\x1b[31m"
    assert said("a" * 999, 10) == "a" * 9 + "…"
    assert said(None) == ""


def test_a_median_between_two_numbers_is_rounded_up() -> None:
    assert [as_number(median) for median in (6.5, 1.5, None)] == ["7", "2", "–"]


def test_the_star_is_what_the_catalogue_says() -> None:
    of = star.star_of(all_tables())
    referred = {column.references for column in of.fact.columns if column.references}
    assert {branch.table for branch in of.dimensions} == referred
    hanging = {branch.table: {inner.table for inner in branch.branches} for branch in of.satellites}
    assert hanging["news.bridge_article_author"] == {"news.dim_author"}
    assert hanging["news.article_story"] == {"news.dim_story"}
    drawn = star.drawing(of)
    assert {box.table for box in drawn.boxes} == referred | set(hanging) | set().union(*hanging.values())
    assert all(box.top >= 0 and box.top + drawn.box_height <= drawn.height for box in drawn.boxes)


def test_a_chart_says_what_it_shows_and_asks_for_nothing() -> None:
    rows = [{"day": date(2026, 3, 14), "rank": 1, "publication": "A & <b>\x00", "articles": 3}]
    svg = charts.daily_volume(rows, 60, charts.WIDE)
    assert "<title>Sat 14 Mar 2026, A &amp; &lt;b&gt;\\x00: 3 articles</title>" in svg
    assert not re.search(r"<script|href=|url\(|\bid=", svg)
    assert "var(--series-1)" in svg
    assert "<title>" not in charts.daily_volume(rows, 60, charts.COLUMN)


def test_an_editor_reads_what_was_corrected_and_withdrawn_and_when_an_embargo_lifts(drawn: Newsroom) -> None:
    told, other = carried()
    later = {"modified": "2026-03-15T06:00:00Z"}
    tomorrow = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    drawn.drop(
        "courier/b.jsonl",
        [
            {**told, **later, "headline": "Boat number 2 leaves", "status": "corrected"},
            {**other, **later, "headline": "", "body": "", "status": "canceled"},
            article(3, status="embargoed", embargo=tomorrow.isoformat(), url="javascript:alert(1)"),
            article(4, status="embargoed", embargo="2026-03-14T05:00:00Z"),
        ],
    )
    drawn.ingest()
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", text_of(drawn)))
    assert f"withdrawn {HEADLINE} Evening Lamp, 14 Mar 2026" in text
    assert f"corrected Boat number 2 leaves before: {HEADLINE} Harbour Courier, 14 Mar 2026" in text
    lifts = f"{tomorrow:%-d %b %Y, %H:%M} UTC Boat number 3 leaves the harbour Harbour Courier"
    assert f"Embargoes that lift {lifts} Feeds" in text
    assert "javascript:" not in text_of(drawn)


def test_a_topic_rises_and_a_paper_is_held_against_its_weekdays(courier: Newsroom) -> None:
    first = date(2026, 2, 1)
    steady = [article(n, published=str(first + timedelta(days=n)), tags=["harbour"]) for n in range(35)]
    last = str(first + timedelta(days=34))
    sudden = [article(100 + n, published=last, tags=["ice", "harbour"] if n == 0 else ["ice"]) for n in range(6)]
    courier.drop("courier/a.jsonl", [*steady, *sudden])
    courier.load()
    asked = {"newest": last, "days": 7, "days_before": 28, "limit": 9}
    (ice,) = answers(courier, "topics", asked)
    assert (ice["topic"], ice["articles"], ice["usual_articles"], ice["publications"]) == ("ice", 6, 0, 1)
    assert ice["url"] == "https://courier.example/105"
    (paper,) = answers(courier, "publications", {"limit": 9})
    assert (str(paper["last_day"]), paper["last_day_articles"], paper["usual_articles"]) == (last, 7, 1)


def answers(newsroom: Newsroom, question: str, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """What a question of the front page answers of the warehouse."""
    with reading.attached(newsroom.settings.warehouse_file) as connection:
        return statements.rows(connection, SQL / "front_page" / f"{question}.sql", **asked)


@pytest.mark.parametrize(
    "url", ["https://lamp.example/1?a=b&c=d#e", "http://courier.example:8080/ä", "HTTPS://lamp.example"]
)
def test_an_address_of_the_web_is_a_link(url: str) -> None:
    assert web(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>",
        "//lamp.example/1",
        "/etc/passwd",
        "file:///etc/passwd",
        "https:///no-host",
        "https://bank.example@evil.example/",
        "https://bank.example\\@evil.example/",
        "https://[broken/",
        "https://lamp.example/\u202egnp.exe",
        "https://lamp.example/a b",
        "https://lamp.example/" + "x" * 2000,
    ],
)
def test_what_a_browser_should_not_follow_is_no_link(url: str | None) -> None:
    assert web(url) is None


@given(
    st.text() | st.sampled_from(["https://", "http:", "javascript:"]).flatmap(lambda head: st.text().map(head.__add__))
)
def test_whatever_a_dump_calls_an_address_a_link_has_a_safe_scheme_and_no_blanks(url: str) -> None:
    assert web(url) is None or re.fullmatch(r"(?i)https?://[^\s@/]\S*", url)
