"""What was counted of the dumps of a run, added up over the parts in which they were read, and judged.

A part that was not read to the end leaves no tallies: then its batch is not loaded.
"""

from __future__ import annotations

import logging
import pickle
from collections import Counter
from collections.abc import Iterator
from functools import reduce
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from etl import words
from etl.formats.common.columns import says_missing
from etl.formats.common.json_left_over import says_beside
from etl.intake.containers import is_beside_parts
from etl.intake.kinds import EMPTY_PART, MAY_BE_ALL, advice_on, says_unread
from etl.model import Delivery, DumpError, DumpState, Reject
from etl.normalise.date_columns import DATE_FIELDS, Habits, habits_of
from etl.run import Batch, RawFile, Run
from etl.schemas import DATE_HABITS, DELIVERIES
from etl.stages.accounting import balance_of_all
from etl.stages.parts import Part, parts_of
from etl.stages.plan import MAPPING_LIMIT, planned
from etl.stages.raw_records import printable
from etl.stages.reading import verdict_of
from etl.stages.tallies import Tally

log = logging.getLogger(__name__)

SHOWN_WARNINGS = 3


def write_tallies(batch: Batch, part: Part, tallies: list[Tally]) -> None:
    """Keep what was counted in a part: the last file of its extraction."""
    batch.tallies_of(part.number).write_bytes(pickle.dumps(tallies))


def killed_parts(run: Run, numbers: list[int]) -> list[Part]:
    """The parts of batches in which the system killed what read them."""
    read = [(run.batch(number), part) for number in numbers for part in parts_of(run, number)]
    return [part for batch, part in read if any(tally.was_killed for tally in _tallies(batch, part))]


def _tallies(batch: Batch, part: Part) -> list[Tally]:
    file = batch.tallies_of(part.number)
    return pickle.loads(file.read_bytes()) if file.exists() else []  # ours


def stopped_too_early(run: Run, number: int) -> tuple[Part, dict[int, int]] | None:
    """The first part of a batch that was not read on for what it holds itself, though with the parts before it the
    articles that can be read are many enough; and by delivery, by how many those that cannot outnumber them."""
    before: dict[int, Tally] = {}
    for part in parts_of(run, number):
        for tally in _tallies(run.batch(number), part):
            known = before.get(tally.delivery)
            if known and known.state == DumpState.read and tally.unread.is_stopped and not _refused(known, tally):
                return part, {tally.delivery: known.unread.lead(known.articles_read)}
            before[tally.delivery] = _added(known, tally) if known else tally
    return None


def _refused(tally: Tally, other: Tally) -> str | None:
    """Why a dump is refused for what cannot be read in its next part; None where it is not."""
    return tally.unread.refused_in(other.unread, tally.articles_read) if tally.state == DumpState.read else None


def gather_batch(run: Run, number: int) -> bool:
    """Write deliveries.parquet and date_habits.parquet of a batch. Returns whether all of it was read."""
    batch, parts = run.batch(number), parts_of(run, number)
    batch.deliveries.unlink(missing_ok=True)
    if not all(batch.tallies_of(part.number).exists() for part in parts):
        return False
    tallies = [tally for part in parts for tally in _tallies(batch, part)]
    by_delivery = groupby(sorted(tallies, key=attrgetter("delivery")), attrgetter("delivery"))
    deliveries = {delivery.delivery: delivery for delivery in planned(run, number)}
    write_deliveries(batch, [_judged(run, deliveries[key], list(found)) for key, found in by_delivery])
    write_date_habits(batch, _date_habits(batch))
    return True


def write_deliveries(batch: Batch, tallies: list[Tally]) -> None:
    """Write deliveries.parquet: what was read of each dump, and whether it is refused."""
    rows = [
        {**vars(tally), "reason": _told(tally), "skipped": orjson.dumps(tally.skipped).decode()} for tally in tallies
    ]
    pq.write_table(pa.Table.from_pylist(rows, DELIVERIES), batch.deliveries)
    log.info("Batch %s: %s.", batch.number, _summary(tallies))


def write_date_habits(batch: Batch, habits: Habits) -> None:
    """Write date_habits.parquet."""
    rows = [{"delivery": delivery, "field": field, **habit._asdict()} for (delivery, field), habit in habits.items()]
    pq.write_table(pa.Table.from_pylist(rows, DATE_HABITS), batch.date_habits)


