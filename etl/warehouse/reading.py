"""Database files attached read-only, and a look that never waits for a load."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from etl.settings import Settings
from etl.warehouse import WarehouseError, damage, lake, lake_faults, lock, schema
from etl.warehouse.statements import quoted

IS_OURS = """
    select 1 from duckdb_tables()
    where database_name = current_database() and schema_name = 'ops' and table_name = 'schema_version'
"""

PATIENCE_SECONDS = 1.0
"""How long one who only looks waits for the warehouse."""


REPLACE = "remove it, then run: broadsheet publish"
"""What is to be done with a damaged copy."""


@contextmanager
def attached(place: Path | lake.Snapshot, if_damaged: str = REPLACE) -> Iterator[duckdb.DuckDBPyConnection]:
    """A published file or snapshot, or one like it, attached read-only as `broadsheet` and in use.

    Opened through an in-memory DuckDB: one process that opens the same path again after a publish
    would otherwise get the old file. Raises WarehouseError where it cannot be read or is not Broadsheet's.
    """
    if isinstance(place, lake.Snapshot):
        with lake_faults.explained(place), duckdb.connect(config=lake.UNCHECKED) as connection:
            attach(connection, place)
            yield connection
        return
    path = place.resolve()
    damage.refuse_foreign(path, if_damaged)
    with damage.explained(path, if_damaged), duckdb.connect() as connection:
        attach(connection, path)
        if not connection.execute(IS_OURS).fetchall():
            raise WarehouseError(f"{path}: is a DuckDB database, but not one of Broadsheet's; {if_damaged}")
        yield connection


def attach(connection: duckdb.DuckDBPyConnection, place: Path | lake.Snapshot, name: str = "broadsheet") -> None:
    """Attach a file or snapshot to a connection, read-only; as `broadsheet` it is the one in use."""
    if isinstance(place, lake.Snapshot):
        lake.attach(connection, place, name=name)
        return
    connection.execute(f"attach {quoted(place)} as {name} (read_only, type duckdb)")
    if name == "broadsheet":
        connection.execute("use broadsheet")


@dataclass(frozen=True)
class Peek:
    """What one who only looks may read: `connection` is None where there is nothing to read.

    `holder` names the process that holds the warehouse; then, of a file, it is the published copy that is shown.
    """

    connection: duckdb.DuckDBPyConnection | None
    holder: str | None
    is_copy: bool = False


@contextmanager
def peek(settings: Settings, purpose: str, published: Path) -> Iterator[Peek]:
    """Look without waiting for a load: the warehouse, read-only, if it is free by now, else the published copy.

    A lake is read while it is loaded.
    """
    with ExitStack() as open_things:
        if place := lake.of(settings):
            is_there = lake.exists(place)
            connection = open_things.enter_context(attached(place)) if is_there else None
            yield Peek(connection, lock.holder(settings))
            return
        holder = None
        if (
            settings.warehouse_file.exists()
            and (holder := lock.taken(settings, purpose, open_things, PATIENCE_SECONDS)) is None
        ):
            connection = open_things.enter_context(attached(settings.warehouse_file, damage.RESTORE))
            schema.refuse_later(connection)
            yield Peek(connection, None)
        elif os.path.exists(published):
            yield Peek(open_things.enter_context(attached(published)), holder, is_copy=True)
        else:
            yield Peek(None, holder)


def rows_of_parquet(file: Path) -> int | None:
    """How many rows a Parquet file has; None where it is not there or not whole. Arrow is slow to import."""
    try:
        ((number,),) = duckdb.read_parquet(glob.escape(str(file))).aggregate("count(*)").fetchall()
    except duckdb.Error:
        return None
    return int(number)
