"""Before discovery: what is new of the feeds whose path is an address is fetched into the landing folder.

Feeds without an address cost nothing. One that cannot be reached stops no other: the run goes on, and fails for it.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import duckdb
import pyarrow as pa

from etl import words
from etl.declared.sources import Sources, load_sources
from etl.intake.fetching import Fetched, Known, fetch
from etl.intake.remote import Login
from etl.model import Feed
from etl.run import Run
from etl.settings import SQL, Settings
from etl.stages.finding import Notes, asked_feeds
from etl.warehouse import opening, statements

log = logging.getLogger(__name__)

FOLDER = SQL / "fetch"

SHOWN = 3
THE_REST = "what was fetched of it is taken, and the next run tries again"

FETCHED_FILE = pa.schema(
    {
        "feed": pa.string(),
        "address": pa.string(),
        "landing_path": pa.string(),
        "size_bytes": pa.int64(),
        "modified_at": pa.timestamp("us"),
        "etag": pa.string(),
    }
)


def fetch_new(run: Run, notes: Notes, logins: Mapping[str, Login]) -> None:
    """Fetch what is new of the feeds that a run is about, and note what went wrong.

    Not where a path was asked for, nor a day: then what the landing folder holds is meant. Raises RequestError as
    discovery does.
    """
    if run.request.paths or run.request.day:
        return
    sources = load_sources(run.settings)
    if not any(feed.address for feed in sources.feeds.values()):
        return
    feeds = [feed for feed in asked_feeds(run, sources) if feed.address]
    known = _known(run, feeds)
    for outcome in fetched(run.settings, sources, feeds, known, run.started_at, logins):
        if outcome.unsettled:
            left = words.counted(outcome.unsettled, "file")
            log.info("Left %s of feed %s where they are until they have settled.", left, outcome.feed)
        if outcome.problems:
            notes.unreached.append(f"{outcome.feed}: {told(outcome.problems)}; {THE_REST}")
        if outcome.warnings:
            notes.warn(f"feed {outcome.feed}: {told(outcome.warnings)}")
        _record(run, outcome)


def fetched(
    settings: Settings,
    sources: Sources,
    feeds: list[Feed],
    known: dict[str, list[Known]],
    started_at: datetime,
    logins: Mapping[str, Login],
    is_trial: bool = False,
) -> Iterator[Fetched]:
    """What became of each feed, one after the other. A trial fetches nothing.

    In: what was fetched before, by feed; who we are where a feed is, if the environment does not say it.
    """
    now = started_at.replace(tzinfo=UTC).timestamp()
    for feed in feeds:
        folder = settings.home / "fetching" / feed.name
        login = logins.get(feed.name) or login_of(feed.name)
        yield fetch(feed, login, known[feed.name], sources.landing, folder, now, is_trial)


def told(sentences: list[str]) -> str:
    """The first of some sentences about a feed, and how many more there are."""
    return words.first_few(sentences, SHOWN, between="; ")


def login_of(feed: str) -> Login:
    """Who we are where a feed is, as the environment says: BROADSHEET_FETCH_<FEED>_USER and _PASSWORD."""
    return Login(os.environ.get(variable(feed, "USER")), os.environ.get(variable(feed, "PASSWORD")))


def variable(feed: str, what: str) -> str:
    """The variable that says something of a feed."""
    return f"BROADSHEET_FETCH_{re.sub('[^A-Za-z0-9]', '_', feed).upper()}_{what}"


def _known(run: Run, feeds: list[Feed]) -> dict[str, list[Known]]:
    """What was fetched before; nothing where there is no warehouse yet."""
    if not feeds or not opening.exists(run.settings):
        return {feed.name: [] for feed in feeds}
    with opening.opened(run.settings, f"fetching in run {run.run_id}") as engine, engine.connect() as connection:
        return {feed.name: known_of(statements.raw(connection), feed) for feed in feeds}


def glance_at_known(settings: Settings, feeds: list[Feed]) -> dict[str, list[Known]]:
    """The same without changing the warehouse in any way. Raises WarehouseError where another holds it for long."""
    if not opening.exists(settings):
        return {feed.name: [] for feed in feeds}
    with opening.glanced(settings, "check of what would be fetched") as connection:
        try:
            return {feed.name: known_of(connection, feed) for feed in feeds}
        except duckdb.CatalogException:  # an older Broadsheet made it, which fetched nothing
            return {feed.name: [] for feed in feeds}


def known_of(connection: duckdb.DuckDBPyConnection, feed: Feed) -> list[Known]:
    """What was fetched of a feed before, in an open warehouse."""
    rows = statements.rows(connection, FOLDER / "known.sql", feeds=[feed.name, *feed.former_names])
    return [Known(**{**row, "modified_at": _unix_time(row["modified_at"])}) for row in rows]


def _record(run: Run, outcome: Fetched) -> None:
    """Note what was fetched; the first run makes the warehouse for that, as later ones must know it again."""
    files = [*outcome.files, *outcome.held]
    if not files:
        return
    rows = [{"feed": outcome.feed, **file._asdict(), "modified_at": _moment(file.modified_at)} for file in files]
    table = pa.Table.from_pylist(rows, FETCHED_FILE)
    with (
        opening.opened(run.settings, f"note of what run {run.run_id} fetched") as engine,
        engine.begin() as connection,
        statements.registered(connection, "fetched_file", table),
    ):
        noted = {"run_id": run.run_id, "started_at": run.started_at}
        statements.run_file(connection, FOLDER / "record.sql", noted)


def _unix_time(moment: datetime | None) -> float | None:
    return moment.replace(tzinfo=UTC).timestamp() if moment else None


def _moment(unix_time: float | None) -> datetime | None:
    return None if unix_time is None else datetime.fromtimestamp(unix_time, UTC).replace(tzinfo=None)
