"""The live tables made to follow the SQL files: created, migrated, and compared with them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import duckdb

from etl import words
from etl.settings import SQL
from etl.warehouse import WarehouseError, statements
from etl.warehouse.catalogue import SCHEMAS, Column, Table, all_tables, fingerprint, live_columns
from etl.warehouse.statements import as_sql, raw

if TYPE_CHECKING:
    import sqlalchemy as sa


class Difference(NamedTuple):
    """A table that is not what its file says: the columns (name and type) that only one of them has."""

    name: str
    path: Path | None
    """Its SQL file; None where no file creates it."""
    only_live: frozenset[tuple[str, str]] = frozenset()
    only_in_file: frozenset[tuple[str, str]] = frozenset()

    def __str__(self) -> str:
        if self.path is None:
            return f"no file of sql/ creates {self.name}; drop it, or write its file"
        return (
            f"{self.name} is not what {self.path} says: only in the warehouse {_listed(self.only_live)}; "
            f"only in the file {_listed(self.only_in_file)}. "
            "Write a migration in sql/migrations/, or undo the change made by hand"
        )


class Standing(NamedTuple):
    """How a live schema stands beside the SQL files."""

    version: int
    """The last migration that was applied."""
    newest: int
    """The last migration that there is."""
    is_current: bool
    """Whether all that creates and comments is as the files say."""
    differences: list[Difference]


def standing(connection: duckdb.DuckDBPyConnection) -> Standing:
    """Compare the schema of an open database with the SQL files; changes nothing."""
    tables = all_tables()
    live = live_columns(connection)
    version, applied = _version(connection, live)
    found = differences(live, tables)
    return Standing(version, newest_migration(), applied == fingerprint(tables), found)


def migrate(engine: sa.Engine, tables: dict[str, Table] | None = None, sql: Path = SQL) -> None:
    """Bring what is old up to the SQL files and create what is missing.

    Each migration is a transaction of its own, because DuckDB cannot alter a table that the same transaction has
    updated; one that is interrupted is done by the next who opens the warehouse. The files follow in one more.
    Raises WarehouseError, before it creates anything, when the database is not Broadsheet's, was written by a later
    version, or has tables that are then not what the files say.
    """
    tables = all_tables() if tables is None else tables
    wanted = fingerprint(tables)
    with engine.connect() as connection:
        live = live_columns(raw(connection))
        version, applied = _version(raw(connection), live)
        _refuse_later(version, sql)
        if applied is None:
            _refuse_foreign(str(engine.url.database), sorted(live))
    if applied == wanted and version == newest_migration(sql):
        _refuse(differences(live, tables))
        return
    for file in [file for file in _migrations(sql) if applied is not None and _number(file) > version]:
        with engine.begin() as connection:
            statements.run_file(connection, file, {})
            _note(connection, _number(file), f"on the way to {wanted}")
    with engine.begin() as connection:
        live = live_columns(raw(connection))
        stored = {name: table for name, table in tables.items() if name in live and not table.is_view}
        _refuse(differences({name: live[name] for name in stored}, stored))
        _create(connection, tables)
        _follow(connection, tables)
        if live and any(table.full_name not in live for table in _counted(tables)):
            recount(connection, tables)
        _note(connection, newest_migration(sql), wanted)
        connection.exec_driver_sql(
            "update ops.schema_version set last_run_number = (select max(run_number) from ops.load_run) "
            "where version = $version and fingerprint = $fingerprint",
            {"version": newest_migration(sql), "fingerprint": wanted},
        )
        _refuse(differences(live_columns(raw(connection)), tables))


def refuse_later(connection: duckdb.DuckDBPyConnection, sql: Path = SQL) -> None:
    """Raise a WarehouseError when a later version of Broadsheet has migrated an open database."""
    version, _ = _version(connection, live_columns(connection))
    _refuse_later(version, sql)


def _refuse_later(version: int, sql: Path) -> None:
    if version > (newest := newest_migration(sql)):
        raise WarehouseError(
            f"the warehouse has schema version {version}, this Broadsheet knows only up to {newest}; "
            "use the version of Broadsheet that wrote it, or a newer one"
        )


def _refuse_foreign(file: str, found: list[str]) -> None:
    """Raise a WarehouseError where a database has tables, but none of ours: nothing is to be created among them."""
    if found and "ops.schema_version" not in found:
        raise WarehouseError(
            f"{file}: is a DuckDB database, but not one of Broadsheet's (it holds {words.first_few(found, 3)}); "
            "move it away, then bring the warehouse back from a published copy with: broadsheet restore"
        )


def _note(connection: sa.Connection, version: int, applied: str) -> None:
    """Note in the warehouse which version of the schema it has now, and by which files: later than any note before."""
    noted = {"version": version, "fingerprint": applied}
    # The same schema again: somebody went back to an older Broadsheet, and forth.
    connection.exec_driver_sql(
        "delete from ops.schema_version where version = $version and fingerprint = $fingerprint", noted
    )
    connection.exec_driver_sql(
        "insert into ops.schema_version (version, fingerprint, applied_at) "
        "select $version, $fingerprint, greatest($now, max(applied_at) + interval 1 microsecond) "
        "from ops.schema_version",
        {**noted, "now": datetime.now(UTC).replace(tzinfo=None)},
    )


def differences(live: dict[str, tuple[Column, ...]], tables: dict[str, Table]) -> list[Difference]:
    """The tables and views whose columns are not what the files say, then those that no file creates."""
    found = []
    for name, table in tables.items():
        in_file = {(column.name, column.type) for column in table.columns}
        in_live = {(column.name, column.type) for column in live.get(name, ())}
        if in_file != in_live:
            found.append(Difference(name, table.path, frozenset(in_live - in_file), frozenset(in_file - in_live)))
    return [*found, *(Difference(name, None) for name in sorted(set(live) - set(tables)))]


def _refuse(found: list[Difference]) -> None:
    if found:
        raise WarehouseError("; ".join(map(str, found)))


def _listed(columns: frozenset[tuple[str, str]]) -> str:
    return ", ".join(f"{name} {type_}" for name, type_ in sorted(columns)) or "nothing"


def _migrations(sql: Path) -> list[Path]:
    return sorted((sql / "migrations").glob("[0-9]*.sql"))


def newest_migration(sql: Path = SQL) -> int:
    """The number of the last migration; the version of the schema that the files describe."""
    return max(map(_number, _migrations(sql)), default=0)


def _number(migration: Path) -> int:
    return int(migration.name.split("_")[0])


def _version(connection: duckdb.DuckDBPyConnection, live: Collection[str]) -> tuple[int, str | None]:
    """The migration and the fingerprint that were last applied; 0 and None where none ever was. `live`: its tables."""
    if "ops.schema_version" not in live:
        return 0, None
    row = connection.execute(
        "select version, fingerprint from ops.schema_version order by applied_at desc, version desc limit 1"
    ).fetchone()
    return (row[0], row[1]) if row else (0, None)


def _create(connection: sa.Connection, tables: dict[str, Table]) -> None:
    from sqlalchemy.schema import CreateSchema

    for schema in SCHEMAS:
        connection.execute(CreateSchema(schema, if_not_exists=True))
    is_lake = connection.exec_driver_sql(
        "select type = 'ducklake' from duckdb_databases() where database_name = current_database()"
    ).scalar_one()
    for table in sorted(tables.values(), key=lambda table: table.is_view):
        kept = table.create[: KEPT_IN_A_LAKE.get(table.kind)] if is_lake else table.create
        for statement in kept:
            raw(connection).execute(statement)


def _follow(connection: sa.Connection, tables: dict[str, Table]) -> None:
    """Bring up to the SQL files what stored rows take from them."""
    for statement in (statement for table in tables.values() for statement in table.load if statement.is_of_schema):
        statements.run(connection, statement, {})


KEPT_IN_A_LAKE = {"view": 2, "macro": 1}
"""Of what creates and comments: DuckLake keeps no comment on the columns of a view, and none on a macro."""


def recount(connection: sa.Connection, tables: dict[str, Table]) -> None:
    """Count the marts again from what is stored. Otherwise every change keeps them up to date."""
    from sqlalchemy import delete

    statements.run_file(connection, SQL / "stage" / "everything_touched.sql", {})
    statements.run_file(connection, SQL / "stage" / "counted.sql", {})
    for table in _counted(tables):
        connection.execute(delete(as_sql(table)))
    for table in _counted(tables):
        for statement in table.load:
            statements.run(connection, statement, {"sign": 1})


def _counted(tables: dict[str, Table]) -> list[Table]:
    """The marts that are tables."""
    return [table for table in tables.values() if table.schema == "mart" and not table.is_view]
