"""Files that are read together: an index, such as the METS file of a newspaper issue, and the parts that it names.

In the landing folder an index and its parts are one delivery; the parts are not deliveries of their own. An archive
yields its members only once and in any order, so the parts of an index are kept in a temporary folder until all of
them have been read.
"""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, NamedTuple

from etl import formats, store
from etl.declared.sources import Sources
from etl.files import writing
from etl.intake import kinds, regular
from etl.intake.containers import Member, is_container, members
from etl.intake.foreign import why_foreign, why_unrecognised
from etl.intake.landing import claims, leads_out
from etl.intake.spools import DEFAULT, Budget, Limits
from etl.model import DumpError, Feed, LimitError, MemberError, Range, Reject, Skip

MAX_NUMBER = 2**63 - 1
"""The largest that a column holds: times of files may be beyond it."""
COPIED_BYTES = 1 << 18


class Index(NamedTuple):
    """A member that names others, its reader, and the paths of its parts relative to it."""

    name: str
    reader: formats.IndexFormat
    parts: list[str]

    def path_of(self, part: str) -> str:
        """Returns the name in the archive of a part that is beside the index or below it."""
        end = max(self.name.rfind("/"), self.name.rfind("!")) + 1
        return self.name[:end] + part


Item = tuple[Member, formats.Format | Reject | Skip]


def readable(
    file: Path,
    format_of: Callable[[Member], str | Skip | None],
    beside: Sequence[str],
    limits: Limits = DEFAULT,
    exclude: tuple[str, ...] = (),
    seen: Sequence[str] = (),
    within: Range | None = None,
) -> Iterator[Item]:
    """Yields each member of a dump with its reader; of an archive, of those that begin `within` a stretch of it.

    Instead of the reader: a Reject where there is none or the member is broken; a Skip where it is not an article, is
    excluded, or an index names it but it has no text. An index comes together with its parts; in an archive, after the
    other members. `beside`: the parts of an index that is not in an archive; `seen`: which files were planned, its own
    first. Use each member before taking the next. Raises DumpError and LimitError as `containers.members` does.
    """
    indexes: list[Index] = []
    others: dict[str, Reject | Skip] = {}
    parts: list[str] = []
    planned = next(iter(seen), "")
    for member in members(file, limits, exclude, planned, within):
        if not isinstance(member, Member):
            yield Member(member.position, _closed), _by_name(member)
            continue
        try:
            name = format_of(member)
            reader = formats.named(name) if isinstance(name, str) else None
            named = _parts_of(member, reader)
        except DumpError as error:
            if not member.name or isinstance(error, LimitError):
                raise
            yield member, Reject(member.name, reason_of(error))
            continue
        if reader and formats.has_parts(reader):
            if not member.name:
                yield member, formats.WithParts(reader, _opener_beside(file, beside, seen[1:]))
            elif named is not None:
                indexes.append(Index(member.name, reader, named))
            else:
                parts.append(member.name)
                others[member.name] = Reject(
                    member.name, "its index, which lists its articles, is not beside it or does not name it"
                )
        elif reader:
            yield member, reader_of(member, reader)
        elif member.name:
            others[member.name] = name if isinstance(name, Skip) else unrecognised(member)
        else:
            yield member, name if isinstance(name, Skip) else unrecognised(member)
    yield from _with_parts(file, indexes, parts, limits, planned)
    named_parts = {index.path_of(part) for index in indexes for part in index.parts}
    for position, other in others.items():
        if position not in named_parts:
            yield Member(position, _closed), other
        elif position not in parts:
            yield Member(position, _closed), Skip(position, "file of an issue without text")


def reader_of(member: Member, reader: formats.Format) -> formats.Format:
    """Returns the reader of a member, which knows its pages, and what its delivery says beside each record."""
    reader = formats.OnPages(reader, member.pages, member.pictures) if member.pages else reader
    return formats.WithFacts(reader, member.says) if member.says else reader


