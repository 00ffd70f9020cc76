"""No article is lost in silence: a stage that drops one is caught, whichever stage it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from newsroom import Newsroom, article
from packed import zipped

from etl import formats
from etl.stages import normalise
from etl.warehouse.catalogue import Statement, all_tables

SAMPLES = Path(__file__).parents[1] / "samples"


def test_every_count_adds_up(newsroom: Newsroom) -> None:
    newsroom.stanza('[feed.wire]\npath = "*.jsonl"\nid_column = "id"\nsettle_seconds = 0')
    first = [article(n, id=f"a{n}") for n in range(1, 6)]
    newsroom.drop("one.jsonl", first)
    newsroom.load()
    second = [
        first[0],
        article(2, id="a2", headline="Boat two comes back"),
        article(9, id="a9"),
        article(10, id="a10", body=""),
    ]
    newsroom.drop("two.jsonl", "".join(json.dumps(r) + "\n" for r in second) + "{broken\n")
    report = newsroom.loaded()
    (dump,) = report.dumps
    counts = {name: dump[name] for name in ("articles_read", "inserted", "revised", "unchanged", "rejected")}
    assert counts == {"articles_read": 5, "inserted": 1, "revised": 1, "unchanged": 1, "rejected": 2}
    assert sorted(row["position"] for row in report.rejected) == ["line 4", "line 5"]
    assert all(len(row["reason"]) > 10 for row in report.rejected)


def test_a_reader_that_drops_a_record_is_caught_by_the_marks(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = formats.named("jsonl")
    whole = reader.read
    monkeypatch.setattr(reader, "read", lambda stream, feed: (p for i, p in enumerate(whole(stream, feed)) if i != 3))
    report = newsroom.loaded(newsroom.drop("a.jsonl", [article(n) for n in range(10)]))
    assert report.state == "failed"
    assert "scan for article marks" in report.dumps[0]["reason"]
    assert "read 9, marks 10" in report.dumps[0]["reason"]
    assert newsroom.query("select count(*) from news.fact_article") == [(0,)]


def test_a_normaliser_that_drops_a_record_is_caught_by_the_check(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = normalise.normalise_records
    monkeypatch.setattr(normalise, "normalise_records", lambda *args, **facts: whole(*args, **facts).iloc[1:])
    report = newsroom.loaded(newsroom.drop("a.jsonl", [article(n) for n in range(10)]))
    assert report.state == "failed"
    assert "normaliser did not return every article" in report.dumps[0]["reason"]
    assert newsroom.query("select count(*) from news.fact_article") == [(0,)]


@pytest.mark.parametrize("table", ["news.fact_article", "news.article_text"])
def test_a_loader_that_drops_a_record_is_rolled_back(newsroom: Newsroom, table: str) -> None:
    _break_load(table)
    report = newsroom.loaded(newsroom.drop("a.jsonl", [article(n) for n in range(10)]))
    assert report.state == "failed"
    assert "law of the ledger would be broken" in report.dumps[0]["reason"]
    assert report.dumps[0]["state"] == "failed"
    assert newsroom.query("select count(*) from news.fact_article") == [(0,)]
    assert newsroom.query("select count(*) from ops.article_alias") == [(0,)]


def _break_load(table: str) -> None:
    """Make the statement that fills a table leave out its first row."""
    load = all_tables()[table].load
    broken = Statement(
        load[0].sql.replace("where incoming.outcome", "where incoming.ordinal > 0 and incoming.outcome"),
        load[0].parameters,
    )
    assert broken != load[0]
    object.__setattr__(all_tables()[table], "load", (broken, *load[1:]))


@pytest.fixture(autouse=True)
def _mended() -> object:
    """Give every test the true load statements back."""
    kept = {name: table.load for name, table in all_tables().items()}
    yield
    for name, load in kept.items():
        object.__setattr__(all_tables()[name], "load", load)


def test_real_counts_of_a_container(newsroom: Newsroom) -> None:
    files = {f"{number}.jsonl": json.dumps(article(number)).encode() for number in range(3)}
    path = newsroom.drop("many.zip", zipped(files | {"odd.bin": b"\x01\x02\x03 nothing that a reader knows"}))
    report = newsroom.loaded(path)
    assert report.dumps[0]["articles_read"] == 4
    assert report.dumps[0]["inserted"] == 3
    assert report.rejected[0]["position"] == "odd.bin"


def test_what_a_file_in_an_archive_states_is_held_against_that_file_alone(newsroom: Newsroom) -> None:
    """An answer of Factiva that states four articles and holds three, beside one article more."""
    newsroom.stanza('[feed.mixed]\npath = "*"\nsettle_seconds = 0')
    answer = (SAMPLES / "factiva_xml" / "answer.xml").read_bytes()
    whole = answer.replace(b'count="4"', b'count="3"')
    assert whole != answer
    more = json.dumps(article(1)).encode()
    newsroom.drop("short.zip", zipped({"answer.xml": answer, "more.jsonl": more}))
    newsroom.drop("whole.zip", zipped({"answer.xml": whole, "more.jsonl": more}))
    dumps = {dump["path"]: dump for dump in newsroom.loaded().dumps}
    assert "answer.xml: it states 4 articles, and 3 were found" in dumps["short.zip"]["reason"]
    assert not dumps["whole.zip"]["reason"]
    assert [dump["articles_declared"] for dump in dumps.values()] == [None, None]
