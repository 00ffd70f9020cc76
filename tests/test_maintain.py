"""The weekly maintenance removes what is old and nothing else, and finds what no nightly verification looks at."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from newsroom import Newsroom, article, make_newsroom
from typer.testing import CliRunner

from etl import maintain, pipeline
from etl.cli import app
from etl.maintain import maintain_warehouse, remove_old, rewrite, verify_everything
from etl.run import Request, Run, begin
from etl.stages import verify
from etl.stages.verify import VerifyFailed
from etl.warehouse import WarehouseError, opening, published
from etl.warehouse.catalogue import all_tables

DAY = 86_400


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """Thirty articles, two of them revised, one rejected; loaded in two runs."""
    newsroom = make_newsroom(tmp_path_factory.mktemp("example"))
    newsroom.stanza('[feed.wire]\npath = "*.jsonl"\nid_column = "id"\nsettle_seconds = 0')
    newsroom.drop("1.jsonl", [article(n, id=f"w{n}", tags=["boats"]) for n in range(30)])
    newsroom.ingest(run_id="first")
    changed = [article(n, id=f"w{n}", headline="It comes back") for n in range(2)]
    newsroom.drop("2.jsonl", [*changed, article(77, id="w77", body="")])
    newsroom.ingest(run_id="second")
    return newsroom


@pytest.fixture
def loaded(example: Newsroom, tmp_path: Path) -> Newsroom:
    """A copy of the example for one test to change."""
    shutil.copytree(example.folder, tmp_path / "copy", symlinks=True)
    settings = replace(example.settings, home=tmp_path / "copy" / "home", sources=tmp_path / "copy" / "sources.toml")
    return Newsroom(tmp_path / "copy", settings)


def maintenance(newsroom: Newsroom, in_days: float = 0) -> Run:
    """A run of the maintenance, begun now or some days from now."""
    run = begin(newsroom.settings, "maintenance", Request())
    return replace(run, started_at=run.started_at + timedelta(days=in_days))


def change(newsroom: Newsroom, *statements: str) -> None:
    with opening.opened(newsroom.settings, "test") as engine, engine.begin() as connection:
        for sql in statements:
            connection.exec_driver_sql(sql)


# Work folders


def work_folder(newsroom: Newsroom, name: str, days_old: float, last_change_days_ago: float | None = None) -> Path:
    """The folder of a run that began so long ago."""
    run = begin(newsroom.settings, "schedule", Request(), name)
    note = json.loads((run.folder / "run.json").read_text())
    note["started_at"] = str(run.started_at - timedelta(days=days_old))
    (run.folder / "run.json").write_text(json.dumps(note))
    batch = run.folder / "batch-0000"
    batch.mkdir()
    (batch / "raw.parquet").write_bytes(b"0" * 1000)
    age(run.folder, days_old if last_change_days_ago is None else last_change_days_ago)
    return run.folder


def age(path: Path, days: float) -> None:
    """Make a file, or a folder with all that is in it, that old."""
    for file in (path, *path.rglob("*")):
        changed = file.lstat().st_mtime - days * DAY
        os.utime(file, (changed, changed), follow_symlinks=False)


def test_old_work_folders_go_and_young_ones_stay(loaded: Newsroom) -> None:
    old = work_folder(loaded, "old", days_old=15)
    young = work_folder(loaded, "young", days_old=13)
    removed = remove_old(maintenance(loaded))
    assert not old.exists()
    assert young.exists()
    assert removed["work_folders"] == 1
    assert removed["bytes_freed"] >= 1000


def test_the_start_that_was_noted_counts_not_the_time_of_the_files(loaded: Newsroom) -> None:
    restored = work_folder(loaded, "restored_from_a_backup", days_old=1, last_change_days_ago=300)
    remove_old(maintenance(loaded))
    assert restored.exists()


def test_the_work_folder_of_a_run_that_is_still_going_on_stays(loaded: Newsroom) -> None:
    going = work_folder(loaded, "going", days_old=30, last_change_days_ago=0.5)
    over = work_folder(loaded, "over", days_old=30, last_change_days_ago=1.5)
    remove_old(maintenance(loaded))
    assert going.exists()
    assert not over.exists()


@pytest.mark.parametrize("note", [None, "", '{"started_at'])
def test_a_work_folder_without_a_note_is_judged_by_its_files(loaded: Newsroom, note: str | None) -> None:
    for name, days in (("old", 15), ("young", 13)):
        folder = work_folder(loaded, name, days_old=0)
        (folder / "run.json").unlink()
        if note is not None:
            (folder / "run.json").write_text(note)
        age(folder, days)
    remove_old(maintenance(loaded))
    assert not (loaded.settings.work_folder / "old").exists()
    assert (loaded.settings.work_folder / "young").exists()


def test_retention_is_a_setting_and_never_takes_the_folder_of_the_run_itself(loaded: Newsroom) -> None:
    run = maintenance(loaded.with_settings(keep_work_days=0), in_days=3)
    remove_old(run)
    assert [path.name for path in loaded.settings.work_folder.iterdir() if path.name != "spill"] == [run.run_id]


def test_an_index_that_is_being_made_stays_and_one_that_was_given_up_goes(loaded: Newsroom) -> None:
    being_made, given_up = (loaded.settings.spill / name for name in ("index-1", "index-2"))
    for folder in (being_made, given_up):
        folder.mkdir(parents=True)
        (folder / "collected.duckdb").touch()
    age(given_up, 1.5)
    remove_old(maintenance(loaded))
    assert list(loaded.settings.spill.iterdir()) == [being_made]


def test_what_killed_processes_spilled_goes(loaded: Newsroom) -> None:
    spilled = loaded.settings.spill / "duckdb_temp_storage_DEFAULT-0.tmp"
    spilled.write_bytes(b"0" * 1000)
    left_over = loaded.settings.warehouse_file.with_suffix(".rewrite")
    left_over.write_bytes(b"0" * 1000)
    removed = remove_old(maintenance(loaded))
    assert (removed["spill_files"], removed["unfinished_rewrites"]) == (1, 1)
    assert not spilled.exists()
    assert not left_over.exists()
    assert loaded.settings.spill.is_dir()


# Published copies


def test_copies_beyond_those_kept_go_but_never_the_one_that_analysts_see(loaded: Newsroom) -> None:
    folder = loaded.settings.published_folder
    for number in ("3", "4", "5"):
        shutil.copytree(folder / "2", folder / number)
    for number in ("1", "5", "6.part", "7"):
        (folder / number).mkdir(exist_ok=True)
        (folder / number / "broadsheet.duckdb.wal").write_bytes(b"0")
    assert os.readlink(folder / published.LINK) == "2/broadsheet.duckdb"
    removed = remove_old(maintenance(loaded.with_settings(keep_published=2)))
    assert sorted(str(path.relative_to(folder)) for path in folder.rglob("broadsheet*")) == [
        "2/broadsheet.duckdb",
        "4/broadsheet.duckdb",
        "5/broadsheet.duckdb",
        "5/broadsheet.duckdb.wal",
        "broadsheet.duckdb",
    ]
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == ["2", "4", "5"]
    assert removed["published_copies"] == 4
    assert loaded.ask_published("select count(*) from mart.article") == [(30,)]


# Quarantine


def quarantine_files(newsroom: Newsroom) -> list[str]:
    return sorted(path.name for path in newsroom.settings.quarantine_folder.rglob("*.parquet"))


@pytest.mark.parametrize("closed", ["replayed_at", "dismissed_at"])
def test_the_raw_record_of_a_rejected_article_stays_until_it_was_closed_long_ago(loaded: Newsroom, closed: str) -> None:
    (kept,) = quarantine_files(loaded)
    assert remove_old(maintenance(loaded, in_days=400))["quarantine_files"] == 0
    change(loaded, f"update ops.rejected_article set {closed} = now()::timestamp + interval 390 days")
    assert remove_old(maintenance(loaded, in_days=400))["quarantine_files"] == 0
    assert quarantine_files(loaded) == [kept]
    assert remove_old(maintenance(loaded, in_days=410))["quarantine_files"] == 1
    assert quarantine_files(loaded) == []


def test_a_quarantine_file_with_one_article_not_replayed_stays(loaded: Newsroom) -> None:
    change(
        loaded,
        "insert into ops.rejected_article by name select * replace (now()::timestamp as replayed_at) "
        "from ops.rejected_article",
    )
    assert remove_old(maintenance(loaded, in_days=400))["quarantine_files"] == 0


def test_a_quarantine_file_that_nobody_names_goes_when_it_is_old(loaded: Newsroom) -> None:
    (kept,) = quarantine_files(loaded)
    for name, days in (("killed_long_ago.parquet", 15), ("killed_yesterday.parquet", 1)):
        shutil.copy(loaded.settings.quarantine_folder / kept, loaded.settings.quarantine_folder / name)
        age(loaded.settings.quarantine_folder / name, days)
    assert remove_old(maintenance(loaded))["quarantine_files"] == 1
    assert quarantine_files(loaded) == sorted([kept, "killed_yesterday.parquet"])


def test_without_its_warehouse_nothing_is_removed(loaded: Newsroom) -> None:
    shutil.rmtree(loaded.settings.warehouse_file.parent)
    with pytest.raises(WarehouseError, match="broadsheet restore"):
        maintain_warehouse(maintenance(loaded, in_days=400))
    assert len(quarantine_files(loaded)) == 1


# Everything is verified


def test_a_sound_warehouse_is_verified_whole_in_slices(loaded: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "SLICE", 20)
    run = maintenance(loaded)
    counts = maintain_warehouse(run)
    assert counts["expectations"] > 150
    suites = {row[0] for row in loaded.query(f"select suite from ops.quality_result where run_id = '{run.run_id}'")}
    tables = {table.name for name, table in all_tables().items() if not table.is_view and name not in verify.UNVERIFIED}
    # Tables with neither a column that must be filled nor a suite have only their keys to be held against.
    assert tables <= suites
    assert "whole_warehouse" in suites
    runs = loaded.query("select trigger, state from ops.load_run order by started_at desc limit 1")
    assert runs == [("maintenance", "verified")]


BROKEN = {
    "insert into news.article_text by name from news.article_text where article_key = 3": (
        "article_text_keys: article_key is a key of news.article_text (2 rows)"
    ),
    "insert into ops.article_alias by name from ops.article_alias where article_id = 4 and kind = 'url'": (
        "article_alias_keys: kind, value is a key of ops.article_alias (2 rows)"
    ),
    "insert into news.bridge_article_topic select 4444, topic_key from news.dim_topic limit 1": (
        "bridge_article_topic: every article_key is a key of news.fact_article (1 rows)"
    ),
    "insert into news.bridge_article_author values (4445, 1, 1, null, null)": (
        "bridge_article_author: every article_key is a key of news.fact_article (1 rows)"
    ),
    "update news.article_text set article_key = 4446 where article_key = 5": (
        "article_text: every article_key is a key of news.fact_article (1 rows)"
    ),
    "delete from news.article_text where article_key in (6, 7)": "every revision has its text in news.article_text; "
    "these article_keys have none (3 rows)",
    "delete from news.bridge_article_author where article_key = 8": "as many people in news.bridge_article_author",
    "insert into news.article_story values (4447, 0, 1, false, 1)": "news.article_story holds only articles that exist",
    "delete from news.article_story where article_id = 9": "every article has its story in news.article_story",
    "delete from ops.article_alias where article_id = 10": "every article has a key in ops.article_alias",
    "update ops.article_alias set article_id = 4448 where article_id = 11": (
        "ops.article_alias identifies only articles that exist; these article_ids do not exist (3 rows)"
    ),
    "update news.fact_article set body_hash = 'another' where article_id = 13": "found from its current body",
    "insert into ops.story_text values (4449, 'of no article', 9, null, 4449)": "holds only bodies that articles have",
    "update ops.story_text set leader_key = 9999 where text_key = 14": "has a leader that leads itself",
    "insert into ops.story_band values (1, 4451)": "only bands of texts in ops.story_text",
    "update ops.dump_load set unchanged = unchanged + 1 where run_id = 'first'": (
        "dump_load: no article is lost: read = inserted + revised + unchanged + rejected (1 rows)"
    ),
    "update ops.dump_load set revised = revised - 1, unchanged = unchanged + 1 where run_id = 'second'": (
        "for these dump_keys more are stored (1 rows)"
    ),
    "update news.fact_article set is_current = not is_current where article_id = 1": "the current revision is the last",
    "update news.fact_article set publication_key = 77 where article_id = 12": (
        "fact_article: every publication_key is a key of news.dim_publication (1 rows)"
    ),
}
"""What may befall a warehouse, each to an article of its own, and how the failure names it."""


def test_what_is_broken_far_from_what_was_loaded_last_is_found_and_then_nothing_is_removed(loaded: Newsroom) -> None:
    old = work_folder(loaded, "old", days_old=15)
    change(loaded, *BROKEN)
    loaded.drop("3.jsonl", [article(99, id="w99")])
    assert loaded.ingest().state == "succeeded", "the nightly verification is not meant to find any of it"
    with pytest.raises(VerifyFailed) as failure:
        maintain_warehouse(maintenance(loaded))
    assert [message for message in BROKEN.values() if message not in str(failure.value)] == []
    assert old.exists()


def test_a_run_that_only_verified_what_another_had_loaded_stops_no_maintenance(loaded: Newsroom) -> None:
    loaded.load(loaded.drop("3.jsonl", [article(90, id="w90")]), run_id="interrupted")
    assert loaded.ingest(run_id="again").failures == []
    assert loaded.query("select state, trigger from ops.load_run where run_id = 'again'") == [("verified", "manual")]
    maintain_warehouse(maintenance(loaded))
    assert loaded.query("select count(*) from ops.quality_result where run_id = 'again'") != [(0,)]


def test_a_mart_that_miscounts_stops_the_publish_until_it_is_counted_anew(loaded: Newsroom) -> None:
    change(loaded, "update mart.daily_count set articles = articles + 1")
    loaded.drop("3.jsonl", [article(99, id="w99")])
    assert "mart_totals: mart.daily_count holds every current article" in loaded.ingest().failures[0]
    assert loaded.ask_published("select sum(articles) from mart.daily_volume") == [(30,)]
    with pytest.raises(VerifyFailed, match=r"whole_warehouse: mart\.daily_count agrees with the stored articles"):
        maintain_warehouse(maintenance(loaded))
    maintain_warehouse(maintenance(loaded), recount=True)
    assert loaded.ingest().state == "succeeded"
    assert loaded.ask_published("select sum(articles) from mart.daily_volume") == [(31,)]


def test_a_lost_revision_is_missed_by_the_ledger_unless_it_was_taken_down(loaded: Newsroom) -> None:
    gone = "article_key in (select article_key from news.fact_article where article_id = 5)"
    change(
        loaded,
        *(f"delete from {table} where {gone}" for table in ("news.article_text", "news.bridge_article_author")),
        f"delete from news.bridge_article_topic where {gone}",
        *(f"delete from {table} where article_id = 5" for table in ("news.article_story", "ops.article_alias")),
        "delete from ops.story_text where text_key not in (select text_key from news.article_story) and text_key > 0",
        "delete from news.dim_story where story_key = 5",
        "delete from news.fact_article where article_id = 5",
    )
    with pytest.raises(VerifyFailed, match="for these dump_keys some are missing"):
        verify_everything(maintenance(loaded))
    change(
        loaded,
        "insert into ops.takedown (kind, value, reason, requested_by, approved_by, taken_down_at) "
        "values ('native_id:wire', 'w5', 'asked by the author', 'ana', 'bo', now()::timestamp)",
        "insert into ops.load_run (run_id, run_number, trigger, started_at, state, versions) "
        "select 'takedown-1', max(run_number) + 1, 'takedown', now()::timestamp, 'verified', '{}' from ops.load_run",
    )
    with pytest.raises(VerifyFailed, match=r"mart\.daily_count holds every current article"):
        verify_everything(maintenance(loaded))
    verify_everything(maintenance(loaded), recount=True)


def test_after_a_failure_nothing_is_published_until_all_is_verified(loaded: Newsroom) -> None:
    change(loaded, "insert into news.article_story values (4444, 0, 1, false, 1)")
    with pytest.raises(VerifyFailed):
        maintain_warehouse(maintenance(loaded))
    loaded.drop("3.jsonl", [article(99, id="w99")])
    assert loaded.ingest().state == "failed"
    assert loaded.ask_published("select count(*) from mart.article") == [(30,)]
    change(loaded, "delete from news.article_story where article_id = 4444")
    assert loaded.ingest().state == "succeeded"
    assert loaded.ask_published("select count(*) from mart.article") == [(31,)]


# The rewrite, and what stays


def test_a_rewrite_is_done_when_asked_for_and_analysts_get_the_fresh_file(loaded: Newsroom) -> None:
    inode = loaded.settings.warehouse_file.stat().st_ino
    idle = rewrite(maintenance(loaded))
    assert idle["bytes_before"] == idle["bytes_after"]
    assert loaded.settings.warehouse_file.stat().st_ino == inode
    run = maintenance(loaded)
    counts = maintain_warehouse(run, always_rewrite=True)
    assert counts["bytes_after"] == loaded.settings.warehouse_file.stat().st_size
    assert loaded.settings.warehouse_file.stat().st_ino != inode
    note = pipeline.publish(run)
    assert (note["is_new"], note["run_id"]) == (True, run.run_id)


def test_a_rewrite_is_done_when_it_pays(loaded: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maintain, "FREE_BYTES_THAT_PAY", 5_000_000)
    filling = (
        "insert into ops.quality_result "
        "select run_id, 'bulk', hash(i)::varchar, null, 'info', true, 0, null, 'none', null "
        "from ops.load_run, range({}) as a(i)"
    )
    change(loaded, filling.format(300_000))
    change(loaded, filling.format(10_000).replace("bulk", "behind_it"))  # a free end of the file is cut off anyway
    change(loaded, "delete from ops.quality_result where suite = 'bulk'")
    counts = rewrite(maintenance(loaded))
    assert counts["bytes_after"] < counts["bytes_before"] - 5_000_000
    again = rewrite(maintenance(loaded))
    assert again["bytes_after"] == again["bytes_before"]


def test_the_ledger_forgets_nothing(loaded: Newsroom) -> None:
    change(
        loaded,
        "insert into ops.takedown (kind, value, reason, requested_by, approved_by, taken_down_at, completed_at) "
        "values ('url', 'https://courier.example/1000', 'by the author', 'ana', 'bo', '2020-01-01', '2020-01-01')",
    )
    ledger = ("ops.dump", "ops.dump_load", "ops.article_alias", "ops.takedown", "ops.rejected_article")
    before = {table: loaded.query(f"from {table} order by all") for table in ledger}
    assert all(before.values())
    maintain_warehouse(maintenance(loaded, in_days=4000), always_rewrite=True)
    assert {table: loaded.query(f"from {table} order by all") for table in ledger} == before
    assert loaded.ingest().dumps == [], "every delivery is known again"


def test_an_interrupted_takedown_is_finished(loaded: Newsroom) -> None:
    change(
        loaded,
        "insert into ops.takedown (kind, value, reason, requested_by, approved_by, taken_down_at) "
        "values ('url', 'https://courier.example/1000', 'asked by the author', 'ana', 'bo', '2020-01-01')",
    )
    maintain_warehouse(maintenance(loaded))
    assert loaded.query("select completed_at is not null from ops.takedown") == [(True,)]
    assert len(list(loaded.settings.published_folder.glob("*/broadsheet.duckdb"))) == 1


# The command


def test_the_command_says_what_it_did(loaded: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_HOME", str(loaded.settings.home))
    work_folder(loaded, "old", days_old=15)
    done = CliRunner().invoke(app, ["maintain", "--rewrite"])
    assert done.exit_code == 0, done.output
    said = " ".join(done.output.split())
    assert "every critical one met" in said
    assert "1 work folders" in said
    assert "before the rewrite" in said
    assert "Published: 3/broadsheet.duckdb" in said
