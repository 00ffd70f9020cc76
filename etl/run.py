"""One run: what was asked for, when it began, and where its stages leave their files."""

from __future__ import annotations

import json
import logging
import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from etl import store, words
from etl.files import set_modes, writing
from etl.model import Manifest
from etl.settings import Settings

log = logging.getLogger(__name__)


class OtherVersion(Exception):
    """A run was begun by another version of Broadsheet than is to go on with it, as on a machine not yet upgraded."""


@dataclass(frozen=True)
class Request:
    """What a person asked for. The empty request is the nightly one: everything new in every feed."""

    paths: tuple[str, ...] = ()
    source: str | None = None
    format: str | None = None
    published_on: date | None = None
    force: bool = False
    accept_alike: bool = False
    """Take articles that are only like one that was taken down: a person compared them."""
    day: date | None = None
    """In a run of a backfill: take only deliveries with this date in the path."""

    @property
    def is_of_all_feeds(self) -> bool:
        """Whether whatever is new is asked for, and not only a feed or a path."""
        return not self.paths and self.source is None

    @property
    def is_whole(self) -> bool:
        """Whether it is for everything in every feed, as every night's is."""
        return self.is_of_all_feeds and not self.day

    @property
    def stated(self) -> Manifest:
        """What the person states about the dumps; it overrides their manifests."""
        return Manifest(published_on=self.published_on)


@dataclass(frozen=True)
class Run:
    """One run. `started_at` is UTC without a zone; later stages judge dates by it and never look at a clock."""

    settings: Settings
    run_id: str
    started_at: datetime
    trigger: str
    request: Request

    @property
    def folder(self) -> Path:
        return self.settings.work_folder / self.run_id

    @property
    def plan(self) -> Path:
        """One row per delivery to take; see etl.stages.discover."""
        return self.folder / "plan.parquet"

    @property
    def parts(self) -> Path:
        """What is read together, by batch and part; see etl.stages.parts."""
        return self.folder / "parts.parquet"

    @property
    def seen(self) -> Path:
        """What discovery saw, and why it left what it did not take; see etl.intake.seen."""
        return self.folder / "seen.json"

    @property
    def stopped(self) -> Path:
        """Why discovery or the load stopped, for people; not there unless one did."""
        return self.folder / "stopped.txt"

    @contextmanager
    def noting_why(self, *errors: type[Exception]) -> Iterator[None]:
        """Note why these errors stop a stage, for those who look at the run later."""
        self.stopped.unlink(missing_ok=True)
        try:
            yield
        except errors as error:
            self.stopped.write_text(str(error), "utf-8")
            raise

    @property
    def tombstones(self) -> Path:
        """What had been taken down when the run was planned; see etl.stages.taken_down."""
        return self.folder / "tombstones.parquet"

    @property
    def left_out(self) -> Path:
        """What a run of a backfill leaves out, and why: a JSON list of sentences; see etl.intake.days."""
        return self.folder / "left_out.json"

    @property
    def wrong_stanzas(self) -> Path:
        """What was wrong with sources.toml when the run was planned: a JSON list of sentences."""
        return self.folder / "wrong_stanzas.json"

    @property
    def dumps(self) -> Path:
        """One row per delivery with its counts and verdict; see etl.stages.check."""
        return self.folder / "dumps.parquet"

    @property
    def quality(self) -> Path:
        """One row per expectation checked before the load; see etl.stages.quality."""
        return self.folder / "quality.parquet"

    def batch(self, number: int) -> Batch:
        return Batch(number, self.folder / f"batch-{number:04d}")

    def raw(self, file: RawFile) -> Path:
        return self.batch(file.batch).raw_of(file.part, file.number)


class RawFile(NamedTuple):
    """A file of raw records, which are cleaned together."""

    batch: int
    part: int
    number: int


@dataclass(frozen=True)
class Batch:
    """The folder of one batch and the files in it."""

    number: int
    folder: Path

    @property
    def quarantine_file(self) -> str:
        """The name of the file below quarantine/ that keeps what is rejected of it."""
        return f"{self.folder.parent.name}-{self.folder.name}.parquet"

    @property
    def raw(self) -> list[Path]:
        """Raw records as the reader yielded them, in order: of each part one file or more; see etl.stages.extract."""
        return sorted(self.folder.glob("raw-*.parquet"))

    def raw_of(self, part: int, number: int) -> Path:
        return self.folder / f"raw-{part:04d}-{number:04d}.parquet"

    @property
    def raw_files(self) -> list[RawFile]:
        """The same by their numbers."""
        return [RawFile(self.number, *map(int, file.stem.split("-")[1:])) for file in self.raw]

    @property
    def pieces(self) -> list[Path]:
        """The pieces that a reader rejected, a file of each part; see etl.stages.extract."""
        return sorted(self.folder.glob("pieces-*.parquet"))

    def pieces_of(self, part: int) -> Path:
        return self.folder / f"pieces-{part:04d}.parquet"

    def tallies_of(self, part: int) -> Path:
        """What was counted of each delivery in a part; see etl.stages.gather."""
        return self.folder / f"tallies-{part:04d}.pickle"

    @property
    def deliveries(self) -> Path:
        """One row per delivery with what extraction counted; see etl.stages.gather."""
        return self.folder / "deliveries.parquet"

    @property
    def date_habits(self) -> Path:
        """What the date columns of the deliveries show as a whole; see etl.normalise.date_columns."""
        return self.folder / "date_habits.parquet"

    @property
    def articles(self) -> list[Path]:
        """Clean articles, a file for each of raw records; see etl.normalise."""
        return sorted(self.folder.glob("articles-*.parquet"))

    @property
    def judged(self) -> list[Path]:
        """What the check looks at of these articles, likewise; see etl.schemas.JUDGED."""
        return sorted(self.folder.glob("judged-*.parquet"))

    @property
    def unclean(self) -> list[Path]:
        """Raw records that the normaliser could not clean, with the reason, likewise; see etl.stages.normalise."""
        return sorted(self.folder.glob("unclean-*.parquet"))

    @property
    def replayed(self) -> Path:
        """In a replay: the rejected articles that it tries again; see etl.repair.replay."""
        return self.folder / "replayed.parquet"

    @property
    def rejected(self) -> Path:
        """Articles that must not be loaded, with the reason; see etl.stages.check."""
        return self.folder / "rejected.parquet"


