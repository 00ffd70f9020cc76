"""Ids and addresses that different articles share: found by their texts, and parted from what they had merged.

Such a key identifies none of them from then on: in ops.article_alias it leads to the article 0, which is none. Each
text that comes under it is known by its content, and by the texts under the same key that it is a state of, whatever
came first, so that the order of loading makes no difference.
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
from etl.settings import SQL
from etl.warehouse import loading, statements
from etl.warehouse.catalogue import statements_in
from etl.warehouse.comparison import FOLDER, Compared, Text, compared

MOST_COMPARED = 32
"""Texts under one id or address that are compared, of the stored ones and of those that come."""

KNOWN = {"most": MOST_COMPARED, "address": ADDRESS}

SHARED = pa.schema({"kind": pa.string(), "value": pa.string(), "dump_key": pa.int64()})
SHARE = "apart: different articles share the id or address under which they were stored"
MOVED = pa.schema({"article_key": pa.int64(), "former_article_id": pa.int64(), "article_id": pa.int64()})
MOVED_KEYS = pa.schema(
    {"kind": pa.string(), "value": pa.string(), "former_article_id": pa.int64(), "article_id": pa.int64()}
)
ARTICLES = pa.schema({"article_id": pa.int64()})
ALIKE = pa.schema({"ordinal": pa.int64(), "content_key": pa.string()})

Leaders = dict[int, str]
"""Revision -> content key of the first text that it is a state of."""


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


def part_in_batch(connection: sa.Connection, parameters: dict[str, Any]) -> None:
    """Find the ids and addresses under which the batch in `arriving` brings other articles than are stored, or several.

    They lead to no article any more, and stored articles that they had merged are parted. Fills `alike`: the articles
    of the batch that are states of another text under such a key. Keeps `known_alias` up to date.
    """
    known = {**parameters, **KNOWN}
    if not statements.run_file(connection, FOLDER / "contested.sql", known).scalar_one():
        return
    shared: list[dict[str, Any]] = []
    leaders: Leaders = {}
    alike: list[dict[str, Any]] = []
    for claimed in compared(statements.raw(connection), "contested_texts", known):
        if claimed.others is None and not claimed.is_shared:
            continue
        if not claimed.is_shared:
            first = min(text["dump_key"] for text in claimed.texts if text["is_new"])
            shared.append({"kind": claimed.kind, "value": claimed.value, "dump_key": first})
        for text, leader in _led(claimed):
            if text["is_new"]:
                alike.append({"ordinal": text["place"], "content_key": leader["content_key"]})
            else:
                leaders[text["place"]] = leader["content_key"]
    if shared:
        _part_shared(connection, pa.Table.from_pylist(shared, SHARED), leaders)
        statements.run_file(connection, SQL / "stage" / "known_alias.sql", parameters)
    with statements.registered(connection, "alike_text", pa.Table.from_pylist(alike, ALIKE)):
        statements.run_file(connection, FOLDER / "alike.sql", {})


def _part_shared(connection: sa.Connection, shared: pa.Table, leaders: Leaders) -> None:
    """Part what the keys in `shared` had merged, and say so in the ledger of the dumps that showed it."""
    parted = part(connection, shared, leaders)
    if parted:
        came_apart = words.counted(len(parted), "revision is now an article", "revisions are now articles")
        with statements.registered(connection, "shared_key", shared):
            statements.run_file(connection, FOLDER / "told.sql", {"told": f"{came_apart} {SHARE}"})


def merged_articles(connection: duckdb.DuckDBPyConnection) -> list[Merged]:
    """One pair of every article and key by which different articles were merged, in order. Changes nothing."""
    return _merged(connection)[0]


def part_merged(connection: sa.Connection) -> tuple[list[Merged], list[int]]:
    """Part all articles that were merged. Returns what was, and the revisions that have another article now."""
    merged, leaders = _merged(statements.raw(connection))
    shared = pa.table({name: [getattr(one, name) for one in merged] for name in SHARED.names}).cast(SHARED)
    return merged, part(connection, shared, leaders, {one.article_id for one in merged}) if merged else []


def _merged(connection: duckdb.DuckDBPyConnection) -> tuple[list[Merged], Leaders]:
    merged: list[Merged] = []
    leaders: Leaders = {}
    for claimed in compared(connection, "merged_texts", KNOWN):
        if claimed.others is not None:
            one, other = claimed.others
            dump_key = max(one["dump_key"], other["dump_key"])
            headlines = one["headline"], other["headline"]
            merged.append(Merged(one["article_id"], claimed.kind, claimed.value, dump_key, headlines))
            leaders |= {text["place"]: leader["content_key"] for text, leader in _led(claimed)}
    return merged, leaders


def _led(claimed: Compared) -> list[tuple[Text, Text]]:
    """The texts that are states of another one, each with that one."""
    pairs = zip(claimed.texts, claimed.leaders, strict=True)
    return [(text, leader) for text, leader in pairs if text["content_key"] != leader["content_key"]]


def part(connection: sa.Connection, shared: pa.Table, leaders: Leaders, merged: Iterable[int] = ()) -> list[int]:
    """Let the keys in `shared` (SHARED) lead to no article; part what they had merged, and the articles `merged`.

    Each revision stays with those that another key, or its text (`leaders`), ties it to. Returns the revisions that
    have another article now.
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
        moved, moved_keys = _parted(affected.to_pylist(), leaders, next_id)
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


def _parted(
    affected: list[dict[str, Any]], leaders: Leaders, next_id: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The revisions (rows of affected.sql) and keys that go to other articles; the first keeps its article."""
    moved, moved_keys = [], []
    for article_id, group in groupby(affected, lambda row: row["article_id"]):
        rows = list(group)
        records = [
            [
                *([(row["native_kind"], row["native_id"])] if row["native_kind"] else []),
                *([("url", row["url"])] if row["url"] else []),
                *([("content", leaders[row["article_key"]])] if row["article_key"] in leaders else []),
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
