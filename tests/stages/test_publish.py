"""Publishing: a reader sees a whole file at every moment, and nobody's forgotten log harms anybody."""

from __future__ import annotations

import subprocess
import sys

import duckdb
import pytest
from newsroom import Newsroom, article

from etl import pipeline
from etl.run import Request, begin
from etl.warehouse import opening, published, reading


def load_one(newsroom: Newsroom, number: int) -> None:
    newsroom.ingest(newsroom.drop(f"{number}.jsonl", [article(number)]))


def test_a_reader_keeps_its_file_through_three_publishes_and_a_new_one_sees_the_new_data(newsroom: Newsroom) -> None:
    load_one(newsroom, 1)
    with reading.attached(newsroom.settings.published / published.LINK) as reader:
        for number in (2, 3, 4):
            load_one(newsroom, number)
            assert reader.execute("select count(*), max(len(body)) > 0 from mart.article").fetchone() == (1, True)
    assert newsroom.ask_published("select count(*) from mart.article") == [(4,)]


def test_a_killed_writer_on_the_published_file_harms_nobody(newsroom: Newsroom) -> None:
    load_one(newsroom, 1)
    link = newsroom.settings.published / published.LINK
    code = (
        "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]); c.execute('create table mine as select 42 as a');"
        "c.execute('insert into mine select * from range(1000)'); os.kill(os.getpid(), 9)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(link)], check=False)
    assert killed.returncode == -9
    assert list(newsroom.settings.published.glob("*.wal"))
    load_one(newsroom, 2)
    assert newsroom.ask_published("select count(*) from mart.article") == [(2,)]
    with pytest.raises(duckdb.CatalogException):
        newsroom.ask_published("from mine")


def test_nothing_is_republished_when_nothing_is_new(newsroom: Newsroom) -> None:
    load_one(newsroom, 1)
    before = {path.name: path.stat().st_mtime_ns for path in newsroom.settings.published.iterdir()}
    warehouse_before = newsroom.settings.warehouse.stat().st_mtime_ns
    report = newsroom.ingest(newsroom.landing / "1.jsonl")
    assert report.dumps == []
    assert {path.name: path.stat().st_mtime_ns for path in newsroom.settings.published.iterdir()} == before
    assert newsroom.settings.warehouse.stat().st_mtime_ns == warehouse_before


def test_only_the_last_copies_are_kept(newsroom: Newsroom) -> None:
    newsroom = newsroom.with_settings(keep_published=2)
    for number in (1, 2, 3):
        load_one(newsroom, number)
    names = sorted(path.name for path in newsroom.settings.published.glob("broadsheet-*.duckdb"))
    assert names == ["broadsheet-2.duckdb", "broadsheet-3.duckdb"]


def test_a_critical_failure_keeps_yesterdays_file_until_it_is_mended(newsroom: Newsroom) -> None:
    load_one(newsroom, 1)
    newsroom.drop("2.jsonl", [article(2)])
    run = begin(newsroom.settings, "manual", Request((str(newsroom.landing / "2.jsonl"),)))
    for number in pipeline.discover(run):
        pipeline.extract(run, number)
        pipeline.normalise(run, number)
    pipeline.check(run)
    pipeline.load(run)
    with opening.opened(newsroom.settings, "test") as engine, engine.begin() as connection:
        connection.exec_driver_sql("update news.fact_article set publication_key = 77 where article_key = 2")
    with pytest.raises(pipeline.VerifyFailed, match=r"every publication_key is a key of news\.dim_publication"):
        pipeline.verify(run)
    with pytest.raises(published.NotPublished):
        pipeline.publish(run)
    assert newsroom.ask_published("select count(*) from mart.article") == [(1,)]
    with opening.opened(newsroom.settings, "test") as engine, engine.begin() as connection:
        connection.exec_driver_sql("update news.fact_article set publication_key = 1 where article_key = 2")
    newsroom.ingest(newsroom.landing / "2.jsonl")
    assert newsroom.ask_published("select count(*) from mart.article") == [(2,)]
