"""The weekly maintenance, in this order: verify every row, remove what is old, rewrite the warehouse when it pays.

Nothing is removed before everything was verified: what is removed might be what mends it. Rows of the warehouse are
never removed here, least of all from the ledger: a hash that it forgot would be loaded again.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from etl import words
from etl.files import remove
from etl.repair import takedown
from etl.run import Run
from etl.settings import Settings
from etl.stages import verify
from etl.stages.load import record_run
from etl.warehouse import compact, lock, opening, published, schema, search
from etl.warehouse.catalogue import all_tables

log = logging.getLogger(__name__)

STILL_GOING = timedelta(hours=24)
"""A run that has changed no file of its folder for so long is over: no task may take even half of it."""

FREE_SHARE_THAT_PAYS = 0.2
FREE_BYTES_THAT_PAY = 64 * 1024**2
"""Below either, a rewrite reads and writes the whole file for little."""


def maintain_warehouse(run: Run, always_rewrite: bool = False, recount: bool = False) -> dict[str, int]:
    """All steps in one process; gives what each of them gives. Raises VerifyFailed, with nothing removed."""
    verified, removed = verify_everything(run, recount), remove_old(run)
    return {**verified, **removed, **search.add_to_index(run.settings), **rewrite(run, always_rewrite)}


def verify_everything(run: Run, recount: bool = False) -> dict[str, int]:
    """Hold every row of the warehouse against its suites; count the marts anew before, if that is asked for.

    Writes the run into ops.load_run and what was found into ops.quality_result. Raises VerifyFailed: nothing is
    published until it is mended.
    """
    if opening.exists(run.settings):
        with opening.opened(run.settings, f"maintenance {run.run_id}") as engine, engine.begin() as connection:
            record_run(connection, run)
            if recount:
                schema.recount(connection, all_tables())
    return verify.verify_waiting(run)


def remove_old(run: Run) -> dict[str, int]:
    """Remove what is older than the settings keep; gives how many of each kind, and `bytes_freed` by all."""
    settings = run.settings
    horizon = run.started_at - timedelta(days=settings.keep_work_days)
    with lock.held(settings, f"maintenance {run.run_id}"):
        removed = {
            "work_folders": remove(list(_old_work_folders(run, horizon))),
            # Only who holds the lock spills, and that is us.
            "spill_files": remove(list(settings.spill.glob("*"))),
            "published_copies": published.drop_old(settings),
            "quarantine_files": remove(_unneeded_quarantine_files(settings, horizon)),
            "unfinished_rewrites": compact.drop_left_over(settings),
        }
    told = [f"{gone.number:,} {name.replace('_', ' ')}" for name, gone in removed.items() if gone.number]
    log.info("Removed %s.", ", ".join(told) or "nothing: all is young enough, or needed")
    counts = {name: gone.number for name, gone in removed.items()}
    return {**counts, "bytes_freed": sum(gone.bytes for gone in removed.values())}


def _old_work_folders(run: Run, horizon: datetime) -> Iterator[Path]:
    for folder in run.settings.work.iterdir():
        is_of_a_run = folder.is_dir() and folder not in (run.folder, run.settings.spill)
        if is_of_a_run and _began(folder) < horizon and _last_change(folder) < run.started_at - STILL_GOING:
            yield folder


def _began(folder: Path) -> datetime:
    """When the run of a work folder began, UTC; where it did not come to note that, the last change."""
    try:
        return datetime.fromisoformat(json.loads((folder / "run.json").read_text())["started_at"])
    except (FileNotFoundError, ValueError):
        return _last_change(folder)


def _last_change(path: Path) -> datetime:
    """When a file, or anything in a folder, was last changed, UTC."""
    newest = max(file.lstat().st_mtime for file in (path, *path.rglob("*")))
    return datetime.fromtimestamp(newest, UTC).replace(tzinfo=None)


NEEDED_QUERY = """
select distinct quarantine_file
from ops.rejected_article
where quarantine_file is not null and (replayed_at is null or replayed_at >= $horizon)
"""


def _unneeded_quarantine_files(settings: Settings, horizon: datetime) -> list[Path]:
    """Old files that no rejected article names, or only such as were replayed long ago."""
    if not opening.exists(settings):  # nobody can say what is needed
        return []
    with opening.opened_unlocked(settings) as engine, engine.connect() as connection:
        needed = {row[0] for row in connection.exec_driver_sql(NEEDED_QUERY, {"horizon": horizon})}
    return [
        path
        for path in settings.quarantine.rglob("*.parquet")
        if str(path.relative_to(settings.quarantine)) not in needed and _last_change(path) < horizon
    ]


def rewrite(run: Run, always: bool = False) -> dict[str, int]:
    """Finish takedowns that were interrupted. Rewrite the warehouse file when enough of it is free, or always.

    Gives its bytes before and after.
    """
    settings = run.settings
    if not opening.exists(settings):
        return {"bytes_before": 0, "bytes_after": 0}
    takedown.finish(run)
    with lock.held(settings, f"maintenance {run.run_id}"):
        free_bytes, size = _free_space(settings)
        pays = free_bytes >= max(FREE_BYTES_THAT_PAY, FREE_SHARE_THAT_PAYS * size)
        free_share = f"{words.size(free_bytes)} of the {words.size(size)} of the warehouse file hold nothing"
        log.info("%s: %s.", free_share, "it is rewritten" if pays or always else "a rewrite would not pay")
        before, after = compact.rewrite_file(settings) if pays or always else (size, size)
    return {"bytes_before": before, "bytes_after": after}


def _free_space(settings: Settings) -> tuple[int, int]:
    """Bytes of the warehouse file that hold nothing any more, and all of them."""
    with opening.opened_unlocked(settings) as engine, engine.connect() as connection:
        free_bytes = connection.exec_driver_sql(
            "select free_blocks * block_size from pragma_database_size() where database_name = current_database()"
        ).scalar_one()
    return free_bytes, settings.warehouse.stat().st_size
