"""A database of SQLite, opened as a stranger's: a copy, read only, with no functions of its own and bounded values."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from etl.formats.common.stanza_columns import refuse_unmapped, required_columns, without_found
from etl.formats.common.usual_names import known
from etl.model import DumpError, Feed

MAGIC = b"SQLite format 3\x00"
LONGEST_VALUE_BYTES = 32 << 20
STEPS_A_LOOK = 1_000_000
MOST_LOOKS = 100
"""Steps of SQLite's machine between two rows: what takes more does not end, or is for its owner to store as a table."""
STORE = "store the view as a table: create table ... as select ..."


class Table(NamedTuple):
    """A table or view: its name, its columns, and the page where its rows begin (0 for a view)."""

    name: str
    columns: list[str]
    root: int


class Database:
    """A database that is open."""

    def __init__(self, file: Path, connection: sqlite3.Connection) -> None:
        self.file, self.connection = file, connection
        self._looks = 0
        connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE_BYTES)
        connection.execute("pragma trusted_schema = off")
        connection.execute("pragma query_only = on")
        connection.execute("pragma cell_size_check = on")
        connection.set_progress_handler(self._look, STEPS_A_LOOK)

    def _look(self) -> bool:
        """Whether to stop: SQLite asks from time to time."""
        self._looks += 1
        return self._looks > MOST_LOOKS

    def rows(self, query: str, *parameters: str) -> Iterator[tuple[object, ...]]:
        """The rows of a query. Raises DumpError where the database is damaged, or a row takes too long."""
        number = self._looks = 0
        try:
            for row in self.connection.execute(query, parameters):
                yield row
                number, self._looks = number + 1, 0
        except sqlite3.OperationalError as error:
            if self._looks > MOST_LOOKS:
                raise DumpError(f"row {number + 1} takes too long; {STORE}") from None
            raise _damaged(error, number) from None
        except (sqlite3.Error, OverflowError) as error:
            raise _damaged(error, number) from None

    def table(self, feed: Feed) -> Table:
        """The table or view that the stanza names, else the only table that has the columns of articles.

        Raises DumpError where it is not there, there are several or none.
        """
        tables = {str(name): str(kind) for name, kind in self.rows("select name, type from pragma_table_list") if kind}
        if feed.table is not None:
            if feed.table not in tables:
                names = ", ".join(_own(tables, "table", "view", "virtual"))
                raise DumpError(
                    f'the stanza names the table "{feed.table}", which it lacks; found {names}; correct `table`'
                )
            return self._described(feed.table)
        described = [self._described(name) for name in _own(tables, "table")]
        found = [table for table in described if _has_articles(table.columns, feed)]
        if len(found) > 1:
            names = ", ".join(table.name for table in found)
            raise DumpError(f"has several tables with articles ({names}); name one of them, or a view, by `table`")
        if not found:
            virtual = [f"{name} (a virtual table)" for name in _own(tables, "virtual")]
            columns = [f"{table.name}.{column}" for table in described for column in table.columns]
            advice = "; a virtual table is read where the stanza names it: table = ..." if virtual else ""
            refuse_unmapped((), [*virtual, *columns] or ["none"], advice)
        return found[0]

    def _described(self, name: str) -> Table:
        columns = [str(column) for (column,) in self.rows("select name from pragma_table_info(?)", name)]
        roots = list(self.rows("select rootpage from sqlite_schema where name = ? and type = 'table'", name))
        root = roots[0][0] if roots else 0
        return Table(name, columns, root if isinstance(root, int) else 0)


def _own(tables: dict[str, str], *kinds: str) -> list[str]:
    """The tables of these kinds that are not SQLite's; the inner ones of an index of words have a kind of their own."""
    return [name for name, kind in tables.items() if kind in kinds and not name.startswith("sqlite_")]


def _has_articles(columns: list[str], feed: Feed) -> bool:
    if required := required_columns(feed):
        return not without_found(required, dict.fromkeys(columns))
    return known(columns)[1]


@contextmanager
def opened(stream: BinaryIO) -> Iterator[Database]:
    """A copy of a database, open. Raises DumpError where it is not one."""
    with tempfile.TemporaryDirectory(prefix="sqlite-") as folder:
        file = Path(folder) / "copy.db"
        with file.open("wb") as copy:
            shutil.copyfileobj(stream, copy, 1 << 20)
        try:
            connection = sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
        except sqlite3.Error as error:
            raise _damaged(error, 0) from None
        with closing(connection):
            try:
                database = Database(file, connection)
            except sqlite3.Error as error:
                raise _damaged(error, 0) from None
            yield database


def quoted(name: str) -> str:
    """A name in SQL."""
    return '"' + name.replace('"', '""') + '"'


def _damaged(error: Exception, number: int) -> DumpError:
    return DumpError(f"the database is damaged or cannot be read after row {number} ({error}); ask for it again")
