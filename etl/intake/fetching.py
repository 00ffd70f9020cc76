"""New files of a feed whose path is an address, brought into the landing folder before discovery looks there.

A file is known by its address, size and time or tag: as the ledger has it, or as it lies in the landing folder. What is
received is kept in a folder of ours until it is whole, and a run that is broken off is gone on with where it stopped.
Whole files only are moved into the landing folder, with the time that they have elsewhere.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import logging
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO, NamedTuple

from etl import store, words
from etl.declared.remote import Address, address_of
from etl.files import sync
from etl.intake.kinds import is_excluded
from etl.intake.landing import leads_out
from etl.intake.matching import found_below
from etl.intake.remote import SILENT_SECONDS, Broken, Entry, Login, Parts, Place, Unreached, connected, paced
from etl.model import Feed

log = logging.getLogger(__name__)

TRIES = 4
"""How often in a row a file may break off without a byte more; once where the other side was silent for long."""
PAUSE_SECONDS = 1.0
"""Before the second try; each pause is twice as long as the one before it."""
FAILURES = 3
"""After so many files in a row that cannot be fetched, the others are left to the next run."""
LAST_SECOND = 1 << 32
"""Later times, which not every disk can hold, are taken as unknown: they begin in 2106."""
FUTURE_SECONDS = 60.0


class Known(NamedTuple):
    """A file as it was fetched once."""

    address: str
    landing_path: str
    size_bytes: int
    modified_at: float | None
    etag: str | None

    def is_of(self, now: Entry) -> bool:
        """Whether it is still the same there. A tag says more than a time."""
        if now.size_bytes not in (None, self.size_bytes):
            return False
        if self.etag and now.etag:
            return self.etag == now.etag
        return self.modified_at == now.modified_at


@dataclass
class Fetched:
    """What became of the files of a feed."""

    feed: str
    files: list[Known] = field(default_factory=list)
    """What was fetched, or would be."""
    held: list[Known] = field(default_factory=list)
    """What the landing folder holds, though the ledger does not know from where."""
    unsettled: int = 0
    problems: list[str] = field(default_factory=list)
    """Why something was not fetched, which the next run may do."""
    warnings: list[str] = field(default_factory=list)
    """What will not be fetched until somebody does something."""


class Item(NamedTuple):
    """A new file elsewhere, and where it goes."""

    parts: Parts
    entry: Entry
    address: str
    landing_path: str

    def known(self, size_bytes: int) -> Known:
        """How it is remembered, once its size is known."""
        return Known(self.address, self.landing_path, size_bytes, self.entry.modified_at, self.entry.etag)


def fetch(
    feed: Feed, login: Login, known: Iterable[Known], landing: Path, folder: Path, now: float, is_trial: bool = False
) -> Fetched:
    """Fetch what is new of a feed. Raises nothing that the other side or a disk can cause: it is told in the result.

    In: the feed, and who we are there; what was fetched before; the landing folder, which is there; a folder of ours
    for what is not whole yet; Unix time. A trial only says what would be fetched.
    """
    outcome = Fetched(feed.name)
    address = address_of(feed.address or "")
    by_address: dict[str, list[Known]] = {}
    for row in known:
        by_address.setdefault(row.address, []).append(row)
    try:
        with connected(address, login) as place:
            failures = 0
            for item in _new_items(feed, address, place, by_address, landing, now, outcome):
                try:
                    size = item.entry.size_bytes or 0 if is_trial else _fetched(place, item, landing, folder)
                    outcome.files.append(item.known(size))
                    failures = 0
                except (Unreached, OSError) as error:
                    failures += 1
                    outcome.problems.append(_told(item.address, error))
                    if failures == FAILURES:
                        raise Unreached(f"gave none of {FAILURES} files in a row; the next run tries again") from None
    except (Unreached, OSError) as error:
        outcome.problems.append(_told(address.place, error))
    return outcome


def _told(place: str, error: Exception) -> str:
    reason = (error.strerror or type(error).__name__) if isinstance(error, OSError) else str(error)
    return f"{place}: cannot be written here: {reason}" if isinstance(error, OSError) else f"{place} {reason}"


# What is new


def _new_items(
    feed: Feed,
    address: Address,
    place: Place,
    known: Mapping[str, Sequence[Known]],
    landing: Path,
    now: float,
    outcome: Fetched,
) -> Iterator[Item]:
    seen: set[Parts] = set()
    for parts, listed in found_below(place, address.parts, outcome.warnings):
        landing_path = "/".join([feed.name, *parts[address.first_wildcard :]])
        if parts in seen or is_excluded(landing_path, feed.exclude):
            continue
        seen.add(parts)
        try:
            entry = _sane(place.looked_at(parts, listed))
        except Broken:
            raise
        except Unreached as error:
            outcome.problems.append(_told(address.of(parts), error))
            continue
        item = Item(parts, entry, address.of(parts), landing_path)
        rows = known.get(item.address, ())
        if any(row.is_of(entry) for row in rows) or _is_only_tag_new(place, parts, entry, rows):
            continue
        if entry.modified_at is not None and -FUTURE_SECONDS <= now - entry.modified_at < feed.settle_seconds:
            outcome.unsettled += 1
        elif _is_free(item, rows, landing, outcome):
            yield item


def _is_only_tag_new(place: Place, parts: Parts, entry: Entry, rows: Sequence[Known]) -> bool:
    """Whether a file has the size and time that it had, and a tag that is another at each look: it tells nothing."""
    stated = (entry.size_bytes, entry.modified_at)
    if None in stated or stated not in [(row.size_bytes, row.modified_at) for row in rows]:
        return False
    try:
        again = _sane(place.looked_at(parts, None))
    except Unreached:  # then it is fetched, or that is told
        return False
    return (again.size_bytes, again.modified_at) == stated and again.etag != entry.etag


def _sane(entry: Entry) -> Entry:
    is_sane = entry.modified_at is not None and 0 <= entry.modified_at < LAST_SECOND
    return entry if is_sane else entry._replace(modified_at=None)


def _is_free(item: Item, rows: Sequence[Known], landing: Path, outcome: Fetched) -> bool:
    """Whether a file may be put where it goes: what is there, if anything, is what was fetched before."""
    target = landing / item.landing_path
    if leads_out(target.parent, landing):
        outcome.warnings.append(f"{item.landing_path}: its folder is a link out of the landing folder; remove the link")
        return False
    try:
        there = store.stat(target)
    except (FileNotFoundError, NotADirectoryError):
        return True
    if _is_held(there, item, target) and not any((row.size_bytes, row.modified_at) == item.entry[2:4] for row in rows):
        outcome.held.append(item.known(there.st_size))
        return False
    if S_ISREG(there.st_mode) and any(_is_as_fetched(there, row, target) for row in rows):
        return True
    outcome.warnings.append(
        f"{item.landing_path} is in the landing folder, and nothing notes that it is from {item.address}, which is not "
        "fetched; move it out of the feed's folder, then the next run fetches the other one"
    )
    return False


def _is_held(there: os.stat_result, item: Item, target: Path) -> bool:
    """Whether a file lies in the landing folder as it is elsewhere. An object has the time at which it was put."""
    _, _, size, modified, _ = item.entry
    if modified is None or size != there.st_size or not S_ISREG(there.st_mode):
        return False
    return there.st_mtime >= modified if store.is_remote(target) else int(there.st_mtime) == int(modified)


def _is_as_fetched(there: os.stat_result, row: Known, target: Path) -> bool:
    is_timed = row.modified_at is not None and not store.is_remote(target)
    return there.st_size == row.size_bytes and (not is_timed or int(there.st_mtime) == int(row.modified_at or 0))


# Bringing it here


def _fetched(place: Place, item: Item, landing: Path, folder: Path) -> int:
    """Fetch a file and move it where it goes. Returns its size. Raises Unreached or OSError."""
    with _part_of(item, folder) as (part, stream):
        _refuse_full(folder, (item.entry.size_bytes or 0) - os.path.getsize(part))
        size = _received(place, item, stream)
        stream.flush()
        if item.entry.modified_at is not None:
            os.utime(part, (item.entry.modified_at, item.entry.modified_at))
        sync(part)
        _put(part, landing / item.landing_path)
    log.info("Fetched %s (%s) from %s.", item.landing_path, words.size(size), item.address)
    return size


@contextmanager
def _part_of(item: Item, folder: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """The file for what is received: its name says what it is a part of, so that no part of another one is gone on
    with. It is ours alone while it is open."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    of_address = _digest(item.address)
    part = folder / f"{of_address}-{_digest(repr(item.entry[2:]))}.part"
    with part.open("ab") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unreached("is being fetched by another run") from None
        for stale in folder.glob(f"{of_address}-*.part"):
            if stale != part:
                stale.unlink(missing_ok=True)
        yield part, stream


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _refuse_full(folder: Path, more_bytes: int) -> None:
    if more_bytes > shutil.disk_usage(folder).free:
        raise OSError(errno.ENOSPC, f"{words.size(more_bytes)} are more than is free", str(folder))


