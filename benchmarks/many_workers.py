"""One dump through one Celery worker and through two, each pinned to a core: what the second one saves; and whether
every table is what a run without Airflow makes of it.

    PYTHONPATH=.:tests:bin .venv/bin/python benchmarks/many_workers.py [--articles 200000] [--turns 2]

Starts what `make up-many` starts, over a folder of its own. Nothing else should run meanwhile: Airflow's own processes
share the two cores with the workers. Needs the right to make a control group (root), in which Linux counts the
processor time of the workers and of all that they start: to add up processes afterwards misses those that have ended.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil
from chaos.homes import Home
from chaos.office import many
from chaos.scheduler import DAG
from snapshot import hashes

from benchmarks.comparison.load import invented_dump
from etl import pipeline
from etl.run import Request, begin
from etl.settings import PROJECT, Settings, load_settings
from etl.stages.publish import publish_index

FOLDER = PROJECT / "var" / "many-workers"
RUN = "many-workers"
GROUPS = (Path("/sys/fs/cgroup/cpuacct"), Path("/sys/fs/cgroup"))
MOST = 2
"""Into so many parts the dump is cut for one worker, too: both do the same work, with the same tables afterwards."""


@dataclass(frozen=True)
class Turn:
    """One night: the tasks as Airflow tells of them, the workers' CPU seconds, and what the tables hold."""

    workers: int
    tasks: list[dict[str, Any]]
    cpu_seconds: float
    tables: dict[str, Any]

    def seconds(self, chosen: Callable[[dict[str, Any]], bool]) -> float:
        """From the first start of the tasks that are chosen to their last end."""
        found = [task for task in self.tasks if chosen(task)]
        return (max(map(_end, found)) - min(map(_start, found))).total_seconds()

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(task["task_id"] for task in sorted(self.tasks, key=_start)))

    @property
    def whole(self) -> float:
        return self.seconds(lambda task: True)

    @property
    def mapped(self) -> float:
        """The seconds in which tasks ran of which there may be several."""
        spread = {task["task_id"] for task in self.tasks if _is_mapped(task)}
        return sum(self.of(name) for name in spread)

    def of(self, name: str) -> float:
        return self.seconds(lambda task: task["task_id"] == name)


def _start(task: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(task["start_date"])


def _end(task: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(task["end_date"])


def _is_mapped(task: dict[str, Any]) -> bool:
    return int(task["map_index"]) >= 0


def main() -> None:
    """Measure in turns, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=200_000)
    parser.add_argument("--turns", type=int, default=1)
    arguments = parser.parse_args()
    if psutil.cpu_count() < MOST:
        parser.exit(1, "two workers need two cores\n")
    dump = invented_dump(arguments.articles, 1, FOLDER)
    alone = _alone(dump)
    for _ in range(arguments.turns):
        one, two = (_night(dump, workers) for workers in (1, MOST))
        _print(one, two, arguments.articles)
        for turn in (one, two):
            differing = [table for table in alone if alone[table] != turn.tables[table]]
            print(f"{len(alone)} tables of one process, other with {turn.workers} workers: {differing or 'none'}")


def _home(dump: Path, name: str, workers: int) -> Home:
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "landing").mkdir(parents=True)
    os.link(dump, folder / "landing" / dump.name)
    (folder / "sources.toml").write_text(
        'landing = "landing"\n[feed.wire]\npath = "*.jsonl"\nid_column = "id"\nsettle_seconds = 0\n'
    )
    usual = {"batch_files": str(Settings.batch_files), "chunk_articles": str(Settings.chunk_articles)}
    return Home(folder / "home", folder).setting(workers=str(workers), **usual)


def _alone(dump: Path) -> dict[str, Any]:
    """What the tables hold after one machine's run without Airflow, over the same parts."""
    run = begin(load_settings(_home(dump, "alone", MOST).environment), "manual", Request(), RUN)
    pipeline.run_all(run)
    publish_index(run.settings)
    return hashes(run.settings)


def _night(dump: Path, workers: int) -> Turn:
    home = _home(dump, f"{workers}", MOST)
    with many(home, workers=workers) as office, _counted() as group:
        names = [f"worker-{place}" for place in range(1, workers + 1)]
        for core, name in enumerate(names):
            for process in office.processes(name):
                os.sched_setaffinity(process, {core})
                (group / "cgroup.procs").write_text(str(process))
        before = _cpu_seconds(group)
        office.ask(f"/api/v2/dags/{DAG}/dagRuns", {"dag_run_id": RUN, "logical_date": None, "conf": {}})
        print(f"{workers}: {office.end_of(RUN)}", flush=True)
        used = _cpu_seconds(group) - before
        tasks = office.ask(f"/api/v2/dags/{DAG}/dagRuns/{RUN}/taskInstances?limit=1000")["task_instances"]
    settings = load_settings(home.environment)
    return Turn(workers, [task for task in tasks if task["start_date"]], used, hashes(settings))


@contextmanager
def _counted() -> Iterator[Path]:
    """A control group of Linux, version 1 or 2, that counts the processor time of whatever is put into it."""
    above = next(folder for folder in GROUPS if folder.is_dir())
    group = above / f"many-workers-{os.getpid()}"
    group.mkdir()
    try:
        yield group
    finally:
        for process in (group / "cgroup.procs").read_text().split():
            (above / "cgroup.procs").write_text(process)
        group.rmdir()


def _cpu_seconds(group: Path) -> float:
    if (counter := group / "cpuacct.usage").exists():
        return int(counter.read_text()) / 1e9
    found = re.search(r"usage_usec (\d+)", (group / "cpu.stat").read_text())
    assert found, "every control group of version 2 counts it"
    return int(found[1]) / 1e6


def _print(one: Turn, two: Turn, articles: int) -> None:
    print(f"\n{'task':14} {'one':>8} {'two':>8} {'ratio':>6}  seconds, from the first start to the last end")
    for name in one.names:
        first, second = one.of(name), two.of(name)
        spread = sum(task["task_id"] == name and _is_mapped(task) for task in two.tasks)
        print(f"{name:14} {first:8.1f} {second:8.1f} {first / second:6.2f}  {f'{spread} tasks' if spread else ''}")
    bound = one.whole / (one.whole - one.mapped / 2)
    print(f"{'mapped':14} {one.mapped:8.1f} {two.mapped:8.1f} {one.mapped / two.mapped:6.2f}")
    print(f"{'whole':14} {one.whole:8.1f} {two.whole:8.1f} {one.whole / two.whole:6.2f}  at best {bound:.2f} by shares")
    for turn in (one, two):
        each = 1e6 * turn.cpu_seconds / articles
        print(f"CPU, {turn.workers} workers: {turn.cpu_seconds:.1f} s, {each:.0f} µs an article")
    print(f"CPU per article: {two.cpu_seconds / one.cpu_seconds:.3f} times that of one worker")


if __name__ == "__main__":
    main()
