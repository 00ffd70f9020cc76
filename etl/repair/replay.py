"""Runs rejected articles through today's reader and normaliser again.

A record is read again from its dump if that is still in the landing folder as it was delivered; else it comes from
quarantine, as the reader returned it then. What passes is loaded; the counts of the first load stay unchanged,
because the replay is a separate load. A rejection that was tried again is closed, by the article, by today's reason
or by the kind of what is not an article; where nothing could be tried, it stays open. No replay adds to what waits.
"""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from etl import formats, pipeline, store, words
from etl.declared.sources import load_sources
from etl.files import StorageError
from etl.intake.bundles import reason_of
from etl.intake.days import path_facts
from etl.model import (
    RAW_FIELDS,
    Beside,
    Columns,
    Declared,
    Delivery,
    Doubt,
    DumpChanged,
    DumpError,
    DumpState,
    Feed,
    LimitError,
    Reject,
    Skip,
    Trigger,
    position_of,
)
from etl.repair import RepairError
from etl.repair.date_habits import depends_on_columns, habits_of_dump, kept_habits
from etl.repair.deliveries import LEDGER_FIELDS, write_plan_of
from etl.run import Batch, Run
from etl.schemas import PATH_FIELDS, REPLAYED
from etl.settings import SQL, Settings
from etl.stages import taken_down
from etl.stages.extract import Source, sources_of, take
from etl.stages.gather import write_date_habits, write_deliveries
from etl.stages.parts import Cut, Part, cuts_of
from etl.stages.raw_records import Writer, printable
from etl.stages.reading import read_apart, verdict_of
from etl.stages.tallies import Tally
from etl.warehouse import opening, renames, statements
from etl.workspace import ALL, in_workspace

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Chosen:
    """Which rejected articles: by run, by dump (its path or key), by reason (a part of it); None means any.

    Those that were dismissed only if asked for.
    """

    run_id: str | None = None
    dump: str | None = None
    reason: str | None = None
    dismissed: bool = False


@in_workspace(*ALL)
def replay_chosen(run: Run, chosen: Chosen) -> dict[str, int]:
    """Take the chosen articles again; returns the totals of their load.

    Raises RepairError when nothing is waiting to be replayed, or nothing that was chosen.
    """
    for number in plan(run, chosen):
        read_again(run, run.batch(number))
        pipeline.normalise_batch(run, number)
    pipeline.check(run)
    return pipeline.load(run)


def plan(run: Run, chosen: Chosen) -> list[int]:
    """Write plan.parquet and each batch's replayed.parquet; returns the batch numbers."""
    rejections = _replayed_articles(run, chosen)
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
    articles, of_dumps = words.counted(len(rejections), "rejected article"), words.counted(len(dumps), "dump")
    log.info("Trying %s of %s again.", articles, of_dumps)
    return numbers


def _replayed_articles(run: Run, chosen: Chosen) -> list[dict[str, Any]]:
    if not opening.exists(run.settings):
        return []
    asked = {
        "of_run": chosen.run_id,
        "of_dump": chosen.dump,
        "of_reason": chosen.reason,
        "dismissed": chosen.dismissed,
    }
    with opening.opened(run.settings, f"replay {run.run_id}") as engine:
        renames.follow(engine, load_sources(run.settings))
        with engine.connect() as connection:
            taken_down.note(run, connection)
            found = statements.run_file(connection, SQL / "repair" / "replayed_articles.sql", asked)
            return [dict(row) for row in found.mappings()]


def read_again(run: Run, batch: Batch) -> None:
    """Read the replayed articles of one batch, as extraction does all of them."""
    sources = load_sources(run.settings)
    replayed = pq.read_table(batch.replayed)

    def read(cut: Cut, writer: Writer) -> Tally:
        delivery = cut.delivery
        return _read_delivery(run, delivery, sources.feed_of(delivery.source), _of(replayed, delivery), writer)

    part = Part(batch.number, 0)
    tallies = read_apart(run, part, cuts_of(run, part), read)
    habits = {(tally.delivery, field): habit for tally in tallies for field, habit in tally.date_habits.items()}
    write_date_habits(batch, habits)
    write_deliveries(batch, tallies)


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
        _read_file(run, delivery, feed, {row["position"] for row in wanted}, tally, writer)
    tally.marks_seen = tally.articles_read
    return tally


