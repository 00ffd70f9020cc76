"""Database files attached read-only, and a look that never waits for a load."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from etl.settings import Settings
from etl.warehouse import damage, lock
from etl.warehouse.statements import quoted

PATIENCE_SECONDS = 1.0
"""How long one who only looks waits for the warehouse."""


@contextmanager
def attached(
    path: Path, if_damaged: str = "remove it, then run: broadsheet publish"
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A published file, or one like it, attached read-only as `broadsheet` and in use.

    Opened through an in-memory DuckDB: one process that opens the same path again after a publish
    would otherwise get the old file.
    """
    with damage.explained(path.resolve(), if_damaged), duckdb.connect() as connection:
        connection.execute(f"attach {quoted(path)} as broadsheet (read_only)")
        connection.execute("use broadsheet")
        yield connection


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
    with ExitStack() as open_things:
        holder = None
        if (
            settings.warehouse.exists()
            and (holder := lock.taken(settings, purpose, open_things, PATIENCE_SECONDS)) is None
        ):
            yield Peek(open_things.enter_context(attached(settings.warehouse, damage.RESTORE)), None)
        elif published.exists():
            yield Peek(open_things.enter_context(attached(published)), holder)
        else:
            yield Peek(None, holder)
