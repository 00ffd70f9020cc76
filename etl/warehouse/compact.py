"""The warehouse rewritten into a fresh file: the only way to get rid of what was deleted.

DELETE, CHECKPOINT and VACUUM leave deleted text in the file, and changed rows far from their neighbours. What is
copied into a new file are the rows that exist, and nothing else.
"""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import duckdb

from etl import words
from etl.files import Removed, remove, sync
from etl.settings import Settings
from etl.warehouse import WarehouseError, lake, lake_upkeep, opening, published_note, reading, statements, whereabouts
from etl.warehouse.blocks import log_of
from etl.warehouse.catalogue import all_tables

log = logging.getLogger(__name__)


def rewrite_file(settings: Settings) -> tuple[int, int]:
    """Replace the warehouse file by a fresh one with the same rows. Returns its bytes before and after.

    For a caller that holds the lock of the warehouse and has it closed. Needs as much free disk as the file takes.
    Raises WarehouseError, and leaves the old file as it was, when the fresh one does not hold the same rows.
    """
    if lake.of(settings):
        whereabouts.settle(settings)
        return lake_upkeep.compact(settings, published_note.kept_snapshots(settings).values())
    fresh = _fresh_file(settings)
    drop_left_over(settings)
    _refuse_full_disk(settings.warehouse_file)
    try:
        with opening.opened_unlocked(opening.thrifty(settings)) as engine, engine.connect() as connection:
            rows = _copy(statements.raw(connection), fresh, settings.chunk_articles)
        _refuse_other_rows(fresh, rows)
        _refuse_open_log(settings.warehouse_file)
        before, after = settings.warehouse_file.stat().st_size, fresh.stat().st_size
        sync(fresh)
        fresh.replace(settings.warehouse_file)
        sync(settings.warehouse_file.parent)
    finally:
        drop_left_over(settings)
    log.info("The warehouse file was rewritten: %s before, %s after.", words.size(before), words.size(after))
    return before, after


def drop_left_over(settings: Settings) -> Removed:
    """Remove what a killed rewrite left, for a caller that holds the lock of the warehouse."""
    fresh = _fresh_file(settings)
    return remove(path for path in (fresh, log_of(fresh)) if path.exists())


def _fresh_file(settings: Settings) -> Path:
    """Beside the warehouse, so that one rename puts it in its place."""
    return settings.warehouse_file.with_suffix(".rewrite")


def _refuse_full_disk(path: Path) -> None:
    needed, free = path.stat().st_size, shutil.disk_usage(path.parent).free
    if free < needed:
        raise WarehouseError(
            f"{path.parent}: {words.size(free)} are free, but a fresh file may take {words.size(needed)}; "
            "make room (old work folders, published copies), then try again"
        )


def _copy(connection: duckdb.DuckDBPyConnection, fresh: Path, articles_at_once: int) -> dict[str, int]:
    """Copy schema, comments and rows into a fresh file. Returns how many rows every table has in the old one."""
    (source,) = connection.execute("select current_database()").fetchone() or ("",)
    opening.attach_new(connection, fresh, "fresh")
    connection.execute(f"copy from database {source} to fresh (schema)")
    rows = {}
    for table in all_tables().values():
        if not table.is_view:
            name = table.full_name
            insert = f"insert into fresh.{name} by name from {source}.{name}"
            if any(column.name == "article_key" for column in table.columns):
                connection.execute("begin")
                insert_in_order(connection, insert, f"{source}.{name}", articles_at_once)
                connection.execute("commit")
            else:
                connection.execute(insert)
            (rows[name],) = connection.execute(f"select count(*) from {source}.{name}").fetchone() or (0,)
    connection.execute("checkpoint fresh")
    connection.execute("detach fresh")
    return rows


def insert_in_order(connection: duckdb.DuckDBPyConnection, insert: str, table: str, articles_at_once: int) -> None:
    """Copy a table in the order of article_key, range by range: a sort of all bodies would not fit into memory.

    Texts are filtered by ranges of keys: rows of one range must lie together, also those changed later. For a caller
    that is in a transaction, or DuckDB would write every range into its log first.
    """
    lowest, highest = connection.execute(f"select min(article_key), max(article_key) from {table}").fetchone() or (0, 0)
    for first in range(lowest or 0, (highest or 0) + 1, articles_at_once):
        connection.execute(
            f"{insert} where article_key between $first and $last order by article_key",
            {"first": first, "last": first + articles_at_once - 1},
        )


def _refuse_other_rows(fresh: Path, rows: dict[str, int]) -> None:
    """Compare what can be read from the fresh file with the row counts of the warehouse."""
    with reading.attached(fresh) as connection:
        for table, expected in rows.items():
            (found,) = connection.execute(f"select count(*) from {table}").fetchone() or (0,)
            if found != expected:
                raise WarehouseError(
                    f"{fresh}: table {table} has {found:,} rows, expected {expected:,}; "
                    "the warehouse is left as it was; check the disk, then try again"
                )


def _refuse_open_log(path: Path) -> None:
    """A log that was not taken into its file when that was closed would be replayed into the fresh one."""
    if log_of(path).exists():
        raise WarehouseError(
            f"{log_of(path)} still exists after the warehouse was closed: is the disk full, or has somebody else "
            "opened the warehouse? It is left as it was; end that, then try again"
        )
