"""Whether the last night was good: what an Overview says of it, in sentences.

Good means that the last expected night began, ended, and that everything in it is accounted for: loaded, verified and
published, with nothing that waits for a person.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from etl import words
from etl.model import WAITING, DumpState, Trigger
from etl.reports import cautions
from etl.reports.night_facts import Begun, FeedNight, LoadRun, Published, RejectedReason, WaitingDelivery
from etl.reports.schedule import ExpectedNight
from etl.reports.unusual_feeds import night_of
from etl.settings import UTC
from etl.words import counted

DISMISS = "if nobody will fix it: broadsheet dismiss PATH --reason WHY"
ELSEWHERE = (
    "the warehouse is not on this machine, so no more is known than what is published; ask for the status where it is"
)
PUNCTUAL = timedelta(hours=1)
"""A night that begins later than this after its time is told."""


@dataclass(frozen=True)
class Overview:
    """The state of the installation. What a copy does not show is missing because a load is under way."""

    shown: str
    """`warehouse`, `published copy`, or `nothing` if nothing can be read yet."""
    looked_at: datetime
    """UTC without a zone."""
    as_of: datetime
    """The time of what is shown, UTC without a zone: earlier than `looked_at` for a copy."""
    holder: str | None
    """Who holds the warehouse: process, purpose and since when; None if it is free."""
    published: Published | None
    misplaced: str | None = None
    """Why the warehouse is not the one that was published (moved, older), and what to do: then nothing else counts."""
    timezone: ZoneInfo = UTC
    """The zone of the schedule, in which times are shown."""
    deadline: timedelta = timedelta(hours=4)
    begun: list[Begun] = field(default_factory=list)
    """The runs that looked for dumps last, newest first."""
    expected: ExpectedNight | None = None
    """None where no night is known to be expected, or the first is not judged yet."""
    first_due_at: datetime | None = None
    """When the first night is due; None where no schedule is known."""
    night_began_at: datetime | None = None
    """When the night of the last run began, by the calendar: see etl.reports.schedule. None before the first run."""
    runs: list[LoadRun] = field(default_factory=list)
    deliveries: dict[str, int] = field(default_factory=dict)
    """Number of deliveries by state."""
    waiting: list[WaitingDelivery] = field(default_factory=list)
    rejected: int = 0
    rejected_reasons: list[RejectedReason] = field(default_factory=list)
    unmet: list[str] = field(default_factory=list)
    """Expectations that too many rows of the last night do not meet."""
    wrong_sources: list[str] = field(default_factory=list)
    """What is wrong with sources.toml today."""
    still_in_landing: list[str] = field(default_factory=list)
    """The paths of dumps in the landing folder that hold what was taken down."""
    odd: list[str] = field(default_factory=list)
    """What else is odd in it without being a failure."""
    feeds: list[FeedNight] = field(default_factory=list)

    @property
    def waiting_count(self) -> int:
        """Deliveries that are waiting for a person, including those that are not listed."""
        return sum(self.deliveries.get(state, 0) for state in WAITING)

    @property
    def night(self) -> list[LoadRun]:
        """The runs of last night and of the day after it: by the calendar, whatever started them."""
        return [run for run in self.runs if self.night_began_at and run.started_at >= self.night_began_at]

    @property
    def night_date(self) -> date | None:
        """The date on which last night began, in the zone of the schedule."""
        return night_of(self.night_began_at, self.timezone) if self.night_began_at else None

    @property
    def last_scan(self) -> Begun | None:
        """The last run that was to take everything."""
        return next((begun for begun in self.begun if begun.is_whole), None)

    @property
    def is_good(self) -> bool:
        return not self.problems

    @property
    def headlines(self) -> list[str]:
        """Whether it is good, and a line for each of several problems."""
        if len(self.problems) < 2:
            return [self.headline]
        return ["NOT good:", *(f"- {problem}" for problem in self.problems)]

    @property
    def headline(self) -> str:
        """In one sentence whether it is good; never more than is known."""
        if self.problems:
            return f"NOT good: {'; '.join(self.problems)}."
        if self.expected and self.expected.began_at:
            due, began = (words.moment(at, self.timezone) for at in (self.expected.due_at, self.expected.began_at))
            return f"{_how_good(self.night)} It was due at {due} and began at {began}."
        return f"Good as far as is known: what was taken is loaded, verified and published. {_no_night(self)}"

    @property
    def problems(self) -> list[str]:
        """Why it is not good; empty if it is."""
        if self.misplaced:
            return [self.misplaced]
        if not self.runs and self.published:  # so nobody knows here what became of runs
            return [*self.wrong_sources, *_unseen(self)] or [ELSEWHERE]
        if not self.runs:
            stopped = [*_stopped(self), *_not_recorded(self), *_folderless(self), *self.wrong_sources]
            return stopped or ["nothing is loaded yet"]
        problems = [
            *_missed(self),
            *_stopped(self),
            *_unverified(self.runs[0]),
            *_not_loaded(self),
            *(_mostly_rejected(self.night) if self.rejected else []),
            *_not_recorded(self),
            *_waiting_articles(self),
            *_folderless(self),
            *self.wrong_sources,
            *self.unmet,
        ]
        if self.shown == "published copy" and not self.holder:
            problems.append("there is no warehouse file, only the published copy; run: broadsheet restore")
        if self.published is None or self.published.run_id != self.runs[0].run_id:
            problems.append(f"analysts do not have the last load, {self.runs[0].run_id}")
        if self.published and self.published.refused:
            problems.append(f"it was not published: {self.published.refused}")
        return [*problems, *_unseen(self)]

    @property
    def warnings(self) -> list[str]:
        """What is odd, and does not make the night a bad one."""
        seen = self.last_scan.seen if self.last_scan else None
        return [*_late(self), *_clock_set_back(self), *(cautions.of_seen(seen) if seen else []), *self.odd]


def _unseen(overview: Overview) -> list[str]:
    return [overview.published.unseen] if overview.published and overview.published.unseen else []


def _how_good(night: list[LoadRun]) -> str:
    """That a night was good; where something is odd in what it loaded, no more than that it was read."""
    warned = sum(run.dumps_warned for run in night)
    if not warned:
        return "Last night was good."
    return f"Last night everything was read, but {counted(warned, 'dump was', 'dumps were')} loaded with a warning."


def _no_night(overview: Overview) -> str:
    """Why no night is judged, and what to do about that."""
    if overview.first_due_at is None:
        return (
            "No schedule is known, so a night that does not begin is not noticed: where cron begins the nights, set "
            "BROADSHEET_SCHEDULE to the same times; Airflow's own is known once its first night has begun."
        )
    due, judged = (
        words.moment(at, overview.timezone) for at in (overview.first_due_at, overview.first_due_at + overview.deadline)
    )
    return f"The first night is due at {due} and judged from {judged} on; until then there is nothing to do."


def _missed(overview: Overview) -> list[str]:
    expected = overview.expected
    if expected is None or expected.began_at:
        return []
    due = words.moment(expected.due_at, overview.timezone)
    return [f"the night due at {due} did not begin; check that Airflow or cron runs, then run: broadsheet ingest"]


def _late(overview: Overview) -> list[str]:
    expected = overview.expected
    if expected is None or expected.began_at is None or expected.began_at - expected.due_at <= PUNCTUAL:
        return []
    due, began = (words.moment(at, overview.timezone) for at in (expected.due_at, expected.began_at))
    return [f"the night due at {due} began only at {began}"]


def _clock_set_back(overview: Overview) -> list[str]:
    """The same as the verdict of a run says, while today's clock is behind."""
    last = max(overview.runs, key=lambda run: run.started_at, default=None)
    if last is None or last.started_at <= overview.looked_at + timedelta(days=1):
        return []
    return [cautions.clock_set_back(overview.looked_at, last.run_id, last.started_at, overview.timezone)]


