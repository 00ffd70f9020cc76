"""The date and other facts that a feed's path_pattern finds in the path of a delivery, and what a backfill leaves out.

What has no date in its path is left out, but never silently: it is reported by name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from etl.model import Feed
from etl.schemas import PATH_FIELDS

HOW = "add a path_pattern with the groups year, month and day in sources.toml, or ingest by path or in a nightly run"


def path_facts(pattern: str | None, path: str) -> dict[str, Any]:
    """Returns what a stanza's path_pattern finds in a path, as `path_*` fields; None for an impossible date."""
    facts: dict[str, Any] = dict.fromkeys(PATH_FIELDS)
    found = re.search(pattern, path) if pattern else None
    if found:
        named = found.groupdict()
        facts |= {f"path_{name}": value for name, value in named.items() if f"path_{name}" in facts}
        try:
            facts["path_published_on"] = date(int(named["year"]), int(named["month"]), int(named["day"]))
        except (KeyError, TypeError, ValueError, OverflowError):
            facts["path_published_on"] = None
    return facts


def is_dated(feed: Feed) -> bool:
    """Whether the feed's path_pattern finds year, month and day."""
    return {"year", "month", "day"} <= set(re.compile(feed.path_pattern or "").groupindex)


def day_of(feed: Feed, path: str) -> date | None:
    """Returns the date in the path of a delivery; None where the pattern finds no possible date in it."""
    found: date | None = path_facts(feed.path_pattern, path)["path_published_on"]
    return found


def left_out(feeds: Iterable[Feed], dateless: Counter[str]) -> list[str]:
    """Returns a sentence for each feed that a backfill cannot take completely.

    `dateless` counts, by feed, the files with no date in the path.
    """
    undated = [f"feed {feed.name} is left out: its paths have no date; {HOW}" for feed in feeds if not is_dated(feed)]
    odd = [
        f"feed {name}: {count:,} {'file has' if count == 1 else 'files have'} no date in the path; a backfill "
        "cannot take such files: rename them, correct the feed's path_pattern, or let the nightly run take them"
        for name, count in sorted(dateless.items())
    ]
    return [*undated, *odd]
