"""`broadsheet ingest --json DUMP`, and the processor seconds of its load in RESULT.

python ingest_timing_load.py DUMP RESULT
"""

from __future__ import annotations

import os
import sys
from functools import wraps
from pathlib import Path
from typing import Any

from etl import cli, pipeline
from etl.run import Run

load = pipeline.load


@wraps(load)
def timed_load(run: Run) -> dict[str, Any]:
    before = sum(os.times()[:4])  # user and system, own and of children
    try:
        return load(run)
    finally:
        Path(result).write_text(f"{sum(os.times()[:4]) - before:.2f}")


dump, result = sys.argv[1:]
pipeline.load = timed_load
sys.argv = ["broadsheet", "ingest", "--json", dump]
cli.main()
