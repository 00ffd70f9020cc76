"""A run killed at any named point leaves whole batches, and a rerun ends in the tables of an undisturbed run.

The killed runs read and clean in parts, in two processes; the undisturbed one reads every dump whole, in one.

BROADSHEET_KILL_DUMP names a large JSONL dump to be killed over; the 200,000 articles of benchmarks/README.md make
its load last ten seconds. Tables are compared over natural keys, without surrogate keys, run ids and load times.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from functools import partial
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from newsroom import Newsroom, article, make_newsroom
from snapshot import Snapshot, snapshot
from warm import forked

from etl import pipeline
from etl.run import Request, begin
from etl.settings import Settings
from etl.stages import load
from etl.warehouse import published, published_note, reading

ARTICLES = 300
PART_BYTES = 300_000
"""Less than half of what the largest dump has, so that it is read and cleaned in parts; each costs a process."""


def die(point: str, *_: object) -> None:
    print("killed at", point, flush=True)
    os.kill(os.getpid(), 9)


def half_a_copy(source: Any, target: Any, point: str) -> None:
    data = Path(source).read_bytes()
    Path(target).write_bytes(data[: len(data) // 2])
    die(point)


def break_at(point: str) -> None:
    """Break the pipeline of this process there."""
    dies = partial(die, point)
    if point in BETWEEN_PARTS:
        name = BETWEEN_PARTS[point]
        setattr(pipeline, name, partial(after_the_first, os.getpid(), getattr(pipeline, name), point))
    elif point == "inside the transaction of the load":
        load._quarantine = dies
    elif point == "between the quarantine and the commit":
        quarantine = load._quarantine
        load._quarantine = lambda *args: (quarantine(*args), [*args[1].settings.quarantine_folder.glob("*")] and dies())
    elif point == "between the first batch and the second":
        load_batch, done = load._load_batch, []

        def once(*args: Any) -> None:
            if done:
                dies()
            load_batch(*args)
            done.append(args)

        load._load_batch = once
    elif point == "between the commit and the verification":
        pipeline.verify = named(dies, "verify")
    elif point == "between the verification and the publish":
        pipeline.publish = named(dies, "publish")
    elif point == "inside the copy":
        shutil.copyfile = partial(half_a_copy, point=point)
    elif point == "before the link is switched":
        refuse = published.refuse_unreadable
        published.refuse_unreadable = lambda *args: (refuse(*args), dies())
    elif point == "before the note is written":
        published_note.write = dies


def after_the_first(killed: int, work: Any, point: str, run: Any, *args: Any) -> None:
    """Do the work of a part, and kill the process that waits for it once another was done before."""
    work(run, *args)
    try:
        (run.folder / "one-is-done").mkdir()
    except FileExistsError:
        print("killed at", point, flush=True)
        os.kill(killed, 9)


BETWEEN_PARTS = {"between the parts that are read": "extract", "between the parts that are cleaned": "normalise"}


def named(function: Any, name: str) -> Any:
    function.__name__ = name  # as the stage in its place, for the log
    return function


def ingest(home: str, sources: str, batch_bytes: int, point: str, whole: bool) -> None:
    """What the killed process does."""
    if point:
        break_at(point)
    parts = {"workers": 1} if whole else {"workers": 2, "part_bytes": PART_BYTES}
    settings = Settings(home=Path(home), sources=Path(sources), batch_bytes=batch_bytes, front_page=False, **parts)
    report = pipeline.run_all(begin(settings, "manual", Request()))
    sys.exit(report.state != "succeeded")


POINTS = (
    *BETWEEN_PARTS,
    "inside the transaction of the load",
    "between the quarantine and the commit",
    "between the first batch and the second",
    "between the commit and the verification",
    "between the verification and the publish",
    "inside the copy",
    "before the link is switched",
    "before the note is written",
)
OFTEN = ("inside the transaction of the load", "before the link is switched")
"""The points that every change is tried at; the others wait for the night."""


def run(newsroom: Newsroom, home: Path, point: str = "", whole: bool = False) -> CompletedProcess[bytes]:
    return forked(ingest, str(home), str(newsroom.settings.sources), 2000, point, whole)


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    newsroom = make_newsroom(tmp_path_factory.mktemp("killed"))
    newsroom.stanza('[feed.wire]\npath = "*.jsonl"\nid_column = "id"\nsettle_seconds = 0')
    report = "Boat {n} left pier {n} at dawn with {n} crates of herring, and nobody on the quay waved. "
    records = [
        article(n, id=f"w{n}", tags=["boats", f"pier {n % 7}"], section=f"Quay {n % 5}", body=report.format(n=n) * 25)
        for n in range(ARTICLES)
    ]
    newsroom.drop("a.jsonl", records)
    if large := os.environ.get("BROADSHEET_KILL_DUMP"):
        shutil.copy(large, newsroom.landing / "0_large.jsonl")
    newsroom.drop(
        "b.jsonl", [*records[:5], article(1, id="w1", headline="Boat one comes back"), article(999_999, id="x")]
    )
    newsroom.drop(
        "c.jsonl",
        json.dumps(article(1_000_000, id="y", body="")) + "\n{torn\n" + json.dumps(article(7, url=None)) + "\n",
    )
    return newsroom


@pytest.fixture(scope="module")
def undisturbed(feed: Newsroom) -> Snapshot:
    home = feed.folder / "undisturbed"
    assert run(feed, home, whole=True).returncode == 0
    return snapshot(home)


@pytest.mark.parametrize(
    "point", [*OFTEN, *(pytest.param(point, marks=pytest.mark.nightly) for point in POINTS if point not in OFTEN)]
)
def test_a_rerun_after_a_kill_ends_in_the_same_tables(feed: Newsroom, undisturbed: Snapshot, point: str) -> None:
    home = feed.folder / point.replace(" ", "_")
    killed = run(feed, home, point)
    assert killed.returncode == -9, killed.stderr
    assert f"killed at {point}" in killed.stdout.decode()
    again = run(feed, home)
    assert again.returncode == 0, again.stderr
    found = snapshot(home)
    for name, rows in undisturbed.items():
        assert found[name] == rows, name
    assert not list((home / "published").glob("*.part"))
    with reading.attached(home / "published" / "broadsheet.duckdb") as connection:
        named = connection.execute("select distinct quarantine_file from ops.rejected_article").fetchall()
    assert {path.name for path in (home / "quarantine").iterdir()} == {name for (name,) in named}
