"""Which deliveries are new, and which batches they make.

A delivery is a file as it stands, with its manifest: source + path + content hash + manifest hash.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from etl import words
from etl.files import writing
from etl.intake.arrival import Found, as_utf8, delivery_of
from etl.intake.seen import Fate
from etl.intake.stat_cache import StatCache
from etl.model import OUR_FAULT, Delivery, DumpState
from etl.run import Run
from etl.schemas import PLAN
from etl.settings import Settings, SettingsError
from etl.sources import Sources, load_sources
from etl.stages.finding import Notes, asked_feeds, find, is_settled, missing_folders, note_unclaimed
from etl.stages.finding import RequestError as RequestError
from etl.stanzas import format_names
from etl.warehouse import damage, lock, opening, reading, renames

log = logging.getLogger(__name__)

MAPPING_LIMIT = 1_000
"""Airflow maps a task over at most 1,024 batches."""

Ledger = dict[tuple[str, str, str, str], str]
"""The state of every known delivery by its identity: source, path, sha256, manifest_sha256."""


def plan_run(run: Run) -> list[int]:
    """Plan which deliveries a run takes. Returns the numbers of its batches.

    Raises RequestError or SettingsError, which are also noted in the run's folder for those who look at it later.
    """
    with writing(run.folder), run.noting_why(RequestError, SettingsError):
        return plan_deliveries(run, known_deliveries(run))


def known_deliveries(run: Run) -> Ledger:
    """What the warehouse knows of deliveries; nothing before the first load."""
    if not opening.exists(run.settings):
        return {}
    with opening.opened(run.settings, f"discovery in run {run.run_id}") as engine:
        renames.follow(engine, load_sources(run.settings))
        with engine.connect() as connection:
            return _ledger_of(connection.exec_driver_sql(KNOWN))


def glance_at_known(settings: Settings, sources: Sources) -> Ledger:
    """The same without changing the warehouse in any way, which other ways of opening it migrate."""
    if not opening.exists(settings):
        return {}
    with lock.held(settings, "dry run"), reading.attached(settings.warehouse, damage.RESTORE) as connection:
        known = connection.execute(KNOWN).fetchall()
    today = sources.names_today
    return _ledger_of((today.get(source, source), *rest) for source, *rest in known)


KNOWN = "select source, path, sha256, manifest_sha256, state from ops.dump_status"


def _ledger_of(rows: Iterable[Any]) -> Ledger:
    return {(source, path, sha256, manifest): state for source, path, sha256, manifest, state in rows}


def plan_deliveries(run: Run, ledger: Ledger) -> list[int]:
    """Write plan.parquet for what is new and return the numbers of its batches.

    Raises RequestError when the request cannot be met.
    """
    sources = load_sources(run.settings)
    problems = sources.problems if run.request.is_of_all_feeds else sources.problems_of_stanzas
    run.wrong_stanzas.write_text(json.dumps(problems, indent=1))
    cache = StatCache.load(run.settings.stat_cache)
    notes = Notes(sources.landing)
    deliveries = wanted(run, sources, ledger, cache, notes)
    cache.save()
    batches = write_plan(run, deliveries)
    run.seen.write_text(notes.summed().to_json())
    known = words.counted(len(ledger), "delivery", "deliveries")
    log.info("%s; the ledger knows %s.", _found(deliveries, len(batches)), known)
    return batches


def wanted(run: Run, sources: Sources, ledger: Ledger, cache: StatCache, notes: Notes) -> list[Delivery]:
    """The deliveries that a run takes; what becomes of the other files is noted. Writes nothing but what a backfill
    leaves out.

    Raises RequestError when the request cannot be met.
    """
    _refuse_unknown_format(run.request.format)
    feeds = asked_feeds(run, sources)
    found = find(run, sources, feeds, cache, notes)
    candidates = list(_deliveries(run, sources, found, cache, notes))
    claimed = {part for delivery in candidates for part in delivery.parts}
    for part in claimed:
        notes.add(part, Fate.parts)
    deliveries = []
    for delivery in candidates:
        if delivery.file not in claimed:
            fate = _fate(run, sources, ledger, delivery, cache, notes)
            notes.add(delivery.file, fate)
            if fate == Fate.new:
                deliveries.append(delivery)
    note_unclaimed(run, sources, notes)
    if not run.request.paths:
        notes.missing_folders += missing_folders(sources, feeds)
    return deliveries


def _found(deliveries: list[Delivery], batches: int) -> str:
    if not deliveries:
        return "Found nothing new"
    dumps = words.counted(len(deliveries), "dump")
    feeds = words.counted(len({delivery.source for delivery in deliveries}), "feed")
    size = words.size(sum(delivery.bytes for delivery in deliveries))
    return f"Found {dumps} to take ({size}) of {feeds}, in {words.counted(batches, 'batch', 'batches')}"


def _refuse_unknown_format(name: str | None) -> None:
    known = format_names()
    if name not in (None, "auto", *known):
        raise RequestError(f"there is no format {name!r}; known are: auto, {', '.join(known)}")


def _deliveries(
    run: Run, sources: Sources, found: Iterable[Found], cache: StatCache, notes: Notes
) -> Iterator[Delivery]:
    for item in found:
        delivery = delivery_of(item, sources, run.request.stated, cache, notes.warn)
        if delivery:
            yield delivery
        else:
            notes.add(item.file, Fate.vanished)


def _fate(run: Run, sources: Sources, ledger: Ledger, delivery: Delivery, cache: StatCache, notes: Notes) -> Fate:
    """Whether a delivery is taken, and why not. An index waits until its parts have settled."""
    if not run.request.paths and delivery.parts:
        feed = sources.feeds[delivery.source]
        are_settled = [is_settled(run, feed, Path(part), cache, notes) for part in delivery.parts]
        if not all(are_settled):
            return Fate.unsettled
    state = ledger.get(delivery.identity)
    if run.request.force or state in (None, DumpState.new, DumpState.refused, DumpState.failed):
        return Fate.new
    return Fate(state)


def batched(deliveries: list[Delivery], batch_bytes: int, batch_files: int) -> list[Delivery]:
    """Number deliveries and batches: small files together, a large one alone, never too many to map."""
    total_bytes = sum(delivery.bytes for delivery in deliveries)
    byte_limit = max(batch_bytes, 2 * total_bytes // MAPPING_LIMIT)
    file_limit = max(batch_files, 2 * len(deliveries) // MAPPING_LIMIT)
    batch, files, size = 0, 0, 0
    numbered = []
    for number, delivery in enumerate(deliveries):
        if files and (size + delivery.bytes > byte_limit or files >= file_limit):
            batch, files, size = batch + 1, 0, 0
        files, size = files + 1, size + delivery.bytes
        numbered.append(replace(delivery, delivery=number, batch=batch))
    return numbered


def write_plan(run: Run, deliveries: list[Delivery]) -> list[int]:
    """Write plan.parquet. Returns the numbers of the batches."""
    numbered = batched(deliveries, run.settings.batch_bytes, run.settings.batch_files)
    try:
        table = _plan_table(numbered)
    except Exception:
        table = _plan_table([_writable(delivery) for delivery in numbered])
    pq.write_table(table, run.plan)
    return sorted({delivery.batch for delivery in numbered})


def _plan_table(deliveries: list[Delivery]) -> pa.Table:
    if not deliveries:
        return pa.Table.from_batches([], PLAN)  # others import pandas, a second of every night with nothing new
    return pa.Table.from_pylist(list(map(vars, deliveries)), PLAN)


def _writable(delivery: Delivery) -> Delivery:
    """The delivery, or one that is refused in its place if a value of it fits no column of the plan."""
    try:
        _plan_table([delivery])
    except Exception as error:
        log.exception("planning %r", delivery.path)
        reason = f"cannot be planned: {type(error).__name__}: {error}; {OUR_FAULT}"
        path, file, source = map(as_utf8, (delivery.path, delivery.file, delivery.source))
        bare = Delivery(delivery.kind, path, file, source, delivery.format, refused=as_utf8(reason))
        return replace(bare, delivery=delivery.delivery, batch=delivery.batch)
    return delivery


def planned(run: Run, batch: int) -> list[Delivery]:
    """The deliveries of one batch, as plan.parquet has them."""
    rows = pq.read_table(run.plan, filters=[("batch", "=", batch)]).to_pylist()
    return [Delivery(**row | {name: tuple(row[name] or ()) for name in ("parts", "seen")}) for row in rows]
