"""The warehouse in a lake: a real PostgreSQL keeps its catalogue, its rows are Parquet files in a folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any

import duckdb
import psycopg2.errors
import put_back
import pytest
import services
import sqlalchemy as sa
from invented import paragraphs
from newsroom import Newsroom, article, make_newsroom
from snapshot import QUERIES

from etl import maintain
from etl.repair import takedown
from etl.repair.asked import Asked
from etl.repair.unload import unload_delivery
from etl.run import Request, begin
from etl.settings import SQL, Settings, SettingsError
from etl.stages import load
from etl.stages.publish import publish_index, publish_last_load
from etl.warehouse import (
    WarehouseError,
    compact,
    lake,
    lake_faults,
    lake_lock,
    lake_writing,
    lock,
    moving,
    opening,
    published,
    published_note,
    reading,
    schema,
    search,
)
from etl.warehouse.catalogue import all_tables, read_catalogue
from etl.warehouse.published import NotPublished
from etl.warehouse.restore import restore_from_copy
from etl.warehouse.schema import newest_migration

pytestmark = services.needs_postgres()

FEED = '[feed.wire]\npath = "*.jsonl"\nsettle_seconds = 0'
SCHEMAS = Path(__file__).parents[1] / "schemas"
SECRET = "the quartermaster kept nineteen unlisted herons"


@pytest.fixture
def newsroom(tmp_path: Path, in_lake: dict[str, Any]) -> Newsroom:
    """A newsroom whose warehouse is a lake."""
    room = make_newsroom(tmp_path).with_settings(**in_lake)
    room.stanza(FEED)
    return room


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory, postgres: services.Postgres) -> put_back.Kept:
    """Such a newsroom with one published night, of five articles."""
    room = make_newsroom(tmp_path_factory.mktemp("newsroom"))
    room = room.with_settings(warehouse=lake.PREFIX + postgres.new_database(), lake_data=str(room.folder / "lake"))
    room.stanza(FEED)
    room.drop("1.jsonl", [article(number) for number in range(1, 6)])
    assert room.ingest(run_id="night-1").failures == []
    return put_back.kept(room, tmp_path_factory.mktemp("first-night") / "copy", postgres)


@pytest.fixture
def published_night(first_night: put_back.Kept) -> Newsroom:
    return first_night.put_back()


def rows_of(settings: Settings) -> dict[str, tuple[Any, ...]]:
    """How many rows every table has, and a sum of their hashes."""
    with reading.attached(opening.source(settings)) as connection:
        return {
            table.full_name: connection.execute(
                f"select count(*), sum(hash(columns(*))::hugeint) from {table.full_name}"
            ).fetchall()[0]
            for table in all_tables().values()
            if not table.is_view
        }


@pytest.mark.nightly
def test_nights_and_repairs_make_the_same_tables_as_in_a_file(newsroom: Newsroom, tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    plain = make_newsroom(tmp_path / "plain")
    plain.stanza(FEED)
    wire = paragraphs(1)
    texts = [wire, wire[:5], wire[3:], *map(paragraphs, range(2, 39))]  # the first three are one story
    first = [
        article(number, tags=["boats", f"pier {number % 3}"], section="Harbour", body="\n\n".join(text))
        for number, text in enumerate(texts)
    ]
    moved = {**first[1], "headline": "Boat one comes back", "body": first[2]["body"]}
    again = [first[0], moved, *({**one, "headline": "Once more"} for one in first[2:9]), article(99, body="")]
    for room in (newsroom, plain):
        room.drop("1.jsonl", [*first, article(40, body=None)])
        assert room.ingest(run_id="night-1").state == "succeeded"
        room.drop("2.jsonl", again)
        assert room.ingest(run_id="night-2").state == "succeeded"
    assert newsroom.query(SUMMARY) == plain.query(SUMMARY)
    assert newsroom.ask_published(SUMMARY) == plain.ask_published(SUMMARY)
    with newsroom.reader() as in_lake, plain.reader() as in_file:
        for name, query in QUERIES.items():
            assert in_lake.execute(query).fetchall() == in_file.execute(query).fetchall(), name
    assert newsroom.query("select count(*) from news.fact_article") == [(48,)]


SUMMARY = """
    select revision, is_current, headline, body, published_at, publication
    from mart.article_revision order by all