def _stopped(overview: Overview) -> list[str]:
    scan = overview.last_scan
    return (
        [f"run {scan.run_id} stopped before it took anything: {scan.stopped}"]
        if scan and scan.stopped and not scan.planned
        else []
    )


def _folderless(overview: Overview) -> list[str]:
    scan = overview.last_scan
    return cautions.failures_of_seen(scan.seen) if scan and scan.seen else []


def _unverified(run: LoadRun) -> list[str]:
    if run.state == "verified":
        return []
    what = "was refused by the suites" if run.state == "failed" else f"is {run.state}, not verified"
    return [f"run {run.run_id} {what}"]


def _not_loaded(overview: Overview) -> list[str]:
    """The dumps of the night, of earlier nights, and those that no run takes again by itself."""
    night = overview.night
    parked = [delivery.path for delivery in overview.waiting if delivery.state == DumpState.parked]
    parked_count = overview.deliveries.get(DumpState.parked, 0)
    of_night = {run.run_id for run in night}
    parked_tonight = sum(
        delivery.state == DumpState.parked and delivery.run_id in of_night for delivery in overview.waiting
    )
    waiting = sum(run.dumps_waiting for run in night) - parked_tonight
    earlier = overview.waiting_count - waiting - parked_count
    dumps = sum(feed.dumps for feed in overview.feeds)
    found = [f"{waiting:,} of {counted(dumps, 'dump')} not loaded"] if waiting else []
    if parked_count:
        first = f", first {parked[0]}" if parked else ""
        found.append(
            f"{counted(parked_count, 'dump')} parked{first}; once it is fixed, run: broadsheet release PATH; {DISMISS}"
        )
    if earlier > 0:
        found.append(f"{counted(earlier, 'dump')} of earlier nights not loaded")
    return found


