"""What is read together: a batch is cut into parts, which are read and cleaned at once, each by itself.

A part is some deliveries of its batch, or ranges of a large one. The batch stays what is loaded at once, and the
ledger counts by delivery: etl.stages.gather adds up what was read of one in several parts.
"""

from __future__ import annotations

import logging
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby, pairwise
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from etl import formats
from etl.intake import bundles, regular
from etl.intake.containers import Member, is_container, starts_of_members
from etl.intake.spools import Limits
from etl.model import Delivery, DumpChanged, DumpError, Feed, Range
from etl.processes.workers import number_of_workers
from etl.run import Run
from etl.schemas import PARTS
from etl.stages.plan import MAPPING_LIMIT, planned

log = logging.getLogger(__name__)

LEAST_BYTES, LEAST_FILES = 16 << 20, 1_000
"""A part of fewer is not worth a process of its own."""
BYTES_PER_FILE = LEAST_BYTES // LEAST_FILES
"""What it takes to read a file, however small it is."""
LEAST_MEMBER_BYTES = 100
"""What a member of an archive takes in it at least: its heads."""


Number = Callable[[int, int], int]
"""How many parts to make of so many bytes in so many files."""


class Part(NamedTuple):
    """A part by its batch and its number in it."""

    batch: int
    number: int


class Cut(NamedTuple):
    """A delivery, or a range of it. `files`: the members of an archive that are in it; otherwise 1."""

    delivery: Delivery
    range: Range | None = None
    files: int = 1

    @property
    def bytes(self) -> int:
        return self.range.end - self.range.start if self.range else self.delivery.bytes

    @property
    def weight(self) -> int:
        """What it takes to read it, in bytes of a large file."""
        return self.bytes + self.files * BYTES_PER_FILE


def write_parts(run: Run, deliveries: list[Delivery], feeds: dict[str, Feed]) -> list[Part]:
    """Write parts.parquet for the planned deliveries. Returns the parts."""
    total_bytes = sum(delivery.bytes for delivery in deliveries)
    most_bytes = max(run.settings.part_bytes, 2 * total_bytes // MAPPING_LIMIT)
    batches = [(batch, list(together)) for batch, together in groupby(deliveries, attrgetter("batch"))]
    workers = _mappable(number_of_workers(run.settings), [together for _, together in batches], most_bytes)
    number_of_parts, limits = partial(_number, most_bytes=most_bytes, workers=workers), Limits.of(run.settings)
    rows, parts = [], []
    for batch, together in batches:
        cuts = [
            cut for delivery in together for cut in _cuts(delivery, feeds.get(delivery.source), number_of_parts, limits)
        ]
        for number, part in enumerate(_grouped(cuts, number_of_parts)):
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


def _grouped(cuts: list[Cut], number_of_parts: Number) -> Iterator[list[Cut]]:
    """Cuts in order, in groups of about the same size."""
    number = number_of_parts(sum(cut.bytes for cut in cuts), sum(cut.files for cut in cuts))
    each, before, group = sum(cut.weight for cut in cuts) / number, 0.0, list[Cut]()
    for cut in cuts:
        if group and before + cut.weight / 2 > each:
            yield group
            before, group = before - each, []
        group.append(cut)
        before += cut.weight
    if group:
        yield group


def _cuts(delivery: Delivery, feed: Feed | None, number: Number, limits: Limits) -> list[Cut]:
    """The ranges of a delivery; itself where it is small, or nothing can read a range of it."""
    if number(delivery.bytes, delivery.bytes // LEAST_MEMBER_BYTES) == 1 or delivery.refused or delivery.parts:
        return [Cut(delivery)]
    try:
        cuts = _ranges(delivery, feed or Feed(delivery.source), number, limits)
    except (DumpError, DumpChanged, OSError) as error:
        log.info("%s is read whole: %s", delivery.path, error)  # whoever reads it says what is wrong with it
        cuts = []
    if len(cuts) < 2:
        return [Cut(delivery)]
    _refuse_gaps([cut.range for cut in cuts if cut.range], delivery)
    return cuts


def _ranges(delivery: Delivery, feed: Feed, number: Number, limits: Limits) -> list[Cut]:
    file, planned = Path(delivery.file), next(iter(delivery.seen), "")
    member = Member("", partial(regular.opened, file, planned))
    with member.open() as stream:
        head = stream.read(formats.HEAD_BYTES)
        stream.seek(0)
        if is_container(head):
            starts = starts_of_members(file, limits, planned, formats.is_read_together, formats.HEAD_BYTES)
            return _runs(delivery, starts, number(delivery.bytes, len(starts)))
        if (parts := number(delivery.bytes, 1)) == 1:
            return []
        name = bundles.identified(member, delivery.path, delivery.format)
        target_bytes = -(-delivery.bytes // parts)
        found = formats.ranges(formats.named(name), stream, feed, target_bytes) if isinstance(name, str) else []
        return [Cut(delivery, each) for each in found]


def _runs(delivery: Delivery, starts: list[int], number: int) -> list[Cut]:
    """The members of an archive in so many runs, or fewer, which take about as long to read."""
    weights = [start + place * BYTES_PER_FILE for place, start in enumerate(starts)]
    each = (delivery.bytes + len(starts) * BYTES_PER_FILE) / number
    first = sorted({bisect_left(weights, run * each) for run in range(1, number)} - {0, len(starts)})
    bounds = [0, *(starts[place] for place in first), delivery.bytes]
    files = [end - start for start, end in pairwise([0, *first, len(starts)])]
    return [
        Cut(delivery, Range(start, end), count) for (start, end), count in zip(pairwise(bounds), files, strict=True)
    ]


def _refuse_gaps(ranges: list[Range], delivery: Delivery) -> None:
    """Raise AssertionError unless ranges are all of a dump, once."""
    ends = [0, *(each.end for each in ranges)]
    if [each.start for each in ranges] != ends[:-1] or ends[-1] != delivery.bytes:
        raise AssertionError(f"the ranges of {delivery.path} do not cover it: {ranges}")
