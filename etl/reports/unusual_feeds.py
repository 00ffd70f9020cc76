"""Feeds that fell silent: what a night brought, compared with what the same weekday usually brings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from etl import words
from etl.declared.sources import load_sources
from etl.model import Feed
from etl.run import Run
from etl.settings import SQL
from etl.warehouse import statements

if TYPE_CHECKING:
    import sqlalchemy as sa

QUERY = SQL / "watch" / "feed_night.sql"


def warnings(connection: sa.Connection, run: Run) -> list[str]:
    """One line per feed of sources.toml that brought nothing, far less or far more than usual on the run's night."""
    feeds = load_sources(run.settings).feeds
    timezone = run.settings.timezone
    night = night_of(run.started_at, timezone)
    return [summary(row, feeds[row["source"]], night) for row in find_unusual(connection, feeds, night, timezone)]


def night_of(started_at: datetime, timezone: ZoneInfo) -> date:
    """The calendar day in that zone of a moment in UTC."""
    return started_at.replace(tzinfo=UTC).astimezone(timezone).date()


def find_unusual(
    connection: sa.Connection, feeds: Iterable[str], night: date, timezone: ZoneInfo
) -> list[Mapping[str, Any]]:
    """The feeds among `feeds` that were unusual: source, articles, usual, not_loaded (deliveries), kind."""
    parameters = {"feeds": list(feeds), "night": night, "timezone": str(timezone)}
    return [dict(row) for row in statements.run_file(connection, QUERY, parameters).mappings() if row["kind"]]


def summary(row: Mapping[str, Any], feed: Feed, night: date) -> str:
    """What came, what is usual, and what to do about it."""
    usual = f"usually {words.rounded(row['usual'])} on a {night:%A}"
    if row["kind"] == "far more":
        return (
            f"feed {feed.name}: far more than usual on {night}: {row['articles']:,} articles, {usual}; check whether "
            "its dumps also contain older articles, or another feed's"
        )
    if row["not_loaded"]:
        lost = f"{row['not_loaded']:,} of its deliveries were refused or failed: fix those first"
    else:
        lost = f"check whether its sender delivers, and whether files arrive under {feed.path} in the landing folder"
    came = "nothing" if row["kind"] == "nothing" else f"far less than usual: {row['articles']:,} articles"
    return f"feed {feed.name}: {came} on {night}, {usual}; {lost}"
