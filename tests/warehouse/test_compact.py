"""A rewrite keeps every row, comment and view, loses what was deleted, and leaves a whole file when it is stopped."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
from loaded import copy_of
from newsroom import Newsroom, article, make_newsroom

from etl.settings import Settings
from etl.warehouse import WarehouseError, compact, lock, opening, statements
from etl.warehouse.catalogue import all_tables, live_columns, live_comments
from etl.warehouse.compact import rewrite_file

SECRET = "The harbour master keeps a parrot called Admiral Quince"


@pytest.fixture(scope="module")
def loaded_once(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    newsroom = make_newsroom(tmp_path_factory.mktemp("loaded"))
    newsroom.stanza('[feed.wire]\npath = "*.jsonl"\nid_column = "id"\nsettle_seconds = 0')
    newsroom.drop("1.jsonl", [article(n, id=f"w{n}", tags=["boats"]) for n in range(40)])
    newsroom.ingest()
    newsroom.drop("2.jsonl", [article(n, id=f"w{n}", headline="It comes back") for n in range(2)])
    newsroom.ingest()
    return newsroom


@pytest.fixture
def loaded(loaded_once: Newsroom, tmp_path: Path) -> Newsroom:
    """A warehouse of 40 articles, two of them revised."""
    return copy_of(loaded_once, tmp_path / "copy")


def rewritten(newsroom: Newsroom) -> tuple[int, int]:
    with lock.held(newsroom.settings, "test"):
        return rewrite_file(newsroom.settings)


def contents(newsroom: Newsroom) -> dict[str, Any]:
    """Every row of every table and view, and all that describes them."""
    with opening.opened(newsroom.settings, "test") as engine, engine.connect() as connection:
        raw = statements.raw(connection)
        stored = [name for name, table in all_tables().items() if table.kind != "macro"]
        found: dict[str, Any] = {name: raw.execute(f"from {name} order by all").fetchall() for name in stored}
        return {**found, "columns": live_columns(raw), "comments": live_comments(raw)}


def test_every_row_comment_and_view_is_kept(loaded: Newsroom) -> None:
    before = contents(loaded)
    inode = loaded.settings.warehouse_file.stat().st_ino
    rewritten(loaded)
    assert loaded.settings.warehouse_file.stat().st_ino != inode
    assert contents(loaded) == before
    assert [path.name for path in loaded.settings.warehouse_file.parent.glob("*broadsheet*")] == ["broadsheet.duckdb"]
    assert loaded.query(
        "select tags['storage_version'] from duckdb_databases() where database_name = 'broadsheet'"
    ) == [("v1.5.0+",)]


def test_long_bodies_are_compressed_when_they_are_loaded_and_those_of_an_older_file_by_a_rewrite(
    loaded: Newsroom,
) -> None:
    compression = "select distinct compression from pragma_storage_info('news.article_text') where column_name = 'body'"
    numbers = ", ".join(map(str, range(6000)))  # longer than the 16 kB that DICT_FSST takes
    another = "insert into news.article_text by name select {} as article_key, '{}' as body"
    with opening.opened(loaded.settings, "test") as engine, engine.begin() as connection:
        connection.exec_driver_sql(another.format(900, numbers))
    assert ("ZSTD",) in loaded.query(compression)

    with duckdb.connect(loaded.settings.warehouse_file) as older:  # as a version that did not ask for zstd
        older.execute("create or replace table news.article_text as from news.article_text")
    assert ("Uncompressed",) in loaded.query(compression)
    rewritten(loaded)
    found = loaded.query(compression)
    assert ("ZSTD",) in found and ("Uncompressed",) not in found


def test_the_next_load_goes_into_the_fresh_file(loaded: Newsroom) -> None:
    rewritten(loaded)
    loaded.drop("3.jsonl", [article(99, id="w99")])
    assert loaded.ingest().state == "succeeded"
    assert loaded.ask_published("select count(*) from mart.article") == [(41,)]


def test_rows_changed_later_come_back_to_their_neighbours(loaded: Newsroom) -> None:
    with opening.opened(loaded.settings, "test") as engine, engine.begin() as connection:
        for sql in (
            "create temp table moved as select columns(*) from news.article_text where article_key <= 5",
            "delete from news.article_text where article_key <= 5",
            "insert into news.article_text by name from moved",
        ):
            connection.exec_driver_sql(sql)
    stored = "select article_key from news.article_text order by rowid"
    assert loaded.query(stored) != sorted(loaded.query(stored))
    rewritten(loaded.with_settings(chunk_articles=7))
    assert loaded.query(stored) == sorted(loaded.query(stored))


def test_deleted_text_is_gone_from_the_file(loaded: Newsroom) -> None:
    with opening.opened(loaded.settings, "test") as engine:
        with engine.begin() as connection:
            connection.exec_driver_sql("pragma force_compression = 'uncompressed'")
            connection.exec_driver_sql("update news.article_text set body = $s where article_key = 7", {"s": SECRET})
        with engine.begin() as connection:
            connection.exec_driver_sql("checkpoint")
        with engine.begin() as connection:
            connection.exec_driver_sql("delete from news.article_text where article_key = 7")
    warehouse_file = loaded.settings.warehouse_file
    assert SECRET.encode() in warehouse_file.read_bytes()
    rewritten_uncompressed(loaded.settings)
    assert b"The boat with the number 8 left the harbour" in warehouse_file.read_bytes()
    assert SECRET.encode() not in warehouse_file.read_bytes()
    assert SECRET.encode() not in b"".join(p.read_bytes() for p in loaded.settings.home.rglob("*") if p.is_file())


def rewritten_uncompressed(settings: Settings) -> None:
    """Rewrite so that every text stands in the file as it is."""
    copy = compact._copy

    def uncompressed(connection: Any, fresh: Path, articles_at_once: int) -> dict[str, int]:
        connection.execute("pragma force_compression = 'uncompressed'")
        return copy(connection, fresh, articles_at_once)

    with pytest.MonkeyPatch.context() as patch, lock.held(settings, "test"):
        patch.setattr(compact, "_copy", uncompressed)
        rewrite_file(settings)


KILLED = """
import os, sys
from pathlib import Path
from etl.settings import Settings
from etl.warehouse import compact, lock

