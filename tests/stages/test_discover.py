"""Discovery: new deliveries once each, unfinished files left alone, stanzas and manifests respected."""

from __future__ import annotations

import json
import os
import time
from dataclasses import fields
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from newsroom import Newsroom, article

from etl.intake import regular
from etl.model import Delivery
from etl.run import Request, begin
from etl.schemas import PLAN
from etl.stages import discover
from etl.stages.discover import RequestError
from etl.stages.plan import batched

STANZA = '[feed.wire]\npath = "**/*.jsonl"\nsettle_seconds = 0'


def plan(newsroom: Newsroom, **request: object) -> list[dict[str, object]]:
    """The rows of the plan of a run that finds nothing in the ledger."""
    run = begin(newsroom.settings, "manual", Request(**request))  # type: ignore[arg-type]
    discover.plan_deliveries(run, {})
    return pq.read_table(run.plan).to_pylist()


def test_a_file_is_taken_once_and_again_only_when_it_changes(newsroom: Newsroom) -> None:
    newsroom.stanza(STANZA)
    dump = newsroom.drop("a.jsonl", [article(1)])
    assert [d["inserted"] for d in newsroom.loaded().dumps] == [1]
    os.utime(dump, (1, 1))
    assert newsroom.loaded().dumps == []
    newsroom.drop("a.jsonl", [article(1), article(2)])
    assert [(d["inserted"], d["unchanged"]) for d in newsroom.loaded().dumps] == [(1, 1)]


def test_a_manifest_that_arrives_later_is_a_new_delivery(newsroom: Newsroom) -> None:
    newsroom.stanza(STANZA)
    newsroom.drop("a.jsonl", [article(1, published=None, publication=None)])
    newsroom.load()
    manifest = {"published_on": "2026-03-14", "publication": "Harbour Courier", "expected_articles": 1}
    newsroom.drop("a.jsonl.manifest.json", json.dumps(manifest))
    (dump,) = newsroom.loaded().dumps
    assert dump["revised"] == 1
    assert newsroom.query("select publication, published_date_key, date_basis from mart.article") == [
        ("Harbour Courier", 20260314, "manifest")
    ]


def test_articles_are_partial_where_the_article_else_the_manifest_else_the_stanza_says_so(newsroom: Newsroom) -> None:
    newsroom.stanza(f"{STANZA}\nis_partial = true")
    newsroom.drop("a.jsonl", [article(1), article(2) | {"is_partial": False}])
    newsroom.drop("b.jsonl", [article(3), article(4) | {"is_partial": True}])
    newsroom.drop("b.jsonl.manifest.json", '{"is_partial": false}')
    newsroom.load()
    assert newsroom.query("select is_partial from mart.article order by url") == [
        (True,),
        (False,),
        (False,),
        (True,),
    ]


def test_a_manifest_that_expects_more_articles_refuses_the_dump(newsroom: Newsroom) -> None:
    newsroom.stanza(STANZA)
    newsroom.drop("a.jsonl", [article(1)])
    newsroom.drop("a.jsonl.manifest.json", '{"expected_articles": 2}')
    report = newsroom.loaded()
    assert report.state == "failed"
    assert "manifest expects a different number" in report.dumps[0]["reason"]
    assert report.dumps[0]["articles_declared"] == 2


BROKEN_MANIFESTS = (
    "{",
    "[]",
    '{"published_on": "14.3.2026"}',
    '{"date": "2026-03-14"}',
    '{"expected_articles": true}',
    '{"is_partial": 1}',
)


def test_a_broken_manifest_refuses_its_dump_and_names_itself(newsroom: Newsroom) -> None:
    newsroom.stanza(STANZA)
    newsroom.drop("good.jsonl", [article(99)])
    for number, text in enumerate(BROKEN_MANIFESTS):
        newsroom.drop(f"{number}.jsonl", [article(number)])
        newsroom.drop(f"{number}.jsonl.manifest.json", text)
    report = newsroom.loaded()
    refused = {f"{number}.jsonl": "refused" for number in range(len(BROKEN_MANIFESTS))}
    assert {dump["path"]: dump["state"] for dump in report.dumps} == {"good.jsonl": "loaded"} | refused
    for path in refused:
        assert [failure for failure in report.failures if f"{path}.manifest.json" in failure], path


