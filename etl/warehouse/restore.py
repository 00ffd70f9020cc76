"""The warehouse back from a published copy, when its file is gone, damaged or wrong."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import sqlalchemy as sa

from etl import words
from etl.files import sync
from etl.model import DumpState
from etl.settings import Settings
from etl.warehouse import (
    WarehouseError,
    damage,
    elsewhere,
    lake,
    lake_restore,
    lock,
    opening,
    published,
    published_note,
    reading,
    whereabouts,
)
from etl.warehouse.blocks import log_of

STATES = "select source, path, sha256, manifest_sha256, state from ops.dump_status order by dump_key"
DISMISSED = "select run_id, dump_key, position from ops.rejected_article where dismissed_at is not null"
TAKEDOWNS = "select distinct taken_down_at, requested_by, approved_by, reason from ops.takedown order by taken_down_at"
LAST_RUN = "select run_id, started_at from ops.load_run order by run_number desc limit 1"

USELESS = "this copy cannot be restored"


@dataclass(frozen=True)
class Restored:
    """What was done: the number of the copy used, the last run in it and its start (UTC), where the old file is kept.

    `missing` are the paths of deliveries that the old file had loaded and the copy had not; None where the old
    file could not be asked. `undone` is what people had decided in the old file and not in the copy, a sentence each.
    """

    number: int
    run_id: str
    started_at: datetime
    set_aside: Path | None
    missing: list[str] | None
    undone: list[str]


@dataclass(frozen=True)
class _Ledger:
    """What a warehouse file says of its deliveries, and what people decided."""

    states: dict[tuple[str, ...], str]
    dismissed: set[tuple[Any, ...]]
    takedowns: list[tuple[Any, ...]]


def restore_from_copy(settings: Settings, number: int | None = None) -> Restored:
    """Put a published copy, by default the latest, in the place of the warehouse; the old file is kept beside it.

    The copy is proven first: it is copied, read whole, brought up to the schema of the SQL files and asked for its
    last run. Raises WarehouseError, with the warehouse untouched, when another process holds it, there is no such copy,
    or the copy does not pass; then the message names the next one whose blocks can all be read.
    """
    at_once = replace(settings, lock_timeout_seconds=0.0)
    if in_lake := lake.of(settings):
        return _restored_in_lake(at_once, in_lake, number)
    if number is None:
        whereabouts.refuse_left(settings)
    copy = _chosen(settings, number)
    with (
        lock.held(at_once, f"restore from copy {published.number_of(copy)}"),
        _proven(settings, copy) as (part, last_run),
    ):
        old = _ask(settings.warehouse_file)
        with reading.attached(part) as connection:
            kept = _ledger(connection)
        set_aside = _set_aside(settings.warehouse_file)
        part.replace(settings.warehouse_file)
        sync(settings.warehouse_file.parent)
        whereabouts.note_restored(settings)
    return Restored(published.number_of(copy), *last_run, set_aside, *_lost(old, kept, settings.timezone))


def _restored_in_lake(settings: Settings, in_lake: lake.Snapshot, number: int | None) -> Restored:
    """The same of a lake: nothing is set aside, because what it was stays as its snapshot before."""
    number, snapshot = lake_restore.snapshot_to_restore(settings, number)
    with lock.held(settings, f"restore from publication {number}"):
        last_run = lake_restore.refuse_unrestorable(snapshot)
        with reading.attached(in_lake) as now, reading.attached(snapshot) as then:
            old, kept = _ledger(now), _ledger(then)
        lake_restore.let_see(settings, snapshot, last_run[0])
        lake_restore.take_back(settings, snapshot)
        whereabouts.note_restored(settings)
    return Restored(number, *last_run, None, *_lost(old, kept, settings.timezone))


def _lost(old: _Ledger | None, kept: _Ledger, timezone: ZoneInfo) -> tuple[list[str] | None, list[str]]:
    """What was loaded and what was decided in the old warehouse and not in the copy; see Restored."""
    if old is None:
        return None, []
    return sorted(delivery[1] for delivery in _differing("loaded", old, kept)), list(_undone(old, kept, timezone))


def _chosen(settings: Settings, number: int | None) -> Path:
    wanted, run_id = _wanted(settings, number)
    elsewhere.fetch_numbered(settings, wanted, run_id)
    copies = published.copies(settings)
    for folder in published.shut(settings):
        if wanted == int(folder.name):
            older = (
                f"; or an older copy: broadsheet restore --number {published.number_of(copies[0])}" if copies else ""
            )
            raise WarehouseError(published.in_words(folder) + older)
    for copy in copies:
        if wanted == published.number_of(copy):
            return copy
    numbers = {*map(published.number_of, copies), *elsewhere.numbers(settings)}
    known = ", ".join(map(str, sorted(numbers, reverse=True)))
    asked = "contains no published copy" if number is None else f"contains no copy number {number}"
    raise WarehouseError(
        f"{settings.published_folder}: {asked}; "
        + (f"known numbers are {known}" if known else "nothing is published, so ingest the dumps again")
    )


def _wanted(settings: Settings, number: int | None) -> tuple[int, str | None]:
    """The number of the copy to restore, by default of that which analysts have, and its run where that is known: what
    is on this machine may be older than what is in the bucket.
    """
    there = elsewhere.numbers(settings)
    note = published_note.read(settings) if there else None
    if note and note["number"] in there and number in (None, note["number"]):
        return note["number"], note["run_id"]
    return published.latest_number(settings) or max(there, default=0) if number is None else number, None


@contextmanager
def _proven(settings: Settings, copy: Path) -> Iterator[tuple[Path, tuple[str, datetime]]]:
    """The copy, copied beside the warehouse and proven, and its last run. Removed if it does not take its place."""
    part = settings.warehouse_file.with_suffix(".part")
    try:
        try:
            last_run = _prove(settings, copy, part)
        except (WarehouseError, OSError, duckdb.Error, sa.exc.DBAPIError) as error:
            said = str(error).partition("\n")[0].replace(str(part), str(copy))
            where = "" if str(copy) in said else f"{copy}: "
            raise WarehouseError(
                f"{where}{said}. The warehouse is left as it was; {_next_one(settings, copy)}"
            ) from error
        yield part, last_run
    finally:
        for left_over in (part, log_of(part)):
            left_over.unlink(missing_ok=True)


def _prove(settings: Settings, copy: Path, part: Path) -> tuple[str, datetime]:
    damage.refuse_foreign(copy, USELESS)
    shutil.copyfile(copy, part)
    damage.refuse_damaged(part, USELESS)
    with reading.attached(part, USELESS) as connection:
        damage.read_through(connection)
    with opening.opened_unlocked(settings, part):
        pass  # the schema of an older copy is brought up to the SQL files, or this raises
    with reading.attached(part, USELESS) as connection:
        last_run = connection.execute(LAST_RUN).fetchone()
    if last_run is None:
        raise WarehouseError(f"{copy}: holds no run at all, so it {USELESS}")
    sync(part)
    run_id, started_at = last_run
    return run_id, started_at


def _next_one(settings: Settings, copy: Path) -> str:
    """What to restore instead: the newest other copy that can be read whole."""
    others = (other for other in published.copies(settings) if other != copy and published.is_whole(other))
    if other := next(others, None):
        return f"copy {(number := published.number_of(other))} can be read whole: broadsheet restore --number {number}"
    return "no other copy can be read whole: bring the warehouse back from a backup, or ingest the dumps again"


def _ask(old: Path) -> _Ledger | None:
    """What the old file says; None where it cannot be asked."""
    if not old.exists():
        return None
    try:
        with reading.attached(old) as connection:
            return _ledger(connection)
    except (WarehouseError, duckdb.Error):
        return None


def _ledger(connection: duckdb.DuckDBPyConnection) -> _Ledger:
    states = {tuple(delivery): state for *delivery, state in connection.execute(STATES).fetchall()}
    return _Ledger(states, set(_decisions(connection, DISMISSED)), _decisions(connection, TAKEDOWNS))


def _decisions(connection: duckdb.DuckDBPyConnection, question: str) -> list[tuple[Any, ...]]:
    """The answer; none from an older schema, which has no place for such decisions."""
    try:
        return connection.execute(question).fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        return []


def _differing(state: str, old: _Ledger, kept: _Ledger) -> list[tuple[str, ...]]:
    """The deliveries that have this state in the old file, and another one or none in the copy."""
    return [delivery for delivery, was in old.states.items() if was == state and kept.states.get(delivery) != state]


def _undone(old: _Ledger, kept: _Ledger, timezone: ZoneInfo) -> Iterator[str]:
    """What people decided in the old file and the copy does not know, the gravest first."""
    for at, requested_by, approved_by, reason in old.takedowns:
        if (at, requested_by, approved_by, reason) not in kept.takedowns:
            who = f"requested by {requested_by}, approved by {approved_by}"
            yield f"the takedown of {words.moment(at, timezone)} ({reason}; {who})"
    for state in (DumpState.unloaded, DumpState.dismissed):
        for delivery in _differing(state, old, kept):
            yield f"{delivery[1]} was {state}"
    if articles := len(old.dismissed - kept.dismissed):
        yield f"{words.counted(articles, 'rejected article was', 'rejected articles were')} dismissed"


def set_aside_files(settings: Settings) -> list[Path]:
    """The warehouse files that restores have set aside, with their write-ahead logs."""
    return sorted(settings.warehouse_file.parent.glob("broadsheet-set-aside-*"))


def _set_aside(old: Path) -> Path | None:
    """Rename the old file, with its write-ahead log, which must not meet the new one."""
    kept = old.with_name(f"broadsheet-set-aside-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.duckdb")
    log = log_of(old)
    if log.exists():
        log.rename(log_of(kept))
    if not old.exists():
        return None
    return old.rename(kept)
