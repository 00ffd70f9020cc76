"""The stages of a run, one function each: Airflow and the command line call the same.

Every stage reads files of the run's work folder (or the warehouse) and leaves files there; what it gives back are
batch numbers and counts only.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from etl import check as checks
from etl import discover as discovery
from etl import extract as extraction
from etl import load as loading
from etl import publish as publishing
from etl import silence, warehouse, words
from etl import verify as verification
from etl.email_secret import email_secret
from etl.normalise import ARTICLE_SCHEMA
from etl.normalise import normalise as clean
from etl.normalise.emails import Cover
from etl.report import Report
from etl.run import Run
from etl.settings import AuthorEmails, Settings, load_sources
from etl.storage import StorageError, writing
from etl.verify import VerifyFailed

log = logging.getLogger(__name__)

__all__ = [
    "VerifyFailed",
    "check",
    "discover",
    "extract",
    "load",
    "normalise",
    "publish",
    "run_all",
    "verdict",
    "verify",
]

WIDE_COLUMNS = ("body", "extra", "position", "url", "headline", "deck", "content_key", "content_hash", "body_hash")


def discover(run: Run) -> list[int]:
    """Plan the run: which deliveries are new. Gives the numbers of its batches."""
    with writing(run.folder):
        return discovery.discover(run, _ledger(run))


def _ledger(run: Run) -> dict[tuple[str, str, str, str], str]:
    if not warehouse.exists(run.settings):
        return {}
    with warehouse.opened(run.settings, f"discovery in run {run.run_id}") as engine, engine.connect() as connection:
        rows = connection.exec_driver_sql("select source, path, sha256, manifest_sha256, state from ops.dump_status")
        return {(row[0], row[1], row[2], row[3]): row[4] for row in rows}


def extract(run: Run, batch: int) -> dict[str, int]:
    """Read the deliveries of one batch into raw records."""
    with writing(run.folder):
        return extraction.extract(run, run.batch(batch))


def normalise(run: Run, batch: int) -> dict[str, int]:
    """Clean the raw records of one batch, chunk by chunk, into articles.parquet; whole or not at all."""
    files = run.batch(batch)
    plan = pq.read_table(run.plan, filters=[("batch", "=", batch)]).to_pandas(types_mapper=pd.ArrowDtype)
    feeds = load_sources(run.settings.sources).feeds
    cover = email_cover(run.settings)
    part = files.articles.with_suffix(".part")
    narrow = [
        field.name for field in ARTICLE_SCHEMA if field.name not in WIDE_COLUMNS and not pa.types.is_nested(field.type)
    ]
    articles = 0
    with (
        writing(run.folder),
        pq.ParquetFile(files.raw) as raw,
        pq.ParquetWriter(part, ARTICLE_SCHEMA, compression="lz4", use_dictionary=narrow) as writer,
    ):
        for group in range(raw.num_row_groups):
            chunk = raw.read_row_group(group).to_pandas(types_mapper=pd.ArrowDtype)
            cleaned = clean(chunk, plan, feeds, run.started_at, cover)
            writer.write_table(pa.Table.from_pandas(cleaned, ARTICLE_SCHEMA, preserve_index=False))
            articles += len(cleaned)
    part.replace(files.articles)
    log.info("Batch %s: cleaned %s.", batch, words.counted(articles, "article"))
    return {"articles": articles}


def email_cover(settings: Settings) -> Cover | None:
    """How authors' e-mail addresses are covered; None where they are kept."""
    if settings.author_emails == AuthorEmails.keep:
        return None
    return Cover(email_secret(settings) if settings.author_emails == AuthorEmails.hash else None)


def check(run: Run) -> dict[str, int]:
    """Judge articles and dumps. A bad dump is a verdict, not an exception."""
    with writing(run.folder):
        return checks.check(run, _batches(run))


def load(run: Run) -> dict[str, int]:
    """Load what passed, and write the ledger."""
    with writing(run.settings.quarantine):
        return loading.load(run, _batches(run))


def verify(run: Run) -> dict[str, int]:
    """Hold the warehouse against its suites. Raises VerifyFailed: nothing is published then."""
    return verification.verify(run)


def publish(run: Run) -> dict[str, Any]:
    """Give the analysts a copy of the last load, unless they have it."""
    with writing(run.settings.published):
        return publishing.publish(run)


def _batches(run: Run) -> list[int]:
    return sorted(pq.read_table(run.plan, columns=["batch"])["batch"].unique().to_pylist())