"""


def test_it_is_moved_there_and_back_and_every_table_is_what_it_was(tmp_path: Path, in_lake: dict[str, Any]) -> None:
    room = make_newsroom(tmp_path)
    room.stanza(FEED)
    room.drop("1.jsonl", [article(number) for number in range(1, 20)])
    room.ingest()
    there = replace(room.settings, **in_lake)
    before = rows_of(room.settings)
    moving.move(room.settings, there)
    assert rows_of(there) == before
    with pytest.raises(WarehouseError, match="was moved to the lake"):
        moving.move(room.settings, there)
    room.settings.warehouse_file.rename(tmp_path / "old.duckdb")
    moving.move(there, room.settings)
    assert rows_of(room.settings) == before
    assert publish_last_load(begin(room.settings, "manual", Request()))["number"] == 1


def test_after_a_move_analysts_see_a_snapshot_and_no_copy_of_before(tmp_path: Path, in_lake: dict[str, Any]) -> None:
    room = make_newsroom(tmp_path)
    room.stanza(FEED)
    room.drop("1.jsonl", [article(1, headline=f"Harbour: {SECRET}"), article(2)])
    room.ingest()
    there = room.with_settings(**in_lake)
    moving.move(room.settings, there.settings)
    note = publish_last_load(begin(there.settings, "manual", Request()))
    assert note["is_new"] and "snapshot" in note
    published_folder = there.settings.published_folder
    assert [*published_folder.rglob("*.duckdb")] == [], "who opened the link would read what is out of date"
    asked = Asked(by="url", value="https://courier.example/1", reason="a court", requested_by="Ada")
    outcome = takedown.take_down(begin(there.settings, "manual", Request()), asked, "Grace")
    assert outcome.left[0].startswith(str(room.settings.warehouse_file)), "the file that stayed still holds the text"
    assert there.ask_published("select count(*) from mart.article") == [(1,)]


def test_without_a_condition_the_search_finds_what_it_does_in_a_file(newsroom: Newsroom) -> None:
    newsroom.drop("1.jsonl", [article(number) for number in range(1, 4)])
    newsroom.ingest()
    found = "select url from mart.find_articles('boat') order by url"
    assert len(newsroom.ask_published(found)) == 3
    of_paper = "select count(*) from mart.find_articles('boat', publication := 'Harbour Courier', top := 2)"
    assert newsroom.ask_published(of_paper) == [(2,)]


def test_analysts_see_a_verified_snapshot_and_no_load_that_is_not(newsroom: Newsroom) -> None:
    newsroom.drop("1.jsonl", [article(1)])
    report = newsroom.ingest()
    newsroom.drop("2.jsonl", [article(2)])
    newsroom.load()
    count = "select count(*) from news.fact_article"
    assert newsroom.query(count) == [(2,)]
    assert newsroom.ask_published(count) == [(1,)]
    with pytest.raises(NotPublished, match="not verified"):
        publish_last_load(begin(newsroom.settings, "manual", Request()))
    with duckdb.connect() as analyst:  # who copies the line that the report and `broadsheet status` print
        lake.load_extensions(analyst)
        for statement in str(report.published).split("; "):
            analyst.execute(statement)
        assert analyst.execute(count).fetchall() == [(1,)]


def test_a_password_is_on_no_screen() -> None:
    place = lake.Snapshot("dbname=news user=loader password=tulip", "s3://newsroom/lake", 7)
    shown = (
        repr(place),
        str(place),
        place.name,
        place.line,
        repr(Settings(warehouse=f"{lake.PREFIX}{place.catalogue}")),
    )
    assert [text for text in shown if "tulip" in text] == []


@pytest.mark.parametrize("ask", [lake.exists, lambda place: place.line])
def test_a_misspelt_connection_is_refused_without_a_piece_of_its_password(ask: Any) -> None:
    with pytest.raises(SettingsError, match="does not say how to connect") as refused:
        ask(lake.Snapshot("dbname=news password=top tulip", "/lake"))
    assert "tulip" not in str(refused.value)


def test_a_place_for_rows_without_a_lake_is_half_a_setting() -> None:
    with pytest.raises(SettingsError, match="BROADSHEET_WAREHOUSE is not set: set both, or neither"):
        lake.of(Settings(lake_data="/lake"))


def test_extensions_out_of_wheels_are_loaded_unchecked_and_no_others_are(tmp_path: Path) -> None:
    wheel = lake._in_wheel("ducklake")
    assert wheel
    changed = tmp_path / wheel.name
    changed.write_bytes(wheel.read_bytes()[:-1] + b"x")  # its signature is its end
    with duckdb.connect(config=lake.UNCHECKED) as connection:
        lake.load_extensions(connection, ["postgres_scanner"])
        with pytest.raises(duckdb.Error, match="signature"):
            connection.execute(f"load '{changed}'")
        with pytest.raises(duckdb.Error, match="while database is running"):
            connection.execute("set allow_unsigned_extensions = true")


def test_the_lock_is_of_all_machines_and_names_its_holder(newsroom: Newsroom) -> None:
    hasty = replace(newsroom.settings, lock_timeout_seconds=0.3)
    assert lock.holder(hasty) is None
    with lock.held(newsroom.settings, "load of run night-1"):
        assert "load of run night-1 since" in str(lock.holder(hasty))
        with pytest.raises(WarehouseError, match=r"still held by .* load of run night-1 since"), lock.held(hasty, "x"):
            pass
    assert lock.holder(hasty) is None


def test_the_lock_names_its_holder_to_a_role_that_may_not_know_since_when(
    newsroom: Newsroom, postgres: services.Postgres
) -> None:
    in_lake = lake.of(newsroom.settings)
    assert in_lake
    database = lake.psycopg2_extensions().parse_dsn(in_lake.catalogue)["dbname"]
    onlooker = f"{_of_a_mere_owner(postgres)} dbname={database}"
    with lock.held(newsroom.settings, "load of run night-1"):
        other = lake_lock.LakeLock(replace(in_lake, catalogue=onlooker))
        assert not other.acquire(0)
        assert str(other.holder()).endswith("load of run night-1")
        other.release()


def test_a_second_loader_is_refused_even_without_the_lock(
    published_night: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lake_lock.LakeLock, "acquire", lambda *_: True)
    monkeypatch.setattr(lake_lock.LakeLock, "name", lambda *_: None)
    add = "insert into ops.search_gap select coalesce(max(article_key), 0) + 1 from ops.search_gap"
    with ExitStack() as stack:
        one, other = (stack.enter_context(opening.opened(published_night.settings, "test")) for _ in range(2))
        with one.connect() as first, other.connect() as second:
            first.exec_driver_sql(add)
            second.exec_driver_sql(add)
            first.commit()
            with pytest.raises(sa.exc.DBAPIError, match=r"(?i)conflict"):
                second.commit()
    assert published_night.query("select * from ops.search_gap") == [(1,)]


def test_two_first_loaders_cannot_both_create_it(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    in_lake = lake.of(newsroom.settings)
    assert in_lake
    monkeypatch.setattr(lake_lock.LakeLock, "acquire", lambda *_: True)
    monkeypatch.setattr(lake_lock.LakeLock, "name", lambda *_: None)
    with ExitStack() as stack:
        engines = [lake_writing.engine_of(in_lake, {}) for _ in range(2)]
        one, other = (stack.enter_context(engine.connect()) for engine in engines)
        for connection in (one, other):
            connection.exec_driver_sql("create schema ops")
            connection.exec_driver_sql("create table ops.schema_version (applied_at timestamp)")
        one.commit()
        with pytest.raises(sa.exc.DBAPIError):
            other.commit()


def test_several_may_attach_a_new_lake_at_once(newsroom: Newsroom) -> None:
    in_lake = lake.of(newsroom.settings)
    assert in_lake
    at_once = Barrier(6)

    def attach(_: int) -> None:
        with duckdb.connect(config=lake.UNCHECKED) as connection:
            lake.load_extensions(connection, lake.EXTENSIONS[1:])
            at_once.wait(60)
            lake.attach(connection, in_lake, read_only=False)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(attach, range(6)))


def test_its_rows_may_be_in_an_s3_bucket(newsroom: Newsroom, s3_bucket: str) -> None:
    room = newsroom.with_settings(lake_data=f"{s3_bucket}/lake")
    room.drop("1.jsonl", [article(number) for number in range(1, 4)])
    room.load()
    assert room.query("select count(*), min(body) is not null from mart.article") == [(3, True)]


@pytest.mark.nightly
def test_a_restore_takes_every_table_back(published_night: Newsroom) -> None:
    before = rows_of(published_night.settings)
    published_night.drop("2.jsonl", [article(number, headline="New") for number in range(3, 9)])
    published_night.ingest()
    done = restore_from_copy(published_night.settings, number=1)
    assert (done.number, done.missing) == (1, ["2.jsonl"])
    restored = rows_of(published_night.settings)
    assert {name for name in before if restored[name] != before[name]} <= {"ops.schema_version", "ops.publication"}
    published_night.ingest()
    assert published_night.query("select count(*) from news.fact_article") == [(11,)]


def test_an_older_publication_keeps_its_rows_when_what_came_with_it_has_gone(published_night: Newsroom) -> None:
    """DuckLake passes over a table by the least and greatest values of its files as they are now."""
    room = published_night
    last = [article(number, headline="~ Last", publication="Zenith", section="~") for number in (8, 9)]
    room.drop("2.jsonl", last[:1])
    room.drop("3.jsonl", last[1:])
    room.ingest()
    maintain.rewrite(begin(room.settings, "manual", Request()))  # both in one file, of which one half goes
    publish_last_load(begin(room.settings, "manual", Request()))
    older = published.seen(room.settings)
    assert isinstance(older, lake.Snapshot)
    before = everything_of(older)
    for dump in ("2.jsonl", "3.jsonl"):
        run = begin(room.settings, "unload", Request())
        unload_delivery(run, dump, "wrong delivery")
        maintain.rewrite(run)
        assert everything_of(older) == before
        (greatest,) = room.query("select article_key from news.fact_article order by 1 desc limit 1")
        assert room.query("select max(article_key) from news.fact_article") == [greatest], "not that of the older"
    with reading.attached(older) as connection:
        assert connection.execute(OF_THE_LAST).fetchall() == [(2, 2, 7)]


OF_THE_LAST = """
    select
        (select count(*) from news.article_text where headline >= '~'),
        (select count(*) from mart.article where publication = 'Zenith' and article_id > 5),
        (select count(*) from mart.article)
