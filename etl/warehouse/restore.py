"""The warehouse back from a published copy, when its file is gone, damaged or wrong."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import sqlalchemy as sa

from etl.files import sync
from etl.settings import Settings
from etl.warehouse import WarehouseError, damage, lock, opening, published, reading
from etl.warehouse.blocks import log_of

LOADED = "select source, path, sha256, manifest_sha256 from ops.dump_status where state = 'loaded'"
LAST_RUN = "select run_id, started_at from ops.load_run order by run_number desc limit 1"

USELESS = "this copy cannot be restored"


@dataclass(frozen=True)
class Restored:
    """What was done: the copy used, the last run in it and its start (UTC), where the old file is kept.

    `missing` are the paths of deliveries that the old file had loaded and the copy had not; None where the old
    file could not be asked.
    """

    copy: Path
    run_id: str
    started_at: datetime
    set_aside: Path | None
    missing: list[str] | None


def restore_from_copy(settings: Settings, number: int | None = None) -> Restored:
    """Put a published copy, by default the latest, in the place of the warehouse; the old file is kept beside it.

    The copy is proven first: it is copied, read whole, brought up to the schema of the SQL files and asked for its
    last run. Raises WarehouseError, with the warehouse untouched, when another process holds it, there is no such copy,
    or the copy does not pass; then the message names the next one whose blocks can all be read.
    """
    copy = _chosen(settings, number)
    at_once = replace(settings, lock_timeout_seconds=0.0)
    with lock.held(at_once, f"restore from {copy.name}"), _proven(settings, copy) as (part, last_run):
        old = _ask(settings.warehouse)
        with reading.attached(part) as connection:
            kept = set(connection.execute(LOADED).fetchall())
        set_aside = _set_aside(settings.warehouse)
        part.replace(settings.warehouse)
        sync(settings.warehouse.parent)
        published.note_restored(settings)
    missing = None if old is None else sorted(delivery[1] for delivery in old - kept)
    return Restored(copy, *last_run, set_aside, missing)


def _chosen(settings: Settings, number: int | None) -> Path:
    copies = published.copies(settings)
    for copy in copies:
        if number in (None, published.number_of(copy)):
            return copy
    known = ", ".join(str(published.number_of(copy)) for copy in copies)
    asked = "contains no published copy" if number is None else f"contains no copy number {number}"
    raise WarehouseError(
        f"{settings.published}: {asked}; "
        + (f"known numbers are {known}" if known else "nothing is published, so ingest the dumps again")
    )


@contextmanager
def _proven(settings: Settings, copy: Path) -> Iterator[tuple[Path, tuple[str, datetime]]]:
    """The copy, copied beside the warehouse and proven, and its last run. Removed if it does not take its place."""
    part = settings.warehouse.with_suffix(".part")
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
        return f"{other.name} can be read whole: broadsheet restore --number {published.number_of(other)}"
    return "no other copy can be read whole: bring the warehouse back from a backup, or ingest the dumps again"


def _ask(old: Path) -> set[tuple[str, ...]] | None:
    """The deliveries that the old file has loaded; None where it cannot be asked."""
    if not old.exists():
        return None
    try:
        with reading.attached(old) as connection:
            return set(connection.execute(LOADED).fetchall())
    except (WarehouseError, duckdb.Error):
        return None


def set_aside_files(settings: Settings) -> list[Path]:
    """The warehouse files that restores have set aside, with their write-ahead logs."""
    return sorted(settings.warehouse.parent.glob("broadsheet-set-aside-*"))


def _set_aside(old: Path) -> Path | None:
    """Rename the old file, with its write-ahead log, which must not meet the new one."""
    kept = old.with_name(f"broadsheet-set-aside-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.duckdb")
    log = log_of(old)
    if log.exists():
        log.rename(log_of(kept))
    if not old.exists():
        return None
    return old.rename(kept)
