"""Runs rejected articles through today's reader and normaliser again.

A record is read again from its dump if that is still in the landing folder as it was delivered; else it comes from
quarantine, as the reader returned it then. What passes is loaded; the counts of the first load stay unchanged,
because the replay is a separate load.
"""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from etl import formats, pipeline
from etl.intake.days import path_facts
from etl.model import RAW_FIELDS, Delivery, DumpChanged, DumpError, DumpState, Feed, Reject, Trigger, position_of
from etl.repair import RepairError
from etl.repair.deliveries import LEDGER_FIELDS, write_plan_of
from etl.run import Batch, Run
from etl.schemas import PATH_FIELDS, REPLAYED
from etl.settings import SQL, ad_hoc_feed, load_sources
from etl.stages import taken_down
from etl.stages.discover import planned
from etl.stages.extract import Source, sources_of, take, write_tallies
from etl.stages.raw_records import Tally, Writer
from etl.warehouse import opening, statements

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Chosen:
    """Which rejected articles: by run, by dump (its path or key), by reason (a part of it). None means any."""

    run_id: str | None = None
    dump: str | None = None
    reason: str | None = None


def replay_chosen(run: Run, chosen: Chosen) -> dict[str, int]:
    """Take the chosen articles again; returns the totals of their load.

    Raises RepairError when nothing is waiting to be replayed, or nothing that was chosen.
    """
    for number in plan(run, chosen):
        read_again(run, run.batch(number))
        pipeline.normalise(run, number)
    pipeline.check(run)
    return pipeline.load(run)


def plan(run: Run, chosen: Chosen) -> list[int]:
    """Write plan.parquet and each batch's replayed.parquet; returns the batch numbers."""
    rejections = _open_rejections(run, chosen)
    if not rejections:
        raise RepairError(
            "no rejected article of a loaded dump matches; `broadsheet rejected` lists the rejected articles. "
            "A dump that was refused as a whole is not replayed: release it, or fix it and drop it again"
        )
    dumps = {row["dump_key"]: {name: row[name] for name in LEDGER_FIELDS} for row in rejections}
    numbers = write_plan_of(run, Trigger.replay, dumps.values())
    delivery_of = {dump_key: delivery for delivery, dump_key in enumerate(dumps)}
    batch_of = dict(zip(*(pq.read_table(run.plan)[name].to_pylist() for name in ("delivery", "batch")), strict=True))
    for number in numbers:
        rows = [
            {**row, "delivery": delivery}
            for row in rejections
            if batch_of[delivery := delivery_of[row["dump_key"]]] == number
        ]
        batch = run.batch(number)
        batch.folder.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(rows, REPLAYED), batch.replayed)
    log.info("Trying %s rejected articles of %s dumps again", f"{len(rejections):,}", f"{len(dumps):,}")
    return numbers


def _open_rejections(run: Run, chosen: Chosen) -> list[dict[str, Any]]:
    if not opening.exists(run.settings):
        return []
    asked = {"of_run": chosen.run_id, "of_dump": chosen.dump, "of_reason": chosen.reason}
    with opening.opened(run.settings, f"replay {run.run_id}") as engine, engine.connect() as connection:
        taken_down.note(run, connection)
        found = statements.run_file(connection, SQL / "repair" / "open_rejections.sql", asked)
        return [dict(row) for row in found.mappings()]


def read_again(run: Run, batch: Batch) -> dict[str, int]:
    """Read the replayed articles of one batch into raw.parquet, pieces.parquet and deliveries.parquet."""
    feeds = load_sources(run.settings.sources).feeds
    replayed = pq.read_table(batch.replayed)
    with Writer(batch, run.settings.chunk_articles, taken_down.noted(run)) as writer:
        tallies = [
            _read_delivery(run, delivery, feeds.get(delivery.source, ad_hoc_feed()), _of(replayed, delivery), writer)
            for delivery in planned(run, batch.number)
        ]
    return write_tallies(batch, tallies)


def _of(replayed: pa.Table, delivery: Delivery) -> list[dict[str, Any]]:
    return replayed.filter(pc.equal(replayed["delivery"], delivery.delivery)).to_pylist()


