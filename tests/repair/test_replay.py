"""Rejected articles go again through today's reader and normaliser; the first load's counts stay as they are."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any, BinaryIO

import pytest
from newsroom import Newsroom, article

from etl import pipeline
from etl.formats import jsonl
from etl.model import DumpError, Feed
from etl.repair import RepairError
from etl.repair.replay import Chosen, replay_chosen
from etl.reports.report import Report
from etl.run import Request, begin

FEED = '[feed.wire]\npath = "*.jsonl"\nid_column = "id"\nsettle_seconds = 0\n'
COUNTS = "select articles_read, inserted, rejected from ops.dump_status"


def replay(newsroom: Newsroom, **chosen: str) -> Report:
    run = begin(newsroom.settings, "replay", Request())
    replay_chosen(run, Chosen(**chosen))
    return pipeline.finish(run)


@pytest.fixture
def rejected(newsroom: Newsroom) -> Newsroom:
    """Three lines of which two are rejected: the body of one is in a column that the stanza does not name."""
    newsroom.stanza(FEED)
    odd = {**article(2, id="b"), "body": "", "wording": "The text of number 2."}
    newsroom.drop("a.jsonl", json.dumps(article(1, id="a")) + "\n" + json.dumps(odd) + "\n{torn\n")
    newsroom.ingest()
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
    assert newsroom.ingest().dumps[0]["state"] == "refused"
    with pytest.raises(RepairError, match="refused as a whole"):
        replay(newsroom)


def test_a_dump_taken_again_settles_its_earlier_rejections(rejected: Newsroom) -> None:
    rejected.ingest(rejected.landing / "a.jsonl", force=True)
    assert rejected.query("select position from ops.open_rejection order by 1") == [("line 2",), ("line 3",)]


def test_a_member_that_could_not_be_read_is_read_whole(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    newsroom.stanza('[feed.wire]\npath = "*"\nsettle_seconds = 0')
    lines = [json.dumps(article(number)).encode() + b"\n" for number in range(4)]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in (("a.jsonl", lines[0]), ("b.jsonl", lines[1] + lines[2]), ("c.jsonl", lines[3])):
            archive.writestr(name, content)
    newsroom.drop("week.zip", buffer.getvalue())
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
