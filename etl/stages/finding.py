"""Which files a run looks at: those that its request points to, each with its feed; which are left, and why."""

from __future__ import annotations

import json
import logging
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from etl import store, words
from etl.declared.sources import AD_HOC, Sources, ad_hoc_feed
from etl.intake import bundles, days
from etl.intake.arrival import Found, ledger_path
from etl.intake.kinds import is_excluded, is_set_aside
from etl.intake.landing import files_below, folder_of, is_in_future, root_of, unsettled_seconds
from etl.intake.manifests import MANIFEST_SUFFIX
from etl.intake.seen import Fate, Seen, summed
from etl.intake.stat_cache import StatCache
from etl.model import OUR_FAULT, Feed
from etl.run import Run

log = logging.getLogger(__name__)

LAST_SECOND = 253_402_214_400
"""The last day of the year 9999 in Unix time: one second later may be the year 10000 in the schedule's zone."""


class RequestError(Exception):
    """What was asked for cannot be: an unknown source, a path where nothing lies."""


@dataclass
class Notes:
    """What becomes of each file while a run looks at them, by its name in the ledger."""

    landing: Path
    fates: dict[str, Fate] = field(default_factory=dict)
    waits_seconds: list[float] = field(default_factory=list)
    contested: set[str] = field(default_factory=set)
    future: int = 0
    missing_folders: list[str] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def add(self, file: Path | str, fate: Fate) -> None:
        """Note what became of a file."""
        self.fates[ledger_path(Path(file), self.landing)] = fate

    def warn(self, sentence: str) -> None:
        """Note what someone should know."""
        log.info(sentence)
        self.warnings.append(sentence)

    def summed(self) -> Seen:
        """All of it, in numbers."""
        return summed(
            self.fates,
            self.waits_seconds,
            self.contested,
            self.future,
            self.missing_folders,
            self.warnings,
            self.unreached,
        )


def find(run: Run, sources: Sources, feeds: list[Feed], cache: StatCache, notes: Notes) -> Iterator[Found]:
    """Every finished file that the request points to, each once, with the feed that claims it first.

    What became of the others is noted.
    """
    claimants = list(sources.claimants) if run.request.source is None else feeds
    found = _by_path(run, sources, claimants) if run.request.paths else _by_feed(sources, claimants)
    if run.request.day:
        _refuse_undated(run, feeds)
    dateless: Counter[str] = Counter()
    feed_of: dict[Path, str] = {}
    for item in found:
        if item.file.name.endswith(MANIFEST_SUFFIX):
            continue
        if item.file in feed_of:
            if feed_of[item.file] != item.feed.name and not is_set_aside(item.file.name):
                notes.contested.add(ledger_path(item.file, sources.landing))
            continue
        feed_of[item.file] = item.feed.name
        if is_set_aside(item.file.name):
            notes.add(item.file, Fate.set_aside)
        elif is_excluded(ledger_path(item.file, sources.landing), item.feed.exclude):
            notes.add(item.file, Fate.excluded)
        elif item.feed.name in sources.wrong:
            notes.add(item.file, Fate.wrong_stanza)
        elif run.request.day and not _is_of_day(run, sources, item, dateless):
            notes.add(item.file, Fate.other_day)
        elif not run.request.paths and not is_settled(run, item.feed, item.file, cache, notes):
            notes.add(item.file, Fate.unsettled)
        else:
            yield item
    if run.request.day:
        left_out = days.left_out(feeds, dateless)
        run.left_out.write_text(json.dumps(left_out, indent=1))
        for sentence in left_out:
            log.warning(sentence)


def _refuse_undated(run: Run, feeds: list[Feed]) -> None:
    if run.request.paths:
        raise RequestError("a path was given for a dated run; a backfill takes a feed, or all of them, day by day")
    if not any(map(days.is_dated, feeds)):
        names = ", ".join(feed.name for feed in feeds) or "none at all"
        raise RequestError(f"cannot backfill: no feed asked for ({names}) has a date in its paths; {days.HOW}")


def _is_of_day(run: Run, sources: Sources, found: Found, dateless: Counter[str]) -> bool:
    """Whether the path of a file has the request's day. Files of a dated feed without a day in it are counted."""
    if not days.is_dated(found.feed):
        return False
    day = days.day_of(found.feed, ledger_path(found.file, sources.landing))
    if day is None:
        dateless[found.feed.name] += 1
    return day == run.request.day


def asked_feeds(run: Run, sources: Sources) -> list[Feed]:
    """The feeds that the request is about. Raises RequestError for an unknown one, or without a landing folder."""
    source = run.request.source
    if source is None:
        feeds = list(sources.feeds.values())
    elif source in sources.wrong:
        raise RequestError("; ".join(sources.wrong[source].problems))
    elif source not in sources.feeds:
        known = ", ".join(sources.feeds) or "none"
        raise RequestError(f"there is no feed {source!r} in {run.settings.sources.name}; known are: {known}")
    else:
        feeds = [sources.feeds[source]]
    _refuse_missing_landing(run, sources, feeds)
    return feeds


