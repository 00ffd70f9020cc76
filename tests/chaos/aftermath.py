"""What must be true after any fault, once the rerun has ended."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from pathlib import Path

import pyarrow as pa
from snapshot import Snapshot, broken_law, snapshot

from chaos.child import Ended
from chaos.homes import Home
from etl.warehouse import reading


def same_as(expected: Snapshot, home: Home, rerun: Ended, but: tuple[str, ...] = ()) -> list[str]:
    """Everything that is not as after an undisturbed run; empty where nothing is wrong. `but` names what may differ:
    the ledger keeps failed attempts."""
    if rerun.code:
        return [f"the rerun ended with {rerun.code}: {last_words(rerun)}"]
    different = differences(expected, snapshot(home.folder), but)
    broken = [f"the law is broken: {row}" for row in broken_law(home.folder)]
    return [*different, *broken, *old_front_page(home), *left_behind(home)]


def differences(expected: Snapshot, found: Snapshot, but: tuple[str, ...] = ()) -> list[str]:
    """What is not as it should be in one snapshot, `but` left out."""
    compared = {name: rows for name, rows in expected.items() if name not in but}
    return [_difference(name, rows, found[name]) for name, rows in compared.items() if found[name] != rows]


def _difference(name: str, expected: pa.Table, found: pa.Table) -> str:
    wanted, seen = (Counter(tuple(row.values()) for row in table.to_pylist()) for table in (expected, found))
    missing, more = list((wanted - seen).elements()), list((seen - wanted).elements())
    return (
        f"{name} differ: {expected.num_rows} rows expected, {found.num_rows} found; "
        f"{len(missing)} missing, first {missing[:1]}; {len(more)} too many, first {more[:1]}"
    )


def last_words(ended: Ended) -> str:
    """The end of what a process printed, in one line."""
    return " ".join(ended.text.split())[-600:]


def says(ended: Ended, *words: str) -> list[str]:
    """The words that a process should have printed and did not. Folded lines are joined; case does not matter."""
    printed = " ".join(ended.text.split()).lower()
    return [f"it does not say {word!r}: {last_words(ended)}" for word in words if word.lower() not in printed]


def seen_by_analysts(home: Home, *allowed: Snapshot) -> list[str]:
    """Whether the published file, right after the fault and before any rerun, is one of the whole states."""
    try:
        found = snapshot(home.folder)
    except Exception as error:
        return [f"after the fault analysts cannot read the published file: {error}"]
    return [] if found in allowed else ["after the fault analysts see a state that never was"]


def old_front_page(home: Home) -> list[str]:
    """Whether the front page beside the published file is drawn, and of that very copy."""
    published = home.folder / "published"
    copy, page = published / "broadsheet.duckdb", published / "index.html"
    if not copy.exists():
        return []
    if not page.exists():
        return ["there is no front page"]
    origin = f"Drawn from {os.readlink(copy)}"
    return [] if origin in page.read_text("utf-8") else [f"the front page is not {origin.lower()}"]


EXPECTED = (
    r"stat_cache\.json",
    r"warehouse/broadsheet\.duckdb",
    r"warehouse/lock",
    r"published/broadsheet\.duckdb",
    r"published/\d+/broadsheet\.duckdb",
    r"published/published\.json",
    r"published/index\.html",
    r"published/dictionary\.html",
    # Work folders are the business of the weekly maintenance.
    r"work/(?!spill/).*",
    # What a restore replaced is kept until a person removes it.
    r"warehouse/broadsheet-set-aside-.*",
    # Kept by Airflow, where a scenario runs it.
    r"airflow/.*",
)


def left_behind(home: Home) -> list[str]:
    """Files below the home that nothing needs and nothing would ever remove."""
    paths = [path for path in home.folder.rglob("*") if path.suffix == ".part" or not path.is_dir()]
    names = [path.relative_to(home.folder).as_posix() for path in paths]
    allowed = re.compile("|".join([*EXPECTED, *(re.escape(f"quarantine/{name}") for name in _quarantined(home))]))
    return [f"left behind: {name}" for name in sorted(names) if not allowed.fullmatch(name)]


def _quarantined(home: Home) -> set[str]:
    """The quarantine files that the ledger knows."""
    published = home.folder / "published" / "broadsheet.duckdb"
    if not published.exists():
        return set()
    with reading.attached(published) as connection:
        rows = connection.execute("select distinct quarantine_file from ops.rejected_article").fetchall()
    return {name for (name,) in rows if name}


def traces(home: Home) -> str:
    """What a fault left in the folders, before any rerun: the evidence of where it landed."""
    found = [
        f"{path.relative_to(home.folder / folder)} {path.stat().st_size:,} bytes"
        for folder in ("warehouse", "published")
        for path in sorted((home.folder / folder).rglob("*"))
        if path.is_file() and (path.suffix in (".wal", ".part", ".new") or path.parent.suffix == ".part")
    ]
    note = home.folder / "warehouse" / "lock.json"
    if note.exists():
        found.append(f"lock held for {_purpose(note)}")
    return "; ".join(found)


def _purpose(note: Path) -> str:
    try:
        return str(json.loads(note.read_text())["purpose"]).split(" ")[0]
    except (ValueError, KeyError):
        return "?"
