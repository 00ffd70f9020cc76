"""Removes rows from the warehouse, with everything that depends on them, within the caller's transaction.

The catalogue says which tables hold rows of a revision or of an article, and which refer to a dimension.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from etl.settings import SQL
from etl.warehouse import loading, search, statements
from etl.warehouse.catalogue import Table, all_tables

REPAIR = SQL / "repair"

KEPT_WHOLE = ("news.dim_date",)
"""Dimensions whose members stay even if nothing refers to them: the calendar holds whole years."""


def take_out(connection: sa.Connection, dump_key: int | None = None) -> None:
    """Remove the revisions in the temporary table `gone`, and what nothing refers to any more.

    `touched_article` lists the articles to put in order again: revisions renumbered, stories counted. With
    `dump_key`, the keys that only this delivery gave are dropped too.
    """
    remove_revisions(connection)
    derive(connection)
    statements.run_file(connection, REPAIR / "forgotten.sql", {})
    statements.run_file(connection, REPAIR / "freed_keys.sql", {"dump_key": dump_key})
    for table in _with_column("article_id"):
        if "article_key" not in _names(table):
            _delete_in(connection, table, "article_id", "forgotten")


def remove_revisions(connection: sa.Connection, schemas: tuple[str, ...] = ("news", "ops")) -> None:
    """Delete the rows of the revisions in `gone` from every table that has rows of revisions.

    The counts of the articles in `touched_article` are subtracted from the marts; what is derived must be loaded next.
    """
    loading.count_off(connection)
    statements.run_file(connection, REPAIR / "unindexed.sql", {"revisions": search.SEGMENT_REVISIONS})
    for table in _with_column("article_key"):
        if table.schema in schemas:
            _delete_in(connection, table, "article_key", "gone")
    statements.run_file(connection, REPAIR / "search_gap.sql", {})


def derive(connection: sa.Connection) -> None:
    """Bring what is derived from the articles in `touched_article` up to date."""
    loading.load_tables(connection, {"sign": 1}, loading.derived_statements)


def drop_orphans(connection: sa.Connection) -> None:
    """Delete the members of dimensions that no row refers to, except the unknown one."""
    for table in all_tables().values():
        if table.path.parent.name == "dim" and not table.is_view and table.full_name not in KEPT_WHOLE:
            members = statements.as_sql(table)
            key = members.c[statements.single_key(table)]
            connection.execute(sa.delete(members).where(key != 0, ~sa.or_(*_references_to(table, key))))


def _references_to(table: Table, key: sa.ColumnClause[Any]) -> Iterator[sa.ColumnElement[bool]]:
    """Whether a row refers to a member of this table by its key: of any table, or another member."""
    for other in all_tables().values():
        rows = statements.as_sql(other).alias("referring")
        for column in other.columns:
            if column.references == table.full_name and not other.is_view:
                is_other = rows.c[statements.single_key(table)] != key if other is table else sa.true()
                yield sa.exists().where(rows.c[column.name] == key, is_other)


def _with_column(name: str) -> list[Table]:
    return [table for table in all_tables().values() if not table.is_view and name in _names(table)]


def _names(table: Table) -> set[str]:
    return {column.name for column in table.columns}


def _delete_in(connection: sa.Connection, table: Table, column: str, temporary: str) -> None:
    rows: Any = statements.as_sql(table)
    chosen = sa.table(temporary, sa.column(column))
    connection.execute(sa.delete(rows).where(rows.c[column].in_(sa.select(chosen.c[column]))))