def test_unfinished_files_are_left_alone(newsroom: Newsroom) -> None:
    newsroom.stanza('[feed.wire]\npath = "**/*"\nsettle_seconds = 60')
    for name in ("a.jsonl.part", "b.jsonl.tmp", ".c.jsonl", "fresh.jsonl", "old.jsonl"):
        newsroom.drop(name, [article(1)])
    long_ago = time.time() - 120
    os.utime(newsroom.landing / "old.jsonl", (long_ago, long_ago))
    assert [row["path"] for row in plan(newsroom)] == ["old.jsonl"]


def test_a_link_out_of_the_landing_folder_is_refused(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.stanza(STANZA)
    secret = tmp_path / "secret.jsonl"
    secret.write_text(json.dumps(article(1)))
    (newsroom.landing / "link.jsonl").symlink_to(secret)
    report = newsroom.loaded()
    assert report.dumps[0]["state"] == "refused"
    assert "link out of the landing folder" in report.dumps[0]["reason"]


def test_an_unchanged_file_is_not_hashed_again(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    newsroom.stanza(STANZA)
    newsroom.drop("a.jsonl", [article(1)])
    first = plan(newsroom)
    monkeypatch.setattr(regular.hashlib, "file_digest", lambda *_: pytest.fail("hashed again"))
    assert plan(newsroom)[0]["sha256"] == first[0]["sha256"]


def test_small_files_share_a_batch_and_a_large_one_has_its_own(newsroom: Newsroom) -> None:
    newsroom.stanza(STANZA)
    newsroom.drop("a.jsonl", [article(1)])
    newsroom.drop("b.jsonl", [article(n) for n in range(100)])
    for name in "cde":
        newsroom.drop(f"{name}.jsonl", [article(1)])
    small = newsroom.with_settings(batch_bytes=2_000, batch_files=2)
    assert [(row["path"], row["batch"]) for row in plan(small)] == [
        ("a.jsonl", 0),
        ("b.jsonl", 1),
        ("c.jsonl", 2),
        ("d.jsonl", 2),
        ("e.jsonl", 3),
    ]


def test_there_are_never_more_batches_than_airflow_maps() -> None:
    deliveries = [Delivery("delivery", str(number), "", "wire", "auto", bytes=5) for number in range(100_000)]
    numbered = batched(deliveries, batch_bytes=5, batch_files=1)
    assert len(numbered) == 100_000
    assert numbered[-1].batch < 1_000


def test_a_wrong_request_says_what_is_there(newsroom: Newsroom) -> None:
    newsroom.stanza(STANZA)
    with pytest.raises(RequestError, match=r"no feed 'wired'.*known are: wire"):
        plan(newsroom, source="wired")
    with pytest.raises(RequestError, match="no file there"):
        plan(newsroom, paths=(str(newsroom.landing / "nothing*"),))


def test_a_path_below_the_landing_folder_belongs_to_its_feed(newsroom: Newsroom) -> None:
    newsroom.stanza(STANZA)
    dump = newsroom.drop("a.jsonl", [article(1)])
    (row,) = plan(newsroom, paths=(str(dump),))
    assert (row["source"], row["path"]) == ("wire", "a.jsonl")


def test_a_dump_refused_three_times_is_parked_until_it_is_forced(newsroom: Newsroom) -> None:
    newsroom.stanza(STANZA)
    newsroom.drop("a.jsonl", "no json at all, not a brace in sight\n")
    states = [[dump["state"] for dump in newsroom.loaded().dumps] for _ in range(4)]
    assert states == [["refused"], ["refused"], ["refused"], []]
    assert newsroom.query("select state, attempts from ops.dump_status") == [("parked", 3)]
    assert [dump["state"] for dump in newsroom.loaded(force=True).dumps] == ["refused"]


def test_a_delivery_is_a_row_of_the_plan() -> None:
    assert {field.name for field in fields(Delivery)} == set(PLAN.names)
