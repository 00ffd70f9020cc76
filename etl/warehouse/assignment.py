"""Which article each candidate of a batch is: looked up by its keys, or new."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa

from etl.normalise.identity import Key, assign_articles
from etl.settings import SQL
from etl.warehouse import statements

STAGE = SQL / "stage"
ASSIGNED_AT_ONCE = 122_880
"""Articles whose keys are looked up together: the size of a DuckDB row group."""

ALIAS_TYPES = {"kind": pa.string(), "value": pa.string(), "article_id": pa.int64(), "place": pa.int64()}


def assign(connection: sa.Connection) -> None:
    """Fill the table `assignment` with the article of each row of `candidate`, and ops.article_alias with new keys.

    `known_alias` must hold what is known of their keys; see sql/stage/known_alias.sql.
    """
    statements.run_file(connection, STAGE / "assignment.sql", {})
    next_id = connection.exec_driver_sql("select coalesce(max(article_id), 0) + 1 from ops.article_alias").scalar_one()
    candidates = statements.raw(connection).execute("from candidate order by ordinal").to_arrow_table()
    for start in range(0, candidates.num_rows, ASSIGNED_AT_ONCE):
        next_id = _assign_some(connection, candidates.slice(start, ASSIGNED_AT_ONCE), next_id)


def _assign_some(connection: sa.Connection, candidates: pa.Table, next_id: int) -> int:
    """Assign one chunk of candidates. Returns the id of the next new article."""
    with statements.registered(connection, "keys", _keys(candidates)):
        known = statements.raw(connection).execute((STAGE / "owners.sql").read_text()).fetchall()
    owners = {(kind, value): article_id for kind, value, article_id, is_asked in known if is_asked}
    kinds_of: dict[int, set[str]] = {}
    for kind, _, article_id, _ in known:
        kinds_of.setdefault(article_id, set()).add(kind)
    assignment = assign_articles(_records(candidates), owners, kinds_of, next_id)
    article_ids = pa.array(assignment.article_ids, pa.int64())
    with statements.registered(
        connection, "assigned", pa.table({"ordinal": candidates["ordinal"], "article_id": article_ids})
    ):
        statements.run_file(connection, STAGE / "new_assignment.sql", {})
    columns = list(zip(*assignment.new_aliases, strict=True)) or [()] * len(ALIAS_TYPES)
    aliases = pa.table(columns, pa.schema(ALIAS_TYPES))
    aliases = aliases.append_column("dump_key", candidates["dump_key"].take(aliases["place"]))
    with statements.registered(connection, "new_alias", aliases):
        statements.run_file(connection, STAGE / "new_aliases.sql", {})
    return assignment.next_article_id


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
