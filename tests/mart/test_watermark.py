"""mart.watermark: the published file describes itself."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from newsroom import Newsroom, article

from etl.stages import publish
from etl.warehouse import published
from etl.warehouse.catalogue import all_tables, fingerprint
from etl.warehouse.restore import restore_from_copy

MARK = "select number, run_id, articles, first_date::varchar, last_date::varchar from mart.watermark"


def test_it_is_one_row_that_agrees_with_the_note_beside_the_file(newsroom: Newsroom) -> None:
    for night in (1, 2):
        dump = newsroom.drop(f"{night}.jsonl", [article(night, published=f"2026-03-1{night}")])
        newsroom.ingest(dump, run_id=f"night-{night}")
    assert newsroom.ask_published(MARK) == [(2, "night-2", 2, "2026-03-11", "2026-03-12")]
    note = json.loads((newsroom.settings.published / published.NOTE).read_text())
    times = "select published_at, loaded_at < verified_at, verified_at <= published_at + interval 1 second, trigger"
    published_at = datetime.fromisoformat(note["published_at"]).replace(tzinfo=None)
    assert newsroom.ask_published(f"{times} from mart.watermark") == [(published_at, True, True, "manual")]
    version = "select schema_fingerprint, broadsheet_version is not null from mart.watermark"
    assert newsroom.ask_published(version) == [(fingerprint(all_tables()), True)]


def test_what_is_loaded_and_not_verified_is_neither_verified_nor_published(newsroom: Newsroom) -> None:
    newsroom.ingest(newsroom.drop("a.jsonl", [article(1)]))
    newsroom.load(newsroom.drop("b.jsonl", [article(2)]))
    unmarked = "select number, published_at, verified_at, articles from mart.watermark"
    assert newsroom.query(unmarked) == [(None, None, None, 2)]


def test_a_copy_that_failed_leaves_its_number_to_the_next(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(publish, "copy_and_switch", lambda *_: (_ for _ in ()).throw(published.NotPublished("disk full")))
        assert newsroom.ingest(newsroom.drop("a.jsonl", [article(1)])).state == "failed"
    newsroom.ingest(newsroom.drop("b.jsonl", [article(2)]), run_id="second")
    assert newsroom.ask_published("select number, run_id from ops.publication") == [(1, "second")]


def test_after_a_restore_later_copies_are_not_in_it(newsroom: Newsroom) -> None:
    for night in (1, 2):
        newsroom.ingest(newsroom.drop(f"{night}.jsonl", [article(night)]), run_id=f"night-{night}")
    restore_from_copy(newsroom.settings, 1)
    assert newsroom.query("select number, run_id from mart.watermark") == [(1, "night-1")]
    newsroom.ingest(newsroom.drop("3.jsonl", [article(3)]), run_id="night-3")
    assert newsroom.ask_published("select number, run_id from ops.publication order by 1") == [
        (1, "night-1"),
        (3, "night-3"),
    ]
