"""The stages of a run, one function each: Airflow and the command line call the same.

Every stage reads files of the run's work folder (or the warehouse) and leaves files there; it returns only
batch numbers and counts.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pyarrow.parquet as pq

from etl.files import StorageError, writing
from etl.reports.report import Report
from etl.run import Run
from etl.stages import taken_down
from etl.stages.check import judge_batches
from etl.stages.discover import plan_run
from etl.stages.extract import read_batch
from etl.stages.load import load_batches
from etl.stages.normalise import clean_batch
from etl.stages.publish import publish_last_load
from etl.stages.verdict import report_on
from etl.stages.verify import VerifyFailed, verify_waiting
from etl.warehouse import WarehouseError
from etl.warehouse.published import NotPublished

log = logging.getLogger(__name__)


def discover(run: Run) -> list[int]:
    """Plan the run: which deliveries are new. Returns the numbers of its batches.

    Raises RequestError or SettingsError when it cannot be planned.
    """
    if batches := plan_run(run):
        with writing(run.folder):
            taken_down.note_for(run)
    return batches


def extract(run: Run, batch: int) -> dict[str, int]:
    """Read the deliveries of one batch into raw records."""
    with writing(run.folder):
        return read_batch(run, run.batch(batch))


def normalise(run: Run, batch: int) -> dict[str, int]:
    """Clean the raw records of one batch."""
    with writing(run.folder):
        return clean_batch(run, batch)


def check(run: Run) -> dict[str, int]:
    """Judge articles and dumps. A bad dump is a verdict, not an exception."""
    with writing(run.folder):
        return judge_batches(run, _batches(run))


def load(run: Run) -> dict[str, int]:
    """Load what passed, and write the ledger. Why the warehouse takes nothing is noted in the run's folder."""
    with writing(run.settings.quarantine), run.noting_why(WarehouseError):
        return load_batches(run, _batches(run))


def verify(run: Run) -> dict[str, int]:
    """Run the suites over the warehouse. Raises VerifyFailed: then nothing is published."""
    return verify_waiting(run)


def publish(run: Run) -> dict[str, Any]:
    """Give the analysts a copy of the last load, unless they have it."""
    with writing(run.settings.published):
        return publish_last_load(run)


def verdict(run: Run) -> Report:
    """What the run did, and whether it failed."""
    return report_on(run)


def _batches(run: Run) -> list[int]:
    return sorted(pq.read_table(run.plan, columns=["batch"])["batch"].unique().to_pylist())


OnStep = Callable[[str, float], None]
"""Takes what is done next, and the share of the run's steps that are done (0 to 1)."""


def _log_step(step: str, share: float) -> None:
    log.info("%3.0f %% done, next: %s", 100 * share, step)


def run_all(run: Run, on_step: OnStep = _log_step) -> Report:
    """All stages in one process, in order. What stops the run is among the report's failures.

    Raises StorageError when a folder of ours is full or may not be written: nothing more can be recorded then.
    """
    on_step("discover", 0.0)
    batches = discover(run)
    stages = (check, load, verify, publish)
    steps = 2 * len(batches) + len(stages)
    for number in batches:
        try:
            on_step(f"extract batch {number + 1} of {len(batches)}", 2 * number / steps)
            extract(run, number)
            on_step(f"normalise batch {number + 1} of {len(batches)}", (2 * number + 1) / steps)
            normalise(run, number)
        except StorageError:
            raise  # the batch is not at fault
        except Exception:
            log.exception("batch %s was not read to the end; its dumps are recorded as failed", number)
    return _ended(run, stages, lambda step, place: on_step(step, (2 * len(batches) + place) / steps))


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
