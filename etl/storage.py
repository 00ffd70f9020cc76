"""Folders that are full or may not be written: which one, what the system says, and what to do."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
