"""One file of the landing folder as a delivery: what it is, what is stated about it, or why it cannot be read.

Whatever goes wrong with a file is the reason why that file is refused, and stops no other.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from etl import bucket, formats, store
from etl.declared.sources import Sources
from etl.intake import bundles, regular
from etl.intake.landing import refuse_odd, why_unreadable
from etl.intake.manifests import manifest_facts, overlaid, read_manifest
from etl.intake.stat_cache import StatCache
from etl.model import OUR_FAULT, Delivery, DumpChanged, DumpError, Feed, Manifest

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Found:
    """A file that a feed or a person points to. No link may lead out of `root`; without one, a person may read it."""

    file: Path
    feed: Feed
    root: Path | None
    fault: str | None = None
    """Why it must not be opened."""


def ledger_path(file: Path, landing: Path) -> str:
    """Returns what the ledger calls a file: its path below the landing folder, or all of it if it is elsewhere.

    Bytes that are not UTF-8, which no table can hold, are written as `\\xff`.
    """
    return as_utf8(file.relative_to(landing).as_posix() if file.is_relative_to(landing) else file.as_posix())


def as_utf8(path: Path | str) -> str:
    """Returns a path, or a text with paths in it, with `\\xff` for what is not UTF-8."""
    try:
        return os.fsencode(path).decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:  # halves of characters that stand for no byte
        return str(path).encode("utf-8", "backslashreplace").decode()


def delivery_of(
    found: Found, sources: Sources, stated: Manifest, cache: StatCache, warn: Callable[[str], None]
) -> Delivery | None:
    """Returns what the plan says of one file; None where it vanished or was changed meanwhile.

    `stated` overrides its manifest. `warn` takes sentences about what is odd but can be read.
    """
    path, file = ledger_path(found.file, sources.landing), as_utf8(found.file)
    delivery = Delivery("delivery", path, file, found.feed.name, found.feed.format)
    try:
        if found.fault:
            raise DumpError(found.fault)
        if file != str(found.file):
            raise DumpError("its name is not UTF-8; rename it")
        refuse_odd(found.file, found.root)
        manifest = overlaid(read_manifest(found.file, found.root), stated)
        content = _content(found, sources, cache, warn)
        return replace(delivery, **content, **vars(manifest), **manifest_facts(manifest))
    except DumpChanged:
        return None
    except FileNotFoundError:
        if not _is_listed(found.file):
            return None
        return replace(delivery, refused="is listed by the storage, which does not give it; put it there again")
    except DumpError as error:
        return replace(delivery, refused=as_utf8(str(error)))
    except OSError as error:
        return replace(delivery, refused=as_utf8(why_unreadable(error)))
    except Exception as error:
        log.exception("looking at %r", path)
        reason = f"cannot be looked at: {type(error).__name__}: {error}; {OUR_FAULT}"
        return replace(delivery, refused=as_utf8(reason))


def _is_listed(file: Path) -> bool:
    """Whether a bucket still says that a file is there which it does not give: an object that it has lost."""
    return store.is_remote(file) and any(entry.name == file.name for entry in bucket.scan(file.parent))


def _content(found: Found, sources: Sources, cache: StatCache, warn: Callable[[str], None]) -> dict[str, Any]:
    """Size, time and hash of a file; of an index together with those of its parts that are there."""
    file = found.file
    stat = store.stat(file)
    own = cache.sha256(file, stat)
    parts, strange = bundles.own_parts(file, found.feed, sources, cache.fact) if _may_be_index(found.feed) else ([], [])
    if strange:
        warn(_names_others(file, strange, sources.landing))
    stats = [store.stat(part) for part in parts]
    size, mtime_ns = bundles.size_and_time([stat, *stats])
    hashes = [cache.sha256(part, known) for part, known in zip(parts, stats, strict=True)]
    digest = bundles.hash_of_all(file, own, dict(zip(parts, hashes, strict=True)))
    seen = tuple(regular.identity(found) for found in (stat, *stats))
    return {"bytes": size, "mtime_ns": mtime_ns, "sha256": digest, "parts": tuple(map(str, parts)), "seen": seen}


def _names_others(file: Path, strange: list[Path], landing: Path) -> str:
    first = ledger_path(strange[0], landing)
    others = f" and {len(strange) - 1:,} more" if len(strange) > 1 else ""
    return (
        f"{ledger_path(file, landing)} names {first}{others} as its part, which is a dump of its own or belongs to "
        "another feed; it is taken as if the index did not name it"
    )


def _may_be_index(feed: Feed) -> bool:
    return feed.format == "auto" or formats.has_parts(formats.named(feed.format))
