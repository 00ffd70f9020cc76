"""Tasks forked from a worker that has imported the stages already."""

from __future__ import annotations

import os
import subprocess
import sys

from newsroom import Newsroom, article, read

from etl import pipeline
from etl.run import Request, begin

FORKED = """
import os, sys, threading
import broadsheet_airflow.preloaded

assert threading.active_count() == 1
before = set(sys.modules)
if not os.fork():
    from etl import pipeline
    from etl.run import resume
    from etl.settings import load_settings
    from etl.stages.gx import great_expectations

    great_expectations()
    late = set(sys.modules) - before
    run = resume(load_settings(), "forked")
    pipeline.check(run)
    pipeline.load(run)
    os._exit(len(late))
_, status = os.wait()
sys.exit(os.waitstatus_to_exitcode(status))
"""


def test_a_task_forked_from_a_preloaded_worker_imports_nothing_and_loads(newsroom: Newsroom) -> None:
    newsroom.stanza('[feed.wire]\npath = "*"\nsettle_seconds = 0')
    newsroom.drop("a.jsonl", [article(1), article(2, body="")])
    run = begin(newsroom.settings, "manual", Request(), "forked")
    read(run)
    own = {"BROADSHEET_HOME": str(newsroom.settings.home), "BROADSHEET_SOURCES": str(newsroom.settings.sources)}
    subprocess.run([sys.executable, "-c", FORKED], env={**os.environ, **own}, check=True, timeout=120)
    report = pipeline.verdict(run)
    assert (report.totals["inserted"], report.totals["rejected"]) == (1, 1)
