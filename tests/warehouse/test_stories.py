"""Stories, end to end: near-identical articles share one, whatever order they come in, and repairs leave it so."""

from __future__ import annotations

import itertools
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from invented import body, chinese, japanese, paragraphs
from newsroom import Newsroom, article, make_newsroom, read

from etl import pipeline
from etl.repair.asked import Asked
from etl.repair.takedown import take_down
from etl.repair.unload import unload_delivery
from etl.run import Request, begin
from etl.settings import SQL
from etl.warehouse import opening, statements
from etl.warehouse import stories as settling

FEED = '[feed.wire]\npath = "*.jsonl"\nid_column = "id"\nsettle_seconds = 0'
WIRE = paragraphs(1)


def text(*parts: str) -> str:
    return "\n\n".join(parts)


FULL, CUT, CUT_ELSEWHERE = text(*WIRE), text(*WIRE[:5]), text(*WIRE[3:])
LOCAL = text(WIRE[0], *paragraphs(2, 1), *WIRE[1:])
"""What an agency sent, and what papers made of it. The two cut texts are not alike."""


def paper_article(id_: str, body: str | None, **fields: Any) -> dict[str, Any]:
    return article(1, id=id_, url=None, headline=f"Report by {id_}", publication=f"Paper {id_}", body=body, **fields)


def load(room: Newsroom, *dumps: list[dict[str, Any]]) -> None:
    """Drop and load, one run for each dump, without the costly verification and publish."""
    for records in dumps:
        number = len(list(room.landing.glob("*.jsonl")))
        room.drop(f"{number}.jsonl", records)
        run = begin(room.settings, "manual", Request((str(room.landing / f"{number}.jsonl"),)))
        read(run)
        pipeline.check(run)
        pipeline.load(run)


def stories(room: Newsroom) -> list[list[str]]:
    """The ids of the articles of each story."""
    found = room.query(
        """
        select list(replace(headline, 'Report by ', '') order by headline)
        from news.article_story
        inner join news.fact_article on fact_article.article_id = article_story.article_id and is_current
        inner join news.article_text using (article_key)
        group by story_key
        """
    )
    return sorted(ids for (ids,) in found)


def findings(room: Newsroom) -> list[tuple[Any, ...]]:
    with opening.opened(room.settings, "test") as engine, engine.begin() as connection:
        statements.run_file(connection, SQL / "verify" / "findings.sql", {})
        return [tuple(row) for row in connection.exec_driver_sql("from finding")]


@pytest.fixture
def room(newsroom: Newsroom) -> Newsroom:
    newsroom.stanza(FEED)
    return newsroom


def test_near_identical_articles_share_a_story_with_those_that_came_before(room: Newsroom) -> None:
    room.drop("1.jsonl", [paper_article("a", FULL, published="2026-03-14T06:00:00Z"), paper_article("b", body(7))])
    assert room.loaded().state == "succeeded"
    room.drop(
        "2.jsonl",
        [
            paper_article("c", CUT, published="2026-03-14T09:00:00Z"),
            paper_article("d", LOCAL, published="2026-03-15"),
            paper_article("e", body(8)),
        ],
    )
    assert room.ingest().state == "succeeded"
    assert stories(room) == [["a", "c", "d"], ["b"], ["e"]]
    found = room.query("select article_id, story_key, is_first, shared_share from news.article_story order by 1")
    assert [row[:3] for row in found] == [(1, 1, True), (2, 2, True), (3, 1, False), (4, 1, False), (5, 5, True)]
    assert [row[3] for row in found] == pytest.approx([1, 1, 1, 8 / 9, 1], abs=0.08)
    assert room.query("select article_count, publication_count from news.dim_story where story_key = 1") == [(3, 3)]
    assert room.ask_published("select count(distinct story_key) from mart.article") == [(3,)]
    assert findings(room) == []


@pytest.mark.parametrize("order", list(itertools.permutations([("a", CUT), ("b", CUT_ELSEWHERE), ("c", FULL)])))
def test_a_text_that_two_stories_are_like_makes_them_one(room: Newsroom, order: Any) -> None:
    load(room, *([paper_article(id_, words)] for id_, words in order))
    assert stories(room) == [["a", "b", "c"]]
    assert room.query("select story_key, article_count from news.dim_story order by 1") == [(0, 0), (1, 3)]


def test_without_it_they_are_two_again(room: Newsroom) -> None:
    load(room, [paper_article("a", CUT)], [paper_article("b", CUT_ELSEWHERE)], [paper_article("c", FULL)])
    unload_delivery(begin(room.settings, "unload", Request()), "2.jsonl", "wrong delivery")
    assert stories(room) == [["a"], ["b"]]
    assert room.query("select story_key from news.dim_story order by 1") == [(0,), (1,), (2,)]
    assert findings(room) == []


def test_texts_that_are_each_like_the_next_are_not_one_story(room: Newsroom) -> None:
    long = paragraphs(3, 20)
    load(room, [paper_article(f"{start:02}", text(*long[start : start + 8])) for start in range(13)])
    assert max(len(ids) for ids in stories(room)) <= 5


def test_short_texts_are_one_story_only_where_they_are_the_same(room: Newsroom) -> None:
    line = "The bank left its lending rate where it was on {}, to the surprise of nobody at all."
    load(
        room,
        [
            paper_article("a", line.format("Thursday")),
            paper_article("b", line.format("Friday")),
            paper_article("c", line.format("Thursday")),
        ],
        [
            paper_article("d", line.format("Friday")),
            paper_article("e", None, is_partial=True),
            paper_article("f", None, is_partial=True),
        ],
    )
    assert stories(room) == [["a", "c"], ["b", "d"], ["e"], ["f"]]
    assert findings(room) == []


