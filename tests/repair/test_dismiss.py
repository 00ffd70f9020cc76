"""What nobody will mend waits no more, the ledger says why, and it can be brought back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from loaded import copy_of
from newsroom import Newsroom, article, make_newsroom

from etl.repair import RepairError
from etl.repair.deliveries import Chosen
from etl.repair.dismiss import dismiss_waiting
from etl.repair.release import release_deliveries
from etl.repair.replay import Chosen as Replayed
from etl.repair.replay import replay_chosen
from etl.run import Request, begin

WHY = "an empty test file of the vendor"
WAITING = "select path from ops.dump_status where state in ('refused', 'failed', 'parked') order by path"
OPEN = "select position from ops.open_rejection order by position"


def dismiss(newsroom: Newsroom, name: str | None = None, **chosen: Any) -> dict[str, int]:
    only = {key: chosen.pop(key) for key in ("of_run", "of_reason") if key in chosen}
    return dismiss_waiting(begin(newsroom.settings, "dismiss", Request()), Chosen(name, **chosen), WHY, **only)


@pytest.fixture(scope="module")
def waiting_once(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """A refused dump, and a loaded one with two rejected lines."""
    newsroom = make_newsroom(tmp_path_factory.mktemp("waiting"))
    newsroom.stanza('[feed.wire]\npath = "*.jsonl"\nsettle_seconds = 0\n')
    newsroom.drop("bad.jsonl", "no article\n")
    newsroom.drop("good.jsonl", "".join(json.dumps(article(1, body=body)) + "\n" for body in ("Late.", "")) + "{torn\n")
    newsroom.load()
    assert newsroom.query(WAITING) == [("bad.jsonl",)]
    assert newsroom.query(OPEN) == [("line 2",), ("line 3",)]
    return newsroom


@pytest.fixture
def waiting(waiting_once: Newsroom, tmp_path: Path) -> Newsroom:
    return copy_of(waiting_once, tmp_path / "copy")


def test_a_dismissed_dump_is_not_taken_again_until_it_is_released(waiting: Newsroom) -> None:
    assert dismiss(waiting, "bad.jsonl") == {"dumps": 1, "articles": 0}
    assert waiting.query(WAITING) == []
    assert waiting.query("select state, reason from ops.dump_load where kind = 'dismiss'") == [("dismissed", WHY)]
    waiting.load()
    assert waiting.query("select state, attempts from ops.dump_status where path = 'bad.jsonl'") == [("dismissed", 1)]
    release_deliveries(begin(waiting.settings, "release", Request()), Chosen("bad.jsonl"), "another look")
    waiting.load()
    assert waiting.query("select state, attempts from ops.dump_status where path = 'bad.jsonl'") == [("refused", 2)]


def test_dismissed_articles_are_replayed_only_if_asked_for(waiting: Newsroom, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "etl.repair.dismiss")
    assert dismiss(waiting, "good.jsonl", of_reason="NOT JSON") == {"dumps": 0, "articles": 1}
    assert caplog.messages[-1] == f"Dismissed 0 dumps and 1 rejected article: {WHY}"
    assert waiting.query(OPEN) == [("line 2",)]
    assert waiting.query(
        "select position, dismissed_because from ops.rejected_article where dismissed_at is not null"
    ) == [("line 3", WHY)]
    for dismissed in (False, True):
        replay_chosen(begin(waiting.settings, "replay", Request()), Replayed(dismissed=dismissed))
        assert waiting.query(OPEN) == [("line 2",), ("line 3",)][: 1 + dismissed]


@pytest.mark.parametrize("chosen", [{"everything": True}, {"source": "wire"}, {"name": "*.jsonl"}])
def test_everything_of_a_feed_or_a_glob_is_dismissed_at_once(waiting: Newsroom, chosen: dict[str, Any]) -> None:
    assert dismiss(waiting, **chosen) == {"dumps": 1, "articles": 2}
    assert waiting.query(WAITING) == waiting.query(OPEN) == []


@pytest.mark.parametrize("chosen", [{"name": "z.jsonl"}, {"source": "court"}, {"everything": True, "of_run": "none"}])
def test_what_is_not_waiting_cannot_be_dismissed(waiting: Newsroom, chosen: dict[str, Any]) -> None:
    with pytest.raises(RepairError, match=r"nothing of .* is waiting"):
        dismiss(waiting, **chosen)
    assert waiting.query("select count(*) from ops.load_run where trigger = 'dismiss'") == [(0,)]


def test_a_dump_that_is_loaded_at_last_closes_what_was_dismissed_of_it(waiting: Newsroom) -> None:
    dismiss(waiting, "good.jsonl")
    waiting.load(waiting.drop("good.jsonl", [article(1)]))
    assert waiting.query(OPEN) == []


def test_what_is_dismissed_stops_no_publish(waiting: Newsroom) -> None:
    dismiss(waiting, "bad.jsonl")
    waiting.drop("b.jsonl", [article(9, id="b9")])
    report = waiting.ingest()
    assert (report.state, report.seen.dismissed if report.seen else None) == ("succeeded", 1)
    assert waiting.ask_published("select path from ops.dump_status where state = 'dismissed'") == [("bad.jsonl",)]


def test_a_dismissal_without_a_reason_is_refused(waiting: Newsroom) -> None:
    with pytest.raises(RepairError, match="say why"):
        dismiss_waiting(begin(waiting.settings, "dismiss", Request()), Chosen("bad.jsonl"), " ")