def files_to_clean(run: Run, batches: list[int]) -> list[list[RawFile]]:
    """The files of raw records of batches, in few enough groups to be mapped."""
    files = [file for number in batches for file in run.batch(number).raw_files]
    size = -(-len(files) // MAPPING_LIMIT)
    return [files[start : start + size] for start in range(0, len(files), size or 1)]


def _date_habits(batch: Batch) -> Habits:
    """What the date columns of the batch's dumps show: a dump is in one batch, but not in one file of it."""
    columns = ["delivery", *DATE_FIELDS]
    return habits_of(group for file in batch.raw for group in _groups(file, columns))


def _groups(file: Path, columns: list[str]) -> Iterator[pa.Table]:
    with pq.ParquetFile(file) as raw:
        for group in range(raw.num_row_groups):
            yield raw.read_row_group(group, columns)


def _judged(run: Run, delivery: Delivery, tallies: list[Tally]) -> Tally:
    """What was counted of a dump, and what becomes of it."""
    tally = reduce(_added, tallies)
    tally.judge_totals()
    if tally.unread_kinds:
        tally.warnings.insert(0, says_unread(tally.unread_kinds))
    if tally.account:
        tally.add_account(tally.account, balance_of_all(tally.account), "")
    tally.warnings += [place + words.of_pages(doubt.warning, doubt.pages) for place, doubt in tally.doubts.items()]
    tally.warnings += [place + says_beside(found) for place, found in tally.beside.items()]
    if tally.state == DumpState.read:
        try:
            _refuse_broken(tally)
            _refuse_columns(tally)
            _judge_empty(tally, delivery)
        except DumpError as error:
            tally.state, tally.reason = verdict_of(run.settings, delivery, error)
    return tally


def _formats(*told: str) -> str:
    """The formats of some parts, without `auto` where one is known: what was not read to its end says no more."""
    names = dict.fromkeys(name for each in told for name in each.split(" + ") if name)
    return " + ".join([name for name in names if name != "auto"] or names)


def _added(tally: Tally, other: Tally) -> Tally:
    """What was counted of a dump in one part and in the next; the worse state, with the first reason for it."""
    if other.state != DumpState.failed and (unread := _refused(tally, other)):
        tally.state, tally.reason = DumpState.refused, unread
    elif _BADNESS[other.state] > _BADNESS[tally.state]:
        tally.state, tally.reason = other.state, other.reason
    tally.unread.add_up(other.unread)
    tally.format = _formats(tally.format, other.format)
    if other.articles_declared is not None:
        tally.articles_declared = (tally.articles_declared or 0) + other.articles_declared
    if other.marks_seen is not None:
        tally.add_marks(other.marks_seen)
    if other.columns:
        tally.add_columns(other.columns)
    tally.add_members(other)
    for place, doubt in other.doubts.items():
        tally.add_doubt(place, doubt)
    for place, found in other.beside.items():
        tally.add_beside(place, found)
    if tally.account and other.account:
        tally.account.add_up(other.account)
    tally.articles_read += other.articles_read
    tally.rejected_pieces += other.rejected_pieces
    tally.skipped += other.skipped
    tally.warnings += [warning for warning in other.warnings if warning not in tally.warnings]
    return tally


_BADNESS: dict[str, int] = {DumpState.read: 0, DumpState.refused: 1, DumpState.failed: 2}
"""What Broadsheet is at fault for is tried again, and then shows what else is wrong."""


def _refuse_broken(tally: Tally) -> None:
    """Raise DumpError where no member of an archive can be read, or all that are read are broken."""
    if (first := tally.first_unread) and not tally.members_read:
        raise DumpError(says_none_read(first))
    if (first := tally.first_broken) and tally.broken_members == tally.articles_read:
        raise DumpError(f"{first.position}: {first.reason}")


def _refuse_columns(tally: Tally) -> None:
    if tally.columns and tally.columns.missing:
        raise DumpError(says_missing(sorted(tally.columns.missing), tally.columns.found))


def says_none_read(first: Reject) -> str:
    """Why a dump is refused of which no member can be read."""
    return f"none of its members can be read; the first is {first.position}: {first.reason}"


def _told(tally: Tally) -> str | None:
    """Why a dump is not loaded, or what is odd in it."""
    if tally.reason or not tally.warnings:
        return tally.reason and printable(tally.reason)
    more = len(tally.warnings) - SHOWN_WARNINGS
    others = [f"{words.counted(more, 'more file')} of it likewise"] if more > 0 else []
    return printable("; ".join([*tally.warnings[:SHOWN_WARNINGS], *others]))


def _summary(tallies: list[Tally]) -> str:
    """What was read, and what was rejected, in a line."""
    read = sum(tally.articles_read for tally in tallies)
    parts = [f"read {words.counted(read, 'article')} of {words.counted(len(tallies), 'dump')}"]
    if pieces := sum(tally.rejected_pieces for tally in tallies):
        parts.append(f"{pieces:,} of them rejected")
    for kind, number in sum((tally.skipped for tally in tallies), Counter[str]()).items():
        parts.append(f"skipped {number:,} × {kind}")
    states = Counter(tally.state for tally in tallies if tally.state != DumpState.read)
    parts += [f"{words.counted(number, 'dump')} {state}" for state, number in states.items()]
    return "; ".join(parts)


def _judge_empty(tally: Tally, delivery: Delivery) -> None:
    """Note that a dump holds no article. Raises DumpError unless all that it holds is never one, or it is a part of the
    output of a job, which may have a header alone."""
    if tally.articles_read:
        return
    if not tally.skipped and is_beside_parts(Path(delivery.file)):
        tally.skipped[EMPTY_PART] += 1
    if tally.skipped.keys() == {EMPTY_PART}:
        return
    held = words.listed(tally.skipped)
    if tally.skipped and tally.skipped.keys() <= MAY_BE_ALL:
        tally.warnings = [
            f"it holds no article, but {held}; if its sender sends such alone, `exclude` in the stanza leaves it "
            "out; else ask for the articles"
        ]
        return
    items = words.counted(sum(tally.skipped.values()), "item")
    found = f"it holds {items}, none with a text that Broadsheet reads: {held}" if held else "it contains no article"
    raise DumpError(f"{found}; {advice_on(tally.skipped)}")
