"""Damaged database files: how they are noticed, what DuckDB says of them, and what a person is to do."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from etl.storage import MAKE_ROOM

DAMAGED = "not a valid DuckDB database|read enough bytes|Corrupt database|replaying WAL|Is a directory"
WITHHELD = {
    "Could not set lock on file": "another program has it open: close it there, and query the published file instead",
    "Permission denied": "give the user that runs Broadsheet the right to read and write it",
}


def advice(said: str, path: Path, if_damaged: str) -> str | None:
    """What to do when DuckDB said this while it worked with that database file; None when it is not about the file.

    `if_damaged` is what to do when the file is damaged.
    """
    if "No space left on device" in said:
        return MAKE_ROOM
    # A wrong checksum is told without a path; all else may be said of another file, such as a Parquet.
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