def verdict(run: Run) -> Report:
    """What the run did. Its state is failed when a dump was refused, failed, or was planned and never recorded.

    A run by schedule also warns of feeds that are silent tonight, whether anything arrived or not.
    """
    dumps: list[dict[str, Any]] = []
    rejected: list[dict[str, Any]] = []
    warnings: list[str] = []
    recorded = 0
    planned = pq.read_table(run.plan, columns=["path"]).num_rows if run.plan.exists() else None
    is_nightly = run.trigger == "schedule"
    if (planned != 0 or is_nightly) and warehouse.exists(run.settings):
        with warehouse.opened(run.settings, f"verdict of run {run.run_id}") as engine, engine.connect() as connection:
            dumps = _rows(connection, DUMPS_QUERY, run)
            rejected = _rows(connection, REJECTED_QUERY, run)
            if planned:
                recorded = connection.exec_driver_sql(RECORDED_QUERY, {"plan": str(run.plan)}).scalar_one()
            warnings = silence.warnings(connection, run) if is_nightly else []
    bad = (dump for dump in dumps if dump["state"] in ("refused", "failed"))
    failures = [f"{dump['path']}: {dump['state']}: {dump['reason']}" for dump in bad]
    if planned and recorded < planned:
        failures.append(f"{planned - recorded} planned dumps were never recorded: the load did not end; run it again")
    note = publishing.read_note(run.settings)
    published = str(run.settings.published / publishing.LINK) if note else None
    if note and note.get("front_page"):
        warnings.append(f"{note['front_page']}; analysts have the copy; once mended, run: broadsheet publish")
    warnings += json.loads(run.left_out.read_text()) if run.left_out.exists() else []
    return Report(run.run_id, "failed" if failures else "succeeded", published, dumps, rejected, failures, warnings)


DUMPS_QUERY = """
select
    dump.path, dump.source, dump.format, dump_load.state, dump_load.articles_declared, dump_load.marks_seen,
    dump_load.articles_read, dump_load.inserted, dump_load.revised, dump_load.unchanged, dump_load.rejected,
    dump_load.skipped, dump_load.reason
from ops.dump_load
inner join ops.dump on dump.dump_key = dump_load.dump_key
where dump_load.run_id = $run_id
order by dump.dump_key
"""

RECORDED_QUERY = """
select count(*)
from read_parquet($plan) as plan
inner join ops.dump
    on dump.source = plan.source
    and dump.path = plan.path
    and dump.sha256 = plan.sha256
    and dump.manifest_sha256 = plan.manifest_sha256
"""

REJECTED_QUERY = """
select dump.path, rejected_article.position, rejected_article.stage, rejected_article.reason
from ops.rejected_article
inner join ops.dump on dump.dump_key = rejected_article.dump_key
where rejected_article.run_id = $run_id and rejected_article.stage <> 'dump'
order by dump.dump_key, rejected_article.ordinal
"""


def _rows(connection: Any, query: str, run: Run) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.exec_driver_sql(query, {"run_id": run.run_id}).mappings()]


Tell = Callable[[str, float], None]
"""Takes what is done next, and the share of the run's steps that are done (0 to 1)."""


def _log_step(step: str, share: float) -> None:
    log.info("%3.0f %% done, next: %s", 100 * share, step)


def run_all(run: Run, tell: Tell = _log_step) -> Report:
    """All stages in one process, in order. What stops the run is among the report's failures.

    Raises StorageError when a folder of ours is full or may not be written: nothing more can be recorded then.
    """
    tell("discover", 0.0)
    batches = discover(run)
    stages = (check, load, verify, publish)
    steps = 2 * len(batches) + len(stages)
    for number in batches:
        try:
            tell(f"extract batch {number + 1} of {len(batches)}", 2 * number / steps)
            extract(run, number)
            tell(f"normalise batch {number + 1} of {len(batches)}", (2 * number + 1) / steps)
            normalise(run, number)
        except StorageError:
            raise  # no fault of the batch
        except Exception:
            log.exception("batch %s was not read to the end; its dumps are recorded as failed", number)
    return _ended(run, stages, lambda step, place: tell(step, (2 * len(batches) + place) / steps))


def finish(run: Run) -> Report:
    """Verify and publish what a repair has changed, and say what it did."""
    return _ended(run, (verify, publish), lambda step, place: _log_step(step, place / 2))


def _ended(run: Run, stages: tuple[Callable[[Run], Any], ...], tell: Callable[[str, int], None]) -> Report:
    """The report of a run whose last stages are these."""
    stopped: list[str] = []
    for place, stage in enumerate(stages):
        tell(stage.__name__, place)
        try:
            stage(run)
        except (VerifyFailed, publishing.NotPublished) as error:
            stopped.append(f"{stage.__name__}: {error}")
            break
    report = verdict(run)
    failures = [*stopped, *report.failures]
    return replace(report, state="failed" if failures else "succeeded", failures=failures)
