"""A database of SQLite: one article a row of one table; columns are mapped as in `common/columns.py`.

What scrapers, apps and archives of news keep. The stanza's `table` names a table, a virtual one (FTS) or a view;
without it, the only table with a column of headlines or texts is read. Where an article is in several tables, its owner
joins them in a view. Rows are read in the order of the table; bytes are text where they are UTF-8. The file is copied
and opened read-only, and no function of it runs. A database that was copied while a program had it open may lack its
last rows, which stand in a file beside it (`-wal`): that is told. An encrypted database is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from etl.formats.common.columns import Plan, make_plan, record, refuse_missing, refuse_unmapped
from etl.formats.common.other_kinds import without_skip
from etl.formats.common.pieces import Unreadable, guarded
from etl.formats.common.sqlite_file import MAGIC, Database, Table, opened, quoted
from etl.formats.common.sqlite_pages import count_cells
from etl.formats.common.values import spelt
from etl.model import Doubt, DumpError, Feed, Piece

LEAST_ACCOUNTED_SHARE = 0.3
"""Much of a row can be what no field holds."""

FREE_ROWS = 10_000
"""So many rows a file of any size may have."""


def recognise(head: bytes, name: str) -> float:
    """By the words that begin every database of SQLite."""
    return 1.0 if head.startswith(MAGIC) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The cells of the table's pages, counted without SQLite; of a view, the number of its rows that SQLite gives."""
    with opened(stream) as database:
        table = database.table(feed)
        return count_cells(database.file, table.root) if table.root else _count_of_view(database, table)


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record a row. Raises DumpError where the database is damaged, has no table of articles or several, or lacks a
    column that the stanza names."""
    with opened(stream) as database:
        table = database.table(feed)
        refuse_missing(table.columns, feed)
        plan = make_plan(table.columns, feed, by_number=True)
        refuse_unmapped(plan.columns, table.columns)
        most = max(FREE_ROWS, database.file.stat().st_size)
        columns = ", ".join(map(quoted, table.columns))
        for number, row in enumerate(database.rows(f"select {columns} from {quoted(table.name)}"), 1):
            if number > most:
                raise DumpError(
                    f"has more than {most:,} rows, which it cannot hold; ask for it again, or mend the view"
                )
            yield _piece(list(row), plan, f"row {number}")
        if _writes_ahead(database):
            yield Doubt(
                "was written with a write-ahead log: if it was copied while a program had it open, its last rows stand "
                "in the file `-wal` beside it, and are missing"
            )


def _count_of_view(database: Database, table: Table) -> int:
    ((count,),) = database.rows(f"select count(*) from {quoted(table.name)}")
    return int(str(count))


def _writes_ahead(database: Database) -> bool:
    with database.file.open("rb") as file:
        return file.read(20)[18:20] == b"\x02\x02"


def _piece(row: list[Any], plan: Plan, position: str) -> Piece:
    def data() -> bytes:
        return repr(row).encode("utf-8", "replace")

    def make() -> Piece:
        for name, value in zip(plan.names, row, strict=True):
            if isinstance(value, str) and not value.isascii() and any("\udc80" <= each <= "\udcff" for each in value):
                raise Unreadable(f"column {name!r} is not UTF-8; mend it in the database")
        return without_skip(record(plan, spelt(row), position), data)

    return guarded(make, position, data)
