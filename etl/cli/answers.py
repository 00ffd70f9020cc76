"""Prints the answer to a query: on a terminal a page of it as a table, elsewhere all of it."""

from __future__ import annotations

import shutil
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etl import words
from etl.cli.screen import err, out, print_rows, stop

if TYPE_CHECKING:
    import duckdb

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
    if format is not Output.table:
        printed = print_in(format, found.limit(limit) if limit else found)
        has_more = printed == limit
    else:
        page = None if limit or not out.is_terminal else _lines_of_a_page()
        most = limit or page
        rows = _for_screen(found.limit(most + 1) if most else found)
        printed = print_rows(tuple(found.columns), rows[:most], page)
        has_more = printed < len(rows)
    if has_more:
        tell_left(printed, found.count("*").fetchall()[0][0])
    return printed


def _lines_of_a_page() -> int:
    return max(SHORTEST_PAGE, out.height - BESIDE_THE_ROWS)


def tell_left(printed: int, total: int) -> None:
    """Say on standard error how many rows are left, if any are."""
    if printed == total:
        return
    told = f"{printed:,} of {words.counted(total, 'row')}, {total - printed:,} left. To see all: --limit {total}"
    err.print(told, highlight=False, soft_wrap=True)


def print_in(format: Output, found: duckdb.DuckDBPyRelation) -> int:
    """Print rows as `broadsheet export` writes them into a file, and return how many."""
    from etl.reports.export import write_text

    return _print_parquet(found) if format is Output.parquet else write_text(found, sys.stdout, format)


def _for_screen(found: duckdb.DuckDBPyRelation) -> list[tuple[Any, ...]]:
    """The rows with texts for all that is neither a number, nor truth, nor a list."""
    from etl.reports.spreadsheet import NUMBERS, text_of

    kept = {*NUMBERS, "boolean", "list"}
    cells = [
        f"#{place} as c{place}" if kind.id in kept else f"{text_of(kind.id, f'#{place}')} as c{place}"
        for place, kind in enumerate(found.types, 1)
    ]
    columns = found.project(", ".join(cells)).to_arrow_table().columns
    return list(zip(*(column.to_pylist() for column in columns), strict=True))


def _print_parquet(found: duckdb.DuckDBPyRelation) -> int:
    """By way of a file where the connection may write: the folder to which it spills."""
    from etl.warehouse.reading import rows_of_parquet

    if sys.stdout.isatty():
        stop("Parquet is not text; send it to a file, as in: --format parquet > rows.parquet", 2)
    ((spill,),) = found.query("answer", "select current_setting('temp_directory')").fetchall()
    file = Path(spill) / "answer.parquet"
    found.write_parquet(str(file), compression="zstd")
    with file.open("rb") as written:
        shutil.copyfileobj(written, sys.stdout.buffer)
    return rows_of_parquet(file) or 0
