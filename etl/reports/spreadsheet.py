"""CSV that a spreadsheet opens without running anything in it.

Excel, LibreOffice and others treat a cell that begins with one of `= + - @`, a tab or a carriage return as a formula,
and a formula can send the cells beside it to a stranger. Headlines come from strangers.
"""

from __future__ import annotations

import csv
import json
from typing import IO, Any

import pyarrow as pa

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_csv(table: pa.Table | pa.RecordBatchReader, target: IO[str], delimiter: str = ",") -> int:
    """Write a table with a heading. Texts that a spreadsheet would run begin with an apostrophe; numbers never do.

    Nulls are empty, lists and structs are JSON, truth is `true` or `false`, which R and spreadsheets know, everything
    else is as Python writes it. Returns the number of rows.
    """
    writer = csv.writer(
        target, delimiter=delimiter
    )  # with RFC 4180's line ends: others would leave a lone carriage return unquoted
    writer.writerow(map(inert, table.schema.names))
    rows = 0
    for batch in table.to_batches() if isinstance(table, pa.Table) else table:
        writer.writerows(
            zip(*([_cell(value) for value in column.to_pylist()] for column in batch.columns), strict=True)
        )
        rows += batch.num_rows
    return rows


def inert(text: str) -> str:
    """The text, with an apostrophe in front if a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return inert(value)
    if isinstance(value, list | dict | bool):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value
