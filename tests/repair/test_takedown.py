"""What is taken down stands nowhere any more, and does not come back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from newsroom import Newsroom, article

from etl import pipeline
from etl.repair import RepairError, takedown
from etl.repair.takedown import Asked, Outcome, take_down
from etl.run import Request, begin
from etl.warehouse import reading

FEED = '[feed.{0}]\npath = "{0}/*.jsonl"\nid_column = "id"\nsettle_seconds = 0\n'
SECRET = "The harbour master kept a second set of books under the stairs."
TOLD = article(1, id="w-0001", headline="Second set of books found at the harbour", body=f"First.\n\n{SECRET}")
BOILERPLATE = "All rights reserved by the Harbour Courier and its heirs."
NO_BODY = (
    "it has no body: the dump lacks its text, or has it where it is not read; an excerpt must be flagged as partial"
)


def take(newsroom: Newsroom, by: str, value: str, approved_by: str = "bo") -> Outcome:
    run = begin(newsroom.settings, "takedown", Request())
    return take_down(run, Asked(by, value, "court order 7", "ada"), approved_by)


def decoded(newsroom: Newsroom) -> str:
    """Every text in every table and Parquet file below home, also of old published copies, decoded."""
    home, parts = newsroom.settings.home, []
    for file in home.rglob("*.parquet"):
        parts.append(json.dumps(pq.read_table(file).to_pylist(), default=_plain, ensure_ascii=False))
    for file in (path for path in home.rglob("*.duckdb") if not path.is_symlink()):
        with reading.attached(file) as connection:
            tables = connection.execute(
                "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'broadsheet'"
            ).fetchall()
            for (table,) in tables:
                parts.append(repr(connection.sql(f"from {table}").fetchall()))
    return "\n".join(parts)


def _plain(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


@pytest.fixture
def told(newsroom: Newsroom) -> Newsroom:
    """The article is loaded, revised, published twice, in a rejected record and in a torn line; others are like it."""
    for feed in ("wire", "other"):
        newsroom.stanza(FEED.format(feed))
    likes = [article(n, id=f"w-{n}", url=None, body=f"Text {n}.\n\n{BOILERPLATE}") for n in range(10, 17)]
    newsroom.drop("wire/a.jsonl", [{**TOLD, "body": f"{TOLD['body']}\n\n{BOILERPLATE}"}, *likes])
    newsroom.ingest()
    revised = json.dumps({**TOLD, "headline": "Second set of books: the harbour master speaks"})
    torn = json.dumps({**TOLD, "id": "w-0002"})[:-3]
    innocent = json.dumps({"id": "w-3", "headline": "No text", "deck": BOILERPLATE})
    newsroom.drop("wire/b.jsonl", f"{revised}\n{torn}\n{innocent}\n")
    newsroom.ingest()
    assert SECRET in decoded(newsroom)
    return newsroom


def test_it_stands_nowhere_any_more_and_everything_else_stays(told: Newsroom) -> None:
    outcome = take(told, "id", "w-0001")
    assert outcome == Outcome(1, 1, 2, 2, ["wire/a.jsonl", "wire/b.jsonl"])
    left = decoded(told)
    assert SECRET not in left
    assert "Second set of books" not in left
    assert BOILERPLATE in left
    assert told.ask_published("select count(*) from mart.article") == [(7,)]
    assert told.query("select position, reason from ops.rejected_article order by 1") == [
        ("line 2", "taken down"),
        ("line 3", NO_BODY),
    ]
    assert told.query("select count(*) from ops.takedown where completed_at is null or approved_by <> 'bo'") == [(0,)]
    assert len(list(told.settings.published.glob("broadsheet-*.duckdb"))) == 1


def test_it_does_not_come_back(told: Newsroom) -> None:
    take(told, "url", "https://courier.example/1?utm_source=mail")
    (again,) = told.ingest(told.landing / "wire/a.jsonl", force=True).dumps
    assert (again["articles_read"], again["unchanged"], again["rejected"]) == (8, 7, 1)
    slightly = {**TOLD, "body": f"First, then.\n\n{SECRET}"}
    (altered,) = told.ingest(told.drop("wire/c.jsonl", [slightly])).dumps
    assert (altered["articles_read"], altered["rejected"]) == (1, 1)
    moved = {**TOLD, "id": "x-9", "url": None, "publication": "Evening Lamp"}
    (same_content, other_words) = told.ingest(
        told.drop("other/d.jsonl", [{**moved, "body": f"{TOLD['body']}\n\n{BOILERPLATE}"}]),
        told.drop("other/e.jsonl", [{**moved, "id": "x-10", "byline": "By Ida Holm"}]),
    ).dumps
    assert (same_content["inserted"], same_content["rejected"]) == (0, 1)
    assert (other_words["inserted"], other_words["rejected"]) == (1, 0)
    reasons = told.query("select distinct stage, reason from ops.rejected_article where stage = 'takedown'")
    assert len(reasons) == 1
    assert "must not be loaded again: court order 7" in reasons[0][1]


def test_every_article_of_an_author_by_e_mail(newsroom: Newsroom) -> None:
    dump = [article(n, byline="By Mara Lindqvist mara@courier.example") for n in (1, 2)] + [article(3)]
    newsroom.ingest(newsroom.drop("a.jsonl", dump))
    assert take(newsroom, "email", "Mara@courier.example").articles == 2
    assert "mara@" not in decoded(newsroom)
    assert newsroom.query("select url from mart.article") == [("https://courier.example/3",)]


def test_who_requests_it_cannot_approve_it(told: Newsroom) -> None:
    with pytest.raises(RepairError, match="another user must"):
        take(told, "id", "w-0001", approved_by=" ADA ")
    assert SECRET in decoded(told)


def test_what_is_not_known_is_said(told: Newsroom) -> None:
    with pytest.raises(RepairError, match="no article, stored or in quarantine, has the url"):
        take(told, "url", "https://courier.example/404")


@pytest.mark.parametrize("point", ["rewrite_file", "pipeline.publish", "published.drop_all_but_linked"])
def test_an_interrupted_takedown_is_finished_by_the_next(
    told: Newsroom, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(f"etl.repair.takedown.{point}", interrupted)
        with pytest.raises(KeyboardInterrupt):
            take(told, "id", "w-0001")
    assert told.query("select count(*) > 0 from ops.takedown where completed_at is null") == [(True,)]
    take(told, "id", "w-0001")
    assert SECRET not in decoded(told)
    assert told.query("select count(*) from ops.takedown where completed_at is null") == [(0,)]


def test_its_bytes_are_gone_too(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once without compression, so that bytes can be searched."""
    connect = duckdb.connect
    monkeypatch.setattr(duckdb, "connect", lambda *a, **k: _uncompressed(connect(*a, **k)))
    newsroom.ingest(newsroom.drop("a.jsonl", [article(1, body=f"{SECRET}"), article(2)]))
    assert SECRET.encode() in _bytes(newsroom.settings.home)
    take(newsroom, "url", "https://courier.example/1")
    assert SECRET.encode() not in _bytes(newsroom.settings.home)
    assert b"Boat number 2" in _bytes(newsroom.settings.home)


def _uncompressed(connection: Any) -> Any:
    connection.execute("set force_compression = 'uncompressed'")
    return connection


def _bytes(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file() and path.suffix != ".json")


def test_finishing_does_nothing_when_all_is_done(told: Newsroom) -> None:
    take(told, "id", "w-0001")
    before = told.settings.warehouse.stat().st_mtime_ns
    assert takedown.finish(begin(told.settings, "takedown", Request())) == 0
    assert told.settings.warehouse.stat().st_mtime_ns == before
    assert pipeline.finish(begin(told.settings, "takedown", Request())).state == "succeeded"
