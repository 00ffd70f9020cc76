"""What is read together: a batch is cut into parts, which are read and cleaned at once, each by itself.

A part is some deliveries of its batch, or ranges of a large one. The batch stays what is loaded at once, and the
ledger counts by delivery: etl.stages.gather adds up what was read of one in several parts.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from etl import formats
from etl.intake import bundles, regular
from etl.intake.containers import Member, is_container
from etl.model import Delivery, DumpChanged, DumpError, Feed, Range
from etl.processes.workers import number_of_workers
from etl.run import Run
from etl.schemas import PARTS
from etl.stages.plan import MAPPING_LIMIT, planned

log = logging.getLogger(__name__)

LEAST_BYTES, LEAST_FILES = 16 << 20, 1_000
"""A part of fewer is not worth a process of its own."""


class Part(NamedTuple):
    """A part by its batch and its number in it."""

    batch: int
    number: int


class Cut(NamedTuple):
    """A delivery, or a range of it."""

    delivery: Delivery
    range: Range | None = None

    @property
    def bytes(self) -> int:
        return self.range.end - self.range.start if self.range else self.delivery.bytes


def write_parts(run: Run, deliveries: list[Delivery], feeds: dict[str, Feed]) -> list[Part]:
    """Write parts.parquet for the planned deliveries. Returns the parts."""
    total_bytes = sum(delivery.bytes for delivery in deliveries)
    most_bytes = max(run.settings.part_bytes, 2 * total_bytes // MAPPING_LIMIT)
    batches = [(batch, list(together)) for batch, together in groupby(deliveries, attrgetter("batch"))]
    workers = _mappable(number_of_workers(run.settings), [together for _, together in batches], most_bytes)
    rows, parts = [], []
    for batch, together in batches:
        cuts = [
            cut for delivery in together for cut in _cuts(delivery, feeds.get(delivery.source), most_bytes, workers)
        ]
        for number, part in enumerate(_grouped(cuts, most_bytes, workers)):
            parts.append(Part(batch, number))
            rows += [_row(parts[-1], cut) for cut in part]
    # Without rows `from_pylist` imports pandas, a second of every night with nothing new.
    pq.write_table(pa.Table.from_pylist(rows, PARTS) if rows else pa.Table.from_batches([], PARTS), run.parts)
    return parts


def cuts_of(run: Run, part: Part) -> list[Cut]:
    """What a part is, as parts.parquet has it; without that file, the whole batch."""
    deliveries = planned(run, part.batch)
    if not run.parts.exists():
        return [Cut(delivery) for delivery in deliveries]
    by_number = {delivery.delivery: delivery for delivery in deliveries}
    rows = pq.read_table(run.parts, filters=[("batch", "=", part.batch), ("part", "=", part.number)]).to_pylist()
    return [Cut(by_number[row["delivery"]], _range_of(row)) for row in rows]


def parts_of(run: Run, batch: int) -> list[Part]:
    """The parts of a batch."""
    if not run.parts.exists():
        return [Part(batch, 0)]
    numbers = pq.read_table(run.parts, columns=["part"], filters=[("batch", "=", batch)])["part"]
    return [Part(batch, number) for number in sorted(set(numbers.to_pylist()))]


def _row(part: Part, cut: Cut) -> dict[str, int | None]:
    stretch = vars(cut.range) if cut.range else {}
    return {"batch": part.batch, "part": part.number, "delivery": cut.delivery.delivery, **stretch}


def _range_of(row: dict[str, int]) -> Range | None:
    names = ("start", "end", "before", "prologue_bytes")
    return None if row["start"] is None else Range(*(row[name] for name in names))


def _number(size_bytes: int, files: int, most_bytes: int, workers: int) -> int:
    """How many parts: none too large, and as many for each worker."""
    least = -(-size_bytes // most_bytes)
    number = max(least, min(workers, max(size_bytes // LEAST_BYTES, files // LEAST_FILES)))
    return max(1, -(-number // workers) * workers if number > 1 else number)


def _mappable(workers: int, batches: list[list[Delivery]], most_bytes: int) -> int:
    """So many workers that a whole number of parts for each of them, in every batch, is not too many to map."""
    least = sum(-(-sum(delivery.bytes for delivery in batch) // most_bytes) for batch in batches)
    return max(1, min(workers, 1 + (MAPPING_LIMIT - least) // max(len(batches), 1)))


def _grouped(cuts: list[Cut], most_bytes: int, workers: int) -> Iterator[list[Cut]]:
    """Cuts in order, in groups of about the same size."""
    weights = [cut.bytes + LEAST_BYTES // LEAST_FILES for cut in cuts]
    number = _number(sum(cut.bytes for cut in cuts), len(cuts), most_bytes, workers)
    each, before, group = sum(weights) / number, 0.0, list[Cut]()
    for cut, weight in zip(cuts, weights, strict=True):
        if group and before + weight / 2 > each:
            yield group
            before, group = before - each, []
        group.append(cut)
        before += weight
    if group:
        yield group


def _cuts(delivery: Delivery, feed: Feed | None, most_bytes: int, workers: int) -> Iterable[Cut]:
    """The ranges of a delivery; itself where it is small, or nothing can read a range of it."""
    number = _number(delivery.bytes, 1, most_bytes, workers)
    if number == 1 or delivery.refused or delivery.parts:
        return [Cut(delivery)]
    try:
        ranges = _ranges(delivery, feed or Feed(delivery.source), -(-delivery.bytes // number))
    except (DumpError, DumpChanged, OSError) as error:
        log.info("%s is read whole: %s", delivery.path, error)  # whoever reads it says what is wrong with it
        ranges = []
    if len(ranges) < 2:
        return [Cut(delivery)]
    _refuse_gaps(ranges, delivery)
    return [Cut(delivery, each) for each in ranges]


def _ranges(delivery: Delivery, feed: Feed, target_bytes: int) -> list[Range]:
    member = Member("", partial(regular.opened, Path(delivery.file), next(iter(delivery.seen), "")))
    with member.open() as stream:
        head = stream.read(formats.HEAD_BYTES)
        stream.seek(0)
        if is_container(head):
            return []
        name = bundles.identified(member, delivery.path, delivery.format)
        return formats.ranges(formats.named(name), stream, feed, target_bytes) if isinstance(name, str) else []


def _refuse_gaps(ranges: list[Range], delivery: Delivery) -> None:
    """Raise AssertionError unless ranges are all of a dump, once."""
    ends = [0, *(each.end for each in ranges)]
    if [each.start for each in ranges] != ends[:-1] or ends[-1] != delivery.bytes:
        raise AssertionError(f"the ranges of {delivery.path} do not cover it: {ranges}")
