"""How statements are run: what DuckDB is told about their joins."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from etl.warehouse import statements

LOOK_UP = "select large.key from large semi join few on few.key = large.key"


@pytest.fixture
def connection() -> Iterator[sa.Connection]:
    """In a transaction that has filled the large table: DuckDB takes it for empty."""
    engine = sa.create_engine("duckdb:///:memory:", poolclass=sa.StaticPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("create table large (key bigint)")
        connection.exec_driver_sql("create table few as select range as key from range(10)")
        connection.commit()
        connection.exec_driver_sql("insert into large from range(100000)")
        yield connection
    engine.dispose()


def test_a_few_are_looked_up_by_a_hash_table_of_the_few(connection: sa.Connection) -> None:
    with statements.joined_as_written(connection):
        assert "RIGHT_SEMI" not in _plan(connection)
    assert "RIGHT_SEMI" in _plan(connection), "DuckDB knows what the transaction has added: nobody need help it"


def test_what_fails_inside_is_what_is_raised(connection: sa.Connection) -> None:
    with (
        pytest.raises(sa.exc.ProgrammingError, match="the first fault"),
        statements.joined_as_written(connection),
    ):
        connection.exec_driver_sql("select error('the first fault')")


def _plan(connection: sa.Connection) -> str:
    return str(connection.exec_driver_sql(f"explain {LOOK_UP}").fetchall())
