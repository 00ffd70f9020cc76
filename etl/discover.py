"""Which deliveries are new, and which batches they make.

A delivery is a file as it stands, with its manifest: source + path + content hash + manifest hash.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from etl import backfill, formats, issues, words
from etl.landing import files_below, refuse_odd, root_of
from etl.model import DumpError, Feed, Manifest
from etl.run import Run
from etl.settings import Sources, ad_hoc_feed, load_sources
from etl.stat_cache import StatCache

log = logging.getLogger(__name__)

MANIFEST_SUFFIX = ".manifest.json"
MANIFEST_LIMIT_BYTES = 64 * 1024
UNFINISHED_SUFFIXES = (".tmp", ".part", ".partial", ".crdownload", ".filepart", ".swp", "~")
MAPPING_LIMIT = 1_000
"""Airflow maps a task over at most 1,024 batches."""

PLAN_SCHEMA = pa.schema(
    {
        "delivery": pa.int64(),
        "batch": pa.int64(),
        "kind": pa.string(),
        "path": pa.string(),
        "file": pa.string(),
        "source": pa.string(),
        "format": pa.string(),
        "sha256": pa.string(),
        "manifest_sha256": pa.string(),
        "stated": pa.string(),
        "bytes": pa.int64(),
        "mtime_ns": pa.int64(),
        "parts": pa.list_(pa.string()),
        "published_on": pa.date32(),
        "publication": pa.string(),
        "language": pa.string(),
        "expected_articles": pa.int64(),
        "refused": pa.string(),
    }
)
"""plan.parquet: one row per delivery. `kind` is delivery, replay or renormalise; `file` is where it lies now,
`path` is what the ledger calls it; `stated` is the JSON of what its manifest or a form says; `parts` are the files that
an index is read with (etl.issues): size, time and hash are those of all together; `refused` says why it is not even
to be opened."""


class RequestError(Exception):
    """What was asked for cannot be: an unknown source, a path where nothing lies."""


@dataclass(frozen=True)
class Found:
    """A file that a feed or a person points to. No link may lead out of `root`; without one, a person may read it."""

    file: Path
    feed: Feed
    root: Path | None


def discover(run: Run, ledger: dict[tuple[str, str, str, str], str]) -> list[int]:
    """Write plan.parquet for what is new and give the numbers of its batches.

    `ledger` holds the state of every known delivery by (source, path, sha256, manifest_sha256).
    Raises RequestError when the request cannot be met.
    """
    sources = load_sources(run.settings.sources)
    _refuse_unknown_format(run.request.format)
    cache = StatCache.load(run.settings.home / "stat_cache.json")
    found = _of_day(run, sources) if run.request.day else find(run, sources)
    deliveries = [delivery for item in found if (delivery := _delivery(run, sources, item, cache))]
    claimed = {part for delivery in deliveries for part in delivery["parts"]}
    deliveries = [
        delivery
        for delivery in deliveries
        if delivery["file"] not in claimed
        and (run.request.paths or _have_parts_settled(run, sources, delivery))
        and (run.request.force or _is_wanted(ledger.get(_identity(delivery))))
    ]
    cache.save()
    rows = batched(deliveries, run.settings.batch_bytes, run.settings.batch_files)
    pq.write_table(pa.Table.from_pylist(rows, PLAN_SCHEMA), run.plan)
    batches = sorted({row["batch"] for row in rows})
    log.info(
        "%s; the ledger knows %s.", _found(rows, len(batches)), words.counted(len(ledger), "delivery", "deliveries")
    )
    return batches


def _found(rows: list[dict[str, Any]], batches: int) -> str:
    if not rows:
        return "Found nothing new"
    dumps, feeds = words.counted(len(rows), "dump"), words.counted(len({row["source"] for row in rows}), "feed")
    size = words.size(sum(row["bytes"] for row in rows))
    return f"Found {dumps} to take ({size}) of {feeds}, in {words.counted(batches, 'batch', 'batches')}"


def _refuse_unknown_format(name: str | None) -> None:
    known = formats.all_formats()
    if name not in (None, "auto", *known):
        raise RequestError(f"there is no format {name!r}; known are: auto, {', '.join(known)}")


def _is_wanted(state: str | None) -> bool:
    return state in (None, "new", "refused", "failed")


def _identity(delivery: dict[str, Any]) -> tuple[str, str, str, str]:
    return delivery["source"], delivery["path"], delivery["sha256"], delivery["manifest_sha256"]


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
    """What the request's day brought. What no day can be told of is written to left_out.json, and logged."""
    feeds = _asked_feeds(run, sources)
    if run.request.paths:
        raise RequestError("a path was given for a dated run; a backfill takes a feed, or all of them, day by day")
    if not any(map(backfill.is_dated, feeds)):
        names = ", ".join(feed.name for feed in feeds) or "none at all"
        raise RequestError(f"no backfill, for the paths of no feed asked for ({names}) say a day; {backfill.HOW}")
    dateless: Counter[str] = Counter()
    for found in find(run, sources):
        if backfill.is_dated(found.feed):
            day = backfill.day_of(found.feed, _ledger_path(found.file, sources.landing))
            dateless[found.feed.name] += day is None
            if day == run.request.day:
                yield found
    left_out = backfill.left_out(feeds, +dateless)
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


def _have_parts_settled(run: Run, sources: Sources, delivery: dict[str, Any]) -> bool:
    settle_seconds = sources.feeds[delivery["source"]].settle_seconds
    return not delivery["parts"] or _is_older(delivery["mtime_ns"] / 1e9, run.started_at, settle_seconds)


def _is_older(mtime: float, started_at: datetime, seconds: float) -> bool:
    changed_at = datetime.fromtimestamp(mtime, UTC).replace(tzinfo=None)
    return (started_at - changed_at).total_seconds() >= seconds


