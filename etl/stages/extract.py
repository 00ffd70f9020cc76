"""Bytes to raw records: nothing interpreted, nothing lost.

Records, unreadable pieces and pieces that are not articles are all counted, and so are the article marks that the
format's own scan finds in the same bytes. etl.stages.gather adds up the counts of a dump, and judges them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from etl import formats, store
from etl.declared.sources import ad_hoc_feed, load_sources
from etl.files import StorageError
from etl.formats.common.streams import peekable
from etl.intake import bundles
from etl.intake.containers import Member
from etl.intake.days import path_facts
from etl.intake.kinds import TOLD
from etl.intake.spools import Limits
from etl.model import (
    Beside,
    Columns,
    Declared,
    Delivery,
    Doubt,
    DumpChanged,
    DumpError,
    Feed,
    LimitError,
    Piece,
    Range,
    Reject,
    Skip,
)
from etl.run import Run
from etl.stages.accounting import LARGEST_SEARCHED_BYTES, Account, balance, count_seen
from etl.stages.gather import says_none_read, write_tallies
from etl.stages.isolation import is_of_machine, reason_of
from etl.stages.parts import Cut, Part, cuts_of
from etl.stages.raw_records import Writer, printable
from etl.stages.reading import read_apart, verdict_of
from etl.stages.tallies import Tally
from etl.stages.unread import Unread

log = logging.getLogger(__name__)

HEAD_BYTES = 64


def read_part(run: Run, part: Part, unread_before: Mapping[int, int] = MappingProxyType({})) -> dict[str, int]:
    """Read one part of a batch into raw-*.parquet, pieces-*.parquet and tallies-*.pickle.

    `unread_before`: by delivery, by how many the pieces that cannot be read outnumber the articles before the part.
    """
    batch = run.batch(part.batch)
    batch.folder.mkdir(parents=True, exist_ok=True)
    batch.tallies_of(part.number).unlink(missing_ok=True)
    read = partial(_read_cut, run, load_sources(run.settings).feeds, unread_before)
    tallies = read_apart(run, part, cuts_of(run, part), read)
    write_tallies(batch, part, tallies)
    return {"deliveries": len(tallies), "articles_read": sum(tally.articles_read for tally in tallies)}


def _read_cut(run: Run, feeds: dict[str, Feed], unread_before: Mapping[int, int], cut: Cut, writer: Writer) -> Tally:
    """Read a delivery, or a range of it. Whatever goes wrong in it is its verdict, and stops no other."""
    delivery = cut.delivery
    tally = Tally(delivery.delivery, unread=Unread(unread_before.get(delivery.delivery, 0)))
    try:
        if delivery.refused:
            raise DumpError(delivery.refused)
        _read_whole(run, cut, feeds.get(delivery.source, ad_hoc_feed()), tally, writer)
        refuse_change(delivery)
    except StorageError:
        raise  # the dump is not at fault
    except Exception as error:
        if not isinstance(error, DumpError | DumpChanged):
            log.exception("reading %r", delivery.path)
        tally.state, tally.reason = verdict_of(run.settings, delivery, error)
    return tally


def refuse_change(delivery: Delivery) -> None:
    """Raise DumpChanged where a delivery is not the one that was planned any more."""
    try:
        stats = [store.stat(Path(file)) for file in (delivery.file, *delivery.parts)]
    except FileNotFoundError:
        raise DumpChanged("vanished while the run was reading it; it is taken when it is back") from None
    if bundles.size_and_time(stats) != (delivery.bytes, delivery.mtime_ns):
        raise DumpChanged("changed while the run was reading it; it is taken again next run")


def _read_whole(run: Run, cut: Cut, feed: Feed, tally: Tally, writer: Writer) -> None:
    """Read the members of one delivery, all or a run of them, or a range of its only one, and count the marks in each.
    A broken member of an archive is rejected at its name.
    """
    for source in sources_of(run, cut.delivery, feed, cut.range):
        match source:
            case Source():
                tally.members_read += 1
                _read_member(source, tally, writer)
            case Reject():
                writer.reject(source, tally)
                tally.first_unread = tally.first_unread or source
                tally.add_marks(1)
            case Skip():
                tally.skipped[source.kind] += 1
                if source.kind in TOLD:
                    tally.unread_kinds[source.kind] += 1


def _read_member(source: Source, tally: Tally, writer: Writer) -> None:
    """Read one member and count its marks; reject it at its name if it is broken and has others beside it."""
    before, declared_before = tally.articles_read, tally.articles_declared
    tally.add_format(source.format)
    try:
        with source.member.open() as opened:
            stream = peekable(opened)
            account = source.account(stream.peek(HEAD_BYTES))
            for piece in source.reader.read(stream, source.feed):
                account.add(piece)
                take(piece, source, tally, writer)
        if source.member.name:
            tally.hold_total(source.place, declared_before, before)
        tally.add_marks(source.count_marks())
        with source.member.open() as opened:
            if isinstance(source.reader, formats.OfRange):
                count_seen(opened, account, source.reader.head, source.reader.stretch)
                tally.account = account
            else:
                tally.add_account(account, balance(opened, account), source.place)
    except Exception as error:
        if not source.member.name or isinstance(error, LimitError | DumpChanged) or is_of_machine(error):
            raise
        reject = Reject(source.member.name, _reason_of(error))
        writer.reject(reject, tally)
        tally.broken_members += 1
        tally.first_broken = tally.first_broken or reject
        tally.add_marks(tally.articles_read - before)  # what is in the rest of it nobody knows


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
    range: Range | None = None
    """Which stretch of it this is; None for all of it."""
    is_long: bool = False
    """Whether it is known, before it is read, to be too long to be searched for what is in no article."""

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

    def account(self, head: bytes) -> Account:
        """What counts the words of what is made of it."""
        is_beginning = not (self.range and self.range.start)
        head = self.reader.head if isinstance(self.reader, formats.OfRange) else head
        return Account(head, formats.least_accounted(self.reader), self.is_long, is_beginning)


def sources_of(
    run: Run, delivery: Delivery, feed: Feed, stretch: Range | None = None
) -> Iterator[Source | Reject | Skip]:
    """The members of a delivery, or of a stretch of it, or a stretch of its only one, each with what reads it. Use each
    before taking the next.

    Raises DumpError or DumpChanged where it cannot be opened to the end, or no format is recognised in it.
    """
    refuse_change(delivery)
    first: Reject | None = None
    is_any_read = False
    format_of = partial(bundles.identified, path=delivery.path, wanted=delivery.format)
    limits = Limits.of(run.settings)
    for member, reader in bundles.readable(
        Path(delivery.file), format_of, delivery.parts, limits, feed.exclude, delivery.seen, stretch
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
            fixed = {**in_path, "is_global_id": formats.is_id_global(reader)}
            is_long = not member.name and formats.has_ranges(reader) and delivery.bytes > LARGEST_SEARCHED_BYTES
            if stretch and not member.name:
                reader = formats.OfRange.of(reader, member.open, stretch)
                member = Member(member.name, reader.opener(member.open))
            yield Source(member, reader, feed, fixed, None if member.name else stretch, is_long)
    if first and not is_any_read and not stretch:
        raise DumpError(says_none_read(first))


def take(piece: Piece, source: Source, tally: Tally, writer: Writer) -> None:
    """Write a piece of a source, or count it, as what it is."""
    match piece:
        case dict():
            writer.add(piece, source.fixed, tally, source.place)
        case Reject():
            writer.reject(piece, tally, source.place)
            tally.unread.add(piece, source.place, tally.articles_read)
        case Skip():
            tally.skipped[piece.kind] += 1
        case Declared():
            tally.articles_declared = (tally.articles_declared or 0) + piece.articles
        case Columns():
            tally.add_columns(piece)
        case Doubt():
            tally.add_doubt(source.place, piece)
        case Beside():
            tally.add_beside(source.place, piece.words)
