"""The gate before the publish: the suites over what was loaded and not yet verified.

Every table is checked against what the catalogue promises (no gaps, unique keys, foreign keys that resolve) and by
its own suite, where expectations/ has one. Marts follow from the tables: their totals are compared with what is
stored. If a critical expectation fails, nothing is published, tonight or later, until a run has verified the same
rows. A maintenance run, which touches nothing, has every row verified, including the marts.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pandas as pd
import pyarrow as pa
import sqlalchemy as sa

from etl import words
from etl.model import Trigger
from etl.run import Run
from etl.schemas import RESULT
from etl.settings import SQL
from etl.stages import quality
from etl.stages.load import record_run
from etl.warehouse import lake_writing, opening, statements
from etl.warehouse.catalogue import Table, all_tables

log = logging.getLogger(__name__)

ONLY_ADDED_TO = ("ops.landing_scan", "ops.quality_result", "ops.schema_version", "ops.takedown")
"""Tables that refer to no article and no delivery, so there is nothing to restrict them to."""

UNVERIFIED = ("ops.story_band", "ops.search_segment", "ops.search_posting", "ops.search_gap")
"""Derived from the texts; no row can be checked alone. sql/verify/findings.sql checks the bands as a whole."""

SLICE = 50_000
"""Articles, or rows of a table without articles, that are verified at once: what keeps the memory bounded."""

MEMORY_SHARE = 1 / 4
"""Of the memory limit, what DuckDB may take: it reads each block once, and the frames need the rest."""

VERIFY = SQL / "verify"

Chosen = Callable[[sa.TableClause], sa.ColumnElement[bool]]
"""Which rows of a table are meant: its condition."""


class VerifyFailed(Exception):
    """The warehouse must not be published. The message names each table, expectation and reason."""


def verify_waiting(run: Run) -> dict[str, int]:
    """Verify what is not yet verified. Does not write when there is nothing.

    Raises VerifyFailed, after recording what was found, when a critical expectation is not met.
    """
    if not opening.exists(run.settings):
        return {"expectations": 0, "failed": 0}
    purpose = f"verification in run {run.run_id}"
    with opening.opened(opening.thrifty(run.settings, MEMORY_SHARE), purpose) as engine:
        waiting, results, critical = lake_writing.in_transaction(engine, partial(_verify, run))
    if not waiting:
        log.info("Nothing to verify: every load is verified already.")
        return {"expectations": 0, "failed": 0}
    if critical:
        raise VerifyFailed(f"{_failures(critical)}. Analysts keep the last published file; see ops.quality_result")
    what = "every row" if Trigger.maintenance in waiting else f"what {words.counted(len(waiting), 'run')} touched"
    log.info("Verified %s: %s.", what, _summary(results))
    return {"expectations": len(results), "failed": 0}


Rows = list[dict[str, Any]]


def _verify(run: Run, connection: sa.Connection, _: int) -> tuple[list[str], Rows, Rows]:
    """Verify what waits, and note the verdict. Returns what triggered it, all results, and those that are critical."""
    waiting = [row[0] for row in connection.exec_driver_sql(WAITING_QUERY)]
    if not waiting:
        return [], [], []
    outcomes = verify_everything(connection) if Trigger.maintenance in waiting else verify_touched(connection)
    critical = [row for outcome in outcomes for row in outcome.critical]
    results = [row for outcome in outcomes for row in outcome.results]
    record_run(connection, run)  # it may have loaded nothing, and what was found refers to it
    quality.record(connection, run.run_id, pa.Table.from_pylist(results, RESULT))
    statements.run_file(connection, VERIFY / "verdict.sql", {"state": "failed" if critical else "verified"})
    return waiting, results, critical


def _summary(results: list[dict[str, Any]]) -> str:
    unmet = [row for row in results if not row["success"]]
    warnings = "; ".join(f"{row['suite']}: {row['unexpected_count'] or 0:,} × {row['reason']}" for row in unmet)
    met = f"{len(results) - len(unmet):,} of {words.counted(len(results), 'expectation')} met"
    return f"{met}; warnings: {warnings}" if unmet else met


WAITING_QUERY = "select trigger from ops.load_run where state <> 'verified'"


def verify_touched(connection: sa.Connection) -> list[quality.Outcome]:
    """Run every table's suite over the rows that unverified runs have touched."""
    statements.run_file(connection, SQL / "stage" / "touched.sql", {})
    return [*_verified(connection), _verify_totals(connection)]


def verify_repaired(connection: sa.Connection) -> None:
    """Run the suites over what a repair has touched (`touched_article` and `gone`), inside its transaction.

    Raises VerifyFailed when a critical expectation is not met, so that the repair is rolled back.
    """
    statements.run_file(connection, SQL / "repair" / "touched.sql", {})
    critical = [row for outcome in _verified(connection) for row in outcome.critical]
    if critical:
        raise VerifyFailed(f"nothing was changed, because the suites would fail: {_failures(critical)}")


def _failures(critical: list[dict[str, Any]]) -> str:
    return "; ".join(f"{row['suite']}: {row['reason']} ({row['unexpected_count']} rows)" for row in critical)


def _verified(connection: sa.Connection) -> list[quality.Outcome]:
    tables = [table for table in _stored() if table.full_name not in ONLY_ADDED_TO]
    return [
        quality.validate(_rows(connection, table, partial(_is_touched, table)), table.name, quality.structural(table))
        for table in tables
    ]


def _stored() -> list[Table]:
    """The tables that hold what came in, and not what follows from it."""
    return [table for table in _verifiable() if table.schema != "mart"]


def _verify_totals(connection: sa.Connection) -> quality.Outcome:
    return quality.validate(_frame(connection, (VERIFY / "mart_totals.sql").read_text()), "mart_totals")


