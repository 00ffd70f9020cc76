"""Other people's SQL: one query over an attached file, which reaches no other file, no network and no setting."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from etl.settings import Settings
from etl.warehouse import lake, reading
from etl.warehouse.statements import without_pandas

_EXPLAIN = re.compile(r"\s*explain\s+(analyze\s+)?", re.IGNORECASE)
"""What may stand before the query of an EXPLAIN: DuckDB does not tell what kind of statement is explained."""


class QueryRefused(ValueError):
    """The text is not one query. The message says what was found and what is expected."""


@contextmanager
def sandboxed(place: Path | lake.Snapshot, settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """What is published for one query of a person: attached read-only, and shut against everything else."""
    with reading.attached(place) as connection, TemporaryDirectory(prefix="broadsheet-") as spill:
        shut(connection, settings, Path(spill))
        yield connection


_CHANGING = re.compile(
    r"\b((?:enable|disable|truncate)_\w+|(?:force_)?checkpoint)\"?(?:--[^\n]*\n|/\*.*?\*/|\s)*+\(",
    re.IGNORECASE | re.DOTALL,
)
"""Functions of DuckDB that may stand in a query and change something all the same, such as enable_logging()."""


def shut(connection: duckdb.DuckDBPyConnection, settings: Settings, spill: Path, writable: Path | None = None) -> None:
    """Leave a connection only what it has attached, a folder to spill to, and a file or folder for COPY to write.

    It cannot be undone. No statement given by a person may run COPY: see query_in.
    """
    writes = [os.path.abspath(writable)] if writable else []
    reads = [f"{in_lake.data}/"] if (in_lake := lake.of(settings)) else []
    connection.execute("set python_enable_replacements = false")
    with without_pandas():
        connection.execute("set memory_limit = $1", [settings.memory_limit])
        connection.execute("set threads = $1", [settings.threads])
        connection.execute("set temp_directory = $1", [os.path.abspath(spill)])
        connection.execute("set allowed_paths = $1", [writes])
        connection.execute("set allowed_directories = $1", [[*writes, *reads]])
    for setting in ("autoinstall_known_extensions", "autoload_known_extensions", "enable_external_access"):
        connection.execute(f"set {setting} = false")
    connection.execute("set lock_configuration = true")


def query_in(connection: duckdb.DuckDBPyConnection, sql: str, with_explain: bool = True) -> str:
    """The one query in a text, for a connection that is shut: SELECT, FROM, WITH, DESCRIBE, SHOW, SUMMARIZE, EXPLAIN.

    Raises QueryRefused if there is anything else, or duckdb.Error if it cannot be parsed.
    """
    # Parsed by the connection that is shut, because the parser opens files itself for IMPORT DATABASE.
    found = connection.extract_statements(sql)
    if len(found) > 1 and not found[0].query:  # DuckDB finds the columns of a PIVOT in a statement of its own
        raise QueryRefused(
            "a PIVOT must name its columns here, as in: pivot ... on publication in ('The Lamp', 'Kurier')"
        )
    if len(found) != 1:
        raise QueryRefused(f"expected one SQL statement, found {len(found)}")
    statement = found[0]
    if changing := _CHANGING.search(statement.query):
        raise QueryRefused(f"only a query is run; {changing[1]}() changes settings or files of the database")
    if statement.type == duckdb.StatementType.SELECT:
        return statement.query
    if with_explain and statement.type == duckdb.StatementType.EXPLAIN and (start := _EXPLAIN.match(statement.query)):
        query_in(connection, statement.query[start.end() :], with_explain=False)
        return statement.query
    kind = statement.type.name.replace("_", " ")
    raise QueryRefused(f"only a query is run: SELECT, FROM, WITH, or the name of a table; this is {kind}")
