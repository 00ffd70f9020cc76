"""A landing file that grows, changes or vanishes while it is read: the reader is stopped in the middle of it."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Thread

import psutil
from snapshot import snapshot

from chaos.aftermath import same_as, says, seen_by_analysts
from chaos.child import OnLine, Order
from chaos.homes import Home
from chaos.progress import Line, Point, is_paused, let_go
from chaos.theatre import Theatre

MIDDLE = Point("extract", "_flush_records", 4, "leaving")
"""In the last of tonight's dumps: so what follows on it does not come before it on the second try."""

CHUNK = "50"


def _grow(file: Path) -> None:
    with file.open("a") as written:
        written.write(json.dumps({"id": "late", "headline": "A late article", "body": "It came late."}) + "\n")


def _change(file: Path) -> None:
    file.write_text(file.read_text().replace("harbour", "HARBOUR"))


DISTURBANCES: dict[str, tuple[Callable[[Path], None], str]] = {
    "grows": (_grow, "changed"),
    "changes": (_change, "changed"),
    "vanishes": (Path.unlink, "is gone; it was there when the run began"),
}


def disturb(theatre: Theatre, what: str) -> list[str]:
    """Disturb the last dump while it is read; then run again over what lies there."""
    act, words = DISTURBANCES[what]
    home = _own_newsroom(theatre)
    last = sorted(home.landing.glob("*.jsonl"))[-1]
    kept = last.read_bytes()
    order = Order(("ingest", "--json", str(home.landing)), act="pause", point=MIDDLE)
    disturbed = home.child(order, _when_stopped(lambda: act(last)))
    problems = [] if disturbed.code == 1 else [f"it ended with {disturbed.code} though {last.name} {what}"]
    problems += says(disturbed, words, last.name)
    # The other dumps are loaded and published all the same.
    problems += [] if seen_by_analysts(home, theatre.before) else ["nothing of the other dumps was published"]
    if not last.exists():
        last.write_bytes(kept)
    fresh = replace(home, folder=theatre.new_folder())
    undisturbed = theatre.homes["yesterday"].copy(fresh.folder)
    expected = _expected(replace(undisturbed, newsroom=home.newsroom))
    return problems + same_as(expected, home, home.ingest(), ("ledger", "rejected"))


def _expected(home: Home) -> dict:
    home.ingest()
    found = snapshot(home.folder)
    home.close()
    return found


def _own_newsroom(theatre: Theatre) -> Home:
    """Yesterday's home over a copy of the newsroom, whose dumps may be spoilt."""
    newsroom = theatre.new_folder()
    shutil.copytree(theatre.newsroom, newsroom, dirs_exist_ok=True)
    return replace(theatre.copy_of("yesterday"), newsroom=newsroom).setting(chunk_articles=CHUNK)


def _when_stopped(act: Callable[[], None]) -> OnLine:
    """Do something while the process stands still, and let it go on."""
    seen: list[int] = []

    def see(pid: int, line: Line) -> None:
        if not seen:
            seen.append(pid)
            Thread(target=_wait, args=(pid, act), daemon=True).start()

    return see


def _wait(pid: int, act: Callable[[], None]) -> None:
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        while not is_paused(process):
            time.sleep(0.02)
        act()
        let_go(process)
