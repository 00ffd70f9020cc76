"""How long every question of the cookbook takes in a published file of any size.

    python benchmarks/queries.py PUBLISHED [--times 20]

The queries name papers, people, topics and days of the sample archive. They are replaced by the largest ones of the
file, and days are moved to end with its last day, so that every query finds something. Prints rows, and p50 and p95 in
milliseconds; each time on a new connection, as if an analyst asked once.
"""

from __future__ import annotations

import argparse
import re
import time
from datetime import date, timedelta
from pathlib import Path
from statistics import quantiles

import duckdb

from etl.settings import SQL
from etl.warehouse import reading

LARGEST = {
    "Harbour Courier": "select publication from mart.publication_profile order by articles desc limit 1",
    "Valley Wire": "select publication from mart.publication_profile order by articles desc limit 1 offset 1",
    "Mara Lindqvist": "select author from mart.author_output group by author order by sum(articles) desc limit 1",
    "harbour": "select topic from mart.topic_output group by topic order by sum(articles) desc limit 1",
    "trams": "select topic from mart.topic_output group by topic order by sum(articles) desc limit 1 offset 1",
    "VA-0001": "select native_id from mart.article where native_id is not null limit 1",
    "ferry": "select 'police'",
}
"""What replaces each name of the sample archive."""

SAMPLE_ENDS = date(2026, 3, 29)


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("published", type=Path)
    parser.add_argument("--times", type=int, default=20)
    asked = parser.parse_args()
    with reading.attached(asked.published) as connection:
        names = {name: _first(connection, query) for name, query in LARGEST.items()}
        articles, last_day = connection.execute("select articles, last_date from mart.watermark").fetchone() or (
            0,
            None,
        )
    print(f"{articles:,} articles in {asked.published.stat().st_size / 1e6:,.0f} MB, each query {asked.times} times\n")
    print(f"{'query':32} {'rows':>8} {'p50 ms':>8} {'p95 ms':>8}")
    for query in sorted((SQL / "queries").glob("*.sql")):
        sql = about(query.read_text("utf-8"), names, (last_day or SAMPLE_ENDS) - SAMPLE_ENDS)
        rows, p50, p95 = _timed(asked.published, sql, asked.times)
        print(f"{query.stem:32} {rows:8,} {p50:8,.0f} {p95:8,.0f}", flush=True)


def about(sql: str, names: dict[str, str], later: timedelta) -> str:
    """A query of the cookbook with these names instead of the sample archive's, its days moved by `later`."""
    for name, own in names.items():
        sql = sql.replace(f"'{name}'", "'" + own.replace("'", "''") + "'")
    return re.sub(r"\b\d{4}-\d\d-\d\d\b", lambda day: str(date.fromisoformat(day[0]) + later), sql)


def _first(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    found = connection.execute(query).fetchone()
    return str(found[0]) if found else ""


def _timed(published: Path, sql: str, times: int) -> tuple[int, float, float]:
    """The number of rows, and p50 and p95 in milliseconds."""
    rows, spent = 0, []
    for _ in range(times):
        with reading.attached(published) as connection:
            begun = time.monotonic()
            rows = len(connection.execute(sql).fetchall())
            spent.append(1000 * (time.monotonic() - begun))
    cuts = quantiles(spent, n=20)
    return rows, cuts[9], cuts[18]


if __name__ == "__main__":
    main()
