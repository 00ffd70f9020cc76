"""The day and other facts that the path of a delivery gives, by its feed's path_pattern; what a backfill takes by them.

What has no day is left out by name and never in silence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from etl.model import Feed
from etl.schemas import PATH_FIELDS

HOW = "add a path_pattern with the groups year, month and day in sources.toml, or take it by a nightly run or by path"


def path_facts(pattern: str | None, path: str) -> dict[str, Any]:
    """What a stanza's path_pattern finds in a path, as `path_*` fields; an impossible date is none."""
    facts: dict[str, Any] = dict.fromkeys(PATH_FIELDS)
    found = re.search(pattern, path) if pattern else None
    if found:
        named = found.groupdict()
        facts |= {f"path_{name}": value for name, value in named.items() if f"path_{name}" in facts}
        try:
            facts["path_published_on"] = date(int(named["year"]), int(named["month"]), int(named["day"]))
        except (KeyError, TypeError, ValueError):
            facts["path_published_on"] = None
    return facts


def is_dated(feed: Feed) -> bool:
    """Whether the feed's path_pattern tells days apart."""
    return {"year", "month", "day"} <= set(re.compile(feed.path_pattern or "").groupindex)


def day_of(feed: Feed, path: str) -> date | None:
    """The day that the path of a delivery says; none where the pattern finds no possible date in it."""
    found: date | None = path_facts(feed.path_pattern, path)["path_published_on"]
    return found


def left_out(feeds: Iterable[Feed], dateless: Counter[str]) -> list[str]:
    """A sentence for each feed that a backfill cannot take as a whole.

    `dateless` counts, by feed, the files in whose path no date is found.
    """
    undated = [f"feed {feed.name} is left out: its paths say no day; {HOW}" for feed in feeds if not is_dated(feed)]
    odd = [
        f"feed {name}: {count:,} {'file has' if count == 1 else 'files have'} no date in the path, so no backfill "
        "takes them; rename them, mend its path_pattern, or let the nightly run take them"
        for name, count in sorted(dateless.items())
    ]
    return [*undated, *odd]
