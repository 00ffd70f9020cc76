"""Ids and addresses that different articles share: found by their texts, and parted from what they had merged.

Such a key identifies none of them from then on: in ops.article_alias it leads to NO_ARTICLE. Everything that came
under it is known by its content, whatever came first, so that the order of loading makes no difference.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import duckdb
import pyarrow as pa
import sqlalchemy as sa

from etl import words
from etl.normalise.identity import ADDRESS, assign_articles
from etl.normalise.other_articles import are_other_articles
from etl.settings import SQL
from etl.warehouse import loading, statements
from etl.warehouse.catalogue import statements_in

FOLDER = SQL / "addresses"

NO_ARTICLE = 0

MOST_COMPARED = 32
"""Texts under one id or address that are compared, of the stored ones and of those that come."""

KNOWN = {"most": MOST_COMPARED, "address": ADDRESS}

PAIRS_AT_ONCE = 1_024
"""What keeps the memory bounded: each pair holds two bodies."""

SHARED = pa.schema({"kind": pa.string(), "value": pa.string(), "dump_key": pa.int64()})
SHARE = "apart: different articles share the id or address under which they were stored"
MOVED = pa.schema({"article_key": pa.int64(), "former_article_id": pa.int64(), "article_id": pa.int64()})
MOVED_KEYS = pa.schema(
    {"kind": pa.string(), "value": pa.string(), "former_article_id": pa.int64(), "article_id": pa.int64()}
)
ARTICLES = pa.schema({"article_id": pa.int64()})


@dataclass(frozen=True)
class Merged:
    """Two articles that were merged: revisions of one article that an id or address which several share led to it."""

    article_id: int
    kind: str
    """The kind of the key that merged them, as in ops.article_alias."""
    value: str
    dump_key: int
    """The later of the two deliveries."""
    headlines: tuple[str | None, str | None]


def part_in_batch(connection: sa.Connection, parameters: dict[str, Any]) -> bool:
    """Find the ids and addresses under which the batch in `arriving` brings other articles than are stored, or several.

    They lead to no article any more, and stored articles that they had merged are parted. Returns whether there are.
    """
    if not statements.run_file(connection, FOLDER / "contested.sql", {**parameters, **KNOWN}).scalar_one():
        return False
    found = {
        (row["kind"], row["value"]) for row in _of_others(statements.raw(connection), "contested_pairs", parameters)
    }
    if not found:
        return False
    keys = pa.Table.from_pylist([{"kind": kind, "value": value} for kind, value in sorted(found)])
    with statements.registered(connection, "found", keys):
        first = (
            "select kind, value, min(dump_key) as dump_key from claim semi join found using (kind, value) group by all"
        )
        shared = statements.raw(connection).execute(first).to_arrow_table().cast(SHARED)
    parted = part(connection, shared)
    if parted:
        came_apart = words.counted(len(parted), "revision is now an article", "revisions are now articles")
        with statements.registered(connection, "shared_key", shared):
            statements.run_file(connection, FOLDER / "told.sql", {"told": f"{came_apart} {SHARE}"})
    return True


def merged_articles(connection: duckdb.DuckDBPyConnection) -> list[Merged]:
    """One pair of every article and key by which different articles were merged, in order. Changes nothing."""
    found: dict[tuple[int, str, str], Merged] = {}
    for row in _of_others(connection, "merged_pairs", {}):
        key = row["article_id"], row["kind"], row["value"]
        headlines = row["one_headline"], row["other_headline"]
        found.setdefault(key, Merged(*key, row["dump_key"], headlines))
    return [found[key] for key in sorted(found)]


def _of_others(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: dict[str, Any]
) -> Iterable[dict[str, Any]]:
    """The pairs that a query finds whose texts are different articles, without their bodies."""
    (statement,) = statements_in(FOLDER / f"{query}.sql")
    known = {**parameters, **KNOWN}
    names = {name: known[name] for name in statement.parameters}
    for batch in connection.execute(statement.sql, names).to_arrow_reader(PAIRS_AT_ONCE):
        pairs = pa.Table.from_batches([batch])
        are_others = pa.array(are_other_articles(pairs), pa.bool_())
        yield from pairs.drop_columns(["one_body", "other_body"]).filter(are_others).to_pylist()


def part(connection: sa.Connection, shared: pa.Table, merged: Iterable[int] = ()) -> list[int]:
    """Let the keys in `shared` (SHARED) lead to no article; part what they had merged, and the articles `merged`.

    Each revision stays with those that another key ties it to. Returns the revisions that have another
    article now.
    """
    articles = pa.table({"article_id": list(merged)}, ARTICLES)
    with (
        statements.registered(connection, "shared_key", shared),
        statements.registered(connection, "merged_article", articles),
    ):
        (statement,) = statements_in(FOLDER / "affected.sql")
        affected = statements.raw(connection).execute(statement.sql).to_arrow_table()
        next_id = connection.exec_driver_sql(
            "select coalesce(max(article_id), 0) + 1 from ops.article_alias"
        ).scalar_one()
        moved, moved_keys = _parted(affected.to_pylist(), next_id)
        with (
            statements.registered(connection, "affected", affected),
            statements.registered(connection, "moved", pa.Table.from_pylist(moved, MOVED)),
            statements.registered(connection, "moved_key", pa.Table.from_pylist(moved_keys, MOVED_KEYS)),
        ):
            statements.run_file(connection, FOLDER / "touched.sql", {})
            loading.count_off(connection)
            statements.run_file(connection, FOLDER / "separate.sql", {})
        loading.load_tables(connection, {"sign": 1}, loading.derived_statements)
    return [row["article_key"] for row in moved]


def _parted(affected: list[dict[str, Any]], next_id: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The revisions (rows of affected.sql) and keys that go to other articles; the first keeps its article."""
    moved, moved_keys = [], []
    for article_id, group in groupby(affected, lambda row: row["article_id"]):
        rows = list(group)
        records = [
            [
                *([(row["native_kind"], row["native_id"])] if row["native_kind"] else []),
                *([("url", row["url"])] if row["url"] else []),
                ("content", row["content_key"]),
            ]
            for row in rows
        ]
        assigned = assign_articles(records, {}, {}, 0)
        new_ids = {0: article_id} | {part: next_id + part - 1 for part in range(1, assigned.next_article_id)}
        next_id += assigned.next_article_id - 1
        for row, part in zip(rows, assigned.article_ids, strict=True):
            if part:
                moved.append({**row, "former_article_id": article_id, "article_id": new_ids[part]})
        for kind, value, part, _ in assigned.new_aliases:
            if part:
                key = {"kind": kind, "value": value, "former_article_id": article_id, "article_id": new_ids[part]}
                moved_keys.append(key)
    return moved, moved_keys
