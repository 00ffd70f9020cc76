"""Feeds whose path is an address: their night, from the fetch to the warehouse."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import elsewhere
import pytest
from newsroom import Newsroom, article

from etl import store
from etl.doctor import feeds
from etl.intake import fetching
from etl.stages import fetch
from etl.stages.finding import RequestError


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[elsewhere.Web]:
    monkeypatch.setattr(fetching, "PAUSE_SECONDS", 0.0)
    with elsewhere.web(tmp_path / "www") as found:
        yield found


def lines(*numbers: int) -> bytes:
    return b"".join(json.dumps(article(number)).encode() + b"\n" for number in numbers)


def test_a_night_fetches_what_is_new_and_the_next_ones_nothing(newsroom: Newsroom, web: elsewhere.Web) -> None:
    newsroom.stanza(f'[feed.wire]\npath = "{web.base}/out/*.jsonl"')
    web.put("out/a.jsonl", lines(1))
    first = newsroom.loaded()
    assert (first.state, first.totals["inserted"]) == ("succeeded", 1)
    assert newsroom.loaded().state == "succeeded"
    (newsroom.landing / "wire/a.jsonl").unlink()
    idle = newsroom.loaded()
    assert (idle.state, idle.seen and idle.seen.files) == ("succeeded", 0)
    web.put("out/a.jsonl", lines(1, 2), 1_700_000_100)
    assert newsroom.loaded().totals["inserted"] == 1
    assert newsroom.query("select feed, address, landing_path, size_bytes from ops.fetch order by fetched_at") == [
        ("wire", f"{web.base}/out/a.jsonl", "wire/a.jsonl", len(lines(1))),
        ("wire", f"{web.base}/out/a.jsonl", "wire/a.jsonl", len(lines(1, 2))),
    ]


@pytest.mark.parametrize("is_timed", [True, False])
def test_what_the_first_run_of_all_fetched_is_fetched_again_once_it_changed(
    newsroom: Newsroom, web: elsewhere.Web, is_timed: bool
) -> None:
    newsroom.stanza(f'[feed.wire]\npath = "{web.base}/out/*.jsonl"')
    web.faults = {} if is_timed else {"a.jsonl": {"Last-Modified": ""}}
    web.put("out/a.jsonl", lines(1))
    assert newsroom.loaded().totals["inserted"] == 1
    web.put("out/a.jsonl", lines(1, 2), 1_700_000_100)
    second = newsroom.loaded()
    assert (second.totals["inserted"], second.warnings) == (1, [])
    assert newsroom.loaded().warnings == []


def test_a_feed_that_cannot_be_reached_stops_no_other_and_fails_the_run(newsroom: Newsroom, web: elsewhere.Web) -> None:
    newsroom.stanza(f'[feed.dead]\npath = "{web.base}/gone/*.jsonl"\n[feed.wire]\npath = "{web.base}/out/*.jsonl"')
    web.put("out/a.jsonl", lines(1))
    report = newsroom.loaded()
    assert report.totals["inserted"] == 1
    (failure,) = report.failures
    assert failure.startswith(f"feed dead: {web.base} answers 404 Not Found")
    assert report.failed_feeds == [failure]


def test_a_run_for_a_path_or_for_another_feed_asks_nobody(newsroom: Newsroom, web: elsewhere.Web) -> None:
    newsroom.stanza(f'[feed.wire]\npath = "{web.base}/*.jsonl"\n[feed.own]\npath = "own/*.jsonl"\nsettle_seconds = 0')
    dump = newsroom.drop("own/a.jsonl", lines(1))
    newsroom.loaded(dump)
    newsroom.loaded(source="own")
    assert web.asked == []


def test_no_landing_folder_is_made_where_none_is_mounted(newsroom: Newsroom, web: elsewhere.Web) -> None:
    newsroom.stanza(f'[feed.wire]\npath = "{web.base}/*.jsonl"')
    newsroom.landing.rmdir()
    with pytest.raises(RequestError, match="is it mounted"):
        newsroom.loaded()
    assert web.asked == []
    assert not newsroom.landing.exists()


def test_what_is_fetched_arrives_in_a_landing_folder_in_a_bucket(
    newsroom: Newsroom, web: elsewhere.Web, s3_bucket: str
) -> None:
    room = newsroom.with_settings(landing=store.path_of(f"{s3_bucket}/landing"))
    room.stanza(f'[feed.wire]\npath = "{web.base}/out/*.jsonl"\n[feed.own]\npath = "own/*"')
    web.put("out/a.jsonl", lines(1))
    elsewhere.Bucket(Path(), f"{s3_bucket}/landing").put("own/b.jsonl", lines(2))
    assert room.loaded(source="wire").totals["inserted"] == 1
    web.asked.clear()
    assert room.loaded(source="wire").totals["articles_read"] == 0
    assert [asked[:2] for asked in web.asked] == [("GET", "out"), ("HEAD", "a.jsonl")]


def test_check_sources_says_what_would_be_fetched_and_fetches_nothing(newsroom: Newsroom, web: elsewhere.Web) -> None:
    newsroom.stanza(f'[feed.wire]\npath = "{web.base}/out/*.jsonl"\n[feed.dead]\npath = "{web.base}/gone/*"')
    web.put("out/a.jsonl", lines(1))
    wire, dead = feeds.samples(newsroom.settings)
    assert wire.would_fetch == "1 new file would be fetched (272 bytes): wire/a.jsonl"
    assert wire.problems == []
    assert "answers 404" in dead.problems[0]
    assert list(newsroom.landing.iterdir()) == []


def test_credentials_are_named_after_the_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_FETCH_EVENING_LAMP_USER", "desk")
    monkeypatch.setenv("BROADSHEET_FETCH_EVENING_LAMP_PASSWORD", "s3cret")
    assert tuple(fetch.login_of("evening-lamp")) == ("desk", "s3cret")
