"""Bytes to raw records: nothing interpreted, nothing lost.

Records, unreadable pieces and pieces that are not articles are all counted, and the count is compared with the
article marks that the format's own scan finds in the same bytes.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from etl import formats, words
from etl.files import StorageError
from etl.formats.common.columns import says_missing
from etl.formats.common.streams import peekable
from etl.intake import bundles
from etl.intake.containers import Member, is_beside_parts
from etl.intake.days import path_facts
from etl.intake.kinds import EMPTY_PART, MAY_BE_ALL, OF_PAGES, advice_on, says_unread
from etl.intake.spools import Limits
from etl.model import (
    Columns,
    Declared,
    Delivery,
    Doubt,
    DumpChanged,
    DumpError,
    DumpState,
    Feed,
    LimitError,
    Piece,
    Reject,
    Skip,
)
from etl.run import Batch, Run
from etl.schemas import DELIVERIES
from etl.sources import ad_hoc_feed, load_sources
from etl.stages.accounting import Account, Balance, balance
from etl.stages.discover import planned
from etl.stages.isolation import is_of_machine, reason_of
from etl.stages.limits import as_piece, too_long
from etl.stages.raw_records import Tally, Writer, printable
from etl.stages.reading import read_apart, verdict_of

log = logging.getLogger(__name__)

HEAD_BYTES = 64
SHOWN_WARNINGS = 3

MOST_REJECTED = 100_000
"""Pieces of a dump, before it is asked whether they are most of it: a byte may be one."""


def read_batch(run: Run, batch: Batch) -> dict[str, int]:
    """Read the deliveries of one batch into raw.parquet, pieces.parquet and deliveries.parquet."""
    batch.folder.mkdir(parents=True, exist_ok=True)
    feeds = load_sources(run.settings).feeds
    read = partial(_read_delivery, run, feeds)
    return write_tallies(batch, read_apart(run, batch, planned(run, batch.number), read))


def write_tallies(batch: Batch, tallies: list[Tally]) -> dict[str, int]:
    """Write deliveries.parquet, the last file of an extraction."""
    rows = [
        {
            **vars(tally),
            "reason": _told(tally),
            "skipped": orjson.dumps(tally.skipped).decode(),
        }
        for tally in tallies
    ]
    pq.write_table(pa.Table.from_pylist(rows, DELIVERIES), batch.deliveries)
    log.info("Batch %s: %s.", batch.number, _summary(tallies))
    return {"deliveries": len(tallies), "articles_read": sum(tally.articles_read for tally in tallies)}


def _told(tally: Tally) -> str | None:
    """Why a dump is not loaded, or what is odd in it."""
    if tally.reason or not tally.warnings:
        return tally.reason and printable(tally.reason)
    more = len(tally.warnings) - SHOWN_WARNINGS
    others = [f"{words.counted(more, 'more file')} of it likewise"] if more > 0 else []
    return printable("; ".join([*tally.warnings[:SHOWN_WARNINGS], *others]))


def _summary(tallies: list[Tally]) -> str:
    """What was read, and what was rejected, in a line."""
    read = sum(tally.articles_read for tally in tallies)
    parts = [f"read {words.counted(read, 'article')} of {words.counted(len(tallies), 'dump')}"]
    if pieces := sum(tally.rejected_pieces for tally in tallies):
        parts.append(f"{pieces:,} of them rejected")
    for kind, number in sum((tally.skipped for tally in tallies), Counter[str]()).items():
        parts.append(f"skipped {number:,} × {kind}")
    states = Counter(tally.state for tally in tallies if tally.state != DumpState.read)
    parts += [f"{words.counted(number, 'dump')} {state}" for state, number in states.items()]
    return "; ".join(parts)


def _read_delivery(run: Run, feeds: dict[str, Feed], delivery: Delivery, writer: Writer) -> Tally:
    """Read one delivery. Whatever goes wrong in it is its verdict, and stops no other."""
    tally = Tally(delivery.delivery)
    try:
        if delivery.refused:
            raise DumpError(delivery.refused)
        _read_whole(run, delivery, feeds.get(delivery.source, ad_hoc_feed()), tally, writer)
        refuse_change(delivery)
        if tally.columns and tally.columns.missing:
            raise DumpError(says_missing(sorted(tally.columns.missing), tally.columns.found))
        if not tally.articles_read:
            _judge_empty(tally, delivery)
    except StorageError:
        raise  # the dump is not at fault
    except Exception as error:
        if not isinstance(error, DumpError | DumpChanged):
            log.exception("reading %r", delivery.path)
        tally.state, tally.reason = verdict_of(run.settings, delivery, error)
    return tally


def _judge_empty(tally: Tally, delivery: Delivery) -> None:
    """Note that a dump holds no article. Raises DumpError unless all that it holds is never one, or it is a part of the
    output of a job, which may have a header alone."""
    if not tally.skipped and is_beside_parts(Path(delivery.file)):
        tally.skipped[EMPTY_PART] += 1
    if tally.skipped.keys() == {EMPTY_PART}:
        return
    held = words.listed(tally.skipped)
    if tally.skipped and tally.skipped.keys() <= MAY_BE_ALL:
        tally.warnings = [
            f"it holds no article, but {held}; if its sender sends such alone, `exclude` in the stanza leaves it "
            "out; else ask for the articles"
        ]
        return
    items = words.counted(sum(tally.skipped.values()), "item")
    found = f"it holds {items}, none with a text that Broadsheet reads: {held}" if held else "it contains no article"
    raise DumpError(f"{found}; {advice_on(tally.skipped)}")


def refuse_change(delivery: Delivery) -> None:
    """Raise DumpChanged where a delivery is not the one that was planned any more."""
    try:
        stats = [Path(file).stat() for file in (delivery.file, *delivery.parts)]
    except FileNotFoundError:
        raise DumpChanged("vanished while the run was reading it; it is taken when it is back") from None
    if bundles.size_and_time(stats) != (delivery.bytes, delivery.mtime_ns):
        raise DumpChanged("changed while the run was reading it; it is taken again next run")


def _read_whole(run: Run, delivery: Delivery, feed: Feed, tally: Tally, writer: Writer) -> None:
    """Read all members of one delivery, and count the marks in each. A broken member of an archive is rejected at its
    name; raises DumpError with the reason of the first where there is nothing else.
    """
    broken: list[Reject] = []
    unread = Counter[str]()
    for source in sources_of(run, delivery, feed):
        match source:
            case Source():
                broken += _read_member(source, tally, writer, run.settings.max_article_bytes)
            case Reject():
                writer.reject(source, tally)
                tally.add_marks(1)
            case Skip():
                tally.skipped[source.kind] += 1
                if source.kind in OF_PAGES:
                    unread[source.kind] += 1
    if unread:
        tally.warnings.insert(0, says_unread(unread))
    if broken and len(broken) == tally.articles_read:
        raise DumpError(f"{broken[0].position}: {broken[0].reason}")


def _read_member(source: Source, tally: Tally, writer: Writer, max_article_bytes: int) -> list[Reject]:
    """Read one member and count its marks. Returns its rejection if it is broken and has others beside it."""
    before = tally.articles_read
    tally.add_format(source.format)
    try:
        with source.member.open() as opened:
            stream = peekable(opened)
            account = Account(stream.peek(HEAD_BYTES), formats.least_accounted(source.reader))
            for piece in source.reader.read(stream, source.feed):
                account.add(piece)
                take(piece, source, tally, writer, max_article_bytes)
        tally.add_marks(source.count_marks())
        tally.add_words(source.balance(account), source.place)
        tally.warnings += [source.place + warning for warning in account.unfilled.told()]
    except Exception as error:
        if not source.member.name or isinstance(error, LimitError | DumpChanged) or is_of_machine(error):
            raise
        reject = Reject(source.member.name, _reason_of(error))
        writer.reject(reject, tally)
        tally.add_marks(tally.articles_read - before)  # what is in the rest of it nobody knows
        return [reject]
    return []


def _reason_of(error: Exception) -> str:
    """Why a member cannot be read."""
    if isinstance(error, DumpError):
        return bundles.reason_of(error)
    log.error("a reader stopped", exc_info=error)
    return f"the reader stopped with {reason_of(error)}"


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

    def balance(self, account: Account) -> Balance | None:
        """Its words, held against those of what was made of it; None where they cannot be counted."""
        with self.member.open() as stream:
            return balance(stream, account, formats.least_accounted(self.reader))


def sources_of(run: Run, delivery: Delivery, feed: Feed) -> Iterator[Source | Reject | Skip]:
    """The members of a delivery, each with what reads it. Use each before taking the next.

    Raises DumpError or DumpChanged where it cannot be opened to the end, or no format is recognised in it.
    """
    refuse_change(delivery)
    first: Reject | None = None
    is_any_read = False
    format_of = partial(bundles.identified, path=delivery.path, wanted=delivery.format)
    limits = Limits.of(run.settings)
    for member, reader in bundles.readable(
        Path(delivery.file), format_of, delivery.parts, limits, feed.exclude, delivery.seen
    ):
        if isinstance(reader, Skip):
            yield reader
        elif isinstance(reader, Reject):
            if not member.name:
                raise DumpError(reader.reason)
            first = first or reader
            yield reader
        else:
            is_any_read = True
            in_path = path_facts(feed.path_pattern, f"{delivery.path}/{member.name}".rstrip("/"))
            yield Source(member, reader, feed, {**in_path, "is_global_id": formats.is_id_global(reader)})
    if first and not is_any_read:
        raise DumpError(f"none of its members can be read; the first is {first.position}: {first.reason}")


def _refuse_rubbish(last: Reject, tally: Tally) -> None:
    """Raise LimitError where so much cannot be read that listing it all would cost the stages after this."""
    rejected = tally.rejected_pieces
    if rejected > MOST_REJECTED and 2 * rejected > tally.articles_read:
        raise LimitError(
            f"{rejected:,} of its first {tally.articles_read:,} articles cannot be read, so the rest is not looked at; "
            f"the last is {printable(last.position)}: {printable(last.reason)}"
        )


def take(piece: Piece, source: Source, tally: Tally, writer: Writer, max_article_bytes: int) -> None:
    """Write a piece of a source, or count it, as what it is."""
    match piece:
        case dict():
            if reason := too_long(piece, max_article_bytes):
                writer.reject(Reject(piece["position"], reason, as_piece(piece)), tally, source.place)
            else:
                writer.add(piece, source.fixed, tally, source.place)
        case Reject():
            writer.reject(piece, tally, source.place)
            _refuse_rubbish(piece, tally)
        case Skip():
            tally.skipped[piece.kind] += 1
        case Declared():
            tally.articles_declared = (tally.articles_declared or 0) + piece.articles
        case Columns():
            tally.add_columns(piece)
        case Doubt():
            tally.warnings.append(source.place + piece.warning)
