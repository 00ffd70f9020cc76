"""Whether each feed can be read as its stanza says: tried with one file of it. Changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice

from etl import words
from etl.formats.common.columns import says_missing
from etl.intake.arrival import delivery_of
from etl.intake.stat_cache import StatCache
from etl.model import Columns, Declared, Delivery, DumpChanged, DumpError, Feed, Piece, Reject, Skip, Trigger
from etl.run import Request, Run
from etl.settings import Settings
from etl.sources import Sources, load_sources
from etl.stages.extract import Source, sources_of
from etl.stages.finding import Notes, find

MOST_PIECES = 2_000
SHOWN_FIELDS = ("headline", "body", "published", "native_id")


@dataclass
class Sample:
    """What was read of one file of a feed."""

    feed: str
    path: str | None = None
    """None where the landing folder holds no file of the feed."""
    formats: list[str] = field(default_factory=list)
    records: int = 0
    filled: Counter[str] = field(default_factory=Counter)
    """In how many records each field is filled."""
    rejected: list[Reject] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def add(self, piece: Piece) -> None:
        """Count a piece."""
        match piece:
            case dict():
                self.records += 1
                self.filled.update(name for name, value in piece.items() if value)
            case Reject():
                self.rejected.append(piece)
            case Columns() if piece.missing:
                self.problems.append(says_missing(sorted(piece.missing), piece.found))
            case Columns() | Declared() | Skip():
                pass

    @property
    def summary(self) -> str:
        """What would be loaded, in a line."""
        if self.path is None:
            return "no file of it is in the landing folder"
        fields = ", ".join(f"{name} in {self.filled[name]:,}" for name in SHOWN_FIELDS)
        rejected = f"; {len(self.rejected):,} rejected" if self.rejected else ""
        articles = words.counted(self.records, "article")
        return f"{self.path}: read as {' + '.join(self.formats)}: {articles}, {fields}{rejected}"


def samples(settings: Settings) -> Iterator[Sample]:
    """A sample of each feed whose stanza can be used."""
    sources = load_sources(settings)
    for feed in sources.feeds.values():
        now = datetime.now(UTC).replace(tzinfo=None)
        yield _sample(Run(settings, "check", now, Trigger.command_line, Request(source=feed.name)), sources, feed)


def _sample(run: Run, sources: Sources, feed: Feed) -> Sample:
    sample = Sample(feed.name)
    delivery = _newest(run, sources, feed)
    if delivery is None:
        return sample
    sample.path = delivery.path
    try:
        if delivery.refused:
            raise DumpError(delivery.refused)
        for piece in islice(_pieces(run, delivery, feed, sample), MOST_PIECES):
            sample.add(piece)
    except (DumpError, DumpChanged) as error:
        sample.problems.append(str(error))
        return sample
    if not sample.records:
        first = f"; first: {sample.rejected[0].reason}" if sample.rejected else ""
        sample.problems.append(f"no article can be read in it{first}")
    elif not sample.filled["body"]:
        sample.problems.append("no article has a body: name its column, or look at `broadsheet inspect`")
    return sample


def _newest(run: Run, sources: Sources, feed: Feed) -> Delivery | None:
    """The file of the feed that changed last."""
    cache, notes = StatCache(run.settings.home), Notes(run, sources.landing)
    files = find(run, sources, [feed], cache, notes)
    newest = max(files, key=lambda found: found.file.lstat().st_mtime_ns, default=None)
    return delivery_of(newest, sources, run.request.stated, cache, notes.warn) if newest else None


def _pieces(run: Run, delivery: Delivery, feed: Feed, sample: Sample) -> Iterator[Piece]:
    for source in sources_of(run, delivery, feed):
        if isinstance(source, Source):
            if source.format not in sample.formats:
                sample.formats.append(source.format)
            yield from source.pieces()
        else:
            yield source