def _read_file(run: Run, delivery: Delivery, feed: Feed, wanted: set[str], tally: Tally, writer: Writer) -> None:
    """Read the wanted articles from their dump. If it cannot be read to the end, its rejections stay as they are."""
    found: set[str] = set()
    try:
        # What was read then is read as it was then; of the rest, each member as the stanza says today.
        for format in dict.fromkeys((delivery.format, feed.format)):
            missing = wanted - found
            for source in sources_of(run, replace(delivery, format=format), feed) if missing else ():
                if isinstance(source, Source):
                    is_new = format == feed.format and printable(source.member.name) in missing
                    found |= _take(run, source, None if is_new else missing, tally, writer)
                elif format == feed.format and (position := printable(source.position)) in missing:
                    found.add(position)
                    _take_unread(source, tally, writer)
        if tally.asks_date_columns:
            tally.date_habits = habits_of_dump(run, delivery, feed)
    except StorageError:
        raise  # the dump is not at fault
    except Exception as error:
        if not isinstance(error, DumpError | DumpChanged):
            log.exception("reading %r again", delivery.path)
        _, why = verdict_of(run.settings, delivery, error)
        tally.state, tally.reason = DumpState.failed, f"cannot be read again: {why}"
    for position in sorted(wanted - found):
        writer.reject(Reject(position, "today's reader no longer finds an article at this place"), tally)


def _take(run: Run, source: Source, wanted: set[str] | None, tally: Tally, writer: Writer) -> set[str]:
    """Take what is at the wanted positions of a member, all of it where several share one; returns those found.

    Without positions, the member could not be read before, and all of it is taken.
    """
    if wanted is not None and not any(position.startswith(source.place) for position in wanted):
        return set()
    found = {printable(source.member.name)} if wanted is None else set()
    tally.add_format(source.format)
    try:
        for piece in source.pieces():
            if not isinstance(piece, Declared | Columns | Doubt | Beside):
                position = printable(source.place + position_of(piece))
                if wanted is None or position in wanted:
                    found.add(position)
                    tally.asks_date_columns = tally.asks_date_columns or depends_on_columns(piece)
                    take(piece, source, tally, writer)
    except DumpError as error:
        if not source.member.name or isinstance(error, LimitError):
            raise
        if wanted is None:
            writer.reject(Reject(source.member.name, reason_of(error)), tally)
    return found


def _take_unread(source: Reject | Skip, tally: Tally, writer: Writer) -> None:
    """A member that is not read today either, or is known today not to be an article."""
    if isinstance(source, Skip):
        tally.skipped[source.kind] += 1
    else:
        writer.reject(source, tally)


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
            tally.date_habits = tally.date_habits or kept_habits(kept)
        else:
            _read_piece(kept, feed, tally, writer)
            tally.date_habits = tally.date_habits or kept_habits(kept)


def _kept(run: Run, row: dict[str, Any]) -> dict[str, Any] | None:
    """What quarantine keeps of one rejected article: `record` or `piece`; see sql/stage/quarantined.sql."""
    if not row["quarantine_file"]:
        return None
    file = _quarantined(run.settings, row["quarantine_file"])
    found = pq.read_table(file, filters=[("ordinal", "=", row["ordinal"])]).to_pylist() if file.exists() else []
    return found[0] if found else None


def _quarantined(settings: Settings, name: str) -> Path:
    """A file of the quarantine on this machine: of a bucket a copy, made once for all that is kept in it."""
    file = settings.quarantine_folder / name
    if not store.is_remote(file):
        return file
    copy = settings.scratch / name
    if not copy.exists() and store.exists(file):
        store.get(file, copy)
    return copy


def _as_read(kept: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A row of raw-*.parquet as a reader's record, and what was added to it."""
    record = {name: kept[name] for name in RAW_FIELDS}
    record |= {name: orjson.loads(record[name]) for name in ("labels", "extra") if record[name]}
    return record, {name: kept[name] for name in ("is_global_id", *PATH_FIELDS)}


def _read_piece(kept: dict[str, Any], feed: Feed, tally: Tally, writer: Writer) -> None:
    """Run the bytes of one rejected piece through today's reader, without the rest of its dump."""
    reason = "it cannot be read without the rest of its dump; put the dump back, or deliver it again"
    for name in kept["format"].split(" + ") if kept["piece"] else ():
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
