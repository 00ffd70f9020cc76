"""Writes the result of a query to a file, whole or not at all, in bounded memory."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import IO

import duckdb

from etl.files import sync
from etl.reports.json_rows import quoted_name, write_json
from etl.reports.spreadsheet import write_csv
from etl.settings import Settings
from etl.warehouse import sandbox
from etl.words import one_of

PARQUET = "format parquet, compression zstd"

BUFFERED_ROWS = 2048
"""How many DuckDB collects before it writes them into the folders of their values: half a million by default."""
ROWS_OF_A_GROUP = 10_240
"""Each is held in memory until it is written, and articles are long."""
DELIMITERS = {"csv": ",", "tsv": "\t"}

UNKNOWN = "unknown"
"""The folder of rows whose value is null: pandas cannot read Hive's own name for it."""


class ExportError(Exception):
    """The query cannot be written as asked. The message says what to do instead."""


def write(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    target: Path,
    format: str,
    settings: Settings,
    partition_by: str | None = None,
) -> int:
    """Write the result of one query to `target`, which must not exist yet. Returns the number of rows.

    CSV and TSV are safe to open in a spreadsheet, JSON is one array, JSON Lines an object a line, Parquet may be a
    folder per value of a column (Hive's layout). From then on the connection is of no other use. Raises ExportError or
    QueryRefused if the request is wrong, duckdb.Error if the query is.
    """
    if partition_by and format != "parquet":
        raise ExportError("--partition-by works only with --format parquet")
    _refuse_ours(target, settings)
    with _whole(target) as part:
        if partition_by:
            settings = _one_folder_at_a_time(connection, settings)
        sandbox.shut(connection, settings, spill=Path(f"{part}.spill"), writable=part)
        select = sandbox.query_in(connection, query, with_explain=False)
        columns = connection.sql(select).columns  # first, so that an error refers to the query alone
        _refuse_column(partition_by, columns)
        _view(connection, select)
        if format != "parquet":
            with part.open("w", encoding="utf-8", newline="") as file:
                return write_text(connection.table("exported"), file, format)
        source, options = "exported", PARQUET
        if partition_by:
            name = quoted_name(partition_by)
            _refuse_ambiguous(connection, partition_by, name)
            part.mkdir()
            options += f", partition_by ({name}), row_group_size {ROWS_OF_A_GROUP}"
            source = (
                f"(select * replace (coalesce({name}::varchar, '{UNKNOWN}') as {name}) from exported "
                f"order by {name}, row_number() over ())"
            )
        rows = _copy(connection, source, part, options)
        if partition_by and not rows:
            _copy(connection, "exported", part / "data_0.parquet", PARQUET)  # for the names of the columns
        return rows


def _one_folder_at_a_time(connection: duckdb.DuckDBPyConnection, settings: Settings) -> Settings:
    """Bounded memory, however many folders: DuckDB opens one at a time, and one thread meets their rows sorted."""
    connection.execute(f"set partitioned_write_flush_threshold = {BUFFERED_ROWS}")
    connection.execute("set partitioned_write_max_open_files = 1")
    return replace(settings, threads=1)


def _refuse_ours(target: Path, settings: Settings) -> None:
    if target.resolve().is_relative_to(settings.home.resolve()):
        raise ExportError(f"{target} is in Broadsheet's own folder, {settings.home}; choose a place outside it")


def _refuse_column(name: str | None, columns: list[str]) -> None:
    if name and name.lower() not in map(str.lower, columns):
        near = get_close_matches(name, columns) or columns
        raise ExportError(f"--partition-by {name}: there is no such column; did you mean {one_of(near)}?")


def _refuse_ambiguous(connection: duckdb.DuckDBPyConnection, column: str, name: str) -> None:
    """Rows without a value may not get into the folder of those whose value is its name."""
    found = connection.table("exported").aggregate(
        f"coalesce(bool_or({name} is null) and bool_or({name}::varchar = '{UNKNOWN}'), false)"
    )
    if found.fetchone() == (True,):
        raise ExportError(
            f"--partition-by {column}: some rows have no value and some the value '{UNKNOWN}', which is the folder of "
            f"those without one; name those in the query, as in: select * replace (coalesce({name}, 'none') as {name})"
        )


def _view(connection: duckdb.DuckDBPyConnection, select: str) -> None:
    """A view, because the text may end in a semicolon and a comment, so nothing can be written around it."""
    try:
        connection.execute(f"create temp view exported as {select}")
    except duckdb.ParserException:
        raise ExportError(
            "DESCRIBE, SHOW and SUMMARIZE are not exported, only the rows of a query; to keep what they print: "
            'broadsheet query "describe ..." --format csv > columns.csv'
        ) from None


def _copy(connection: duckdb.DuckDBPyConnection, source: str, target: Path, options: str) -> int:
    (rows,) = connection.execute(f"copy {source} to {_quoted_text(target)} ({options})").fetchone() or (0,)
    return int(rows)


def write_text(found: duckdb.DuckDBPyRelation, target: IO[str], format: str) -> int:
    """Write rows as csv, tsv, json or jsonl. Returns how many."""
    if format in DELIMITERS:
        return write_csv(found, target, DELIMITERS[format])
    return write_json(found, target, as_array=format == "json")


@contextmanager
def _whole(target: Path) -> Iterator[Path]:
    """Yields a path beside the target; what is there at the end replaces the target, only on success."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    _refuse_to_overwrite(target)
    if not target.parent.is_dir():
        raise ExportError(f"{target.parent}: no such folder")
    try:
        yield part
        for file in part.rglob("*") if part.is_dir() else ():
            sync(file)
        sync(part)
        _refuse_to_overwrite(target)
        part.rename(target)
        sync(target.parent)
    finally:
        for left_over in (part, Path(f"{part}.spill")):
            shutil.rmtree(left_over) if left_over.is_dir() else left_over.unlink(missing_ok=True)


def _refuse_to_overwrite(target: Path) -> None:
    if target.exists() or target.is_symlink():
        raise ExportError(f"{target} already exists; remove it or choose another name")


def _quoted_text(path: Path) -> str:
    return "'" + os.path.abspath(path).replace("'", "''") + "'"