def _received(place: Place, item: Item, stream: BinaryIO) -> int:
    """Receive a file to its end, with some patience. Returns its size."""
    stated = item.entry.size_bytes
    tries = 0
    while True:
        before, began_at = stream.seek(0, os.SEEK_END), time.monotonic()
        if before == stated and before:
            return before
        try:
            _receive(place, item, stream)
            if stated in (None, stream.tell()):
                return stream.tell()
            raise Broken(f"ended after {stream.tell():,} of the {stated:,} bytes that it states")
        except Broken:
            tries = 1 if stream.tell() > before else tries + 1
            is_silent = stream.tell() <= before and time.monotonic() - began_at >= SILENT_SECONDS
            if tries >= TRIES or is_silent:
                raise
            time.sleep(PAUSE_SECONDS * 2 ** (tries - 1))


def _receive(place: Place, item: Item, stream: BinaryIO) -> None:
    stated = item.entry.size_bytes
    with closing(place.read(item.parts, item.entry, stream.tell())) as chunks:
        for at, chunk in paced(chunks):
            if at != stream.tell():
                stream.truncate(at)
                stream.seek(at)
            if stated is not None and at + len(chunk) > stated:
                stream.truncate(0)
                raise Unreached(f"gives more than the {stated:,} bytes that it states")
            stream.write(chunk)


def _put(part: Path, target: Path) -> None:
    """Move a whole file into the landing folder: nobody sees less of it there."""
    if store.is_remote(target):
        store.put(part, target)
        part.unlink()
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        part.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        hidden = target.with_name(f".{target.name}.part")
        shutil.copy2(part, hidden)
        sync(hidden)
        hidden.replace(target)
        part.unlink()
    sync(target.parent)
