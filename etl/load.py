"""Clean articles into the warehouse: a transaction per batch, the ledger inside it.

A run killed at any moment leaves whole batches, and a rerun finishes the job.
"""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from importlib.metadata import version
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import sqlalchemy as sa

from etl import stories, warehouse, words
from etl.catalogue import catalogue, statements
from etl.normalise.identity import Key, assign_articles
from etl.run import Batch, Run
from etl.settings import SQL

log = logging.getLogger(__name__)

STAGE = SQL / "stage"
ASSIGNED_AT_ONCE = 122_880
"""Articles whose keys are looked up together: the size of a DuckDB row group."""

THREADS = 1
"""Two take as long and a third more of processor time: what they hold at once overflows the memory, and is spilled."""

OTHER_TEXT = 0.5
"""Two texts that share less than this share of their different words are quite other texts."""

VERSIONED = ("broadsheet", "duckdb", "pandas", "pyarrow", "great-expectations", "sqlalchemy")


class LawBroken(Exception):
    """What a batch loaded is not what it read. The message names the dumps and their counts."""


def load(run: Run, batches: list[int]) -> dict[str, int]:
    """Load every batch of the run; gives the sums of the ledger. Does not open the warehouse for nothing."""
    if not batches:
        return {}
    with warehouse.opened(replace(run.settings, threads=THREADS), f"load of run {run.run_id}") as engine:
        for number in batches:
            _load_batch(engine, run, run.batch(number))
        with engine.begin() as connection:
            _add_quality_results(connection, run)
            _drop_orphans(connection, run)
            sums = _sums(connection, run)
    log.info("The ledger of %s: %s.", words.counted(sums["dumps"], "dump"), words.totals(sums))
    return sums


def _load_batch(engine: sa.Engine, run: Run, batch: Batch) -> None:
    """Load one batch, or record why it could not be: a broken law is rolled back, and its dumps failed."""
    try:
        with engine.begin() as connection:
            _fill(connection, run, batch)
        log.info("Batch %s is in the warehouse, with its ledger.", batch.number)
    except LawBroken as error:
        log.error("batch %s was rolled back: %s", batch.number, error)
        with engine.begin() as connection:
            _fill(connection, run, batch, failed=str(error))


def _fill(connection: sa.Connection, run: Run, batch: Batch, failed: str | None = None) -> None:
    parameters = _parameters(run, batch)
    warehouse.run_file(connection, STAGE / "incoming_dump.sql", parameters)
    if failed:
        _set_aside(connection, "failed", failed)
    warehouse.run_file(connection, STAGE / "known_alias.sql", parameters)
    if reused := _reused_ids(connection, parameters):
        for dump_key, reason in reused.items():
            _set_aside(connection, "refused", reason, dump_key)
    for stage in ("taken_down", "candidate"):
        warehouse.run_file(connection, STAGE / f"{stage}.sql", parameters)
    _assign(connection)
    for stage in ("keyed", "incoming"):
        warehouse.run_file(connection, STAGE / f"{stage}.sql", parameters)
    warehouse.count_off(connection)
    for table in catalogue().values():
        if table.full_name == stories.TABLE:
            stories.settle(connection, parameters["articles_path"])
        for statement in table.load:
            warehouse.run(connection, statement, parameters)
    _quarantine(connection, run, batch)
    if batch.replayed.exists():
        warehouse.run_file(connection, STAGE / "replayed.sql", {**parameters, "replayed_path": str(batch.replayed)})
    broken = warehouse.run_file(connection, STAGE / "broken_law.sql", parameters).mappings().fetchall()
    if broken:
        raise LawBroken(_told(broken))


def record_run(connection: sa.Connection, run: Run) -> None:
    """Note a run in ops.load_run, once."""
    for statement in catalogue()["ops.load_run"].load:
        warehouse.run(connection, statement, _run_parameters(run))


def _run_parameters(run: Run) -> dict[str, Any]:
    return {
        "run_id": run.run_id,
        "trigger": run.trigger,
        "loaded_at": run.started_at,
        "versions": json.dumps({name: version(name) for name in VERSIONED}),
    }


def _parameters(run: Run, batch: Batch) -> dict[str, Any]:
    return {
        **_run_parameters(run),
        "batch": batch.number,
        "sign": 1,
        "force": run.request.force,
        "dumps_path": str(run.dumps),
        "articles_path": str(batch.articles),
        "rejected_path": str(batch.rejected),
    }


def _told(broken: Any) -> str:
    first = dict(broken[0])
    counts = ", ".join(f"{name} {value}" for name, value in first.items() if name != "path")
    return (
        f"the law of the ledger would be broken by {len(broken)} of its dumps, first {first['path']!r}: {counts}; "
        "nothing of their batch was loaded; this is a fault of Broadsheet: report it"
    )


def _set_aside(connection: sa.Connection, state: str, reason: str, dump_key: int | None = None) -> None:
    """Take dumps of the batch out of the load, with the reason."""
    connection.exec_driver_sql(
        """
        update incoming_dump set state = $state, reason = $reason, rejected = articles_read
        where state = 'loaded' and ($dump_key is null or dump_key = $dump_key)
        """,
        {"state": state, "reason": reason, "dump_key": dump_key},
    )


