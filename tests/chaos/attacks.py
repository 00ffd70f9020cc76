"""A dump that kills its reader, or overruns a limit: it alone is refused, and the others are loaded and published."""

from __future__ import annotations

import json
import os
import shutil
import signal
import zipfile
from dataclasses import replace
from pathlib import Path

from attacks import MARK, Act, hog, killed_by, reader_that, spin

from chaos.aftermath import last_words, same_as, says
from chaos.child import Order
from chaos.homes import Home
from chaos.theatre import Theatre

NAME = "mmm.jsonl"

ACTS: dict[str, tuple[Act, str]] = {
    "SIGSEGV": (killed_by(signal.SIGSEGV), "was killed by SIGSEGV"),
    "SIGKILL": (killed_by(signal.SIGKILL), "was killed (SIGKILL)"),
    "memory": (hog, "of memory to read"),
    "processor time": (spin, "seconds of processor time to read"),
}
KILLERS = (*ACTS, "temporary files")


def arm(what: str) -> None:
    """Make the JSONL reader of this process do it where it meets the hostile article."""
    from etl.formats import jsonl
    from etl.stages import reading

    jsonl.read = reader_that(ACTS[what][0])
    reading.FREE_SECONDS = 2


def attack(theatre: Theatre, what: str) -> list[str]:
    """Drop a hostile dump among tonight's; then take it out, and run again."""
    home = _own_newsroom(theatre)
    hostile, words = _drop(home, what)
    order = Order(("ingest", "--json", str(home.landing)), attack=what if what in ACTS else "")
    attacked = home.child(order)
    problems = [] if attacked.code == 1 else [f"it ended with {attacked.code}: {last_words(attacked)}"]
    problems += says(attacked, words, hostile.name)
    hostile.unlink()
    return problems + same_as(theatre.expected, home, home.ingest(), ("ledger", "rejected"))


def _drop(home: Home, what: str) -> tuple[Path, str]:
    article = json.dumps({"id": "hostile", "headline": MARK, "body": "It means no good."})
    if what in ACTS:
        file = home.landing / NAME
        file.write_text(article + "\n")
        return file, ACTS[what][1]
    file = home.landing / "mmm.zip"
    inner = file.with_suffix(".inner")
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.jsonl", os.urandom(20_000_000).hex())
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(inner, "inner.zip")
    inner.unlink()
    return file, "BROADSHEET_MAX_SPOOL_BYTES"


def _own_newsroom(theatre: Theatre) -> Home:
    """Yesterday's home over a copy of the newsroom, under limits that are soon reached."""
    newsroom = theatre.new_folder()
    shutil.copytree(theatre.newsroom, newsroom, dirs_exist_ok=True)
    home = replace(theatre.copy_of("yesterday"), newsroom=newsroom)
    return home.setting(
        max_read_memory_bytes="400000000",
        max_read_seconds_per_megabyte="5",
        max_spool_bytes="10000000",
        batch_files="50",
    )
