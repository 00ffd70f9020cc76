"""Bytes to raw records: nothing interpreted, nothing lost.

Records, unreadable pieces and pieces that are not articles are all counted, and the count is compared with the
article marks that the format's own scan finds in the same bytes.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from etl import formats, words
from etl.files import StorageError, writing
from etl.intake import bundles
from etl.intake.containers import Member
from etl.intake.days import path_facts
from etl.model import (
    OUR_FAULT,
    Declared,
    Delivery,
    DumpChanged,
    DumpError,
    DumpState,
    Feed,
    Piece,
    RawRecord,
    Reject,
    Skip,
)
from etl.run import Batch, Run
from etl.schemas import DELIVERIES
from etl.settings import ad_hoc_feed, load_sources
from etl.stages import taken_down
from etl.stages.discover import planned
from etl.stages.raw_records import Tally, Writer, printable

log = logging.getLogger(__name__)


def read_batch(run: Run, batch: Batch) -> dict[str, int]:
    """Read the deliveries of one batch into raw.parquet, pieces.parquet and deliveries.parquet."""
    batch.folder.mkdir(parents=True, exist_ok=True)
    feeds = load_sources(run.settings.sources).feeds
    with Writer(batch, run.settings.chunk_articles, taken_down.noted(run)) as writer:
        tallies = [_read_delivery(run, delivery, feeds, writer) for delivery in planned(run, batch.number)]
    return write_tallies(batch, tallies)


def write_tallies(batch: Batch, tallies: list[Tally]) -> dict[str, int]:
    """Write deliveries.parquet, the last file of an extraction."""
    rows = [
        {
            **asdict(tally),
            "reason": tally.reason and printable(tally.reason),
            "skipped": orjson.dumps(tally.skipped).decode(),
        }
        for tally in tallies
    ]
    pq.write_table(pa.Table.from_pylist(rows, DELIVERIES), batch.deliveries)
    log.info("Batch %s: %s.", batch.number, _summary(tallies))
    return {"deliveries": len(tallies), "articles_read": sum(tally.articles_read for tally in tallies)}


def _summary(tallies: list[Tally]) -> str:
    """What was read, and what could not be, in a line."""
    read = sum(tally.articles_read for tally in tallies)
    parts = [f"read {words.counted(read, 'article')} of {words.counted(len(tallies), 'dump')}"]
    if pieces := sum(tally.rejected_pieces for tally in tallies):
        parts.append(f"{pieces:,} of them could not be read")
    for kind, number in sum((tally.skipped for tally in tallies), Counter[str]()).items():
        parts.append(f"skipped {number:,} × {kind}")
    states = Counter(tally.state for tally in tallies if tally.state != DumpState.read)
    parts += [f"{words.counted(number, 'dump')} {state}" for state, number in states.items()]
    return "; ".join(parts)


def _read_delivery(run: Run, delivery: Delivery, feeds: dict[str, Feed], writer: Writer) -> Tally:
    """Read one delivery. Whatever goes wrong in it is its verdict, and stops no other."""
    tally = Tally(delivery.delivery)
    try:
        if delivery.refused:
            raise DumpError(delivery.refused)
        with writing(run.folder):
            _read_whole(run, delivery, feeds.get(delivery.source, ad_hoc_feed()), tally, writer)
        refuse_change(delivery)
        if not tally.articles_read and not tally.skipped:
            raise DumpError("it contains no article; ask for it again, or take it out of the landing folder")
    except DumpError as error:
        tally.state, tally.reason = DumpState.refused, str(error).removeprefix(f"{Path(delivery.file).name}: ")
    except DumpChanged as error:
        tally.state, tally.reason = DumpState.failed, str(error)
    except StorageError:
        raise  # the dump is not at fault
    except Exception as error:
        log.exception("reading %r", delivery.path)
        tally.state = DumpState.failed
        tally.reason = f"the reader stopped with {type(error).__name__}: {error}; {OUR_FAULT}"
    return tally


def refuse_change(delivery: Delivery) -> None:
    """Raise DumpChanged where a delivery is not the one that was planned any more."""
    try:
        stats = [Path(file).stat() for file in (delivery.file, *delivery.parts)]
    except FileNotFoundError:
        raise DumpChanged("vanished while the run was reading it; it is taken when it is back") from None
    if bundles.size_and_time(stats) != (delivery.bytes, delivery.mtime_ns):
        raise DumpChanged("changed while the run was reading it; it is taken again next run")


def _read_whole(run: Run, delivery: Delivery, feed: Feed, tally: Tally, writer: Writer) -> None:
    """Read all members of one delivery, and count the marks in each."""
    for source in sources_of(run, delivery, feed):
        match source:
            case Source():
                tally.add_format(source.format)
                for piece in source.pieces():
                    take(piece, source, tally, writer, run.settings.max_article_bytes)
                tally.add_marks(source.count_marks())
            case Reject():
                writer.reject(source, tally)
                tally.add_marks(1)
            case Skip():
                tally.skipped[source.kind] += 1


class Source(NamedTuple):
    """One member of a delivery, with what reads it."""

    member: Member
    reader: formats.Format
    feed: Feed
    fixed: dict[str, Any]
    """What is written beside each of its records: facts from the path, and whether its ids are global."""

    @property
    def format(self) -> str:
        """The name of its format."""
        return formats.name_of(self.reader)

    @property
    def place(self) -> str:
        """What the positions of its pieces begin with in the ledger."""
        return f"{printable(self.member.name)}: " if self.member.name else ""

    def pieces(self) -> Iterator[Piece]:
        """What the reader finds."""
        with self.member.open() as stream:
            yield from self.reader.read(stream, self.feed)

    def count_marks(self) -> int:
        """The articles found by a scan that is not the reader."""
        with self.member.open() as stream:
            return self.reader.count_marks(stream, self.feed)


def sources_of(run: Run, delivery: Delivery, feed: Feed) -> Iterator[Source | Reject | Skip]:
    """The members of a delivery, each with what reads it. Use each before taking the next.

    Raises DumpError or DumpChanged where it cannot be opened to the end, or no format is recognised in it.
    """
    refuse_change(delivery)
    unrecognised, is_any_read = 0, False
    format_of = partial(_format_of, delivery)
    for member, reader in bundles.readable(
        Path(delivery.file), run.settings.max_unpack_ratio, format_of, delivery.parts
    ):
        if isinstance(reader, Skip):
            yield reader
        elif isinstance(reader, Reject):
            if not member.name:
                raise DumpError("no format is recognised in it; name one in sources.toml or by --format")
            unrecognised += 1
            yield reader
        else:
            is_any_read = True
            in_path = path_facts(feed.path_pattern, f"{delivery.path}/{member.name}".rstrip("/"))
            yield Source(member, reader, feed, {**in_path, "is_global_id": formats.is_id_global(reader)})
    if unrecognised and not is_any_read:
        raise DumpError("no format is recognised in any of its members; name one in sources.toml or by --format")


def _format_of(delivery: Delivery, member: Member) -> str | None:
    """The format of a member: as planned, but where its files are read together each is recognised by its content."""
    if delivery.format != "auto" and not formats.has_parts(formats.named(delivery.format)):
        return delivery.format
    found = recognised(member, delivery.path)
    return found if delivery.format in ("auto", found) else None


def recognised(member: Member, path: str) -> str | None:
    """The format of a member, by its content; None where nothing knows it."""
    with member.open() as stream:
        head = stream.read(formats.HEAD_BYTES)
    return formats.recognise(head, member.name or path)


def take(piece: Piece, source: Source, tally: Tally, writer: Writer, max_article_bytes: int) -> None:
    """Write a piece of a source, or count it, as what it is."""
    match piece:
        case dict():
            if len(piece.get("body") or "") > max_article_bytes:
                writer.reject(_too_long(piece, max_article_bytes), tally, source.place)
            else:
                writer.add(piece, source.fixed, tally, source.place)
        case Reject():
            writer.reject(piece, tally, source.place)
        case Skip():
            tally.skipped[piece.kind] += 1
        case Declared():
            tally.articles_declared = (tally.articles_declared or 0) + piece.articles


def _too_long(record: RawRecord, limit: int) -> Reject:
    length = len(record["body"])
    reason = (
        f"its body has {length:,} characters; the limit is {limit:,}; raise BROADSHEET_MAX_ARTICLE_BYTES to load it"
    )
    return Reject(record["position"], reason, orjson.dumps(record, default=str))
