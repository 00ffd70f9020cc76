"""Which deliveries are new, and which batches they make.

A delivery is a file as it stands, with its manifest: source + path + content hash + manifest hash.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from etl import words
from etl.declared.sources import Sources, load_sources
from etl.declared.stanzas import format_names
from etl.files import writing
from etl.intake.arrival import Found, delivery_of
from etl.intake.remote import Login
from etl.intake.seen import Fate
from etl.intake.stat_cache import StatCache
from etl.model import Delivery, DumpState
from etl.run import Run
from etl.settings import Settings, SettingsError
from etl.stages.fetch import fetch_new
from etl.stages.finding import Notes, asked_feeds, find, is_settled, missing_folders, note_unclaimed
from etl.stages.finding import RequestError as RequestError
from etl.stages.parts import Part, write_parts
from etl.stages.plan import write_plan
from etl.warehouse import opening, renames

log = logging.getLogger(__name__)

Ledger = dict[tuple[str, str, str, str], str]
"""The state of every known delivery by its identity: source, path, sha256, manifest_sha256."""


def plan_run(run: Run, logins: Mapping[str, Login] | None = None) -> list[Part]:
    """Plan which deliveries a run takes. Returns the parts to read.

    In: who we are where feeds are fetched from, by feed, if the environment does not say it.
    Raises RequestError or SettingsError, which are also noted in the run's folder for those who look at it later.
    """
    with writing(run.folder), run.noting_why(RequestError, SettingsError):
        return plan_deliveries(run, known_deliveries(run), logins)


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
    with opening.glanced(settings, "dry run") as connection:
        known = connection.execute(KNOWN).fetchall()
    today = sources.names_today
    return _ledger_of((today.get(source, source), *rest) for source, *rest in known)


KNOWN = "select source, path, sha256, manifest_sha256, state from ops.dump_status"


def _ledger_of(rows: Iterable[Any]) -> Ledger:
    return {(source, path, sha256, manifest): state for source, path, sha256, manifest, state in rows}


def plan_deliveries(run: Run, ledger: Ledger, logins: Mapping[str, Login] | None = None) -> list[Part]:
    """Fetch what is new elsewhere, write plan.parquet and parts.parquet for what is new here, and return its parts.

    Raises RequestError when the request cannot be met.
    """
    sources = load_sources(run.settings)
    problems = sources.problems if run.request.is_of_all_feeds else sources.problems_of_stanzas
    run.wrong_stanzas.write_text(json.dumps(problems, indent=1))
    cache = StatCache.load(run.settings.stat_cache)
    notes = Notes(sources.landing)
    fetch_new(run, notes, logins or {})
    deliveries = wanted(run, sources, ledger, cache, notes)
    cache.save()
    numbered = write_plan(run, deliveries)
    parts = write_parts(run, numbered, sources.feeds)
    run.seen.write_text(notes.summed().to_json())
    known = words.counted(len(ledger), "delivery", "deliveries")
    log.info("%s; the ledger knows %s.", _found(deliveries, len({part.batch for part in parts})), known)
    return parts


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
