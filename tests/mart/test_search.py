"""Search: the index finds what reading the texts finds, and forgets what is removed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from loaded import copy_of
from newsroom import Newsroom, make_newsroom

from etl.repair.unload import unload_delivery
from etl.run import Request, begin
from etl.warehouse import opening, reading, search

TEXTS = [
    ("Café burns on pier", "The café on the north pier burned down. Nobody was hurt."),
    ("Council meets", "The council spoke of the cafe, the pier and the budget."),
    ("São Paulo in rain", "It rained in São Paulo; the Zürich match was called off."),
    ("東京都庁で火災", "東京都庁で火災があった。けが人はいない。"),
    ("Пожар в кафе", "Пожар уничтожил кафе на набережной."),
    ("Budget again", "The budget was passed by the council."),
    ("No pier", "Nothing happened, burned or not."),
]
QUESTIONS = [
    "cafe",
    "CAFÉ pier",
    "sao paulo",
    "zurich",
    "東京",
    "火災 都庁",
    "пожар",
    "budget council",
    "the",
    "burn",
    "",
    "no-such",
]


def write(number: int, headline: str, body: str, **more: Any) -> dict[str, Any]:
    return {"id": f"S-{number}", "headline": headline, "body": body, "published": f"2026-11-{number + 1:02}", **more}


@pytest.fixture(scope="module")
def loaded_once(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    newsroom = make_newsroom(tmp_path_factory.mktemp("loaded"))
    newsroom.stanza('[feed.wire]\npath = "wire/*"\nformat = "jsonl"\nid_column = "id"\nsettle_seconds = 0')
    newsroom.drop("wire/one.jsonl", [write(number, *text) for number, text in enumerate(TEXTS)])
    assert newsroom.ingest().state == "succeeded"
    return newsroom


@pytest.fixture
def newsroom(loaded_once: Newsroom, tmp_path: Path) -> Newsroom:
    return copy_of(loaded_once, tmp_path / "copy")


def found(newsroom: Newsroom, words: str) -> list[str]:
    """The headlines found in the warehouse, which is not yet published, in order."""
    with opening.opened(newsroom.settings, "test") as engine, engine.connect() as connection:
        rows = connection.exec_driver_sql("select headline from mart.search($words)", {"words": words})
        return [row[0] for row in rows]


def test_words_are_found_whatever_their_case_and_accents_and_whether_indexed_or_not(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {words: found(newsroom, words) for words in QUESTIONS}
    assert before["cafe"] == ["Café burns on pier", "Council meets"]  # in the headline first
    assert before["sao paulo"] == before["zurich"] == ["São Paulo in rain"]
    assert before["火災 都庁"] == ["東京都庁で火災"]
    assert before["burn"] == before[""] == before["no-such"] == []
    monkeypatch.setattr(search, "SEGMENT_ARTICLES", 3)
    assert search.add_to_index(newsroom.settings) == {"articles_indexed": len(TEXTS)}
    assert {words: found(newsroom, words) for words in QUESTIONS} == before
    assert search.add_to_index(newsroom.settings) == {"articles_indexed": 0}
    # The index answers, not the texts.
    assert newsroom.query("select count(*) from ops.search_segment") == [(3,)]


def test_what_is_new_is_found_beside_what_is_indexed(newsroom: Newsroom) -> None:
    search.add_to_index(newsroom.settings)
    pier, council = write(20, "Pier opens", "The pier is open."), write(1, "Council", "No word of it.")
    newsroom.drop("wire/two.jsonl", [pier, council])
    newsroom.load()
    assert found(newsroom, "pier") == ["Pier opens", "No pier", "Café burns on pier"]
    assert search.add_to_index(newsroom.settings) == {"articles_indexed": 2}
    assert found(newsroom, "pier") == ["Pier opens", "No pier", "Café burns on pier"]


def test_no_word_of_what_is_unloaded_stays_in_the_index(newsroom: Newsroom) -> None:
    newsroom.drop("wire/two.jsonl", [write(20, "Zeppelin", "A zeppelin landed on the pier.")])
    newsroom.load()
    search.add_to_index(newsroom.settings)
    assert newsroom.query("select count(*) from ops.search_posting where term = 'zeppelin'") == [(1,)]
    unload_delivery(begin(newsroom.settings, "unload", Request()), "wire/two.jsonl", "sent by mistake")
    assert newsroom.query("select count(*) from ops.search_posting where term = 'zeppelin'") == [(0,)]
    assert found(newsroom, "pier") == ["No pier", "Café burns on pier", "Council meets"]
    search.add_to_index(newsroom.settings)
    assert found(newsroom, "pier") == ["No pier", "Café burns on pier", "Council meets"]


def test_the_best_come_with_the_place_in_their_text(newsroom: Newsroom) -> None:
    with reading.attached(newsroom.settings.published / "broadsheet.duckdb") as connection:
        hits, total = search.find(connection, "budget", 1)
    assert total == 2
    assert [(hit["headline"], hit["publication"]) for hit in hits] == [("Budget again", "unknown")]
    assert hits[0]["snippet"] == "The budget was passed by the council."