"""


def everything_of(place: lake.Snapshot) -> dict[str, Any]:
    """The least and greatest value of every column of every table, and how many rows have one of them."""
    found = {}
    with reading.attached(place) as connection:
        for table in all_tables().values():
            if not table.is_view:
                ends = connection.execute(f"select min(columns(*)), max(columns(*)) from {table.full_name}")
                names, values = [column[0] for column in ends.description], ends.fetchall()[0]
                half = len(names) // 2
                for name, least, greatest in zip(names[:half], values[:half], values[half:], strict=True):
                    counted = f"select count(*) from {table.full_name} where {name} = $1 or {name} = $2"
                    rows = connection.execute(counted, [least, greatest]).fetchall()
                    found[f"{table.full_name}.{name}"] = (least, greatest, rows)
    return found


def test_a_lost_file_is_noticed_and_analysts_keep_what_they_have(published_night: Newsroom) -> None:
    published_night.drop("2.jsonl", [article(9)])
    published_night.load()
    lost = sorted(Path(published_night.settings.lake_data, "news", "article_text").glob("*.parquet"))[-1]
    lost.rename(published_night.folder / "lost.parquet")
    run = begin(published_night.settings, "manual", Request())
    with pytest.raises(
        (NotPublished, WarehouseError, sa.exc.DBAPIError, duckdb.Error), match=r"missing|No such file|Cannot open"
    ):
        maintain.verify_everything(run)
        publish_last_load(run)
    note = published_note.read(published_night.settings)
    assert note
    assert note["number"] == 1


def test_the_index_is_made_from_the_published_snapshot_while_it_is_loaded(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "SEGMENT_REVISIONS", 2)
    newsroom.drop("1.jsonl", [article(number, body=f"Pier {number}.") for number in range(1, 8)])
    newsroom.ingest()
    collect = search._collect

    def collect_and_load(engine: sa.Engine) -> bool:
        is_any = collect(engine)
        newsroom.load(newsroom.drop("2.jsonl", [article(9, body="A pier.")]))
        return is_any

    monkeypatch.setattr(search, "_collect", collect_and_load)
    assert publish_index(newsroom.settings) == {"articles_indexed": 7}
    with reading.attached(opening.source(newsroom.settings)) as connection:
        assert search.count(connection, "pier") == (8, 1)
    assert newsroom.query("select sum(len(hits)) from ops.search_posting where term = 'pier'") == [(7,)]


def test_a_connection_to_the_catalogue_that_is_lost_is_told_in_words(
    newsroom: Newsroom, postgres: services.Postgres
) -> None:
    in_lake = lake.of(newsroom.settings)
    assert in_lake
    with (
        pytest.raises(
            lake.Unreachable, match=r"the connection to its catalogue was lost: .*check that PostgreSQL runs"
        ),
        lake.catalogue_of(in_lake) as connection,
        connection.cursor() as cursor,
    ):
        postgres.as_superuser(
            postgres.connection("postgres"), f"select pg_terminate_backend({connection.get_backend_pid()})"
        )
        cursor.execute("select 1")


@pytest.mark.parametrize("is_on_s3", [False, pytest.param(True, marks=pytest.mark.nightly)])
def test_what_is_taken_down_is_in_no_place_of_ours(
    newsroom: Newsroom, postgres: services.Postgres, request: pytest.FixtureRequest, is_on_s3: bool
) -> None:
    lake_data = f"{request.getfixturevalue('s3_bucket')}/lake" if is_on_s3 else newsroom.settings.lake_data
    room = newsroom.with_settings(warehouse=lake.PREFIX + _of_a_mere_owner(postgres), lake_data=lake_data)
    room.drop("1.jsonl", [article(2)])
    room.ingest()
    told = article(1, headline=f"Harbour: {SECRET}", status=SECRET)  # which a suite quotes
    room.drop("2.jsonl", [told])  # in files of its own, which go as a whole
    room.ingest()
    in_lake = lake.of(room.settings)
    assert in_lake
    for statement in ("analyze", "checkpoint"):
        postgres.as_superuser(in_lake.catalogue, statement)
    before = _places(room, postgres)
    assert before >= {
        "objects",
        "snapshots",
        "tables of PostgreSQL",
        "what its planner remembers",
        "files of PostgreSQL",
        "write-ahead log of PostgreSQL",
        "work",
    }
    asked = Asked(by="url", value="https://courier.example/1", reason="a court", requested_by="Ada")
    takedown.take_down(begin(room.settings, "manual", Request()), asked, "Grace")
    postgres.as_superuser(in_lake.catalogue, "checkpoint")
    assert _places(room, postgres) <= {"write-ahead log of PostgreSQL"}
    for statement in WAL_EMPTIED:
        postgres.as_superuser(in_lake.catalogue, statement)
    assert _places(room, postgres) == set()
    assert room.ask_published("select count(*) from mart.article") == [(1,)]


def _of_a_mere_owner(postgres: services.Postgres) -> str:
    """How to connect to a database of a role that may do nothing else, as an operator sets one up."""
    catalogue = postgres.new_database()
    database = lake.psycopg2_extensions().parse_dsn(catalogue)["dbname"]
    for statement in ("create role owner login", f"alter database {database} owner to owner"):
        with suppress(psycopg2.errors.DuplicateObject):
            postgres.as_superuser(catalogue, statement)
    return f"{catalogue} user=owner"


WAL_EMPTIED = (
    "alter system set wal_recycle = off",
    "select pg_reload_conf()",
    *("select pg_switch_wal()", "checkpoint") * 2,
    "alter system reset wal_recycle",
)
"""As docs/scaling.md says, after a takedown."""


def _places(room: Newsroom, postgres: services.Postgres) -> set[str]:
    """Where the secret is, of all places that are searched."""
    in_lake = lake.of(room.settings)
    assert in_lake
    data = postgres.folder / "data"
    folders = {
        "files of PostgreSQL": data / "base",
        "shared files of PostgreSQL": data / "global",
        "statistics of PostgreSQL": data / "pg_stat",
        "write-ahead log of PostgreSQL": data / "pg_wal",
        "log of PostgreSQL": postgres.folder / "log",
        "work": room.settings.work_folder,
        "quarantine": room.settings.quarantine_folder,
        "published": room.settings.published_folder,
    }
    found = {place for place, folder in folders.items() if _holds(folder)}
    with reading.attached(in_lake) as connection:
        files = connection.execute("select file from glob($1)", [f"{in_lake.data}/**"]).fetchall()
        if any(SECRET in str(connection.execute("from read_parquet($1)", file).fetchall()) for file in files):
            found.add("objects")
        numbers = connection.execute("select snapshot_id from ducklake_snapshots('broadsheet')").fetchall()
        texts = "select count(*) from news.article_text at (version => {}) where headline like '%' || $1"
        for (number,) in numbers:
            with suppress(duckdb.CatalogException, duckdb.BinderException):  # there was no such table yet
                if connection.execute(texts.format(number), [SECRET]).fetchone() != (0,):
                    found.add("snapshots")
    with lake.catalogue_of(in_lake) as connection, connection.cursor() as cursor:
        cursor.execute("select schemaname || '.' || tablename from pg_tables where schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"select count(*) from {table} as row where row::text like %s", [f"%{SECRET}%"])
            if cursor.fetchone()[0]:
                found.add("tables of PostgreSQL")
        cursor.execute("select count(*) from pg_stats where pg_stats::text like %s", [f"%{SECRET}%"])
        if cursor.fetchone()[0]:
            found.add("what its planner remembers")
    return found


def _holds(folder: Path) -> list[Path]:
    """A file, or the files below a folder, that contain the secret, Parquet by its values."""
    return [file for file in (folder, *folder.rglob("*")) if file.is_file() and _contains(file)]


def _contains(file: Path) -> bool:
    if file.suffix != ".parquet":
        return SECRET.encode() in file.read_bytes()
    with duckdb.connect() as connection:
        rows = connection.execute("from read_parquet($1)", [str(file)]).fetchall()
    return SECRET in str(rows) or SECRET.encode() in file.read_bytes()


def test_a_load_that_a_restart_of_postgresql_interrupts_is_done_again_and_counted(
    newsroom: Newsroom, postgres: services.Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish, restarts = load._finish, iter(range(2))

    def interrupted(*arguments: Any) -> None:
        finish(*arguments)
        for _ in [*restarts][:1]:  # once, when all is written and nothing is committed
            postgres.control("restart", "-m", "immediate")

    monkeypatch.setattr(load, "_finish", interrupted)
    monkeypatch.setattr(lake_writing, "PAUSES_SECONDS", (0.1,) * 5)
    newsroom.drop("1.jsonl", [article(number) for number in range(1, 4)] + [article(4, body=None)])
    report = newsroom.ingest()
    assert (report.state, report.failures) == ("succeeded", [])
    assert newsroom.query("select commit_retries from ops.load_run") == [(1,)]
    assert newsroom.query("select inserted, rejected from ops.dump_load") == [(3, 1)]
    assert len([*newsroom.settings.quarantine_folder.glob("*.parquet")]) == 1


def test_who_lost_the_lock_to_another_is_refused_and_told_who_has_it(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_lake = lake.of(newsroom.settings)
    assert in_lake
    finish, robber = load._finish, ExitStack()

    def robbed(*arguments: Any) -> None:
        finish(*arguments)
        other = robber.enter_context(lake.catalogue_of(in_lake, "another load")).cursor()
        other.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name like '%load of run%'"
        )
        other.execute(f"select pg_advisory_lock({lake_lock.KEY})")

    monkeypatch.setattr(load, "_finish", robbed)
    monkeypatch.setattr(lake_writing, "PAUSES_SECONDS", (0.1,) * 5)
    newsroom.drop("1.jsonl", [article(1)])
    with (
        robber,
        pytest.raises(WarehouseError, match=r"lost its lock, and another load since .* has it .* run it again"),
    ):
        newsroom.load()
    monkeypatch.setattr(load, "_finish", finish)
    newsroom.load()
    assert newsroom.query("select count(*) from news.fact_article") == [(1,)]
    assert newsroom.query("select commit_retries from ops.load_run") == [(0,)]


def test_two_machines_upgrade_an_older_lake_once_and_an_older_version_is_refused(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    in_lake = lake.of(newsroom.settings)
    assert in_lake
    older = sorted(SCHEMAS.glob("*.sql"))[-2]
    with lake.writable(in_lake, newsroom.settings) as connection:
        connection.execute("begin")
        for statement in connection.extract_statements(older.read_text()):
            if not statement.query.lstrip().lower().startswith("comment on"):  # a lake does not keep all of them
                connection.execute(statement)
        connection.execute(
            "insert into ops.load_run (run_id, run_number, trigger, started_at, state, versions) "
            "values ('old', 1, 'manual', timestamp '2026-03-14', 'verified', '{}')"
        )
        connection.execute("commit")
        seen = replace(in_lake, number=lake.newest_snapshot(connection))
    environment = {
        **os.environ,
        "BROADSHEET_HOME": str(newsroom.settings.home),
        "BROADSHEET_WAREHOUSE": newsroom.settings.warehouse,
        "BROADSHEET_LAKE_DATA": newsroom.settings.lake_data,
    }
    machines = [subprocess.Popen([sys.executable, "-c", OPEN], env=environment) for _ in range(2)]
    assert [machine.wait(120) for machine in machines] == [0, 0]
    assert newsroom.query("select max(version) from ops.schema_version") == [(newest_migration(),)]
    assert newsroom.query("select run_id, commit_retries from ops.load_run") == [("old", None)]
    with reading.attached(seen) as connection:  # what analysts were handed before stays as it was
        assert connection.execute("select run_id from ops.load_run").fetchall() == [("old",)]
    shutil.copytree(SQL, tmp_path / "sql")
    next((tmp_path / "sql" / "migrations").glob(f"{newest_migration():04}_*.sql")).unlink()
    engine = lake_writing.engine_of(in_lake, {})
    with pytest.raises(WarehouseError, match=r"has schema version \d+, this Broadsheet knows only up to \d+"):
        schema.migrate(engine, read_catalogue(tmp_path / "sql"), tmp_path / "sql")
    engine.dispose()
    newsroom.drop("1.jsonl", [article(1)])
    assert newsroom.ingest().failures == []


OPEN = """
from etl.settings import load_settings
from etl.warehouse import opening
with opening.opened(load_settings(), "upgrade"):
    pass
