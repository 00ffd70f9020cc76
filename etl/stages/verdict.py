"""The run's end: what it did, and whether it failed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import sqlalchemy as sa

from etl.declared.sources import Sources
from etl.intake.seen import Seen
from etl.model import Trigger
from etl.reports import cautions, unusual_feeds
from etl.reports.report import NOT_LOADED, Report, failure_of
from etl.run import Run
from etl.settings import SQL
from etl.warehouse import opening, published, published_note
from etl.warehouse.statements import run_file
from etl.words import counted

FOLDER = SQL / "verdict"


def report_on(run: Run) -> Report:
    """What the run did. Its state is failed when a dump was refused, failed, or was planned and never recorded.

    It is failed too when a stanza of sources.toml is wrong, unless only a feed or a path was asked for, and for a feed
    whose folder is missing. A run by schedule also warns of feeds that are silent tonight, whether anything arrived or
    not.
    """
    planned = pq.read_metadata(run.plan).num_rows if run.plan.exists() else None
    dumps: list[dict[str, Any]] = []
    rejected: list[dict[str, Any]] = []
    seen = Seen.from_json(run.seen.read_text("utf-8")) if run.seen.exists() else None
    warnings = cautions.of_seen(seen) if seen else []
    recorded = articles_waiting = 0
    is_nightly = run.trigger == Trigger.schedule
    if (planned != 0 or is_nightly) and opening.exists(run.settings):
        with opening.opened(run.settings, f"verdict of run {run.run_id}") as engine, engine.connect() as connection:
            dumps = _rows(connection, FOLDER / "dumps.sql", run)
            rejected = _rows(connection, FOLDER / "rejected.sql", run)
            articles_waiting = _rows(connection, FOLDER / "articles_waiting.sql", run)[0]["articles"]
            if planned:
                recorded = run_file(connection, FOLDER / "recorded.sql", {"plan": str(run.plan)}).scalar_one()
            warnings += cautions.of_quality(_rows(connection, cautions.UNMET, run))
            warnings += cautions.of_dumps(dumps)
            warnings += unusual_feeds.warnings(connection, run) if is_nightly else []
            warnings += _clock_set_back(connection, run)
    wrong_stanzas = _sentences(run.wrong_stanzas)
    is_failed_by_them = run.request.is_of_all_feeds
    failures = [
        *(cautions.failures_of_seen(seen) if seen else []),
        *_failures(dumps, (planned or 0) - recorded),
        *(wrong_stanzas if is_failed_by_them else []),
    ]
    note = published_note.read(run.settings)
    link = published.address(run.settings, note) if note else None
    if note and note.get("front_page"):
        warnings.append(f"{note['front_page']}; analysts have the copy; once fixed, run: broadsheet publish")
    warnings += [*_sentences(run.left_out), *([] if is_failed_by_them else wrong_stanzas)]
    state = "failed" if failures else "succeeded"
    return Report(run.run_id, state, link, dumps, rejected, failures, warnings, wrong_stanzas, seen, articles_waiting)


def foreseen(run: Run, sources: Sources, seen: Seen) -> Report:
    """What will be said of a run by what its discovery saw, if all that it takes is good."""
    wrong = sources.problems if run.request.is_of_all_feeds else sources.problems_of_stanzas
    is_failed_by_them = run.request.is_of_all_feeds
    failures = [*cautions.failures_of_seen(seen), *(wrong if is_failed_by_them else [])]
    warnings = [*cautions.of_seen(seen), *([] if is_failed_by_them else wrong)]
    state = "failed" if failures else "succeeded"
    return Report(run.run_id, state, None, [], failures=failures, warnings=warnings, wrong_stanzas=wrong, seen=seen)


def _sentences(file: Path) -> list[str]:
    """What a stage noted for a person; nothing where it noted nothing."""
    return list(json.loads(file.read_text())) if file.exists() else []


def _clock_set_back(connection: sa.Connection, run: Run) -> list[str]:
    """The order of the runs does not depend on the clock, but dates are judged by it."""
    now = datetime.now(UTC).replace(tzinfo=None)
    earlier = run_file(connection, FOLDER / "clock.sql", {"run_id": run.run_id, "now": now}).first()
    if earlier is None:
        return []
    return [cautions.clock_set_back(now, earlier.run_id, earlier.started_at, run.settings.timezone)]


def _failures(dumps: list[dict[str, Any]], unrecorded: int) -> list[str]:
    failures = [failure_of(dump) for dump in dumps if dump["state"] in NOT_LOADED]
    if unrecorded > 0:
        dumps_were = counted(unrecorded, "planned dump was", "planned dumps were")
        failures.append(f"{dumps_were} never recorded: the load did not end; run it again")
    return failures


def _rows(connection: sa.Connection, question: Path, run: Run) -> list[dict[str, Any]]:
    asked = {"run_id": run.run_id, "run_ids": [run.run_id]}
    return [dict(row) for row in run_file(connection, question, asked).mappings()]
