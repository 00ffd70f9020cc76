"""What an engineer on duty wants to see at a glance. Only reads, and never waits for a load.

`broadsheet status` and the page in Airflow's own UI show the same Overview; etl.reports.night judges it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from etl import store, warehouse
from etl.declared.sources import Sources, load_sources
from etl.intake.seen import Seen
from etl.model import Trigger
from etl.reports import cautions, unusual_feeds
from etl.reports.night import Overview
from etl.reports.night_facts import Begun, FeedNight, LoadRun, Published, RejectedReason, WaitingDelivery
from etl.reports.schedule import Scan, expected_night, first_due, known_schedule, night_began
from etl.run import NOTE, folders, request_of
from etl.settings import SQL, Settings, SettingsError
from etl.warehouse import places, published_note, reading, whereabouts
from etl.warehouse.published import LINK, attached_by, in_words, shut, why_unseen
from etl.warehouse.statements import rows
from etl.workspace import at_hand

QUESTIONS = SQL / "overview"

LOOKED_BACK = 50
"""Runs of the work folder that are looked at."""
LOOKED_AT = (NOTE, "plan.parquet", "stopped.txt", "seen.json")
"""Files of such a run."""


def look_now(settings: Settings) -> Overview:
    """Look at the ledger, the published note and the work folder.

    Raises WarehouseError when what is there cannot be read, SettingsError for a schedule that means nothing.
    """
    try:
        with reading.peek(settings, "overview", settings.published_folder / LINK) as peek:
            return _looked(settings, peek)
    except duckdb.Error as error:
        raise warehouse.WarehouseError(
            f"{places.name_of(settings)}: its ledger cannot be read ({error}); if Broadsheet was upgraded, the "
            "next load or `broadsheet publish` brings it up to date"
        ) from error


def of_copy(connection: duckdb.DuckDBPyConnection, settings: Settings, published: Published) -> Overview:
    """The state of the installation according to a copy that is being published; nothing else is looked at."""
    at = published.published_at
    bare = Overview("warehouse", at, at, None, published, timezone=settings.timezone)
    return _with_ledger(bare, connection, settings)


def _looked(settings: Settings, peek: reading.Peek) -> Overview:
    now, note = _now(), published_note.read(settings)
    published = published_of(note) if note else None
    if published and note:
        published = replace(published, attached_by=attached_by(settings, note))
    if published and note and not peek.holder and (wrong := why_unseen(settings, note)):
        published = replace(published, unseen="; ".join(wrong))
    bare = Overview(
        shown="nothing",
        looked_at=now,
        as_of=now,
        holder=peek.holder,
        published=published,
        misplaced=whereabouts.why_wrong(settings),
        timezone=settings.timezone,
        deadline=timedelta(hours=settings.deadline_hours),
        begun=list(begun_runs(settings)),
        odd=[*([note["front_page"]] if note and note.get("front_page") else []), *map(in_words, shut(settings))],
    )
    if peek.connection is None:
        sources, wrong_sources = _sources(settings)
        return replace(bare, wrong_sources=wrong_sources, feeds=_never_loaded(sources, bare))
    shown = replace(
        bare,
        shown="published copy" if peek.is_copy else "warehouse",
        as_of=published.published_at if peek.is_copy and published else now,
    )
    return _with_expectation(_with_ledger(shown, peek.connection, settings), peek.connection, settings)


def _with_ledger(bare: Overview, connection: duckdb.DuckDBPyConnection, settings: Settings) -> Overview:
    """With what the ledger of a warehouse or a copy contains."""

    def answer(question: str, **parameters: Any) -> list[dict[str, Any]]:
        return rows(connection, QUESTIONS / f"{question}.sql", **parameters)

    runs = [LoadRun(**row) for row in answer("runs")]
    scans = [*(Scan(run.run_id, run.trigger, run.started_at) for run in bare.begun), *_scans(answer("scans"))]
    schedule = known_schedule(settings, scans)
    began_at = night_began(schedule, settings.timezone, runs[0].started_at) if runs else None
    bare = replace(bare, runs=runs, night_began_at=began_at)
    run_ids = [run.run_id for run in bare.night]
    sources, wrong_sources = _sources(settings)
    odd = [*bare.odd, *cautions.of_dumps(rows(connection, cautions.LOADED, run_ids=run_ids))]
    night = next((scan.started_at for scan in scans if scan.trigger == Trigger.schedule), None)
    unusual = _unusual(connection, sources, settings, night) if sources and night else {}
    sentences = {feed: summary for feed, (_, summary) in unusual.items()}
    return replace(
        bare,
        deliveries={row["state"]: row["deliveries"] for row in answer("delivery_states")},
        waiting=[WaitingDelivery(**row) for row in answer("waiting_deliveries")],
        rejected=answer("rejected_total")[0]["articles"],
        rejected_reasons=[RejectedReason(**row) for row in answer("rejected_reasons")],
        unmet=cautions.of_quality(rows(connection, cautions.UNMET, run_ids=run_ids)),
        odd=[*odd, *sentences.values()],
        wrong_sources=wrong_sources,
        still_in_landing=_still_in_landing(sources, connection),
        feeds=[
            FeedNight(
                **row,
                missing=_missing(row["feed"], bare, sentences),
                unusual=unusual.get(row["feed"], (None,))[0],
            )
            for row in answer("feeds", feeds=list(sources.feeds) if sources else [], run_ids=run_ids)
        ],
    )


def _with_expectation(found: Overview, connection: duckdb.DuckDBPyConnection, settings: Settings) -> Overview:
    """With the last expected night, and whether it began: idle nights are in the ledger, unfinished ones in work/."""
    known = rows(connection, QUESTIONS / "scans.sql")
    scans = _scans(known)
    scans += [Scan(run.run_id, run.trigger, run.started_at) for run in found.begun if run.is_whole]
    first = known[0]["first_started_at"] if known else found.runs[-1].started_at if found.runs else None
    return replace(
        found,
        expected=expected_night(settings, scans, first, found.looked_at),
        first_due_at=first_due(settings, scans, first),
    )


def _scans(known: list[dict[str, Any]]) -> list[Scan]:
    return [Scan(row["run_id"], row["trigger"], row["started_at"]) for row in known]


def _still_in_landing(sources: Sources | None, connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The dumps that are to be removed or redacted by hand, of those that a takedown or a load noted."""
    if sources is None:
        return []
    found = rows(connection, QUESTIONS / "files_with_taken_down.sql")
    return [row["path"] for row in found if store.exists(sources.landing / row["path"])]


