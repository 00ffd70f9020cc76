"""A run killed at any named point leaves whole batches, and a rerun ends in the tables of an undisturbed run.

BROADSHEET_KILL_DUMP names a large JSONL dump to be killed over; the 200,000 articles of benchmarks/README.md make
its load last ten seconds. Tables are compared over natural keys, without surrogate keys, run ids and load times.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from newsroom import Newsroom, article, make_newsroom
from snapshot import Snapshot, snapshot

from etl.warehouse import reading

ARTICLES = 300

INGEST = """
import os, sys, shutil
from pathlib import Path
from etl import pipeline
from etl.run import Request, begin
from etl.settings import Settings
from etl.stages import load
from etl.warehouse import published

def die(*_):
    print("killed at", sys.argv[4], flush=True)
    os.kill(os.getpid(), 9)

def half_a_copy(source, target):
    data = Path(source).read_bytes()
    Path(target).write_bytes(data[: len(data) // 2])
    die()

def break_at(point):
    if point == "inside the transaction of the load":
        load._quarantine = die
    elif point == "between the quarantine and the commit":
        whole = load._quarantine
        load._quarantine = lambda *args: (whole(*args), list(args[1].settings.quarantine.glob("*")) and die())
    elif point == "between the first batch and the second":
        whole, done = load._load_batch, []
        def once(*args):
            if done:
                die()
            whole(*args)
            done.append(args)
        load._load_batch = once
    elif point == "between the commit and the verification":
        pipeline.verify = die
        pipeline.verify.__name__ = "verify"
    elif point == "between the verification and the publish":
        pipeline.publish = die
        pipeline.publish.__name__ = "publish"
    elif point == "inside the copy":
        shutil.copyfile = half_a_copy
    elif point == "before the link is switched":
        whole = published.refuse_unreadable
        published.refuse_unreadable = lambda *args: (whole(*args), die())
    elif point == "before the note is written":
        published.write_note = die

if sys.argv[4]:
    break_at(sys.argv[4])
settings = Settings(home=Path(sys.argv[1]), sources=Path(sys.argv[2]), batch_bytes=int(sys.argv[3]))
report = pipeline.run_all(begin(settings, "manual", Request()))
sys.exit(report.state != "succeeded")
"""

POINTS = (
    "inside the transaction of the load",
    "between the quarantine and the commit",
    "between the first batch and the second",
    "between the commit and the verification",
    "between the verification and the publish",
    "inside the copy",
    "before the link is switched",
    "before the note is written",
)


def run(newsroom: Newsroom, home: Path, point: str = "") -> subprocess.CompletedProcess[str]:
    arguments = [str(home), str(newsroom.settings.sources), "2000", point]
    return subprocess.run([sys.executable, "-c", INGEST, *arguments], capture_output=True, text=True, check=False)


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
    assert run(feed, home).returncode == 0
    return snapshot(home)


@pytest.mark.parametrize("point", POINTS)
def test_a_rerun_after_a_kill_ends_in_the_same_tables(feed: Newsroom, undisturbed: Snapshot, point: str) -> None:
    home = feed.folder / point.replace(" ", "_")
    killed = run(feed, home, point)
    assert killed.returncode == -9, killed.stderr
    assert f"killed at {point}" in killed.stdout
    again = run(feed, home)
    assert again.returncode == 0, again.stderr
    found = snapshot(home)
    for name, rows in undisturbed.items():
        assert found[name] == rows, name
    assert not list((home / "published").glob("*.part"))
    with reading.attached(home / "published" / "broadsheet.duckdb") as connection:
        named = connection.execute("select distinct quarantine_file from ops.rejected_article").fetchall()
    assert {path.name for path in (home / "quarantine").iterdir()} == {name for (name,) in named}
