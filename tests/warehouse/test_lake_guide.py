"""docs/scaling.md: its commands are run as they stand there, against a real PostgreSQL."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import psycopg2
import pytest
import services
from newsroom import Newsroom, article, make_newsroom

from etl.settings import PROJECT
from etl.warehouse import lake, published, published_note, reading

pytestmark = services.needs_postgres()

PAGE = PROJECT / "docs" / "scaling.md"
FEED = '[feed.wire]\npath = "*.jsonl"\nsettle_seconds = 0'


def run(heading: str, **names: Any) -> None:
    """Run the shell commands of a section of the guide."""
    found = re.search(rf"^## {heading}$.*?^```sh\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert found, heading
    environment = {**os.environ, **{name: str(value) for name, value in names.items()}}
    subprocess.run(["bash", "-euc", found[1]], env=environment, check=True, stdout=subprocess.DEVNULL)


@pytest.fixture
def room(tmp_path: Path, postgres: services.Postgres) -> Newsroom:
    """A newsroom whose catalogue was set up as the guide says, with one published night."""
    administrator = postgres.connection("postgres")
    for left_over in ("database if exists broadsheet with (force)", "role if exists analyst", "role if exists loader"):
        postgres.as_superuser(administrator, f"drop {left_over}")
    run("Set the catalogue up", ADMINISTRATOR=administrator)
    catalogue = f"dbname=broadsheet host=127.0.0.1 port={postgres.port} user=loader"
    room = make_newsroom(tmp_path)
    room = room.with_settings(warehouse=lake.PREFIX + catalogue, lake_data=str(tmp_path / "lake"))
    room.stanza(FEED)
    room.drop("1.jsonl", [article(1, headline="Herons")])
    room.ingest()
    return room


def test_analysts_read_what_is_published_and_change_nothing(room: Newsroom, postgres: services.Postgres) -> None:
    in_lake = lake.of(room.settings)
    assert in_lake
    run("Let analysts in", ADMINISTRATOR=postgres.connection("postgres"), CATALOGUE=in_lake.catalogue)
    room.drop("2.jsonl", [article(2)])
    room.load()
    handed = published.seen(room.settings)
    assert isinstance(handed, lake.Snapshot)
    analyst = replace(handed, catalogue=handed.catalogue.replace("user=loader", "user=analyst"))
    with reading.attached(analyst) as connection:
        assert connection.execute("select headline from mart.article").fetchall() == [("Herons",)]
    with duckdb.connect() as connection:
        lake.attach(connection, replace(analyst, number=None), read_only=False)
        with pytest.raises(duckdb.TransactionException, match="permission denied"):
            connection.execute("delete from news.article_text")
    with psycopg2.connect(analyst.catalogue) as connection, connection.cursor() as cursor:
        cursor.execute(
            "select has_table_privilege(tablename, 'select'), has_table_privilege(tablename, 'insert, update, delete') "
            "from pg_tables where tablename like 'ducklake%' group by 1, 2"
        )
        assert cursor.fetchall() == [(True, False)]
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("create table mine (a integer)")
    connection.close()


def test_no_statement_that_fails_is_quoted_in_the_log(room: Newsroom, postgres: services.Postgres) -> None:
    in_lake = lake.of(room.settings)
    assert in_lake
    twice = "insert into ducklake_snapshot select * from ducklake_snapshot -- nineteen unlisted herons"
    with (
        lake.catalogue_of(in_lake) as connection,
        connection.cursor() as cursor,
        pytest.raises(psycopg2.errors.UniqueViolation),
    ):
        cursor.execute(twice)
    log = (postgres.folder / "log").read_text()
    assert "duplicate key" in log
    assert "nineteen unlisted herons" not in log


def test_a_backup_brings_catalogue_and_rows_back_together(
    room: Newsroom, tmp_path: Path, postgres: services.Postgres
) -> None:
    in_lake, backup = lake.of(room.settings), tmp_path / "backup"
    assert in_lake
    backup.mkdir()
    note = room.settings.published_folder / published_note.NOTE
    places = {"CATALOGUE": in_lake.catalogue, "DATA": in_lake.data, "NOTE": note, "BACKUP": backup}
    places["QUARANTINE"] = room.settings.quarantine_folder
    room.drop("rejected.jsonl", [article(7, body=None)])
    room.ingest()
    run("Back up", **places)
    before = room.ask_published("select headline, body from mart.article")
    room.drop("2.jsonl", [article(2)])
    room.ingest()
    quarantined = [file.name for file in room.settings.quarantine_folder.iterdir()]
    shutil.rmtree(in_lake.data)
    shutil.rmtree(room.settings.quarantine_folder)
    note.unlink()
    empty = postgres.new_database()
    data = tmp_path / "brought-back"
    run("Restore", **{**places, "CATALOGUE": empty, "DATA": data})
    assert [file.name for file in room.settings.quarantine_folder.iterdir()] == quarantined != []
    restored = room.with_settings(warehouse=lake.PREFIX + empty, lake_data=str(data))
    assert restored.ask_published("select headline, body from mart.article") == before
    assert restored.ingest().failures == []
    assert restored.ask_published("select count(*) from mart.article") == [(2,)]
