"""Prints the answer to a query: on a terminal a page of it as a table, elsewhere all of it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING

from etl import words
from etl.cli.screen import err, out, print_rows, stop

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

ROWS_AT_ONCE = 10_000
SHORTEST_PAGE = 10
BESIDE_THE_ROWS = 7
"""Lines of a terminal for the frame of a table, what is said below it, and the next prompt."""


class Output(StrEnum):
    """How `broadsheet query` and `broadsheet search` print an answer."""

    table = "table"
    csv = "csv"
    tsv = "tsv"
    json = "json"
    jsonl = "jsonl"
    parquet = "parquet"


def print_answer(found: duckdb.DuckDBPyRelation, format: Output, limit: int | None) -> int:
    """Print the rows of a query, or the first of them, and then, on standard error, how many are left.

    Without a limit a table on a terminal is a page, and everything else is whole. Returns how many it printed.
    """
    page = None if limit or format is not Output.table or not out.is_terminal else _lines_of_a_page()
    most = limit or page
    if not most:
        return print_in(format, found.to_arrow_reader(ROWS_AT_ONCE))
    rows = found.limit(most + 1).to_arrow_table()
    printed = print_in(format, rows.slice(0, most).to_reader(), page)
    if printed < rows.num_rows:
        _tell_left(printed, found.count("*").fetchall()[0][0])
    return printed


def _lines_of_a_page() -> int:
    return max(SHORTEST_PAGE, out.height - BESIDE_THE_ROWS)


def _tell_left(printed: int, total: int) -> None:
    told = f"{printed:,} of {words.counted(total, 'row')}, {total - printed:,} left. To see all: --limit {total}"
    err.print(told, highlight=False, soft_wrap=True)


def print_in(format: Output, rows: pa.RecordBatchReader, lines: int | None = None) -> int:
    """Print rows, and return how many: a table may have more than the lines of a page hold."""
    from etl.reports.printable import json_text
    from etl.reports.spreadsheet import write_csv

    match format:
        case Output.table:
            read = rows.read_all()
            columns = [column.to_pylist() for column in read.columns]
            return print_rows(tuple(read.column_names), zip(*columns, strict=True), lines)
        case Output.csv:
            return write_csv(rows, sys.stdout)
        case Output.tsv:
            return write_csv(rows, sys.stdout, "\t")
        case Output.json:
            found = rows.read_all().to_pylist()
            print(json_text(found))
            return len(found)
        case Output.jsonl:
            return _print_lines(rows, json_text)
        case Output.parquet:
            return _write_parquet(rows)


def _print_lines(rows: pa.RecordBatchReader, as_text: Callable[..., str]) -> int:
    printed = 0
    for batch in rows:
        sys.stdout.writelines(f"{as_text(row, indent=None)}\n" for row in batch.to_pylist())
        printed += batch.num_rows
    return printed


def _write_parquet(rows: pa.RecordBatchReader) -> int:
    import pyarrow.parquet

    if sys.stdout.isatty():
        stop("Parquet is not text; send it to a file, as in: --format parquet > rows.parquet", 2)
    with pyarrow.parquet.ParquetWriter(sys.stdout.buffer, rows.schema) as writer:
        written = 0
        for batch in rows:
            writer.write_batch(batch)
            written += batch.num_rows
    return written
