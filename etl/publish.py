"""An immutable copy for the analysts, and the link switched to it.

Numbered files, because an analyst's forgotten write-ahead log beside a fixed name would poison the next
copy; a link switched by rename, so that a reader sees the old file or the new one and never none.
"""

from __future__ import annotations

import json
import logging
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from etl import warehouse, words
from etl.files import Removed, remove, sync
from etl.run import Run
from etl.settings import Settings

log = logging.getLogger(__name__)

LINK = "broadsheet.duckdb"
NOTE = "published.json"


class NotPublished(Exception):
    """The warehouse may not be published, or its copy is not what it should be."""


def publish(run: Run) -> dict[str, Any]:
    """Publish the warehouse unless the published copy already carries its last load.

    Gives `published` (the link), `number`, `is_new` and `run_id` (the last load in it). Raises NotPublished
    when the last load is not verified or the copy cannot be read.
    """
    settings = run.settings
    if not warehouse.exists(settings):
        return {"published": None, "number": 0, "is_new": False, "run_id": None}
    settings.published.mkdir(parents=True, exist_ok=True)
    with warehouse.lock(settings, f"publish in run {run.run_id}"):
        with warehouse.opened_unlocked(settings) as engine, engine.connect() as connection:
            last = connection.exec_driver_sql(
                "select run_id, state from ops.load_run order by started_at desc, run_id desc limit 1"
            ).first()
        if last is None:
            return {"published": None, "number": 0, "is_new": False, "run_id": None}
        run_id, state = last
        before = read_note(settings)
        link = settings.published / LINK
        if before and before["run_id"] == run_id and link.exists():
            log.info("Nothing to publish: %s carries the last load, %s.", before["file"], run_id)
            return {**before, "published": str(link), "is_new": False}
        if state != "verified":
            raise NotPublished(f"the load of run {run_id} is {state}, not verified; run the verification again")
        note = {"number": _next_number(settings), "run_id": run_id, "published_at": _now()}
        _record(settings, note)
        copy_and_switch(settings, note)
        drop_old(settings)
    log.info(
        "Published broadsheet-%s.duckdb (%s), which carries run %s; analysts see it from now on.",
        note["number"],
        words.size(link.stat().st_size),
        run_id,
    )
    return {**note, "published": str(link), "is_new": True}


def _record(settings: Settings, note: dict[str, Any]) -> None:
    """Note in the warehouse what is about to be published, so that the copy itself can say when it was.

    Where the copy then fails, the next one takes the same number and this row's place.
    """
    with warehouse.opened_unlocked(settings) as engine, engine.begin() as connection:
        connection.exec_driver_sql("delete from ops.publication where number >= $number", {"number": note["number"]})
        connection.exec_driver_sql(
            "insert into ops.publication values ($number, $run_id, $published_at::timestamptz at time zone 'UTC')", note
        )


def copy_and_switch(settings: Settings, note: dict[str, Any]) -> None:
    """Copy the closed warehouse file, verify the copy, switch the link to it."""
    name = f"broadsheet-{note['number']}.duckdb"
    copy, link = settings.published / name, settings.published / LINK
    part = copy.with_suffix(".part")
    shutil.copyfile(settings.warehouse, part)
    sync(part)
    refuse_unreadable(part, note["run_id"])
    part.replace(copy)
    temporary = settings.published / f".{LINK}.new"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(name)
    temporary.replace(link)
    _write_note(settings, {**note, "file": name})
    sync(settings.published)


def read_note(settings: Settings) -> dict[str, Any] | None:
    """What was published when: `number`, `run_id`, `published_at`, `file`; None before the first."""
    try:
        note: dict[str, Any] = json.loads((settings.published / NOTE).read_text())
        return note
    except (FileNotFoundError, ValueError):
        return None


def published_files(settings: Settings) -> list[Path]:
    """The published copies, newest first."""
    return sorted(settings.published.glob("broadsheet-*.duckdb"), key=warehouse.published_number, reverse=True)


def _next_number(settings: Settings) -> int:
    return max((warehouse.published_number(path) for path in published_files(settings)), default=0) + 1


def refuse_unreadable(copy: Path, run_id: str) -> None:
    """Raise NotPublished, or WarehouseError where it is damaged, unless the copy can be queried and holds that run."""
    with warehouse.reading(copy) as connection:
        found = connection.execute("select count(*) from ops.load_run where run_id = $1", [run_id]).fetchone()
        connection.execute("select count(*), max(article_key) from mart.article").fetchone()
    if found != (1,):
        raise NotPublished(f"the copy {copy.name} does not hold run {run_id}; publish again")


def drop_old(settings: Settings) -> Removed:
    """Remove all copies but the last ones and the one that the link leads to, and what killed writers left.

    For a caller that holds the lock of the warehouse.
    """
    linked = (settings.published / LINK).resolve()
    old = [path for path in published_files(settings)[settings.keep_published :] if path.resolve() != linked]
    copies = remove(old)
    logs = settings.published.glob("broadsheet-*.duckdb.wal")
    left_over = [*settings.published.glob("*.part"), *(log for log in logs if not log.with_suffix("").exists())]
    return Removed(copies.number + len(left_over), copies.bytes + remove(left_over).bytes)


def drop_all_but_linked(settings: Settings) -> int:
    """Remove every published copy but the one that the link leads to; gives how many."""
    linked = (settings.published / LINK).resolve()
    older = [path for path in published_files(settings) if path.resolve() != linked]
    for path in older:
        for left_over in (path, path.with_name(path.name + ".wal")):
            left_over.unlink(missing_ok=True)
    sync(settings.published)
    return len(older)


def _write_note(settings: Settings, note: dict[str, Any]) -> None:
    temporary = settings.published / f".{NOTE}.new"
    temporary.write_text(json.dumps(note, indent=1) + "\n")
    sync(temporary)
    temporary.replace(settings.published / NOTE)


def _now() -> str:
    return datetime.now(UTC).replace(microsecond=0).isoformat()
