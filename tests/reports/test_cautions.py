"""What is odd without being a failure, in the sentences that people read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from newsroom import Newsroom, article

from etl.intake.seen import Seen
from etl.reports import cautions

FEED = '[feed.courier]\npath = "courier/*"\nformat = "jsonl"\nsettle_seconds = 0'


@pytest.mark.parametrize(
    ("seen", "sentence"),
    [
        (
            Seen(files=1_204, loaded=1_200, unsettled=2, next_look_seconds=40, parked=1, unclaimed=1),
            "0 new of 1,204 files: 1,200 loaded, 2 not settled yet (next look in 40 s), 1 parked, 1 claimed by no feed",
        ),
        (Seen(files=1, new=1), "1 new of 1 file"),
        (Seen(), "0 new of 0 files: none is where this run looked"),
        (
            Seen(files=6, unloaded=1, parts=2, set_aside=1, other_day=1, vanished=1),
            "0 new of 6 files: 1 unloaded by hand, 2 read with their index, "
            "1 set aside (hidden, or with a temporary name), 1 of another day, 1 gone meanwhile",
        ),
    ],
)
def test_what_was_seen_is_said_in_full(seen: Seen, sentence: str) -> None:
    assert cautions.sentence(seen) == sentence


def test_every_fate_of_a_file_is_in_the_sentence() -> None:
    from etl.intake.seen import Fate

    for fate in set(Fate) - {Fate.new}:
        assert ": 1 " in cautions.sentence(Seen(files=1, **{str(fate): 1}))


def test_files_that_nobody_or_two_feeds_claim_are_told_with_the_first_names() -> None:
    seen = Seen(
        files=9,
        unclaimed=5,
        unclaimed_names=("a.CSV", "b.CSV", "c.CSV", "d.CSV", "e.CSV"),
        contested=1,
        contested_names=("wire/x.zip",),
        future=1,
    )
    unclaimed, contested, future = cautions.of_seen(seen)
    assert unclaimed.startswith("5 files claimed by no feed: a.CSV, b.CSV, c.CSV and 2 more; ")
    assert unclaimed.endswith("or move them out of the landing folder")
    assert contested == (
        "1 file claimed by more than one feed: wire/x.zip; the first of these feeds in sources.toml takes it; "
        "make the paths of the feeds distinct"
    )
    assert future.startswith("1 file has a time stamp in the future; ")
    assert cautions.of_seen(Seen(files=3, loaded=3)) == []


def unmet(unexpected: int, elements: int | None, suite: str = "incoming_article") -> dict[str, Any]:
    return {"suite": suite, "reason": "why", "unexpected": unexpected, "elements": elements}


def test_an_expectation_is_told_above_a_share_of_the_rows() -> None:
    rows = [unmet(5, 100), unmet(6, 100), unmet(1, None), unmet(2, 2, "news.fact_article")]
    assert cautions.of_quality(rows) == [
        "6 of 100 articles (6%): why",
        "1 article: why",
        "2 of 2 rows of news.fact_article (100%): why",
    ]


def dump(path: str, **facts: Any) -> dict[str, Any]:
    return {"path": path, "state": "loaded", "reason": None, "articles_declared": None, "articles_read": 2} | facts


def test_dumps_that_were_loaded_with_a_warning_are_told() -> None:
    dumps = [
        dump("fine", articles_declared=2),
        dump("short", articles_declared=3),
        dump("odd", reason="two articles share an id"),
        dump("bad", state="refused", reason="is empty"),
    ]
    assert cautions.of_dumps(dumps) == [
        "short: loaded, but it states 3 articles, and 2 were found",
        "odd: loaded, but two articles share an id",
    ]
    assert cautions.of_dumps([dump(f"{n}", reason="odd") for n in range(25)])[-1].startswith("5 more dumps")


def test_a_run_tells_what_too_many_of_its_articles_lack(newsroom: Newsroom) -> None:
    newsroom.stanza(FEED)
    newsroom.drop("courier/a.jsonl", [article(1, headline=None), article(2)])
    newsroom.drop("elsewhere/b.jsonl", [article(3)])
    report = newsroom.ingest()
    assert report.state == "succeeded"
    without_headline = "1 of 2 articles (50%): it has no headline, and readers will miss it"
    assert any(warning.startswith(without_headline) for warning in report.warnings)
    (unclaimed,) = [warning for warning in report.warnings if "claimed by no feed" in warning]
    assert "elsewhere/b.jsonl" in unclaimed
    assert report.as_json()["seen"]["unclaimed"] == 1
    assert json.loads((newsroom.settings.work_folder / report.run_id / "seen.json").read_text())["new"] == 1
    again = newsroom.ingest()
    assert again.outcome == "0 new of 2 files: 1 loaded, 1 claimed by no feed"
    assert newsroom.loaded(newsroom.landing / "courier").outcome == "0 new of 1 file: 1 loaded"
    scans = "select trigger, files, new, loaded, unclaimed from ops.landing_scan order by started_at"
    assert newsroom.query(scans) == [("manual", 2, 1, 0, 1), ("manual", 2, 0, 1, 1)]
    assert newsroom.query("select count(*) from ops.load_run") == [(1,)]
    assert [copy.parent.name for copy in newsroom.settings.published_folder.glob("*/broadsheet.duckdb")] == ["1"]


def test_what_articles_of_a_refused_dump_lack_is_not_told_beside_the_refusal(newsroom: Newsroom) -> None:
    newsroom.stanza(FEED)
    newsroom.stanza('columns = { headline = "Titel" }')
    newsroom.drop("courier/a.jsonl", [article(1, headline=None), article(2, headline=None)])
    report = newsroom.loaded()
    assert 'the stanza names the column "Titel"' in report.failures[0]
    assert report.warnings == []


def test_a_run_fails_for_a_feed_whose_folder_is_missing(newsroom: Newsroom) -> None:
    newsroom.stanza(FEED)
    newsroom.stanza('[feed.wire]\npath = "wire/*"')
    newsroom.drop("courier/a.jsonl", "")
    report = newsroom.loaded()
    assert report.state == "failed"
    assert report.failures[0].startswith("feed wire: its folder wire/ is not there; ")
