"""The doctor: well on a good installation, and each check seen to fail on a spoilt one."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from loaded import copy_of
from newsroom import Newsroom
from warm import broadsheet

from etl import pipeline
from etl.declared.publications import Publication, Publications
from etl.doctor import Finding, State, examine, ledger, publications, surroundings
from etl.doctor.publications import Named
from etl.run import Request, begin
from etl.warehouse import lock, opening, published, published_note


@pytest.fixture
def copied(two_nights: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    for name in [name for name in os.environ if name.startswith(("AIRFLOW", "BROADSHEET"))]:
        monkeypatch.delenv(name)
    return copy_of(two_nights, tmp_path / "room")


def examined(newsroom: Newsroom) -> dict[str, Finding]:
    return dict(examine(newsroom.settings))


def test_all_is_well_after_two_good_nights_and_nothing_is_written(copied: Newsroom) -> None:
    before = {path: path.lstat().st_mtime_ns for path in copied.folder.rglob("*") if path.is_file()}
    found = examined(copied)
    names = [check.__name__.replace("_", " ") for check in (*surroundings.CHECKS, *ledger.CHECKS, *publications.CHECKS)]
    assert sorted(found) == sorted([*names, "warehouse"])
    not_ok = {name: finding for name, finding in found.items() if finding.state is not State.ok}
    assert list(not_ok) == ["pool"]
    assert not_ok["pool"].state is State.not_checked
    after = {path: path.lstat().st_mtime_ns for path in copied.folder.rglob("*") if path.is_file()}
    lock = copied.settings.warehouse_file.parent / "lock"
    assert {**after, lock: 0} == {**before, lock: 0}


def test_a_fresh_installation_is_well(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    newsroom.stanza('[feed.wire]\npath = "wire/*"')
    monkeypatch.delenv("AIRFLOW_HOME", raising=False)  # set for the tests of the DAGs, which may have run before
    assert not [finding for finding in examined(newsroom).values() if finding.state in ("warning", "problem")]


def update(newsroom: Newsroom, sql: str) -> None:
    with opening.opened(newsroom.settings, "test") as engine, engine.begin() as connection:
        connection.exec_driver_sql(sql)


def pool_with(newsroom: Newsroom, rows: list[tuple[str, int]]) -> None:
    home = newsroom.settings.home / "airflow"
    home.mkdir()
    with closing(sqlite3.connect(home / "airflow.db")) as database:
        database.execute("create table slot_pool (pool text, slots integer)")
        database.executemany("insert into slot_pool values (?, ?)", rows)
        database.commit()


def discovered(newsroom: Newsroom) -> None:
    pipeline.discover(begin(newsroom.settings, "manual", Request()))


def old_part(newsroom: Newsroom) -> None:
    part = newsroom.settings.published_folder / "3.part"
    part.mkdir()
    os.utime(part, (0, 0))


def cut_last_byte(file: Path) -> None:
    os.truncate(file, file.stat().st_size - 1)


def killed_holder(newsroom: Newsroom) -> None:
    code = (
        "import os, sys; from pathlib import Path; from etl.settings import Settings; from etl.warehouse import lock\n"
        "with lock.held(Settings(home=Path(sys.argv[1])), 'load of run r9'): os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(newsroom.settings.home)], check=False)


def leads_to(newsroom: Newsroom, name: str) -> None:
    link = newsroom.settings.published_folder / published.LINK
    link.unlink()
    link.symlink_to(name)


def overwrite(file: Path) -> None:
    file.unlink()
    file.write_bytes(b"x" * 20_000)


def change_note(newsroom: Newsroom, **changes: Any) -> None:
    note = newsroom.settings.published_folder / published_note.NOTE
    note.write_text(json.dumps({**json.loads(note.read_text()), **changes}))


def file_in_place_of_folder(newsroom: Newsroom) -> None:
    shutil.rmtree(newsroom.settings.quarantine_folder)
    newsroom.settings.quarantine_folder.write_text("not a folder")


SPOILT: list[tuple[str, str, str, Callable[[Newsroom], object]]] = [
    ("sources", "problem", "unknown key", lambda room: room.stanza("[feed.x]\npfad = 'y'")),
    ("sources", "problem", "feeds: unknown key", lambda room: room.stanza("[feeds.x]\npath = 'y'")),
    ("sources", "problem", "no feed", lambda room: room.settings.sources.write_text("")),
    ("sources", "problem", "is not a folder that can be read", lambda room: room.landing.rename(room.folder / "gone")),
    (
        "landing",
        "problem",
        "feed lamp: its folder lamp/ is not there",
        lambda room: (room.stanza('[feed.lamp]\npath = "lamp/*"'), discovered(room)),
    ),
    (
        "landing",
        "warning",
        "1 file claimed by no feed: odd.CSV",
        lambda room: (room.drop("odd.CSV", "x"), discovered(room)),
    ),
    (
        "landing",
        "problem",
        "in its stanza; 1 file claimed by no feed: odd.CSV",
        lambda room: (room.stanza('[feed.lamp]\npath = "lamp/*"'), room.drop("odd.CSV", "x"), discovered(room)),
    ),
    (
        "landing",
        "warning",
        "1 file claimed by more than one feed: wire/1.jsonl",
        lambda room: (room.stanza('[feed.other]\npath = "wire/1*"'), discovered(room)),
    ),
    ("folders", "problem", "quarantine: Not a directory", file_in_place_of_folder),
    ("lock", "warning", "(load of run r9), which held it since", killed_holder),
    ("pool", "problem", "has no pool", lambda room: pool_with(room, [("default_pool", 128)])),
    ("pool", "warning", "has 8 slots", lambda room: pool_with(room, [("warehouse", 8)])),
    (
        "published copy",
        "problem",
        "the file 7/broadsheet.duckdb is missing",
        lambda r: leads_to(r, "7/broadsheet.duckdb"),
    ),
    ("published copy", "problem", "published.json names", lambda room: leads_to(room, "1/broadsheet.duckdb")),
    (
        "published copy",
        "problem",
        "is missing",
        lambda room: (room.settings.published_folder / published_note.NOTE).unlink(),
    ),
    ("published copy", "warning", "no page", lambda room: change_note(room, front_page="no page: no ink")),
    ("published copy", "problem", "does not hold run r7", lambda room: change_note(room, run_id="r7")),
    (
        "published copy",
        "problem",
        "the file is damaged",
        lambda room: overwrite(room.settings.published_folder / "2" / published.LINK),
    ),
    ("left overs", "warning", "3.part", old_part),
    (
        "left overs",
        "warning",
        "broadsheet-set-aside-1",
        lambda room: (room.settings.warehouse_file.parent / "broadsheet-set-aside-1.duckdb").touch(),
    ),
    ("warehouse", "problem", "no such file, though 2 published", lambda room: room.settings.warehouse_file.unlink()),
    ("warehouse", "problem", "broadsheet restore", lambda room: os.truncate(room.settings.warehouse_file, 0)),
    ("warehouse", "problem", "broadsheet restore", lambda room: cut_last_byte(room.settings.warehouse_file)),
    (
        "schema",
        "problem",
        "has schema version 99",
        lambda room: update(
            room,
            "insert into ops.schema_version by name "
            "select 99 as version, 'x' as fingerprint, timestamp '2099-01-01' as applied_at",
        ),
    ),
    (
        "schema",
        "warning",
        "newer than the warehouse",
        lambda room: update(room, "update ops.schema_version set fingerprint = 'older'"),
    ),
    (
        "schema",
        "problem",
        "changed by hand: news.dim_author, news.mine",
        lambda room: update(room, "create table news.mine (a int); alter table news.dim_author add column b int"),
    ),
    ("law", "problem", "read 2, but inserted 0", lambda room: update(room, "update ops.dump_load set inserted = 0")),
    (
        "law",
        "problem",
        "the ledger records 1 revisions, news.fact_article holds 0",
        lambda room: update(room, "delete from news.fact_article where article_key = 1"),
    ),
    (
        "verification",
        "problem",
        "is loading",
        lambda room: update(room, "update ops.load_run set state = 'loading'"),
    ),
    (
        "parked dumps",
        "warning",
        "1 dump: wire/2.jsonl: x",
        lambda room: update(
            room,
            "update ops.dump_load set state = 'refused', reason = 'x' where dump_key = 2;"
            "insert into ops.dump_load by name select dump_load.* replace (run_id || again as run_id) "
            "from ops.dump_load, range(2) as tries (again) where dump_key = 2",
        ),
    ),
    (
        "what analysts see",
        "problem",
        "analysts see run r7, which this warehouse does not know",
        lambda room: change_note(room, run_id="r7"),
    ),
    (
        "what analysts see",
        "warning",
        "; the last verified run is ",
        lambda room: change_note(room, run_id=room.query("select min(run_id) from ops.load_run")[0][0]),
    ),
    (
        "dumps without a file",
        "warning",
        "wire/2.jsonl (refused)",
        lambda room: (
            update(room, "update ops.dump_load set state = 'refused', reason = 'x' where dump_key = 2"),
            (room.landing / "wire" / "2.jsonl").unlink(),
        ),
    ),
    ("quarantine", "warning", "missing from", lambda room: shutil.rmtree(room.settings.quarantine_folder)),
]


@pytest.mark.parametrize(("check", "state", "found", "spoil"), SPOILT, ids=[f"{s[0]}: {s[2]}" for s in SPOILT])
def test_each_check_finds_what_it_is_for_and_says_what_to_do(
    copied: Newsroom, check: str, state: str, found: str, spoil: Callable[[Newsroom], object]
) -> None:
    spoil(copied)
    finding = examined(copied)[check]
    assert finding.state == state
    assert found in finding.found
    assert finding.advice or check == "warehouse"  # there the message of the error says both


def test_a_misspelt_variable_is_found(copied: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_TRHEADS", "4")
    finding = surroundings.environment(copied.settings)
    assert (finding.state, "BROADSHEET_TRHEADS" in finding.found) == (State.warning, True)


@pytest.mark.parametrize(("free_mb", "state"), [(1, "problem"), (10, "warning"), (1000, "ok")])
def test_a_disk_has_room_for_three_warehouses(
    copied: Newsroom, monkeypatch: pytest.MonkeyPatch, free_mb: int, state: str
) -> None:
    with copied.settings.warehouse_file.open("ab") as file:
        file.truncate(5_000_000)
    usage = shutil.disk_usage(copied.folder)._replace(free=free_mb * 1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage)
    assert surroundings.disk(copied.settings).state == state


def test_a_run_under_way_is_not_disturbed(copied: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("etl.doctor.PATIENCE_SECONDS", 0.1)
    with lock.held(copied.settings, "load of run r9"):
        found = examined(copied)
    assert found["warehouse"].state is State.not_checked
    assert "(load of run r9)" in found["warehouse"].found
    assert "(load of run r9)" in found["lock"].found


def test_the_command_prints_it_and_exits_with_1_for_a_problem(copied: Newsroom) -> None:
    where = {"BROADSHEET_HOME": copied.settings.home, "BROADSHEET_SOURCES": copied.settings.sources}

    def run(*arguments: str) -> tuple[int, str]:
        done = broadsheet(*arguments, **where)
        return done.returncode, " ".join((done.stdout + done.stderr).decode().split())

    code, printed = run("doctor")
    assert (code, "All is well." in printed) == (0, True)
    copied.settings.warehouse_file.write_bytes(b"x" * 50_000)
    for command in (["doctor"], ["status"], ["ingest", str(copied.landing)]):
        code, printed = run(*command)
        assert code == 1
        assert "Traceback" not in printed
        assert "broadsheet restore" in printed
    code, printed = run("restore")
    assert code == 0
    assert "The warehouse is restored from copy 2" in printed
    code, printed = run("doctor")
    assert (code, "Problems: 0, warnings: 1." in printed) == (0, True)


def alike(*names: tuple[str, str | None], known: Publications | None = None) -> list[set[str]]:
    found = [Named(name, domain, 1) for name, domain in names]
    return [{one.name for one in group} for group in publications.alike(found, known or Publications())]


def test_names_that_may_be_one_publications_are_suggested() -> None:
    lamp = ("Lamp", "The Lamp", "LAMP", "Lamp.example.com.", "the lamp", "Lamp.com", "The Lamp(London)")
    assert alike(*((name, None) for name in lamp if name != "Lamp.example.com."), ("Quay", None)) == [
        set(lamp) - {"Lamp.example.com."}
    ]
    assert alike(("The Lamp (Furt)", None), ("The Lamp (Quay)", None)) == [], "two towns, two papers"
    assert alike(("The Evening Lamp", "eveninglamp.example"), ("TEL", "eveninglamp.example")) == [], "no likeness"
    assert alike(("Furt Lamp", "fltoday.example"), ("FL Today", "fltoday.example")) == [{"Furt Lamp", "FL Today"}]
    assert alike(("Portal", "portal.example"), ("Valley Wire", "portal.example")) == [], "a portal carries others"


def test_names_of_which_somebody_said_what_they_are_are_not_suggested() -> None:
    known = Publications({"the lamp": Publication("The Lamp")})
    assert alike(("The Lamp", None), ("Lamp", None), known=known) == []


def test_the_doctor_names_what_to_write_and_then_what_to_run(copied: Newsroom) -> None:
    with opening.opened(copied.settings, "test") as engine, engine.begin() as connection:
        connection.exec_driver_sql(
            "insert into news.dim_publication (publication_key, publication_name) values (90, 'HARBOUR COURIER')"
        )
    finding = examined(copied)["publication names"]
    assert (finding.state, finding.found) == (
        State.warning,
        "may be one publication under several names: Harbour Courier = HARBOUR COURIER",
    )
    assert '[publication."Harbour Courier"]\naliases = ["HARBOUR COURIER"]' in finding.advice
    file = copied.settings.sources.with_name("publications.toml")
    file.write_text('[publication.Courier]\naliases = ["Harbour Courier"]')
    finding = examined(copied)["publication names"]
    assert finding.found == "2 articles under other names than publications.toml has: Harbour Courier, HARBOUR COURIER"
    assert finding.advice == "run: broadsheet renormalise"