def verify_everything(connection: sa.Connection) -> list[quality.Outcome]:
    """Run every table's suite over all its rows, and what can only be said of the warehouse as a whole."""
    tables = _verifiable()
    return [
        *(_verify_all_rows(connection, table) for table in tables),
        *(_verify_key(connection, table, key) for table in tables for key in table.keys),
        _verify_totals(connection),
        _verify_whole(connection),
    ]


def _verify_whole(connection: sa.Connection) -> quality.Outcome:
    statements.run_file(connection, VERIFY / "findings.sql", {})
    return quality.validate(_frame(connection, "from finding order by finding, key"), "whole_warehouse")


def _verifiable() -> list[Table]:
    return [table for table in all_tables().values() if not table.is_view and table.full_name not in UNVERIFIED]


def _verify_all_rows(connection: sa.Connection, table: Table) -> quality.Outcome:
    return quality.merged(
        [
            quality.validate(_rows(connection, table, is_in_slice), table.name, quality.of_each_row(table))
            for is_in_slice in _slices(connection, table)
        ]
    )


def _slices(connection: sa.Connection, table: Table) -> Iterator[Chosen]:
    """Conditions that part the rows of a table, with about SLICE rows each."""
    name = _sliced_by(table)
    if name is None:
        yield lambda _: sa.true()
        return
    number = statements.as_sql(table).c[name]
    lowest, highest, rows = connection.execute(
        sa.select(sa.func.min(number), sa.func.max(number), sa.func.count())
    ).one()
    step = max(1, SLICE * ((highest or 0) - (lowest or 0) + 1) // max(rows, 1))
    for start in range(lowest or 0, (highest or 0) + 1, step):
        yield partial(_is_between, name, start, start + step - 1)


def _is_between(name: str, first: int, last: int, rows: sa.TableClause) -> sa.ColumnElement[bool]:
    return rows.c[name].between(first, last)


def _sliced_by(table: Table) -> str | None:
    """The article, so that all its revisions are judged together, else a key; None for a table that has none: it is
    small. Not the number of the row, for a lake may give several the same.
    """
    names = [column.name for column in table.columns if not column.is_nullable]
    of_articles = (name for name in ("article_id", "article_key") if name in names)
    return next(of_articles, None) or next((name for name in names if name.endswith("_key")), None)


def _verify_key(connection: sa.Connection, table: Table, key: tuple[str, ...]) -> quality.Outcome:
    """Whether a key is unique in the whole table. DuckDB finds the rows that share one: a frame that is empty."""
    rows = statements.as_sql(table)
    columns = [rows.c[name] for name in key]
    shared = sa.select(*columns).group_by(*columns).having(sa.func.count() > 1)
    sharing = sa.select(*columns).where(sa.tuple_(*columns).in_(shared))
    return quality.validate(
        _frame(connection, _text(connection, sharing)), f"{table.name}_keys", [quality.unique(table, key)]
    )


def _rows(connection: sa.Connection, table: Table, is_chosen: Chosen) -> pd.DataFrame:
    """The rows to be verified: long texts as their lengths, each reference with whether it leads somewhere."""
    rows = statements.as_sql(table)
    columns: list[Any] = [
        sa.func.strlen(rows.c[column.name]).label(column.name) if _is_text(table, column.name) else rows.c[column.name]
        for column in table.columns
    ]
    columns += [
        _is_resolved(rows.c[column.name], column.references).label(f"{column.name}_is_resolved")
        for column in table.columns
        if column.references
    ]
    return _frame(connection, _text(connection, sa.select(*columns).where(is_chosen(rows))))


def _text(connection: sa.Connection, query: sa.Select[Any]) -> str:
    return str(query.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True}))


def _frame(connection: sa.Connection, query: str) -> pd.DataFrame:
    found = statements.raw(connection).execute(query).to_arrow_table()
    return found.to_pandas(types_mapper=pd.ArrowDtype)


def _is_touched(table: Table, rows: sa.TableClause) -> sa.ColumnElement[bool]:
    """Whether a row is of a touched article or of an unverified run, or is referred to by one that is."""
    names = {column.name for column in table.columns}
    if restricting := next((name for name in ("article_key", "article_id") if name in names), None):
        touched = sa.table("touched", sa.column("article_key"), sa.column("article_id"))
        return rows.c[restricting].in_(sa.select(touched.c[restricting]))
    if "run_id" in names:
        runs = statements.as_sql(all_tables()["ops.load_run"])
        return rows.c.run_id.in_(sa.select(runs.c.run_id).where(runs.c.state != "verified"))
    key = rows.c[statements.single_key(table)]
    others = [other for other in _stored() if other is not table and _refers_to(other, table)]
    referring = [key.in_(_touched_references(other, table)) for other in others]
    return sa.or_(*referring) if referring else sa.true()  # such a table is small


def _refers_to(other: Table, table: Table) -> bool:
    return any(column.references == table.full_name for column in other.columns)


def _touched_references(other: Table, table: Table) -> sa.CompoundSelect[Any]:
    """The keys of a table that the touched rows of another one refer to."""
    rows = statements.as_sql(other)
    names = [column.name for column in other.columns if column.references == table.full_name]
    return sa.union_all(*(sa.select(rows.c[name]).where(_is_touched(other, rows)) for name in names))


def _is_text(table: Table, column: str) -> bool:
    return table.full_name == "news.article_text" and column != "article_key"


def _is_resolved(column: sa.ColumnClause[Any], references: str | None) -> sa.ColumnElement[bool]:
    target = all_tables()[str(references)]
    return column.in_(sa.select(statements.as_sql(target).c[statements.single_key(target)]))
