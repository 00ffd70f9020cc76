"""The only module that opens the warehouse: lock, connection, schema and migrations."""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import sqlalchemy as sa
from filelock import FileLock, Timeout

from etl import damage
from etl.catalogue import SCHEMAS, Column, Statement, Table, catalogue, fingerprint, live_columns, statements
from etl.settings import SQL, Settings

log = logging.getLogger(__name__)

STORAGE_VERSION = "v1.5.0"
"""DuckDB's default storage leaves article bodies uncompressed, at four times the size."""

HOLDER = "lock.json"
"""Beside the lock: who holds it. It stays behind when that process is killed; the lock itself does not."""

RESTORE = "bring it back from a published copy with: broadsheet restore"


class WarehouseError(Exception):
    """The warehouse cannot be opened or does not follow the SQL files. The message says what to do."""


@contextmanager
def lock(settings: Settings, purpose: str) -> Iterator[None]:
    """Hold the warehouse for this process alone while it is opened, loaded or copied.

    Raises WarehouseError naming the holder when it is not free within the time limit.
    """
    folder = settings.warehouse.parent
    folder.mkdir(parents=True, exist_ok=True)
    holder = folder / HOLDER
    file_lock = FileLock(folder / "lock", timeout=settings.lock_timeout_seconds, poll_interval=0.2)
    try:
        file_lock.acquire(timeout=0)
    except Timeout:
        log.warning("waiting for the warehouse: %s", _read_holder(holder))
        try:
            file_lock.acquire()
        except Timeout:
            raise WarehouseError(
                f"{settings.warehouse}: still held by {_read_holder(holder)} after "
                f"{settings.lock_timeout_seconds:g} s; wait for it to end, or raise BROADSHEET_LOCK_TIMEOUT_SECONDS"
            ) from None
    with _named(file_lock, holder, purpose):
        yield


@contextmanager
def _named(file_lock: FileLock, holder: Path, purpose: str) -> Iterator[None]:
    """Let others read who holds a lock that is held, and give it back at the end."""
    try:
        holder.write_text(
            json.dumps({"pid": os.getpid(), "purpose": purpose, "since": f"{_now():%Y-%m-%d %H:%M:%S} UTC"})
        )
        yield
    finally:
        holder.unlink(missing_ok=True)
        file_lock.release()


def held_by(settings: Settings) -> str | None:
    """Who holds the warehouse, and since when; None while it is free."""
    folder = settings.warehouse.parent
    if not (folder / "lock").exists():
        return None
    try:
        FileLock(folder / "lock").acquire(timeout=0).lock.release()
    except Timeout:
        return _read_holder(folder / HOLDER)
    return None


def _read_holder(holder: Path) -> str:
    try:
        held = json.loads(holder.read_text())
        return f"process {held['pid']} ({held['purpose']}) since {held['since']}"
    except (OSError, ValueError):
        return "another process, which has only just taken it"


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def opened(settings: Settings, purpose: str) -> Iterator[sa.Engine]:
    """The warehouse, locked, its schema made to follow the SQL files. Closed, and so checkpointed, at the end."""
    with lock(settings, purpose), opened_unlocked(settings) as engine:
        yield engine


@contextmanager
def opened_unlocked(settings: Settings) -> Iterator[sa.Engine]:
    """The warehouse for a caller that holds the lock and goes on holding it when the file is closed."""
    with _engine(settings) as engine:
        migrate(engine)
        yield engine


def exists(settings: Settings) -> bool:
    """Whether anything was ever loaded. Raises WarehouseError when the file is gone though it was published."""
    if settings.warehouse.exists():
        return True
    if published := sorted(settings.published.glob("broadsheet-*.duckdb")):
        raise WarehouseError(
            f"{settings.warehouse}: there is no such file, though {len(published)} published copies stand in "
            f"{settings.published}; {RESTORE}"
        )
    return False


@contextmanager
def _explained(path: Path, if_damaged: str) -> Iterator[None]:
    """Raise what DuckDB says of a file that it cannot open or read as a WarehouseError that says what to do."""
    try:
        yield
    except (duckdb.Error, sa.exc.DBAPIError) as error:
        said = str(error.orig if isinstance(error, sa.exc.DBAPIError) else error).strip()
        if (advice := damage.advice(said, path, if_damaged)) is None:
            raise
        raise WarehouseError(f"{path}: {said}; {advice}") from error


