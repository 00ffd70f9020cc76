"""Files that must last, files that must go, and folders that are full or may not be written."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Removed(NamedTuple):
    """How many files or folders were removed, and how many bytes they took."""

    number: int
    bytes: int


def remove(paths: Iterable[Path]) -> Removed:
    """Remove files, links and whole folders."""
    sizes = [_remove(path) for path in paths]
    return Removed(len(sizes), sum(sizes))


def _remove(path: Path) -> int:
    if path.is_dir() and not path.is_symlink():
        size = sum(file.lstat().st_size for file in path.rglob("*") if not file.is_dir())
        shutil.rmtree(path)
    else:
        size = path.lstat().st_size
        path.unlink()
    return size


MAKE_ROOM = "make room there, then run it again: what is loaded already is not loaded twice"
GIVE_RIGHT = "give the user that runs Broadsheet the right to write there, then run it again"
ADVICE = {
    errno.ENOSPC: MAKE_ROOM,
    errno.EDQUOT: MAKE_ROOM,
    errno.EACCES: GIVE_RIGHT,
    errno.EPERM: GIVE_RIGHT,
    errno.EROFS: GIVE_RIGHT,
}


class StorageError(Exception):
    """Something of ours cannot be written. The message names the place and says what to do."""


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Raise as a StorageError what the system says while something below that folder is written."""
    try:
        yield
    except OSError as error:
        if error.errno not in ADVICE:
            raise
        # Of two files, the second is the one written; Arrow names none.
        place = error.filename2 or error.filename or folder
        raise StorageError(f"{place}: {os.strerror(error.errno).lower()}; {ADVICE[error.errno]}") from error
