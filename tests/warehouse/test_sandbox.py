"""A person's query reads the published file and nothing else, and writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from etl.settings import Settings
from etl.warehouse import sandbox

QUERIES = (
    "select a from t",
    "/* first */ from t -- last",
    "with one as (from t) select a from one",
    "values (1);",
    "describe t",
    "show tables",
    "summarize t",
    "explain select a from t",
    "explain analyze from t",
    "pivot t on a in (1, 2) using sum(a)",
    "select timezone('Europe/Berlin', now()), json_extract('{}', '$')",
)

REFUSED = (
    "",
    "-- nothing",
    "copy t to 'new.csv'",
    "from enable_logging(storage='stdout')",
    'from "force_checkpoint" /* now */ ()',
    "copy (select 1) to 'published.duckdb'",
    "explain copy t to 'published.duckdb' (use_tmp_file false)",
    "explain analyze copy t to 'published.duckdb' (use_tmp_file false)",
    "explain analyze create table u as from t",
    "export database 'new'",
    "attach 'new.duckdb'",
    "attach ':memory:' as m",
    "detach broadsheet",
    "use memory",
    "install httpfs",
    "load httpfs",
    "set threads = 8",
    "set variable v = 1",
    "reset threads",
    "pragma enable_profiling",
    "call enable_logging()",
    "create table memory.u as from t",
    "create temp macro m() as 1",
    "create secret (type s3)",
    "insert into t values (3)",
    "with one as (select 1) insert into t from one",
    "delete from t returning a",
    "update t set a = 3",
    "drop table t",
    "checkpoint",
    "vacuum",
    "begin",
    "prepare p as select 1",
    "execute p",
    "select 1; copy t to 'new.csv'",
    "select 1 --;\n; copy t to 'new.csv'",
    "select 1 /* ; */; select 2",
)

OUT_OF_REACH = (
    "from '{secret}'",
    "from '{secret}.csv'",
    "from read_csv('{secret}')",
    "from read_text('{secret}')",
    "from read_blob('{secret}')",
    "from read_json('{secret}')",
    "from read_parquet('{secret}')",
    "from read_text('*')",
    "from glob('*')",
    "from sniff_csv('{secret}')",
    "from parquet_metadata('{secret}')",
    "from query_table('{secret}')",
    "from query('copy t to ''new.csv''')",
    "from read_text('https://example.org/')",
    "from duckdb_secrets()",
    "select getenv('HOME')",
    "import database '.'",
    "from of_the_caller",
)


@pytest.fixture
def shut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[duckdb.DuckDBPyConnection]:
    monkeypatch.chdir(tmp_path)
    with duckdb.connect("published.duckdb") as made:
        made.execute("create table t as select unnest([1, 2]) as a")
        made.execute("create schema ops; create table ops.schema_version (version integer)")  # as in a file of ours
    Path("schema.sql").write_text("select 'secret'")
    Path("load.sql").write_text("")
    with sandbox.sandboxed(tmp_path / "published.duckdb", Settings(home=tmp_path)) as connection:
        yield connection


def asked(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Any]:
    return connection.execute(sandbox.query_in(connection, sql)).fetchall()


@pytest.mark.parametrize("sql", QUERIES)
def test_a_query_is_answered(shut: duckdb.DuckDBPyConnection, sql: str) -> None:
    assert asked(shut, sql)


@pytest.mark.parametrize("sql", REFUSED)
def test_what_is_not_one_query_is_not_run(shut: duckdb.DuckDBPyConnection, sql: str, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(sandbox.QueryRefused, match=r"expected one SQL statement|only a query is run"):
        asked(shut, sql)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("sql", OUT_OF_REACH)
def test_a_query_reaches_nothing_but_the_published_file(
    shut: duckdb.DuckDBPyConnection, sql: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    secret = tmp_path_factory.mktemp("elsewhere") / "secret"
    secret.write_text("secret")
    Path(f"{secret}.csv").write_text("secret\n")
    of_the_caller = duckdb.connect().sql("select 'secret' as a").to_arrow_table()
    assert of_the_caller.num_rows == 1
    with pytest.raises(duckdb.Error, match=r"disabled by configuration|does not exist|Expected a single SELECT"):
        asked(shut, sql.format(secret=secret))


@pytest.mark.parametrize("sql", ["set enable_external_access = true", "set lock_configuration = false"])
def test_what_is_shut_stays_shut(shut: duckdb.DuckDBPyConnection, sql: str) -> None:
    with pytest.raises(duckdb.Error):
        shut.execute(sql)
