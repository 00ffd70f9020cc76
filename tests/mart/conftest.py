"""What the tests of the search share: its macros, in a database without tables."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from etl.warehouse.catalogue import all_tables


@pytest.fixture(scope="module")
def macros() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("create schema mart")
        for name, table in all_tables().items():
            if name.startswith("mart.search_") and " as table" not in table.create[0]:
                connection.execute(table.create[0])
        yield connection
