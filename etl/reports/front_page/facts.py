"""What the front page shows, read from a published file. Every list is bounded, whatever the size of the warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from etl.declared.sources import load_sources
from etl.reports import unusual_feeds
from etl.reports.overview import Overview
from etl.settings import SQL, Settings
from etl.warehouse.catalogue import all_tables
from etl.warehouse.statements import rows

Row = dict[str, Any]

DAYS_SHOWN = 60
PUBLICATIONS_IN_COLOUR = 6
STORY_DAYS = 30
TOPIC_DAYS, TOPIC_DAYS_BEFORE = 7, 28
GAP_DAYS = 28
RUNS_SHOWN = 20


@dataclass(frozen=True)
class Facts:
    """Everything that the page shows. A list of rows is the answer to the file of that name in sql/front_page/."""

    overview: Overview
    night: date
    """The date on which the night began, in the zone of the schedule."""
    totals: Row
    brought: Row
    """What all feeds brought last night, in one row like those of `feeds`."""
    usual: float | None
    """How many articles feeds usually bring on this day of the week; None if that is not known of any."""
    feeds: list[Row]
    """Each with `usual`, if that is known, and `unusual`: what is unusual that night, if anything."""
    night_dumps: list[Row]
    night_rejections: list[Row]
    corrections: list[Row]
    embargoes: list[Row]
    topics: list[Row]
    stories: list[Row]
    daily_volume: list[Row]
    archive_volume: list[Row]
    publications: list[Row]
    languages: list[Row]
    coverage_gaps: list[Row]
    quality_trend: list[Row]
    quality_unmet: list[Row]
    tables: list[Row]
    """Name, comment, rows and bytes of every table, largest first."""


def read(connection: duckdb.DuckDBPyConnection, settings: Settings, overview: Overview) -> Facts:
    """Read everything that the page shows from a published file, opened with `etl.warehouse.reading.attached`.

    Raises SettingsError if sources.toml cannot be read: it lists the feeds that there should be.
    """

    def asked(question: str, **parameters: Any) -> list[Row]:
        return rows(connection, SQL / "front_page" / f"{question}.sql", **parameters)

    night = overview.night_date
    assert night, "a published copy carries a run"
    run_ids = [run.run_id for run in overview.night]
    of_the_night = {"feeds": list(load_sources(settings).feeds), "night": night, "timezone": str(settings.timezone)}
    usual = {row["source"]: row["usual"] for row in rows(connection, unusual_feeds.QUERY, **of_the_night)}
    brought, *feeds = asked("feeds", **of_the_night, run_ids=run_ids, limit=40)
    totals = asked("totals")[0]
    newest = totals["last_day"]
    return Facts(
        overview=overview,
        night=night,
        totals=totals,
        brought=brought,
        usual=sum(usual.values()) if usual else None,
        feeds=_with_usual(feeds, usual, overview),
        night_dumps=asked("night_dumps", run_ids=run_ids, limit=20),
        night_rejections=asked("night_rejections", run_ids=run_ids, limit=10),
        corrections=asked("corrections", run_ids=run_ids, limit=12),
        embargoes=asked("embargoes", since=overview.night_began_at, limit=12),
        topics=asked("topics", newest=newest, days=TOPIC_DAYS, days_before=TOPIC_DAYS_BEFORE, limit=8),
        stories=asked("stories", days=STORY_DAYS, limit=10),
        daily_volume=asked("daily_volume", days=DAYS_SHOWN, publications=PUBLICATIONS_IN_COLOUR),
        archive_volume=asked("archive_volume", periods=72),
        publications=asked("publications", limit=15),
        languages=asked("languages", languages=8),
        coverage_gaps=asked("coverage_gaps", newest=newest, days=GAP_DAYS, publications=12),
        quality_trend=asked("quality_trend", runs=RUNS_SHOWN, suites=8),
        quality_unmet=asked("quality_unmet", run_ids=run_ids),
        tables=sorted(_sizes(connection), key=lambda row: (-row["bytes"], -row["rows"], row["name"])),
    )


def _with_usual(feeds: list[Row], usual: dict[str, float], overview: Overview) -> list[Row]:
    """The feeds with what they usually bring; those that need a look come first."""
    unusual = {feed.feed: feed.unusual for feed in overview.feeds}
    found = [{**row, "usual": usual.get(row["feed"]), "unusual": unusual.get(row["feed"])} for row in feeds]
    return sorted(found, key=lambda row: not (row["unusual"] or row["dumps_not_loaded"]))


def _sizes(connection: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    """Rows and bytes of every table. A block of the file that several tables share counts for each of them."""
    table_bytes = (SQL / "front_page" / "table_bytes.sql").read_text("utf-8")
    for table in all_tables().values():
        if table.kind == "table":
            (count,) = connection.execute(f"select count(*) from {table.full_name}").fetchone() or (0,)
            (size,) = connection.execute(table_bytes, {"table": table.full_name}).fetchone() or (0,)
            yield {"name": table.full_name, "comment": table.comment, "rows": count, "bytes": size}
