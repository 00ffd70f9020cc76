"""The files that a path, folder or glob matches, and none beyond a link that leads out of where dumps may be.

Anyone who can drop a dump can also drop a link, so no link is followed out of the landing folder: the link itself is
yielded, and discovery refuses it by name. A file that is swapped between its hashing and its reading is not read (see
etl.intake.regular); for one that is swapped between this check and its hashing, only the permissions of the reading
user help.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from fnmatch import fnmatch
from glob import has_magic
from itertools import takewhile
from pathlib import Path

from etl.model import DumpError


def root_of(pattern: str, landing: Path) -> Path:
    """Returns where a feed's dumps may be: the landing folder, or the part of its path before the first wildcard."""
    if Path(pattern).is_relative_to(landing):
        return landing
    return Path(*takewhile(lambda part: not has_magic(part), Path(pattern).parts))


def files_below(pattern: str, root: Path | None) -> Iterator[Path]:
    """Yields the files that an absolute path, folder or glob matches, in the order of their names.

    `**` matches any folders that are not links. A link that leads out of `root` is yielded but not followed, and so
    is a folder that may not be read. Without a root every link that the pattern names is followed.
    """
    first, *parts = Path(pattern).parts
    for match in sorted(set(_matches(first, parts, root))):
        if os.path.lexists(match):
            yield from map(Path, _walk(match, root))


def refuse_odd(path: Path, root: Path | None) -> None:
    """Raise DumpError if a path leads out of `root` or is not a regular file, FileNotFoundError if it is missing."""
    if leads_out(path, root):
        raise DumpError(
            f"is a link out of the landing folder, to {path.resolve()}; put a copy of its target there instead"
        )
    if not stat.S_ISREG(path.stat().st_mode):
        raise DumpError(
            "is not a regular file: it is a folder that may not be read, a pipe or a device; put a file there"
        )


def leads_out(path: Path | str, root: Path | None) -> bool:
    """Whether a path that begins below `root` ends elsewhere once all links are followed."""
    path = Path(path)
    return root is not None and path.is_relative_to(root) and not path.resolve().is_relative_to(root.resolve())


def _matches(folder: str, parts: list[str], root: Path | None) -> Iterator[str]:
    """Yields the paths below a folder that match the parts of a glob. A leading dot matches only a leading dot."""
    plain = list(takewhile(lambda part: not has_magic(part), parts))
    folder = os.path.join(folder, *plain)
    parts = parts[len(plain) :]
    if not parts or leads_out(folder, root):
        yield folder
        return
    part, *rest = parts
    if part == "**":
        yield from _matches_at_any_depth(folder, rest, root)
        return
    entries = _entries(folder)
    if entries is None:
        yield folder
        return
    for entry in entries:
        if fnmatch(entry.name, part) and (part.startswith(".") or not entry.name.startswith(".")):
            yield from [entry.path] if _is_way_out(entry, root) else _matches(entry.path, rest, root)


def _matches_at_any_depth(folder: str, parts: list[str], root: Path | None) -> Iterator[str]:
    while parts[:1] == ["**"]:
        parts = parts[1:]
    for below, entries in _tree(folder, with_hidden=False):
        yield from _matches(below, parts, root)
        yield from (entry.path for entry in entries or () if _is_way_out(entry, root))


def _walk(path: str, root: Path | None) -> Iterator[str]:
    """Yields a file itself; of a folder its files, then those of its subfolders that are not links."""
    if leads_out(path, root) or not os.path.isdir(path):
        yield path
        return
    for folder, entries in _tree(path, with_hidden=True):
        if entries is None:
            yield folder
        else:
            yield from (entry.path for entry in entries if not entry.is_dir() or _is_way_out(entry, root))


def _tree(folder: str, with_hidden: bool) -> Iterator[tuple[str, list[os.DirEntry[str]] | None]]:
    """Yields a folder and all folders below it that are not links, each with its entries, parents first."""
    waiting = [folder]
    while waiting:
        folder = waiting.pop()
        entries = _entries(folder)
        yield folder, entries
        waiting += [
            entry.path
            for entry in reversed(entries or [])
            if entry.is_dir(follow_symlinks=False) and (with_hidden or not entry.name.startswith("."))
        ]


def _is_way_out(entry: os.DirEntry[str], root: Path | None) -> bool:
    return entry.is_symlink() and entry.is_dir() and leads_out(entry.path, root)


def _entries(folder: str) -> list[os.DirEntry[str]] | None:
    """Returns the entries of a folder by name; an empty list if it is not a folder, None if it may not be read."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except PermissionError:
        return None
    except OSError:
        return []
