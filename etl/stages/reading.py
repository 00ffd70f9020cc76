"""The dumps of a batch, read in child processes: a dump that kills its reader is refused, and the others are read.

One child reads all dumps of a batch. If it dies, the dump that it was reading is refused. What it had read before is
read again, because its files have no end; then the rest. So every dump is read at most twice for each that kills.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from etl import words
from etl.children import ChildDied, ChildStoodStill, Send, in_child, limit_cpu
from etl.files import StorageError
from etl.model import OUR_FAULT, Delivery, DumpState
from etl.run import Batch, Run
from etl.settings import Settings
from etl.stages import taken_down
from etl.stages.raw_records import Tally, Writer, join_pieces, join_raw, printable

log = logging.getLogger(__name__)

Read = Callable[[Delivery, Writer], Tally]
"""Reads one delivery, writes its records, and returns what was counted."""

MEGABYTE = 1_000_000
FREE_SECONDS = 60
"""Processor time that a dump of any size may take."""


@dataclass(frozen=True)
class _Begun:
    """A child has begun to read the delivery with this place in its stretch."""

    place: int


@dataclass(frozen=True)
class _Ended:
    """A child has read all its deliveries and closed its files; the ordinal that follows."""

    tallies: list[Tally]
    ordinal: int


@dataclass(frozen=True)
class _Killed:
    """A child was stopped by the delivery at this place of its stretch, which has this verdict."""

    place: int
    tally: Tally


def read_apart(run: Run, batch: Batch, deliveries: list[Delivery], read: Read) -> list[Tally]:
    """Read deliveries in child processes into raw.parquet and pieces.parquet. Returns the tallies in their order."""
    tombstones = taken_down.noted(run)
    tallies: list[Tally] = []
    parts: list[tuple[Path, Path]] = []
    waiting = [deliveries]
    ordinal = 0
    while waiting:
        stretch = waiting.pop()
        part = (batch.folder / f"raw-{len(parts)}.part", batch.folder / f"pieces-{len(parts)}.part")
        new_writer = partial(Writer, *part, run.settings.chunk_articles, tombstones, ordinal)
        match _read_stretch(run, batch, stretch, new_writer, read):
            case _Ended(counted, ordinal):
                tallies += counted
                parts.append(part)
            case _Killed(place, tally):
                tallies.append(tally)
                waiting += [rest for rest in (stretch[place + 1 :], stretch[:place]) if rest]
    if not parts:
        with new_writer():
            parts.append(part)
    join_raw([raw for raw, _ in parts], batch.raw)
    join_pieces([pieces for _, pieces in parts], batch.pieces)
    return sorted(tallies, key=lambda tally: tally.delivery)


def _read_stretch(
    run: Run, batch: Batch, stretch: list[Delivery], new_writer: Callable[[], Writer], read: Read
) -> _Ended | _Killed:
    """Read some deliveries in one child. Raises StorageError, and what stopped it outside of any delivery."""
    place: int | None = None
    with tempfile.TemporaryDirectory(prefix="spool-", dir=batch.folder) as spool:

        def work(send: Send) -> None:
            tempfile.tempdir = spool
            with new_writer() as writer:
                tallies = []
                for number, delivery in enumerate(stretch):
                    send(_Begun(number))
                    limit_cpu(_cpu_seconds(run.settings, delivery))
                    tallies.append(read(delivery, writer))
            send(_Ended(tallies, writer.ordinal))

        try:
            for message in in_child(work, run.settings.max_read_memory_bytes):
                if isinstance(message, _Ended):
                    return message
                place = message.place
        except Exception as error:
            if place is None or isinstance(error, StorageError | OSError):
                raise  # no dump is at fault
            tally = _verdict(run.settings, stretch[place], error)
            log.error("%s: %s", stretch[place].path, tally.reason, exc_info=None if _is_limit(error) else error)
            return _Killed(place, tally)
    raise AssertionError("a child that finished its work says so")


def _cpu_seconds(settings: Settings, delivery: Delivery) -> float:
    return FREE_SECONDS + settings.max_read_seconds_per_megabyte * delivery.bytes / MEGABYTE


def _verdict(settings: Settings, delivery: Delivery, error: Exception) -> Tally:
    is_dump_at_fault = _is_limit(error) and not (isinstance(error, ChildDied) and error.is_stopped)
    state = DumpState.refused if is_dump_at_fault else DumpState.failed
    return Tally(delivery.delivery, delivery.format, state, over_limit(settings, delivery, error))


def _is_limit(error: Exception) -> bool:
    return isinstance(error, MemoryError | ChildDied)


def over_limit(settings: Settings, delivery: Delivery, error: Exception) -> str:
    """What a person reads of a dump whose reading took more than its limits, or killed its reader."""
    if isinstance(error, MemoryError):
        limit = words.size(settings.max_read_memory_bytes)
        return (
            f"takes more than {limit} of memory to read, far more than such dumps do; if it is genuine, split it or "
            "raise BROADSHEET_MAX_READ_MEMORY_BYTES"
        )
    if isinstance(error, ChildStoodStill):
        return f"the process that read it {error}, as when a disk hangs; it is taken again next run"
    if not isinstance(error, ChildDied):
        return printable(f"the reader stopped with {type(error).__name__}: {error}; {OUR_FAULT}")
    match error.signal and error.signal.name:
        case "SIGXCPU":
            return (
                f"takes more than {_cpu_seconds(settings, delivery):,.0f} seconds of processor time to read, far more "
                "than such dumps do; if it is genuine, split it or raise BROADSHEET_MAX_READ_SECONDS_PER_MEGABYTE"
            )
        case "SIGKILL":
            return (
                "the process that read it was killed (SIGKILL), as the system does when memory is short; read it "
                "alone, or on a machine with more memory"
            )
        case "SIGTERM" | "SIGINT" | "SIGHUP":
            return f"the process that read it {error}; it is taken again next run"
        case _:
            return f"the process that read it {error}; {OUR_FAULT}"
