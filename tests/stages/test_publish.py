"""Publishing: a reader sees a whole file at every moment, and nobody's forgotten log harms anybody."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from loaded import copy_of
from newsroom import Newsroom, article, make_newsroom, read

from etl import pipeline
from etl.maintain import maintain_warehouse
from etl.reports.overview import look_now
from etl.run import Request, begin
from etl.stages import publish
from etl.warehouse import WarehouseError, opening, published, published_note, reading
from etl.warehouse.restore import restore_from_copy


def load_one(newsroom: Newsroom, number: int) -> None:
    newsroom.ingest(newsroom.drop(f"{number}.jsonl", [article(number)]))


@pytest.fixture(scope="module")
def published_once(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    newsroom = make_newsroom(tmp_path_factory.mktemp("published"))
    load_one(newsroom, 1)
    return newsroom


@pytest.fixture
def newsroom(published_once: Newsroom, tmp_path: Path) -> Newsroom:
    """One article is loaded and published."""
    return copy_of(published_once, tmp_path / "room")


def test_a_reader_keeps_its_file_through_three_publishes_and_a_new_one_sees_the_new_data(newsroom: Newsroom) -> None:
    with reading.attached(newsroom.settings.published_folder / published.LINK) as reader:
        for number in (2, 3, 4):
            load_one(newsroom, number)
            assert reader.execute("select count(*), max(len(body)) > 0 from mart.article").fetchone() == (1, True)
    assert newsroom.ask_published("select count(*) from mart.article") == [(4,)]


def test_a_killed_writer_on_the_published_file_harms_nobody(newsroom: Newsroom) -> None:
    link = newsroom.settings.published_folder / published.LINK
    code = (
        "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]); c.execute('create table mine as select 42 as a');"
        "c.execute('insert into mine select * from range(1000)'); os.kill(os.getpid(), 9)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(link)], check=False)
    assert killed.returncode == -9
    assert list(newsroom.settings.published_folder.glob("1/*.wal"))
    load_one(newsroom, 2)
    assert newsroom.ask_published("select count(*) from mart.article") == [(2,)]
    with pytest.raises(duckdb.CatalogException):
        newsroom.ask_published("from mine")


def test_nothing_is_republished_when_nothing_is_new(newsroom: Newsroom) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in newsroom.settings.published_folder.iterdir()}
    warehouse_before = newsroom.settings.warehouse_file.stat().st_mtime_ns
    report = newsroom.ingest(newsroom.landing / "1.jsonl")
    assert report.dumps == []
    assert {path.name: path.stat().st_mtime_ns for path in newsroom.settings.published_folder.iterdir()} == before
    assert newsroom.settings.warehouse_file.stat().st_mtime_ns == warehouse_before


def test_what_an_older_version_published_is_published_again(newsroom: Newsroom) -> None:
    copy = (newsroom.settings.published_folder / published.LINK).resolve()
    copy.chmod(0o644)
    with duckdb.connect(str(copy)) as connection:
        connection.execute("drop macro table mart.find_articles")
        connection.execute("update ops.schema_version set fingerprint = 'of an older version'")
    assert pipeline.publish(begin(newsroom.settings, "publish", Request()))["is_new"]
    assert newsroom.ask_published("select count(*) from mart.find_articles('no-such')") == [(0,)]
    assert not pipeline.publish(begin(newsroom.settings, "publish", Request()))["is_new"]


def test_only_the_last_copies_are_kept(newsroom: Newsroom) -> None:
    newsroom = newsroom.with_settings(keep_published=2)
    for number in (2, 3):
        load_one(newsroom, number)
    assert sorted(path.name for path in newsroom.settings.published_folder.iterdir()) == [
        "2",
        "3",
        "broadsheet.duckdb",
        "published.json",
    ]


def test_a_critical_failure_keeps_yesterdays_file_until_it_is_mended(newsroom: Newsroom) -> None:
    newsroom.drop("2.jsonl", [article(2)])
    run = begin(newsroom.settings, "manual", Request((str(newsroom.landing / "2.jsonl"),)))
    read(run)
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


# What is damaged, and what is kept


@pytest.fixture
def unpublished(two_nights: Newsroom, tmp_path: Path) -> Newsroom:
    """Two copies are published, a verified load is not."""
    room = copy_of(two_nights, tmp_path / "room")
    note = published_note.read(room.settings)
    assert note
    (first,) = room.query("select run_id from ops.load_run order by run_number limit 1")
    published_note.write(room.settings, {**note, "run_id": first[0]})
    return room


def block_of_the_bodies(newsroom: Newsroom) -> int:
    found = newsroom.query("select block_id from pragma_storage_info('news.article_text') where column_name = 'body'")
    return int(found[0][0])


def spoil_block(file: Path, block: int) -> None:
    file.chmod(0o644)
    with file.open("r+b") as opened:
        opened.seek(3 * 4096 + block * 262_144 + 5000)
        opened.write(b"spoilt")


def files(newsroom: Newsroom) -> dict[str, bytes]:
    return {
        published.name_of(newsroom.settings, path): path.read_bytes() for path in published.copies(newsroom.settings)
    }


def test_a_damaged_warehouse_is_not_published_and_no_copy_is_removed(unpublished: Newsroom) -> None:
    room = unpublished.with_settings(keep_published=1, keep_published_days=1)
    before = files(room)
    block = block_of_the_bodies(room)
    spoil_block(room.settings.warehouse_file, block)
    for _ in range(2):
        with pytest.raises(published.NotPublished, match=rf"the file is damaged.*block {block}.*broadsheet restore"):
            pipeline.publish(begin(room.settings, "manual", Request()))
    assert files(room) == before
    assert room.ask_published("select count(*) from mart.article") == [(2,)]
    assert any("it was not published: " in problem for problem in look_now(room.settings).problems)
    with pytest.raises(WarehouseError, match="the file is damaged"):
        maintain_warehouse(begin(room.settings, "maintenance", Request()))
    assert files(room) == before

    restore_from_copy(room.settings)
    assert not any("it was not published: " in problem for problem in look_now(room.settings).problems)
    assert room.query("select count(*), max(len(body)) > 0 from mart.article") == [(2, True)]


def test_a_copy_that_the_disk_has_spoilt_is_not_published(
    unpublished: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, block = files(unpublished), block_of_the_bodies(unpublished)
    copyfile = shutil.copyfile
    monkeypatch.setattr(shutil, "copyfile", lambda source, to: (copyfile(source, to), spoil_block(to, block)))
    with pytest.raises(
        published.NotPublished, match=r"3\.part/broadsheet\.duckdb: .*check the disk of the published folder"
    ):
        pipeline.publish(begin(unpublished.settings, "command_line", Request()))
    assert files(unpublished) == before
    monkeypatch.undo()
    assert pipeline.publish(begin(unpublished.settings, "command_line", Request()))["number"] == 3
    assert not [problem for problem in look_now(unpublished.settings).problems if "publish" in problem]
    assert "3.part" not in [path.name for path in unpublished.settings.published_folder.iterdir()]


def test_a_link_is_not_put_right_to_a_damaged_copy(two_nights: Newsroom, tmp_path: Path) -> None:
    room = copy_of(two_nights, tmp_path / "room")
    spoil_block(room.settings.published_folder / "2" / published.LINK, block_of_the_bodies(room))
    (room.settings.published_folder / published.LINK).unlink()
    assert pipeline.publish(begin(room.settings, "command_line", Request()))["number"] == 3
    assert room.ask_published("select count(*), max(len(body)) > 0 from mart.article") == [(2, True)]


def test_copies_are_kept_by_number_and_by_the_days_on_which_they_were_made(unpublished: Newsroom) -> None:
    folder, a_day = unpublished.settings.published_folder, 86_400
    for number, day in enumerate((1, 5, 5, 9, 9, 9, 9), start=1):
        copy = folder / str(number) / published.LINK
        if number > 2:
            shutil.copytree(folder / "2", copy.parent)
        os.utime(copy, (day * a_day, day * a_day))
    settings = replace(unpublished.settings, keep_published=2, keep_published_days=2)
    published.drop_old(settings)
    # The last two, the last of each of two days, and what analysts see.
    assert sorted(map(published.number_of, published.copies(settings))) == [2, 3, 6, 7]


def test_the_last_copy_that_can_be_read_whole_is_never_removed(unpublished: Newsroom) -> None:
    folder, block = unpublished.settings.published_folder, block_of_the_bodies(unpublished)
    for number in (3, 4):
        shutil.copytree(folder / "2", folder / str(number))
    published.switch_link(unpublished.settings, {"file": "4/broadsheet.duckdb"})
    for number in (3, 4):
        spoil_block(folder / str(number) / published.LINK, block)
    settings = replace(unpublished.settings, keep_published=1, keep_published_days=0)
    published.drop_old(settings)
    assert list(map(published.number_of, published.copies(settings))) == [4, 2]


def test_an_older_file_in_place_of_the_warehouse_is_not_published(unpublished: Newsroom) -> None:
    pipeline.publish(begin(unpublished.settings, "command_line", Request()))
    before, older = files(unpublished), unpublished.settings.published_folder / "1" / published.LINK
    shutil.copyfile(older, unpublished.settings.warehouse_file)
    with pytest.raises(published.NotPublished, match=r"does not know run .*: .*broadsheet restore"):
        pipeline.publish(begin(unpublished.settings, "command_line", Request()))
    assert set(files(unpublished)) == set(before)
    restore_from_copy(unpublished.settings, 1)
    assert pipeline.publish(begin(unpublished.settings, "command_line", Request()))["is_new"]


def test_the_page_and_the_refusal_of_one_who_was_overtaken_go_over_no_newer_note(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.stanza('[feed.wire]\npath = "*.jsonl"\nsettle_seconds = 0')
    note = published_note.read(newsroom.settings)
    assert note
    newer = {**note, "number": note["number"] + 5}

    def overtaken(*_: Any) -> None:
        published_note.write(newsroom.settings, newer)

    monkeypatch.setattr(publish.front_page, "draw", overtaken)
    newsroom.drop("12.jsonl", [article(12)])
    assert newsroom.ingest().failures == []
    assert published_note.read(newsroom.settings) == newer

    def refused(*_: Any) -> None:
        published_note.write(newsroom.settings, {**newer, "number": newer["number"] + 5})
        raise published.NotPublished("a reason")

    monkeypatch.setattr(publish, "_handed_over", refused)
    newsroom.drop("13.jsonl", [article(13)])
    newsroom.ingest()
    assert "refused" not in (published_note.read(newsroom.settings) or {})
