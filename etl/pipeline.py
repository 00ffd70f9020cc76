"""The stages of a run, one function each: Airflow and the command line call the same.

Every stage reads files of the run's work folder (or the warehouse) and leaves files there; it returns only
numbers of parts, names of files and counts.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pyarrow.parquet as pq

from etl import words
from etl.files import StorageError, writing
from etl.formats import all_formats
from etl.intake.remote import Login
from etl.normalise.warming import warm_up
from etl.processes.workers import number_of_workers, spread
from etl.reports.report import Report
from etl.run import RawFile, Run
from etl.stages import taken_down
from etl.stages.check import judge_batches
from etl.stages.discover import plan_run
from etl.stages.extract import read_part
from etl.stages.gather import files_to_clean, gather_batch, killed_parts, stopped_too_early
from etl.stages.load import load_batches
from etl.stages.normalise import clean
from etl.stages.parts import Part
from etl.stages.publish import publish_last_load
from etl.stages.verdict import report_on
from etl.stages.verify import VerifyFailed, verify_waiting
from etl.warehouse import WarehouseError
from etl.warehouse.published import NotPublished
from etl.workspace import ALL, OF_RUN, in_workspace, working_copy

log = logging.getLogger(__name__)


@in_workspace()
def discover(run: Run, logins: Mapping[str, Login] | None = None) -> list[Part]:
    """Plan the run: which deliveries are new, also of those that are fetched. Returns the parts to read.

    In: who we are where feeds are fetched from, by feed, if the environment does not say it.
    Raises RequestError or SettingsError when it cannot be planned.
    """
    if parts := plan_run(run, logins):
        with writing(run.folder):
            taken_down.note_for(run)
    return parts


def extract(run: Run, batch: int, part: int) -> dict[str, int]:
    """Read the deliveries of one part of a batch into raw records."""
    with working_copy(run, OF_RUN, f"{run.batch(batch).folder.name}/*-{part:04d}*") as here, writing(here.folder):
        return read_part(here, Part(batch, part))


@in_workspace(*ALL)
def gather(run: Run) -> list[list[RawFile]]:
    """Add up what was read of each dump. Returns the files of raw records to clean, in groups; none of a batch that was
    not read to the end.

    A part whose reader the system killed is read again first: now nothing else takes memory. So is one that was not
    read on for what it holds itself, where the parts before it outweigh that.
    """
    with writing(run.folder):
        for part in killed_parts(run, _batches(run)):
            log.warning("what read part %s of batch %s was killed; it is read again alone", part.number, part.batch)
            read_part(run, part)
        for number in _batches(run):
            while again := stopped_too_early(run, number):
                log.info("part %s of batch %s is read on, as most before it can be read", again[0].number, number)
                read_part(run, *again)
        read = [number for number in _batches(run) if gather_batch(run, number)]
    return files_to_clean(run, read)


def normalise(run: Run, files: list[RawFile]) -> dict[str, int]:
    """Clean some files of raw records."""
    with working_copy(run, OF_RUN, *_of_raw(run, files)) as here, writing(here.folder):
        return clean(here, files)


def _of_raw(run: Run, files: list[RawFile]) -> Iterator[str]:
    """The files of a run that cleaning some of raw records takes or makes."""
    for file in files:
        folder = run.batch(file.batch).folder.name
        yield from (f"{folder}/*-{file.part:04d}-{file.number:04d}.parquet", f"{folder}/date_habits.parquet")


def normalise_batch(run: Run, batch: int) -> dict[str, int]:
    """Clean the raw records of one batch."""
    with writing(run.folder):
        return clean(run, run.batch(batch).raw_files)


@in_workspace(*ALL)
def check(run: Run) -> dict[str, int]:
    """Judge articles and dumps. A bad dump is a verdict, not an exception."""
    with writing(run.folder):
        return judge_batches(run, _batches(run))


@in_workspace(*ALL)
def load(run: Run) -> dict[str, int]:
    """Load what passed, and write the ledger. Why the warehouse takes nothing is noted in the run's folder."""
    with writing(run.settings.quarantine_folder), run.noting_why(WarehouseError):
        return load_batches(run, _batches(run))


def verify(run: Run) -> dict[str, int]:
    """Run the suites over the warehouse. Raises VerifyFailed: then nothing is published."""
    return verify_waiting(run)


def publish(run: Run) -> dict[str, Any]:
    """Give the analysts a copy of the last load, unless they have it."""
    with writing(run.settings.published_folder):
        return publish_last_load(run)


@in_workspace(OF_RUN)
def verdict(run: Run) -> Report:
    """What the run did, and whether it failed."""
    return report_on(run)


def _batches(run: Run) -> list[int]:
    return sorted(pq.read_table(run.plan, columns=["batch"])["batch"].unique().to_pylist())


OnStep = Callable[[str, float], None]
"""Takes what is done next, and the share of the run's steps that are done (0 to 1)."""


def _log_step(step: str, share: float) -> None:
    log.info("%3.0f %% done, next: %s", 100 * share, step)


_READING, _CLEANING = 0.2, 0.3
"""About the shares of a run's time."""


def run_all(run: Run, on_step: OnStep = _log_step) -> Report:
    """All stages, in order; several processes read and clean. What stops the run is among the report's failures.

    Raises StorageError when a folder of ours is full or may not be written: nothing more can be recorded then.
    """
    on_step("discover", 0.0)
    parts = discover(run)
    before = 0.0
    if parts:
        if len(parts) > 1:
            all_formats()  # once, for all processes that are forked
        _spread(run, "extract", [partial(extract, run, *part) for part in parts], on_step, 0.0, _READING)
        files = gather(run)
        if len(files) > 1:
            warm_up()
        _spread(run, "normalise", [partial(normalise, run, some) for some in files], on_step, _READING, _CLEANING)
        before = _READING + _CLEANING
    stages = (check, load, verify, publish)
    return _ended(run, stages, lambda step, place: on_step(step, before + (1 - before) * place / len(stages)))


def _spread(run: Run, stage: str, works: list[Callable[[], Any]], on_step: OnStep, before: float, share: float) -> None:
    """Do the pieces of a stage in several processes; `before` is the share of the run that is done, `share` theirs."""
    on_step(f"{stage} {words.counted(len(works), 'part')}", before)
    done = spread(works, number_of_workers(run.settings))
    for number, (place, outcome) in enumerate(done, 1):
        if isinstance(outcome, StorageError):
            raise outcome  # the dumps are not at fault
        if isinstance(outcome, Exception):
            log.error("part %s did not end; the dumps of its batch are recorded as failed", place + 1, exc_info=outcome)
        on_step(
            f"{stage}, {number:,} of {words.counted(len(works), 'part')} done", before + share * number / len(works)
        )


def finish(run: Run) -> Report:
    """Verify and publish what a repair has changed, and say what it did."""
    return _ended(run, (verify, publish), lambda step, place: _log_step(step, place / 2))


def _ended(run: Run, stages: tuple[Callable[[Run], Any], ...], on_step: Callable[[str, int], None]) -> Report:
    """The report of a run whose last stages are these."""
    stopped: list[str] = []
    for place, stage in enumerate(stages):
        on_step(stage.__name__, place)
        try:
            stage(run)
        except (VerifyFailed, NotPublished) as error:
            stopped.append(f"{stage.__name__}: {error}")
            break
    report = verdict(run)
    failures = [*stopped, *report.failures]
    state = "failed" if failures else "succeeded"
    return replace(report, state=state, failures=failures, published=None if stopped else report.published)
