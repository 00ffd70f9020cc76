"""The warehouse follows its SQL files, is refused when it does not, and has one writer."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa
from newsroom import Newsroom

from etl import warehouse
from etl.settings import SQL, load_settings
from etl.warehouse import lock, opening, schema, statements
from etl.warehouse.catalogue import all_tables, live_columns, read_catalogue


def test_every_table_and_column_has_a_comment() -> None:
    bare = [table.full_name for table in all_tables().values() if not table.comment]
    bare += [f"{t.full_name}.{c.name}" for t in all_tables().values() for c in t.columns if not c.comment]
    assert bare == []


def test_every_reference_names_a_table_with_a_key_of_one_column() -> None:
    references = [c.references for t in all_tables().values() for c in t.columns if c.references]
    assert references
    for name in references:
        assert any(len(key) == 1 for key in all_tables()[name].keys), name


def test_every_key_names_columns_of_its_table() -> None:
    for table in all_tables().values():
        for key in table.keys:
            assert set(key) <= {column.name for column in table.columns}, table.full_name


def test_a_column_added_by_hand_is_drift_and_refused(newsroom: Newsroom) -> None:
    with opening.opened(newsroom.settings, "test"):
        pass
    with duckdb.connect(newsroom.settings.warehouse_file) as connection:
        connection.execute("alter table news.dim_author add column nickname varchar")
    with (
        pytest.raises(warehouse.WarehouseError, match=r"news\.dim_author .* nickname VARCHAR"),
        opening.opened(newsroom.settings, "test"),
    ):
        pass


@pytest.fixture
def changed_sql(tmp_path: Path) -> Path:
    """The SQL files with one more column in dim_section."""
    sql = tmp_path / "sql"
    shutil.copytree(SQL, sql)
    file = sql / "dim" / "dim_section.sql"
    file.write_text(
        file.read_text()
        .replace("section_name varchar not null\n", "section_name varchar not null,\n    desk varchar\n")
        .replace("tidied';\n", "tidied';\ncomment on column news.dim_section.desk is 'Desk';\n", 1)
    )
    return sql


def test_a_changed_file_without_a_migration_is_refused_and_with_one_is_applied(
    newsroom: Newsroom, changed_sql: Path
) -> None:
    tables = read_catalogue(changed_sql)
    with opening.opened(newsroom.settings, "test") as engine:
        with pytest.raises(warehouse.WarehouseError, match="only in the file desk VARCHAR"):
            schema.migrate(engine, tables, changed_sql)
        migration = changed_sql / "migrations" / "0099_add_desk.sql"
        migration.write_text("alter table news.dim_section add column desk varchar;")
        schema.migrate(engine, tables, changed_sql)
        with engine.connect() as connection:
            migrated = live_columns(statements.raw(connection))
    fresh = sa.create_engine("duckdb:///:memory:", poolclass=sa.StaticPool)
    schema.migrate(fresh, tables, changed_sql)
    with fresh.connect() as connection:
        assert live_columns(statements.raw(connection)) == migrated
        assert connection.exec_driver_sql("select version from ops.schema_version").scalar_one() == 99


def test_a_second_writer_waits_says_for_whom_and_gives_up_in_time(newsroom: Newsroom) -> None:
    code = (
        "import sys, time; from pathlib import Path\n"
        "from etl.settings import Settings; from etl.warehouse import lock\n"
        "with lock.held(Settings(home=Path(sys.argv[1])), 'holding for a test'):\n"
        "    print('held', flush=True); time.sleep(30)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(newsroom.settings.home)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout and holder.stdout.readline() == "held\n"
        hasty = newsroom.with_settings(lock_timeout_seconds=0.5).settings
        with (
            pytest.raises(warehouse.WarehouseError, match=rf"process {holder.pid} \(holding for a test\)"),
            lock.held(hasty, "second"),
        ):
            pass
    finally:
        holder.kill()
        holder.wait()
    begun = time.monotonic()
    with lock.held(newsroom.settings, "third"):
        assert time.monotonic() - begun < 5


@pytest.mark.parametrize("limit", ["700MB", "1.5 GiB", "2gb"])
def test_half_of_any_memory_limit_is_one_that_duckdb_takes(limit: str) -> None:
    half = opening.thrifty(replace(load_settings(), memory_limit=limit)).memory_limit
    with duckdb.connect() as connection:
        bytes_of = [connection.execute("select parse_formatted_bytes($1)", [text]).fetchall() for text in (limit, half)]
        connection.execute("set memory_limit = $1", [half])
    assert bytes_of[0][0][0] == 2 * bytes_of[1][0][0]


def test_where_neither_memory_nor_disk_suffices_a_person_is_told_of_both(newsroom: Newsroom) -> None:
    room = newsroom.with_settings(memory_limit="40MB")
    with (
        pytest.raises(
            warehouse.WarehouseError, match=r"40MB of memory .BROADSHEET_MEMORY_LIMIT.*/spill does not take the rest"
        ),
        opening.opened(room.settings, "test") as engine,
        engine.connect() as connection,
    ):
        connection.exec_driver_sql("select list(number) from range(100_000_000) as numbers(number)").fetchall()


def test_only_warehouse_and_catalogue_open_duckdb() -> None:
    openers = {
        path.relative_to(SQL.parent / "etl").as_posix()
        for path in (SQL.parent / "etl").rglob("*.py")
        if "duckdb.connect(" in path.read_text() or "create_engine(" in path.read_text()
    }
    modules = ("catalogue", "damage", "lake", "lake_writing", "opening", "reading")
    assert openers == {f"warehouse/{name}.py" for name in modules}


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("unshare"), reason="waits for root, who may mount")
def test_who_only_looks_needs_no_lock_on_a_disk_that_is_read_only(newsroom: Newsroom) -> None:
    home = newsroom.settings.home
    with opening.opened(newsroom.settings, "test"):
        pass
    code = "from etl.cli import main; main()"
    mounted = (
        f"mount --bind {home} {home} && mount -o remount,ro,bind {home} && exec {sys.executable} -c '{code}' status"
    )
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", mounted],
        env={**os.environ, "BROADSHEET_HOME": str(home), "BROADSHEET_SOURCES": str(newsroom.settings.sources)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert "as it is now" in done.stdout
