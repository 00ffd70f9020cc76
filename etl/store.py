"""Files wherever they are: on a disk, or in an S3 bucket (see etl.bucket)."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from stat import S_ISDIR

from etl import bucket
from etl.bucket import is_remote, path_of, url_of
from etl.files import Removed
from etl.files import remove as remove_local

__all__ = ["is_remote", "path_of", "url_of"]


def stat(path: Path) -> os.stat_result:
    """As os.stat."""
    return bucket.stat_of(path) if is_remote(path) else path.stat()


def exists(path: Path) -> bool:
    """Whether there is a file or a folder."""
    if not is_remote(path):
        return os.path.exists(path)
    try:
        bucket.stat_of(path)
    except FileNotFoundError:
        return False
    return True


def is_file(path: Path) -> bool:
    """Whether there is a file."""
    return exists(path) and not S_ISDIR(bucket.stat_of(path).st_mode) if is_remote(path) else path.is_file()


def is_folder(path: Path) -> bool:
    """Whether there is a folder; in a bucket, whether anything is below it. A bucket itself is one."""
    if not is_remote(path):
        return os.path.isdir(path)
    return bool(bucket.scan(path)) or len(path.parts) == len(Path(bucket.ROOT, "bucket").parts)


@contextmanager
def scan(folder: Path | str) -> Iterator[Iterable[os.DirEntry[str] | bucket.Entry]]:
    """As os.scandir."""
    if is_remote(folder):
        yield bucket.scan(Path(folder))
    else:
        with os.scandir(folder) as entries:
            yield entries


def files(folder: Path) -> list[Path]:
    """All files below a folder, by name."""
    if is_remote(folder):
        return [path for path, _ in bucket.files(folder)]
    return sorted(path for path in folder.rglob("*") if path.is_file())


def read_text(file: Path) -> str:
    """The text of a small file. Raises OSError."""
    with at_hand(file) as copy:
        return copy.read_text("utf-8")


def write_text(file: Path, text: str) -> None:
    """Write a small file. Raises OSError."""
    with written(file) as copy:
        copy.write_text(text, "utf-8")


def changed_at(path: Path) -> float:
    """When a file, or anything in a folder, was last changed, in Unix time."""
    if is_remote(path):
        return max(found.st_mtime for _, found in (*_itself(path), *bucket.files(path)))
    return max(file.lstat().st_mtime for file in (path, *path.rglob("*")))


@contextmanager
def at_hand(file: Path) -> Iterator[Path]:
    """A file for reading: itself, or a copy of an object that is gone afterwards. Raises OSError."""
    if not is_remote(file):
        yield file
        return
    with tempfile.TemporaryDirectory(prefix="broadsheet-") as folder:
        copy = Path(folder, file.name)
        bucket.get(file, copy)
        yield copy


@contextmanager
def written(file: Path) -> Iterator[Path]:
    """Where to write a file, which is there when nothing was raised: itself, or what becomes an object."""
    if not is_remote(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        yield file
        return
    with tempfile.TemporaryDirectory(prefix="broadsheet-") as folder:
        copy = Path(folder, file.name)
        yield copy
        bucket.put(copy, file)


def put(file: Path, target: Path) -> None:
    """Make a file of the disk an object, whole or not at all."""
    bucket.put(file, target)


def put_first(file: Path, target: Path) -> bool:
    """The same, unless another process has put one there first. Returns whether it was made."""
    return bucket.put_first(file, target)


def get(file: Path, copy: Path) -> None:
    """Make a copy of an object on the disk, whole or not at all."""
    bucket.get(file, copy)


def remove(paths: Sequence[Path]) -> Removed:
    """Remove files, links and whole folders."""
    local = remove_local(path for path in paths if not is_remote(path))
    remote = [path for path in paths if is_remote(path)]
    below = {file: found.st_size for path in remote for file, found in (*_itself(path), *bucket.files(path))}
    bucket.remove(below)
    return Removed(local.number + len(remote), local.bytes + sum(below.values()))


def _itself(path: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """An object, where the path is one and not a folder."""
    if exists(path):
        yield path, bucket.stat_of(path)