def _refuse_missing_landing(run: Run, sources: Sources, feeds: list[Feed]) -> None:
    patterns = [Path(bundles.pattern_of(feed, sources)) for feed in feeds]
    is_needed = not patterns or any(pattern.is_relative_to(sources.landing) for pattern in patterns)
    if not is_needed or run.request.paths:
        return
    place = store.url_of(sources.landing)
    try:
        is_there = store.is_folder(sources.landing)
    except OSError as error:
        raise RequestError(f"the landing folder {place} cannot be listed: {error.strerror}") from error
    if not is_there:
        raise RequestError(f"the landing folder {place} is not there (is it mounted?)")


def _by_feed(sources: Sources, feeds: Iterable[Feed]) -> Iterator[Found]:
    for feed in feeds:
        pattern = bundles.pattern_of(feed, sources)
        root = root_of(pattern, sources.landing)
        try:
            for file in files_below(pattern, root):
                yield Found(file, feed, root)
        except Exception as error:
            log.exception("listing the files of feed %s", feed.name)
            fault = f"cannot be listed: {type(error).__name__}: {error}; {OUR_FAULT}"
            yield Found(Path(pattern.replace("\0", "")), feed, root, fault)


def _by_path(run: Run, sources: Sources, feeds: list[Feed]) -> Iterator[Found]:
    claimed: dict[Path, Feed] = {}
    for found in _by_feed(sources, feeds):
        claimed.setdefault(found.file, found.feed)
    default = feeds[0] if run.request.source else ad_hoc_feed()
    for path in run.request.paths:
        pattern = os.path.abspath(store.path_of(path))
        root = sources.landing if Path(pattern).is_relative_to(sources.landing) else None
        files = list(files_below(pattern, root))
        if not files:
            raise RequestError(f"{path}: no file there; expected a file, a folder with files, or a glob")
        for file in files:
            feed = claimed.get(file, default)
            _refuse_wrong(file, feed, sources)
            yield Found(file, replace(feed, format=run.request.format or feed.format), root)


def _refuse_wrong(file: Path, feed: Feed, sources: Sources) -> None:
    """Raise RequestError where a file is, or may be, of a feed whose stanza is wrong: it would be read wrongly."""
    may_be_of = {feed.name} & sources.wrong.keys()
    if feed.name == AD_HOC:
        may_be_of = {name for name, stanza in sources.wrong.items() if not stanza.paths}
    problems = [problem for name in sorted(may_be_of) for problem in sources.wrong[name].problems]
    if problems:
        raise RequestError(f"{file}: its feed cannot be used: {'; '.join(problems)}")


def is_settled(run: Run, feed: Feed, file: Path, cache: StatCache, notes: Notes) -> bool:
    """Whether a file is complete, as far as its times show; one that cannot be looked at is left to the plan.

    What is fetched was left elsewhere until it had settled, and arrives whole.
    """
    if feed.address:
        return True
    try:
        stats = store.stat(file)
        now = run.started_at.replace(tzinfo=UTC).timestamp()
        was_seen = cache.has_seen(file, stats)
        seconds = unsettled_seconds(stats, now, feed.settle_seconds, was_seen)
        if is_in_future(stats, now):
            notes.future += 1
            if not was_seen:
                path = ledger_path(file, notes.landing)
                notes.warn(_of_tomorrow(path, stats, seconds, run.settings.timezone))
                cache.sha256(file, stats)  # so that the next run knows whether it has changed
    except Exception:  # the plan says what is wrong with it
        return True
    if seconds:
        notes.waits_seconds.append(seconds)
    return not seconds


def _of_tomorrow(path: str, stats: os.stat_result, seconds: float, timezone: ZoneInfo) -> str:
    at = words.moment(datetime.fromtimestamp(min(stats.st_mtime, LAST_SECOND), UTC), timezone)
    what = "it is left until it is seen unchanged" if seconds else "it is taken all the same"
    return f"{path} has a time stamp in the future ({at}): a clock is wrong; {what}"


def note_unclaimed(run: Run, sources: Sources, notes: Notes) -> None:
    """Note what lies in the landing folder and no feed claims, in a run over all feeds."""
    if not run.request.is_whole:
        return
    for file in files_below(str(sources.landing), sources.landing):
        path = ledger_path(file, sources.landing)
        if path not in notes.fates and not file.name.endswith(MANIFEST_SUFFIX):
            notes.fates[path] = Fate.set_aside if is_set_aside(file.name) else Fate.unclaimed


def missing_folders(sources: Sources, feeds: Iterable[Feed]) -> list[str]:
    """Where feeds look, and there is no folder. A path without wildcards may also name a file that is still to come.

    The folder of one that is fetched comes with its first file.
    """
    missing = []
    for feed in (feed for feed in feeds if not feed.address):
        pattern = bundles.pattern_of(feed, sources)
        folder = folder_of(pattern)
        may_be_file = folder == Path(pattern) and folder.suffix and store.is_folder(folder.parent)
        if not may_be_file and not store.exists(folder):
            missing.append(f"{feed.name}: {ledger_path(folder, sources.landing)}")
    return missing
