"""The dumps of a part, read in child processes: a dump that kills its reader is refused, and the others are read.

One child reads all dumps of a part. If it dies, the dump that it was reading is refused. What it had read before is
read again, because its files have no end; then the rest. So every dump that does not kill is read at most twice.
"""

from __future__ import annotations

import logging
import signal
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from operator import itemgetter
from pathlib import Path

from etl import words
from etl.files import StorageError
from etl.intake.landing import why_unreadable
from etl.model import OUR_FAULT, Delivery, DumpChanged, DumpError, DumpState
from etl.processes.children import ChildDied, ChildStoodStill, Send, in_child, limit_cpu
from etl.run import Batch, Run
from etl.settings import Settings
from etl.stages import taken_down
from etl.stages.isolation import reason_of
from etl.stages.parts import Cut, Part
from etl.stages.raw_records import Target, Writer, join_pieces, printable
from etl.stages.tallies import Tally

log = logging.getLogger(__name__)

Read = Callable[[Cut, Writer], Tally]
"""Reads a delivery or a range of it, writes its records, and returns what was counted."""

ORDINALS = 1 << 32
"""Of each part of a batch."""

MEGABYTE = 1_000_000
FREE_SECONDS = 60
"""Processor time that a dump of any size may take."""


@dataclass(frozen=True)
class _Begun:
    """A child has begun to read the delivery with this place in its stretch."""

    place: int


@dataclass(frozen=True)
class _Ended:
    """A child has read all its deliveries and closed its files; the ordinal and the file of records that follow."""

    tallies: list[Tally]
    ordinal: int
    number: int


@dataclass(frozen=True)
class _Killed:
    """A child was stopped by the delivery at this place of its stretch, which has this verdict."""

    place: int
    tally: Tally


def read_apart(run: Run, part: Part, cuts: list[Cut], read: Read) -> list[Tally]:
    """Read deliveries in child processes into raw-*.parquet and pieces-*.parquet. Returns their tallies."""
    batch = run.batch(part.batch)
    _remove_raw(batch, part)  # an earlier try may have had more of them
    tombstones = taken_down.noted(run)
    raw_of = partial(batch.raw_of, part.number)
    counted: list[tuple[int, Tally]] = []
    pieces: list[Path] = []
    waiting = [list(enumerate(cuts))]
    ordinal, number = part.number * ORDINALS, 0
    while waiting or not pieces:
        stretch = waiting.pop() if waiting else []
        own_pieces = Path(f"{batch.pieces_of(part.number)}-{len(pieces)}.part")
        settings = run.settings
        target = Target(raw_of, own_pieces, settings.max_article_bytes, settings.chunk_articles, settings.part_bytes)
        new_writer = partial(Writer, target, tombstones, ordinal, number)
        match _read_stretch(run, batch, [cut for _, cut in stretch], new_writer, read):
            case _Ended(tallies, ordinal, number):
                counted += zip((place for place, _ in stretch), tallies, strict=True)
                pieces.append(target.pieces)
            case _Killed(place, tally):
                _remove_raw(batch, part, number)
                counted.append((stretch[place][0], tally))
                waiting += [rest for rest in (stretch[place + 1 :], stretch[:place]) if rest]
    join_pieces(pieces, batch.pieces_of(part.number))
    return [tally for _, tally in sorted(counted, key=itemgetter(0))]


def _remove_raw(batch: Batch, part: Part, first: int = 0) -> None:
    """Remove the files of records of a part from one on."""
    for number in count(first):
        try:
            batch.raw_of(part.number, number).unlink()
        except FileNotFoundError:
            return


def _read_stretch(
    run: Run, batch: Batch, stretch: list[Cut], new_writer: Callable[[], Writer], read: Read
) -> _Ended | _Killed:
    """Read some deliveries in one child. Raises StorageError, and what stopped it outside of any delivery."""
    place: int | None = None
    with tempfile.TemporaryDirectory(prefix="spool-", dir=batch.folder) as spool:

        def work(send: Send) -> None:
            tempfile.tempdir = spool
            with new_writer() as writer:
                tallies = []
                for number, cut in enumerate(stretch):
                    send(_Begun(number))
                    limit_cpu(_cpu_seconds(run.settings, cut.delivery))
                    tallies.append(read(cut, writer))
            send(_Ended(tallies, writer.ordinal, writer.number + 1))

        try:
            for message in in_child(work, run.settings.max_read_memory_bytes):
                if isinstance(message, _Ended):
                    return message
                place = message.place
        except Exception as error:
            if place is None or isinstance(error, StorageError | OSError):
                raise  # no dump is at fault
            delivery = stretch[place].delivery
            state, reason = verdict_of(run.settings, delivery, error)
            log.error("%s: %s", delivery.path, reason, exc_info=error)
            was_killed = isinstance(error, ChildDied) and error.signal == signal.SIGKILL
            return _Killed(place, Tally(delivery.delivery, delivery.format, state, reason, was_killed=was_killed))
    raise AssertionError("a child that finished its work says so")


def _cpu_seconds(settings: Settings, delivery: Delivery) -> float:
    return FREE_SECONDS + settings.max_read_seconds_per_megabyte * delivery.bytes / MEGABYTE


def verdict_of(settings: Settings, delivery: Delivery, error: Exception) -> tuple[DumpState, str]:
    """What becomes of a dump whose reading ended with an exception, and why, for people."""
    match error:
        case DumpError():
            return DumpState.refused, printable(str(error).removeprefix(f"{Path(delivery.file).name}: "))
        case DumpChanged():
            return DumpState.failed, str(error)
        case MemoryError():
            limit = words.size(settings.max_read_memory_bytes)
            return DumpState.refused, (
                f"takes more than {limit} of memory to read, far more than such dumps do; if it is genuine, split it "
                "or raise BROADSHEET_MAX_READ_MEMORY_BYTES"
            )
        case ChildStoodStill():
            return (
                DumpState.failed,
                f"the process that read it {error}, as when a disk hangs; it is taken again next run",
            )
        case ChildDied():
            state = DumpState.failed if error.is_stopped else DumpState.refused
            return state, _how_it_died(settings, delivery, error)
        case OSError():
            return DumpState.failed, why_unreadable(error)
        case _:
            return DumpState.failed, f"the reader stopped with {reason_of(error)}"


def _how_it_died(settings: Settings, delivery: Delivery, error: ChildDied) -> str:
    match error.signal and error.signal.name:
        case "SIGXCPU":
            return (
                f"takes more than {_cpu_seconds(settings, delivery):,.0f} seconds of processor time to read, far more "
                "than such dumps do; if it is genuine, split it or raise BROADSHEET_MAX_READ_SECONDS_PER_MEGABYTE"
            )
        case "SIGKILL":
            return (
                "the process that read it was killed (SIGKILL), as the system does when memory is short; free memory, "
                "or take a machine with more, and load it with: broadsheet ingest FILE"
            )
        case "SIGTERM" | "SIGINT" | "SIGHUP":
            return f"the process that read it {error}; it is taken again next run"
        case _:
            return f"the process that read it {error}; {OUR_FAULT}"