"""


def test_an_older_catalogue_beside_newer_data_is_refused_until_a_person_accepts_it(
    published_night: Newsroom, postgres: services.Postgres
) -> None:
    in_lake = lake.of(published_night.settings)
    assert in_lake
    backup = postgres.copied(in_lake.catalogue)
    published_night.drop("2.jsonl", [article(9)])
    published_night.ingest()
    older = published_night.with_settings(warehouse=lake.PREFIX + backup)
    refused = r"older than what is published: it lacks snapshot \d+, .* restore --number 1"
    for change in (older.load, lambda: compact.rewrite_file(older.settings)):
        with pytest.raises(WarehouseError, match=refused):
            change()
    count = "select count(*) from news.fact_article"
    assert published_night.ask_published(count) == [(6,)]  # the newer catalogue is brought back: nothing was lost
    assert restore_from_copy(older.settings, 1).number == 1
    assert older.ask_published(count) == [(5,)]
    assert older.ingest().failures == []
    assert older.ask_published(count) == [(6,)]


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (duckdb.IOException("Failed to get global stats information: server terminated abnormally"), True),
        (duckdb.Error("server closed the connection unexpectedly"), True),
        (duckdb.TransactionException("Transaction conflict"), True),
        (duckdb.IOException("Could not write file: No space left on device"), False),
        (duckdb.HTTPException("HTTP code 403"), False),
    ],
)
def test_what_passes_is_told_from_what_does_not(error: Exception, passes: bool) -> None:
    assert lake_faults.passes(error) is passes


def test_a_storage_that_refuses_connections_is_told_as_one_that_does_not_answer() -> None:
    said = "IO Error: Could not connect to server error for HTTP GET to 'http://127.0.0.1:9/lake/ops/a.parquet'"
    place = lake.Snapshot("dbname=news", "s3://lake/rows")
    assert "the storage does not answer" in (lake_faults.in_words(place, duckdb.IOException(said)) or "")
    assert lake_faults.in_words(place, duckdb.IOException("Could not read a file of yours")) is None
