"""What a run over every feed saw, noted in the ledger also where it found nothing new."""

from __future__ import annotations

from dataclasses import asdict

import sqlalchemy as sa

from etl.intake.seen import Seen
from etl.run import Run
from etl.settings import SQL
from etl.warehouse import opening, statements


def record_idle(run: Run) -> None:
    """Note that a run over every feed found nothing new, and nothing else, if there is a warehouse yet."""
    if run.request.is_whole and run.seen.exists() and opening.exists(run.settings):
        with opening.opened(run.settings, f"note of run {run.run_id}") as engine, engine.begin() as connection:
            record_scan(connection, run)


def record_scan(connection: sa.Connection, run: Run) -> None:
    """Note what a run over every feed saw. It changes nothing that would have to be verified or published."""
    if run.request.is_whole and run.seen.exists():
        known = {"run_id": run.run_id, "trigger": run.trigger, "started_at": run.started_at}
        counts = asdict(Seen.from_json(run.seen.read_text("utf-8")))
        statements.run_file(connection, SQL / "stage" / "landing_scan.sql", {**known, **counts})