def die(*_):
    os.kill(os.getpid(), 9)

if sys.argv[2] == "inside the copy":
    class Dying:
        def __init__(self, connection):
            self.connection = connection
        def execute(self, sql, *parameters):
            if "fresh.ops." in sql:
                die()
            return self.connection.execute(sql, *parameters)
    whole = compact._copy
    compact._copy = lambda connection, *arguments: whole(Dying(connection), *arguments)
else:
    compact.sync = die
settings = Settings(home=Path(sys.argv[1]))
with lock.held(settings, "test"):
    compact.rewrite_file(settings)
"""


@pytest.mark.parametrize("point", ["inside the copy", "before the switch"])
def test_a_killed_rewrite_leaves_the_old_file_and_the_next_one_cleans_up(loaded: Newsroom, point: str) -> None:
    before = contents(loaded)
    killed = subprocess.run([sys.executable, "-c", KILLED, str(loaded.settings.home), point], check=False)
    assert killed.returncode == -9
    left_over = loaded.settings.warehouse_file.with_suffix(".rewrite")
    assert left_over.exists()
    assert contents(loaded) == before
    rewritten(loaded)
    assert contents(loaded) == before
    assert not left_over.exists()


def test_a_fresh_file_without_every_row_is_not_taken(loaded: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = compact._copy

    def one_row_more(*arguments: Any) -> dict[str, int]:
        rows = copy(*arguments)
        return {**rows, "news.article_text": rows["news.article_text"] + 1}

    before = contents(loaded)
    monkeypatch.setattr(compact, "_copy", one_row_more)
    with pytest.raises(WarehouseError, match=r"news\.article_text has 42 rows, expected 43"):
        rewritten(loaded)
    assert contents(loaded) == before
    assert not loaded.settings.warehouse_file.with_suffix(".rewrite").exists()


def test_an_open_log_is_not_replayed_into_the_fresh_file(loaded: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = compact._copy

    def without_a_last_checkpoint(connection: Any, *arguments: Any) -> dict[str, int]:
        rows = copy(connection, *arguments)
        connection.execute("pragma disable_checkpoint_on_shutdown")
        connection.execute("delete from news.article_text where article_key = 3")
        return rows

    monkeypatch.setattr(compact, "_copy", without_a_last_checkpoint)
    with pytest.raises(WarehouseError, match="still exists after the warehouse was closed"):
        rewritten(loaded)
    monkeypatch.undo()
    assert loaded.query("select count(*) from news.article_text") == [(41,)]
