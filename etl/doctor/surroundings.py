"""Checks of what surrounds the warehouse: settings, folders, disk, lock, Airflow's pool, published files."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

import duckdb

from etl import store, words
from etl.declared.sources import load_sources
from etl.doctor.finding import Finding, State, some
from etl.reports import cautions
from etl.reports.overview import begun_runs
from etl.settings import Settings, SettingsError, known_variables, stated_settings
from etl.warehouse import WarehouseError, damage, published, published_note, whereabouts
from etl.warehouse.lock import HOLDER, holder

A_DAY_SECONDS = 86_400
POOL = "warehouse"
AGAIN = "remove it, then run: broadsheet publish"
LEFT_OVERS = (
    "work/**/*.part",
    "work/spill/*",
    "warehouse/*.part",
    "published/*.part",
    "published/.*.new",
)


def environment(settings: Settings) -> Finding:
    """No BROADSHEET_ variable is set that is not read: it would be misspelt."""
    unknown = sorted(name for name in os.environ if name.startswith("BROADSHEET_") and name not in known_variables())
    if unknown:
        return Finding(State.warning, f"not a setting: {some(unknown)}", "correct or remove it; see etl/settings.py")
    return Finding(State.ok, f"home is {settings.home}, time zone {settings.timezone}; {_where_stated()}")


def _where_stated() -> str:
    """Which settings are not the defaults, and who says so."""
    places = [f"{name} by {stated.place.partition(':')[0]}" for name, stated in stated_settings().items()]
    return f"set: {', '.join(places)}" if places else "all settings are the defaults"


def sources(settings: Settings) -> Finding:
    """sources.toml is valid in every stanza, and the landing folder can be read."""
    try:
        stated = load_sources(settings)
    except SettingsError as error:
        return Finding(State.problem, str(error), "correct it: no run can begin until then")
    if stated.problems:
        feeds = "nothing of that feed is loaded, and " if stated.problems_of_stanzas else ""
        advice = f"correct it: until then {feeds}every run of all feeds fails"
        return Finding(State.problem, "; ".join(stated.problems), advice)
    if not store.is_folder(stated.landing) or not _may_be_read(stated.landing):
        found = f"{store.url_of(stated.landing)} is not a folder that can be read"
        return Finding(
            State.problem, found, f"create it, or correct `landing` in {settings.sources} or BROADSHEET_LANDING"
        )
    return Finding(State.ok, f"{words.counted(len(stated.feeds), 'feed')} below {store.url_of(stated.landing)}")


def _may_be_read(folder: Path) -> bool:
    return store.is_remote(folder) or os.access(folder, os.R_OK | os.X_OK)


def landing(settings: Settings) -> Finding:
    """The last run that looked into the landing folder found every feed's folder, and one feed for every file."""
    seen = next((run.seen for run in begun_runs(settings) if run.is_whole and run.seen), None)
    if seen is None:
        return Finding(State.ok, "no run has looked into it yet")
    odd = cautions.of_seen(seen)
    if failures := cautions.failures_of_seen(seen):
        return Finding(State.problem, "; ".join([*failures, *odd]), "then run: broadsheet ingest")
    if odd:
        return Finding(State.warning, "; ".join(odd), "the next run looks again")
    return Finding(State.ok, f"the last run saw {cautions.sentence(seen)}")


def folders(settings: Settings) -> Finding:
    """Every folder that a run writes to is writable."""
    refused = []
    for folder in _folders(settings):
        try:
            _try_to_write(folder)
        except OSError as error:
            refused.append(f"{store.url_of(folder)}: {error.strerror}")
    if refused:
        return Finding(State.problem, some(refused), "let the user that runs Broadsheet write there, or free space")
    return Finding(State.ok, "work, quarantine, warehouse and published can be written to")


def _try_to_write(folder: Path) -> None:
    """Raises OSError where nothing can be written there."""
    if store.is_remote(folder):
        store.write_text(folder / ".doctor", "")
        store.remove([folder / ".doctor"])
        return
    with tempfile.TemporaryFile(dir=_existing(folder)):
        pass


def disk(settings: Settings) -> Finding:
    """There is room for work, the copy and a rewrite: about the size of the warehouse for each."""
    size = settings.warehouse_file.stat().st_size if settings.warehouse_file.exists() else 0
    disks: dict[int, list[Path]] = {}
    for folder in (settings.scratch, settings.warehouse_file.parent, settings.published_folder):
        disks.setdefault(_existing(folder).stat().st_dev, []).append(folder)
    state, short = State.ok, []
    for folders_there in disks.values():
        free, wanted = shutil.disk_usage(_existing(folders_there[0])).free, size * len(folders_there)
        if free < wanted:
            state = State.problem if free < size or state is State.problem else State.warning
            names = " and ".join(folder.name for folder in folders_there)
            short.append(f"{free / 1e6:,.0f} MB free for {names}, about {wanted / 1e6:,.0f} MB needed")
    if short:
        advice = "free space: remove old files from work/ and published/, or move BROADSHEET_HOME to a larger disk"
        return Finding(state, some(short), advice)
    free_gb = shutil.disk_usage(_existing(settings.home)).free / 1e9
    return Finding(State.ok, f"{free_gb:,.1f} GB free, the warehouse takes {size / 1e9:,.1f} GB")


