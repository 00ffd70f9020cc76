"""When a night was due: worked out from the schedule, never from what ran."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from etl.model import Trigger
from etl.settings import DEFAULT_SCHEDULE, Settings, SettingsError


@dataclass(frozen=True)
class Scan:
    """A run that looked for new dumps of every feed, or began to. Times are UTC without a zone."""

    run_id: str
    trigger: str
    started_at: datetime


@dataclass(frozen=True)
class ExpectedNight:
    """The last night that must have begun and ended by now."""

    due_at: datetime
    began_at: datetime | None
    """When the first run since then began; None if none did."""


def expected_night(
    settings: Settings, scans: Iterable[Scan], first_started_at: datetime | None, now: datetime
) -> ExpectedNight | None:
    """The last expected night; None if nobody says when nights are, or the first is still to come.

    Nights are known where BROADSHEET_SCHEDULE is set, and where Airflow has begun one by its own schedule. One that is
    due less than `deadline_hours` ago may still be running and is not judged yet. Raises SettingsError for a schedule
    that is not a cron expression.
    """
    scans = list(scans)
    schedule = known_schedule(settings, scans)
    if not schedule or first_started_at is None:
        return None
    due_at = last_due(schedule, settings.timezone, now - timedelta(hours=settings.deadline_hours))
    if due_at < first_started_at:
        return None
    began = (scan.started_at for scan in scans if scan.started_at >= due_at)
    return ExpectedNight(due_at, min(began, default=None))


def first_due(settings: Settings, scans: Iterable[Scan], first_started_at: datetime | None) -> datetime | None:
    """When the first expected night is due; None if nobody says when nights are. Raises SettingsError as above."""
    schedule = known_schedule(settings, scans)
    if not schedule or first_started_at is None:
        return None
    return _due(schedule, settings.timezone, first_started_at, is_next=True)


def known_schedule(settings: Settings, scans: Iterable[Scan]) -> str:
    """The cron expression by which nights are due; empty if nobody says when they are."""
    is_airflows = any(scan.trigger == Trigger.schedule for scan in scans)
    return settings.schedule or (DEFAULT_SCHEDULE if is_airflows else "")


def last_due(schedule: str, timezone: ZoneInfo, before: datetime) -> datetime:
    """The last time of a cron expression, read in that zone, up to a moment; both are UTC without a zone."""
    return _due(schedule, timezone, before + timedelta(seconds=1), is_next=False)


def night_began(schedule: str, timezone: ZoneInfo, moment: datetime) -> datetime:
    """When the night that a moment belongs to began, by the calendar of that zone; both are UTC without a zone.

    That is the first time of the schedule on the day when it was last due: a schedule of every hour makes one night a
    day. Where no schedule is known, a night is a day.
    """
    last = last_due(schedule, timezone, moment) if schedule else moment
    midnight = last.replace(tzinfo=UTC).astimezone(timezone).replace(hour=0, minute=0, second=0, microsecond=0)
    day = midnight.astimezone(UTC).replace(tzinfo=None)
    return _due(schedule, timezone, day - timedelta(seconds=1), is_next=True) if schedule else day


def _due(schedule: str, timezone: ZoneInfo, around: datetime, is_next: bool) -> datetime:
    from croniter import croniter

    local = around.replace(tzinfo=UTC).astimezone(timezone).replace(tzinfo=None)
    try:
        times = croniter(schedule, local)
        due: datetime = times.get_next(datetime) if is_next else times.get_prev(datetime)
    except ValueError as error:
        raise SettingsError(
            f"BROADSHEET_SCHEDULE is {schedule!r}; expected a cron expression such as {DEFAULT_SCHEDULE!r} ({error})"
        ) from None
    return due.replace(tzinfo=timezone).astimezone(UTC).replace(tzinfo=None)