def identified(member: Member, path: str, wanted: str) -> str | Skip | None:
    """Returns the format to read a member as; a Skip if it is clearly no article, None where nothing knows it.

    `wanted` is what the stanza or a person says, or `auto`. It stands but for a member that it does not recognise and
    that is clearly something else. Where files are read together each is recognised by its content. Raises DumpError
    for what is clearly of a kind that no format reads.
    """
    with member.open() as stream:
        head = stream.read(formats.HEAD_BYTES)
    name = member.name or path
    if wanted != "auto" and not formats.has_parts(reader := formats.named(wanted)):
        if formats.recognises(reader, head, name):
            return wanted
        kind = _kind(member, head, name) if formats.can_recognise(reader) else kinds.by_magic(head)
        if not kind and (why := why_foreign(head, member.open)):
            raise DumpError(why)
        return Skip(member.name, kind) if kind else wanted
    found = formats.recognise(head, name)
    if found is None and (kind := _kind(member, head, name)):
        return Skip(member.name, kind)
    found = found or member.format or None
    return found if wanted in ("auto", found) else None


def _kind(member: Member, head: bytes, name: str) -> str | None:
    """What a member is that no format recognises, though it may be one: pages of a paper are no export of articles."""
    return "PDF" if member.wrapping == "PDF" else kinds.kind_of(head, name)


def unrecognised(member: Member) -> Reject:
    """Returns what is told of a member that no format knows: what it is, and what can be done."""
    with member.open() as stream:
        head = stream.read(formats.HEAD_BYTES)
    return Reject(member.name, why_unrecognised(head, member.open))


def reason_of(error: DumpError) -> str:
    """Returns why a member of an archive cannot be read, without its name."""
    return error.reason if isinstance(error, MemberError) else str(error)


def _by_name(refused: Reject | Skip) -> Reject | Skip:
    """What stands for a member that cannot be opened: an empty stylesheet is a stylesheet all the same."""
    kind = kinds.by_name(refused.position) if isinstance(refused, Reject) else None
    return Skip(refused.position, kind) if kind else refused


def named_parts(file: Path) -> list[str]:
    """Returns the paths of the parts that a file names if it is an index, relative to it. A broken one names none."""
    with regular.opened_now(file) as stream:
        head = stream.read(formats.HEAD_BYTES)
        stream.seek(0)
        try:
            return formats.parts_of(head, stream) or []
        except DumpError:
            return []


def parts_on_disk(file: Path, names: Iterable[str]) -> list[Path]:
    """Returns the parts named by an index that exist as regular files in its folder or below it, and no others."""
    found = [file.parent / name for name in names]
    return [part for part in found if part != file and _is_file(part) and not leads_out(part, file.parent)]


def own_parts(
    file: Path,
    feed: Feed,
    sources: Sources,
    ask: Callable[[Path, Callable[[Path], Any]], Any] = lambda file, of: of(file),
) -> tuple[list[Path], list[Path]]:
    """Returns the parts of an index (none for another file), and what it names although it is not the index's to claim.

    That is what another feed claims and its own does not, and what is a dump by its content: another index, a container
    or another format. `ask(file, question)` answers what may be known of a file from earlier.
    """
    named = parts_on_disk(file, ask(file, named_parts))
    patterns = [(other.name, pattern_of(other, sources)) for other in sources.claimants] if named else []
    strange = [
        part
        for part in named
        if _is_claimed_elsewhere(part, feed, patterns) or ask(part, is_dump) or ask(part, named_parts)
    ]
    odd = set(strange)
    return [part for part in named if part not in odd], strange


def is_dump(file: Path) -> bool:
    """Whether a file is, by its first bytes, a container or of a format that is not read together with other files."""
    with regular.opened_now(file) as stream:
        head = stream.read(formats.HEAD_BYTES)
    if is_container(head):
        return True
    try:
        name = formats.recognise(head, file.name)
    except DumpError:  # two formats are equally sure
        return True
    return name is not None and not formats.has_parts(formats.named(name))