def lock(settings: Settings) -> Finding:
    """No process was killed while it held the warehouse."""
    if somebody := holder(settings):
        return Finding(State.ok, f"held by {somebody}")
    note = settings.warehouse_file.parent / HOLDER
    if not note.exists():
        return Finding(State.ok, "free")
    try:
        left = json.loads(note.read_text())
        found = f"free; process {left['pid']} ({left['purpose']}), which held it since {left['since']}, was killed"
    except (ValueError, KeyError):
        found = f"free; a process was killed while it wrote {note}"
    return Finding(State.warning, found, "run that again; the next process that takes the lock clears this note")


def pool(settings: Settings) -> Finding:
    """Airflow's pool lets one task at a time use the warehouse. Checked only in a metadata database in SQLite."""
    homes = [Path(home) for home in (os.environ.get("AIRFLOW_HOME"), settings.home / "airflow") if home]
    database = next((home / "airflow.db" for home in homes if (home / "airflow.db").exists()), None)
    if database is None:
        return Finding(State.not_checked, "no Airflow metadata database in SQLite found")
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            row = connection.execute("select slots from slot_pool where pool = ?", [POOL]).fetchone()
    except sqlite3.Error as error:
        return Finding(State.not_checked, f"{database}: {error}")
    advice = f'airflow pools set {POOL} 1 "One task at a time opens the warehouse."; or start Airflow with: make up'
    if row is None:
        return Finding(State.problem, f"Airflow has no pool {POOL!r}: its tasks would wait for ever", advice)
    if row[0] != 1:
        return Finding(State.warning, f"Airflow's pool {POOL!r} has {row[0]} slots, not 1", advice)
    return Finding(State.ok, f"Airflow's pool {POOL!r} has one slot")


def published_copy(settings: Settings) -> Finding:
    """The link points to a readable file that contains the run named in the note beside it."""
    if whereabouts.why_wrong(settings):
        return Finding(State.not_checked, "not asked while the warehouse is not the published one: see `warehouse`")
    link, note = settings.published_folder / published.LINK, published_note.read(settings)
    if note is None and not os.path.lexists(link):
        return Finding(State.ok, "nothing is published yet")
    if note is None:
        return Finding(
            State.problem,
            f"{published_note.NOTE} is missing from {settings.published_folder}",
            "run: broadsheet publish",
        )
    if wrong := published.why_unseen(settings, note):
        return Finding(State.problem, *wrong)
    place = published.place_of(settings, note)
    if settings.published_elsewhere and isinstance(place, Path) and not place.exists():
        url = store.url_of(settings.published_elsewhere / note["file"])
        return Finding(State.ok, f"{url} is there; another machine made it, and doctor there reads it")
    try:
        if isinstance(place, Path):
            damage.refuse_damaged(place, AGAIN)
        published.refuse_unreadable(place, note["run_id"])
    except (WarehouseError, published.NotPublished, duckdb.Error) as error:
        first = f"remove {place}, then " if isinstance(place, Path) else ""
        return Finding(State.problem, str(error), first + published.AGAIN)
    if note.get("front_page"):
        return Finding(State.warning, note["front_page"], "fix that, then run: broadsheet publish")
    if note.get("refused"):
        return Finding(
            State.problem, f"a later load was not published: {note['refused']}", "do that, then run: broadsheet publish"
        )
    return Finding(State.ok, f"{note['file']} contains run {note['run_id']}, published at {note['published_at']}")


def older_copies(settings: Settings) -> Finding:
    """Every other published copy can be read whole, so that it could be restored."""
    if shut := published.shut(settings):
        return Finding(
            State.warning, f"may not be entered: {some([path.name for path in shut])}", published.in_words(shut[0])
        )
    linked = (settings.published_folder / published.LINK).resolve()
    older = [path for path in published.copies(settings) if path.resolve() != linked]
    if damaged := [published.name_of(settings, path) for path in older if not published.is_whole(path)]:
        return Finding(
            State.warning, f"damaged: {some(damaged)}", f"remove from {settings.published_folder}: of no use to restore"
        )
    return Finding(State.ok, f"{words.counted(len(older), 'copy', 'copies')}, each can be read whole")


def left_overs(settings: Settings) -> Finding:
    """Nothing unfinished is older than a day, and no old warehouse is left that a restore set aside."""
    oldest = time.time() - A_DAY_SECONDS
    unfinished = [
        path for pattern in LEFT_OVERS for path in sorted(settings.home.glob(pattern)) if path.lstat().st_mtime < oldest
    ]
    set_aside = sorted(settings.home.glob("warehouse/*-set-aside-*"))
    if left := [path.relative_to(settings.home) for path in (*unfinished, *set_aside)]:
        advice = f"remove them from {settings.home} when they are no longer needed: no run reads them"
        return Finding(State.warning, some(left), advice)
    return Finding(State.ok, "nothing unfinished, nothing set aside")


def _folders(settings: Settings) -> tuple[Path, ...]:
    ours = (settings.work_folder, settings.quarantine_folder, settings.warehouse_file.parent, settings.published_folder)
    return (*ours, settings.published_elsewhere) if settings.published_elsewhere else ours


def _existing(folder: Path) -> Path:
    """The folder, or the nearest existing one above it, in which it would be created."""
    return folder if folder.exists() else _existing(folder.parent)


CHECKS = (environment, sources, landing, folders, disk, lock, pool, published_copy, older_copies, left_overs)
