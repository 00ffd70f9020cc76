"""The frozen dataclasses that stages pass to each other, and the errors that they raise."""

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
"""What a reader may yield for one article, as it was in the dump. Only `position` is required.

All are `str`, except `labels` (a list of `[scheme, code, name]`), `is_partial` (bool) and
`extra` (a dict that JSON can represent: everything else in the dump).
"""

RawRecord = dict[str, Any]


class DumpState(StrEnum):
    """The state of a delivery in the files of a run or in the ledger; new and parked are derived from the ledger."""

    new = "new"
    read = "read"
    loaded = "loaded"
    refused = "refused"
    """The dump is at fault."""
    failed = "failed"
    """Broadsheet or its environment is at fault."""
    parked = "parked"
    """Refused or failed so often that it is not tried again until it is released."""
    unloaded = "unloaded"
    released = "released"
    dismissed = "dismissed"
    """Never loaded, and no longer waiting: a person decided so."""


IN_LEDGER = tuple(state for state in DumpState if state not in (DumpState.new, DumpState.read, DumpState.parked))
"""The states that ops.dump_load records; new and parked follow from it, and read is a state within a run."""

WAITING = (DumpState.parked, DumpState.refused, DumpState.failed)
"""The states in which a delivery waits for a person."""


class Trigger(StrEnum):
    """What started a run, or what the run did."""

    schedule = "schedule"
    manual = "manual"
    command_line = "command_line"
    backfill = "backfill"
    replay = "replay"
    unload = "unload"
    release = "release"
    dismiss = "dismiss"
    renormalise = "renormalise"
    separate = "separate"
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
"""Ends the reason of everything that an unexpected exception stopped."""


class DumpError(Exception):
    """The dump cannot be read as a whole. The message is the reason shown to the operator."""


class LimitError(DumpError):
    """The dump costs more to unpack than it may: nothing more of it is read."""


class MemberError(DumpError):
    """One file of the dump cannot be unpacked. `name` is its name in the dump, and '' if it is the dump itself."""

    def __init__(self, name: str, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.name, self.reason = name, reason


class DumpChanged(Exception):
    """The file vanished or changed while it was being read: no one is at fault, and the next run tries again."""


@dataclass(frozen=True)
class Reject:
    """A piece of a dump that should be an article but cannot be read as one."""

    position: str
    reason: str
    piece: bytes = b""


@dataclass(frozen=True)
class Skip:
    """A piece of a dump that is not an article (a picture, a package, a robots.txt). `text`: the words in it."""

    position: str
    kind: str
    text: str = ""


@dataclass(frozen=True)
class Declared:
    """The number of articles that the dump says it contains."""

    articles: int


@dataclass(frozen=True)
class Columns:
    """Which columns a stream without a header turned out to have, and which it should have had."""

    found: tuple[str, ...]
    missing: frozenset[str]


@dataclass(frozen=True)
class Doubt:
    """What a reader is not sure of, though it reads on: the dump is loaded with this warning."""

    warning: str
    pages: tuple[str, ...] = ()
    """The pages that it is about, if it is about some: the warning has places for them (words.of_pages)."""


@dataclass(frozen=True)
class Beside:
    """Texts as long as an article's that no article holds: about how many words, by their path."""

    words: dict[str, int]


Piece = RawRecord | Reject | Skip | Declared | Columns | Doubt | Beside


@dataclass(frozen=True)
class Range:
    """A stretch of a dump that its format can read by itself: the bytes from `start` to before `end`."""

    start: int
    end: int
    before: int = 0
    """How many bytes, lines, rows or pieces come before it, as positions count them."""
    prologue_bytes: int = 0
    """Of the beginning of the dump, what is read before it: a header."""


def position_of(piece: RawRecord | Reject | Skip) -> str:
    """Returns where a piece is in its dump, whether it is a readable article or not."""
    return str(piece["position"]) if isinstance(piece, dict) else piece.position


@dataclass(frozen=True)
class Feed:
    """One stanza of sources.toml: where a feed's dumps arrive and how to read them."""

    name: str
    path: str = ""
    """Below the landing folder; also of what is fetched into it."""
    address: str | None = None
    """Where its files are fetched from, as the stanza's path has it; see etl.declared.remote."""
    format: str = "auto"
    publication: str | None = None
    country: str | None = None
    language: str | None = None
    timezone: str = "UTC"
    date_order: str | None = None
    """`dmy` or `mdy`: how to read 03/04/2021. Without it such a date is unknown, unless others in its column show the
    order, or the article's language uses only one."""
    encoding: str | None = None
    path_pattern: str | None = None
    """A regular expression searched in the path, with any of the named groups `publication`,
    `section`, `page`, `edition`, `year`, `month`, `day`."""
    columns: dict[str, str | tuple[str, ...]] = field(default_factory=dict)
    """Raw field -> the dump's column (a name, a path, or a number from 1 where there is no header), several that are
    the field together (`introtext + fulltext`), or a list of which the first that is filled serves."""
    id_column: str | None = None
    optional: tuple[str, ...] = ()
    """Columns of `columns` and `id_column` that a dump may lack. It is refused where it lacks another one."""
    delimiter: str | None = None
    quote: str | None = None
    escape: str | None = None
    """The character that makes the next one an ordinary letter: a backslash in what Spark and MySQL write."""
    has_header: bool = True
    is_partial: bool = False
    """Whether its articles are excerpts or summaries, where nothing else says so."""
    record: str | None = None
    """The element of generic XML that is one article."""
    table: str | None = None
    """The table or view of a database that has the articles."""
    one_article: bool = False
    """Whether a web page or plain text of this feed is one article, even if it looks as if it held several."""
    settle_seconds: float = 60.0
    exclude: tuple[str, ...] = ()
    """Globs of paths, in the landing folder and in archives, that are not read."""
    former_names: tuple[str, ...] = ()
    """What the feed was called before: what it delivered then is still its own."""


@dataclass(frozen=True)
class Manifest:
    """What is stated about one dump from outside: by `<dump>.manifest.json` or the operator's form."""

    published_on: date | None = None
    publication: str | None = None
    language: str | None = None
    expected_articles: int | None = None
    is_partial: bool | None = None


@dataclass(frozen=True)
class Delivery:
    """A dump that a run takes: one row of plan.parquet.

    `file` is where it is now, `path` is what the ledger calls it. `kind` is delivery, replay or renormalise.
    """

    kind: str
    path: str
    file: str
    source: str
    format: str
    sha256: str = ""
    manifest_sha256: str = ""
    stated: str | None = None
    """What its manifest or a form states, as JSON."""
    bytes: int = 0
    mtime_ns: int = 0
    parts: tuple[str, ...] = ()
    """The files that are read with an index (etl.intake.bundles); size, time and hash are those of all of them."""
    seen: tuple[str, ...] = ()
    """Which files were hashed (etl.intake.regular.identity): its own, then those of the parts."""
    published_on: date | None = None
    publication: str | None = None
    language: str | None = None
    expected_articles: int | None = None
    is_partial: bool | None = None
    refused: str | None = None
    """Why it must not even be opened."""
    delivery: int = 0
    """Its number in the run."""
    batch: int = 0

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What makes it the same delivery in another run."""
        return self.source, self.path, self.sha256, self.manifest_sha256
