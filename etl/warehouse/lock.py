"""One writer at a time: the lock of the warehouse, and who holds it."""

from __future__ import annotations

import errno
import json
import logging
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout

from etl.settings import Settings
from etl.warehouse import WarehouseError, lake, lake_lock

log = logging.getLogger(__name__)

LOCK = "lock"
HOLDER = "lock.json"
"""Beside the lock: who holds it. It stays behind when that process is killed; the lock itself does not."""

UNKNOWN = "another process, which has only just taken it"


class Lock(Protocol):
    """What only one process holds, of those on this machine or on all."""

    def acquire(self, patience_seconds: float) -> bool:
        """Take it, if it becomes free in time. Returns whether it did."""

    def name(self, purpose: str) -> None:
        """Let others read who holds it, and what for."""

    def release(self) -> None:
        """Give it back, and forget it where it was not held."""

    def holder(self) -> str | None:
        """Who holds it, and since when; None where nothing says so."""


@contextmanager
def held(settings: Settings, purpose: str) -> Iterator[None]:
    """Hold the warehouse for this process alone while it is opened, loaded or copied.

    Raises WarehouseError naming the holder when it is not free within the time limit.
    """
    lock = _lock_of(settings)
    try:
        if not lock.acquire(0):
            log.warning("waiting for the warehouse: %s", lock.holder() or UNKNOWN)
            if not lock.acquire(settings.lock_timeout_seconds):
                place = in_lake.name if (in_lake := lake.of(settings)) else settings.warehouse_file
                raise WarehouseError(
                    f"{place}: still held by {lock.holder() or UNKNOWN} after {settings.lock_timeout_seconds:g} s; "
                    "wait for it to end, or raise BROADSHEET_LOCK_TIMEOUT_SECONDS"
                )
        lock.name(purpose)
        yield
    finally:
        lock.release()


def taken(settings: Settings, purpose: str, until: ExitStack, patience_seconds: float) -> str | None:
    """Take the lock for as long as `until` lasts, for one who only reads. Returns who holds it if it is not free in
    time.
    """
    lock = _lock_of(settings)
    until.callback(lock.release)
    try:
        if not lock.acquire(patience_seconds):
            return lock.holder() or UNKNOWN
    except OSError as error:
        if error.errno != errno.EROFS:
            raise
        return None  # nobody writes to a file system that is read-only
    lock.name(purpose)
    return None


def holder(settings: Settings) -> str | None:
    """Who holds the warehouse, and since when; None while it is free."""
    if not lake.of(settings) and not (settings.warehouse_file.parent / LOCK).exists():
        return None  # and nothing is made: who only looks may not be allowed to
    lock = _lock_of(settings)
    try:
        return None if lock.acquire(0) else lock.holder() or UNKNOWN
    except OSError as error:
        if error.errno != errno.EROFS:
            raise
        return None
    finally:
        lock.release()


def _lock_of(settings: Settings) -> Lock:
    if place := lake.of(settings):
        return lake_lock.LakeLock(place)
    return _OfFile(settings.warehouse_file.parent)


class _OfFile:
    """A lock among the processes of one machine: beside the warehouse file, with a note of who holds it."""

    def __init__(self, folder: Path) -> None:
        self._note = folder / HOLDER
        self._is_noted = False
        self._lock = FileLock(folder / LOCK, poll_interval=0.2)

    def acquire(self, patience_seconds: float) -> bool:
        self._note.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=patience_seconds)
        except Timeout:
            return False
        return True

    def name(self, purpose: str) -> None:
        since = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
        self._note.write_text(json.dumps({"pid": os.getpid(), "purpose": purpose, "since": since}))
        self._is_noted = True

    def release(self) -> None:
        if self._is_noted:  # else it says who was killed before
            self._note.unlink(missing_ok=True)
        self._lock.release()

    def holder(self) -> str | None:
        try:
            found = json.loads(self._note.read_text())
            return f"process {found['pid']} ({found['purpose']}) since {found['since']}"
        except (OSError, ValueError, KeyError, TypeError):
            return None
