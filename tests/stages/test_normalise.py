"""Raw records to clean articles: what is stated about a dump from outside is doubted as much as what is in it."""

from __future__ import annotations

from datetime import date

import pyarrow.parquet as pq
import pytest
from newsroom import Newsroom, article, read

from etl.run import Request, begin

STATED = {
    "the path": ("wire-{day}.jsonl", None),
    "a manifest": ("wire.jsonl", '{{"published_on": "{day}"}}'),
}


@pytest.mark.parametrize("basis", STATED)
@pytest.mark.parametrize("day", ["7202-11-30", "9999-12-31", "0001-01-01", "1399-05-06"])
def test_an_absurd_day_stated_from_outside_is_unknown_with_a_warning(newsroom: Newsroom, basis: str, day: str) -> None:
    """Also where the article says "yesterday", which would be a day before it."""
    name, manifest = STATED[basis]
    newsroom.stanza(
        '[feed.wire]\npath = "*.jsonl"\nsettle_seconds = 0\n'
        "path_pattern = '(?P<year>\\d{4})-(?P<month>\\d\\d)-(?P<day>\\d\\d)'"
    )
    dump = newsroom.drop(
        name.format(day=day), [article(1, published=None), article(2, published="yesterday"), article(3)]
    )
    if manifest:
        newsroom.drop(f"{dump.name}.manifest.json", manifest.format(day=day))
    run = begin(newsroom.settings, "manual", Request())
    read(run)
    columns = ["published_date", "date_basis", "has_unreadable_date"]
    rows = pq.read_table(run.batch(0).articles[0], columns=columns).to_pylist()
    assert [tuple(row.values()) for row in rows] == [
        (None, "unknown", True),
        (None, "unknown", True),
        (date(2026, 3, 14), "native", False),
    ]
