"""Runs accepted articles through today's reader and normaliser again, in place: no revision is made.

The raw record is read again from the dump, which must still be in the landing folder as it was delivered. Only a
record with the same content hash as then replaces its article; one that reads differently today is another
statement, and is left alone.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow.parquet as pq
import sqlalchemy as sa

from etl import pipeline, words
from etl.declared.publications import load_publications
from etl.declared.sources import load_sources
from etl.model import DumpState, Trigger
from etl.repair import RepairError
from etl.repair.deliveries import write_plan_of
from etl.repair.rows import REPAIR, drop_orphans, remove_revisions
from etl.run import Batch, Run
from etl.stages import gather, taken_down, verify
from etl.stages.load import STAGE, record_run
from etl.warehouse import declared, loading, opening, renames, statements
from etl.workspace import ALL, in_workspace

log = logging.getLogger(__name__)

OTHER_RECORDS = (
    "%s: unchanged: %s; the raw record itself reads otherwise today (by other columns, another encoding, format or "
    "reader), and renormalise mends only what follows from the same record. To load what is read today: broadsheet "
    "unload %s --reason ..., then: broadsheet release %s"
)


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


@in_workspace(*ALL)
def renormalise_chosen(run: Run, chosen: Chosen) -> dict[str, int]:
    """Normalise the chosen articles again, a transaction per batch.

    Returns `chosen` and `renormalised`, counted in revisions. What stays unchanged is logged. Raises RepairError
    when nothing is chosen or publications.toml is wrong; VerifyFailed, with nothing of the batch changed, when the
    suites would fail.
    """
    publications = load_publications(run.settings)
    if publications.problems:
        raise RepairError(f"{'; '.join(publications.problems)}; mend it first: all names are applied again")
    dumps = _dumps(run, chosen)
    numbers = write_plan_of(run, Trigger.renormalise, dumps)
    for number in numbers:
        pipeline.extract(run, number, 0)
        gather.gather_batch(run, number)
        pipeline.normalise_batch(run, number)
    pipeline.check(run)
    renormalised: Counter[int] = Counter()
    with opening.opened(run.settings, f"renormalisation {run.run_id}") as engine:
        for number in numbers:
            with engine.begin() as connection:
                renormalised.update(_replace(connection, run, run.batch(number), chosen))
        with engine.begin() as connection:
            declared.follow(connection, publications)
    _log_unchanged(run, dumps, renormalised)
    return {"chosen": sum(dump["revisions"] for dump in dumps), "renormalised": renormalised.total()}


def _dumps(run: Run, chosen: Chosen) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if opening.exists(run.settings):
        with opening.opened(run.settings, f"renormalisation {run.run_id}") as engine:
            renames.follow(engine, load_sources(run.settings))
            with engine.connect() as connection:
                taken_down.note(run, connection)
                rows = statements.run_file(connection, REPAIR / "renormalised_dumps.sql", chosen.parameters)
                found = [dict(row) for row in rows.mappings()]
    if not found:
        raise RepairError("no article matches; look at news.fact_article and ops.dump for what there is")
    return found


def _replace(connection: sa.Connection, run: Run, batch: Batch, chosen: Chosen) -> dict[int, int]:
    """Rewrite the rows of one batch under their existing keys; returns the number of revisions by dump key."""
    parameters = {
        **chosen.parameters,
        "articles_path": list(map(str, batch.articles)),
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
    counts = connection.exec_driver_sql("select dump_key, count(*) as revisions from keyed group by dump_key")
    return {row.dump_key: row.revisions for row in counts}


def _log_unchanged(run: Run, dumps: list[dict[str, Any]], renormalised: Mapping[int, int]) -> None:
    """Log why revisions stay unchanged: their dump could not be read again, or its records are others today."""
    judged = pq.read_table(run.dumps, columns=["delivery", "state", "reason"]).to_pylist()
    for row in judged:
        dump = dumps[row["delivery"]]  # planned in this order
        left = dump["revisions"] - renormalised.get(dump["dump_key"], 0)
        if row["state"] != DumpState.loaded:
            log.warning("%s: its articles stay unchanged: %s", dump["path"], row["reason"])
        elif left:
            log.warning(OTHER_RECORDS, dump["path"], words.counted(left, "revision"), *2 * [dump["dump_key"]])
