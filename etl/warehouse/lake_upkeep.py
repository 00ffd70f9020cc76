"""What a lake needs from time to time: fewer and fuller files, no old snapshots, no files that nothing names."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import duckdb

from etl import store, words
from etl.settings import Settings
from etl.warehouse import WarehouseError, lake, lake_faults
from etl.warehouse.catalogue import all_tables

log = logging.getLogger(__name__)

ORPHANS = "call ducklake_delete_orphaned_files('broadsheet', cleanup_all => true, dry_run => true)"
ORPHANS_OLDER = "call ducklake_delete_orphaned_files('broadsheet', older_than => $1, dry_run => true)"
"""Only listed: DuckLake itself would remove whatever Parquet file is below its folder."""
OWN_FILE = re.compile(r"(\w+)/\w+/ducklake-[0-9a-f-]+(?:-delete)?\.parquet")

READ_ON = timedelta(days=1)
"""How long whoever reads an old snapshot may go on: so long its files stay."""

AT_ONCE = 100
"""Files that are merged at once: with more, DuckLake takes more memory than its limit (ducklake issue 929)."""

FILES = """
    select data_file, data_file_size_bytes from ducklake_list_files('broadsheet', $table, schema => $schema)
    union all
    select delete_file, delete_file_size_bytes from ducklake_list_files('broadsheet', $table, schema => $schema)
    where delete_file is not null
"""


def refuse_missing(connection: duckdb.DuckDBPyConnection, place: lake.Snapshot) -> int:
    """Compare the files that the catalogue names with those that are stored. Returns how many there are.

    Raises WarehouseError, naming some, where one is missing.
    """
    stored = {path for (path,) in connection.execute("select file from glob($1)", [f"{place.data}/**"]).fetchall()}
    named = {path for table in _tables() for path, _ in connection.execute(FILES, table).fetchall()}
    if missing := sorted(named - stored):
        raise WarehouseError(
            f"{place.name}: the storage lacks {words.counted(len(missing), 'file')} of {len(named):,}, "
            f"first {missing[0]}; bring them back, or the lake and its catalogue of one day from a backup"
        )
    return len(named)


def _tables() -> list[dict[str, str]]:
    return [{"schema": table.schema, "table": table.name} for table in all_tables().values() if not table.is_view]


def expire(settings: Settings, kept: Collection[int]) -> int:
    """Forget all snapshots but those kept and the newest. Returns how many. Their files stay as long as READ_ON."""
    with _attached(settings) as connection:
        return _expire(connection, kept)


def _expire(connection: duckdb.DuckDBPyConnection, kept: Collection[int]) -> int:
    known = [
        row[0] for row in connection.execute("select snapshot_id from ducklake_snapshots('broadsheet')").fetchall()
    ]
    old = sorted(set(known) - set(kept) - {max(known)})
    if old:
        connection.execute("call ducklake_expire_snapshots('broadsheet', versions => $1)", [old])
    return len(old)


def compact(settings: Settings, kept: Collection[int], read_on: timedelta = READ_ON) -> tuple[int, int]:
    """Merge small files, rewrite those with deleted rows, and remove what no kept snapshot names and nobody reads any
    more. Returns the stored bytes before and after. For who holds the lock.
    """
    before_moment = datetime.now(UTC) - read_on
    with _attached(settings) as connection:
        before = lake.bytes_of(connection)
        connection.execute("call ducklake_rewrite_data_files('broadsheet', delete_threshold => 0)")
        connection.execute("call ducklake_merge_adjacent_files('broadsheet', max_compacted_files => $1)", [AT_ONCE])
        _set_statistics(settings)
        _expire(connection, kept)
        connection.execute("call ducklake_cleanup_old_files('broadsheet', older_than => $1)", [before_moment])
        _remove_orphans(settings, connection.execute(ORPHANS_OLDER, [before_moment]).fetchall())
        after = lake.bytes_of(connection)
    log.info("The lake was compacted: %s before, %s after.", words.size(before), words.size(after))
    return before, after


def forget(settings: Settings, kept: Collection[int]) -> int:
    """Remove at once what no kept snapshot and no table names: files, and what PostgreSQL remembers of them. Returns
    how many snapshots that were. For who holds the lock, after a takedown: readers of older snapshots are cut off.
    """
    with _attached(settings) as connection:
        forgotten = _expire(connection, kept)
        connection.execute("call ducklake_cleanup_old_files('broadsheet', cleanup_all => true)")
        _remove_orphans(settings, connection.execute(ORPHANS).fetchall())
    _set_statistics(settings)
    _forget_in_catalogue(settings)
    return forgotten


def _remove_orphans(settings: Settings, orphans: Iterable[tuple[str]]) -> None:
    """Remove the files of the lake's own that no snapshot names. What else is below its folder is somebody's."""
    place = lake.of(settings)
    assert place, "the warehouse is a lake"
    found = [path for (path, *_) in orphans]
    own = [path for path in found if _is_own(path, place)]
    store.remove([file for file in map(store.path_of, own) if store.exists(file)])
    if others := len(found) - len(own):
        log.warning(
            "%s below %s are not of the lake, and stay: give it a folder for nothing else",
            words.counted(others, "file"),
            place.data,
        )


def _is_own(path: str, place: lake.Snapshot) -> bool:
    """Whether a file is where this lake keeps its rows: not deeper, where another lake may be."""
    found = OWN_FILE.fullmatch(path.removeprefix(f"{place.data}/"))
    return found is not None and found[1] in {table.schema for table in all_tables().values()}


STATISTICS_OF_FILES = """
    with types as (
        select distinct
            table_id,
            column_id,
            column_type ~ '^(u?int|float|decimal|boolean)' as is_number,
            column_type ~ '^(u?int|float|decimal|boolean|varchar|date|timestamp)' as is_ordered
        from ducklake_column
    ),

    parts as (
        select
            whole.table_id,
            whole.column_id,
            types.is_ordered
                and ((part.min_value is not null and part.max_value is not null) or part.value_count = 0) as is_known,
            case when types.is_number then part.min_value::numeric end as least_number,
            case when types.is_number then part.max_value::numeric end as greatest_number,
            part.min_value collate "C" as least,
            part.max_value collate "C" as greatest,
            part.null_count,
            part.contains_nan
        from ducklake_table_column_stats as whole
        left join types on types.table_id = whole.table_id and types.column_id = whole.column_id
        left join ducklake_data_file as file on file.table_id = whole.table_id
        left join ducklake_file_column_stats as part
            on part.data_file_id = file.data_file_id and part.column_id = whole.column_id
    ),

    held as (
        select
            table_id,
            column_id,
            bool_and(coalesce(is_known, false)) as is_known,
            (array_agg(least order by least_number, least) filter (where least is not null))[1] as least,
            (array_agg(greatest order by greatest_number desc, greatest desc) filter (where greatest is not null))[1]
                as greatest,
            bool_or(coalesce(null_count > 0, true)) as is_any_null,
            bool_or(contains_nan) as is_any_nan
        from parts
        group by table_id, column_id
    )

    update ducklake_table_column_stats as whole
    set
        min_value = case when held.is_known then held.least end,
        max_value = case when held.is_known then held.greatest end,
        contains_null = whole.contains_null or held.is_any_null,
        contains_nan = whole.contains_nan or held.is_any_nan
    from held
    where held.table_id = whole.table_id and held.column_id = whole.column_id