@contextmanager
def _engine(settings: Settings) -> Iterator[sa.Engine]:
    settings.spill.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        "duckdb:///" + str(settings.warehouse),
        poolclass=sa.StaticPool,
        connect_args={
            "config": {
                "storage_compatibility_version": STORAGE_VERSION,
                "memory_limit": settings.memory_limit,
                "threads": settings.threads,
                "temp_directory": str(settings.spill),
            }
        },
    )
    try:
        with _explained(settings.warehouse, RESTORE):
            yield engine
    finally:
        engine.dispose()


def run(connection: sa.Connection, statement: Statement, parameters: dict[str, Any]) -> sa.CursorResult[Any]:
    """Run one statement with those of `parameters` that it names."""
    return connection.exec_driver_sql(statement.sql, {name: parameters[name] for name in statement.parameters})


def run_file(connection: sa.Connection, path: Path, parameters: dict[str, Any]) -> sa.CursorResult[Any]:
    """Run the statements of one SQL file; gives the result of the last."""
    *before, last = statements(path)
    for statement in before:
        run(connection, statement, parameters)
    return run(connection, last, parameters)


def count_off(connection: sa.Connection) -> None:
    """Take what the articles in `touched_article` count for off the marts, before the articles change."""
    for table in catalogue().values():
        for statement in table.load:
            if statement.is_around:
                run(connection, statement, {"sign": -1})


def derive(connection: sa.Connection, run_id: str, tables: dict[str, Table] | None = None) -> None:
    """Bring what follows from the articles in `touched_article` up to date, after `count_off` and their change."""
    for table in (catalogue() if tables is None else tables).values():
        for statement in table.load:
            if statement.is_derived:
                run(connection, statement, {"sign": 1, "run_id": run_id})


def raw(connection: sa.Connection) -> Any:
    """DuckDB's own connection below, for Arrow in and out; within the same transaction."""
    return connection.connection.driver_connection


@contextmanager
def registered(connection: sa.Connection, name: str, table: pa.Table) -> Iterator[None]:
    """Let SQL see an Arrow table under a name, without a copy."""
    raw(connection).register(name, table)
    try:
        yield
    finally:
        raw(connection).unregister(name)


def as_sql(table: Table) -> sa.TableClause:
    """A table of the catalogue, for SQLAlchemy to build statements over it."""
    return sa.table(table.name, *(sa.column(column.name) for column in table.columns), schema=table.schema)


def single_key(table: Table) -> str:
    """The key of a table that is one column."""
    return next(key[0] for key in table.keys if len(key) == 1)


def migrate(engine: sa.Engine, tables: dict[str, Table] | None = None, sql: Path = SQL) -> None:
    """Create what is missing and bring what is old up to the SQL files, in one transaction.

    Raises WarehouseError, with nothing written, when the live tables are not what the files say.
    """
    tables = catalogue() if tables is None else tables
    wanted = fingerprint(tables)
    with engine.begin() as connection:
        version, applied = _schema_version(connection)
        if applied != wanted:
            files = sorted((sql / "migrations").glob("[0-9]*.sql"))
            newest = _number(files[-1]) if files else 0
            if applied is not None:
                for file in files:
                    if _number(file) > version:
                        run_file(connection, file, {})
            live = live_columns(raw(connection))
            _refuse_drift(live, {name: table for name, table in tables.items() if name in live and not table.is_view})
            _create(connection, tables)
            if any(table.full_name not in live for table in _counted(tables)):
                recount(connection, tables)
            connection.exec_driver_sql(
                "insert into ops.schema_version values ($version, $fingerprint, $applied_at)",
                {"version": newest, "fingerprint": wanted, "applied_at": _now().replace(tzinfo=None)},
            )
        live = live_columns(raw(connection))
        _refuse_drift(live, tables)
        if unknown := sorted(set(live) - set(tables)):
            raise WarehouseError(f"no file of sql/ creates {', '.join(unknown)}; drop it, or write its file")


def _number(migration: Path) -> int:
    return int(migration.name.split("_")[0])


def _schema_version(connection: sa.Connection) -> tuple[int, str | None]:
    if "ops.schema_version" not in live_columns(raw(connection)):
        return 0, None
    row = connection.exec_driver_sql(
        "select version, fingerprint from ops.schema_version order by applied_at desc limit 1"
    ).first()
    return (row[0], row[1]) if row else (0, None)


def _create(connection: sa.Connection, tables: dict[str, Table]) -> None:
    for schema in SCHEMAS:
        connection.execute(sa.schema.CreateSchema(schema, if_not_exists=True))
    is_lake = connection.exec_driver_sql(
        "select type = 'ducklake' from duckdb_databases() where database_name = current_database()"
    ).scalar_one()
    for table in sorted(tables.values(), key=lambda table: table.is_view):
        kept = table.create[: KEPT_IN_A_LAKE.get(table.kind)] if is_lake else table.create
        for statement in kept:
            connection.exec_driver_sql(statement)


