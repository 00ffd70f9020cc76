"""mart.watermark: the published file describes itself."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from loaded import copy_of
from newsroom import Newsroom, article, make_newsroom

from etl.stages import publish
from etl.warehouse import published, published_note
from etl.warehouse.catalogue import all_tables, fingerprint
from etl.warehouse.restore import restore_from_copy

MARK = "select number, run_id, articles, first_date::varchar, last_date::varchar from mart.watermark"


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """Two published nights with one article each."""
    newsroom = make_newsroom(tmp_path_factory.mktemp("nights"))
    for night in (1, 2):
        dump = newsroom.drop(f"{night}.jsonl", [article(night, published=f"2026-03-1{night}")])
        newsroom.ingest(dump, run_id=f"night-{night}")
    return newsroom


@pytest.fixture
def copied(nights: Newsroom, tmp_path: Path) -> Newsroom:
    """A copy of them for one test to change."""
    return copy_of(nights, tmp_path / "copy")


def test_it_is_one_row_that_agrees_with_the_note_beside_the_file(nights: Newsroom) -> None:
    assert nights.ask_published(MARK) == [(2, "night-2", 2, "2026-03-11", "2026-03-12")]
    note = json.loads((nights.settings.published_folder / published_note.NOTE).read_text())
    times = "select published_at, loaded_at < verified_at, verified_at <= published_at + interval 1 second, trigger"
    published_at = datetime.fromisoformat(note["published_at"]).replace(tzinfo=None)
    assert nights.ask_published(f"{times} from mart.watermark") == [(published_at, True, True, "manual")]
    version = "select schema_fingerprint, broadsheet_version is not null from mart.watermark"
    assert nights.ask_published(version) == [(fingerprint(all_tables()), True)]


def test_what_is_loaded_and_not_verified_is_neither_verified_nor_published(copied: Newsroom) -> None:
    copied.load(copied.drop("b.jsonl", [article(3)]))
    unmarked = "select number, published_at, verified_at, articles from mart.watermark"
    assert copied.query(unmarked) == [(None, None, None, 3)]


def test_a_copy_that_failed_leaves_its_number_to_the_next(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(
            publish, "copy_for_analysts", lambda *_: (_ for _ in ()).throw(published.NotPublished("disk full"))
        )
        assert newsroom.ingest(newsroom.drop("a.jsonl", [article(1)])).state == "failed"
    newsroom.ingest(newsroom.drop("b.jsonl", [article(2)]), run_id="second")
    assert newsroom.ask_published("select number, run_id from ops.publication") == [(1, "second")]


def test_after_a_restore_later_copies_are_not_in_it(copied: Newsroom) -> None:
    restore_from_copy(copied.settings, 1)
    assert copied.query("select number, run_id from mart.watermark") == [(1, "night-1")]
    copied.ingest(copied.drop("3.jsonl", [article(3)]), run_id="night-3")
    assert copied.ask_published("select number, run_id from ops.publication order by 1") == [
        (1, "night-1"),
        (3, "night-3"),
    ]
