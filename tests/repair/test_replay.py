"""Rejected articles go again through today's reader and normaliser; the first load's counts stay as they are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO

import pyarrow.parquet as pq
import pytest
from newsroom import Newsroom, article
from packed import zipped

from etl import pipeline
from etl.formats import jsonl
from etl.model import DumpError, Feed, Skip
from etl.repair import RepairError
from etl.repair import replay as replaying
from etl.repair.replay import Chosen, replay_chosen
from etl.reports.report import Report
from etl.run import Request, begin
from etl.warehouse import opening

FEED = '[feed.wire]\npath = "*.jsonl"\nid_column = "id"\nsettle_seconds = 0\n'
COUNTS = "select articles_read, inserted, rejected from ops.dump_status"


def replay(newsroom: Newsroom, **chosen: str) -> Report:
    run = begin(newsroom.settings, "replay", Request())
    replay_chosen(run, Chosen(**chosen))
    return pipeline.finish(run)


def try_again(newsroom: Newsroom, **chosen: str) -> list[tuple[Any, ...]]:
    """Replay up to the load, and return what waits then: the places and the reasons."""
    replay_chosen(begin(newsroom.settings, "replay", Request()), Chosen(**chosen))
    return waiting(newsroom)


def waiting(newsroom: Newsroom) -> list[tuple[Any, ...]]:
    return newsroom.query("select position, reason from ops.open_rejection order by position")


def line(number: int, **fields: str) -> str:
    return json.dumps(article(number, **fields)) + "\n"


@pytest.fixture
def rejected(newsroom: Newsroom) -> Newsroom:
    """Three lines of which two are rejected: the body of one is in a column that the stanza does not name."""
    newsroom.stanza(FEED)
    odd = {**article(2, id="b"), "body": "", "wording": "The text of number 2."}
    newsroom.drop("a.jsonl", json.dumps(article(1, id="a")) + "\n" + json.dumps(odd) + "\n{torn\n")
    newsroom.load()
    assert newsroom.query(COUNTS) == [(3, 1, 2)]
    return newsroom


def test_what_passes_today_is_loaded_and_what_does_not_is_rejected_again(rejected: Newsroom) -> None:
    rejected.stanza('columns = { body = "wording" }')
    report = replay(rejected)
    assert report.state == "succeeded"
    (dump,) = report.dumps
    assert (dump["articles_read"], dump["inserted"], dump["rejected"]) == (2, 1, 1)
    assert rejected.query(COUNTS) == [(3, 1, 2)]
    assert rejected.query("select replayed from ops.dump_status") == [(1,)]
    assert rejected.ask_published("select native_id, position from news.fact_article order by 1") == [
        ("a", "line 1"),
        ("b", "line 2"),
    ]
    assert rejected.query("select position from ops.open_rejection") == [("line 3",)]
    replayed = rejected.query(
        "select position, replayed_at is not null from ops.rejected_article order by replayed_at nulls last, position"
    )
    assert replayed == [("line 2", True), ("line 3", True), ("line 3", False)]


def test_only_what_is_chosen_is_replayed(rejected: Newsroom) -> None:
    assert replay(rejected, dump="a.jsonl", reason="NOT JSON").dumps[0]["articles_read"] == 1
    with pytest.raises(RepairError, match="no rejected article of a loaded dump matches"):
        replay(rejected, reason="no such reason")
    with pytest.raises(RepairError):
        replay(rejected, run_id="another")


@pytest.mark.parametrize("is_dump_there", [True, False])
def test_a_date_is_read_as_the_whole_dump_shows_though_one_article_is_replayed(
    newsroom: Newsroom, is_dump_there: bool
) -> None:
    newsroom = newsroom.with_settings(chunk_articles=2)
    newsroom.stanza(FEED)
    records = [article(number, id=str(number), published=f"03-{number:02}-2024") for number in range(1, 16)]
    records[1]["body"] = ""
    dump = newsroom.drop("a.jsonl", records)
    newsroom.load()
    days = newsroom.query("select published_date_key from news.fact_article order by 1")
    assert days == [(20240300 + number,) for number in range(1, 16) if number != 2]
    if not is_dump_there:
        dump.unlink()
    run = begin(newsroom.settings, "replay", Request())
    replay_chosen(run, Chosen())
    (article_again,) = pq.read_table(run.batch(0).articles[0]).to_pylist()
    assert article_again["published_date"] == date(2024, 3, 2)


def test_without_its_dump_a_record_comes_from_quarantine(rejected: Newsroom) -> None:
    (rejected.landing / "a.jsonl").unlink()
    report = replay(rejected)
    assert [row["position"] for row in report.rejected] == ["line 2", "line 3"]
    assert "has no body" in report.rejected[0]["reason"]
    assert "is not JSON" in report.rejected[1]["reason"]
    assert rejected.query("select count(*) from ops.open_rejection") == [(2,)]


def test_a_dump_that_was_refused_is_not_replayed(newsroom: Newsroom) -> None:
    newsroom.stanza(FEED)
    newsroom.drop("a.jsonl", "".join(json.dumps(article(n, id=str(n), body="")) + "\n" for n in range(60)))
    assert newsroom.loaded().dumps[0]["state"] == "refused"
    with pytest.raises(RepairError, match="refused as a whole"):
        replay(newsroom)


def test_a_dump_taken_again_settles_its_earlier_rejections(rejected: Newsroom) -> None:
    rejected.load(rejected.landing / "a.jsonl", force=True)
    assert rejected.query("select position from ops.open_rejection order by 1") == [("line 2",), ("line 3",)]


def test_a_member_of_no_format_waits_as_often_as_it_is_replayed(newsroom: Newsroom) -> None:
    newsroom.stanza('[feed.wire]\npath = "*.zip"\nsettle_seconds = 0\n')
    newsroom.drop("a.zip", zipped({"000.bin": "no article", "1.jsonl": line(1), "2.jsonl": "{torn\n" + line(2)}))
    newsroom.load()
    before = waiting(newsroom)
    assert [position for position, _ in before] == ["000.bin", "2.jsonl: line 1"]
    assert try_again(newsroom) == try_again(newsroom) == before
    assert newsroom.query("select distinct state from ops.dump_load") == [("loaded",)]


def test_a_member_that_is_read_today_closes_its_rejection(newsroom: Newsroom) -> None:
    newsroom.stanza('[feed.wire]\npath = "*.zip"\nsettle_seconds = 0\n')
    newsroom.drop("a.zip", zipped({"1.jsonl": line(1), "2.dat": b"Ferry is late\n\nIt was late again on Monday.\n"}))
    newsroom.load()
    assert [position for position, _ in waiting(newsroom)] == ["2.dat"]
    newsroom.stanza('format = "plain_txt"')
    assert try_again(newsroom) == []
    assert newsroom.query("select position from news.fact_article order by 1") == [
        ("1.jsonl: line 1",),
        ("2.dat: line 1",),
    ]


def test_a_dump_that_cannot_be_read_again_leaves_its_rejections_as_they_are(rejected: Newsroom) -> None:
    before = waiting(rejected)
    rejected.stanza('format = "nitf"')
    assert try_again(rejected) == before
    assert rejected.query("select state, articles_read, rejected from ops.dump_load where kind = 'replay'") == [
        ("failed", 2, 2)
    ]


def test_what_broke_a_reader_leaves_its_rejections_as_they_are(
    rejected: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Iterator[Any]:
        raise RecursionError("too deep")
        yield

    before = waiting(rejected)
    monkeypatch.setattr(replaying, "sources_of", broken)
    assert try_again(rejected) == before


def test_what_is_known_today_not_to_be_an_article_waits_no_more(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.stanza('[feed.wire]\npath = "*.zip"\nsettle_seconds = 0\n')
    newsroom.drop("a.zip", zipped({"1.jsonl": line(1), "2.bin": b"no article"}))
    newsroom.load()
    monkeypatch.setattr(replaying, "sources_of", lambda *_: iter([Skip("2.bin", "picture")]))
    assert try_again(newsroom) == []
    assert newsroom.query("select skipped from ops.dump_load where kind = 'replay'") == [('{"picture":1}',)]


def test_articles_at_the_same_place_are_all_tried_again(newsroom: Newsroom) -> None:
    newsroom.stanza('[feed.wire]\npath = "*.zip"\nformat = "jsonl"\nsettle_seconds = 0\n')
    with pytest.warns(UserWarning, match="Duplicate name"):
        bodiless = [("a.jsonl", line(number, body="", wording=f"The text of number {number}.")) for number in (1, 2)]
        packed = zipped([*bodiless, ("b.jsonl", line(3))])
    newsroom.drop("a.zip", packed)
    newsroom.load()
    assert len(waiting(newsroom)) == 2
    newsroom.stanza('columns = { body = "wording" }')
    assert try_again(newsroom) == []
    assert newsroom.query("select count(*) from news.fact_article") == [(3,)]


def test_the_count_that_a_manifest_states_of_the_whole_dump_stops_no_replay(newsroom: Newsroom) -> None:
    newsroom.stanza(FEED)
    odd = line(2, id="b", body="", wording="The text of number 2.")
    newsroom.drop("a.jsonl", line(1, id="a") + odd)
    newsroom.drop("a.jsonl.manifest.json", '{"expected_articles": 2}')
    newsroom.load()
    newsroom.stanza('columns = { body = "wording" }')
    assert try_again(newsroom) == []
    assert newsroom.query("select native_id from news.fact_article order by 1") == [("a",), ("b",)]


def test_rows_that_older_replays_left_are_closed_together(rejected: Newsroom) -> None:
    with opening.opened(rejected.settings, "test") as engine, engine.begin() as connection:
        # By a clock that had been set back, and without a raw record of their own.
        connection.exec_driver_sql(
            "insert into ops.load_run select * replace ('z' as run_id, run_number + 1 as run_number, "
            "started_at - interval 1 day as started_at) from ops.load_run"
        )
        connection.exec_driver_sql(
            "insert into ops.rejected_article select * replace ('z' as run_id, 'none.parquet' as quarantine_file) "
            "from ops.rejected_article"
        )
    assert len(waiting(rejected)) == 4
    (rejected.landing / "a.jsonl").unlink()
    for _ in range(2):
        assert ["no longer in quarantine" in reason for _, reason in try_again(rejected)] == [False, False]


def test_a_member_that_could_not_be_read_is_read_whole(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    newsroom.stanza('[feed.wire]\npath = "*"\nsettle_seconds = 0')
    lines = [json.dumps(article(number)).encode() + b"\n" for number in range(4)]
    members = {"a.jsonl": lines[0], "b.jsonl": lines[1] + lines[2], "c.jsonl": lines[3]}
    newsroom.drop("week.zip", zipped(members))
    read = jsonl.read

    def unwilling(stream: BinaryIO, feed: Feed) -> Any:
        pieces = list(read(stream, feed))
        if len(pieces) == 2:
            raise DumpError("is too much for me")
        return iter(pieces)

    with monkeypatch.context() as patch:
        patch.setattr(jsonl, "read", unwilling)
        newsroom.load()
    assert newsroom.query("select position, reason from ops.open_rejection") == [("b.jsonl", "is too much for me")]
    (dump,) = replay(newsroom).dumps
    assert (dump["articles_read"], dump["inserted"], dump["rejected"]) == (2, 2, 0)
