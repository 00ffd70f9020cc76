"""Raw records to clean articles, chunk by chunk: files in, files out. etl.normalise says what cleaning is."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from etl import words
from etl.declared.sources import load_sources
from etl.model import Stage
from etl.normalise import normalise_records
from etl.normalise.date_columns import Habit, Habits
from etl.normalise.tombstones import Tombstones, judge
from etl.run import Batch, RawFile, Run, beside
from etl.schemas import ARTICLE, JUDGED, REJECTED, WORK_COMPRESSION
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


def clean(run: Run, files: list[RawFile]) -> dict[str, int]:
    """Clean files of raw records, each into one of articles, and leave beside it what the check looks at of them, and
    the records that make a normaliser raise; whole or not at all. Returns how many `articles` were cleaned."""
    return {"articles": sum(_clean_file(run, file) for file in files)}


def _clean_file(run: Run, raw_file: RawFile) -> int:
    batch, file = run.batch(raw_file.batch), run.raw(raw_file)
    plan = pq.read_table(run.plan, filters=[("batch", "=", batch.number)]).to_pandas(types_mapper=pd.ArrowDtype)
    sources = load_sources(run.settings)
    cleaned_by = partial(
        normalise_records,
        plan=plan,
        feeds=sources.feeds,
        started_at=run.started_at,
        cover=email_cover(run.settings),
        habits=_date_habits(batch),
        known=sources.publications,
    )
    tombstones = taken_down.noted(run)
    narrow = [field.name for field in ARTICLE if field.name not in WIDE_COLUMNS and not pa.types.is_nested(field.type)]
    part, unclean_file = beside(file, "articles").with_suffix(".part"), beside(file, "unclean")
    judged = [JUDGED.empty_table()]
    unclean: list[dict[str, object]] = []
    withheld = _withheld_before(unclean_file)
    with (
        pq.ParquetFile(file) as raw,
        pq.ParquetWriter(part, ARTICLE, compression=WORK_COMPRESSION, use_dictionary=narrow) as writer,
    ):
        for group in range(raw.num_row_groups):
            records = raw.read_row_group(group).to_pandas(types_mapper=pd.ArrowDtype)
            cleaned, culprits = isolated(records, lambda some: as_table(cleaned_by(some)))
            for table in cleaned:
                kept = _kept(table, tombstones, withheld)
                writer.write_table(kept)
                judged.append(kept.select(JUDGED.names))
            unclean += [_rejection(records, culprit) for culprit in culprits]
            del cleaned, records  # before the next are read
    pq.write_table(pa.Table.from_pylist([*unclean, *withheld.values()], REJECTED), unclean_file)
    pq.write_table(pa.concat_tables(judged), beside(file, "judged"))
    part.replace(beside(file, "articles"))
    taken_down.cut_file(file, withheld)
    articles = sum(table.num_rows for table in judged)
    failed = f"; {words.counted(len(unclean), 'record')} could not be cleaned" if unclean else ""
    log.info("Batch %s: cleaned %s%s.", batch.number, words.counted(articles, "article"), failed)
    return articles


def _date_habits(batch: Batch) -> Habits:
    """What the date columns of the batch's dumps show, as etl.stages.gather found it."""
    rows = pq.read_table(batch.date_habits).to_pylist()
    return {(row.pop("delivery"), row.pop("field")): Habit(**row) for row in rows}


def _kept(table: pa.Table, tombstones: Tombstones, withheld: dict[int, dict[str, object]]) -> pa.Table:
    """Cleaned articles without those that were taken down, which are noted."""
    reasons = judge(table, tombstones) if tombstones else {}
    withheld.update(_withheld(table, reasons))
    return taken_down.cut(table, reasons)


def _withheld(articles: pa.Table, judged: dict[int, str]) -> dict[int, dict[str, object]]:
    """The rejections of articles that were taken down, by their ordinals."""
    places = articles.select(["delivery", "ordinal", "position"]).to_pylist() if judged else []
    return {
        row["ordinal"]: {**row, "stage": Stage.takedown, "reason": judged[row["ordinal"]]}
        for row in places
        if row["ordinal"] in judged
    }


def _withheld_before(unclean: Path) -> dict[int, dict[str, object]]:
    """What an earlier try of this task withheld, and has cut from the raw records."""
    if not unclean.exists():
        return {}
    rows = pq.read_table(unclean, filters=[("stage", "=", str(Stage.takedown))]).to_pylist()
    return {row["ordinal"]: row for row in rows}


def as_table(articles: pd.DataFrame) -> pa.Table:
    """Clean articles as articles-*.parquet has them."""
    return pa.Table.from_pandas(articles, ARTICLE, preserve_index=False)


def _rejection(records: pd.DataFrame, culprit: Culprit) -> dict[str, object]:
    place = records.loc[culprit.row, ["delivery", "ordinal", "position"]].to_dict()
    return {**place, "stage": Stage.normalise, "reason": f"it cannot be cleaned: {culprit.reason}"}
