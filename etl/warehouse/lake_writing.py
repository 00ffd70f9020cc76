"""How a lake is written to: every commit is fenced, and what is refused for a reason that passes is done again."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb

from etl.warehouse import lake_faults, lake_lock
from etl.warehouse.lake import UNCHECKED, Snapshot, attach
from etl.warehouse.statements import raw

if TYPE_CHECKING:
    import sqlalchemy as sa

log = logging.getLogger(__name__)

T = TypeVar("T")

FENCE = "update ops.schema_version set applied_at = applied_at"
"""The last statement of every transaction that is committed: two that write the same row cannot both be committed, so
whoever lost the lock and goes on is refused."""

PAUSES_SECONDS = (1, 2, 4, 8, 16)
"""Before each further try: time for PostgreSQL to be restarted."""

OPTIONS = (
    "call broadsheet.set_option('parquet_compression', 'zstd')",
    # Every load looks through all of these. Hashes hardly get smaller; addresses take twice the room, and are read in
    # two thirds of the time.
    "call broadsheet.set_option('parquet_compression', 'uncompressed', schema => 'ops', table_name => 'story_band')",
    "call broadsheet.set_option('parquet_compression', 'uncompressed', schema => 'ops', table_name => 'story_text')",
    "call broadsheet.set_option('parquet_compression', 'lz4', schema => 'ops', table_name => 'article_alias')",
    # Verifying reads slices of 50,000 articles: with the default of 122,880 rows their bodies fill the memory.
    "call broadsheet.set_option('parquet_row_group_size', 8192, schema => 'news', table_name => 'article_text')",
)

ARRANGED = "select count(*) > 0 from ducklake_options('broadsheet') where option_name = 'parquet_row_group_size'"


def engine_of(lake: Snapshot, config: dict[str, Any]) -> sa.Engine:
    """SQLAlchemy's engine over a lake: one connection, every commit of which is fenced."""
    import sqlalchemy as sa

    def fence(connection: sa.Connection) -> None:
        lake_lock.refuse_lost(lake)  # the fence alone sees only who has committed, not who is about to
        connection.exec_driver_sql(FENCE)

    def roll_back(connection: Any) -> None:
        # Else DuckDB ends the process when it closes; where the catalogue is lost, there is nothing to be taken back.
        with suppress(duckdb.Error):
            connection.rollback()

    engine = sa.create_engine(
        "duckdb:///:memory:",
        poolclass=sa.StaticPool,
        connect_args={"config": {**config, **UNCHECKED}},
        execution_options={"lake": lake},
    )
    engine.dialect.do_rollback = roll_back  # type: ignore[method-assign, assignment]
    sa.event.listen(engine, "connect", lambda connection, _: attach(connection, lake, read_only=False))
    sa.event.listen(engine, "commit", fence)
    return engine


def in_transaction(engine: sa.Engine, work: Callable[[sa.Connection, int], T]) -> T:
    """Do work in a transaction of its own; where a lake refuses it for a reason that passes, all of it again.

    `work` takes the connection and how often it was done before. Raises what the last try raised; WarehouseError where
    the lock was lost and another has it.
    """
    lake: Snapshot | None = engine.get_execution_options().get("lake")
    pauses = list(PAUSES_SECONDS) if lake else []
    retries = 0
    while True:
        try:
            if lake and retries:
                lake_lock.keep(lake)
            with engine.begin() as connection:
                return work(connection, retries)
        except Exception as error:
            if not (lake and pauses and lake_faults.passes(error)):
                raise
            engine.dispose()  # what it attached may be lost
            pause, retries = pauses.pop(0), retries + 1
            log.warning("%s", lake_faults.in_words(lake, error) or error)
            log.warning("All of the transaction is done again in %d s (%d of %d).", pause, retries, len(PAUSES_SECONDS))
            time.sleep(pause)


def arrange(engine: sa.Engine) -> None:
    """Say how a lake is to store its tables, unless it knows: in no transaction with those that create them."""
    with engine.connect() as connection:
        if not connection.exec_driver_sql(ARRANGED).scalar_one():
            for option in OPTIONS:
                raw(connection).execute(option)
            raw(connection).commit()
