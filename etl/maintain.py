"""The weekly maintenance, in this order: verify every row, remove what is old, rewrite the warehouse when it pays off.

Nothing is removed until everything is verified: a repair might need it. Rows of the warehouse are never removed here,
least of all from the ledger: a dump whose hash it forgot would be loaded again.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from etl import store, words
from etl.files import remove
from etl.repair import takedown
from etl.run import NOTE, Run, folders
from etl.settings import SQL, Settings
from etl.stages import verify
from etl.stages.load import record_run
from etl.warehouse import compact, damage, lake, lock, opening, published, schema, search
from etl.warehouse.catalogue import all_tables
from etl.warehouse.statements import run_file

log = logging.getLogger(__name__)

STILL_GOING = timedelta(hours=24)
"""A run that has changed no file in its folder for this long is over: no task may take even half as long."""

FREE_SHARE_THAT_PAYS = 0.2
FREE_BYTES_THAT_PAY = 64 * 1024**2
"""Below either, a rewrite reads and writes the whole file for little gain."""


def maintain_warehouse(run: Run, always_rewrite: bool = False, recount: bool = False) -> dict[str, int]:
    """Run all steps in one process; returns the counts of all of them. Raises VerifyFailed, with nothing removed."""
    verified, removed = verify_everything(run, recount), remove_old(run)
    return {**verified, **removed, **search.add_to_index(run.settings), **rewrite(run, always_rewrite)}


def verify_everything(run: Run, recount: bool = False) -> dict[str, int]:
    """Read every block of the warehouse, check every row against its suites; if asked, recount the marts first.

    Writes the run into ops.load_run and the results into ops.quality_result. Raises WarehouseError when a block is
    damaged, and VerifyFailed: nothing is published until that is fixed.
    """
    if opening.exists(run.settings):
        with lock.held(run.settings, f"maintenance {run.run_id}"):
            if not lake.of(run.settings):  # a lake is looked through when it is published
                damage.refuse_damaged(run.settings.warehouse_file, damage.RESTORE)
        with opening.opened(run.settings, f"maintenance {run.run_id}") as engine, engine.begin() as connection:
            record_run(connection, run)
            if recount:
                schema.recount(connection, all_tables())
    return verify.verify_waiting(run)


def remove_old(run: Run) -> dict[str, int]:
    """Remove what is older than the settings keep; returns how many of each kind, and `bytes_freed` in total."""
    settings = run.settings
    horizon = run.started_at - timedelta(days=settings.keep_work_days)
    with lock.held(settings, f"maintenance {run.run_id}"):
        removed = {
            "work_folders": store.remove(list(_old_work_folders(run, horizon))),
            "spill_files": remove(list(_left_in_spill(run))),
            "published_copies": published.drop_old(settings),
            "quarantine_files": store.remove(_unneeded_quarantine_files(settings, horizon)),
            "unfinished_rewrites": compact.drop_left_over(settings),
        }
    kinds = [f"{gone.number:,} {name.replace('_', ' ')}" for name, gone in removed.items() if gone.number]
    log.info("Removed %s.", ", ".join(kinds) or "nothing: everything is recent enough, or needed")
    counts = {name: gone.number for name, gone in removed.items()}
    return {**counts, "bytes_freed": sum(gone.bytes for gone in removed.values())}


def _old_work_folders(run: Run, horizon: datetime) -> Iterator[Path]:
    for folder in folders(run.settings):
        is_of_a_run = folder not in (run.folder, run.settings.spill)
        if is_of_a_run and _began(folder) < horizon and _last_change(folder) < run.started_at - STILL_GOING:
            yield folder


def _left_in_spill(run: Run) -> Iterator[Path]:
    """What killed processes spilled: only the one that holds the lock does, and that is this one. But in a folder
    there another may be making the search index.
    """
    for path in run.settings.spill.glob("*"):
        if not path.is_dir() or _last_change(path) < run.started_at - STILL_GOING:
            yield path


def _began(folder: Path) -> datetime:
    """When the run of a work folder began, UTC; the last change if the run did not get to note that."""
    try:
        return datetime.fromisoformat(json.loads(store.read_text(folder / NOTE))["started_at"])
    except (FileNotFoundError, ValueError):
        return _last_change(folder)


def _last_change(path: Path) -> datetime:
    """When a file, or anything in a folder, was last changed, UTC."""
    return datetime.fromtimestamp(store.changed_at(path), UTC).replace(tzinfo=None)


QUARANTINE_FILES = SQL / "watch" / "quarantine_files.sql"


def _unneeded_quarantine_files(settings: Settings, horizon: datetime) -> list[Path]:
    """Old files that no rejected article refers to, or only articles that were replayed or dismissed long ago."""
    if not opening.exists(settings):  # nothing says which files are needed
        return []
    with opening.opened_unlocked(settings) as engine, engine.connect() as connection:
        needed = {row[0] for row in run_file(connection, QUARANTINE_FILES, {"horizon": horizon})}
    return [
        path
        for path in store.files(settings.quarantine_folder)
        if str(path.relative_to(settings.quarantine_folder)) not in needed and _last_change(path) < horizon
    ]


def rewrite(run: Run, always: bool = False) -> dict[str, int]:
    """Finish interrupted takedowns. Rewrite the warehouse file when enough of it is free, or always.

    Returns its bytes before and after.
    """
    settings = run.settings
    if not opening.exists(settings):
        return {"bytes_before": 0, "bytes_after": 0}
    takedown.finish(run)
    with lock.held(settings, f"maintenance {run.run_id}"):
        if lake.of(settings):
            before, after = compact.rewrite_file(settings)
            return {"bytes_before": before, "bytes_after": after}
        free_bytes, size = _free_space(settings)
        pays = free_bytes >= max(FREE_BYTES_THAT_PAY, FREE_SHARE_THAT_PAYS * size)
        free_share = f"{words.size(free_bytes)} of {words.size(size)} in the warehouse file are free"
        log.info("%s: %s.", free_share, "it is rewritten" if pays or always else "a rewrite would not pay off")
        before, after = compact.rewrite_file(settings) if pays or always else (size, size)
    return {"bytes_before": before, "bytes_after": after}


def _free_space(settings: Settings) -> tuple[int, int]:
    """Free bytes in the warehouse file, and its size in bytes."""
    with opening.opened_unlocked(settings) as engine, engine.connect() as connection:
        free_bytes = connection.exec_driver_sql(
            "select free_blocks * block_size from pragma_database_size() where database_name = current_database()"
        ).scalar_one()
    return free_bytes, settings.warehouse_file.stat().st_size