def _sources(settings: Settings) -> tuple[Sources | None, list[str]]:
    """sources.toml, if it can be read, and what is wrong with it."""
    try:
        sources = load_sources(settings)
    except SettingsError as error:
        return None, [str(error)]
    return sources, sources.problems


def _unusual(
    connection: duckdb.DuckDBPyConnection, sources: Sources, settings: Settings, started_at: datetime
) -> dict[str, tuple[str, str]]:
    """For each feed that was silent or brought far more than usual on a scheduled night: which, and a sentence."""
    night = unusual_feeds.night_of(started_at, settings.timezone)
    asked = {"feeds": list(sources.feeds), "night": night, "timezone": settings.timezone.key}
    return {
        row["source"]: (row["kind"], unusual_feeds.summary(row, sources.feeds[row["source"]], night))
        for row in rows(connection, unusual_feeds.QUERY, **asked)
        if row["kind"]
    }


def _never_loaded(sources: Sources | None, bare: Overview) -> list[FeedNight]:
    """Every feed, before the first load."""
    return [
        FeedNight(feed, 0, 0, 0, 0, 0, 0, None, _missing(feed, bare, {})) for feed in (sources.feeds if sources else ())
    ]


def _missing(feed: str, bare: Overview, sentences: dict[str, str]) -> tuple[str, ...]:
    seen = bare.last_scan.seen if bare.last_scan else None
    folders = [text for text in (cautions.failures_of_seen(seen) if seen else []) if text.startswith(f"feed {feed}: ")]
    return (*folders, *([sentences[feed]] if feed in sentences else []))


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def published_of(note: dict[str, Any]) -> Published:
    """What a note beside the published file says."""
    restored = note.get("restored")
    restored_at = _utc(restored) if isinstance(restored, str) else None  # older versions wrote only that it was
    return Published(
        note["number"], note["file"], _utc(note["published_at"]), note["run_id"], note.get("refused"), restored_at
    )


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)


def begun_runs(settings: Settings) -> Iterator[Begun]:
    """The newest runs of the work folder that looked for dumps, newest first."""
    notes = [folder / NOTE for folder in folders(settings) if store.exists(folder / NOTE)]
    notes.sort(key=lambda note: store.stat(note).st_mtime, reverse=True)
    for note in notes[:LOOKED_BACK]:
        with at_hand(settings, note.parent, *LOOKED_AT) as folder:
            yield from _begun(note.parent.name, folder)


def _begun(run_id: str, folder: Path) -> Iterator[Begun]:
    try:
        begun = json.loads((folder / NOTE).read_text())
    except ValueError:  # killed while it wrote its very first file
        return
    plan, stopped = reading.rows_of_parquet(folder / "plan.parquet"), _text(folder / "stopped.txt")
    # Other commands begin a run too, and never plan: they do not look for dumps.
    if begun["trigger"] in LOOKING or (begun["trigger"] == Trigger.command_line and (plan is not None or stopped)):
        yield Begun(
            run_id,
            begun["trigger"],
            datetime.fromisoformat(begun["started_at"]),
            plan,
            request_of(begun).is_whole,
            stopped,
            _seen(folder / "seen.json"),
        )


LOOKING = (Trigger.schedule, Trigger.manual, Trigger.backfill)
"""Triggers of runs that begin by looking for dumps."""


def _text(file: Path) -> str | None:
    return file.read_text("utf-8") if file.exists() else None


def _seen(file: Path) -> Seen | None:
    try:
        return Seen.from_json(file.read_text("utf-8"))
    except (FileNotFoundError, ValueError):  # not there, or its run was killed while it was written
        return None