def _mostly_rejected(runs: list[LoadRun]) -> list[str]:
    """Runs that loaded dumps and rejected most of their articles: too few articles to refuse the dumps for.

    No news once none of them waits any more. Not a replay, which takes only what was rejected before.
    """
    return [
        f"{run.rejected:,} of {counted(run.articles_read, 'article')} rejected"
        for run in runs
        if run.trigger != Trigger.replay and not run.dumps_refused and run.rejected * 2 > run.articles_read
    ]


def _waiting_articles(overview: Overview) -> list[str]:
    if not overview.rejected:
        return []
    return [f"{counted(overview.rejected, 'rejected article')} waiting; see: broadsheet rejected"]


def _not_recorded(overview: Overview) -> list[str]:
    """A run that planned dumps and is not in the ledger. One that may still be running has until the deadline.

    A night may be: while it reads and checks, nobody holds the warehouse.
    """
    begun = next(iter(overview.begun), None)
    if begun is None or begun.planned == 0 or (begun.stopped and not begun.planned):
        return []
    may_run = not begun.stopped and (overview.holder or begun.trigger == Trigger.schedule)
    if may_run and overview.looked_at - begun.started_at < overview.deadline:
        return []
    is_recorded = any(run.run_id == begun.run_id for run in overview.runs)
    if is_recorded or (overview.runs and overview.runs[0].started_at >= begun.started_at):
        return []
    if overview.published and overview.published.restored_at and begun.started_at < overview.published.restored_at:
        return [f"the warehouse was restored, and what run {begun.run_id} loaded is not in it; run: broadsheet ingest"]
    if begun.planned:
        planned, why = counted(begun.planned, "dump"), begun.stopped or "it is still running, or was stopped"
        return [f"run {begun.run_id} planned {planned} and has loaded none: {why}"]
    return [f"run {begun.run_id} has no plan: it has only just begun, or it stopped in discover"]
