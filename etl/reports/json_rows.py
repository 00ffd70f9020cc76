"""Rows as JSON, the same wherever they are written: DuckDB's own text of every value, but always JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO

import duckdb

from etl.reports.printable import safe_json

ROWS_AT_ONCE = 10_000


def write_json(found: duckdb.DuckDBPyRelation, target: IO[str], as_array: bool) -> int:
    """Write the rows as one array of objects, or an object a line. Returns how many."""
    opening, between, end = ("[\n", ",\n", "\n]\n") if as_array else ("", "\n", "\n")
    rows = 0
    for line in _lines(found):
        target.write(f"{between if rows else opening}{line}")
        rows += 1
    target.write(end if rows else "[]\n" if as_array else "")
    return rows


def _lines(found: duckdb.DuckDBPyRelation) -> Iterator[str]:
    names = found.project("*").columns  # two of the same name get a number
    fields = ", ".join(f"{quoted_name(name)} := #{place}" for place, name in enumerate(names, 1))
    for batch in found.project(f"to_json(struct_pack({fields}))::varchar").to_arrow_reader(ROWS_AT_ONCE):
        yield from (safe_json(finite(line)) for line in batch.column(0).to_pylist())


def finite(text: str) -> str:
    """DuckDB's JSON without the numbers that JSON does not have: NaN and the infinite ones are null."""
    if "NaN" not in text and "Infinity" not in text:
        return text
    value = json.loads(text, parse_constant=lambda _: None)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def quoted_name(name: str) -> str:
    """The name of a column for SQL."""
    return '"' + name.replace('"', '""') + '"'
