"""Airflow never removes the logs of tasks and of reading DAG files: those of our DAGs go after a while."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from etl.settings import PROJECT

KEPT_SECONDS = 90 * 86_400
A_DAY_SECONDS = 86_400


def remove_old_logs(folder: Path, now: float) -> int:
    """Remove the logs of our DAGs below Airflow's log folder that are too old; returns how many files."""
    old = [log for log in _logs_of_ours(folder) if now - log.stat().st_mtime > KEPT_SECONDS]
    for log in old:
        log.unlink()
    for place, _, _ in os.walk(folder, topdown=False):
        # A folder of today may be one that a task is just about to write into.
        if Path(place) != folder and not os.listdir(place) and now - Path(place).stat().st_mtime > A_DAY_SECONDS:
            Path(place).rmdir()
    return len(old)


def _logs_of_ours(folder: Path) -> Iterator[Path]:
    """Not what the processes themselves write: that is for logrotate, or in the journal."""
    for dag_file in (PROJECT / "dags").glob("*.py"):
        yield from folder.glob(f"dag_id={dag_file.stem}/**/*.log")
        yield from folder.glob(f"dag_processor/*/**/{dag_file.name}.log")
