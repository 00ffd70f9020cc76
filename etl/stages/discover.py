"""Which deliveries are new, and which batches they make.

A delivery is a file as it stands, with its manifest: source + path + content hash + manifest hash.
"""

from __future__ import annotations

import json
import logging
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from etl import formats, words
from etl.intake import bundles, days
from etl.intake.landing import files_below, refuse_odd, root_of
from etl.intake.manifests import MANIFEST_SUFFIX, manifest_facts, overlaid, read_manifest
from etl.intake.stat_cache import StatCache
from etl.model import Delivery, DumpError, DumpState, Feed
from etl.run import Run
from etl.schemas import PLAN
from etl.settings import Sources, ad_hoc_feed, load_sources
from etl.stages import taken_down
from etl.warehouse import opening

log = logging.getLogger(__name__)

UNFINISHED_SUFFIXES = (".tmp", ".part", ".partial", ".crdownload", ".filepart", ".swp", "~")
MAPPING_LIMIT = 1_000
"""Airflow maps a task over at most 1,024 batches."""


class RequestError(Exception):
    """What was asked for cannot be: an unknown source, a path where nothing lies."""


@dataclass(frozen=True)
class Found:
    """A file that a feed or a person points to. No link may lead out of `root`; without one, a person may read it."""

    file: Path
    feed: Feed
    root: Path | None


Ledger = dict[tuple[str, str, str, str], str]
"""The state of every known delivery by its identity: source, path, sha256, manifest_sha256."""


def known_deliveries(run: Run) -> Ledger:
    """What the warehouse knows of deliveries; nothing before the first load."""
    if not opening.exists(run.settings):
        return {}
    with opening.opened(run.settings, f"discovery in run {run.run_id}") as engine, engine.connect() as connection:
        taken_down.note(run, connection)
        rows = connection.exec_driver_sql("select source, path, sha256, manifest_sha256, state from ops.dump_status")
        return {(row[0], row[1], row[2], row[3]): row[4] for row in rows}


def plan_deliveries(run: Run, ledger: Ledger) -> list[int]:
    """Write plan.parquet for what is new and return the numbers of its batches.

    Raises RequestError when the request cannot be met.
    """
    sources = load_sources(run.settings.sources)
    _refuse_unknown_format(run.request.format)
    cache = StatCache.load(run.settings.home / "stat_cache.json")
    found = _of_day(run, sources) if run.request.day else find(run, sources)
    deliveries = [delivery for item in found if (delivery := _delivery(run, sources, item, cache))]
    claimed = {part for delivery in deliveries for part in delivery.parts}
    deliveries = [
        delivery
        for delivery in deliveries
        if delivery.file not in claimed
        and (run.request.paths or _have_parts_settled(run, sources, delivery))
        and (run.request.force or _is_wanted(ledger.get(delivery.identity)))
    ]
    cache.save()
    batches = write_plan(run, deliveries)
    known = words.counted(len(ledger), "delivery", "deliveries")
    log.info("%s; the ledger knows %s.", _found(deliveries, len(batches)), known)
    return batches


def _found(deliveries: list[Delivery], batches: int) -> str:
    if not deliveries:
        return "Found nothing new"
    dumps = words.counted(len(deliveries), "dump")
    feeds = words.counted(len({delivery.source for delivery in deliveries}), "feed")
    size = words.size(sum(delivery.bytes for delivery in deliveries))
    return f"Found {dumps} to take ({size}) of {feeds}, in {words.counted(batches, 'batch', 'batches')}"


def _refuse_unknown_format(name: str | None) -> None:
    known = formats.all_formats()
    if name not in (None, "auto", *known):
        raise RequestError(f"there is no format {name!r}; known are: auto, {', '.join(known)}")


def _is_wanted(state: str | None) -> bool:
    return state in (None, DumpState.new, DumpState.refused, DumpState.failed)


def find(run: Run, sources: Sources) -> Iterator[Found]:
    """Every finished file that the request points to, each once, with the feed that claims it."""
    feeds = _asked_feeds(run, sources)
    found = _by_path(run, sources, feeds) if run.request.paths else _by_feed(sources, feeds)
    seen = set()
    for item in found:
        if item.file not in seen and not _is_set_aside(item.file):
            seen.add(item.file)
            if run.request.paths or _is_settled(item, run.started_at):
                yield item


def _asked_feeds(run: Run, sources: Sources) -> list[Feed]:
    source = run.request.source
    if source is None:
        return list(sources.feeds.values())
    if source not in sources.feeds:
        known = ", ".join(sources.feeds) or "none"
        raise RequestError(f"there is no feed {source!r} in {run.settings.sources.name}; known are: {known}")
    return [sources.feeds[source]]


def _by_feed(sources: Sources, feeds: Iterable[Feed]) -> Iterator[Found]:
    for feed in feeds:
        pattern = os.path.abspath(sources.landing / feed.path)
        root = root_of(pattern, sources.landing)
        for file in files_below(pattern, root):
            yield Found(file, feed, root)


def _by_path(run: Run, sources: Sources, feeds: list[Feed]) -> Iterator[Found]:
    claimed = {found.file: found.feed for found in _by_feed(sources, feeds)}
    default = feeds[0] if run.request.source else ad_hoc_feed()
    for path in run.request.paths:
        pattern = os.path.abspath(path)
        root = sources.landing if Path(pattern).is_relative_to(sources.landing) else None
        files = list(files_below(pattern, root))
        if not files:
            raise RequestError(f"{path}: no file there; expected a file, a folder with files, or a glob")
        for file in files:
            feed = claimed.get(file, default)
            yield Found(file, replace(feed, format=run.request.format or feed.format), root)


