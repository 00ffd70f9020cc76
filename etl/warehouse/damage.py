"""Damaged and foreign database files: how they are noticed, what is said of them, and what a person is to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from etl import words
from etl.files import MAKE_ROOM
from etl.warehouse import WarehouseError, blocks
from etl.warehouse.statements import quoted

RESTORE = "bring it back from a published copy with: broadsheet restore"
OTHER_VERSION = "use the version of Broadsheet that wrote it, or a newer one"

DAMAGED = "not a valid DuckDB database|read enough bytes|Corrupt database|replaying WAL|Is a directory"
SAID_WITHOUT_PATH = "Corrupt database|version number|newer version of DuckDB"
"""What DuckDB says of a file without its path; anything else may concern another file, such as a Parquet."""
WITHHELD = {
    "version number|newer version of DuckDB": f"a newer DuckDB wrote it: {OTHER_VERSION}",
    "Could not set lock on file": "another program has it open: close it there, and query the published file instead",
    "Permission denied": "give the user that runs Broadsheet the right to read and write it",
}
UNREADABLE = (duckdb.InternalException, duckdb.FatalException, duckdb.SerializationException)
"""What DuckDB raises where the content of a file makes no sense to it, or where it is at fault itself."""

BEGINNINGS = {b"SQLite format 3\0": "an SQLite database", b"PAR1": "a Parquet file", b"PK\3\4": "a ZIP archive"}

HEADER_DAMAGED = "the checksum of its header is wrong"

SHOWN_BLOCKS = 3

MEMORY_LIMIT = "700MB"
"""Else DuckDB holds the whole file in memory while it tells of the blocks of its tables."""

BLOCKS_OF_TABLE = "select unnest(list_append(additional_block_ids, block_id)) from pragma_storage_info($table)"
BLOCKS_OF_FILE = """
    select total_blocks, used_blocks from pragma_database_size() where database_name = current_database()
"""


@contextmanager
def explained(path: Path, if_damaged: str) -> Iterator[None]:
    """Raise what DuckDB says of a file that it cannot open or read as a WarehouseError that says what to do.

    Arrow, when it reads what DuckDB found, says it in an OSError; SQLAlchemy has DuckDB's error in `orig`.
    """
    try:
        yield
    except Exception as error:
        cause = getattr(error, "orig", error)
        if not isinstance(cause, duckdb.Error | OSError):
            raise
        said = str(cause).strip()
        first_line = said.partition("\n")[0]
        what = advice(said, path, if_damaged)
        if what is None and isinstance(cause, UNREADABLE):
            what = "find out with `broadsheet doctor` whether the file is damaged; if it is not, report this"
        if what is None or (isinstance(error, OSError) and "Corrupt database" not in said):
            raise
        raise WarehouseError(f"{path}: {first_line}; {what}") from error


def advice(said: str, path: Path, if_damaged: str) -> str | None:
    """What to do when DuckDB said this while it worked with that database file; None when it is not about the file.

    `if_damaged` is what to do when the file is damaged.
    """
    if "No space left on device" in said:
        return MAKE_ROOM
    if str(path) not in said and not re.search(SAID_WITHOUT_PATH, said):
        return None
    if re.search(DAMAGED, said):
        return f"the file is damaged: {if_damaged}"
    return next((what for pattern, what in WITHHELD.items() if re.search(pattern, said)), None)


def refuse_foreign(path: Path, if_foreign: str) -> None:
    """Raise a WarehouseError where a file is there but is not a DuckDB database, before DuckDB guesses what it is."""
    if wrong := _foreign(path):
        raise WarehouseError(f"{path}: {wrong}; {if_foreign}")


def at_its_head(path: Path) -> str | None:
    """Why nothing in a file can be read, as far as its first bytes show; None where they are as they should be."""
    if wrong := _foreign(path):
        return wrong
    try:
        sound = not blocks.has_known_layout(path) or blocks.has_sound_headers(path)
    except OSError:
        return None  # as in _foreign
    return None if sound else f"the file is damaged: {HEADER_DAMAGED}"


def _foreign(path: Path) -> str | None:
    """What a file is that is there but is not a DuckDB database."""
    try:
        if not path.exists() or blocks.begins_as_duckdb(path):
            return None
        with path.open("rb") as file:
            beginning = file.read(16)
    except IsADirectoryError:
        return "is a folder, not a DuckDB database"
    except OSError:
        return None  # DuckDB says why it cannot be read
    known = (what for magic, what in BEGINNINGS.items() if beginning.startswith(magic))
    found = next(known, "something else") if beginning else "empty"
    return f"the file is damaged or foreign: it is {found}, not a DuckDB database"


def refuse_damaged(path: Path, if_damaged: str) -> int:
    """Read every block of a closed database file. Returns how many.

    Raises WarehouseError, naming the blocks, when one that is in use is damaged. A free block may be: a process that
    was killed leaves half-written ones, and nobody reads them before they are written again.
    """
    refuse_foreign(path, if_damaged)
    with explained(path, if_damaged):
        if not blocks.has_known_layout(path):
            with _attached(path) as connection:
                read_through(connection)
            return 0
        found = blocks.check(path)
    if damaged := _in_use(path, found):
        raise WarehouseError(f"{path}: the file is damaged: {_named(damaged, found)}; {if_damaged}")
    return found.blocks


def _in_use(path: Path, found: blocks.Checked) -> list[int]:
    """The damaged blocks that hold something: all of them where DuckDB cannot tell."""
    if not found.damaged or found.damaged[0] < 0:
        return found.damaged
    try:
        free = _free_blocks(path)
    except (duckdb.Error, OSError):
        return found.damaged
    return [number for number in found.damaged if number not in free]


def _named(damaged: list[int], found: blocks.Checked) -> str:
    """`2 of its 145 blocks cannot be read (block 60, 61: checksum wrong, or missing)`."""
    if damaged[0] < 0:
        return HEADER_DAMAGED
    shown = words.first_few(damaged, SHOWN_BLOCKS)
    total = words.counted(found.blocks, "block")
    return f"{len(damaged):,} of its {total} cannot be read (block {shown}: checksum wrong, or missing)"


def _free_blocks(path: Path) -> set[int]:
    """The blocks that hold nothing; none where DuckDB cannot say so, or counts others than are found here."""
    with _attached(path) as connection:
        used = {number for (number,) in connection.execute("select block_id from pragma_metadata_info()").fetchall()}
        for table in _tables(connection):
            used |= {number for (number,) in connection.execute(BLOCKS_OF_TABLE, {"table": table}).fetchall()}
        total, counted = connection.execute(BLOCKS_OF_FILE).fetchone() or (0, 0)
    free = set(range(total)) - used
    return free if total - len(free) == counted else set()


@contextmanager
def _attached(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"memory_limit": MEMORY_LIMIT}) as connection:
        connection.execute(f"attach {quoted(path)} as broadsheet (read_only, type duckdb)")
        connection.execute("use broadsheet")
        yield connection


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [
        table
        for (table,) in connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where database_name = current_database()"
        ).fetchall()
    ]


def read_through(connection: duckdb.DuckDBPyConnection) -> None:
    """Read every row of every table, as a query would: what the checksums cannot show is then found by DuckDB."""
    for table in _tables(connection):
        for _ in connection.table(table).to_arrow_reader(100_000):
            pass