"""
"""The least and greatest value of a column in all files of all snapshots that there are. DuckLake has one for the whole
table, and passes over it by that also where an older snapshot is read: but when it rewrites files, it forgets what only
older snapshots have, and their rows are not found; and when it drops a file as a whole, it remembers what is gone."""

ROWS_OF_FILES = """
    update ducklake_table_stats as whole
    set record_count = held.record_count
    from (select table_id, sum(record_count)::bigint as record_count from ducklake_data_file group by table_id) as held
    where held.table_id = whole.table_id
"""
"""The rows in all of these files. DuckLake answers max() by that greatest value, and reads no row, where it has counted
as many as the newest snapshot holds: after a rewrite it would name the greatest of an older one."""


def _set_statistics(settings: Settings) -> None:
    place = lake.of(settings)
    assert place, "the warehouse is a lake"
    with lake.catalogue_of(place) as catalogue, catalogue.cursor() as cursor:
        cursor.execute(STATISTICS_OF_FILES)
        cursor.execute(ROWS_OF_FILES)


TEXTS_REWRITTEN = """
    select format('vacuum (full, analyze) %I', tablename) from pg_tables where tablename like 'ducklake%'
    union all
    select 'vacuum full pg_statistic'
"""
"""PostgreSQL keeps the least and greatest text of every file, and what its planner remembers of those: rows that are
gone stay in its files until they are rewritten."""


def _forget_in_catalogue(settings: Settings) -> None:
    import psycopg2.errors

    place = lake.of(settings)
    assert place, "the warehouse is a lake"
    with lake.catalogue_of(place) as catalogue, catalogue.cursor() as cursor:
        cursor.execute(TEXTS_REWRITTEN)
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)
        try:
            cursor.execute("checkpoint")
        except psycopg2.errors.InsufficientPrivilege:
            log.info("PostgreSQL writes its files at its next checkpoint: the role may not ask for one.")


@contextmanager
def _attached(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    place = lake.of(settings)
    assert place, "the warehouse is a lake"
    with lake_faults.explained(place), lake.writable(place, settings) as connection:
        yield connection
