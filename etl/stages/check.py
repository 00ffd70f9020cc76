"""Which articles and which dumps are refused before the load, and why.

A failing dump is data, not an exception: the others go on. What a person must know of each dump is in
dumps.parquet; each article that must not be loaded is in its batch's rejected.parquet.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from etl import schemas, words
from etl.model import DumpState, Stage
from etl.run import Batch, Run, beside
from etl.schemas import ARTICLE, DUMPS, JUDGED, REJECTED
from etl.stages import quality
from etl.stages.isolation import isolated
from etl.stages.likely_causes import cause_of

log = logging.getLogger(__name__)

REJECTED_PLACE = [name for name in REJECTED.names if name != "quarantine_file"]
FRAME_ROWS = 250_000
"""Rows of one frame handed to Great Expectations: enough to spread its cost, few enough for its memory."""


def judge_batches(run: Run, batches: list[int]) -> dict[str, int]:
    """Write dumps.parquet, every batch's rejected.parquet and quality.parquet."""
    plan = pq.read_table(run.plan).to_pandas(types_mapper=pd.ArrowDtype)
    if not batches:
        pq.write_table(DUMPS.empty_table(), run.dumps)
        pq.write_table(schemas.RESULT.empty_table(), run.quality)
        return {"dumps": 0, "refused": 0, "failed": 0, "rejected": 0}
    results: dict[tuple[str, str, str], dict[str, Any]] = {}
    dumps = pd.concat([_check_batch(run.batch(number), plan, results) for number in batches], ignore_index=True)
    dumps = _judge_dumps(run, dumps, results)
    pq.write_table(pa.Table.from_pandas(dumps[DUMPS.names], DUMPS, preserve_index=False), run.dumps)
    pq.write_table(pa.Table.from_pylist(list(results.values()), schemas.RESULT), run.quality)
    states = dumps["state"].value_counts()
    counts = {
        "dumps": len(dumps),
        "refused": int(states.get("refused", 0)),
        "failed": int(states.get("failed", 0)),
        "rejected": int(dumps["rejected"].sum()),
    }
    _log_counts(counts, int(dumps["articles_read"].sum()), list(results.values()))
    return counts


def _log_counts(counts: dict[str, int], articles: int, results: list[dict[str, Any]]) -> None:
    judged = f"{words.counted(articles, 'article')} of {words.counted(counts['dumps'], 'dump')}"
    dumps = f"{words.counted(counts['refused'], 'dump')} refused, {counts['failed']:,} failed"
    log.info("Judged %s: %s rejected; %s.", judged, words.counted(counts["rejected"], "article"), dumps)
    for severity in ("critical", "warning"):
        unmet = [row for row in results if row["severity"] == severity and not row["success"]]
        if unmet:
            reasons = "; ".join(f"{row['unexpected_count'] or 0:,} × {row['reason']}" for row in unmet)
            log.info("Not met (%s): %s.", severity, reasons)


def _check_batch(batch: Batch, plan: pd.DataFrame, results: dict[tuple[str, str, str], dict[str, Any]]) -> pd.DataFrame:
    """Judge the articles of one batch; returns its dumps with their counts."""
    planned = plan[plan["batch"] == batch.number].set_index("delivery", drop=False)
    if not batch.deliveries.exists() or len(batch.articles) < len(batch.raw):
        return _never_read(batch, planned)
    deliveries = pq.read_table(batch.deliveries).to_pandas(types_mapper=pd.ArrowDtype).set_index("delivery")
    unclean = _rejections(batch.unclean)
    rejected = [_rejections(batch.pieces), unclean]
    counts = pd.DataFrame(0, index=planned.index, columns=["articles_normalised", "unreadable_dates"])
    for frame in _frames(batch):
        judged, culprits = isolated(frame, lambda some: (some, quality.validate(some, "incoming_article")))
        for some, outcome in judged:
            _add_results(results, outcome)
            rejected.append(_rejected_articles(some, outcome))
        rejected.append(_rejected_rows(frame, {row: f"it cannot be checked: {why}" for row, why in culprits}))
        by_delivery = frame.groupby("delivery")
        counts["articles_normalised"] = counts["articles_normalised"].add(by_delivery.size(), fill_value=0)
        unreadable = by_delivery["has_unreadable_date"].sum()
        counts["unreadable_dates"] = counts["unreadable_dates"].add(unreadable, fill_value=0)
    all_rejected = pd.concat(rejected)
    counts["articles_unclean"] = unclean.groupby("delivery").size().reindex(planned.index, fill_value=0)
    is_taken_down = all_rejected["stage"] == str(Stage.takedown)
    taken_down = all_rejected[is_taken_down].groupby("delivery").size()
    counts["articles_taken_down"] = taken_down.reindex(planned.index, fill_value=0)
    all_rejected["quarantine_file"] = batch.quarantine_file
    pq.write_table(pa.Table.from_pandas(all_rejected, REJECTED, preserve_index=False), batch.rejected)
    by_delivery = all_rejected.groupby("delivery")
    rejected_counts = by_delivery.size().reindex(planned.index, fill_value=0)
    commonest = by_delivery["reason"].agg(lambda reasons: reasons.mode().iloc[0]).reindex(planned.index)
    return (
        planned.drop(columns="format")
        .join(deliveries)
        .join(counts)
        .assign(
            rejected=rejected_counts,
            commonest_reason=commonest,
            format=deliveries["format"].where(deliveries["format"] != "", planned["format"]),
        )
        .reset_index(drop=True)
    )


