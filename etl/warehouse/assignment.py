"""Which article each candidate of a batch is: looked up by its keys, or new."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa

from etl.normalise.identity import Key, assign_articles
from etl.settings import SQL
from etl.warehouse import statements

STAGE = SQL / "stage"
ASSIGNED_AT_ONCE = 122_880
"""Articles whose keys are looked up together: what keeps the memory bounded."""

ALIASES = pa.schema({"kind": pa.string(), "value": pa.string(), "article_id": pa.int64(), "ordinal": pa.int64()})

Ids = np.ndarray[Any, np.dtype[np.int64]]


def assign(connection: sa.Connection) -> None:
    """Fill the table `assignment` with the article of each row of `candidate`, and ops.article_alias with new keys.

    `known_alias` must hold what is known of their keys; see sql/stage/known_alias.sql. Most candidates share no key
    with anything: each of them is a new article. Only the others are looked at one by one.
    """
    with statements.joined_as_written(connection):
        statements.run_file(connection, STAGE / "tied.sql", {})
    next_id = connection.exec_driver_sql("select coalesce(max(article_id), 0) + 1 from ops.article_alias").scalar_one()
    ordinals = _fetch(connection, "select ordinal from candidate order by ordinal")["ordinal"].to_numpy()
    tied = _fetch(connection, "from candidate semi join tied using (ordinal) order by ordinal")
    found, aliases = _assign_tied(connection, tied, next_id)

    places, is_new = np.searchsorted(ordinals, tied["ordinal"].to_numpy()), found >= next_id
    _, first = np.unique(found[is_new], return_index=True)
    created = places[is_new][first]
    creates_article = np.ones(len(ordinals), np.bool_)
    creates_article[places] = False
    creates_article[created] = True
    article_ids = next_id - 1 + np.cumsum(creates_article)
    numbers = article_ids[created]
    article_ids[places] = _renumbered(found, next_id, numbers)

    assigned = pa.table({"ordinal": ordinals, "article_id": article_ids})
    alias_ids = _renumbered(aliases["article_id"].to_numpy(), next_id, numbers)
    aliases = aliases.set_column(ALIASES.get_field_index("article_id"), "article_id", pa.array(alias_ids))
    with (
        statements.registered(connection, "assigned", assigned),
        statements.registered(connection, "tied_alias", aliases),
    ):
        statements.run_file(connection, STAGE / "assignment.sql", {})


def _renumbered(article_ids: Ids, next_id: int, numbers: Ids) -> Ids:
    """Articles, those from `next_id` on by their final numbers."""
    renumbered, is_new = article_ids.copy(), article_ids >= next_id
    renumbered[is_new] = numbers[article_ids[is_new] - next_id]
    return renumbered


def _assign_tied(connection: sa.Connection, tied: pa.Table, next_id: int) -> tuple[Ids, pa.Table]:
    """The articles of candidates, and their new keys (ALIASES); new articles are numbered from `next_id` on."""
    found: list[int] = []
    aliases = [ALIASES.empty_table()]
    for start in range(0, tied.num_rows, ASSIGNED_AT_ONCE):
        candidates = tied.slice(start, ASSIGNED_AT_ONCE)
        assignment = assign_articles(_records(candidates), *_owners(connection, candidates), next_id)
        next_id = assignment.next_article_id
        found += assignment.article_ids
        *columns, places = zip(*assignment.new_aliases, strict=True) if assignment.new_aliases else [()] * len(ALIASES)
        new = pa.table([*columns, candidates["ordinal"].take(pa.array(places, pa.int64()))], ALIASES)
        with statements.registered(connection, "new_alias", new):
            connection.exec_driver_sql("insert into known_alias select kind, value, article_id from new_alias")
        aliases.append(new)
    return np.array(found, np.int64), pa.concat_tables(aliases)


def _owners(connection: sa.Connection, candidates: pa.Table) -> tuple[dict[Key, int], dict[int, set[str]]]:
    """The stored articles that keys of candidates identify, and the kinds of all keys of these articles."""
    with statements.registered(connection, "keys", _keys(candidates)):
        known = statements.raw(connection).execute((STAGE / "owners.sql").read_text()).fetchall()
    owners = {(kind, value): article_id for kind, value, article_id, is_asked in known if is_asked}
    kinds_of: dict[int, set[str]] = {}
    for kind, _, article_id, _ in known:
        kinds_of.setdefault(article_id, set()).add(kind)
    return owners, kinds_of


def _fetch(connection: sa.Connection, query: str) -> pa.Table:
    return statements.raw(connection).execute(query).to_arrow_table()


def _keys(candidates: pa.Table) -> pa.Table:
    """Every key of the candidates, one per row: kind and value."""
    urls = pa.array(["url"] * candidates.num_rows)
    contents = pa.array(["content"] * candidates.num_rows)
    parts = [
        pa.table({"kind": candidates["native_kind"], "value": candidates["native_id"]}),
        pa.table({"kind": urls, "value": candidates["url"]}),
        *(pa.table({"kind": contents, "value": candidates[name]}) for name in ("alike_key", "content_key")),
    ]
    keys = pa.concat_tables(part.cast(pa.schema({"kind": pa.string(), "value": pa.string()})) for part in parts)
    return keys.filter(pc.and_(pc.is_valid(keys["kind"]), pc.is_valid(keys["value"])))


def _records(candidates: pa.Table) -> list[list[Key]]:
    """The keys of each candidate, strongest first."""
    names = ("native_kind", "native_id", "url", "alike_key", "content_key")
    rows = zip(*(candidates[name].to_pylist() for name in names), strict=True)
    return [
        [
            *([(kind, native_id)] if kind else []),
            *([("url", url)] if url else []),
            *([("content", alike)] if alike else []),
            ("content", content),
        ]
        for kind, native_id, url, alike, content in rows
    ]
