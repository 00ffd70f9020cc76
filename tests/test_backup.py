"""The guide to backups: copy what it says, delete the home, restore as it says, and nothing is missing."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from loaded import two_nights_in
from newsroom import Newsroom

from etl.settings import PROJECT
from etl.warehouse import published

PAGE = PROJECT / "docs" / "guides" / "back_up.md"


def commands(heading: str) -> str:
    """The shell commands of a section of the guide."""
    found = re.search(rf"^## {heading}$.*?^```sh\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert found
    return found[1]


def do(heading: str, newsroom: Newsroom, backup: Path) -> None:
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "BROADSHEET_HOME": str(newsroom.settings.home),
        "BROADSHEET_SOURCES": str(newsroom.settings.sources),
        "BACKUP": str(backup),
    }
    done = subprocess.run(["sh", "-eu", "-c", commands(heading)], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def everything_in(newsroom: Newsroom) -> dict[str, list[Any]]:
    """Every row of every table of the warehouse."""
    tables = newsroom.query(
        "select schema_name, table_name from duckdb_tables() where schema_name in ('news', 'ops', 'mart') order by all"
    )
    return {
        f"{schema}.{table}": newsroom.query(f"select * from {schema}.{table} order by all") for schema, table in tables
    }


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    """Two published nights with a rejected article, an e-mail secret, settings, and an Airflow beside them."""
    newsroom = two_nights_in(tmp_path)
    home = newsroom.settings.home
    (home / "email_secret").write_bytes(b"secret")
    newsroom.settings.sources.with_name("broadsheet.toml").write_text("threads = 1\n")
    newsroom.settings.sources.with_name("publications.toml").write_text("[publication.Courier]\n")
    for folder in ("airflow", "systemd"):
        (home / folder).mkdir()
    (home / "airflow" / "secrets.json").write_text("{}")
    (home / "systemd" / "environment").write_text("AIRFLOW_PORT=8081\n")
    with sqlite3.connect(home / "airflow" / "airflow.db") as connection:
        connection.execute("create table connection as select 'broadsheet_smtp' as conn_id")
    return newsroom


def test_what_the_guide_copies_is_all_that_is_needed(newsroom: Newsroom, tmp_path: Path) -> None:
    settings, backup = newsroom.settings, tmp_path / "backup"
    before, mode = everything_in(newsroom), stat.S_IMODE(settings.home.stat().st_mode)
    assert before["ops.rejected_article"] and before["news.article_text"]
    texts = {
        path: path.read_bytes()
        for path in (
            settings.sources,
            settings.sources.with_name("broadsheet.toml"),
            settings.sources.with_name("publications.toml"),
            settings.home / "email_secret",
            settings.home / "airflow" / "secrets.json",
            settings.home / "systemd" / "environment",
            *settings.quarantine_folder.iterdir(),
        )
    }

    do("Back up", newsroom, backup)
    shutil.rmtree(settings.home)
    settings.sources.unlink()
    settings.sources.with_name("broadsheet.toml").unlink()
    settings.sources.with_name("publications.toml").unlink()
    do("Restore", newsroom, backup)

    assert everything_in(newsroom) == before
    assert {path: path.read_bytes() for path in texts} == texts
    assert newsroom.ask_published("select count(*) from mart.article") == [(2,)]
    assert stat.S_IMODE(settings.home.stat().st_mode) == mode  # analysts pass through it
    with sqlite3.connect(settings.home / "airflow" / "airflow.db") as connection:
        assert connection.execute("select conn_id from connection").fetchall() == [("broadsheet_smtp",)]
    assert newsroom.ingest().totals["inserted"] == 0  # nothing is taken again

    with (settings.published_folder / published.LINK).open("rb") as reader:
        do("Restore", newsroom, backup)
        assert os.fstat(reader.fileno()).st_nlink == 0  # the copy was replaced, not written to
