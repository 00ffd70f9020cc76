"""What an engineer on duty wants to see at a glance. Only reads, and never waits for a load.

`broadsheet status` and the page in Airflow's own UI show the same Overview.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from etl import warehouse
from etl.model import WAITING, Trigger
from etl.settings import SQL, Settings, load_sources
from etl.warehouse import reading
from etl.warehouse.published import LINK, read_note
from etl.words import counted

PLANNING_TRIGGERS = (Trigger.schedule, Trigger.manual, Trigger.backfill)
"""Triggers of runs that begin by planning which dumps to take."""


@dataclass(frozen=True)
class LoadRun:
    """A run that changed the warehouse, with the sums over its dumps. Times are UTC without a zone."""

    run_id: str
    trigger: str
    started_at: datetime
    finished_at: datetime | None
    state: str
    dumps: int
    dumps_refused: int
    dumps_failed: int
    dumps_waiting: int
    """Of its dumps, those that are waiting for a person today."""
    articles_read: int
    inserted: int
    revised: int
    unchanged: int
    rejected: int

    @property
    def counts(self) -> dict[str, int]:
        """Its counts by name, as etl.words takes them."""
        return {name: value for name, value in vars(self).items() if isinstance(value, int)}


@dataclass(frozen=True)
class WaitingDelivery:
    """A delivery that is waiting for a person: parked, refused or failed, and not replaced by a better one."""

    path: str
    source: str
    format: str
    state: str
    attempts: int
    articles_read: int
    reason: str | None
    run_id: str
    loaded_at: datetime


@dataclass(frozen=True)
class RejectedReason:
    """Rejected articles waiting to be replayed, for one reason, and where the first of them is."""

    reason: str
    articles: int
    dumps: int
    example_path: str
    example_position: str


@dataclass(frozen=True)
class Published:
    """What analysts see."""

    number: int
    file: str
    published_at: datetime
    run_id: str


@dataclass(frozen=True)
class Begun:
    """The run that began last, whether or not it got as far as its load."""

    run_id: str
    trigger: str
    started_at: datetime
    planned: int | None
    """Dumps that it planned to take; None if there is no plan."""


@dataclass(frozen=True)
class Overview:
    """The state of the installation. What a copy does not show is missing because a load is under way."""

    shown: str
    """`warehouse`, `published copy`, or `nothing` if nothing can be read yet."""
    looked_at: datetime
    """UTC without a zone."""
    as_of: datetime
    """The time of what is shown, UTC without a zone: earlier than `looked_at` for a copy."""
    holder: str | None
    """Who holds the warehouse: process, purpose and since when; None if it is free."""
    runs: list[LoadRun]
    begun: Begun | None
    deliveries: dict[str, int]
    """Number of deliveries by state."""
    waiting: list[WaitingDelivery]
    rejected: int
    rejected_reasons: list[RejectedReason]
    published: Published | None
    still_in_landing: list[str] = field(default_factory=list)
    """The paths of dumps in the landing folder that hold what was taken down."""

    @property
    def waiting_count(self) -> int:
        """Deliveries that are waiting for a person, including those that are not listed."""
        return sum(self.deliveries.get(state, 0) for state in WAITING)

    @property
    def night(self) -> list[LoadRun]:
        """Last night: the last scheduled run and all runs after it; the last run if none was scheduled."""
        scheduled = next((place for place, run in enumerate(self.runs) if run.trigger == Trigger.schedule), 0)
        return self.runs[: scheduled + 1]

    @property
    def problems(self) -> list[str]:
        """What was not good last night."""
        if not self.runs:
            return _never_loaded(self)
        night = self.night
        problems = [*_unverified(self.runs[0]), *_not_loaded(night), *_mostly_rejected(night), *_not_recorded(self)]
        if self.shown == "published copy" and not self.holder:
            problems.append("there is no warehouse file, only the published copy; run: broadsheet restore")
        if self.published is None or self.published.run_id != self.runs[0].run_id:
            problems.append(f"analysts do not have the last load, {self.runs[0].run_id}")
        return problems


def _mostly_rejected(runs: list[LoadRun]) -> list[str]:
    """Runs that loaded dumps and rejected most of their articles: too few articles to refuse the dumps for."""
    return [
        f"{run.counts['rejected']:,} of {run.counts['articles_read']:,} articles rejected"
        for run in runs
        if not run.counts["dumps_refused"] and run.counts["rejected"] * 2 > run.counts["articles_read"]
    ]


def _never_loaded(overview: Overview) -> list[str]:
    return _not_recorded(overview) or ["nothing is loaded yet"]


def _unverified(run: LoadRun) -> list[str]:
    if run.state == "verified":
        return []
    what = "was refused by the suites" if run.state == "failed" else f"is {run.state}, not verified"
    return [f"run {run.run_id} {what}"]


def _not_loaded(night: list[LoadRun]) -> list[str]:
    waiting, dumps = sum(run.dumps_waiting for run in night), sum(run.dumps for run in night)
    return [f"{waiting:,} of {counted(dumps, 'dump')} not loaded"] if waiting else []


def _not_recorded(overview: Overview) -> list[str]:
    """A run that planned dumps and is not in the ledger. Nothing is reported while the warehouse is held."""
    begun = overview.begun
    if begun is None or begun.planned == 0 or overview.holder:
        return []
    if overview.runs and overview.runs[0].started_at >= begun.started_at:
        return []
    if begun.planned:
        planned = counted(begun.planned, "dump")
        return [f"run {begun.run_id} planned {planned} and has loaded none: it is still running, or was stopped"]
    if begun.trigger in PLANNING_TRIGGERS:
        return [f"run {begun.run_id} has no plan: it has only just begun, or it stopped in discover"]
    return []


def look_now(settings: Settings) -> Overview:
    """Look at the ledger, the published note and the work folder.

    Raises WarehouseError when what is there cannot be read.
    """
    try:
        with reading.peek(settings, "overview", settings.published / LINK) as peek:
            return _looked(settings, peek)
    except duckdb.Error as error:
        raise warehouse.WarehouseError(
            f"{settings.warehouse}: its ledger cannot be read ({error}); if Broadsheet was upgraded, the next load "
            "or `broadsheet publish` brings it up to date"
        ) from error


def of_copy(connection: duckdb.DuckDBPyConnection, published: Published) -> Overview:
    """The state of the installation according to a copy that is being published; nothing else is looked at."""
    return Overview(
        shown="warehouse",
        looked_at=published.published_at,
        as_of=published.published_at,
        holder=None,
        begun=None,
        published=published,
        **_ledger(connection),
    )


def _looked(settings: Settings, peek: reading.Peek) -> Overview:
    published, begun = _published(settings), _begun(settings)
    now = datetime.now(UTC).replace(tzinfo=None)
    if peek.connection is None:
        return Overview("nothing", now, now, peek.holder, [], begun, {}, [], 0, [], published)
    is_copy = peek.holder is not None or not settings.warehouse.exists()
    return Overview(
        shown="published copy" if is_copy else "warehouse",
        looked_at=now,
        as_of=published.published_at if is_copy and published else now,
        holder=peek.holder,
        begun=begun,
        published=published,
        still_in_landing=_still_in_landing(settings, peek.connection),
        **_ledger(peek.connection),
    )


def _still_in_landing(settings: Settings, connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The dumps that are to be removed or redacted by hand, of those that a takedown or a load noted."""
    # A copy from before an upgrade has no such table.
    if not connection.execute("select 1 from duckdb_tables() where table_name = 'takedown_dump'").fetchall():
        return []
    found = rows(connection, SQL / "overview" / "files_with_taken_down.sql")
    landing = load_sources(settings.sources).landing if found else Path()
    return [row["path"] for row in found if (landing / row["path"]).exists()]


