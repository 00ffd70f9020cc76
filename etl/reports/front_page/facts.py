"""What the front page shows, read from a published file. Every list is bounded, whatever the size of the warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from etl.reports import unusual_feeds
from etl.reports.overview import Overview
from etl.settings import SQL, Settings
from etl.sources import load_sources
from etl.warehouse.catalogue import all_tables
from etl.warehouse.statements import rows

Row = dict[str, Any]

DAYS_SHOWN = 60
PUBLICATIONS_IN_COLOUR = 6
STORY_DAYS = 30
GAP_DAYS = 28
RUNS_SHOWN = 20


@dataclass(frozen=True)
class Facts:
    """Everything that the page shows. A list of rows is the answer to the file of that name in sql/front_page/."""

    overview: Overview
    night: date
    """The date on which the night began, in the zone of the schedule."""
    totals: Row
    night_feeds: list[Row]
    night_dumps: list[Row]
    night_rejections: list[Row]
    daily_volume: list[Row]
    archive_volume: list[Row]
    publications: list[Row]
    languages: list[Row]
    stories: list[Row]
    coverage_gaps: list[Row]
    feeds: list[Row]
    """Each with `unusual`, the row of etl.reports.unusual_feeds if it was unusual that night, else None."""
    silent_feeds: list[str]
    """A line for each unusual feed, in the words of the notices."""
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
    feeds = load_sources(settings).feeds
    of_the_night = {"feeds": list(feeds), "night": night, "timezone": str(settings.timezone)}
    unusual = {row["source"]: row for row in rows(connection, unusual_feeds.QUERY, **of_the_night) if row["kind"]}
    totals = asked("totals")[0]
    return Facts(
        overview=overview,
        night=night,
        totals=totals,
        night_feeds=asked("night_feeds", run_ids=run_ids, limit=20),
        night_dumps=asked("night_dumps", run_ids=run_ids, limit=20),
        night_rejections=asked("night_rejections", run_ids=run_ids, limit=10),
        daily_volume=asked("daily_volume", days=DAYS_SHOWN, publications=PUBLICATIONS_IN_COLOUR),
        archive_volume=asked("archive_volume", periods=72),
        publications=asked("publications", limit=15),
        languages=asked("languages", languages=8),
        stories=asked("stories", days=STORY_DAYS, limit=10),
        coverage_gaps=asked("coverage_gaps", newest=totals["last_day"], days=GAP_DAYS, publications=12),
        feeds=[{**row, "unusual": unusual.get(row["feed"])} for row in asked("feeds", **of_the_night, limit=40)],
        silent_feeds=[unusual_feeds.summary(row, feeds[name], night) for name, row in unusual.items()],
        quality_trend=asked("quality_trend", runs=RUNS_SHOWN),
        quality_unmet=asked("quality_unmet", run_ids=run_ids),
        tables=sorted(_sizes(connection), key=lambda row: (-row["bytes"], -row["rows"], row["name"])),
    )


def _sizes(connection: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    """Rows and bytes of every table. A block of the file that several tables share counts for each of them."""
    table_bytes = (SQL / "front_page" / "table_bytes.sql").read_text("utf-8")
    for table in all_tables().values():
        if table.kind == "table":
            (count,) = connection.execute(f"select count(*) from {table.full_name}").fetchone() or (0,)
            (size,) = connection.execute(table_bytes, {"table": table.full_name}).fetchone() or (0,)
            yield {"name": table.full_name, "comment": table.comment, "rows": count, "bytes": size}
