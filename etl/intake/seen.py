"""What discovery saw, and why each file that it did not take was left: seen.json in a run's work folder.

Every file counts once, as the first of these that is true of it, so that the counts add up to `files`. A manifest
belongs to its dump and is not counted. Files that no feed claims, or more than one, are looked for only in a run over
all feeds.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

NAMES_LIMIT = 10
"""How many names of each kind are kept."""


class Fate(StrEnum):
    """What became of a file. The names are those of the fields of Seen."""

    new = "new"
    """A row of the plan, be it to be read or to be refused."""
    loaded = "loaded"
    unloaded = "unloaded"
    dismissed = "dismissed"
    parked = "parked"
    unsettled = "unsettled"
    """Changed a moment ago: it may still be written."""
    set_aside = "set_aside"
    """Hidden, with a temporary name, or what a job of Spark or Hadoop leaves beside its output."""
    excluded = "excluded"
    """Left out by its feed's stanza."""
    parts = "parts"
    """Read with the index that names it."""
    other_day = "other_day"
    """Not of the day that the run was asked for."""
    wrong_stanza = "wrong_stanza"
    """Of a feed whose stanza cannot be used."""
    vanished = "vanished"
    unclaimed = "unclaimed"


@dataclass(frozen=True)
class Seen:
    """Counts of files, and of each kind that someone must look at the first names."""

    files: int = 0
    new: int = 0
    loaded: int = 0
    unloaded: int = 0
    dismissed: int = 0
    parked: int = 0
    unsettled: int = 0
    next_look_seconds: int = 0
    """When the last of the unsettled files counts as settled, from the start of the run; 0 without such files."""
    set_aside: int = 0
    excluded: int = 0
    parts: int = 0
    other_day: int = 0
    wrong_stanza: int = 0
    vanished: int = 0
    unclaimed: int = 0
    unclaimed_names: tuple[str, ...] = ()
    contested: int = 0
    """Claimed by more than one feed; the first in sources.toml has them."""
    contested_names: tuple[str, ...] = ()
    future: int = 0
    """Changed in the future, by their time stamps."""
    missing_folders: tuple[str, ...] = ()
    """Where feeds look for files, and where there is no folder: `<feed>: <folder>`."""
    unreached: tuple[str, ...] = ()
    """Feeds of which something could not be fetched, and why: `<feed>: <sentence>`."""
    warnings: tuple[str, ...] = ()
    """What else someone should know, a sentence each: times in the future, parts that an index may not claim."""

    def to_json(self) -> str:
        """Returns it as the text of seen.json."""
        return json.dumps(asdict(self), indent=1)

    @classmethod
    def from_json(cls, text: str) -> Seen:
        """Returns what was written by `to_json`, in any version. Raises ValueError for other text."""
        found = json.loads(text)
        if not isinstance(found, dict):
            raise ValueError("seen.json is not a JSON object")
        known = {field.name for field in fields(cls)}
        return cls(**{name: _frozen(value) for name, value in found.items() if name in known})


def summed(
    fates: Mapping[str, Fate],
    waits_seconds: Iterable[float] = (),
    contested: Iterable[str] = (),
    future: int = 0,
    missing_folders: Iterable[str] = (),
    warnings: Iterable[str] = (),
    unreached: Iterable[str] = (),
) -> Seen:
    """Returns the counts of a run.

    In: what became of each file by its name; how long each unsettled one is still waited for; the names of files that
    several feeds claim; how many files have a time in the future; folders of feeds that are missing; sentences; what
    could not be fetched.
    """
    twice = sorted(contested)
    unclaimed = sorted(name for name, fate in fates.items() if fate == Fate.unclaimed)
    counts = Counter(map(str, fates.values()))
    return Seen(
        files=len(fates),
        next_look_seconds=math.ceil(max(waits_seconds, default=0)),
        unclaimed_names=tuple(unclaimed[:NAMES_LIMIT]),
        contested=len(twice),
        contested_names=tuple(twice[:NAMES_LIMIT]),
        future=future,
        missing_folders=tuple(sorted(missing_folders)[:NAMES_LIMIT]),
        warnings=tuple(list(warnings)[:NAMES_LIMIT]),
        unreached=tuple(unreached),
        **counts,
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
