"""What is found of the last nights: runs, deliveries, rejected articles, feeds; a frozen dataclass for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from etl.intake.seen import Seen


@dataclass(frozen=True)
class LoadRun:
    """A run that changed the warehouse, with the sums over its dumps. Times are UTC without a zone."""

    run_id: str
    trigger: str
    started_at: datetime
    finished_at: datetime | None
    state: str
    dumps: int
    dumps_refused: int
    dumps_failed: int
    dumps_waiting: int
    """Of its dumps, those that are waiting for a person today."""
    articles_read: int
    inserted: int
    revised: int
    unchanged: int
    rejected: int
    dumps_warned: int = 0
    """Loaded, but with a warning: that there was no article in them, that words are missing, and others."""

    @property
    def counts(self) -> dict[str, int]:
        """Its counts by name, as etl.words takes them."""
        return {name: value for name, value in vars(self).items() if isinstance(value, int)}


@dataclass(frozen=True)
class WaitingDelivery:
    """A delivery that is waiting for a person: parked, refused or failed, and not replaced by a better one."""

    path: str
    source: str
    format: str
    state: str
    attempts: int
    articles_read: int
    reason: str | None
    run_id: str
    loaded_at: datetime


@dataclass(frozen=True)
class RejectedReason:
    """Rejected articles waiting to be replayed, for one reason, and where the first of them is."""

    reason: str
    articles: int
    dumps: int
    example_path: str
    example_position: str


@dataclass(frozen=True)
class Published:
    """What analysts see."""

    number: int
    file: str
    published_at: datetime
    run_id: str
    refused: str | None = None
    """Why a later load was not published, if it was not."""
    restored_at: datetime | None = None
    """When the warehouse was restored, if nothing was published since then. UTC without a zone."""
    unseen: str | None = None
    """Why analysts do not see this copy, and what to do, if they do not; never told while the warehouse is held."""
    attached_by: str | None = None
    """The SQL with which they attach it; None of a file, which they open."""


@dataclass(frozen=True)
class Begun:
    """A run that began to look for dumps, whether or not it got as far as its load."""

    run_id: str
    trigger: str
    started_at: datetime
    planned: int | None
    """Dumps that it planned to take; None if there is no plan."""
    is_whole: bool = True
    """Whether it was to take everything, as a night does."""
    stopped: str | None = None
    """Why it stopped before it had a plan, or before its load, if it could say so."""
    seen: Seen | None = None


@dataclass(frozen=True)
class FeedNight:
    """What one feed brought in the last night, and what is missing of it."""

    feed: str
    dumps: int
    articles_read: int
    inserted: int
    rejected: int
    dumps_not_loaded: int
    dumps_waiting: int
    last_loaded_at: datetime | None
    missing: tuple[str, ...] = ()
    """Its folder, or the articles that it usually brings: a sentence each."""
    unusual: str | None = None
    """`nothing`, `far less` or `far more` than usual came in the last scheduled night; None if nothing is unusual."""
