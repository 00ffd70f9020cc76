"""Clean articles into the warehouse: a transaction per batch, the ledger inside it.

A run killed at any moment leaves whole batches, and a rerun finishes the job.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from etl import store, words
from etl.declared.publications import load_publications
from etl.model import DumpState, Stage
from etl.run import Batch, Run
from etl.schemas import REJECTED
from etl.settings import SQL
from etl.stages import quality, taken_down
from etl.stages.isolation import in_words, is_of_machine, isolated
from etl.stages.scans import record_scan
from etl.warehouse import addresses, declared, lake_writing, loading, opening, statements
from etl.warehouse.assignment import assign
from etl.warehouse.catalogue import all_tables, statements_in

log = logging.getLogger(__name__)

STAGE = SQL / "stage"

NOTHING: Mapping[int, str] = {}

MOST_TRIED = 20
"""Articles that are searched for in a batch that cannot be loaded: each costs several loads that are rolled back."""

SMALLEST_JUDGED = 50
"""Shares of articles are judged from so many on; as in expectations/incoming_dump.py."""

OTHER_TEXT = 0.5
"""Two texts that share less than this share of their different words are quite other texts."""

VERSIONED = ("broadsheet", "duckdb", "pandas", "pyarrow", "great-expectations", "sqlalchemy")


class LawBroken(Exception):
    """What a batch loaded is not what it read. The message names the dumps and their counts."""


def load_batches(run: Run, batches: list[int]) -> dict[str, int]:
    """Load every batch of the run; returns the totals of the ledger. Without batches, that it looked is noted."""
    if not batches:
        _record_idle(run)
        return {}
    with opening.opened(opening.thrifty(run.settings), f"load of run {run.run_id}") as engine:
        for number in batches:
            _load_batch(engine, run, run.batch(number))
        sums = lake_writing.in_transaction(engine, partial(_close, run))
    log.info("The ledger of %s: %s.", words.counted(sums["dumps"], "dump"), words.totals(sums))
    return sums


def _close(run: Run, connection: sa.Connection, _: int) -> dict[str, int]:
    """Note what the whole run found. Returns the totals of its ledger."""
    quality.record_once(connection, run.run_id, pq.read_table(run.quality))
    _drop_orphans(connection, run)
    record_scan(connection, run)
    totals = statements.run_file(connection, STAGE / "run_totals.sql", {"run_id": run.run_id})
    return dict(totals.mappings().one())


def _record_idle(run: Run) -> None:
    """Note that a run over every feed found nothing new, and follow publications.toml, if there is a warehouse yet."""
    if run.request.is_whole and run.seen.exists() and opening.exists(run.settings):
        with opening.opened(run.settings, f"note of run {run.run_id}") as engine, engine.begin() as connection:
            if declared.follow(connection, load_publications(run.settings)):
                record_run(connection, run)
            record_scan(connection, run)


def _load_batch(engine: sa.Engine, run: Run, batch: Batch) -> None:
    """Load one batch; what breaks the load is held back. Where that does not help, its dumps are recorded as failed."""
    parameters = _parameters(run, batch)
    try:
        _load_whole(engine, run, batch, parameters)
    except LawBroken as error:
        _record_failed(engine, run, batch, parameters, str(error))
    except Exception as error:
        if is_of_machine(error):
            raise
        log.exception("batch %s was rolled back; looking for the articles that break its load", batch.number)
        _load_without_culprits(engine, run, batch, parameters, error)


def _load_whole(
    engine: sa.Engine, run: Run, batch: Batch, parameters: dict[str, Any], failing: Mapping[int, str] = NOTHING
) -> None:
    def fill(connection: sa.Connection, retries: int) -> None:
        tried = {**parameters, "retries": retries}
        _fill(connection, tried, failing)
        _finish(connection, run, batch, tried)

    lake_writing.in_transaction(engine, fill)
    log.info("Batch %s is in the warehouse, with its ledger.", batch.number)


def _load_without_culprits(
    engine: sa.Engine, run: Run, batch: Batch, parameters: dict[str, Any], error: Exception
) -> None:
    """Find the articles that break the load, reject them and load the others. Raises `error` where none is at fault."""
    with engine.connect() as connection:
        (query,) = statements_in(STAGE / "loadable.sql")
        names = {name: parameters[name] for name in query.parameters}
        articles = statements.raw(connection).execute(query.sql, names).to_arrow_table().to_pandas()

    def tried(some: pd.DataFrame) -> None:
        held = articles.drop(some.index).assign(reason="")
        with _held_back(held, batch, parameters) as others_held, engine.connect() as connection:
            transaction = connection.begin()
            try:
                _fill(connection, others_held)
            finally:
                transaction.rollback()

    try:
        tried(articles.iloc[:0])
    except Exception as without:  # any article
        raise (without if is_of_machine(without) else error) from None
    _, culprits = isolated(articles, tried, MOST_TRIED)
    reasons = [f"it cannot be loaded: {culprit.reason}" for culprit in culprits]
    held = articles.loc[[culprit.row for culprit in culprits]].assign(reason=reasons)
    try:
        with _held_back(held, batch, parameters) as culprits_held:
            _load_whole(engine, run, batch, culprits_held, _mostly_held(held, articles))
    except LawBroken as again:
        _record_failed(engine, run, batch, parameters, str(again))
    except Exception as again:
        if is_of_machine(again):
            raise
        log.exception("batch %s was rolled back again", batch.number)
        reason = f"a fault of Broadsheet stopped its whole batch: {in_words(again)}; report it"
        _record_failed(engine, run, batch, parameters, reason)


def _mostly_held(held: pd.DataFrame, articles: pd.DataFrame) -> dict[int, str]:
    """The deliveries most of whose articles (of at least SMALLEST_JUDGED) break the load: no single one is at fault."""
    sizes, broken = articles.groupby("delivery").size(), held.groupby("delivery").size()
    reasons = held.groupby("delivery")["reason"].first()
    return {
        int(delivery): f"{number:,} of its {sizes[delivery]:,} articles break the load; first: {reasons[delivery]}"
        for delivery, number in broken.items()
        if sizes[delivery] >= SMALLEST_JUDGED and number * 2 > sizes[delivery]
    }


@contextmanager
def _held_back(held: pd.DataFrame, batch: Batch, parameters: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The parameters of a load that holds articles back: they are rejected together with those rejected before."""
    rejected = pq.read_table(parameters["rejected_path"])
    rows = held.assign(stage=str(Stage.load), quarantine_file=batch.quarantine_file)[REJECTED.names]
    more = pa.Table.from_pandas(rows, REJECTED, preserve_index=False)
    # Always another name: DuckDB caches what it has read of a file.
    with TemporaryDirectory(prefix="held-back-", dir=batch.folder) as folder:
        path = Path(folder, "rejected.parquet")
        pq.write_table(pa.concat_tables([rejected, more]), path)
        yield {**parameters, "rejected_path": str(path)}


