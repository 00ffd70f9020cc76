"""The lock of a lake, among all machines: an advisory lock of the PostgreSQL that keeps its catalogue.

PostgreSQL gives it back when the connection that holds it ends, with its process or its machine. Whoever goes on
after it was lost is refused when it commits: see `lake_writing.FENCE`.
"""

from __future__ import annotations

import os
import socket
import time
from contextlib import ExitStack
from typing import Any

from etl.warehouse import WarehouseError
from etl.warehouse.lake import Snapshot, Unreachable, catalogue_of

KEY = "hashtext('broadsheet')"
POLL_SECONDS = 0.2
LONGEST_NAME = 63
"""Of a connection, for PostgreSQL."""

NOTICED_SOON = "set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3"
"""PostgreSQL gives the lock of a machine that is gone back after half a minute; by itself after two hours."""

HOLDER = """
    select application_name, to_char(backend_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')
    from pg_locks inner join pg_stat_activity using (pid)
    where locktype = 'advisory' and granted and objid = (hashtext('broadsheet')::bigint & 4294967295)::oid
        and pg_locks.database = (select oid from pg_database where datname = current_database())
"""

_held: dict[str, LakeLock] = {}
"""What this process holds, by the catalogue."""


def refuse_lost(lake: Snapshot) -> None:
    """Raise Unreachable where this process held the lock of a lake and its connection was lost."""
    if lock := _held.get(lake.catalogue):
        lock.ask_whether_held()


def keep(lake: Snapshot) -> None:
    """Take the lock of a lake again where this process held it and its connection was lost.

    Raises WarehouseError where another has it by now, Unreachable where nobody can say so.
    """
    if (lock := _held.get(lake.catalogue)) and lock.is_lost():
        lock.take_again()


class LakeLock:
    """What only one process of all machines holds."""

    def __init__(self, lake: Snapshot) -> None:
        self._lake = lake
        self._open = ExitStack()
        self._connection: Any = None
        self._name = ""

    def acquire(self, patience_seconds: float) -> bool:
        """Take it, if it becomes free in time. Returns whether it did. Who waits outlives a restart of PostgreSQL."""
        until = time.monotonic() + patience_seconds
        while True:
            try:
                if self._is_taken():
                    return True
            except Unreachable:
                if time.monotonic() >= until:
                    raise
                self._close()
            if time.monotonic() >= until:
                return False
            time.sleep(POLL_SECONDS)

    def name(self, purpose: str) -> None:
        """Let others read who holds it: the name of the connection."""
        self._name = f"{socket.gethostname()[:20]} {os.getpid()} {purpose}"[:LONGEST_NAME]
        self._ask("select set_config('application_name', %s, false)", self._name)
        _held[self._lake.catalogue] = self

    def release(self) -> None:
        """Give it back, and forget it where it was not held."""
        if _held.get(self._lake.catalogue) is self:
            del _held[self._lake.catalogue]
        if self._connection and not self.is_lost():
            # The end of a connection would give it back, too, but a moment later.
            self._ask("select pg_advisory_unlock_all()")
        self._close()

    def holder(self) -> str | None:
        """Who holds it, and since when, which PostgreSQL may not tell everybody; None where nobody does."""
        found = self._ask(HOLDER)
        if not found:
            return None
        name, since = found[0]
        return f"{name} since {since} UTC" if since else name

    def ask_whether_held(self) -> None:
        """Raise Unreachable where the connection that held it is gone, and so the lock."""
        self._ask("select 1")

    def is_lost(self) -> bool:
        """Whether the connection that held it is gone, and so the lock."""
        try:
            self.ask_whether_held()
        except Unreachable:
            return True
        return False

    def take_again(self) -> None:
        """Take a lock that was lost, under the same name. Raises WarehouseError where another has it by now."""
        self._close()
        if not self._is_taken():
            raise WarehouseError(
                f"{self._lake.name}: this process lost its lock, and {self.holder() or 'another process'} has it now; "
                "what was not committed before is not in the lake; wait for the other to end, then run it again"
            )
        self._ask("select set_config('application_name', %s, false)", self._name)

    def _is_taken(self) -> bool:
        if self._connection is None:
            self._connection = self._open.enter_context(catalogue_of(self._lake))
            self._ask(f"{NOTICED_SOON}; select 1")
        return bool(self._ask(f"select pg_try_advisory_lock({KEY})")[0][0])

    def _close(self) -> None:
        self._open.close()
        self._connection = None

    def _ask(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        import psycopg2

        try:
            with self._connection.cursor() as cursor:
                cursor.execute(query, parameters or None)
                return list(cursor.fetchall())
        except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
            said = str(error).strip().partition("\n")[0]
            raise Unreachable(
                f"{self._lake.name}: the connection to its catalogue, which holds its lock, was lost: {said}; "
                "check that PostgreSQL runs, then run it again"
            ) from None
