"""The search index after a large load: collected while others use the warehouse, and right whatever they did."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from newsroom import Newsroom, make_newsroom

from etl.repair.asked import Asked
from etl.repair.takedown import take_down
from etl.repair.unload import unload_delivery
from etl.run import Request, begin
from etl.stages.publish import publish_index, publish_last_load
from etl.warehouse import WarehouseError, reading, search

TEXTS = [
    "The pier burned.",
    "A pier opens.",
    "Ferries sail.",
    "The budget passed.",
    "Trams stop.",
    "Gulls on the pier.",
]


def write(number: int, body: str) -> dict[str, Any]:
    url = f"https://courier.example/{number}"
    return {"id": f"S-{number}", "headline": f"Number {number}", "body": body, "published": "2026-11-02", "url": url}


@pytest.fixture
def newsroom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    """Six articles of a load so large that its publish leaves them to be indexed."""
    newsroom = make_newsroom(tmp_path)
    newsroom.stanza('[feed.wire]\npath = "*"\nformat = "jsonl"\nid_column = "id"\nsettle_seconds = 0')
    newsroom.drop("one.jsonl", [write(number, text) for number, text in enumerate(TEXTS)])
    monkeypatch.setattr(search, "SEGMENT_REVISIONS", 2)
    monkeypatch.setattr(search, "MOST_REVISIONS", 2)
    newsroom.ingest()
    assert newsroom.query("select count(*) from ops.search_posting") == [(0,)]
    return newsroom


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], None]:
    """Has something done while the words are collected: after that, and before the warehouse is opened."""
    collect = search._collect

    def arrange(act: Callable[[], Any]) -> None:
        def collect_then_act(engine: Any) -> bool:
            is_any = collect(engine)
            act()
            return is_any

        monkeypatch.setattr(search, "_collect", collect_then_act)

    return arrange


def load_more(newsroom: Newsroom) -> None:
    newsroom.load(newsroom.drop("two.jsonl", [write(20, "A pier for gulls.")]))


def waiting(newsroom: Newsroom) -> int:
    with reading.attached(newsroom.settings.warehouse_file) as connection:
        return search.count(connection, "pier")[1]


def finds(newsroom: Newsroom, word: str) -> int:
    ((articles,),) = newsroom.query(f"select count(*) from mart.find_articles('{word}')")
    return int(articles)


def postings(newsroom: Newsroom, word: str) -> int:
    """How many revisions the index knows to have a word."""
    ((hits,),) = newsroom.query(f"select coalesce(sum(len(hits)), 0) from ops.search_posting where term = '{word}'")
    return int(hits)


def test_a_load_goes_on_while_the_words_are_collected(
    newsroom: Newsroom, meanwhile: Callable[[Callable[[], Any]], None]
) -> None:
    meanwhile(lambda: load_more(newsroom))
    assert publish_index(newsroom.settings) == {"articles_indexed": 6}
    assert (postings(newsroom, "pier"), waiting(newsroom), finds(newsroom, "pier")) == (3, 1, 4)
    assert list(newsroom.settings.spill.iterdir()) == []


def test_a_key_that_another_article_has_by_now_is_not_indexed_with_the_old_text(
    newsroom: Newsroom, meanwhile: Callable[[Callable[[], Any]], None]
) -> None:
    def unload_and_load() -> None:
        unload_delivery(begin(newsroom.settings, "unload", Request()), "one.jsonl", "sent by mistake")
        newsroom.load(newsroom.drop("two.jsonl", [write(30 + n, "Trams sail.") for n in range(3)]))

    meanwhile(unload_and_load)
    assert newsroom.query("select max(article_key) from news.fact_article") == [(6,)]
    assert publish_index(newsroom.settings) == {"articles_indexed": 0}
    assert newsroom.query("select max(article_key) from news.fact_article") == [(3,)]
    assert (finds(newsroom, "pier"), finds(newsroom, "trams"), postings(newsroom, "pier")) == (0, 3, 0)
    search.add_to_index(newsroom.settings)
    assert (finds(newsroom, "trams"), postings(newsroom, "trams"), waiting(newsroom)) == (3, 3, 0)


def take(newsroom: Newsroom) -> None:
    asked = Asked("url", "https://courier.example/3", "court order 7", "ada")
    take_down(begin(newsroom.settings, "takedown", Request()), asked, "bo")


@pytest.mark.parametrize("is_elsewhere", [False, True], ids=["on this machine", "on another machine"])
def test_what_is_taken_down_meanwhile_does_not_come_back_through_the_index(
    newsroom: Newsroom,
    meanwhile: Callable[[Callable[[], Any]], None],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    is_elsewhere: bool,
) -> None:
    meanwhile(lambda: take(newsroom))
    if is_elsewhere:  # the takedown does not reach what is collected there
        other = tmp_path_factory.mktemp("other")
        monkeypatch.setattr(search, "TemporaryDirectory", lambda **named: TemporaryDirectory(dir=other))
        assert publish_index(newsroom.settings) == {"articles_indexed": 4}
        assert list(other.iterdir()) == []
    else:
        with pytest.raises(WarehouseError, match="was removed while it was made"):
            publish_index(newsroom.settings)
    assert (postings(newsroom, "budget"), finds(newsroom, "budget"), finds(newsroom, "pier")) == (0, 0, 3)
    monkeypatch.undo()
    publish_last_load(begin(newsroom.settings, "manual", Request()))
    publish_index(newsroom.settings)
    assert (postings(newsroom, "budget"), postings(newsroom, "pier"), waiting(newsroom)) == (0, 3, 0)


@pytest.mark.parametrize("place", ["_add_collected", "_take_segment"])
def test_it_goes_on_after_a_kill(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    """Before the warehouse is opened, or when one of three segments is in it."""
    whole, calls = getattr(search, place), []

    def killed(*given: Any) -> Any:
        calls.append(given)
        if place == "_add_collected" or len(calls) == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return whole(*given)

    with monkeypatch.context() as patch:
        patch.setattr(search, place, killed)
        child = multiprocessing.get_context("fork").Process(target=publish_index, args=(newsroom.settings,))
        child.start()
        child.join(60)
    assert child.exitcode == -signal.SIGKILL
    assert (finds(newsroom, "pier"), finds(newsroom, "budget")) == (3, 1)
    assert waiting(newsroom) == (6 if place == "_add_collected" else 4)
    search.add_to_index(newsroom.settings)
    assert (postings(newsroom, "pier"), waiting(newsroom), finds(newsroom, "pier")) == (3, 0, 3)
