"""Runs accepted articles through today's reader and normaliser again, in place: no revision is made.

The raw record is read again from the dump, which must still be in the landing folder as it was delivered. Only a
record with the same content hash as then replaces its article; one that reads differently today is another
statement, and is left alone.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow.parquet as pq
import sqlalchemy as sa

from etl import pipeline
from etl.model import DumpState, Trigger
from etl.repair import RepairError
from etl.repair.deliveries import write_plan_of
from etl.repair.rows import REPAIR, drop_orphans, remove_revisions
from etl.run import Batch, Run
from etl.stages import extract, taken_down, verify
from etl.stages.load import STAGE, record_run
from etl.warehouse import loading, opening, statements

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Chosen:
    """Which articles: from a feed, from a dump (its path or key), published from one day to another. None means any."""

    source: str | None = None
    dump: str | None = None
    from_date: date | None = None
    to_date: date | None = None

    @property
    def parameters(self) -> dict[str, Any]:
        """For the SQL files: `of_source`, `of_dump`, `from_date_key`, `to_date_key`."""
        return {
            "of_source": self.source,
            "of_dump": self.dump,
            "from_date_key": _date_key(self.from_date),
            "to_date_key": _date_key(self.to_date),
        }


def _date_key(day: date | None) -> int | None:
    return int(f"{day:%Y%m%d}") if day else None


def renormalise_chosen(run: Run, chosen: Chosen) -> dict[str, int]:
    """Normalise the chosen articles again, a transaction per batch.

    Returns `chosen` and `renormalised`, counted in revisions. What stays unchanged is logged. Raises RepairError
    when nothing is chosen; VerifyFailed, with nothing of the batch changed, when the suites would fail.
    """
    dumps = _dumps(run, chosen)
    numbers = write_plan_of(run, Trigger.renormalise, dumps)
    for number in numbers:
        extract.read_batch(run, run.batch(number))
        pipeline.normalise(run, number)
    pipeline.check(run)
    renormalised = 0
    with opening.opened(run.settings, f"renormalisation {run.run_id}") as engine:
        for number in numbers:
            with engine.begin() as connection:
                renormalised += _replace(connection, run, run.batch(number), chosen)
    total = sum(dump["revisions"] for dump in dumps)
    _log_unchanged(run, total - renormalised)
    return {"chosen": total, "renormalised": renormalised}


def _dumps(run: Run, chosen: Chosen) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if opening.exists(run.settings):
        with opening.opened(run.settings, f"renormalisation {run.run_id}") as engine, engine.connect() as connection:
            taken_down.note(run, connection)
            rows = statements.run_file(connection, REPAIR / "renormalised_dumps.sql", chosen.parameters)
            found = [dict(row) for row in rows.mappings()]
    if not found:
        raise RepairError("no article matches; look at news.fact_article and ops.dump for what there is")
    return found


def _replace(connection: sa.Connection, run: Run, batch: Batch, chosen: Chosen) -> int:
    """Rewrite the rows of one batch under their existing keys; returns the number of revisions."""
    parameters = {
        **chosen.parameters,
        "articles_path": str(batch.articles),
        "rejected_path": str(batch.rejected),
        "dumps_path": str(run.dumps),
        "sign": 1,
    }
    record_run(connection, run)
    statements.run_file(connection, REPAIR / "rekeyed.sql", parameters)
    statements.run_file(connection, STAGE / "incoming.sql", parameters)
    remove_revisions(connection, schemas=("news",))
    loading.load_tables(connection, parameters, lambda table, statement: table.schema == "news" or statement.is_derived)
    statements.run_file(connection, REPAIR / "new_keys.sql", {})
    drop_orphans(connection)
    verify.verify_repaired(connection)
    return int(connection.exec_driver_sql("select count(*) from keyed").scalar_one())


def _log_unchanged(run: Run, left: int) -> None:
    """Log why revisions stay unchanged: their dump could not be read again, or reads differently today."""
    for dump in pq.read_table(run.dumps, columns=["path", "state", "reason"]).to_pylist():
        if dump["state"] != DumpState.loaded:
            log.warning("%s: its articles stay unchanged: %s", dump["path"], dump["reason"])
    if left:
        log.warning("%s revisions stay unchanged: not read again, or read differently today", f"{left:,}")