KEPT_IN_A_LAKE = {"view": 2, "macro": 1}
"""Of what creates and comments: DuckLake keeps no comment on the columns of a view, and none on a macro."""


def recount(connection: sa.Connection, tables: dict[str, Table]) -> None:
    """Count the marts anew from what is stored, as of the last run; else they are kept up to date with every change."""
    last_run = connection.exec_driver_sql("select arg_max(run_id, started_at) from ops.load_run").scalar_one()
    if last_run is not None:
        for table in _counted(tables):
            connection.execute(sa.delete(as_sql(table)))
        run_file(connection, SQL / "stage" / "everything_touched.sql", {})
        derive(connection, last_run, tables)


def _counted(tables: dict[str, Table]) -> list[Table]:
    """The marts that are tables."""
    return [table for table in tables.values() if table.schema == "mart" and not table.is_view]


def _refuse_drift(live: dict[str, tuple[Column, ...]], tables: dict[str, Table]) -> None:
    for name, table in tables.items():
        in_file = {(column.name, column.type) for column in table.columns}
        in_live = {(column.name, column.type) for column in live.get(name, ())}
        if in_file != in_live:
            raise WarehouseError(
                f"{name} is not what {table.path} says: only in the warehouse {_listed(in_live - in_file)}; "
                f"only in the file {_listed(in_file - in_live)}. "
                "Write a migration in sql/migrations/, or undo the change made by hand"
            )


def _listed(columns: set[tuple[str, str]]) -> str:
    return ", ".join(f"{name} {type_}" for name, type_ in sorted(columns)) or "nothing"


def single_statement(sql: str) -> str:
    """The one statement in `sql`. Raises ValueError when there is none or more than one."""
    found = duckdb.extract_statements(sql)
    if len(found) != 1:
        raise ValueError(f"expected one SQL statement, found {len(found)}")
    return found[0].query


_NUMBERED = re.compile(r"broadsheet-(\d+)\.duckdb$")


def published_number(path: Path) -> int:
    """The number in the name of a published file; 0 where it has none."""
    found = _NUMBERED.search(path.name)
    return int(found[1]) if found else 0


@contextmanager
def reading(
    path: Path, if_damaged: str = "remove it, then run: broadsheet publish"
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A published file, or one like it, attached read-only as `broadsheet` and in use.

    Opened through an in-memory DuckDB: one process that opens the same path again after a publish
    would otherwise get the old file.
    """
    with _explained(path.resolve(), if_damaged), duckdb.connect() as connection:
        connection.execute(f"attach {_quoted(path)} as broadsheet (read_only)")
        connection.execute("use broadsheet")
        yield connection


def attach_new(connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Add an empty database of the warehouse's storage version to a connection, under a name."""
    connection.execute(f"attach {_quoted(path)} as {name} (storage_version '{STORAGE_VERSION}')")


def _quoted(path: Path) -> str:
    """A path for ATTACH, which takes no parameter."""
    return "'" + str(path.resolve()).replace("'", "''") + "'"


def log_of(path: Path) -> Path:
    """The write-ahead log of a DuckDB file; it exists while a writer has the file open, or was killed."""
    return path.with_name(path.name + ".wal")


PATIENCE_SECONDS = 1.0
"""How long one who only looks waits for the warehouse."""


@dataclass(frozen=True)
class Peek:
    """What one who only looks may read: `connection` is None where there is nothing to read.

    `holder` names the process that holds the warehouse; then it is the published copy that is shown.
    """

    connection: duckdb.DuckDBPyConnection | None
    holder: str | None


@contextmanager
def peek(settings: Settings, purpose: str, published: Path) -> Iterator[Peek]:
    """Look without waiting for a load: the warehouse, read-only, if it is free by now, else the published copy."""
    with ExitStack() as held:
        holder = None
        if settings.warehouse.exists() and (holder := _taken(settings, purpose, held)) is None:
            yield Peek(held.enter_context(reading(settings.warehouse, RESTORE)), None)
        elif published.exists():
            yield Peek(held.enter_context(reading(published)), holder)
        else:
            yield Peek(None, holder)


def _taken(settings: Settings, purpose: str, held: ExitStack) -> str | None:
    """Take the lock for as long as `held` lasts; gives who has it where it is not free in time."""
    folder = settings.warehouse.parent
    file_lock = FileLock(folder / "lock")
    try:
        file_lock.acquire(timeout=PATIENCE_SECONDS, poll_interval=0.05)
    except Timeout:
        return _read_holder(folder / "lock.json")
    held.enter_context(_named(file_lock, folder / "lock.json", purpose))
    return None
