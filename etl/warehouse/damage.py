"""Damaged database files: how they are noticed, what DuckDB says of them, and what a person is to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import sqlalchemy as sa

from etl.files import MAKE_ROOM
from etl.warehouse import WarehouseError

RESTORE = "bring it back from a published copy with: broadsheet restore"

DAMAGED = "not a valid DuckDB database|read enough bytes|Corrupt database|replaying WAL|Is a directory"
WITHHELD = {
    "Could not set lock on file": "another program has it open: close it there, and query the published file instead",
    "Permission denied": "give the user that runs Broadsheet the right to read and write it",
}


@contextmanager
def explained(path: Path, if_damaged: str) -> Iterator[None]:
    """Raise what DuckDB says of a file that it cannot open or read as a WarehouseError that says what to do."""
    try:
        yield
    except (duckdb.Error, sa.exc.DBAPIError) as error:
        said = str(error.orig if isinstance(error, sa.exc.DBAPIError) else error).strip()
        if (what := advice(said, path, if_damaged)) is None:
            raise
        raise WarehouseError(f"{path}: {said}; {what}") from error


def advice(said: str, path: Path, if_damaged: str) -> str | None:
    """What to do when DuckDB said this while it worked with that database file; None when it is not about the file.

    `if_damaged` is what to do when the file is damaged.
    """
    if "No space left on device" in said:
        return MAKE_ROOM
    # A wrong checksum is reported without a path; anything else may concern another file, such as a Parquet.
    if str(path) not in said and "Corrupt database" not in said:
        return None
    if re.search(DAMAGED, said):
        return f"the file is damaged: {if_damaged}"
    return next((what for pattern, what in WITHHELD.items() if pattern in said), None)


def read_through(connection: duckdb.DuckDBPyConnection) -> None:
    """Read every block of every table: DuckDB sees damage only where it reads, by the checksum of the block."""
    tables = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() where database_name = current_database()"
    ).fetchall()
    for (table,) in tables:
        for _ in connection.table(table).to_arrow_reader(100_000):
            pass