def _ledger(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """What the ledger of a warehouse or a copy contains, by the names of the Overview."""

    def answer(question: str) -> list[dict[str, Any]]:
        return rows(connection, SQL / "overview" / f"{question}.sql")

    return {
        "runs": [LoadRun(**row) for row in answer("runs")],
        "deliveries": {row["state"]: row["deliveries"] for row in answer("delivery_states")},
        "waiting": [WaitingDelivery(**row) for row in answer("waiting_deliveries")],
        "rejected": answer("rejected_total")[0]["articles"],
        "rejected_reasons": [RejectedReason(**row) for row in answer("rejected_reasons")],
    }


def rows(connection: duckdb.DuckDBPyConnection, question: Path, **parameters: Any) -> list[dict[str, Any]]:
    """The answer to the one query of a file, a dict per row."""
    # None if there are no parameters: with the first one, DuckDB imports pandas, which would take a second more.
    found = connection.execute(question.read_text("utf-8"), parameters or None)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _published(settings: Settings) -> Published | None:
    note = read_note(settings)
    return None if note is None else published_of(note)


def published_of(note: dict[str, Any]) -> Published:
    """What a note beside the published file says."""
    published_at = datetime.fromisoformat(note["published_at"]).astimezone(UTC).replace(tzinfo=None)
    return Published(note["number"], note["file"], published_at, note["run_id"])


def _begun(settings: Settings) -> Begun | None:
    """The newest run of the work folder."""
    notes = sorted(settings.work.glob("*/run.json"), key=lambda note: note.stat().st_mtime)
    if not notes:
        return None
    folder = notes[-1].parent
    try:
        note = json.loads(notes[-1].read_text())
    except ValueError:  # killed while it wrote its very first file
        return None
    started_at = datetime.fromisoformat(note["started_at"])
    return Begun(folder.name, note["trigger"], started_at, _planned(folder / "plan.parquet"))


def _planned(plan: Path) -> int | None:
    try:
        return int(pq.read_metadata(plan).num_rows)
    except (FileNotFoundError, pa.ArrowInvalid):  # not there, or its run was killed while it was written
        return None
