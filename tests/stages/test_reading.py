"""A dump that kills its reader, or overruns a limit, is refused; the other dumps of its batch load."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from attacks import MARK, Act, hog, killed_by, reader_that, spin
from newsroom import Newsroom, article, read_raw

from etl.formats import jsonl
from etl.processes import children
from etl.run import Request, Run, begin
from etl.stages import reading

ATTACKS = {
    "killed by SIGSEGV; this is a fault of Broadsheet": killed_by(signal.SIGSEGV),
    "killed by SIGABRT; this is a fault of Broadsheet": killed_by(signal.SIGABRT),
    "killed (SIGKILL), as the system does when memory is short": killed_by(signal.SIGKILL),
    "more than 200.0 MB of memory to read": hog,
    "more than 0 seconds of processor time to read": spin,
}


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Act], None]:
    """Makes the JSONL reader do something to its process where it meets MARK."""

    def set_attack(attack: Act) -> None:
        monkeypatch.setattr(jsonl, "read", reader_that(attack))
        monkeypatch.setattr(reading, "FREE_SECONDS", 0)

    return set_attack


def extracted(newsroom: Newsroom) -> tuple[Run, dict[str, dict[str, Any]], list[int]]:
    """The run, what was counted by path, and the ordinals of raw-*.parquet."""
    limited = newsroom.with_settings(max_read_memory_bytes=200_000_000, max_read_seconds_per_megabyte=0.0)
    run = begin(limited.settings, "manual", Request((str(newsroom.landing),)))
    batch = read_raw(run)
    paths = dict(enumerate(pq.read_table(run.plan)["path"].to_pylist()))
    counted = {paths[row["delivery"]]: row for row in pq.read_table(batch.deliveries).to_pylist()}
    raw = pa.concat_tables(map(pq.read_table, batch.raw))
    assert raw["delivery"].to_pylist() == sorted(raw["delivery"].to_pylist())
    return run, counted, raw["ordinal"].to_pylist()


@pytest.mark.parametrize("reason", ATTACKS)
def test_a_dump_that_kills_its_reader_is_refused_and_the_others_are_read(
    newsroom: Newsroom, hostile: Any, reason: str
) -> None:
    hostile(ATTACKS[reason])
    newsroom.drop("a.jsonl", [article(1), article(2)])
    newsroom.drop("m.jsonl", [article(3), article(4, headline=MARK)])
    newsroom.drop("n.jsonl", [article(5, headline=MARK)])
    newsroom.drop("z.jsonl", [article(6), article(7)])
    run, counted, ordinals = extracted(newsroom)
    assert {path: row["state"] for path, row in counted.items()} == {
        "a.jsonl": "read", "m.jsonl": "refused", "n.jsonl": "refused", "z.jsonl": "read",
    }  # fmt: skip
    assert reason in counted["m.jsonl"]["reason"]
    assert counted["a.jsonl"]["articles_read"] == counted["z.jsonl"]["articles_read"] == 2
    assert len(set(ordinals)) == len(ordinals) >= 4
    assert not list(run.batch(0).folder.glob("*.part"))


def test_a_batch_of_nothing_but_killers_is_read_to_its_end(newsroom: Newsroom, hostile: Any) -> None:
    hostile(killed_by(signal.SIGSEGV))
    newsroom.drop("m.jsonl", [article(1, headline=MARK)])
    newsroom.drop("n.jsonl", [article(2, headline=MARK)])
    _, counted, ordinals = extracted(newsroom)
    assert [row["state"] for row in counted.values()] == ["refused", "refused"]
    assert ordinals == []


def test_a_reader_that_a_person_stops_is_not_the_fault_of_its_dump(newsroom: Newsroom, hostile: Any) -> None:
    hostile(killed_by(signal.SIGTERM))
    newsroom.drop("m.jsonl", [article(1, headline=MARK)])
    _, counted, _ = extracted(newsroom)
    assert counted["m.jsonl"]["state"] == "failed"
    assert "taken again next run" in counted["m.jsonl"]["reason"]


def test_a_reader_that_the_system_kills_is_tried_again_when_nothing_else_is_read(
    newsroom: Newsroom, hostile: Any
) -> None:
    first = newsroom.folder / "first"

    def die_once() -> None:
        if not first.exists():
            first.touch()
            os.kill(os.getpid(), signal.SIGKILL)

    hostile(die_once)
    newsroom.drop("a.jsonl", [article(1), article(2)])
    newsroom.drop("m.jsonl", [article(3), article(4, headline=MARK)])
    _, counted, ordinals = extracted(newsroom)
    assert first.exists()
    for path in ("a.jsonl", "m.jsonl"):
        assert (counted[path]["state"], counted[path]["format"], counted[path]["articles_read"]) == ("read", "jsonl", 2)
    assert len(set(ordinals)) == 4


def test_what_a_killed_reader_has_spooled_is_removed(newsroom: Newsroom, hostile: Any) -> None:
    spooled = newsroom.folder / "spooled"

    def spool_and_die() -> None:
        with tempfile.NamedTemporaryFile(delete=False) as file:
            spooled.write_text(file.name)
        os.kill(os.getpid(), signal.SIGSEGV)

    hostile(spool_and_die)
    newsroom.drop("m.jsonl", [article(1, headline=MARK)])
    run, _, _ = extracted(newsroom)
    assert Path(spooled.read_text()).is_relative_to(run.folder)
    assert not Path(spooled.read_text()).parent.exists()


def test_a_reader_that_waits_for_ever_fails_its_dump(
    newsroom: Newsroom, hostile: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "STANDSTILL_SECONDS", 0.5)
    hostile(lambda: time.sleep(60))
    newsroom.drop("m.jsonl", [article(1, headline=MARK)])
    newsroom.drop("z.jsonl", [article(2)])
    _, counted, _ = extracted(newsroom)
    assert [row["state"] for row in counted.values()] == ["failed", "read"]
    assert "did nothing for" in counted["m.jsonl"]["reason"]
