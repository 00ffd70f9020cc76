"""Raw records to clean articles, chunk by chunk: files in, files out. etl.normalise says what cleaning is."""

from __future__ import annotations

import logging
from functools import partial

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from etl import words
from etl.model import Stage
from etl.normalise import normalise_records
from etl.normalise.date_columns import DATE_FIELDS, Habit, Habits, habits_of
from etl.normalise.tombstones import Tombstones, judge
from etl.run import Batch, Run
from etl.schemas import ARTICLE, DATE_HABITS, REJECTED
from etl.sources import load_sources
from etl.stages import taken_down
from etl.stages.email_secret import email_cover
from etl.stages.isolation import Culprit, isolated

log = logging.getLogger(__name__)

WIDE_COLUMNS = (
    "body",
    "extra",
    "position",
    "url",
    "url_key",
    "headline",
    "deck",
    "content_key",
    "content_hash",
    "body_hash",
)


def clean_batch(run: Run, number: int) -> dict[str, int]:
    """Clean the raw records of one batch into articles.parquet, and note in unclean.parquet those that make a
    normaliser raise; both whole or not at all. Returns how many `articles` were cleaned."""
    batch = run.batch(number)
    plan = pq.read_table(run.plan, filters=[("batch", "=", number)]).to_pandas(types_mapper=pd.ArrowDtype)
    clean = partial(
        normalise_records,
        plan=plan,
        feeds=load_sources(run.settings).feeds,
        started_at=run.started_at,
        cover=email_cover(run.settings),
        habits=_date_habits(batch),
    )
    tombstones = taken_down.noted(run)
    narrow = [field.name for field in ARTICLE if field.name not in WIDE_COLUMNS and not pa.types.is_nested(field.type)]
    part = batch.articles.with_suffix(".part")
    articles = 0
    unclean: list[dict[str, object]] = []
    withheld = _withheld_before(batch)
    with (
        pq.ParquetFile(batch.raw) as raw,
        pq.ParquetWriter(part, ARTICLE, compression="lz4", use_dictionary=narrow) as writer,
    ):
        for group in range(raw.num_row_groups):
            records = raw.read_row_group(group).to_pandas(types_mapper=pd.ArrowDtype)
            cleaned, culprits = isolated(records, lambda some: as_table(clean(some)))
            articles += sum(_written(table, tombstones, withheld, writer) for table in cleaned)
            unclean += [_rejection(records, culprit) for culprit in culprits]
            del cleaned, records  # before the next are read
    pq.write_table(pa.Table.from_pylist([*unclean, *withheld.values()], REJECTED), batch.unclean)
    part.replace(batch.articles)
    taken_down.cut_file(batch.raw, withheld)
    failed = f"; {words.counted(len(unclean), 'record')} could not be cleaned" if unclean else ""
    log.info("Batch %s: cleaned %s%s.", number, words.counted(articles, "article"), failed)
    return {"articles": articles}


def _date_habits(batch: Batch) -> Habits:
    """What the date columns of the batch's dumps show: a dump is in one batch, but not in one chunk of it."""
    if not batch.replayed.exists():
        columns = ["delivery", *DATE_FIELDS]
        with pq.ParquetFile(batch.raw) as raw:
            found = habits_of(raw.read_row_group(group, columns) for group in range(raw.num_row_groups))
        write_date_habits(batch, found)
    rows = pq.read_table(batch.date_habits).to_pylist()
    return {(row.pop("delivery"), row.pop("field")): Habit(**row) for row in rows}


def write_date_habits(batch: Batch, habits: Habits) -> None:
    """Write date_habits.parquet."""
    rows = [{"delivery": delivery, "field": field, **habit._asdict()} for (delivery, field), habit in habits.items()]
    pq.write_table(pa.Table.from_pylist(rows, DATE_HABITS), batch.date_habits)


def _written(
    table: pa.Table, tombstones: Tombstones, withheld: dict[int, dict[str, object]], writer: pq.ParquetWriter
) -> int:
    """Write cleaned articles, but for those that were taken down, which are noted; returns how many."""
    judged = judge(table, tombstones) if tombstones else {}
    withheld.update(_withheld(table, judged))
    kept = taken_down.cut(table, judged)
    writer.write_table(kept)
    return int(kept.num_rows)


def _withheld(articles: pa.Table, judged: dict[int, str]) -> dict[int, dict[str, object]]:
    """The rejections of articles that were taken down, by their ordinals."""
    places = articles.select(["delivery", "ordinal", "position"]).to_pylist() if judged else []
    return {
        row["ordinal"]: {**row, "stage": Stage.takedown, "reason": judged[row["ordinal"]]}
        for row in places
        if row["ordinal"] in judged
    }


def _withheld_before(batch: Batch) -> dict[int, dict[str, object]]:
    """What an earlier try of this task withheld, and has cut from raw.parquet."""
    if not batch.unclean.exists():
        return {}
    rows = pq.read_table(batch.unclean, filters=[("stage", "=", str(Stage.takedown))]).to_pylist()
    return {row["ordinal"]: row for row in rows}


def as_table(articles: pd.DataFrame) -> pa.Table:
    """Clean articles as articles.parquet has them."""
    return pa.Table.from_pandas(articles, ARTICLE, preserve_index=False)


def _rejection(records: pd.DataFrame, culprit: Culprit) -> dict[str, object]:
    place = records.loc[culprit.row, ["delivery", "ordinal", "position"]].to_dict()
    return {**place, "stage": Stage.normalise, "reason": f"it cannot be cleaned: {culprit.reason}"}
