"""The warehouse back from a published copy, when its file is gone, damaged or wrong."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from etl.files import sync
from etl.settings import Settings
from etl.warehouse import WarehouseError, damage, lock, opening, published, reading

LOADED = "select source, path, sha256, manifest_sha256 from ops.dump_status where state = 'loaded'"
LAST_RUN = "select run_id, started_at from ops.load_run order by started_at desc, run_id desc limit 1"


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

    Raises WarehouseError, with the warehouse untouched, when another process holds it, there is no such copy or the
    copy cannot be read to its end.
    """
    copy = _chosen(settings, number)
    at_once = replace(settings, lock_timeout_seconds=0.0)
    with lock.held(at_once, f"restore from {copy.name}"), _verified(copy, settings.warehouse) as part:
        old = _ask(settings.warehouse)
        with reading.attached(part) as connection:
            found = connection.execute(LAST_RUN).fetchone()
            kept = set(connection.execute(LOADED).fetchall())
        if found is None:
            raise WarehouseError(f"{copy}: holds no run at all; choose another with --number")
        set_aside = _set_aside(settings.warehouse)
        part.replace(settings.warehouse)
        sync(settings.warehouse.parent)
        with opening.opened_unlocked(settings):
            pass  # the schema of an older copy is brought up to the SQL files, or this raises
    missing = None if old is None else sorted(delivery[1] for delivery in old - kept)
    return Restored(copy, found[0], found[1], set_aside, missing)


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
def _verified(copy: Path, target: Path) -> Iterator[Path]:
    """The copy, copied beside the warehouse and read to its end; removed again if it does not become the warehouse."""
    part = target.with_suffix(".part")
    try:
        shutil.copyfile(copy, part)
        sync(part)
        try:
            with reading.attached(part) as connection:
                damage.read_through(connection)
        except WarehouseError as error:
            raise WarehouseError(f"{copy}: this copy is damaged; choose another with --number ({error})") from error
        yield part
    finally:
        part.unlink(missing_ok=True)


def _ask(old: Path) -> set[tuple[str, ...]] | None:
    """The deliveries that the old file has loaded; None where it cannot be asked."""
    if not old.exists():
        return None
    try:
        with reading.attached(old) as connection:
            return set(connection.execute(LOADED).fetchall())
    except WarehouseError:
        return None


def set_aside_files(settings: Settings) -> list[Path]:
    """The warehouse files that restores have set aside, with their write-ahead logs."""
    return sorted(settings.warehouse.parent.glob("broadsheet-set-aside-*"))


def _set_aside(old: Path) -> Path | None:
    """Rename the old file, with its write-ahead log, which must not meet the new one."""
    kept = old.with_name(f"broadsheet-set-aside-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.duckdb")
    log = old.with_name(old.name + ".wal")
    if log.exists():
        log.rename(kept.with_name(kept.name + ".wal"))
    if not old.exists():
        return None
    return old.rename(kept)
