"""The few frozen dataclasses that the stages hand on, and the errors they raise."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

RAW_FIELDS = (
    "position",
    "native_id",
    "native_version",
    "url",
    "publication",
    "country",
    "headline",
    "deck",
    "byline",
    "dateline",
    "body",
    "published",
    "modified",
    "section",
    "page",
    "edition",
    "language",
    "labels",
    "agency",
    "status",
    "embargo_until",
    "is_partial",
    "extra",
)
"""What a reader may yield of one article, as it stood in the dump. Only `position` must be there.

All are `str`, but `labels` (a list of `[scheme, code, name]`), `is_partial` (bool) and
`extra` (a dict that JSON can hold: whatever else the dump gave).
"""

RawRecord = dict[str, Any]


class DumpState(StrEnum):
    """What became of a delivery: in the files of a run, in the ledger, or (new, parked) as the ledger is read."""

    new = "new"
    read = "read"
    loaded = "loaded"
    refused = "refused"
    """The dump is at fault."""
    failed = "failed"
    """Broadsheet or the surroundings are at fault."""
    parked = "parked"
    """Refused or failed so often that it is not tried again until it is released."""
    unloaded = "unloaded"
    released = "released"


WAITING = (DumpState.parked, DumpState.refused, DumpState.failed)
"""Deliveries that wait for a person."""


class Trigger(StrEnum):
    """What started a run, or what a run did."""

    schedule = "schedule"
    manual = "manual"
    command_line = "command_line"
    backfill = "backfill"
    replay = "replay"
    unload = "unload"
    release = "release"
    renormalise = "renormalise"
    takedown = "takedown"
    maintenance = "maintenance"


class Stage(StrEnum):
    """What rejected an article."""

    extract = "extract"
    normalise = "normalise"
    check = "check"
    load = "load"
    takedown = "takedown"
    dump = "dump"
    """The whole dump was not loaded."""


OUR_FAULT = "this is a fault of Broadsheet: report it"
"""Ends the reason of whatever an unforeseen exception stopped."""


class DumpError(Exception):
    """The dump cannot be read as a whole. The message is the reason shown to the operator."""


class DumpChanged(Exception):
    """The file vanished or changed while it was read: nobody's fault, and tried again next run."""


@dataclass(frozen=True)
class Reject:
    """A piece of a dump that should be an article and cannot be read as one."""

    position: str
    reason: str
    piece: bytes = b""


@dataclass(frozen=True)
class Skip:
    """A piece of a dump that is no article (a picture, a package, a robots.txt)."""

    position: str
    kind: str


@dataclass(frozen=True)
class Declared:
    """The number of articles that the dump states of itself."""

    articles: int


Piece = RawRecord | Reject | Skip | Declared


def position_of(article: RawRecord | Reject) -> str:
    """Where an article stands, readable or not."""
    return article.position if isinstance(article, Reject) else str(article["position"])


@dataclass(frozen=True)
class Feed:
    """One stanza of sources.toml: where a feed's dumps arrive and how they are to be read."""

    name: str
    path: str = ""
    format: str = "auto"
    publication: str | None = None
    country: str | None = None
    language: str | None = None
    timezone: str = "UTC"
    date_order: str | None = None
    """`dmy` or `mdy`: how to read 03/04/2021. Without it such a date is unknown, unless the article's language
    knows one way only."""
    encoding: str | None = None
    path_pattern: str | None = None
    """A regular expression searched in the path, with named groups out of `publication`,
    `section`, `page`, `edition`, `year`, `month`, `day`."""
    columns: dict[str, str] = field(default_factory=dict)
    """Raw field -> the dump's column (a name, or a number from 1 where there is no header)."""
    id_column: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    has_header: bool = True
    settle_seconds: float = 60.0


@dataclass(frozen=True)
class Manifest:
    """What is stated of one dump from outside: `<dump>.manifest.json`, or the operator's form."""

    published_on: date | None = None
    publication: str | None = None
    language: str | None = None
    expected_articles: int | None = None


@dataclass(frozen=True)
class Delivery:
    """A dump that a run takes: one row of plan.parquet.

    `file` is where it lies now, `path` is what the ledger calls it. `kind` is delivery, replay or renormalise.
    """

    kind: str
    path: str
    file: str
    source: str
    format: str
    sha256: str = ""
    manifest_sha256: str = ""
    stated: str | None = None
    """JSON of what its manifest or a form states."""
    bytes: int = 0
    mtime_ns: int = 0
    parts: tuple[str, ...] = ()
    """The files that an index is read with (etl.intake.bundles): size, time and hash are those of all together."""
    published_on: date | None = None
    publication: str | None = None
    language: str | None = None
    expected_articles: int | None = None
    refused: str | None = None
    """Why it is not even to be opened."""
    delivery: int = 0
    """Its number in the run."""
    batch: int = 0

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What makes it the same delivery in another run."""
        return self.source, self.path, self.sha256, self.manifest_sha256