def _record_failed(engine: sa.Engine, run: Run, batch: Batch, parameters: dict[str, Any], reason: str) -> None:
    """Load nothing of a batch, and say why in the ledger."""
    log.error("batch %s was rolled back: %s", batch.number, reason)
    dumps = pq.read_table(run.dumps, columns=["delivery"], filters=[("batch", "=", batch.number)])
    _load_whole(engine, run, batch, parameters, dict.fromkeys(dumps["delivery"].to_pylist(), reason))


def _fill(connection: sa.Connection, parameters: dict[str, Any], failing: Mapping[int, str] = NOTHING) -> None:
    """Everything that a batch writes into the tables; nothing of the deliveries that are failing."""
    statements.run_file(connection, STAGE / "incoming_dump.sql", parameters)
    statements.run_file(connection, STAGE / "held_back.sql", parameters)
    for delivery, reason in failing.items():
        _set_aside(connection, DumpState.failed, reason, delivery=delivery)
    statements.run_file(connection, STAGE / "known_alias.sql", parameters)
    for dump_key, reason in _reused_ids(connection, parameters).items():
        _set_aside(connection, DumpState.refused, reason, dump_key)
    _withhold_taken_down(connection, parameters)
    statements.run_file(connection, STAGE / "arriving.sql", parameters)
    addresses.part_in_batch(connection, parameters)
    statements.run_file(connection, STAGE / "candidate.sql", parameters)
    assign(connection)
    for stage in ("keyed", "incoming"):
        statements.run_file(connection, STAGE / f"{stage}.sql", parameters)
    loading.count_off(connection)
    loading.load_tables(connection, parameters)


def _withhold_taken_down(connection: sa.Connection, parameters: dict[str, Any]) -> None:
    """Reject what was taken down since the run was planned."""
    names = ("articles_path", "tombstones_path", "accept_alike")
    judged = taken_down.judge_batch(connection, *(parameters[name] for name in names))
    columns = {"ordinal": list(judged), "reason": list(judged.values())}
    schema = pa.schema({"ordinal": pa.int64(), "reason": pa.string()})
    with statements.registered(connection, "judged", pa.table(columns, schema)):
        statements.run_file(connection, STAGE / "taken_down.sql", parameters)


