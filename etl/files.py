"""Writing files durably, removing files, and reporting folders that are full or not writable."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple


def sync(path: Path) -> None:
    """Wait until a file, or the list of names in a folder, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(file: Path, text: str, mode: int) -> None:
    """Write a small file durably; readers see the old one or the new one, complete."""
    # Hidden, and not under its own suffix: who collects such files does not take it half written.
    temporary = file.with_name(f".{file.name}.new")
    temporary.write_text(text, "utf-8")
    temporary.chmod(mode)
    sync(temporary)
    temporary.replace(file)
    sync(file.parent)


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


MAKE_ROOM = "make room there, then run it again: what is already loaded is not loaded twice"
GIVE_RIGHT = "give the user that runs Broadsheet permission to write there, then run it again"
TRY_AGAIN = "see whether it can be reached, then run it again: what is already loaded is not loaded twice"
ADVICE = {
    errno.ENOSPC: MAKE_ROOM,
    errno.EDQUOT: MAKE_ROOM,
    errno.EACCES: GIVE_RIGHT,
    errno.EPERM: GIVE_RIGHT,
    errno.EROFS: GIVE_RIGHT,
    errno.ENOSYS: "then run it again",
    errno.EISDIR: "move it away, then run it again",
}


class StorageError(Exception):
    """One of Broadsheet's own files or folders cannot be written. The message names the place and says what to do."""


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Raise a StorageError where something below this folder cannot be written for lack of room or permission,
    or a bucket does not do what it is asked."""
    try:
        yield
    except OSError as error:
        # If the error names two files, the second is the one being written. Arrow's errors name none.
        place = error.filename2 or error.filename or folder
        is_of_bucket = str(place).startswith("s3://")  # which says more than a number
        if error.errno not in ADVICE and not is_of_bucket:
            raise
        reason = error.strerror if is_of_bucket else os.strerror(error.errno or 0).lower()
        raise StorageError(f"{place}: {reason}; {ADVICE.get(error.errno or 0, TRY_AGAIN)}") from error


class Mode(int):
    """The mode of a folder, in octal digits as for chmod; a file in it has the same without the right to execute."""

    def __new__(cls, digits: str) -> Mode:
        mode = super().__new__(cls, digits, 8)
        if mode & ~0o777 or mode & 0o700 != 0o700:
            raise ValueError(f"{digits}: not a mode, or without all rights for the owner")
        return mode

    def __str__(self) -> str:
        return f"{self:04o}"

    @property
    def of_file(self) -> int:
        return self & 0o666

    @property
    def of_copy(self) -> int:
        """Of a published copy: nobody writes to it."""
        return self & 0o444

    @property
    def of_parent(self) -> int:
        """For the owner alone, but to be passed through on the way to this folder."""
        return 0o700 | (self & 0o011)


def keep_private() -> None:
    """Make what this process creates from now on readable for its owner alone. The edges call it, once."""
    os.umask(0o077)


def set_modes(modes: dict[Path, int]) -> list[str]:
    """Give what is there of these files and folders a mode; returns what others could reach, or still can.

    A right that was taken from the owner is not given back: whoever made a folder read-only meant it. But a folder that
    its owner may read can be entered: older versions left some that could not.
    """
    return [told for path, mode in modes.items() if (told := _set_mode(path, mode))]


def _set_mode(path: Path, mode: int) -> str | None:
    try:
        before = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return None
    may_enter = (before & 0o400) >> 2
    mode &= before | may_enter | 0o077
    try:
        if before != mode:
            path.chmod(mode)
    except FileNotFoundError:
        return None
    except PermissionError:
        if not before & ~mode & 0o077:
            return None
        return f"{path} is {before:04o} and belongs to another user; give it to the user that runs Broadsheet"
    return f"{path} was {before:04o}, is now {mode:04o}" if before & ~mode & 0o077 else None
