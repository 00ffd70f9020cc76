"""Brings back articles that were merged: an id or address that several share had made one a revision of another.

Every revision still has its text, so nothing is read again. Afterwards the warehouse is as if today's rules had loaded
the dumps: see etl/warehouse/addresses.py.
"""

from __future__ import annotations

import logging

import pyarrow as pa

from etl import words
from etl.model import DumpState, Trigger
from etl.repair import RepairError
from etl.repair.deliveries import write_ledger_row
from etl.repair.rows import REPAIR
from etl.run import Run
from etl.stages import verify
from etl.stages.load import record_run
from etl.warehouse import addresses, opening, statements

log = logging.getLogger(__name__)


def separate_merged(run: Run) -> dict[str, int]:
    """Let each article that an address merged with others be an article of its own, in one transaction.

    Returns `keys`, `articles` that had absorbed others, and `revisions` that have another article now. Raises
    RepairError when none was merged; VerifyFailed, with nothing changed, when the suites would fail.
    """
    with opening.opened(run.settings, f"separation {run.run_id}") as engine, engine.begin() as connection:
        record_run(connection, run)
        merged, moved = addresses.part_merged(connection)
        if not merged:
            raise RepairError(
                "no article was merged with another by an id or address that both have; there is nothing to do"
            )
        with statements.registered(connection, "moved", pa.table({"article_key": pa.array(moved, pa.int64())})):
            dumps = statements.run_file(connection, REPAIR / "separated_dumps.sql", {}).mappings().fetchall()
        for dump in dumps:
            came_apart = words.counted(dump["revisions"], "revision is now an article", "revisions are now articles")
            reason = f"{came_apart} {addresses.SHARE}"
            write_ledger_row(connection, run, dump["dump_key"], Trigger.separate, DumpState.loaded, reason)
        verify.verify_repaired(connection)
    counts = {
        "keys": len({(one.kind, one.value) for one in merged}),
        "articles": len({one.article_id for one in merged}),
        "revisions": len(moved),
    }
    log.info("Separated %s", counts)
    return counts
