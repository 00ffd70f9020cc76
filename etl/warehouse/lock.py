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

from filelock import FileLock, Timeout

from etl.settings import Settings
from etl.warehouse import WarehouseError

log = logging.getLogger(__name__)

HOLDER = "lock.json"
"""Beside the lock: who holds it. It stays behind when that process is killed; the lock itself does not."""


@contextmanager
def held(settings: Settings, purpose: str) -> Iterator[None]:
    """Hold the warehouse for this process alone while it is opened, loaded or copied.

    Raises WarehouseError naming the holder when it is not free within the time limit.
    """
    folder = settings.warehouse.parent
    folder.mkdir(parents=True, exist_ok=True)
    note = folder / HOLDER
    file_lock = FileLock(folder / "lock", timeout=settings.lock_timeout_seconds, poll_interval=0.2)
    try:
        file_lock.acquire(timeout=0)
    except Timeout:
        log.warning("waiting for the warehouse: %s", _read(note))
        try:
            file_lock.acquire()
        except Timeout:
            raise WarehouseError(
                f"{settings.warehouse}: still held by {_read(note)} after "
                f"{settings.lock_timeout_seconds:g} s; wait for it to end, or raise BROADSHEET_LOCK_TIMEOUT_SECONDS"
            ) from None
    with _named(file_lock, note, purpose):
        yield


def taken(settings: Settings, purpose: str, until: ExitStack, patience_seconds: float) -> str | None:
    """Take the lock for as long as `until` lasts, for one who only reads. Returns who holds it if it is not free in
    time.
    """
    folder = settings.warehouse.parent
    file_lock = FileLock(folder / "lock")
    try:
        file_lock.acquire(timeout=patience_seconds, poll_interval=0.05)
    except Timeout:
        return _read(folder / HOLDER)
    except OSError as error:
        if error.errno != errno.EROFS:
            raise
        return None  # nobody writes to a file system that is read-only
    until.enter_context(_named(file_lock, folder / HOLDER, purpose))
    return None


def holder(settings: Settings) -> str | None:
    """Who holds the warehouse, and since when; None while it is free."""
    folder = settings.warehouse.parent
    if not (folder / "lock").exists():
        return None
    try:
        FileLock(folder / "lock").acquire(timeout=0).lock.release()
    except Timeout:
        return _read(folder / HOLDER)
    except OSError as error:
        if error.errno != errno.EROFS:
            raise
    return None


@contextmanager
def _named(file_lock: FileLock, note: Path, purpose: str) -> Iterator[None]:
    """Let others read who holds a lock that is held, and give it back at the end."""
    try:
        since = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
        note.write_text(json.dumps({"pid": os.getpid(), "purpose": purpose, "since": since}))
        yield
    finally:
        note.unlink(missing_ok=True)
        file_lock.release()


def _read(note: Path) -> str:
    try:
        found = json.loads(note.read_text())
        return f"process {found['pid']} ({found['purpose']}) since {found['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process, which has only just taken it"
