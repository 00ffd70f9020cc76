"""Releases a parked delivery, so that it is tried again."""

from __future__ import annotations

from etl.model import WAITING, DumpState, Trigger
from etl.repair.deliveries import find_dump, write_ledger_row
from etl.run import Run
from etl.stages.load import record_run
from etl.warehouse import opening

RELEASABLE = (*WAITING, DumpState.unloaded)


def release_delivery(run: Run, dump: str, reason: str) -> str:
    """Let the next run that finds its file take the delivery with that path or key; returns its path.

    Raises RepairError when none is parked, refused, failed or unloaded, or more than one is.
    """
    with opening.opened(run.settings, f"release {run.run_id}") as engine, engine.begin() as connection:
        found = find_dump(connection, dump, RELEASABLE)
        record_run(connection, run)
        write_ledger_row(connection, run, found["dump_key"], Trigger.release, DumpState.released, reason)
    return str(found["path"])