def _of_day(run: Run, sources: Sources) -> Iterator[Found]:
    """The files of the request's day. Feeds and files without a day in their paths go to left_out.json and the log."""
    feeds = _asked_feeds(run, sources)
    if run.request.paths:
        raise RequestError("a path was given for a dated run; a backfill takes a feed, or all of them, day by day")
    if not any(map(days.is_dated, feeds)):
        names = ", ".join(feed.name for feed in feeds) or "none at all"
        raise RequestError(f"cannot backfill: no feed asked for ({names}) has a date in its paths; {days.HOW}")
    dateless: Counter[str] = Counter()
    for found in find(run, sources):
        if days.is_dated(found.feed):
            day = days.day_of(found.feed, _ledger_path(found.file, sources.landing))
            dateless[found.feed.name] += day is None
            if day == run.request.day:
                yield found
    left_out = days.left_out(feeds, +dateless)
    run.left_out.write_text(json.dumps(left_out, indent=1))
    for sentence in left_out:
        log.warning(sentence)


def _is_set_aside(file: Path) -> bool:
    return file.name.startswith(".") or file.name.endswith((MANIFEST_SUFFIX, *UNFINISHED_SUFFIXES))


def _is_settled(found: Found, started_at: datetime) -> bool:
    try:
        return _is_older(found.file.stat().st_mtime, started_at, found.feed.settle_seconds)
    except OSError:
        return True


def _have_parts_settled(run: Run, sources: Sources, delivery: Delivery) -> bool:
    settle_seconds = sources.feeds[delivery.source].settle_seconds
    return not delivery.parts or _is_older(delivery.mtime_ns / 1e9, run.started_at, settle_seconds)


def _is_older(mtime: float, started_at: datetime, seconds: float) -> bool:
    changed_at = datetime.fromtimestamp(mtime, UTC).replace(tzinfo=None)
    return (started_at - changed_at).total_seconds() >= seconds


def _delivery(run: Run, sources: Sources, found: Found, cache: StatCache) -> Delivery | None:
    """What the plan says of one file; None where it vanished meanwhile."""
    path, file = _as_utf8(_ledger_path(found.file, sources.landing)), _as_utf8(found.file)
    delivery = Delivery("delivery", path, file, found.feed.name, found.feed.format)
    try:
        if file != str(found.file):
            raise DumpError("its name is not UTF-8; rename it")
        refuse_odd(found.file, found.root)
        stated = overlaid(read_manifest(found.file, found.root), run.request.stated)
        return replace(delivery, **_content(found, cache), **asdict(stated), **manifest_facts(stated))
    except FileNotFoundError:
        return None
    except DumpError as error:
        return replace(delivery, refused=str(error))
    except OSError as error:
        reason = f"cannot be read: {error.strerror}; give the user that runs Broadsheet the right to read it"
        return replace(delivery, refused=reason)


def _content(found: Found, cache: StatCache) -> dict[str, Any]:
    """Size, time and hash of a file; of an index together with those of its parts that are there."""
    file = found.file
    stat = file.stat()
    own = cache.sha256(file, stat)
    parts = bundles.parts_on_disk(file, cache.parts(file, bundles.named_parts)) if _may_be_index(found.feed) else []
    stats = [part.stat() for part in parts]
    size, mtime_ns = bundles.size_and_time([stat, *stats])
    hashes = [cache.sha256(part, known) for part, known in zip(parts, stats, strict=True)]
    digest = bundles.hash_of_all(file, own, dict(zip(parts, hashes, strict=True)))
    return {"bytes": size, "mtime_ns": mtime_ns, "sha256": digest, "parts": tuple(map(str, parts))}


def _may_be_index(feed: Feed) -> bool:
    return feed.format == "auto" or formats.has_parts(formats.named(feed.format))


def _as_utf8(path: Path | str) -> str:
    """A path as text; bytes that are not UTF-8, which no table can hold, as `\\xff`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _ledger_path(file: Path, landing: Path) -> str:
    return file.relative_to(landing).as_posix() if file.is_relative_to(landing) else file.as_posix()


def batched(deliveries: list[Delivery], batch_bytes: int, batch_files: int) -> list[Delivery]:
    """Number deliveries and batches: small files together, a large one alone, never too many to map."""
    total_bytes = sum(delivery.bytes for delivery in deliveries)
    byte_limit = max(batch_bytes, 2 * total_bytes // MAPPING_LIMIT)
    file_limit = max(batch_files, 2 * len(deliveries) // MAPPING_LIMIT)
    batch, files, size = 0, 0, 0
    numbered = []
    for number, delivery in enumerate(deliveries):
        if files and (size + delivery.bytes > byte_limit or files >= file_limit):
            batch, files, size = batch + 1, 0, 0
        files, size = files + 1, size + delivery.bytes
        numbered.append(replace(delivery, delivery=number, batch=batch))
    return numbered


def write_plan(run: Run, deliveries: list[Delivery]) -> list[int]:
    """Write plan.parquet. Returns the numbers of the batches."""
    rows = [asdict(delivery) for delivery in batched(deliveries, run.settings.batch_bytes, run.settings.batch_files)]
    pq.write_table(pa.Table.from_pylist(rows, PLAN), run.plan)
    return sorted({row["batch"] for row in rows})


def planned(run: Run, batch: int) -> list[Delivery]:
    """The deliveries of one batch, as plan.parquet has them."""
    rows = pq.read_table(run.plan, filters=[("batch", "=", batch)]).to_pylist()
    return [Delivery(**{**row, "parts": tuple(row["parts"] or ())}) for row in rows]
