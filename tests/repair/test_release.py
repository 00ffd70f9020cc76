"""What is waiting is tried again once it is released: one delivery, several, or all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from loaded import copy_of
from newsroom import Newsroom, article, make_newsroom

from etl.repair import RepairError, deliveries
from etl.repair.deliveries import Chosen
from etl.repair.release import Released, release_deliveries
from etl.run import Request, begin
from etl.warehouse import lock

UNREADABLE = "one;two\n1;2\n"


def release(newsroom: Newsroom, name: str | None = None, **chosen: Any) -> Released:
    return release_deliveries(
        begin(newsroom.settings, "release", Request()), Chosen(name, **chosen), "the stanza was corrected"
    )


def state(newsroom: Newsroom) -> list[tuple[object, ...]]:
    return newsroom.query("select state, attempts from ops.dump_status")


def states(newsroom: Newsroom) -> dict[object, object]:
    return dict(newsroom.query("select path, state from ops.dump_status"))


@pytest.fixture(scope="module")
def waiting_once(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """Three refused dumps of two feeds, and one that is loaded."""
    newsroom = make_newsroom(tmp_path_factory.mktemp("waiting"))
    for feed in ("wire", "court"):
        newsroom.stanza(f'[feed.{feed}]\npath = "{feed}/*.txt"\nformat = "csv"\nsettle_seconds = 0\n')
    for number, name in enumerate(("wire/a.txt", "wire/b[1].txt", "court/c.txt")):
        newsroom.drop(name, UNREADABLE + "3;4\n" * number)
    newsroom.drop("court/d.txt", "headline,body\nFerry,The ferry was late again on Monday morning.\n")
    newsroom.load()
    assert sorted(states(newsroom).values(), key=str) == ["loaded", "refused", "refused", "refused"]
    return newsroom


@pytest.fixture
def waiting(waiting_once: Newsroom, tmp_path: Path) -> Newsroom:
    return copy_of(waiting_once, tmp_path / "copy")


def test_a_released_dump_is_taken_and_parked_again_only_after_three_more_refusals(newsroom: Newsroom) -> None:
    newsroom.stanza('[feed.wire]\npath = "*.txt"\nformat = "csv"\nsettle_seconds = 0\n')
    newsroom.drop("a.txt", UNREADABLE)
    for _ in range(4):
        newsroom.load()
    assert state(newsroom) == [("parked", 3)]
    assert release(newsroom, "a.txt") == Released([("a.txt", "wire")], [])
    assert state(newsroom) == [("new", 3)]
    newsroom.load()
    assert state(newsroom) == [("refused", 4)]
    newsroom.stanza('columns = { headline = "one", body = "two" }\ndelimiter = ";"')
    newsroom.load()
    assert state(newsroom) == [("loaded", 5)]


def test_a_loaded_dump_is_not_released(newsroom: Newsroom) -> None:
    newsroom.drop("a.jsonl", [article(1)])
    newsroom.load(newsroom.landing / "a.jsonl")
    with pytest.raises(
        RepairError, match=r"none of its deliveries is parked, refused, failed, .*unloaded: 1 is loaded"
    ):
        release(newsroom, "a.jsonl")


def test_nobody_waits_for_the_warehouse_while_files_are_hashed(
    waiting: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_delivered, impatient = deliveries.as_delivered, replace(waiting.settings, lock_timeout_seconds=0.0)

    def hashed(*of: Any) -> dict[str, Any]:
        with lock.held(impatient, "a load"):
            return as_delivered(*of)

    monkeypatch.setattr("etl.repair.release.as_delivered", hashed)
    assert len(release(waiting, everything=True).dumps) == 3


def test_what_another_process_released_meanwhile_is_not_released_again(
    waiting: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_delivered = deliveries.as_delivered

    def overtaken(*of: Any) -> dict[str, Any]:
        monkeypatch.setattr("etl.repair.release.as_delivered", as_delivered)
        release(waiting, "wire/a.txt")
        return as_delivered(*of)

    monkeypatch.setattr("etl.repair.release.as_delivered", overtaken)
    assert release(waiting, source="wire").dumps == [("wire/b[1].txt", "wire")]
    assert waiting.query("select count(*) from ops.dump_load where kind = 'release'") == [(2,)]


@pytest.mark.parametrize(
    ("chosen", "released"),
    [
        ({"name": "wire/*"}, ["wire/a.txt", "wire/b[1].txt"]),
        ({"name": "wire/b[1].txt"}, ["wire/b[1].txt"]),
        ({"name": "*"}, ["court/c.txt", "wire/a.txt", "wire/b[1].txt"]),
        ({"source": "court"}, ["court/c.txt"]),
        ({"everything": True}, ["court/c.txt", "wire/a.txt", "wire/b[1].txt"]),
    ],
)
def test_several_are_released_by_glob_feed_or_all(
    waiting: Newsroom, chosen: dict[str, Any], released: list[str]
) -> None:
    found = release(waiting, **chosen)
    assert sorted(path for path, _ in found.dumps) == released
    assert sorted(str(path) for path, known in states(waiting).items() if known == "new") == released


def test_what_is_not_there_as_it_was_delivered_is_left_as_it_is(waiting: Newsroom) -> None:
    (waiting.landing / "wire/a.txt").unlink()
    (waiting.landing / "court/c.txt").write_text("another\n")
    before = states(waiting)
    with pytest.raises(RepairError, match=r"nothing is released: wire/a\.txt: its file is missing; put it back"):
        release(waiting, "wire/a.txt")
    with pytest.raises(RepairError, match="its file is another one by now"):
        release(waiting, source="court")
    assert states(waiting) == before
    assert waiting.query("select count(*) from ops.load_run where trigger = 'release'") == [(0,)]
    found = release(waiting, everything=True)
    assert [path for path, _ in found.dumps] == ["wire/b[1].txt"]
    assert len(found.left) == 2


@pytest.mark.parametrize("chosen", [{}, {"name": "a", "source": "wire"}, {"name": "a", "everything": True}])
def test_exactly_one_choice_is_to_be_made(chosen: dict[str, Any]) -> None:
    with pytest.raises(RepairError, match="give one of these"):
        Chosen(**chosen)