def beside(raw: Path, kind: str) -> Path:
    """The file of another kind (`articles`, `judged`, `unclean`) that belongs to one of raw records."""
    return raw.with_name(f"{kind}{raw.name.removeprefix('raw')}")


CLEARED = ".cleared-"
NOTE = "run.json"
"""What was asked for, and when the run began: the first file of its folder."""

SHOWN_PATHS = 5


def ledger_name(run_id: str) -> str:
    """Returns a run id as the ledger and the work folder spell it, because Airflow's contain colons and signs."""
    return re.sub(r"[^\w.-]+", "_", run_id)


def begin(settings: Settings, trigger: str, request: Request, run_id: str | None = None, cleared: int = 0) -> Run:
    """Begin a run now, and record it in its work folder so that every stage finds the same run.

    `cleared` says how often its run in Airflow was cleared. A cleared run begins again as a run of its own, because
    the ledger already records what became of each dump in the first one.
    """
    now = datetime.now(UTC).replace(tzinfo=None)
    name = ledger_name(run_id or f"{trigger}-{now:%Y%m%dT%H%M%S%f}")
    run = Run(settings, name + (f"{CLEARED}{cleared}" if cleared else ""), now, trigger, request)
    note: dict[str, Any] = {"started_at": now, "trigger": trigger, "request": asdict(request)}
    note["version"] = version("broadsheet")
    with writing(run.folder):
        _ask_buckets(settings)
        store.write_text(run.folder / NOTE, json.dumps(note, default=str, indent=1))
        _close_to_others(settings)
    return run


def _ask_buckets(settings: Settings) -> None:
    """Ask for what is written to only at the end of a run, so that a wrong name is known at its beginning. Raises
    OSError."""
    for folder in filter(None, (settings.quarantine_folder, settings.published_elsewhere)):
        if store.is_remote(folder):
            store.is_folder(folder)


def _close_to_others(settings: Settings) -> None:
    """Let other users reach the published folder, and nothing else of ours: older versions left all of it open."""
    mode = settings.published_mode
    ours = (settings.work_folder, settings.quarantine_folder, settings.warehouse_file.parent)
    told = set_modes(
        {settings.home: mode.of_parent}
        | dict.fromkeys(ours, 0o700)
        | _modes_in_published(settings)
        | dict.fromkeys(settings.home.glob("*.json"), 0o600)
    )
    if told:  # what is in them could be reached too
        inside = [path for folder in ours for path in folder.rglob("*") if not path.is_symlink()]
        told += set_modes({path: 0o700 if path.is_dir() else 0o600 for path in inside})
        log.warning("Other users could reach: %s", words.first_few(told, SHOWN_PATHS, between="; "))


def _modes_in_published(settings: Settings) -> dict[Path, int]:
    mode, modes = settings.published_mode, {}
    for folder, _, names in os.walk(settings.published_folder):  # which passes over what a publish removes meanwhile
        modes[Path(folder)] = int(mode)
        for name in names:
            is_copy = name.startswith("broadsheet") and name.endswith(".duckdb")
            modes[Path(folder, name)] = mode.of_copy if is_copy else mode.of_file
    return modes


def folder_of(settings: Settings, run_id: str) -> Path:
    """Returns the work folder of the run last begun under this id, or the one that it would have."""
    name = ledger_name(run_id)
    prefix = name + CLEARED
    begun = [folder.name for folder in folders(settings) if folder.name.startswith(prefix)]
    numbers = [int(name.removeprefix(prefix)) for name in begun if store.exists(settings.work_folder / name / NOTE)]
    return settings.work_folder / (f"{prefix}{max(numbers)}" if numbers else name)


def folders(settings: Settings) -> list[Path]:
    """The work folders of runs."""
    try:
        with store.scan(settings.work_folder) as entries:
            return [settings.work_folder / entry.name for entry in entries if entry.is_dir()]
    except FileNotFoundError:
        return []


def resume(settings: Settings, run_id: str) -> Run:
    """Returns the run last begun under this id.

    Raises FileNotFoundError when there is none, OtherVersion when it was begun by another one of Broadsheet.
    """
    run = Run(settings, folder_of(settings, run_id).name, datetime.min, "", Request())
    note = json.loads(store.read_text(run.folder / NOTE))
    ours = version("broadsheet")
    if (theirs := note.get("version", ours)) != ours:  # versions that noted none began no run of several machines
        raise OtherVersion(
            f"the run {run_id} was begun by Broadsheet {theirs}, but {socket.gethostname()} has {ours}: install the "
            "same version on every machine, then trigger a new run"
        )
    started_at = datetime.fromisoformat(note["started_at"])
    return replace(run, started_at=started_at, trigger=note["trigger"], request=request_of(note))


def request_of(note: dict[str, Any]) -> Request:
    """What was asked for, of what `begin` noted of a run."""
    asked = note["request"]
    dates = {name: date.fromisoformat(asked[name]) if asked[name] else None for name in ("published_on", "day")}
    return Request(**{**asked, **dates, "paths": tuple(asked["paths"])})
