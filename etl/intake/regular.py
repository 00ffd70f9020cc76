"""Files opened so that what is read is what was hashed, whatever somebody puts in its place meanwhile.

Whoever may write to the landing folder may swap a file, or a folder above it, for a link between discovery and
reading. So the opened file itself is compared with the one that was hashed, never what its path leads to.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from io import BufferedReader, FileIO
from pathlib import Path

from etl import bucket, store
from etl.intake.landing import why_unreadable
from etl.model import DumpChanged, DumpError

BUFFER_BYTES = 1 << 18


def identity(found: os.stat_result) -> str:
    """Which file it is, and in which state: device, inode, size, times of the last writing and of the last change.

    The last of them cannot be set by anyone, and every write, rename and change of rights sets it.
    """
    return f"{found.st_dev}:{found.st_ino}:{found.st_size}:{found.st_mtime_ns}:{found.st_ctime_ns}"


def opened(path: Path, planned: str = "") -> BufferedReader:
    """Open a regular file that is not a link, and is the planned one if its identity is given.

    Raises DumpChanged when it is gone or another one, DumpError when it cannot be read or is not a regular file.
    """
    try:
        return _checked(path, planned)
    except FileNotFoundError:
        raise DumpChanged(f"{path} is gone; it was there when the run began") from None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise DumpChanged(f"{path} became a link while the run was reading it; it is not followed") from None
        raise DumpError(f"{path} {why_unreadable(error)}") from None


def opened_now(path: Path, known: str = "") -> BufferedReader:
    """Open a regular file that is not a link, for whoever looks at what is there before anything is planned.

    Raises OSError as `open` does, and FileNotFoundError where it is not the one of the identity `known`; DumpError
    where it is not a regular file.
    """
    try:
        return _checked(path, known)
    except DumpChanged as error:
        raise FileNotFoundError(errno.ENOENT, str(error), str(path)) from error


def sha256(path: Path, known: str = "") -> str:
    """Returns the hash of a file; of no other one if its identity is `known`. Raises as `opened_now` does."""
    with opened_now(path, known) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _descriptor(path: Path) -> int:
    # A pipe would be waited for without O_NONBLOCK, which means nothing for a regular file.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    return os.open(os.path.realpath(path) if path.is_symlink() else path, flags)


def _checked(path: Path, planned: str) -> BufferedReader:
    """A file, or an object, opened; only where it is a regular one, and the planned one."""
    if store.is_remote(path):
        stream, found = bucket.opened(path)
        _refuse_other(found, path, planned)
        return BufferedReader(stream, BUFFER_BYTES)
    descriptor = _descriptor(path)
    try:
        _refuse_other(os.fstat(descriptor), path, planned)
    except BaseException:
        os.close(descriptor)
        raise
    return BufferedReader(FileIO(descriptor), BUFFER_BYTES)


def _refuse_other(found: os.stat_result, path: Path, planned: str) -> None:
    if planned and identity(found) != planned:
        raise DumpChanged("is another file than the one that was planned, or was changed; it is taken again next run")
    if not stat.S_ISREG(found.st_mode):
        raise DumpError(f"{path} is not a regular file: it is a folder, a pipe or a device; put a file there")
