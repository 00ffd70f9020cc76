"""The warehouse moved: from its file into a lake, from a lake into a file, from one lake into another.

All rows of all tables, in one transaction: what is there afterwards is whole, or nothing. Then every table is compared
with the one it came from. The old warehouse stays as it was.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from etl import words
from etl.files import sync
from etl.settings import Settings
from etl.warehouse import WarehouseError, lake, lock, opening, places, reading, statements, whereabouts
from etl.warehouse.blocks import log_of
from etl.warehouse.catalogue import Table, all_tables
from etl.warehouse.compact import insert_in_order

log = logging.getLogger(__name__)


def move(source: Settings, target: Settings) -> dict[str, int]:
    """Copy the warehouse of one place into another, which must be empty. Returns the rows of every table.

    Raises WarehouseError, with nothing there, where the target has a warehouse already, or where after the copy a
    table is not what it was.
    """
    if places.name_of(source) == places.name_of(target):
        raise WarehouseError(f"{places.name_of(target)}: the warehouse is there already, by the settings")
    if not opening.exists(source):
        raise WarehouseError(f"{places.name_of(source)}: there is no warehouse to move")
    _refuse_nested(lake.of(source), lake.of(target))
    with lock.held(source, "move of the warehouse"), lock.held(target, "move of the warehouse"):
        in_lake = lake.of(target)
        with opening.opened_unlocked(source):
            pass  # brings its schema up to the SQL files
        if _holds_runs(in_lake) if in_lake else target.warehouse_file.exists():
            rows = _moved_before(source, target)
        else:
            with _emptied(target) as engine:
                rows = _copy(engine, opening.source(source), source.chunk_articles)
        whereabouts.note_moved(source, target)
    log.info("%s are in %s.", words.counted(sum(rows.values()), "row"), places.name_of(target))
    return rows


def _refuse_nested(source: lake.Snapshot | None, target: lake.Snapshot | None) -> None:
    """Whoever removes the old lake's folder would remove the new one with it."""
    if source and target and f"{target.data}/".startswith(f"{source.data}/"):
        raise WarehouseError(f"{target.name}: is inside {source.name}; name a folder beside it")


def _holds_runs(in_lake: lake.Snapshot) -> bool:
    """Whether anything was loaded into a lake: a move that was killed while it copied leaves one with empty tables."""
    if not lake.exists(in_lake):
        return False
    with reading.attached(in_lake) as connection:
        return connection.execute("select count(*) from ops.load_run").fetchone() != (0,)


def _moved_before(source: Settings, target: Settings) -> dict[str, int]:
    """The rows of a warehouse that is there already, whole, because a move was killed when it had ended but for its
    note. Raises WarehouseError where it is another one.
    """
    in_lake = lake.of(target)
    try:
        file = target.warehouse_file
        opened = opening.opened_lake(target, in_lake) if in_lake else opening.opened_unlocked(target, file)
        with opened as engine, engine.connect() as connection:
            _attach_source(statements.raw(connection), opening.source(source))
            tables = [table for table in all_tables().values() if not table.is_view]
            return {table.full_name: _compared(connection, table) for table in tables}
    except Different as error:
        remedy = (
            "drop its database and empty its folder first, or name another place"
            if in_lake
            else "remove that file first; one that is only moved away is known to no takedown"
        )
        raise WarehouseError(
            f"{places.name_of(target)}: there is another warehouse already ({error}); {remedy}"
        ) from None


class Different(WarehouseError):
    """A table is not what it was."""


def write_file(settings: Settings, snapshot: lake.Snapshot, file: Path) -> None:
    """Write a snapshot of a lake into a plain file that is not there yet."""
    with opening.opened_unlocked(settings, file) as engine:
        _copy(engine, snapshot, settings.chunk_articles)


@contextmanager
def _emptied(target: Settings) -> Iterator[sa.Engine]:
    """The place that is moved to, with tables: of a file, under another name until it is whole."""
    if in_lake := lake.of(target):
        with opening.opened_lake(target, in_lake) as engine:
            yield engine
        return
    part = target.warehouse_file.with_suffix(".part")
    for left_over in (part, log_of(part)):
        left_over.unlink(missing_ok=True)
    with opening.opened_unlocked(target, part) as engine:
        yield engine
    sync(part)
    part.replace(target.warehouse_file)
    sync(part.parent)


def _copy(engine: sa.Engine, source: Path | lake.Snapshot, articles_at_once: int) -> dict[str, int]:
    tables = [table for table in all_tables().values() if not table.is_view]
    with engine.begin() as connection:
        _attach_source(statements.raw(connection), source)
        for table in tables:
            _copy_table(connection, table, articles_at_once)
        rows = {table.full_name: _compared(connection, table) for table in tables}
    return rows


def _attach_source(connection: Any, source: Path | lake.Snapshot) -> None:
    if isinstance(source, lake.Snapshot):
        lake.attach(connection, source, name="source")
    else:
        connection.execute(f"attach {statements.quoted(source)} as source (read_only, type duckdb)")


def _copy_table(connection: sa.Connection, table: Table, articles_at_once: int) -> None:
    name, raw = table.full_name, statements.raw(connection)
    raw.execute(f"delete from {name}")  # what an empty warehouse begins with
    insert = f"insert into {name} by name from source.{name}"
    if any(column.name == "article_key" for column in table.columns):
        insert_in_order(raw, insert, f"source.{name}", articles_at_once)
    else:
        raw.execute(insert)


def _compared(connection: sa.Connection, table: Table) -> int:
    """How many rows a table has. Raises WarehouseError where they are not those that it came from."""
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    query = "select count(*), coalesce(sum(hash({columns})::hugeint), 0) from {name}"
    found, expected = (
        statements.raw(connection).execute(query.format(columns=columns, name=name)).fetchone()
        for name in (table.full_name, f"source.{table.full_name}")
    )
    if found != expected:
        raise Different(
            f"table {table.full_name} is not what it was: {found[0]:,} rows, expected {expected[0]:,}; "
            "nothing was moved"
        )
    return int(found[0])