def _finish(connection: sa.Connection, run: Run, batch: Batch, parameters: dict[str, Any]) -> None:
    """Follow publications.toml, keep what was rejected, and check what was written by the law of the ledger.

    Raises LawBroken.
    """
    declared.follow(connection, load_publications(run.settings))
    _quarantine(connection, run, batch, parameters)
    if batch.replayed.exists():
        statements.run_file(connection, STAGE / "replayed.sql", {**parameters, "replayed_path": str(batch.replayed)})
    broken = statements.run_file(connection, STAGE / "broken_law.sql", parameters).mappings().fetchall()
    if broken:
        raise LawBroken(_law_broken(broken))


def record_run(connection: sa.Connection, run: Run) -> None:
    """Note a run in ops.load_run, once."""
    for statement in all_tables()["ops.load_run"].load:
        statements.run(connection, statement, _run_parameters(run))


def _run_parameters(run: Run) -> dict[str, Any]:
    return {
        "run_id": run.run_id,
        "trigger": run.trigger,
        "loaded_at": run.started_at,
        "retries": 0,
        "versions": json.dumps({name: version(name) for name in VERSIONED}),
    }


def _parameters(run: Run, batch: Batch) -> dict[str, Any]:
    return {
        **_run_parameters(run),
        "batch": batch.number,
        "sign": 1,
        "force": run.request.force,
        "accept_alike": run.request.accept_alike,
        "tombstones_path": str(run.tombstones),
        "dumps_path": str(run.dumps),
        "articles_path": list(map(str, batch.articles)),
        "rejected_path": str(batch.rejected),
    }


def _law_broken(broken: Any) -> str:
    first = dict(broken[0])
    counts = ", ".join(f"{name} {value}" for name, value in first.items() if name != "path")
    return (
        f"the law of the ledger would be broken by {len(broken)} of its dumps, first {first['path']!r}: {counts}; "
        "nothing of their batch was loaded; report this fault of Broadsheet"
    )


def _set_aside(
    connection: sa.Connection, state: str, reason: str, dump_key: int | None = None, delivery: int | None = None
) -> None:
    """Take a dump of the batch, by its key or its number in the run, out of the load, with the reason."""
    parameters = {"state": state, "reason": reason, "dump_key": dump_key, "delivery": delivery}
    statements.run_file(connection, STAGE / "set_aside.sql", parameters)


def _reused_ids(connection: sa.Connection, parameters: dict[str, Any]) -> dict[int, str]:
    """Dumps most of whose articles would revise earlier ones with quite other text, and the reason to refuse them."""
    rows: Any = statements.run_file(connection, STAGE / "would_revise.sql", parameters).fetchall()
    pairs: dict[tuple[int, int, int], list[bool]] = {}
    for dump_key, articles, revisions, before, after in rows:
        pairs.setdefault((dump_key, articles, revisions), []).append(_is_other_text(before, after))
    return {
        dump_key: f"{revisions} of its {articles} articles would replace earlier ones, most with quite other text: "
        "its ids are being reused; name another id_column in its stanza, or none"
        for (dump_key, articles, revisions), others in pairs.items()
        if revisions * sum(others) / len(others) > articles / 2
    }


def _is_other_text(before: str, after: str) -> bool:
    old, new = set(before.split()), set(after.split())
    return len(old & new) < OTHER_TEXT * len(old | new)


def _quarantine(connection: sa.Connection, run: Run, batch: Batch, parameters: dict[str, Any]) -> None:
    """Keep the raw record of every rejected article below quarantine/, so that it can be replayed."""
    rejected = pq.read_table(parameters["rejected_path"], columns=["ordinal", "quarantine_file"])
    if not rejected.num_rows:
        return
    target = run.settings.quarantine_folder / rejected["quarantine_file"][0].as_py()
    known = {**parameters, "raw_path": list(map(str, batch.raw)), "pieces_path": list(map(str, batch.pieces))}
    known["date_habits_path"] = str(batch.date_habits)
    (statement,) = statements_in(STAGE / "quarantined.sql")
    names = {name: known[name] for name in statement.parameters}
    kept = statements.raw(connection).execute(statement.sql, names).to_arrow_table()
    with store.written(target) as file:
        pq.write_table(kept, file, compression="zstd")


def _drop_orphans(connection: sa.Connection, run: Run) -> None:
    """Remove the quarantine files of loads that were killed before their commit: the ledger names none of them."""
    named = connection.exec_driver_sql("select distinct quarantine_file from ops.rejected_article").scalars().all()
    kept = store.files(run.settings.quarantine_folder)
    store.remove([file for file in kept if file.suffix == ".parquet" and file.name not in named])
