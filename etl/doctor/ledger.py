"""Checks of the warehouse itself: its schema, its ledger, and whether every file that it refers to is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from etl import store, words
from etl.declared.sources import load_sources
from etl.doctor.finding import Finding, State, some
from etl.model import WAITING, DumpState
from etl.settings import SQL, Settings, SettingsError
from etl.warehouse import addresses, damage, lake, lake_upkeep, published_note
from etl.warehouse.schema import standing

BROKEN_LAW = SQL / "watch" / "broken_law.sql"
A_DAY = timedelta(days=1)

QUARANTINE_FILES = SQL / "watch" / "quarantine_files.sql"


def every_block(settings: Settings, connection: duckdb.DuckDBPyConnection) -> Finding:
    """Every block of the file can be read, or every file of the lake, and every row. Raises WarehouseError if not."""
    if in_lake := lake.of(settings):
        files = lake_upkeep.refuse_missing(connection, in_lake)
        damage.read_through(connection)
        return Finding(
            State.ok, f"all {words.counted(files, 'file')} can be read, {words.size(lake.bytes_of(connection))}"
        )
    damage.refuse_damaged(settings.warehouse_file, damage.RESTORE)
    damage.read_through(connection)
    return Finding(State.ok, f"all {settings.warehouse_file.stat().st_size / 1e6:,.1f} MB can be read")


def schema(settings: Settings, connection: duckdb.DuckDBPyConnection) -> Finding:
    """The tables match the SQL files."""
    live = standing(connection)
    if live.version > live.newest:
        found = f"the warehouse has schema version {live.version}, this Broadsheet knows only up to {live.newest}"
        return Finding(State.problem, found, "use the version of Broadsheet that wrote it, or a newer one")
    if live.version < live.newest or not live.is_current:
        found = f"schema version {live.version} of {live.newest}; the SQL files are newer than the warehouse"
        return Finding(State.warning, found, "nothing to do: the next command that opens the warehouse migrates it")
    if live.differences:
        found = f"changed by hand: {some([difference.name for difference in live.differences])}"
        return Finding(State.problem, found, "undo the change, or write a migration in sql/migrations/")
    return Finding(State.ok, f"version {live.version}, the same as in the SQL files")


def law(settings: Settings, connection: duckdb.DuckDBPyConnection) -> Finding:
    """No article is lost silently: every load adds up, and the rows are those that the loads recorded."""
    broken = connection.execute(BROKEN_LAW.read_text("utf-8")).fetchall()
    if broken:
        found = some([f"{path}: {what}" for path, what in broken])
        advice = "do not publish; report it; to go back to a published copy: broadsheet restore --number N"
        return Finding(State.problem, found, advice)
    (loads,) = connection.execute("select count(*) from ops.dump_load").fetchone() or (0,)
    return Finding(State.ok, f"{loads:,} loads add up")


def verification(settings: Settings, connection: duckdb.DuckDBPyConnection) -> Finding:
    """Every load was verified."""
    waiting = connection.execute(
        "select run_id, state from ops.load_run where state <> 'verified' order by run_number"
    ).fetchall()
    if waiting:
        found = some([f"run {run_id} is {state}" for run_id, state in waiting])
        advice = "verify and publish with: broadsheet publish; ops.quality_result lists what fails there"
        return Finding(State.problem, found, advice)
    return Finding(State.ok, "every load is verified")


def what_analysts_see(settings: Settings, connection: duckdb.DuckDBPyConnection) -> Finding:
    """The published copy contains the last verified load."""
    last = connection.execute(
        "select run_id from ops.load_run where state = 'verified' order by run_number desc limit 1"
    ).fetchone()
    note = published_note.read(settings)
    if last is None:
        return Finding(State.ok, "nothing verified yet, so nothing to publish")
    if note and not note.get("restored") and not _knows_run(connection, note["run_id"]):
        found = f"analysts see run {note['run_id']}, which this warehouse does not know: it is an older one, or another"
        return Finding(State.problem, found, "bring it back from the published copy with: broadsheet restore")
    if note is None or note["run_id"] != last[0]:
        seen = "nothing" if note is None else f"run {note['run_id']}"
        found = f"analysts see {seen}; the last verified run is {last[0]}"
        return Finding(State.warning, found, "publish it with: broadsheet publish")
    return Finding(State.ok, f"analysts see the last verified load, run {last[0]}")


def _knows_run(connection: duckdb.DuckDBPyConnection, run_id: str) -> bool:
    return connection.execute("select 1 from ops.load_run where run_id = $1", [run_id]).fetchone() is not None


def parked_dumps(settings: Settings, connection: duckdb.DuckDBPyConnection) -> Finding:
    """No dump is parked: nothing tries it again until somebody releases it."""
    rows = connection.execute(
        "select path, reason from ops.dump_status where state = 'parked' and not is_replaced order by path"
    ).fetchall()
    if rows:
        found = f"{words.counted(len(rows), 'dump')}: {some([f'{path}: {reason}' for path, reason in rows])}"
        return Finding(State.warning, found, "correct the dump or its stanza, then run: broadsheet release PATH")
    return Finding(State.ok, "none")


def clock(settings: Settings, connection: duckdb.DuckDBPyConnection) -> Finding:
    """No run began in the future: the clock was set back since, or was wrong then."""
    now = datetime.now(UTC).replace(tzinfo=None)
    latest = connection.execute(
        "select run_id, started_at from ops.load_run order by started_at desc limit 1"
    ).fetchone()
    if latest is None or latest[1] <= now + A_DAY:
        return Finding(State.ok, f"{now:%Y-%m-%d %H:%M} UTC, and no run began later")
    found = f"{now:%Y-%m-%d %H:%M} UTC, but run {latest[0]} began {words.duration(latest[1] - now)} later"
    advice = "set it if it is wrong: a run takes dates more than two days after its start as unknown"
    return Finding(State.warning, found, advice)


def dumps_without_a_file(settings: Settings, connection: duckdb.DuckDBPyConnection) -> Finding:
    """Dumps that are waiting to be taken again are still there."""
    try:
        landing = load_sources(settings).landing
    except SettingsError:
        return Finding(State.not_checked, "sources.toml cannot be used to find the landing folder")
    rows = connection.execute("select path, state from ops.dump_status where not is_replaced order by path").fetchall()
    gone = [(path, state) for path, state in rows if not store.exists(landing / path)]
    if waiting := [f"{path} ({state})" for path, state in gone if state in (DumpState.new, *WAITING)]:
        return Finding(
            State.warning, f"to be taken again, but missing: {some(waiting)}", "drop them again, or ignore this"
        )
    found = f"all waiting dumps are there; the files of {len(gone):,} of {len(rows):,} deliveries are gone"
    return Finding(State.ok, found)


def quarantine(settings: Settings, connection: duckdb.DuckDBPyConnection) -> Finding:
    """The raw records of rejected articles that were not replayed are still there."""
    rows = connection.execute(QUARANTINE_FILES.read_text("utf-8"), {"horizon": datetime.max}).fetchall()
    gone = [Path(name) for (name,) in rows if not store.exists(settings.quarantine_folder / name)]
    if gone:
        advice = "restore them from a backup, or take their dumps again with force: the articles cannot be replayed"
        return Finding(State.warning, f"missing from {store.url_of(settings.quarantine_folder)}: {some(gone)}", advice)
    return Finding(State.ok, f"{words.counted(len(rows), 'file')}, all there")


def merged_articles(settings: Settings, connection: duckdb.DuckDBPyConnection) -> Finding:
    """No article is a revision of quite another one that came under the same id or address."""
    merged = addresses.merged_articles(connection)
    if not merged:
        return Finding(State.ok, "no id or address has merged different articles")
    first = merged[0]
    earlier, later = (f"{headline!r}" if headline else "one without a headline" for headline in first.headlines)
    found = (
        f"{words.counted(len({one.article_id for one in merged}), 'article')} absorbed others that came under the same "
        f"id or address; for example, article {first.article_id} holds both {earlier} and {later}, under {first.value}"
    )
    return Finding(State.problem, found, "bring them back, each as an article of its own, with: broadsheet separate")


def takedowns(settings: Settings, connection: duckdb.DuckDBPyConnection) -> Finding:
    """What was taken down is gone from every file."""
    rows = connection.execute(
        "select distinct taken_down_at, requested_by from ops.takedown where completed_at is null order by all"
    ).fetchall()
    if rows:
        unfinished = some([f"takedown of {at:%Y-%m-%d %H:%M} UTC, requested by {who}" for at, who in rows])
        return Finding(State.problem, f"interrupted: {unfinished}", "finish it with: broadsheet maintain")
    return Finding(State.ok, "none unfinished")


Check = Callable[[Settings, duckdb.DuckDBPyConnection], Finding]

CHECKS: tuple[Check, ...] = (
    every_block,
    schema,
    law,
    verification,
    what_analysts_see,
    parked_dumps,
    clock,
    dumps_without_a_file,
    quarantine,
    merged_articles,
    takedowns,
)
