"""The folder of a run at hand: where runs are kept in a bucket, a copy of what a stage needs, put back when it ends.

On a disk that is the folder itself. In a bucket no file is changed in place: what a stage reads is copied into a folder
of its own, the stage works there as ever, and what it has made, changed or removed there becomes so in the bucket, in
the order in which it was made. A stage that is killed leaves nothing there, and its own folder to whoever begins next.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from fnmatch import fnmatch
from functools import wraps
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar, cast

from etl import store
from etl.files import writing
from etl.run import Run
from etl.settings import Settings

OF_RUN = "*"
"""The files of a run that belong to no batch."""
ALL = (OF_RUN, "*/*")

PREFIX = "run-"
COPIED_AT_ONCE = 8

OfRun = TypeVar("OfRun", bound=Callable[..., Any])

Stamps = dict[str, tuple[int, int]]
"""The size and the time of the last change of each file, by its path in the folder."""


@contextmanager
def working_copy(run: Run, *needed: str) -> Iterator[Run]:
    """A run whose folder is on this machine, with the files `needed`: globs of their paths in it.

    Raises StorageError where they cannot be fetched or put back.
    """
    if not store.is_remote(run.folder):
        yield run
        return
    with _scratch(run.settings) as folder:
        here = replace(run, settings=replace(run.settings, work=str(folder)))
        here.folder.mkdir()
        if needed:
            with writing(run.folder):
                fetch(run.folder, here.folder, needed)
        before = _stamps(here.folder)
        try:
            yield here
        finally:
            with writing(run.folder):
                _put_back(here.folder, run.folder, before)


def in_workspace(*needed: str) -> Callable[[OfRun], OfRun]:
    """Makes a function of a run one that works in a workspace with the files `needed`."""

    def decorated(work: OfRun) -> OfRun:
        @wraps(work)
        def working(run: Run, *arguments: Any) -> Any:
            with working_copy(run, *needed) as here:
                return work(here, *arguments)

        return cast(OfRun, working)

    return decorated


@contextmanager
def at_hand(settings: Settings, folder: Path, *needed: str) -> Iterator[Path]:
    """The work folder of any run for reading, with the files `needed`."""
    if not store.is_remote(folder):
        yield folder
        return
    with _scratch(settings) as copy:
        fetch(folder, copy, needed)
        yield copy


def fetch(folder: Path, copy: Path, needed: tuple[str, ...]) -> None:
    """Copy the files of a folder in a bucket that match one of some globs."""
    names = [path.relative_to(folder).as_posix() for path in store.files(folder)]
    wanted = [name for name in names if any(_fits(name, pattern) for pattern in needed)]
    for name in wanted:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(COPIED_AT_ONCE) as copying:
        list(copying.map(lambda name: store.get(folder / name, copy / name), wanted))


def _fits(name: str, pattern: str) -> bool:
    """Whether a path matches a glob, whose `*` is a part of one name."""
    parts, globs = PurePosixPath(name).parts, PurePosixPath(pattern).parts
    return len(parts) == len(globs) and all(map(fnmatch, parts, globs))


def _stamps(folder: Path) -> Stamps:
    found = ((path, path.stat()) for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): (stats.st_size, stats.st_mtime_ns) for path, stats in found}


def _put_back(copy: Path, folder: Path, before: Stamps) -> None:
    """Put what was made or changed into the bucket, the oldest first, as the last says that all is there."""
    after = _stamps(copy)
    store.remove([folder / name for name in before.keys() - after.keys()])
    changed = [name for name in after if after[name] != before.get(name) and not name.endswith(".part")]
    for name in sorted(changed, key=lambda name: after[name][1]):
        store.put(copy / name, folder / name)


@contextmanager
def _scratch(settings: Settings) -> Iterator[Path]:
    """An empty folder on this machine, for as long as it is used. Those of processes that were killed are removed."""
    settings.scratch.mkdir(parents=True, exist_ok=True)
    for left in settings.scratch.glob(f"{PREFIX}*"):
        with suppress(OSError), _locked(left):  # whose process is there has it locked
            shutil.rmtree(left)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=settings.scratch))
    try:
        with _locked(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold a lock on a folder. Raises OSError where another process, or this one, holds it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)
