"""`make run`: run the DAG ingest_articles once, in this process, and print what it did.

Airflow keeps its state under var/airflow-run, with a metadata database that is new every time, so
that a killed run cannot get in the way of the next. Exits with 0 only when the run succeeded.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

from airflow_env import DAG_ID, PROJECT, airflow_environment, broadsheet_home

HOME = broadsheet_home() / "airflow-run"
LOG = HOME / "run.log"
QUERIES = (
    "select publication, count(*) as articles from mart.article group by all order by articles desc",
    "select published_date, publication, headline from mart.article order by all limit 10",
)


def main() -> int:
    """Run the DAG and return the exit status."""
    os.umask(0o077)
    HOME.mkdir(parents=True, exist_ok=True)
    environment = airflow_environment(HOME)
    os.environ.clear()
    os.environ.update(environment)
    with _alone(), _quietly() as screen:
        reasons: list[str] = []
        try:
            state, run_id = _run(screen, reasons)
            _report(state, run_id, screen)
        except Exception as error:
            traceback.print_exc()
            state = "failed"
            reasons.append(f"{type(error).__name__}: {error}")
        if state == "success":
            print("\nThe run succeeded.", file=screen)
            return 0
        if reasons:
            print("", *map(_line, reasons), sep="\n", file=screen)
        print(f"\nThe run failed for the reasons above; its log is {_short(LOG)}", file=screen)
        return 1


@contextmanager
def _alone() -> Iterator[None]:
    """Allow one run at a time: two would share one metadata database."""
    with (HOME / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            sys.exit(f"Another `make run` is under way (process {lock.read()}); wait until it ends, then run again.")
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@contextmanager
def _quietly() -> Iterator[IO[str]]:
    """Send everything that Airflow and its children write to the log; yields the screen."""
    sys.stdout.flush()
    with os.fdopen(os.dup(1), "w", buffering=1) as screen, LOG.open("w") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        yield screen


class Steps:
    """Airflow's listener: a line on the screen for every task, and the reason of every failure."""

    def __init__(self, screen: IO[str], reasons: list[str]) -> None:
        from airflow.listeners import hookimpl

        self.screen = screen
        self.reasons = reasons
        self.started_at = time.monotonic()
        for state in ("running", "success", "skipped", "failed"):
            # Marked here and not by decorators: Airflow must not be imported before its environment is set.
            hookimpl(getattr(type(self), f"on_task_instance_{state}"))

    def on_task_instance_running(self, previous_state: Any, task_instance: Any) -> None:
        self.started_at = time.monotonic()

    def on_task_instance_success(self, previous_state: Any, task_instance: Any) -> None:
        self._print(task_instance, "done")

    def on_task_instance_skipped(self, previous_state: Any, task_instance: Any) -> None:
        self._print(task_instance, "skipped")

    def on_task_instance_failed(self, previous_state: Any, task_instance: Any, error: Any) -> None:
        self._print(task_instance, "FAILED")
        # What a working verdict says is in the report, and in the other reasons.
        if not (task_instance.task_id == "verdict" and type(error).__name__ == "RunFailed"):
            self.reasons.append(f"{_name(task_instance)}: {str(error) or type(error).__name__}")

    def _print(self, task_instance: Any, word: str) -> None:
        seconds = time.monotonic() - self.started_at
        print(f"  {_name(task_instance):24} {word:8} {seconds:6.1f} s", file=self.screen)


def _name(task_instance: Any) -> str:
    name = task_instance.task_id.rpartition(".")[2]
    return name if task_instance.map_index < 0 else f"{name} batch {task_instance.map_index}"


def _run(screen: IO[str], reasons: list[str]) -> tuple[str, str]:
    print(f"Running the DAG {DAG_ID} ...", file=screen)
    _new_database()
    from airflow.dag_processing.dagbag import DagBag
    from airflow.sdk.listener import get_listener_manager

    bag = DagBag(PROJECT / "dags" / f"{DAG_ID}.py")
    if bag.import_errors:
        raise RuntimeError("\n".join(bag.import_errors.values()))
    dag = bag.dags[DAG_ID]
    dag.deadline = None  # dag.test() accepts none, and nothing is late here
    # Someone has just typed `make run`: an error is better seen at once than after its retries.
    for task in dag.tasks:
        task.retries = 0
    get_listener_manager().add_listener(Steps(screen, reasons))
    run = dag.test()
    return str(run.state), run.run_id


def _new_database() -> None:
    """A metadata database without any run in it: a copy of an empty one, which takes seconds to make."""
    database, empty = HOME / "airflow.db", HOME / f"empty-{version('apache-airflow')}.db"
    for left_over in HOME.glob("airflow.db*"):
        left_over.unlink()
    if empty.exists():
        shutil.copyfile(empty, database)
        return
    from airflow.utils import db

    db.initdb()
    part = empty.with_suffix(".part")
    part.unlink(missing_ok=True)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("vacuum into ?", [str(part)])
    part.replace(empty)


def _report(state: str, run_id: str, screen: IO[str]) -> None:
    from etl import pipeline
    from etl.reports.front_page import PAGE
    from etl.reports.printable import Screen
    from etl.run import resume
    from etl.settings import load_settings

    run = resume(load_settings(), run_id)
    if not run.plan.exists():
        return
    report = pipeline.verdict(run)
    print(file=screen)
    # A run that stopped before its load has nothing to show, which is not the same as nothing new.
    if report.dumps or state == "success":
        report.show(Screen(file=screen, width=None if screen.isatty() else 140))
    if report.published:
        published = Path(report.published)
        print(f"\nPublished: {_short(published)}", file=screen)
        if (page := published.with_name(PAGE)).exists():
            print(f"Front page: {_short(page)}", file=screen)
        print("Look at it:", file=screen)
        for query in QUERIES:
            print(f'  .venv/bin/broadsheet query "{query}"', file=screen)


def _line(reason: str) -> str:
    from etl.reports.printable import line

    return line(reason)


def _short(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


if __name__ == "__main__":
    sys.exit(main())