def _is_claimed_elsewhere(part: Path, feed: Feed, patterns: list[tuple[str, str]]) -> bool:
    claimed_by = {name for name, pattern in patterns if claims(pattern, part)}
    return bool(claimed_by) and feed.name not in claimed_by


def pattern_of(feed: Feed, sources: Sources) -> str:
    """Returns the absolute path, folder or glob of a feed."""
    return os.path.abspath(sources.landing / store.path_of(feed.path))


def _is_file(path: Path) -> bool:
    try:
        return store.is_file(path)
    except OSError:  # a name that is too long, a link that leads in a circle
        return False


def size_and_time(stats: Iterable[os.stat_result]) -> tuple[int, int]:
    """Returns the total size of several files in bytes, and when the last of them changed."""
    sizes, times = zip(*((found.st_size, found.st_mtime_ns) for found in stats), strict=True)
    return sum(sizes), min(max(times), MAX_NUMBER)


def hash_of_all(file: Path, own: str, parts: dict[Path, str]) -> str:
    """Returns one hash for an index and its parts; the index's own where there are no parts."""
    if not parts:
        return own
    lines = sorted(f"{digest} {part.relative_to(file.parent).as_posix()}" for part, digest in parts.items())
    return hashlib.sha256("\n".join([own, *lines]).encode()).hexdigest()


def _with_parts(
    file: Path, indexes: Sequence[Index], present: Iterable[str], limits: Limits, planned: str
) -> Iterator[Item]:
    """Yields each index of an archive once it and those of its parts that are `present` have been read."""
    if not indexes:
        return
    there = set(present)
    needed = [{index.name} | there.intersection(map(index.path_of, index.parts)) for index in indexes]
    awaited = [len(names) for names in needed]
    users: dict[str, set[int]] = defaultdict(set)
    for number, names in enumerate(needed):
        for name in names:
            users[name].add(number)
    kept: dict[str, Path] = {}
    budget = Budget(limits)
    with TemporaryDirectory(prefix="broadsheet-") as folder:
        for ordinal, member in enumerate(members(file, limits, planned=planned)):
            if not isinstance(member, Member) or member.name in kept or not users.get(member.name):
                continue
            try:
                kept[member.name] = _copied(member, Path(folder, str(ordinal)), budget)
            except MemberError as error:
                yield member, Reject(member.name, error.reason)
            for number in sorted(users[member.name]):
                awaited[number] -= 1
                if not awaited[number]:
                    index = indexes[number]
                    if index.name in kept:
                        yield Member(index.name, partial(_open, kept[index.name])), _reader(index, kept)
                    for name in needed[number]:
                        users[name].remove(number)
                        if not users[name] and name in kept:
                            budget.give_back_spool(kept[name].stat().st_size)
                            kept.pop(name).unlink()


def _reader(index: Index, kept: dict[str, Path]) -> formats.WithParts:
    def opened(part: str) -> BinaryIO | None:
        path = kept.get(index.path_of(part))
        return path.open("rb") if path else None

    return formats.WithParts(index.reader, opened)


def _copied(member: Member, path: Path, budget: Budget) -> Path:
    with member.open() as stream, writing(path.parent), path.open("wb") as copy:
        while data := stream.read(COPIED_BYTES):
            budget.take_spool(len(data), member.name)
            copy.write(data)
    return path


def _opener_beside(file: Path, parts: Sequence[str], seen: Sequence[str]) -> formats.Part:
    planned = dict(zip_longest(map(Path, parts), seen[: len(parts)], fillvalue=""))
    return lambda name: regular.opened(path, planned[path]) if (path := file.parent / name) in planned else None


def _parts_of(member: Member, reader: formats.Format | None) -> list[str] | None:
    """The parts that a member of an archive names, if it is an index."""
    if not member.name or reader is None or not formats.has_parts(reader):
        return None
    with member.open() as stream:
        return reader.parts(stream)


def _open(path: Path) -> BinaryIO:
    return path.open("rb")


def _closed() -> BinaryIO:
    raise AssertionError("a member that no format reads is never opened")
