"""`make run`: run the DAG ingest_articles once and print what it did.

It is planned first: Airflow is started only if a dump is new, or if what is loaded is not verified. Airflow runs in a
process of its own, so that Ctrl-C ends it at once; what is loaded stays loaded. It keeps its state under
var/airflow-run, with a metadata database that is new every time, so that a killed run cannot get in the way of the
next. Exits with 0 only when the run succeeded, and with 130 after Ctrl-C.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from airflow_env import DAG_ID, PROJECT, airflow_environment

from etl.files import StorageError, keep_private
from etl.settings import SettingsError, load_settings

if TYPE_CHECKING:
    from airflow.models.dagrun import DagRun

    from etl.reports.report import Report

IN_AIRFLOW = "--in-airflow"
STOPPED = 130
QUERIES = (
    "select publication, count(*) as articles from mart.article group by all order by articles desc",
    "select published_date, publication, headline from mart.article order by all limit 10",
)


def main() -> int:
    """Plan the run, and run the DAG if there is something to do. Returns the exit status."""
    keep_private()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return _run_alone()
    except KeyboardInterrupt:
        print("\nStopped before anything was taken.")
        return STOPPED


def _run_alone() -> int:
    """The run; what keeps it from its start is said in a sentence."""
    from etl.stages.discover import RequestError
    from etl.warehouse import WarehouseError

    try:
        HOME.mkdir(parents=True, exist_ok=True)
        with _alone():
            report = _nothing_to_do()
            if report is None:
                return _run_in_process()
            _show(report, sys.stdout)
            return report.exit_code
    except (SettingsError, RequestError) as error:
        print(error, file=sys.stderr)
        return 2
    except (StorageError, WarehouseError) as error:
        print(error, file=sys.stderr)
        return 1


def _nothing_to_do() -> Report | None:
    """What there is to say if nothing is new; analysts get the last load if they do not have it. Else None.

    Imports neither Airflow nor pandas, which take ten seconds.
    """
    from etl.model import Trigger
    from etl.run import Request, begin
    from etl.stages.discover import plan_run
    from etl.stages.publish import publish_last_load
    from etl.stages.scans import record_idle
    from etl.stages.verdict import report_on
    from etl.warehouse.published import NotPublished

    run = begin(load_settings(), Trigger.manual, Request())
    with suppress(NotPublished):  # the last load is not verified: the DAG does that
        if not plan_run(run):
            publish_last_load(run)
            record_idle(run)  # after what may hand the run on to the DAG, which notes what it sees itself
            return report_on(run)
    shutil.rmtree(run.folder)
    return None


def _run_in_process() -> int:
    """Run the DAG in a process of its own, and end that on Ctrl-C."""
    RUN_ID.unlink(missing_ok=True)
    sys.stdout.flush()
    process = subprocess.Popen([sys.executable, __file__, IN_AIRFLOW], start_new_session=True)
    try:
        return process.wait()
    except KeyboardInterrupt:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        _show_stopped()
        return STOPPED


def _show_stopped() -> None:
    """What a run that was stopped has loaded."""
    from etl.run import resume
    from etl.stages.verdict import report_on

    print("\nStopped. ", end="")
    with suppress(FileNotFoundError):
        report = report_on(resume(load_settings(), RUN_ID.read_text()))
        if report.dumps:
            print("These dumps were finished; the next run takes the others:")
            _show(report, sys.stdout)
            return
    print("Nothing of it was loaded; the next run takes it all.")


def run_in_airflow() -> int:
    """Run the DAG, print what it did and return the exit status."""
    environment = airflow_environment(HOME)
    os.environ.clear()
    os.environ.update(environment)
    with _quietly() as screen:
        reasons: list[str] = []
        try:
            run = _run(screen, reasons)
            state = str(run.state)
            _report(run, screen)
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
        RUN_ID.write_text(task_instance.run_id)
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


def _run(screen: IO[str], reasons: list[str]) -> DagRun:
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
    return dag.test()


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


def _report(dag_run: DagRun, screen: IO[str]) -> None:
    from etl import pipeline
    from etl.run import resume

    run = resume(load_settings(), dag_run.run_id)
    if not run.plan.exists():
        return
    report = pipeline.verdict(run)
    publish = dag_run.get_task_instance("publish")
    if publish is None or publish.state not in ("success", "skipped"):
        report = replace(report, published=None)
    print(file=screen)
    # A run that stopped before its load has nothing to show, which is not the same as nothing new.
    _show(report, screen, with_dumps=bool(report.dumps) or dag_run.state == "success")


def _show(report: Report, screen: IO[str], with_dumps: bool = True) -> None:
    """Print a report, and where to look at what is published."""
    from etl.reports.front_page import PAGE
    from etl.reports.printable import Screen

    if with_dumps:
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


def _airflow_home() -> Path:
    try:
        return load_settings().home / "airflow-run"
    except SettingsError as error:
        print(error, file=sys.stderr)
        sys.exit(2)


HOME = _airflow_home()
LOG = HOME / "run.log"
RUN_ID = HOME / "run_id"
"""The run that Airflow runs, for whoever ends it."""

if __name__ == "__main__":
    sys.exit(run_in_airflow() if IN_AIRFLOW in sys.argv else main())
