"""Whether each feed can be read as its stanza says: tried with one file of it. Changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from etl import store, words
from etl.declared.sources import Sources, load_sources
from etl.formats.common.columns import says_missing
from etl.intake.arrival import Found, delivery_of
from etl.intake.fetching import Fetched
from etl.intake.stat_cache import StatCache
from etl.model import Columns, Declared, Delivery, DumpChanged, DumpError, Feed, Piece, Reject, Skip, Trigger
from etl.run import Request, Run
from etl.settings import Settings, SettingsError
from etl.stages import fetch
from etl.stages.extract import Source, sources_of
from etl.stages.finding import Notes, find, missing_folders

MOST_PIECES = 2_000
SHOWN_FILES = 3
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
    would_fetch: str | None = None
    """Of a feed whose path is an address: what the next run would fetch."""

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
    if not store.is_folder(sources.landing):
        raise SettingsError(f"the landing folder {store.url_of(sources.landing)} is not there (is it mounted?)")
    run = Run(settings, "check", datetime.now(UTC).replace(tzinfo=None), Trigger.command_line, Request())
    at_once = replace(sources, claimants=tuple(replace(feed, settle_seconds=0) for feed in sources.claimants))
    newest = _newest_of_each(run, at_once)
    trials = _trials(run, sources)
    for feed in sources.feeds.values():
        missing = missing_folders(sources, [feed])
        if missing:
            yield Sample(feed.name, problems=[f"its folder {missing[0].partition(': ')[2]}/ is not there"])
        else:
            yield _with_trial(_sample(run, sources, feed, newest.get(feed.name)), trials.get(feed.name))


def _trials(run: Run, sources: Sources) -> dict[str, Fetched]:
    """What a run would fetch of each feed whose path is an address."""
    feeds = [feed for feed in sources.feeds.values() if feed.address]
    if not feeds:
        return {}
    known = fetch.glance_at_known(run.settings, feeds)
    tried = fetch.fetched(run.settings, sources, feeds, known, run.started_at, {}, is_trial=True)
    return {outcome.feed: outcome for outcome in tried}


def _with_trial(sample: Sample, trial: Fetched | None) -> Sample:
    if trial:
        sample.problems += [*trial.problems, *trial.warnings]
        size = words.size(sum(file.size_bytes for file in trial.files))
        names = words.first_few([file.landing_path for file in trial.files], SHOWN_FILES)
        new = words.counted(len(trial.files), "new file")
        sample.would_fetch = f"{new} would be fetched ({size}): {names}" if trial.files else "nothing new to fetch"
    return sample


def _newest_of_each(run: Run, sources: Sources) -> dict[str, Found]:
    """The file of each feed that changed last, of those that no feed before it claims."""
    newest: dict[str, Found] = {}
    cache, notes = StatCache(run.settings.stat_cache), Notes(sources.landing)
    for found in find(run, sources, list(sources.feeds.values()), cache, notes):
        before = newest.get(found.feed.name)
        if before is None or _changed_at(found.file) >= _changed_at(before.file):
            newest[found.feed.name] = found
    return newest


def _changed_at(file: Path) -> int:
    return (store.stat(file) if store.is_remote(file) else file.lstat()).st_mtime_ns


def _sample(run: Run, sources: Sources, feed: Feed, found: Found | None) -> Sample:
    sample = Sample(feed.name)
    cache, notes = StatCache(run.settings.stat_cache), Notes(sources.landing)
    delivery = delivery_of(found, sources, run.request.stated, cache, notes.warn) if found else None
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


def _pieces(run: Run, delivery: Delivery, feed: Feed, sample: Sample) -> Iterator[Piece]:
    for source in sources_of(run, delivery, feed):
        if isinstance(source, Source):
            if source.format not in sample.formats:
                sample.formats.append(source.format)
            yield from source.pieces()
        else:
            yield source
