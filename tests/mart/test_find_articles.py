"""Search: what is found is what a reader of the texts finds, indexed or not, and nothing of what is removed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loaded import copy_of
from newsroom import Newsroom, make_newsroom
from typer.testing import CliRunner

from etl.cli import app
from etl.repair.unload import unload_delivery
from etl.run import Request, begin
from etl.stages import publish
from etl.warehouse import opening, reading, search, statements

TEXTS = [
    ("Café burns on pier", "The cafe on the north pier burned down. Nobody was hurt."),
    ("Council meets", "The council spoke of the cafe, the pier and the budget."),
    ("São Paulo in rain", "It rained in São Paulo; the Zürich match was called off."),
    ("東京都庁で火災", "東京都庁で火災があった。けが人はいない。"),
    ("Пожар в кафе", "Пожар уничтожил кафе на набережной."),
    ("Budget again", "The budget was passed by the council – the pier’s north budget."),
    ("No pier", "Nothing happened, burned or not. The north, pier!"),
]
ANSWERS: dict[str, list[int]] = {
    "cafe": [0, 1],
    "CAFÉ pier": [0, 1],
    "sao paulo": [2],
    "東京": [3],
    "火災 都庁": [3],
    "東": [3],
    "пожар": [4],
    "the": [6, 5, 2, 1, 0],
    "bur": [],
    "bur*": [0, 6],
    "pier -council": [6, 0],
    "pier NOT (cafe OR council)": [6],
    '"north pier"': [6, 0],
    '"pier north"': [],
    "headline:pier": [6, 0],
    "headline:cafe": [0],
    '"sao paulo"': [2],
    '"north pier” “burned down"': [0],
    'headline:"pier " -nothing "north pier"': [0],
    '"pier’s north"': [5],
    "budget (cafe OR zürich)": [1],
    'council -"north budget"': [1],
    "pier's": [5],
    "": [],
    "no-such": [],
    '"pier the"': [],
    " OR ".join(f"absent{number}" for number in range(80)) + " OR paulo": [2],
}


def write(number: int, headline: str, body: str, **more: Any) -> dict[str, Any]:
    return {"id": f"S-{number}", "headline": headline, "body": body, "published": f"2026-11-{number + 1:02}", **more}


@pytest.fixture(scope="module")
def loaded_once(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    newsroom = make_newsroom(tmp_path_factory.mktemp("loaded"))
    newsroom.stanza('[feed.wire]\npath = "wire/*"\nformat = "jsonl"\nid_column = "id"\nsettle_seconds = 0')
    newsroom.drop("wire/one.jsonl", [write(number, *text) for number, text in enumerate(TEXTS)])
    newsroom.load()
    return newsroom


@pytest.fixture
def newsroom(loaded_once: Newsroom, tmp_path: Path) -> Newsroom:
    return copy_of(loaded_once, tmp_path / "copy")


@contextmanager
def asking(newsroom: Newsroom) -> Iterator[Callable[..., list[str]]]:
    """Asks the warehouse, which is not yet published: yields what gives the headlines found, in order."""
    with opening.opened(newsroom.settings, "test") as engine, engine.connect() as connection:

        def ask(question: str, more: str = "") -> list[str]:
            rows = statements.raw(connection).execute(
                f"select headline from mart.find_articles($question{more})", {"question": question}
            )
            return [row[0] for row in rows.fetchall()]

        yield ask


def found(newsroom: Newsroom, question: str, more: str = "") -> list[str]:
    with asking(newsroom) as ask:
        return ask(question, more)


def answers(newsroom: Newsroom) -> dict[str, list[str]]:
    with asking(newsroom) as ask:
        return {question: ask(question) for question in ANSWERS}


def test_answers_are_right_whether_indexed_or_not(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    right = {question: [TEXTS[number][0] for number in numbers] for question, numbers in ANSWERS.items()}
    assert answers(newsroom) == right
    monkeypatch.setattr(search, "SEGMENT_REVISIONS", 3)
    assert search.add_to_index(newsroom.settings) == {"articles_indexed": len(TEXTS)}
    assert answers(newsroom) == right
    assert search.add_to_index(newsroom.settings) == {"articles_indexed": 0}
    # The index answers, not the texts; and segments were merged.
    assert newsroom.query("select list(revisions order by segment_key) from ops.search_segment") == [([6, 1],)]


class Asked(NamedTuple):
    """A question, and the texts it holds in by another method: regular expressions of Python over NFKD texts."""

    question: str
    holds: frozenset[int]


def plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def having(pattern: str, in_headline: bool = False) -> frozenset[int]:
    return frozenset(
        number
        for number, (headline, body) in enumerate(TEXTS)
        if re.search(pattern, plain(headline if in_headline else f"{headline} qq {body}"))
    )


WORDS = ("pier", "budget", "cafe", "north", "council", "the", "burned", "paulo")
ALL = frozenset(range(len(TEXTS)))


def words() -> st.SearchStrategy[Asked]:
    word = st.sampled_from(WORDS)
    return st.one_of(
        word.map(lambda w: Asked(w.upper(), having(rf"\b{w}\b"))),
        word.map(lambda w: Asked(f"{w[:3]}*", having(rf"\b{w[:3]}"))),
        word.map(lambda w: Asked(f"headline:{w}", having(rf"\b{w}\b", in_headline=True))),
        st.tuples(word, word).map(lambda two: Asked(f'"{two[0]} {two[1]}"', having(rf"\b{two[0]}\W+{two[1]}\b"))),
    )


def joined(parts: st.SearchStrategy[Asked]) -> st.SearchStrategy[Asked]:
    two = st.tuples(parts, parts)
    return st.one_of(
        two.map(lambda ab: Asked(f"{ab[0].question} {ab[1].question}", ab[0].holds & ab[1].holds)),
        two.map(lambda ab: Asked(f"({ab[0].question} OR {ab[1].question})", ab[0].holds | ab[1].holds)),
        two.map(lambda ab: Asked(f"{ab[0].question} -({ab[1].question})", ab[0].holds - ab[1].holds)),
        two.map(
            lambda ab: Asked(
                f"(the AND ({ab[0].question}) NOT NOT ({ab[1].question}))",
                having(r"\bthe\b") & ab[0].holds & ab[1].holds,
            )
        ),
    )


@settings(max_examples=60, deadline=None)
@given(asked=st.recursive(words(), joined, max_leaves=5))
def test_any_question_finds_what_reading_finds(ask: Callable[[str], list[str]], asked: Asked) -> None:
    assert set(ask(asked.question)) == {TEXTS[number][0] for number in asked.holds}


@pytest.fixture(scope="module")
def ask(loaded_once: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], list[str]]]:
    """Asks where half of the texts are in the index, and half are to be read."""
    newsroom = copy_of(loaded_once, tmp_path_factory.mktemp("indexed") / "copy")
    with opening.opened(newsroom.settings, "test") as engine, pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "SEGMENT_REVISIONS", 4)
        search._add_segment(engine)
    with asking(newsroom) as asks:
        yield asks


def test_filters_and_the_number_narrow_what_is_found(newsroom: Newsroom) -> None:
    newsroom.drop(
        "wire/two.jsonl",
        [
            write(
                20, "Pier opens", "The pier is open.", publication="Wire", section="Local", language="en", tags=["SEA"]
            ),
            write(21, "Boats sail", "They sailed.", tags=["Sea"]),
        ],
    )
    newsroom.load()
    for more in (
        "publication := 'Wire'",
        "section := 'Local'",
        "topic := 'Sea'",
        "topic := 'SEA'",
        "published_from := date '2026-11-20'",
    ):
        assert found(newsroom, "pier", f", {more}") == ["Pier opens"]
    assert "Pier opens" not in found(newsroom, "pier", ", published_to := '2026-11-20'")
    assert found(newsroom, "pier", ", top := 2") == ["Pier opens", "No pier"]
    assert found(newsroom, "pier", ", story := (select story_key from mart.article where headline = 'Pier opens')") == [
        "Pier opens"
    ]


def test_what_is_not_for_publication_says_so_and_what_is_canceled_is_not_found(newsroom: Newsroom) -> None:
    newsroom.drop(
        "wire/two.jsonl",
        [
            write(20, "Zeppelin held", "A zeppelin.", status="withheld"),
            write(21, "Zeppelin later", "A zeppelin.", embargo_until="2099-01-01T00:00:00Z", status="embargoed"),
            write(22, "Zeppelin gone", "A zeppelin.", status="canceled"),
        ],
    )
    newsroom.load()
    with opening.opened(newsroom.settings, "test") as engine, engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "select headline, status, embargo_until::date from mart.find_articles('zeppelin')"
        ).fetchall()
    assert [tuple(row) for row in rows] == [
        ("Zeppelin later", "embargoed", date(2099, 1, 1)),
        ("Zeppelin held", "withheld", None),
    ]


def test_a_phrase_is_in_the_headline_as_a_phrase(newsroom: Newsroom) -> None:
    newsroom.drop(
        "wire/two.jsonl",
        [
            write(20, "Zeppelin mast", "It was built."),
            write(21, "Mast of zeppelin", "The zeppelin mast."),
            write(22, "C report", "On C++."),
            write(19, "C++ report", "On languages."),
        ],
    )
    newsroom.load()
    for _ in range(2):
        assert found(newsroom, '"zeppelin mast"') == ["Zeppelin mast", "Mast of zeppelin"]
        assert found(newsroom, "C++") == ["C++ report", "C report"]
        search.add_to_index(newsroom.settings)


def test_no_word_of_what_is_unloaded_stays_in_the_index(newsroom: Newsroom) -> None:
    newsroom.drop("wire/two.jsonl", [write(20, "Zeppelin", "A zeppelin landed on the pier, 1️⃣Mladenović aboard.")])
    newsroom.load()
    search.add_to_index(newsroom.settings)
    assert newsroom.query("select count(*) from ops.search_posting where term = 'zeppelin'") == [(1,)]
    assert found(newsroom, "1mladenovic") == ["Zeppelin"]
    unload_delivery(begin(newsroom.settings, "unload", Request()), "wire/two.jsonl", "sent by mistake")
    assert newsroom.query("select count(*) from ops.search_posting where term = 'zeppelin'") == [(0,)]
    assert newsroom.query("select count(*) from ops.search_posting where list_has_any(hits, [16, 17])") == [(0,)]
    assert found(newsroom, "pier") == ["No pier", "Café burns on pier", "Budget again", "Council meets"]
    assert newsroom.query("select sum(len(hits)) from ops.search_posting where term = 'pier'") == [(4,)]
    newsroom.drop("wire/three.jsonl", [write(21, "Marmalade", "Its key was the zeppelin's.")])
    newsroom.load()
    assert newsroom.query("select max(article_key) from news.fact_article") == [(8,)]
    assert found(newsroom, "marmalade") == ["Marmalade"]
    assert search.add_to_index(newsroom.settings) == {"articles_indexed": 1}
    assert found(newsroom, "marmalade") == ["Marmalade"]


def test_a_key_that_was_free_when_later_ones_were_indexed_is_not_taken_for_indexed(newsroom: Newsroom) -> None:
    newsroom.drop("wire/two.jsonl", [write(20, "Zeppelin", "It landed.")])
    newsroom.load()
    newsroom.drop("wire/three.jsonl", [write(21, "Marmalade", "It was sold.")])
    newsroom.load()
    unload_delivery(begin(newsroom.settings, "unload", Request()), "wire/two.jsonl", "sent by mistake")
    search.add_to_index(newsroom.settings)
    unload_delivery(begin(newsroom.settings, "unload", Request()), "wire/three.jsonl", "sent by mistake")
    newsroom.drop("wire/four.jsonl", [write(22, "Lighthouse", "It shone."), write(23, "Ferryman", "He rowed.")])
    newsroom.load()
    for _ in range(2):
        assert found(newsroom, "lighthouse OR ferryman") == ["Ferryman", "Lighthouse"]
        search.add_to_index(newsroom.settings)


def test_a_publish_takes_the_index_of_what_it_publishes_along(newsroom: Newsroom) -> None:
    newsroom.ingest()
    with reading.attached(newsroom.settings.published_folder / "broadsheet.duckdb") as connection:
        assert search.count(connection, "pier") == (4, 0)
        hits = search.find(connection, "budget", 1)
    assert [(hit["headline"], hit["publication"]) for hit in hits] == [("Budget again", "unknown")]
    assert hits[0]["snippet"].startswith("The **budget** was passed")


def test_the_index_of_a_large_load_is_published_at_once(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "SEGMENT_REVISIONS", 3)
    newsroom.ingest()
    link = newsroom.settings.published_folder / "broadsheet.duckdb"
    with reading.attached(link) as connection:
        assert search.count(connection, "pier") == (4, len(TEXTS))
    assert publish.publish_index(newsroom.settings) == {"articles_indexed": len(TEXTS)}
    with reading.attached(link) as connection:
        assert search.count(connection, "pier") == (4, 0)
    assert publish.publish_index(newsroom.settings) == {"articles_indexed": 0}


def test_a_damaged_index_is_made_anew_and_published(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    newsroom.ingest()
    index = "select term, hits from ops.search_posting order by segment_key, term"
    right = newsroom.query(index)
    with opening.opened(newsroom.settings, "test") as engine, engine.begin() as connection:
        connection.exec_driver_sql("delete from ops.search_posting where term in ('pier', 'budget')")
        connection.exec_driver_sql("insert into ops.search_posting values (99, 'zep', 'zeppelin', [2, 999])")
        connection.exec_driver_sql("insert into ops.search_gap values (3)")
    monkeypatch.setenv("BROADSHEET_HOME", str(newsroom.settings.home))
    for arguments, found_pier in (["index"], []), (["index", "--rebuild"], ["No pier", "Café burns on pier"]):
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == 0, done.output
        assert found(newsroom, "pier")[:2] == found_pier
    assert f"Added {len(TEXTS)} articles" in done.output
    assert newsroom.query(index) == right
    assert newsroom.ask_published("select count(*) from mart.find_articles('pier')") == [(4,)]