def _assign(connection: sa.Connection) -> None:
    """Fill the table `assignment` with the article of each candidate, and ops.article_alias with new keys."""
    connection.exec_driver_sql((STAGE / "assignment.sql").read_text())
    next_id = connection.exec_driver_sql("select coalesce(max(article_id), 0) + 1 from ops.article_alias").scalar_one()
    raw = warehouse.raw(connection)
    candidates = raw.execute("from candidate order by ordinal").to_arrow_table()
    for start in range(0, candidates.num_rows, ASSIGNED_AT_ONCE):
        chunk = candidates.slice(start, ASSIGNED_AT_ONCE)
        with warehouse.registered(connection, "keys", _keys(chunk)):
            known = raw.execute((STAGE / "owners.sql").read_text()).fetchall()
        owners = {(kind, value): article_id for kind, value, article_id, is_asked in known if is_asked}
        kinds_of: dict[int, set[str]] = {}
        for kind, _, article_id, _ in known:
            kinds_of.setdefault(article_id, set()).add(kind)
        assignment = assign_articles(_records(chunk), owners, kinds_of, next_id)
        next_id = assignment.next_article_id
        assigned = pa.table({"ordinal": chunk["ordinal"], "article_id": pa.array(assignment.article_ids, pa.int64())})
        with warehouse.registered(connection, "assigned", assigned):
            connection.exec_driver_sql(
                """
                insert into assignment
                select ordinal, dump_key, article_id, identity_basis, content_hash, has_id_collision
                from candidate inner join assigned using (ordinal) order by ordinal
                """
            )
        columns = list(zip(*assignment.new_aliases, strict=True)) or [(), (), (), ()]
        types = {"kind": pa.string(), "value": pa.string(), "article_id": pa.int64(), "place": pa.int64()}
        aliases = pa.table({n: pa.array(c, t) for (n, t), c in zip(types.items(), columns, strict=True)})
        aliases = aliases.append_column("dump_key", chunk["dump_key"].take(aliases["place"]))
        with warehouse.registered(connection, "new_alias", aliases):
            connection.exec_driver_sql("insert into known_alias select kind, value, article_id from new_alias")
            connection.exec_driver_sql(
                "insert into ops.article_alias select kind, value, article_id, dump_key from new_alias"
            )


def _keys(candidates: pa.Table) -> pa.Table:
    """Every key of the candidates, one per row: kind and value."""
    urls = pa.array(["url"] * candidates.num_rows)
    contents = pa.array(["content"] * candidates.num_rows)
    parts = [
        pa.table({"kind": candidates["native_kind"], "value": candidates["native_id"]}),
        pa.table({"kind": urls, "value": candidates["url"]}),
        pa.table({"kind": contents, "value": candidates["content_key"]}),
    ]
    keys = pa.concat_tables(part.cast(pa.schema({"kind": pa.string(), "value": pa.string()})) for part in parts)
    return keys.filter(pc.and_(pc.is_valid(keys["kind"]), pc.is_valid(keys["value"])))


def _records(candidates: pa.Table) -> list[list[Key]]:
    """The keys of each candidate, strongest first."""
    names = ("native_kind", "native_id", "url", "content_key")
    rows = zip(*(candidates[name].to_pylist() for name in names), strict=True)
    return [
        [*([(kind, native_id)] if kind else []), *([("url", url)] if url else []), ("content", content)]
        for kind, native_id, url, content in rows
    ]


def _reused_ids(connection: sa.Connection, parameters: dict[str, Any]) -> dict[int, str]:
    """Dumps most of whose articles would revise earlier ones with quite other text, and the reason to refuse them."""
    rows: Any = warehouse.run_file(connection, STAGE / "would_revise.sql", parameters).fetchall()
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
    words, new_words = set(before.split()), set(after.split())
    return len(words & new_words) < OTHER_TEXT * len(words | new_words)


def _quarantine(connection: sa.Connection, run: Run, batch: Batch) -> None:
    """Keep the raw record of every rejected article below quarantine/, so that it can be replayed."""
    rejected = pq.read_table(batch.rejected, columns=["ordinal", "quarantine_file"])
    if not rejected.num_rows:
        return
    target = run.settings.quarantine / rejected["quarantine_file"][0].as_py()
    target.parent.mkdir(parents=True, exist_ok=True)
    parameters = {**_parameters(run, batch), "raw_path": str(batch.raw), "pieces_path": str(batch.pieces)}
    (statement,) = statements(STAGE / "quarantined.sql")
    names = {name: parameters[name] for name in statement.parameters}
    kept = warehouse.raw(connection).execute(statement.sql, names).to_arrow_table()
    pq.write_table(kept, target, compression="zstd")


def _drop_orphans(connection: sa.Connection, run: Run) -> None:
    """Remove the quarantine files of loads that were killed before their commit: the ledger names none of them."""
    named = connection.exec_driver_sql("select distinct quarantine_file from ops.rejected_article").scalars().all()
    for file in run.settings.quarantine.glob("*.parquet"):
        if file.name not in named:
            file.unlink()


def _add_quality_results(connection: sa.Connection, run: Run) -> None:
    """Copy what the checks found into ops.quality_result, once."""
    connection.exec_driver_sql(
        """
        insert into ops.quality_result
        select
            $run_id, suite, expectation, column_name, severity, success, unexpected_count, observed_value, reason
        from read_parquet($path)
        where
            exists (select 1 from ops.load_run where run_id = $run_id)
            and not exists (select 1 from ops.quality_result where run_id = $run_id)
        """,
        {"run_id": run.run_id, "path": str(run.quality)},
    )


def _sums(connection: sa.Connection, run: Run) -> dict[str, int]:
    row = connection.exec_driver_sql(
        """
        select
            count(*) as dumps,
            coalesce(sum(articles_read), 0)::bigint as articles_read,
            coalesce(sum(inserted), 0)::bigint as inserted,
            coalesce(sum(revised), 0)::bigint as revised,
            coalesce(sum(unchanged), 0)::bigint as unchanged,
            coalesce(sum(rejected), 0)::bigint as rejected
        from ops.dump_load
        where run_id = $run_id
        """,
        {"run_id": run.run_id},
    ).mappings()
    return dict(row.one())
