"""The files that a path, folder or glob matches, and none beyond a link that leads out of where dumps may be.

Anyone who can drop a dump can also drop a link, so no link is followed out of the landing folder: the link itself is
yielded, and discovery refuses it by name. A file that is swapped between its hashing and its reading is not read (see
etl.intake.regular); for one that is swapped between this check and its hashing, only the permissions of the reading
user help.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from fnmatch import fnmatch
from glob import has_magic
from itertools import takewhile
from pathlib import Path

from etl import store
from etl.bucket import Entry as BucketEntry
from etl.model import DumpError

FUTURE_TOLERANCE_SECONDS = 60.0
"""How far clocks may differ before a time stamp counts as one in the future."""

Entry = os.DirEntry[str] | BucketEntry

_NOTHING_THERE = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG)
_ADVICE = {
    errno.EACCES: "give the user that runs Broadsheet the right to read it",
    errno.EPERM: "give the user that runs Broadsheet the right to read it",
    errno.ELOOP: "it is a link that leads back to itself: put a copy of its target there instead",
}


def root_of(pattern: str, landing: Path) -> Path:
    """Returns where a feed's dumps may be: the landing folder, or the part of its path before the first wildcard."""
    return landing if Path(pattern).is_relative_to(landing) else folder_of(pattern)


def folder_of(pattern: str) -> Path:
    """Returns the part of an absolute path or glob before its first wildcard."""
    return Path(*takewhile(lambda part: not has_magic(part), Path(pattern).parts))


def files_below(pattern: str, root: Path | None) -> Iterator[Path]:
    """Yields the files that an absolute path, folder or glob matches, in the order of their names.

    `**` matches any folders that are not links. A link that leads out of `root` is yielded but not followed, and so
    is a folder that cannot be read. Without a root every link that the pattern names is followed.
    """
    first, *parts = Path(pattern).parts
    for match in sorted(set(_matches(first, parts, root))):
        if os.path.lexists(match) or store.exists(Path(match)):
            yield from map(Path, _walk(match, root))


def claims(pattern: str, file: Path) -> bool:
    """Whether an absolute path, folder or glob matches a file, by its path alone, as `files_below` would find it."""
    return _claims(Path(pattern).parts, file.parts)


def _claims(pattern: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    if not pattern:
        return True  # below a folder that is matched
    head, *rest = pattern
    if head != "**":
        return bool(parts) and fits(parts[0], head) and _claims(tuple(rest), parts[1:])
    while rest[:1] == ["**"]:
        rest = rest[1:]
    visible = list(takewhile(lambda name: not name.startswith("."), parts))
    return any(_claims(tuple(rest), parts[depth:]) for depth in range(len(visible) + 1))


def fits(name: str, part: str) -> bool:
    """Whether a name matches a part of a glob. A leading dot matches only a leading dot."""
    if not has_magic(part):
        return name == part
    return fnmatch(name, part) and (part.startswith(".") or not name.startswith("."))


def unsettled_seconds(stats: os.stat_result, now: float, settle_seconds: float, was_seen: bool) -> float:
    """Returns for how long a file may still be being written: 0 once it is `settle_seconds` old at `now` (Unix time).

    A time in the future says nothing of that, for whoever set it has another clock. Then the time at which the file
    system last changed the file counts, and if that is in the future too, whether an earlier run saw the same file.
    """
    if not is_in_future(stats, now):
        return max(0.0, settle_seconds - (now - stats.st_mtime))
    if was_seen:
        return 0.0
    return min(settle_seconds, max(0.0, settle_seconds - (now - stats.st_ctime)))


def is_in_future(stats: os.stat_result, now: float) -> bool:
    """Whether a file was, by its time stamp, changed after `now` (Unix time)."""
    return stats.st_mtime > now + FUTURE_TOLERANCE_SECONDS


def why_unreadable(error: OSError) -> str:
    """Returns why a file cannot be read, and what to do about it."""
    advice = _ADVICE.get(error.errno or 0, "check the disk or the network share that it is on")
    return f"cannot be read: {error.strerror or error}; {advice}"


def refuse_odd(path: Path, root: Path | None) -> None:
    """Raise DumpError if a path leads out of `root` or is not a regular file, FileNotFoundError if it is missing."""
    if leads_out(path, root):
        raise DumpError(
            f"is a link out of the landing folder, to {os.path.realpath(path)}; put a copy of its target there instead"
        )
    try:
        mode = store.stat(path).st_mode
    except FileNotFoundError:
        if path.is_symlink():
            raise DumpError(f"is a link to {os.readlink(path)}, where nothing is; put a file there instead") from None
        raise
    if not stat.S_ISREG(mode):
        raise DumpError(
            "is not a regular file: it is a folder that may not be read, a pipe or a device; put a file there"
        )


def leads_out(path: Path | str, root: Path | None) -> bool:
    """Whether a path that begins below `root` ends elsewhere once all links are followed."""
    path = Path(path)
    if root is None or store.is_remote(path) or not path.is_relative_to(root):
        return False
    # Not Path.resolve, which raises RuntimeError where links lead in a circle.
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def _matches(folder: str, parts: list[str], root: Path | None) -> Iterator[str]:
    """Yields the paths below a folder that match the parts of a glob. A leading dot matches only a leading dot."""
    plain = list(takewhile(lambda part: not has_magic(part), parts))
    folder = os.path.join(folder, *plain)
    parts = parts[len(plain) :]
    # Only a part without magic may be a link that nobody has looked at yet.
    if not parts or (plain and leads_out(folder, root)):
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
        if fits(entry.name, part):
            yield from [entry.path] if _is_way_out(entry, root) else _matches(entry.path, rest, root)


def _matches_at_any_depth(folder: str, parts: list[str], root: Path | None) -> Iterator[str]:
    while parts[:1] == ["**"]:
        parts = parts[1:]
    if not parts:
        yield folder  # of which everything below is taken
        return
    for below, entries in _tree(folder, with_hidden=False):
        yield from _matches(below, parts, root)
        yield from (entry.path for entry in entries or () if _is_way_out(entry, root))


def _walk(path: str, root: Path | None) -> Iterator[str]:
    """Yields a file itself; of a folder its files, then those of its subfolders that are not links."""
    if leads_out(path, root) or not store.is_folder(Path(path)):
        yield path
        return
    if store.is_remote(path) and store.is_file(Path(path)):  # in a bucket a name may be both
        yield path
    for folder, entries in _tree(path, with_hidden=True):
        if entries is None:
            yield folder
        else:
            yield from (entry.path for entry in entries if not _is_folder(entry) or _is_way_out(entry, root))


def _tree(folder: str, with_hidden: bool) -> Iterator[tuple[str, list[Entry] | None]]:
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


def _is_way_out(entry: Entry, root: Path | None) -> bool:
    return entry.is_symlink() and _is_folder(entry) and leads_out(entry.path, root)


def _is_folder(entry: Entry) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads in a circle, a share that does not answer
        return False


def _entries(folder: str) -> list[Entry] | None:
    """Returns the entries of a folder by name; an empty list if it is not a folder, None if it cannot be read."""
    try:
        with store.scan(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        return [] if error.errno in _NOTHING_THERE else None
