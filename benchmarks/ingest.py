"""Time `broadsheet ingest` on a dump, as a whole process and stage by stage.

usage: python benchmarks/ingest.py DUMP [--profile STAGE]

Prints articles per CPU-second over the whole process tree, the peak memory of the largest process, and CPU
and wall seconds of every stage. Leaves nothing behind.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

BROADSHEET = Path(sys.executable).with_name("broadsheet")


def main() -> None:
    """Run the benchmark that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dump", type=Path)
    parser.add_argument("--profile", metavar="STAGE", help="list the ten most costly functions of a stage")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        whole_process(arguments.dump.resolve(), Path(folder) / "whole")
        stage_by_stage(arguments.dump.resolve(), Path(folder) / "stages", arguments.profile)


def whole_process(dump: Path, home: Path) -> None:
    """Time the command as a person runs it, including its imports."""
    environment = {**os.environ, "BROADSHEET_HOME": str(home)}
    begun = time.monotonic()
    done = subprocess.run([BROADSHEET, "ingest", "--json", dump], env=environment, stdout=subprocess.PIPE, check=True)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_seconds = used.ru_utime + used.ru_stime
    articles = sum(found["articles_read"] for found in json.loads(done.stdout)["dumps"])
    print(
        f"{articles:,} articles: {articles / cpu_seconds:,.0f} articles per CPU-second "
        f"({cpu_seconds:.1f} CPU-seconds, {time.monotonic() - begun:.1f} s), "
        f"peak {used.ru_maxrss / 1024:,.0f} MB of the largest process"
    )


def stage_by_stage(dump: Path, home: Path, profiled: str | None) -> None:
    """Time every stage in this process, one part after another."""
    from etl import pipeline
    from etl.run import Request, begin
    from etl.settings import Settings

    run = begin(Settings(home=home), "benchmark", Request((str(dump),)))
    for part in timed("discover", profiled, pipeline.discover, run):
        timed("extract", profiled, pipeline.extract, run, *part)
    for files in timed("gather", profiled, pipeline.gather, run):
        timed("normalise", profiled, pipeline.normalise, run, files)
    for stage in (pipeline.check, pipeline.load, pipeline.verify, pipeline.publish):
        timed(stage.__name__, profiled, stage, run)


def timed(name: str, profiled: str | None, stage: Callable[..., Any], *arguments: Any) -> Any:
    """Run one stage and print its CPU and wall seconds."""
    cpu, wall = time.process_time(), time.monotonic()
    profile = cProfile.Profile() if name == profiled else None
    result = profile.runcall(stage, *arguments) if profile else stage(*arguments)
    print(f"{name:10} {time.process_time() - cpu:6.1f} CPU-s {time.monotonic() - wall:6.1f} s")
    if profile:
        pstats.Stats(profile).sort_stats("tottime").print_stats(10)
    return result


if __name__ == "__main__":
    main()
