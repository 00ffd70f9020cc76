"""The plan of a run: which deliveries it takes, and in which batches."""

from __future__ import annotations

import logging
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq

from etl.intake.arrival import as_utf8
from etl.model import OUR_FAULT, Delivery
from etl.run import Run
from etl.schemas import PLAN

log = logging.getLogger(__name__)

MAPPING_LIMIT = 1_000
"""Airflow maps a task over at most 1,024 pieces of work."""


def batched(deliveries: list[Delivery], batch_bytes: int, batch_files: int) -> list[Delivery]:
    """Number deliveries and batches: small files together, a large one alone, never too many to map."""
    total_bytes = sum(delivery.bytes for delivery in deliveries)
    byte_limit = max(batch_bytes, 2 * total_bytes // MAPPING_LIMIT)
    file_limit = max(batch_files, 2 * len(deliveries) // MAPPING_LIMIT)
    batch, files, size = 0, 0, 0
    numbered = []
    for number, delivery in enumerate(deliveries):
        if files and (size + delivery.bytes > byte_limit or files >= file_limit):
            batch, files, size = batch + 1, 0, 0
        files, size = files + 1, size + delivery.bytes
        numbered.append(replace(delivery, delivery=number, batch=batch))
    return numbered


def write_plan(run: Run, deliveries: list[Delivery]) -> list[Delivery]:
    """Write plan.parquet. Returns the deliveries, numbered and in batches."""
    numbered = batched(deliveries, run.settings.batch_bytes, run.settings.batch_files)
    try:
        table = _plan_table(numbered)
    except Exception:
        numbered = [_writable(delivery) for delivery in numbered]
        table = _plan_table(numbered)
    pq.write_table(table, run.plan)
    return numbered


def _plan_table(deliveries: list[Delivery]) -> pa.Table:
    if not deliveries:
        return pa.Table.from_batches([], PLAN)  # others import pandas, a second of every night with nothing new
    return pa.Table.from_pylist(list(map(vars, deliveries)), PLAN)


def _writable(delivery: Delivery) -> Delivery:
    """The delivery, or one that is refused in its place if a value of it fits no column of the plan."""
    try:
        _plan_table([delivery])
    except Exception as error:
        log.exception("planning %r", delivery.path)
        reason = f"cannot be planned: {type(error).__name__}: {error}; {OUR_FAULT}"
        path, file, source = map(as_utf8, (delivery.path, delivery.file, delivery.source))
        bare = Delivery(delivery.kind, path, file, source, delivery.format, refused=as_utf8(reason))
        return replace(bare, delivery=delivery.delivery, batch=delivery.batch)
    return delivery


def planned(run: Run, batch: int) -> list[Delivery]:
    """The deliveries of one batch, as plan.parquet has them."""
    rows = pq.read_table(run.plan, filters=[("batch", "=", batch)]).to_pylist()
    return [Delivery(**row | {name: tuple(row[name] or ()) for name in ("parts", "seen")}) for row in rows]