def _never_read(batch: Batch, planned: pd.DataFrame) -> pd.DataFrame:
    """The dumps of a batch whose extraction or normalisation left no file: there is nothing of them to load."""
    batch.folder.mkdir(parents=True, exist_ok=True)
    for file in batch.articles:
        file.unlink()
    pq.write_table(ARTICLE.empty_table(), beside(batch.raw_of(0, 0), "articles"))
    pq.write_table(REJECTED.empty_table(), batch.rejected)
    return planned.assign(
        state=str(DumpState.failed),
        reason="its batch was not read to the end; see the log of the extract and normalise tasks",
        articles_declared=pd.NA,
        marks_seen=pd.NA,
        words_seen=pd.NA,
        words_accounted=pd.NA,
        articles_read=0,
        rejected_pieces=0,
        articles_normalised=0,
        articles_unclean=0,
        articles_taken_down=0,
        unreadable_dates=0,
        rejected=0,
        commonest_reason=pd.NA,
        skipped="{}",
    ).reset_index(drop=True)


def _frames(batch: Batch) -> Iterator[pd.DataFrame]:
    """What the suite looks at of the articles of a batch, in frames of the same rows in however many files they are."""
    waiting = JUDGED.empty_table()
    for file in batch.judged:
        waiting = pa.concat_tables([waiting, pq.read_table(file)])
        while waiting.num_rows >= FRAME_ROWS:
            yield _frame(waiting.slice(0, FRAME_ROWS))
            waiting = waiting.slice(FRAME_ROWS)
    if waiting.num_rows:
        yield _frame(waiting)


def _rejections(files: list[Path]) -> pd.DataFrame:
    """What was rejected before the check: pieces by the reader, records by the normaliser."""
    return _frame(pa.concat_tables(pq.read_table(file, columns=REJECTED_PLACE) for file in files))


def _frame(table: pa.Table) -> pd.DataFrame:
    return table.to_pandas(types_mapper=pd.ArrowDtype)


def _rejected_articles(frame: pd.DataFrame, outcome: quality.Outcome) -> pd.DataFrame:
    reasons = pd.DataFrame(outcome.failing, columns=["row", "reason"]).groupby("row")["reason"].agg("; ".join)
    return _rejected_rows(frame, dict(zip(frame.index[reasons.index], reasons, strict=True)))


def _rejected_rows(frame: pd.DataFrame, reasons: dict[int, str]) -> pd.DataFrame:
    """Rows of a frame, by their labels, as they go to rejected.parquet."""
    rows = frame.loc[list(reasons), ["delivery", "ordinal", "position"]]
    return rows.assign(stage=str(Stage.check), reason=list(reasons.values()))


def _add_results(results: dict[tuple[str, str, str], dict[str, Any]], outcome: quality.Outcome) -> None:
    """Add up what the same expectation found in several frames."""
    for row in outcome.results:
        key = (row["suite"], row["expectation"], row["column_name"])
        before = results.get(key)
        if before:
            row = {
                **row,
                "success": row["success"] and before["success"],
                **{name: (row[name] or 0) + (before[name] or 0) for name in quality.COUNTED},
                "observed_value": before["observed_value"] or row["observed_value"],
            }
        results[key] = row


def _judge_dumps(run: Run, dumps: pd.DataFrame, results: dict[tuple[str, str, str], dict[str, Any]]) -> pd.DataFrame:
    """Give every dump its state: what was read becomes loaded or refused; nothing of the others is loaded."""
    is_read = (dumps["state"] == DumpState.read).to_numpy()
    read = dumps[is_read]
    state, reason = dumps["state"].mask(is_read, DumpState.loaded).to_list(), dumps["reason"].to_list()
    if len(read):
        judged, culprits = isolated(read, lambda some: (some, quality.validate(some, "incoming_dump")))
        for some, outcome in judged:
            _add_results(results, outcome)
            causes: dict[int, list[str]] = {}
            for row, why in outcome.failing:
                causes.setdefault(some.index[row], []).append(why)
            for place, whys in causes.items():
                state[place] = DumpState.refused
                found = _with_counts(run, dumps.loc[place], "; ".join(whys))
                reason[place] = "; ".join(filter(None, [_text(reason[place]), found]))
        for place, why in culprits:
            state[place], reason[place] = DumpState.failed, f"it cannot be checked: {why}"
    dumps = dumps.assign(state=list(map(str, state)), reason=reason)
    is_loaded = dumps["state"] == DumpState.loaded
    return dumps.assign(
        rejected=dumps["rejected"].where(is_loaded, dumps["articles_read"]),
        articles_declared=dumps["articles_declared"].fillna(dumps["expected_articles"]),
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _with_counts(run: Run, dump: pd.Series, why: str) -> str:
    """Why a dump is refused, with its counts; where most of its articles are rejected, also for what and why."""
    names = {"read": "articles_read", "marks": "marks_seen", "normalised": "articles_normalised"}
    names |= {"expected": "expected_articles", "rejected": "rejected"}
    counts = ", ".join(f"{word} {int(dump[name]):,}" for word, name in names.items() if pd.notna(dump[name]))
    reason = f"{why} ({counts})"
    is_most = 2 * dump["rejected"] > dump["articles_read"]
    cause = cause_of(run.batch(int(dump["batch"])), int(dump["delivery"])) if is_most else ""
    commonest = f"most often: {dump['commonest_reason']}" if dump["rejected"] else ""
    return "; ".join(filter(None, [reason, commonest, cause]))
