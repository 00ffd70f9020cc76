"""Files that must last, and files that must go."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
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
