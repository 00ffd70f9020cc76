"""The guide to analysts' tools is correct: its blocks are run, in order, as an analyst would run them."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from newsroom import Newsroom, make_newsroom

from etl.reports import cookbook
from etl.settings import PROJECT

GUIDE = (PROJECT / "docs" / "guides" / "analysts_tools.md").read_text("utf-8")
CTRL_J, CTRL_Q = "\n", "\x11"
CURSOR = "\x1b[38;5;232;48;5;253m"
"""The colours of the editor's cursor: what is typed before it blinks is lost."""
BLOCKS = re.findall(r"^```(sh|python)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """A folder laid out like a clone after `make run`."""
    newsroom = make_newsroom(tmp_path_factory.mktemp("clone")).with_settings(sources=PROJECT / "sources.toml")
    report = newsroom.ingest(*sorted((PROJECT / "samples").iterdir()))
    assert report.published
    (newsroom.folder / "var").symlink_to(newsroom.settings.home)
    for name in (".venv", "notebooks"):
        (newsroom.folder / name).symlink_to(PROJECT / name)
    return newsroom


def run(house: Newsroom, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "BROADSHEET_HOME": str(house.settings.home), "COLUMNS": "200"}
    return subprocess.run(command, cwd=house.folder, env=environment, capture_output=True, text=True, check=False)


def test_every_block_of_the_guide_runs(house: Newsroom) -> None:
    assert len(BLOCKS) >= 6
    for language, code in BLOCKS:
        shell = ["bash", "-euo", "pipefail", "-c", code]
        done = run(house, *(shell if language == "sh" else [sys.executable, "-c", code]))
        assert done.returncode == 0, f"{code}\n{done.stderr}"
        assert done.stdout.strip(), code
    assert (house.folder / "volume.csv").exists()
    assert list((house.folder / "articles").glob("publication=*/*.parquet"))


def test_the_questions_of_a_morning_are_in_the_cookbook() -> None:
    (morning,) = re.findall(r"^## An analyst's morning$(.*?)^## ", GUIDE, re.MULTILINE | re.DOTALL)
    rows = re.findall(r"^\| (`.*?) \|", morning, re.MULTILINE)
    named = re.findall(r"`(\w+)`", " ".join(rows))
    assert named[0] == "which_file_is_this"
    assert set(named) <= set(cookbook.all_questions())


def test_the_address_for_superset_reads_and_cannot_write(house: Newsroom) -> None:
    (uri,) = re.findall(r"SQLAlchemy URI +(\S+)", GUIDE)
    engine = sa.create_engine(uri.replace("/data/broadsheet/published", str(house.settings.published_folder)))
    with engine.connect() as connection:
        assert connection.exec_driver_sql("select count(*) from mart.article").scalar_one() > 10
        with pytest.raises(sa.exc.ProgrammingError, match="read-only"):
            connection.exec_driver_sql("delete from news.fact_article")
    engine.dispose()


def test_the_notebook_shows_what_sql_shows(house: Newsroom) -> None:
    done = run(house, sys.executable, "notebooks/first_look.py")
    assert done.returncode == 0, done.stderr
    for publication, articles in house.ask_published("select publication, count(*) from mart.article group by all"):
        assert re.search(rf"{re.escape(publication)} +{articles} ", done.stdout), done.stdout


def test_make_sql_opens_the_published_file_read_only(house: Newsroom) -> None:
    asked = ["make", "--dry-run", "--no-print-directory", "--old-file", ".venv/installed", "sql"]
    asked.append(f"BROADSHEET_HOME={house.settings.home}")
    recipe = subprocess.run(asked, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    assert "harlequin --read-only" in recipe
    command = ["env", asked[-1], "bash", "-c", recipe.replace(f"{PROJECT}/var/harlequin", str(house.folder / "tool"))]
    with on_a_terminal(command) as (see, type_in):
        see("broadsheet")
        see(CURSOR)
        type_in("select 'it ' || 'reads' from mart.article limit 1" + CTRL_J)
        see("it reads")


def test_make_sql_says_what_to_do_where_nothing_is_published(tmp_path: Path) -> None:
    asked = ["make", "--old-file", ".venv/installed", "sql", f"BROADSHEET_HOME={tmp_path}"]
    done = subprocess.run(asked, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "begin with: make run" in done.stderr


@contextmanager
def on_a_terminal(command: list[str]) -> Iterator[tuple[Callable[[str], None], Callable[[str], None]]]:
    """A program on a terminal: yields a function that waits for a text, and one that types. Ctrl+Q must end it."""
    terminal, other_end = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "160", "LINES": "50"}
    program = subprocess.Popen(
        command, cwd=PROJECT, env=environment, stdin=other_end, stdout=other_end, stderr=other_end
    )
    os.close(other_end)
    patience = time.monotonic() + 90

    def read() -> bytes:
        return os.read(terminal, 65536) if select.select([terminal], [], [], 0.5)[0] else b""

    def see(text: str) -> None:
        shown = b""
        while text.encode() not in shown:
            assert program.poll() is None and time.monotonic() < patience, shown[-3000:].decode(errors="replace")
            with suppress(OSError):  # it has closed its end
                shown += read()

    def type_in(text: str) -> None:
        os.write(terminal, text.encode())

    try:
        yield see, type_in
        while program.poll() is None and time.monotonic() < patience:
            type_in(CTRL_Q)
            with suppress(OSError):  # it has closed its end
                read()
        assert program.returncode == 0
    finally:
        program.kill()
        program.wait()
        os.close(terminal)
