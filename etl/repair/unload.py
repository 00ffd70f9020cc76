"""Removes one delivery from the warehouse, as if it had never been loaded."""

from __future__ import annotations

import logging

import sqlalchemy as sa

from etl.model import DumpState, Trigger
from etl.repair.deliveries import find_dump, write_ledger_row
from etl.repair.rows import REPAIR, drop_orphans, take_out
from etl.run import Run
from etl.stages import verify
from etl.stages.load import record_run
from etl.warehouse import opening, statements

log = logging.getLogger(__name__)


def unload_delivery(run: Run, dump: str, reason: str) -> dict[str, int]:
    """Remove the delivery with that path or key: facts, texts, labels, keys, stories. Earlier revisions become
    current again; what another delivery brought unchanged stays, as brought by that one.

    Returns `revisions` and `articles` removed and `handed_on` (revisions that stay). Raises RepairError when there
    is no such loaded delivery, or more than one; VerifyFailed, with nothing changed, when the suites would fail.
    """
    with opening.opened(run.settings, f"unload {run.run_id}") as engine, engine.begin() as connection:
        found = find_dump(connection, dump, (DumpState.loaded,))
        record_run(connection, run)
        statements.run_file(connection, REPAIR / "unload.sql", {"dump_key": found["dump_key"]})
        take_out(connection, found["dump_key"])
        drop_orphans(connection)
        write_ledger_row(connection, run, found["dump_key"], Trigger.unload, DumpState.unloaded, reason)
        verify.verify_repaired(connection)
        counts = _counts(connection)
    log.info("Unloaded %s: %s", found["path"], counts)
    return counts


def _counts(connection: sa.Connection) -> dict[str, int]:
    return dict(statements.run_file(connection, REPAIR / "unload_counts.sql", {}).mappings().one())
