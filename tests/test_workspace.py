"""Runs, quarantine and what is published in a bucket: every stage on a machine of its own, nothing else is shared."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from newsroom import Newsroom, article, make_newsroom

from etl import bucket, doctor, maintain, pipeline, store, workspace
from etl.doctor import State
from etl.files import StorageError
from etl.repair import takedown
from etl.repair.asked import Asked
from etl.repair.replay import Chosen, replay_chosen
from etl.reports import night
from etl.reports.overview import look_now
from etl.run import Request, Run, begin, resume
from etl.stages.email_secret import NAME, secret_of
from etl.stages.publish import publish_last_load
from etl.warehouse import WarehouseError, published, published_note
from etl.warehouse.restore import restore_from_copy

FEED = '[feed.wire]\npath = "*.jsonl"\nsettle_seconds = 0'
SECRET = "the quartermaster kept nineteen unlisted herons in the boathouse behind the customs wharf"


@pytest.fixture
def remote(tmp_path: Path, s3_bucket: str) -> Newsroom:
    """A newsroom whose folders are all in a bucket, but for the warehouse file."""
    room = make_newsroom(tmp_path).with_settings(
        work=f"{s3_bucket}/work",
        quarantine=f"{s3_bucket}/quarantine",
        published=f"{s3_bucket}/published",
        part_bytes=1 << 16,
    )
    room.stanza(FEED)
    return room


@pytest.fixture
def plain(tmp_path: Path) -> Newsroom:
    """A newsroom on the disk."""
    (tmp_path / "plain").mkdir()
    room = make_newsroom(tmp_path / "plain").with_settings(part_bytes=1 << 16)
    room.stanza(FEED)
    return room


def moved(run: Run, machines: list[int]) -> Run:
    """The run on another machine: only the warehouse file, which is not of this test, goes along."""
    machines.append(len(machines))
    here = run.settings.home
    there = here.with_name(f"machine-{len(machines)}")
    there.mkdir()
    if here.joinpath("warehouse").exists():
        shutil.move(here / "warehouse", there / "warehouse")
    return resume(replace(run.settings, home=there), run.run_id)


def stages_on_machines_of_their_own(room: Newsroom) -> Newsroom:
    """Ingest, each task on another machine. Returns the newsroom on the last one."""
    machines: list[int] = []
    run = begin(room.settings, "manual", Request())
    parts = pipeline.discover(run)
    assert len(parts) > 1, "several parts"
    for part in parts:
        run = moved(run, machines)
        pipeline.extract(run, *part)
    run = moved(run, machines)
    for files in pipeline.gather(run):
        run = moved(run, machines)
        pipeline.normalise(run, files)
    for stage in (pipeline.check, pipeline.load, pipeline.verify, pipeline.publish):
        run = moved(run, machines)
        stage(run)
    run = moved(run, machines)
    assert pipeline.verdict(run).failures == []
    return replace(room, settings=run.settings)


RECORDS = [article(number, body=f"{number} " * 400) for number in range(1, 300)] + [article(301, body=None)]
SUMMARY = "select url, headline, body, published_at from mart.article_revision order by all"
REJECTED = "select position, reason, stage from ops.rejected_article order by all"


def test_every_stage_may_be_on_another_machine(remote: Newsroom, plain: Newsroom) -> None:
    for room in (remote, plain):
        room.drop("1.jsonl", RECORDS)
    plain.ingest()
    room = stages_on_machines_of_their_own(remote)
    assert room.query(SUMMARY) == plain.query(SUMMARY)
    assert room.query(REJECTED) == plain.query(REJECTED)
    assert room.ask_published(SUMMARY) == plain.query(SUMMARY)
    left = [path for path in room.folder.glob("machine-*/work/**/*") if path.is_file()]
    assert left == [], "no machine keeps what it worked with"
    assert look_now(room.settings).published, "who looks from another machine sees what is published"


def test_a_rejected_article_is_replayed_on_another_machine(remote: Newsroom) -> None:
    remote.drop("1.jsonl", [article(1), article(2, published="in the days of yore")])
    remote.stanza('columns = { published = "published" }')
    remote.drop("2.jsonl", [article(3, headline=None, body=None)])
    remote.ingest()
    assert remote.query("select count(*) from ops.rejected_article") == [(1,)]
    files = store.files(remote.settings.quarantine_folder)
    assert [file.suffix for file in files] == [".parquet"]
    replayed = replay_chosen(begin(remote.settings, "replay", Request()), Chosen())
    assert (replayed["articles_read"], replayed["rejected"]) == (1, 1), "it was found, and is what it was"


def test_a_takedown_leaves_no_text_in_the_bucket(remote: Newsroom) -> None:
    remote.drop(
        "1.jsonl", [article(1), article(2, body=f"{SECRET}.\n\n" * 9), article(3, body=None, deck=f"{SECRET}.\n\n" * 9)]
    )
    remote.ingest()
    assert held_in(remote) >= {"work", "quarantine", "published"}
    (found,) = remote.query("select article_id from mart.article where body like '%quartermaster%'")
    asked = Asked("id", f"article {found[0]}", "asked by the family", "ann")
    takedown.take_down(begin(remote.settings, "takedown", Request()), asked, "bob")
    assert held_in(remote) == set()


def held_in(room: Newsroom) -> set[str]:
    """The folders of the bucket with an object that holds the secret, packed or not."""
    import duckdb

    held = set()
    for folder in (room.settings.work_folder, room.settings.quarantine_folder, room.settings.published_elsewhere):
        assert folder
        for file in store.files(folder):
            with store.at_hand(file) as copy:
                found = SECRET.encode() in copy.read_bytes()
                if file.suffix == ".parquet":
                    rows = duckdb.sql(f"select * from read_parquet('{copy}')").fetchall()
                    found = found or SECRET in str(rows)
                if file.suffix == ".duckdb":
                    with duckdb.connect(copy, read_only=True) as connection:
                        found = SECRET in str(connection.execute("select body from news.article_text").fetchall())
                if found:
                    held.add(folder.name)
    return held


def test_an_old_run_whose_files_were_changed_today_is_kept(remote: Newsroom) -> None:
    remote.drop("1.jsonl", [article(1)])
    old = begin(remote.settings, "manual", Request(), run_id="old")
    store.write_text(old.folder / "run.json", json.dumps({"started_at": "2020-01-01T00:00:00"}))
    removed = maintain.remove_old(begin(remote.settings, "maintenance", Request()))
    # What was changed today may still be written to.
    assert removed["work_folders"] == 0
    assert {folder.name for folder in store_folders(remote)} >= {"old"}


def store_folders(room: Newsroom) -> list[Path]:
    from etl.run import folders

    return folders(room.settings)


def test_what_a_killed_stage_left_on_its_machine_is_removed_by_the_next(remote: Newsroom) -> None:
    remote.drop("1.jsonl", [article(1)])
    run = begin(remote.settings, "manual", Request())
    left = remote.settings.scratch / "run-killed"
    left.mkdir(parents=True)
    (left / "raw.parquet").write_text("text of somebody")
    with workspace.working_copy(run, *workspace.ALL) as here:
        assert not left.exists()
        with workspace.working_copy(run, *workspace.ALL):
            assert here.folder.exists(), "who still works keeps what is his"


def test_a_stage_that_fails_says_why_to_other_machines(remote: Newsroom) -> None:
    run = begin(remote.settings, "manual", Request(source="nobody"))
    with pytest.raises(Exception, match="there is no feed"):
        pipeline.discover(run)
    assert "there is no feed" in store.read_text(run.stopped)


def test_a_storage_that_refuses_is_named_with_what_to_do(remote: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    room = remote.with_settings(work="s3://no-such-bucket/work")
    with pytest.raises((StorageError, FileNotFoundError), match="no-such-bucket"):
        begin(room.settings, "manual", Request())


def test_copies_are_shared_and_old_ones_removed(remote: Newsroom) -> None:
    room = remote.with_settings(keep_published=2)
    for number in range(1, 5):
        room.drop(f"{number}.jsonl", [article(number)])
        room.ingest()
    shared = room.settings.published_elsewhere
    assert shared
    names = [file.relative_to(shared).as_posix() for file in store.files(shared)]
    assert names == ["3/broadsheet.duckdb", "4/broadsheet.duckdb", "published.json"]
    elsewhere = room.with_settings(home=room.folder / "reader")
    elsewhere.settings.home.mkdir()
    assert elsewhere.ask_published("select count(*) from mart.article") == [(4,)]
    note: Any = published_note.read(elsewhere.settings)
    assert published.address(elsewhere.settings, note) == f"{room.settings.published}/4/broadsheet.duckdb"
    name, _, key = room.settings.published.removeprefix("s3://").partition("/")
    assert boto3.client("s3").head_object(Bucket=name, Key=f"{key}/4/broadsheet.duckdb")["ContentLength"] > 0


def test_all_machines_hash_addresses_alike(remote: Newsroom) -> None:
    other = remote.with_settings(home=remote.folder / "other")
    first = secret_of(remote.settings)
    assert len(first) == 64
    assert secret_of(other.settings) == first
    bucket.put_new(b"too late", remote.settings.work_folder / NAME)
    assert secret_of(other.settings) == first


def test_a_bucket_that_does_not_answer_is_not_taken_for_one_without_a_note(remote: Newsroom) -> None:
    room = remote.with_settings(published="s3://no-such-bucket/published")
    assert published_note.read(remote.settings) is None
    with reading_refused(), pytest.raises(WarehouseError, match=r"published\.json: the storage says"):
        published_note.read(room.settings)


@contextmanager
def reading_refused() -> Iterator[None]:
    """A storage that refuses whoever reads from it: moto refuses nobody."""
    with pytest.MonkeyPatch.context() as patch:

        def refused(*_: Any) -> Any:
            raise OSError(
                errno.EACCES, "the storage says: Access Denied", "s3://no-such-bucket/published/published.json"
            )

        patch.setattr(bucket, "get", refused)
        yield


def test_doctor_names_every_bucket_that_is_not_there_and_makes_all_its_checks(remote: Newsroom) -> None:
    wrong = "s3://no-such-bucket"
    room = remote.with_settings(work=f"{wrong}/work", quarantine=f"{wrong}/quarantine", published=f"{wrong}/published")
    found = dict(doctor.examine(room.settings))
    problems = {name: finding.found for name, finding in found.items() if finding.state == State.problem}
    assert problems.keys() >= {"folders", "published copy"}
    assert all("no such bucket" in problems[name] for name in ("folders", "published copy"))
    assert {*found} == {*dict(doctor.examine(remote.settings))}


@pytest.mark.parametrize("name", ["quarantine", "published"])
def test_a_run_does_not_begin_where_a_bucket_that_it_ends_in_is_not_there(remote: Newsroom, name: str) -> None:
    room = remote.with_settings(**{name: "s3://no-such-bucket/x"})
    room.drop("1.jsonl", [article(1)])
    with pytest.raises(StorageError, match="s3://no-such-bucket/x: the storage has no such bucket"):
        room.ingest()


WITHOUT_THE_EXTRA = """
import sys
sys.modules |= {"boto3": None, "botocore": None, "botocore.exceptions": None}
from etl.cli import main
main()
"""


@pytest.mark.parametrize("command", [["check-sources"], ["ingest", "--dry-run"], ["status"], ["doctor"]])
def test_without_the_extra_a_bucket_is_refused_with_what_to_install(newsroom: Newsroom, command: list[str]) -> None:
    environment = {
        **os.environ,
        "BROADSHEET_HOME": str(newsroom.settings.home),
        "BROADSHEET_SOURCES": str(newsroom.settings.sources),
        "BROADSHEET_LANDING": "s3://newsroom/landing",
        "BROADSHEET_WORK": "s3://newsroom/work",
    }
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_THE_EXTRA, *command], env=environment, capture_output=True, text=True
    )
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    assert "pip install 'broadsheet[scale]'" in " ".join((done.stdout + done.stderr).split())


def test_a_machine_that_never_drew_the_front_page_leaves_it_in_the_bucket(remote: Newsroom, tmp_path: Path) -> None:
    remote = remote.with_settings(front_page=True)
    remote.drop("1.jsonl", [article(1)])
    remote.ingest()
    other = remote.with_settings(home=tmp_path / "other")
    note = published_note.read(other.settings)
    assert note
    published_note.write(other.settings, {**note, "refused": "a reason"})
    bucket_folder = remote.settings.published_elsewhere
    assert bucket_folder and "front page" not in store.read_text(bucket_folder / published_note.NOTE)
    assert {"index.html", "dictionary.html"} <= {file.name for file in store.files(bucket_folder)}


@pytest.mark.nightly
def test_a_copy_without_its_note_in_the_bucket_takes_no_number_from_the_next(remote: Newsroom, tmp_path: Path) -> None:
    remote.drop("1.jsonl", [article(1)])
    remote.ingest()
    shared = remote.settings.published_elsewhere
    assert shared
    store.put(remote.settings.published_folder / "1" / published.LINK, shared / "2" / published.LINK)
    remote.drop("2.jsonl", [article(2)])
    remote.ingest()
    other = remote.with_settings(home=tmp_path / "other")
    assert other.ask_published("select count(*) from mart.article") == [(2,)]


def test_a_copy_that_was_not_put_into_the_bucket_with_its_note_is_put_there_by_publish(
    plain: Newsroom, s3_bucket: str
) -> None:
    plain.drop("1.jsonl", [article(1)])
    plain.ingest()
    shared = plain.with_settings(published=f"{s3_bucket}/published")
    assert shared.settings.published_elsewhere
    store.put(
        plain.settings.published_folder / published_note.NOTE, shared.settings.published_elsewhere / published_note.NOTE
    )
    assert dict(doctor.examine(shared.settings))["published copy"].state == State.problem
    assert publish_last_load(begin(shared.settings, "manual", Request()))["is_new"]
    other = shared.with_settings(home=plain.folder / "other")
    assert other.ask_published("select count(*) from mart.article") == [(1,)]


def test_nothing_is_published_anew_by_a_machine_that_has_not_the_copy_of_another(
    remote: Newsroom, tmp_path: Path
) -> None:
    remote.drop("1.jsonl", [article(1)])
    remote.ingest()
    other = remote.with_settings(home=tmp_path / "other")
    (tmp_path / "other" / "warehouse").mkdir(parents=True)
    shutil.copyfile(remote.settings.warehouse_file, other.settings.warehouse_file)
    assert not publish_last_load(begin(other.settings, "manual", Request()))["is_new"]


@pytest.mark.nightly
def test_a_copy_of_one_who_died_before_it_was_published_is_not_taken_for_that_of_another(
    remote: Newsroom, tmp_path: Path
) -> None:
    remote.drop("1.jsonl", [article(1)])
    remote.ingest()
    other = remote.with_settings(home=tmp_path / "other")
    other.ask_published("select 1")
    remote.drop("2.jsonl", [article(2)])
    remote.ingest()
    left = other.settings.published_folder / "2" / published.LINK
    left.parent.mkdir()
    shutil.copyfile(other.settings.published_folder / "1" / published.LINK, left)
    assert other.ask_published("select count(*) from mart.article") == [(2,)]


@pytest.mark.nightly
def test_where_the_bucket_is_gone_while_a_copy_is_put_there_analysts_keep_the_last(
    remote: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote.drop("1.jsonl", [article(1)])
    remote.ingest()
    remote.drop("2.jsonl", [article(2)])

    def gone(source: Path, target: Path) -> bool:
        raise OSError("storage gone")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="storage gone"):
        patch.setattr(store, "put_first", gone)
        remote.ingest()
    assert remote.ask_published("select count(*) from mart.article") == [(1,)]
    publish_last_load(begin(remote.settings, "manual", Request()))
    assert remote.ask_published("select count(*) from mart.article") == [(2,)]


def test_who_lost_its_lock_in_an_upload_puts_no_copy_over_that_of_another(
    remote: Newsroom, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    remote.drop("1.jsonl", [article(1)])
    remote.ingest()
    others = tmp_path / "others.duckdb"
    others.write_bytes(b"the copy of another")
    upload = store.put_first

    def overtaken(copy: Path, target: Path) -> bool:
        store.put(others, target)
        return upload(copy, target)

    remote.drop("2.jsonl", [article(2)])
    with monkeypatch.context() as patch, pytest.raises(WarehouseError, match="put a copy there meanwhile, which stays"):
        patch.setattr(store, "put_first", overtaken)
        remote.ingest()
    shared = remote.settings.published_elsewhere
    assert shared
    assert store.read_text(shared / "2" / published.LINK) == "the copy of another"
    assert remote.ask_published("select count(*) from mart.article") == [(1,)]
    assert publish_last_load(begin(remote.settings, "manual", Request()))["number"] == 3
    assert remote.ask_published("select count(*) from mart.article") == [(2,)]


def test_a_copy_in_the_bucket_that_is_not_that_of_its_note_is_shown_to_nobody(remote: Newsroom, tmp_path: Path) -> None:
    remote.drop("1.jsonl", [article(1)])
    remote.ingest()
    remote.drop("2.jsonl", [article(2)])
    remote.ingest()
    shared = remote.settings.published_elsewhere
    assert shared
    store.put(remote.settings.published_folder / "1" / published.LINK, shared / "2" / published.LINK)
    other = remote.with_settings(home=tmp_path / "other")
    with pytest.raises(WarehouseError, match=r"2/broadsheet.duckdb: is not the copy that its note names"):
        other.ask_published("select 1")
    assert dict(doctor.examine(other.settings))["published copy"].state == State.problem
    (remote.settings.published_folder / "2" / published.LINK).unlink()
    assert publish_last_load(begin(remote.settings, "manual", Request()))["is_new"]
    assert other.ask_published("select count(*) from mart.article") == [(2,)]


def test_a_machine_with_older_copies_restores_what_the_bucket_has(remote: Newsroom, tmp_path: Path) -> None:
    remote.drop("1.jsonl", [article(1)])
    remote.ingest()
    other = remote.with_settings(home=tmp_path / "other")
    shutil.copytree(remote.settings.home, other.settings.home, symlinks=True)
    remote.drop("2.jsonl", [article(2)])
    remote.ingest()
    finding = dict(doctor.examine(other.settings))["what analysts see"]
    assert (finding.state, finding.advice) == (
        State.problem,
        "bring it back from the published copy with: broadsheet restore",
    )
    assert restore_from_copy(other.settings).number == 2
    assert other.query("select count(*) from mart.article") == [(2,)]


def test_the_copy_that_analysts_have_outlives_those_that_no_note_names(remote: Newsroom) -> None:
    remote.drop("1.jsonl", [article(1)])
    remote.ingest()
    shared = remote.settings.published_elsewhere
    assert shared
    for number in range(2, 2 + remote.settings.keep_published):
        store.put(remote.settings.published_folder / "1" / published.LINK, shared / str(number) / published.LINK)
    published.drop_old(remote.settings)
    assert store.exists(shared / "1" / published.LINK)


def test_on_a_new_machine_what_is_published_in_the_bucket_is_restored_and_not_loaded_anew(
    remote: Newsroom, tmp_path: Path
) -> None:
    remote.drop("1.jsonl", [article(1)])
    remote.ingest()
    fresh = remote.with_settings(home=tmp_path / "fresh")
    assert look_now(fresh.settings).problems == [night.ELSEWHERE]
    with pytest.raises(WarehouseError, match=r"there is no such file, though 1/broadsheet.duckdb is published in s3:"):
        fresh.ingest()
    assert dict(doctor.examine(fresh.settings))["published copy"].state == State.ok
    with pytest.raises(WarehouseError, match="contains no copy number 9; known numbers are 1"):
        restore_from_copy(fresh.settings, 9)
    assert restore_from_copy(fresh.settings).number == 1
    assert fresh.query("select count(*) from mart.article") == [(1,)]
