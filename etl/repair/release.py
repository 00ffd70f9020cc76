"""A parked delivery tried again."""

from __future__ import annotations

from etl.repair.deliveries import find_dump, write_ledger_row
from etl.run import Run
from etl.stages.load import record_run
from etl.warehouse import opening

RELEASABLE = ("parked", "refused", "failed", "unloaded")


def release_delivery(run: Run, dump: str, reason: str) -> str:
    """Let the delivery of that path or key be taken by the next run that finds its file; gives its path.

    Raises RepairError when there is none that was parked, refused, has failed or was unloaded, or more than one.
    """
    with opening.opened(run.settings, f"release {run.run_id}") as engine, engine.begin() as connection:
        found = find_dump(connection, dump, RELEASABLE)
        record_run(connection, run)
        write_ledger_row(connection, run, found["dump_key"], "release", "released", reason)
    return str(found["path"])