def test_chinese_and_japanese(room: Newsroom) -> None:
    zh, ja = chinese(1), japanese(1)
    load(room, [paper_article("a", zh), paper_article("b", ja), paper_article("c", chinese(2))])
    load(
        room,
        [
            paper_article("d", zh[:200] + chinese(3)[:40]),
            paper_article("e", ja[60:].replace("，", "、")),
            paper_article("f", japanese(2)),
        ],
    )
    assert stories(room) == [["a", "d"], ["b", "e"], ["c"], ["f"]]


def test_the_current_revision_tells_the_story(room: Newsroom) -> None:
    load(room, [paper_article("a", FULL, version=1), paper_article("b", CUT), paper_article("c", body(7))])
    load(room, [paper_article("a", body(7, 9), version=3)])
    assert stories(room) == [["a", "c"], ["b"]]
    load(room, [paper_article("a", LOCAL, version=2)])  # too late: it is history
    assert stories(room) == [["a", "c"], ["b"]]
    assert room.query("select count(*) from ops.story_text where text_key > 0") == [(3,)]
    assert findings(room) == []


def test_a_story_that_its_lowest_article_leaves_is_called_by_the_next(room: Newsroom) -> None:
    load(
        room,
        [
            paper_article("a", FULL, version=1),
            paper_article("b", FULL),
            paper_article("c", CUT),
            paper_article("d", body(7)),
        ],
    )
    load(room, [paper_article("a", body(7, 9), version=2)])
    assert stories(room) == [["a", "d"], ["b", "c"]]
    assert room.query("select story_key, article_count from news.dim_story order by 1") == [(0, 0), (1, 2), (2, 2)]
    assert findings(room) == []
    take_down(begin(room.settings, "takedown", Request()), Asked("id", "b", "court order 7", "ada"), "bo")
    assert room.query("select story_key, article_count from news.dim_story order by 1") == [(0, 0), (1, 2), (3, 1)]


def test_a_takedown_leaves_nothing_of_a_text(room: Newsroom) -> None:
    load(room, [paper_article("a", FULL), paper_article("b", CUT), paper_article("c", body(7))])
    of_a = "select band from ops.story_band inner join news.article_story using (text_key) where article_id = 1"
    bands = {band for (band,) in room.query(of_a)}
    run = begin(room.settings, "takedown", Request())
    take_down(run, Asked("id", "a", "court order 7", "ada"), "bo")
    assert stories(room) == [["b"], ["c"]]
    texts = room.query("select count(*), count(sketch), count(distinct text_key) from ops.story_text")
    assert texts == [(3, 2, 3)]
    kept_by_b = {band for (band,) in room.query(of_a.replace("article_id = 1", "article_id = 2"))}
    assert {band for (band,) in room.query("from ops.story_band select band")} & bands <= kept_by_b
    assert findings(room) == []


def test_many_texts_are_settled_in_parts(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "TEXTS_AT_ONCE", 2)
    monkeypatch.setattr(settling, "BODIES_AT_ONCE", 2)
    load(
        room,
        [
            paper_article("a", CUT),
            paper_article("b", CUT_ELSEWHERE),
            paper_article("c", body(7)),
            paper_article("d", FULL),
            paper_article("e", LOCAL),
        ],
    )
    expected = [["a", "b", "d", "e"], ["c"]]
    assert stories(room) == expected
    with opening.opened(room.settings, "test") as engine, engine.begin() as connection:
        for table in ("ops.story_band", "ops.story_text", "news.article_story"):
            connection.exec_driver_sql(f"delete from {table}")
    load(room, [paper_article("f", body(8))])
    assert stories(room) == [*expected, ["f"]]
    assert findings(room) == []


def family(seed: int) -> dict[str, str]:
    """What an agency sent, and what papers made of it; and another text."""
    wire = paragraphs(seed)
    return {
        "full": text(*wire),
        "cut": text(*wire[:5]),
        "elsewhere": text(*wire[3:]),
        "local": text(wire[0], *paragraphs(seed + 1, 1), *wire[1:]),
        "middle": text(*wire[1:7]),
        "short": text(*wire[:3]),
        "other": body(seed + 2),
    }


NAMES = [*family(1)]
arrivals = st.permutations(NAMES).flatmap(
    lambda names: st.lists(st.integers(1, 4), min_size=1, max_size=4).map(
        lambda sizes: [names[sum(sizes[:n]) : sum(sizes[: n + 1])] for n in range(len(sizes))] + [names[sum(sizes) :]]
    )
)
KNOWN_ARRIVALS = [[["cut"], ["elsewhere", "other"], ["full", "middle"], ["short", "local"]], [NAMES]]


# One example of several cases, because each example is a warehouse; different ones, so not only the simplest.
@settings(max_examples=1, deadline=None, phases=[Phase.reuse, Phase.generate])
@given(st.lists(arrivals, min_size=4, max_size=4, unique_by=repr))
def test_stories_are_the_same_in_whatever_order_and_batches_articles_come(drawn: list[list[list[str]]]) -> None:
    """Each case has an agency's text of its own."""
    cases = [[names for names in nights if names] for nights in (*KNOWN_ARRIVALS, *drawn)]
    families = [family(1 + 3 * case) for case in range(len(cases))]
    with TemporaryDirectory() as folder:
        room = make_newsroom(Path(folder))
        room.stanza(FEED)
        for night in itertools.zip_longest(*cases, fillvalue=()):
            load(
                room,
                [
                    paper_article(f"{case} {name}", families[case][name])
                    for case, names in enumerate(night)
                    for name in names
                ],
            )
        assert stories(room) == sorted(
            [f"{case} {name}" for name in story]
            for case in range(len(cases))
            for story in (["cut", "elsewhere", "full", "local", "middle"], ["other"], ["short"])
        )
