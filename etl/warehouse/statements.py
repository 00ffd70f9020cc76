"""SQL run over a connection: single statements, whole files, Arrow tables in and out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import duckdb

from etl.warehouse.catalogue import Statement, Table, statements_in

if TYPE_CHECKING:
    import pyarrow as pa
    import sqlalchemy as sa


def run(connection: sa.Connection, statement: Statement, parameters: dict[str, Any]) -> sa.CursorResult[Any]:
    """Run one statement with those of `parameters` that it names."""
    return connection.exec_driver_sql(statement.sql, {name: parameters[name] for name in statement.parameters})


def run_file(connection: sa.Connection, path: Path, parameters: dict[str, Any]) -> sa.CursorResult[Any]:
    """Run the statements of one SQL file. Returns the result of the last."""
    *before, last = statements_in(path)
    for statement in before:
        run(connection, statement, parameters)
    return run(connection, last, parameters)


def rows(connection: duckdb.DuckDBPyConnection, question: Path, /, **parameters: Any) -> list[dict[str, Any]]:
    """The answer to the one query of a file, a dict per row."""
    with without_pandas():
        found = connection.execute(question.read_text("utf-8"), parameters)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def arrow(connection: duckdb.DuckDBPyConnection, question: Path, /, **parameters: Any) -> pa.Table:
    """The answer to the one query of a file, with the types of its columns, whatever is in them."""
    return connection.execute(question.read_text("utf-8"), parameters).to_arrow_table()


@contextmanager
def without_pandas() -> Iterator[None]:
    """Parameters for DuckDB at a glance: with the first one it imports pandas, which takes a second, if it can."""
    if "pandas" in sys.modules:
        yield
        return
    modules = cast(dict[str, Any], sys.modules)
    modules["pandas"] = None
    try:
        yield
    finally:
        del modules["pandas"]


def raw(connection: sa.Connection) -> Any:
    """DuckDB's own connection underneath, for Arrow in and out; in the same transaction."""
    return connection.connection.driver_connection


@contextmanager
def registered(connection: sa.Connection, name: str, table: pa.Table) -> Iterator[None]:
    """Let SQL see an Arrow table under a name, without a copy."""
    raw(connection).register(name, table)
    try:
        yield
    finally:
        raw(connection).unregister(name)


@contextmanager
def joined_as_written(connection: sa.Connection) -> Iterator[None]:
    """Let every join build its hash table on the side that is written last.

    DuckDB chooses the smaller side, but takes what this transaction has added for no rows at all: of a first load it
    would build on everything to look up a few. For statements whose joins name the larger side first.
    """
    raw(connection).execute("set disabled_optimizers = 'build_side_probe_side'")
    try:
        yield
    finally:
        with suppress(duckdb.TransactionException):  # what failed inside has ended the transaction, and says why
            raw(connection).execute("reset disabled_optimizers")


def as_sql(table: Table) -> sa.TableClause:
    """A table of the catalogue, for SQLAlchemy to build statements over it."""
    import sqlalchemy as sa

    return sa.table(table.name, *(sa.column(column.name) for column in table.columns), schema=table.schema)


def single_key(table: Table) -> str:
    """The key of a table that is one column."""
    return next(key[0] for key in table.keys if len(key) == 1)


def quoted(path: Path) -> str:
    """A path for ATTACH, which cannot take a parameter."""
    return quoted_text(str(path.resolve()))


def quoted_text(text: str) -> str:
    """A text for a statement that cannot take a parameter."""
    return "'" + text.replace("'", "''") + "'"