def _read_delivery(run: Run, delivery: Delivery, feed: Feed, wanted: list[dict[str, Any]], writer: Writer) -> Tally:
    """Read the wanted articles of one delivery, from its file or, if that is gone, from quarantine."""
    tally = Tally(delivery.delivery)
    if delivery.refused:
        tally.format = delivery.format
        log.info("%s %s; its rejected articles are taken from quarantine", delivery.path, delivery.refused)
        _read_quarantine(run, delivery, feed, wanted, tally, writer)
    else:
        missing = {row["position"] for row in wanted}
        try:
            _read_wanted(run, delivery, feed, missing, tally, writer)
        except (DumpError, DumpChanged) as error:
            tally.state, tally.reason = DumpState.failed, f"cannot be read again: {error}"
        for position in sorted(missing):
            writer.reject(Reject(position, "today's reader no longer finds an article at this place"), tally)
    tally.marks_seen = tally.articles_read
    return tally


def _read_wanted(run: Run, delivery: Delivery, feed: Feed, missing: set[str], tally: Tally, writer: Writer) -> None:
    """Take the articles, readable or not, at the missing positions, and remove those from `missing`."""
    for source in sources_of(run, delivery, feed):
        if isinstance(source, Source):
            tally.add_format(source.format)
            for piece in source.pieces():
                if isinstance(piece, dict | Reject) and _is_found(source.place + position_of(piece), missing):
                    take(piece, source, tally, writer, run.settings.max_article_bytes)
        elif isinstance(source, Reject) and _is_found(source.position, missing):
            writer.reject(source, tally)


def _is_found(position: str, missing: set[str]) -> bool:
    if position not in missing:
        return False
    missing.remove(position)
    return True


def _read_quarantine(
    run: Run, delivery: Delivery, feed: Feed, wanted: list[dict[str, Any]], tally: Tally, writer: Writer
) -> None:
    for row in wanted:
        kept = _kept(run, row)
        if kept is None:
            gone = "its raw record is no longer in quarantine; deliver it again"
            writer.reject(Reject(row["position"], gone), tally)
        elif kept["piece"] is None:
            record, fixed = _as_read(kept["record"])
            writer.add(record, fixed, tally)
        else:
            _read_piece(kept, feed, tally, writer)


def _kept(run: Run, row: dict[str, Any]) -> dict[str, Any] | None:
    """What quarantine keeps of one rejected article: `record` or `piece`; see sql/stage/quarantined.sql."""
    if not row["quarantine_file"]:
        return None
    file = run.settings.quarantine / row["quarantine_file"]
    found = pq.read_table(file, filters=[("ordinal", "=", row["ordinal"])]).to_pylist() if file.exists() else []
    return found[0] if found else None


def _as_read(kept: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A row of raw.parquet as a reader's record, and what was added to it."""
    record = {name: kept[name] for name in RAW_FIELDS}
    record |= {name: orjson.loads(record[name]) for name in ("labels", "extra") if record[name]}
    return record, {name: kept[name] for name in ("is_global_id", *PATH_FIELDS)}


def _read_piece(kept: dict[str, Any], feed: Feed, tally: Tally, writer: Writer) -> None:
    """Run the bytes of one rejected piece through today's reader, without the rest of its dump."""
    reason = "it cannot be read without the rest of its dump; put the dump back, or deliver it again"
    for name in kept["format"].split(" + "):
        reader = formats.named(name)
        try:
            pieces = list(reader.read(io.BytesIO(kept["piece"]), feed))
        except DumpError as error:
            reason = str(error)
            continue
        if pieces and isinstance(pieces[0], dict):
            fixed = path_facts(feed.path_pattern, kept["path"]) | {"is_global_id": formats.is_id_global(reader)}
            return writer.add({**pieces[0], "position": kept["position"]}, fixed, tally)
        reason = next((piece.reason for piece in pieces if isinstance(piece, Reject)), reason)
    return writer.reject(Reject(kept["position"], reason, kept["piece"]), tally)
