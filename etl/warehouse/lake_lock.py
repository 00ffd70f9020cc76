"""The lock of a lake, among all machines: an advisory lock of the PostgreSQL that keeps its catalogue.

PostgreSQL gives it back when the connection that holds it ends, with its process or its machine. Whoever goes on
after it was lost is refused when it commits: see `lake.FENCE`.
"""

from __future__ import annotations

import os
import socket
import time
from contextlib import ExitStack
from typing import Any

from etl.warehouse.lake import Snapshot, catalogue_of

KEY = "hashtext('broadsheet')"
POLL_SECONDS = 0.2
LONGEST_NAME = 63
"""Of a connection, for PostgreSQL."""

HOLDER = """
    select application_name, to_char(backend_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')
    from pg_locks inner join pg_stat_activity using (pid)
    where locktype = 'advisory' and granted and objid = (hashtext('broadsheet')::bigint & 4294967295)::oid
        and pg_locks.database = (select oid from pg_database where datname = current_database())
"""


class LakeLock:
    """What only one process of all machines holds."""

    def __init__(self, lake: Snapshot) -> None:
        self._lake = lake
        self._open = ExitStack()
        self._connection: Any = None

    def acquire(self, patience_seconds: float) -> bool:
        """Take it, if it becomes free in time. Returns whether it did."""
        if self._connection is None:
            self._connection = self._open.enter_context(catalogue_of(self._lake))
        until = time.monotonic() + patience_seconds
        while not self._ask(f"select pg_try_advisory_lock({KEY})")[0][0]:
            if time.monotonic() >= until:
                return False
            time.sleep(POLL_SECONDS)
        return True

    def name(self, purpose: str) -> None:
        """Let others read who holds it: the name of the connection."""
        name = f"{socket.gethostname()[:20]} {os.getpid()} {purpose}"
        self._ask("select set_config('application_name', %s, false)", name[:LONGEST_NAME])

    def release(self) -> None:
        """Give it back, with the connection."""
        self._open.close()
        self._connection = None

    def holder(self) -> str | None:
        """Who holds it, and since when; None where nobody does."""
        found = self._ask(HOLDER)
        return f"{found[0][0]} since {found[0][1]} UTC" if found else None

    def _ask(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(query, parameters or None)
            return list(cursor.fetchall())
