"""Bad input gets a clear reason and costs nothing else: the good dump beside it is loaded and published."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from newsroom import Newsroom, article, make_newsroom
from packed import zipped

from etl import pipeline
from etl.reports.report import Report
from etl.run import Request, begin


def parquet(**columns: object) -> bytes:
    buffer = io.BytesIO()
    pd.DataFrame(columns).to_parquet(buffer)
    return buffer.getvalue()


LINES = "".join(json.dumps(article(n)) + "\n" for n in range(500)).encode()

REFUSED = {
    "empty.jsonl": (b"", "is empty"),
    "blank.jsonl": (b"\n\n  \n", "recognised|no article"),
    "nul.csv": (b"title,text\n" + b"\0" * 100, "NUL|recognised|no article"),
    "torn.jsonl.gz": (gzip.compress(LINES)[:-600], "truncated or damaged"),
    "bomb.zip": (zipped({"big.jsonl": b'{"headline": "H", "body": "' + b"a" * 200_000_000}), "unpacks to more than"),
    "slip.zip": (zipped({"../evil.jsonl": LINES}), r"\.\."),
    "headless.csv": (b"1,2,3\n4,5,6\n", "recognised|header|column"),
    "wrong.parquet": (parquet(title=["a"], text=[1]), "type"),
    "unknown.bin": (bytes(range(256)) * 40, "recognised"),
}


@pytest.fixture(scope="module")
def bad_night(tmp_path_factory: pytest.TempPathFactory) -> tuple[Newsroom, Report]:
    """All bad dumps, and a good one beside them, in one run. Only to be queried."""
    newsroom = make_newsroom(tmp_path_factory.mktemp("bad"))
    bad = [newsroom.drop(name, data) for name, (data, _) in REFUSED.items()]
    return newsroom, newsroom.ingest(*bad, newsroom.drop("good.jsonl", [article(1)]))


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_dump_is_refused_with_its_reason(bad_night: tuple[Newsroom, Report], name: str) -> None:
    newsroom, report = bad_night
    (dump,) = (dump for dump in report.dumps if dump["path"] == name)
    assert (dump["state"], dump["inserted"]) == ("refused", 0)
    assert re.search(REFUSED[name][1], dump["reason"]), dump["reason"]
    assert report.state == "failed"
    assert newsroom.query(
        "select stage, rejected_article.reason from ops.rejected_article inner join ops.dump using (dump_key) "
        f"where path = '{name}'"
    ) == [("dump", dump["reason"])]


def test_a_good_dump_beside_bad_ones_is_loaded_and_published(bad_night: tuple[Newsroom, Report]) -> None:
    newsroom, report = bad_night
    assert {dump["path"] for dump in report.dumps if dump["state"] == "loaded"} == {"good.jsonl"}
    assert newsroom.ask_published("select count(*) from mart.article") == [(1,)]


def test_broken_lines_and_ragged_rows_are_rejected_one_by_one(newsroom: Newsroom) -> None:
    lines = newsroom.drop(
        "a.jsonl", json.dumps(article(1)) + '\n{"headline": "torn\n\n[1]\n' + json.dumps(article(2)) + "\n"
    )
    rows = newsroom.drop("b.csv", "title,text,section\nOne,First text,City\nTwo,Second text\nThree,Third,City,more\n")
    report = newsroom.loaded(lines, rows)
    assert report.state == "succeeded"
    assert [(dump["articles_read"], dump["inserted"], dump["rejected"]) for dump in report.dumps] == [
        (4, 2, 2),
        (3, 1, 2),
    ]
    assert [row["position"] for row in report.rejected] == ["line 2", "line 4", "line 3", "line 4"]
    assert all(row["reason"] for row in report.rejected)


def test_every_rejected_record_is_in_quarantine_as_it_stood(newsroom: Newsroom) -> None:
    newsroom.load(
        newsroom.drop("a.jsonl", "\n".join([json.dumps(article(1, body="")), "{torn", json.dumps(article(2))]))
    )
    (file,) = newsroom.settings.quarantine_folder.glob("*.parquet")
    kept = pq.read_table(file).to_pylist()
    assert [row["piece"] for row in kept] == [None, b"{torn"]
    assert kept[0]["record"]["headline"] == "Boat number 1 leaves the harbour"
    assert newsroom.query("select quarantine_file, ordinal from ops.rejected_article order by ordinal") == [
        (file.name, 0),
        (file.name, 1),
    ]


def test_no_headline_is_a_warning_no_body_a_reject_and_the_year_9999_unknown(newsroom: Newsroom) -> None:
    dump = newsroom.drop(
        "a.jsonl",
        [
            article(1, headline=None),
            article(2, body=None),
            article(3, published="9999/9/9"),
            article(4, published="2031-01-01T00:00:00Z"),
            article(5, body=None, is_partial=True),
            article(6, body=None, status="canceled"),
        ],
    )
    report = newsroom.loaded(dump)
    assert [row["position"] for row in report.rejected] == ["line 2"]
    assert "no body" in report.rejected[0]["reason"]
    rows = newsroom.query(
        "select published_date_key, date_basis, is_partial from news.fact_article order by article_key"
    )
    assert rows == [
        (20260314, "native", False),
        (0, "unknown", False),
        (0, "unknown", False),
        (20260314, "native", True),
        (20260314, "native", False),
    ]
    warned = newsroom.query(
        "select column_name, unexpected_count from ops.quality_result "
        "where not success and severity = 'warning' order by 1"
    )
    assert warned == [("has_headline", 1), ("has_unreadable_date", 2)]


def test_an_article_of_fifty_megabytes_is_rejected_and_its_neighbour_loaded(newsroom: Newsroom) -> None:
    dump = newsroom.drop("a.jsonl", [article(1, body="word " * 10_000_000), article(2)])
    report = newsroom.loaded(dump)
    assert (report.dumps[0]["inserted"], report.dumps[0]["rejected"]) == (1, 1)
    assert "the limit is" in report.rejected[0]["reason"]


@pytest.mark.skipif(os.geteuid() == 0, reason="waits for a user who is not root: root may read everything")
def test_an_unreadable_file_is_refused(newsroom: Newsroom) -> None:
    dump = newsroom.drop("a.jsonl", [article(1)])
    dump.chmod(0)
    report = newsroom.loaded(dump)
    assert "cannot be read" in report.dumps[0]["reason"]


@pytest.mark.parametrize("what", ["vanishes", "changes"])
def test_a_file_that_is_not_what_discovery_saw_fails_and_is_taken_next_run(newsroom: Newsroom, what: str) -> None:
    dump = newsroom.drop("a.jsonl", [article(1)])
    run = begin(newsroom.settings, "manual", Request((str(dump),)))
    (part,) = pipeline.discover(run)
    _disturb(dump, what)
    pipeline.extract(run, *part)
    pipeline.normalise(run, *pipeline.gather(run))
    pipeline.check(run)
    pipeline.load(run)
    (judged,) = pipeline.verdict(run).dumps
    assert judged["state"] == "failed"
    assert what.removesuffix("s") in judged["reason"]
    newsroom.drop("a.jsonl", [article(1), article(2)])
    assert newsroom.loaded(dump).dumps[0]["inserted"] == 2


def _disturb(dump: Path, what: str) -> None:
    if what == "vanishes":
        dump.unlink()
    else:
        dump.write_text(json.dumps(article(1)) * 2)
