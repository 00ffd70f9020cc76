"""CSV that a spreadsheet opens without running anything in it.

Excel, LibreOffice and others treat a cell that begins with one of `= + - @`, a tab or a carriage return as a formula,
and a formula can send the cells beside it to a stranger. Headlines come from strangers.
"""

from __future__ import annotations

import csv
import json
from typing import IO

import duckdb

from etl.reports.json_rows import ROWS_AT_ONCE, finite

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

WHOLE_NUMBERS = {f"{sign}{size}int" for sign in ("", "u") for size in ("tiny", "small", "", "big", "huge")}
NUMBERS = {*WHOLE_NUMBERS, "integer", "uinteger", "bignum", "decimal", "float", "double"}
WITH_PARTS = {"list", "array", "struct", "map", "union"}
"""Types of DuckDB by their names there."""


def write_csv(found: duckdb.DuckDBPyRelation, target: IO[str], delimiter: str = ",") -> int:
    """Write rows with a heading. Texts that a spreadsheet would run begin with an apostrophe; numbers never do.

    Nulls are empty, lists, structs and maps are JSON, truth is `true` or `false`, which R and spreadsheets know,
    everything else is as DuckDB writes it. Returns the number of rows.
    """
    writer = csv.writer(
        target, delimiter=delimiter
    )  # with RFC 4180's line ends: others would leave a lone carriage return unquoted
    writer.writerow(map(inert, found.columns))
    kinds = [kind.id for kind in found.types]
    cells = ", ".join(f"{text_of(kind, f'#{place}')} as c{place}" for place, kind in enumerate(kinds, 1))
    rows = 0
    for batch in found.project(cells).to_arrow_reader(ROWS_AT_ONCE):
        columns = (_cells(kind, column.to_pylist()) for kind, column in zip(kinds, batch.columns, strict=True))
        writer.writerows(zip(*columns, strict=True))
        rows += batch.num_rows
    return rows


def text_of(kind: str, value: str) -> str:
    """The SQL that writes a value of a type: JSON of what has parts."""
    return f"if({value} is null, null, to_json({value}))::varchar" if kind in WITH_PARTS else f"{value}::varchar"


def inert(text: str) -> str:
    """The text, with an apostrophe in front if a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _cells(kind: str, texts: list[str | None]) -> list[str | None]:
    if kind in NUMBERS:
        return texts
    written = _spaced if kind in WITH_PARTS else inert
    return [text and written(text) for text in texts]


def _spaced(text: str) -> str:
    return json.dumps(json.loads(finite(text)), ensure_ascii=False)
