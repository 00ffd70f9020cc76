"""Files that are read together: an index, such as the METS file of a newspaper issue, and the parts that it names.

In the landing folder an index and its parts are one delivery; the parts are not deliveries of their own. An archive
yields its members only once and in any order, so the parts of an index are kept in a temporary folder until all of
them have been read.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, NamedTuple

from etl import formats
from etl.intake import regular
from etl.intake.containers import Member, members
from etl.intake.landing import leads_out
from etl.model import DumpError, Reject, Skip


class Index(NamedTuple):
    """A member that names others, its reader, and the paths of its parts relative to it."""

    name: str
    reader: formats.IndexFormat
    parts: list[str]

    def path_of(self, part: str) -> str:
        """Returns the name in the archive of a part that is beside the index or below it."""
        end = max(self.name.rfind("/"), self.name.rfind("!")) + 1
        return self.name[:end] + part


def readable(
    file: Path,
    max_unpack_ratio: float,
    format_of: Callable[[Member], str | None],
    beside: Sequence[str],
    seen: Sequence[str] = (),
) -> Iterator[tuple[Member, formats.Format | Reject | Skip]]:
    """Yields each member of a dump with its reader.

    Instead of the reader: a Reject where there is none, a Skip where an index names the member but it has no text. An
    index comes together with its parts; in an archive, after the other members. `beside`: the parts of an index that
    is not in an archive; `seen`: which files were planned, its own first. Use each member before taking the next.
    Raises DumpError as `containers.members` does.
    """
    indexes: list[Index] = []
    others: dict[str, Reject] = {}
    parts: list[str] = []
    planned = next(iter(seen), "")
    for member in members(file, max_unpack_ratio, planned):
        name = format_of(member)
        reader = formats.named(name) if name else None
        if reader and formats.has_parts(reader):
            if not member.name:
                yield member, formats.WithParts(reader, _opener_beside(file, beside, seen[1:]))
            elif (named := _parts_of(member, reader)) is not None:
                indexes.append(Index(member.name, reader, named))
            else:
                parts.append(member.name)
                others[member.name] = Reject(member.name, "its index, which lists its articles, is not beside it")
        elif reader:
            yield member, reader
        elif member.name:
            others[member.name] = Reject(member.name, "no format is recognised in this member")
        else:
            yield member, Reject("", "")
    yield from _with_parts(file, indexes, parts, max_unpack_ratio, planned)
    named_parts = {index.path_of(part) for index in indexes for part in index.parts}
    for name, reject in others.items():
        if name not in named_parts:
            yield Member(name, _closed), reject
        elif name not in parts:
            yield Member(name, _closed), Skip(name, "file of an issue without text")


def named_parts(file: Path) -> list[str]:
    """Returns the paths of the parts that a file names if it is an index, relative to it. A broken one names none."""
    try:
        with file.open("rb") as stream:
            head = stream.read(formats.HEAD_BYTES)
            stream.seek(0)
            return formats.parts_of(head, stream) or []
    except DumpError:
        return []


def parts_on_disk(file: Path, names: Iterable[str]) -> list[Path]:
    """Returns the parts named by an index that exist as regular files in its folder or below it, and no others."""
    found = [file.parent / name for name in names]
    return [part for part in found if part.is_file() and not leads_out(part, file.parent)]


def size_and_time(stats: Iterable[os.stat_result]) -> tuple[int, int]:
    """Returns the total size of several files in bytes, and when the last of them changed."""
    sizes, times = zip(*((found.st_size, found.st_mtime_ns) for found in stats), strict=True)
    return sum(sizes), max(times)


def hash_of_all(file: Path, own: str, parts: dict[Path, str]) -> str:
    """Returns one hash for an index and its parts; the index's own where there are no parts."""
    if not parts:
        return own
    lines = sorted(f"{digest} {part.relative_to(file.parent).as_posix()}" for part, digest in parts.items())
    return hashlib.sha256("\n".join([own, *lines]).encode()).hexdigest()


def _with_parts(
    file: Path, indexes: Sequence[Index], present: Iterable[str], max_unpack_ratio: float, planned: str
) -> Iterator[tuple[Member, formats.Format]]:
    """Yields each index of an archive once it and those of its parts that are `present` have been read."""
    there = set(present)
    needed = [{index.name} | there.intersection(map(index.path_of, index.parts)) for index in indexes]
    awaited = [len(names) for names in needed]
    users: dict[str, set[int]] = defaultdict(set)
    for number, names in enumerate(needed):
        for name in names:
            users[name].add(number)
    kept: dict[str, Path] = {}
    with TemporaryDirectory(prefix="broadsheet-") as folder:
        for ordinal, member in enumerate(members(file, max_unpack_ratio, planned) if indexes else ()):
            if member.name in kept or not users[member.name]:
                continue
            kept[member.name] = _copied(member, Path(folder, str(ordinal)))
            for number in sorted(users[member.name]):
                awaited[number] -= 1
                if not awaited[number]:
                    index = indexes[number]
                    yield Member(index.name, partial(_open, kept[index.name])), _reader(index, kept)
                    for name in needed[number]:
                        users[name].remove(number)
                        if not users[name]:
                            kept.pop(name).unlink()


def _reader(index: Index, kept: dict[str, Path]) -> formats.WithParts:
    def opened(part: str) -> BinaryIO | None:
        path = kept.get(index.path_of(part))
        return path.open("rb") if path else None

    return formats.WithParts(index.reader, opened)


def _copied(member: Member, path: Path) -> Path:
    with member.open() as stream, path.open("wb") as copy:
        shutil.copyfileobj(stream, copy)
    return path


def _opener_beside(file: Path, parts: Sequence[str], seen: Sequence[str]) -> formats.Part:
    planned = dict(zip_longest(map(Path, parts), seen[: len(parts)], fillvalue=""))
    return lambda name: regular.opened(path, planned[path]) if (path := file.parent / name) in planned else None


def _parts_of(member: Member, reader: formats.IndexFormat) -> list[str] | None:
    try:
        with member.open() as stream:
            return reader.parts(stream)
    except DumpError as error:
        raise DumpError(f"{member.name}: {error}") from None


def _open(path: Path) -> BinaryIO:
    return path.open("rb")


def _closed() -> BinaryIO:
    raise AssertionError("a member that no format reads is never opened")