def _delivery(run: Run, sources: Sources, found: Found, cache: StatCache) -> dict[str, Any] | None:
    """The row of the plan for one file; None where it vanished meanwhile."""
    row: dict[str, Any] = {
        "kind": "delivery",
        "path": _as_utf8(_ledger_path(found.file, sources.landing)),
        "file": _as_utf8(found.file),
        "source": found.feed.name,
        "format": found.feed.format,
        "sha256": "",
        "manifest_sha256": "",
        "bytes": 0,
        "mtime_ns": 0,
        "parts": [],
    }
    try:
        if row["file"] != str(found.file):
            raise DumpError("its name is no UTF-8; rename it")
        refuse_odd(found.file, found.root)
        stated = _overlaid(read_manifest(found.file, found.root), run.request.stated)
        row |= _content(found, cache)
        row |= {**asdict(stated), **manifest_facts(stated)}
    except FileNotFoundError:
        return None
    except DumpError as error:
        row["refused"] = str(error)
    except OSError as error:
        row["refused"] = f"cannot be read: {error.strerror}; give the user that runs Broadsheet the right to read it"
    return row


def _content(found: Found, cache: StatCache) -> dict[str, Any]:
    """Size, time and hash of a file; of an index together with those of its parts that are there."""
    file = found.file
    stat = file.stat()
    own = cache.sha256(file, stat)
    parts = issues.parts_on_disk(file, cache.parts(file, issues.named_parts)) if _may_be_index(found.feed) else []
    stats = [part.stat() for part in parts]
    size, mtime_ns = issues.size_and_time([stat, *stats])
    hashes = [cache.sha256(part, known) for part, known in zip(parts, stats, strict=True)]
    digest = issues.hash_of_all(file, own, dict(zip(parts, hashes, strict=True)))
    return {"bytes": size, "mtime_ns": mtime_ns, "sha256": digest, "parts": [str(part) for part in parts]}


def _may_be_index(feed: Feed) -> bool:
    return feed.format == "auto" or formats.has_parts(formats.named(feed.format))


def _as_utf8(path: Path | str) -> str:
    """A path as text; bytes of it that are no UTF-8, which no table can hold, as `\\xff`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _ledger_path(file: Path, landing: Path) -> str:
    return file.relative_to(landing).as_posix() if file.is_relative_to(landing) else file.as_posix()


def read_manifest(file: Path, root: Path | None = None) -> Manifest:
    """What `<dump>.manifest.json` beside a dump states; nothing where there is none.

    Raises DumpError naming the manifest, the key, what was found and what is expected.
    """
    path = file.with_name(file.name + MANIFEST_SUFFIX)
    try:
        refuse_odd(path, root)
        if path.stat().st_size > MANIFEST_LIMIT_BYTES:
            raise DumpError(f"is larger than {MANIFEST_LIMIT_BYTES:,} bytes; a manifest states a few facts")
        stated = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Manifest()
    except DumpError as error:
        raise DumpError(f"its manifest {path.name} {error}") from None
    except (ValueError, RecursionError) as error:
        raise DumpError(f"its manifest {path.name} is no JSON ({error}); mend it or remove it") from None
    kinds: dict[str, tuple[type, str]] = {
        "published_on": (str, "a date like 2024-04-14"),
        "publication": (str, "a name"),
        "language": (str, "a code like en"),
        "expected_articles": (int, "a number"),
    }
    if not isinstance(stated, dict) or (unknown := set(stated) - set(kinds)):
        found = f"the unknown keys {sorted(unknown)}" if isinstance(stated, dict) else "no JSON object"
        raise DumpError(f"its manifest {path.name} holds {found}; known keys are {', '.join(kinds)}")
    for key, (kind, wanted) in kinds.items():
        if key in stated and (not isinstance(stated[key], kind) or isinstance(stated[key], bool)):
            raise DumpError(f"its manifest {path.name} says {key} = {stated[key]!r}; expected {wanted}")
    if "published_on" in stated:
        try:
            stated["published_on"] = date.fromisoformat(stated["published_on"])
        except ValueError:
            raise DumpError(
                f"its manifest {path.name} says published_on = {stated['published_on']!r}; "
                "expected a date like 2024-04-14"
            ) from None
    return Manifest(**stated)


def _overlaid(below: Manifest, above: Manifest) -> Manifest:
    return replace(below, **{key: value for key, value in asdict(above).items() if value is not None})


def manifest_facts(stated: Manifest) -> dict[str, str | None]:
    """What is stated of a dump from outside as JSON (`stated`), and its hash; None and '' where nothing is."""
    facts = {key: str(value) for key, value in asdict(stated).items() if value is not None}
    if not facts:
        return {"stated": None, "manifest_sha256": ""}
    text = json.dumps(facts, sort_keys=True)
    return {"stated": text, "manifest_sha256": hashlib.sha256(text.encode()).hexdigest()}


def batched(deliveries: list[dict[str, Any]], batch_bytes: int, batch_files: int) -> list[dict[str, Any]]:
    """Number deliveries and batches: small files together, a large one alone, never too many to map."""
    total_bytes = sum(delivery["bytes"] for delivery in deliveries)
    byte_limit = max(batch_bytes, 2 * total_bytes // MAPPING_LIMIT)
    file_limit = max(batch_files, 2 * len(deliveries) // MAPPING_LIMIT)
    batch, files, size = 0, 0, 0
    rows = []
    for number, delivery in enumerate(deliveries):
        if files and (size + delivery["bytes"] > byte_limit or files >= file_limit):
            batch, files, size = batch + 1, 0, 0
        files, size = files + 1, size + delivery["bytes"]
        rows.append({**delivery, "delivery": number, "batch": batch})
    return rows
