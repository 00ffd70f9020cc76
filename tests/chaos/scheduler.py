"""Airflow itself, as `make up` starts it: its scheduler killed in the middle of a load and started again, and a run
of it beside one of the command line."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from snapshot import Snapshot, snapshot

from chaos import dumps
from chaos.aftermath import last_words, same_as, traces
from chaos.homes import Home, ended
from chaos.outcome import Kill
from chaos.theatre import Theatre
from etl.settings import PROJECT

DAG = "ingest_articles"
PATIENCE_SECONDS = 1800

IMPATIENT = """[scheduler]
orphaned_tasks_check_interval = 15
task_instance_heartbeat_timeout = 60
task_instance_heartbeat_timeout_detection_interval = 5
"""
"""Airflow's own settings wait five minutes until they take a task for lost: too long for a test, no other matter."""


@dataclass(frozen=True)
class Airflow:
    """A running Airflow over a home."""

    home: Home
    port: int

    @property
    def folder(self) -> Path:
        return self.home.folder / "airflow"

    @property
    def environment(self) -> dict[str, str]:
        """That of its processes: with nothing from an Airflow of the caller's."""
        theirs = {name: value for name, value in self.home.environment.items() if not name.startswith("AIRFLOW")}
        return {**theirs, "TMPDIR": str(self.folder), "AIRFLOW_PORT": str(self.port)}

    def local(self, *command: str) -> str:
        """What `make up` and `make down` run. Raises RuntimeError with its words where it fails."""
        done = subprocess.run(
            [sys.executable, PROJECT / "bin" / "local_airflow.py", *command],
            env=self.environment,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"local_airflow.py {command[0]}: {done.stdout[-500:]} {done.stderr[-1500:]}")
        return done.stdout

    def leader(self, name: str) -> int:
        """The number of the process that was started under that name."""
        record = json.loads((self.folder / "processes.json").read_text())
        return int(record["leaders"][name]["pid"])

    def ask(self, path: str, body: Any = None) -> Any:
        """The answer of the REST API."""
        password = json.loads((self.folder / "passwords.json").read_text())["admin"]
        token = self._request("/auth/token", {"username": "admin", "password": password})["access_token"]
        return self._request(path, body, token)

    def _request(self, path: str, body: Any, token: str = "") -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            data=json.dumps(body).encode() if body else None,
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
        )
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
            return json.load(answer)

    def trigger(self) -> str:
        """Trigger the DAG as the form does; gives the run's id."""
        return str(self.ask(f"/api/v2/dags/{DAG}/dagRuns", {"logical_date": None, "conf": {}})["dag_run_id"])

    def end_of(self, run_id: str) -> str:
        """The state in which the run ends, with the tasks that were tried again or did not succeed."""

        def state() -> str:
            with suppress(OSError):
                return str(self.ask(f"/api/v2/dags/{DAG}/dagRuns/{run_id}")["state"])
            return "unknown"

        _wait(lambda: state() in ("success", "failed"), f"the end of run {run_id}")
        tasks = self.ask(f"/api/v2/dags/{DAG}/dagRuns/{run_id}/taskInstances")["task_instances"]
        notable = [task for task in tasks if task["state"] != "success" or task["try_number"] > 1]
        tries = [f"{task['task_id']} {task['state']} (try {task['try_number']})" for task in notable]
        return f"{state()}: {', '.join(tries) or 'every task at its first try'}"

    def kill_scheduler(self) -> None:
        """Kill the scheduler and the tasks that it runs, as a machine that goes down does."""
        self.signal("scheduler", signal.SIGKILL)

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to the process of that name and to all that it started."""
        for pid in _session(self.leader(name)):
            with suppress(ProcessLookupError):
                os.kill(pid, number)


@contextmanager
def airflow(theatre: Theatre) -> Iterator[Airflow]:
    """Airflow over yesterday's home and a newsroom of its own; stopped at the end."""
    newsroom = theatre.new_folder()
    shutil.copytree(theatre.newsroom, newsroom, dirs_exist_ok=True)
    home = replace(theatre.copy_of("yesterday"), newsroom=newsroom)
    running = Airflow(home, int(os.environ.get("AIRFLOW_PORT") or _free_port()))
    running.folder.mkdir()
    (running.folder / "airflow.cfg").write_text(IMPATIENT)
    try:
        running.local("up")
        yield running
    finally:
        running.local("down")


def killed_in_load(running: Airflow, expected: Snapshot, scenario: str) -> Kill:
    """Trigger, kill the scheduler while the load holds the warehouse, start it again: the run ends by itself."""
    run_id = running.trigger()
    note = running.home.folder / "warehouse" / "lock.json"
    _wait(lambda: _holder(note).startswith("load "), "the load")
    time.sleep(0.5)
    held_by = _holder(note)
    running.kill_scheduler()
    left = traces(running.home)
    running.local("up")
    state = running.end_of(run_id)
    problems = [] if state.startswith("success") else [f"the run ended as {state}"]
    problems += same_as(expected, running.home, running.home.ingest())
    stage = held_by.split(" ")[0] or "nowhere"
    return Kill(scenario, "scheduler and its tasks, in the load", stage, state, left, "Airflow's retry", problems)


def beside_the_command_line(running: Airflow, first: int, size: dumps.Size) -> list[str]:
    """Drop more dumps; trigger the DAG and the command line at once: both succeed, everything is loaded once."""
    home = running.home
    undisturbed = home.copy(home.folder.with_name(f"{home.folder.name}-undisturbed"))
    dumps.make(home.newsroom, size, first, 2)
    expected_run = undisturbed.ingest()
    run_id = running.trigger()
    _wait(lambda: bool(_holder(home.folder / "warehouse" / "lock.json")), "the run's begin")
    second = ended(home.start("ingest", str(home.landing)))
    state = running.end_of(run_id)
    problems = [f"undisturbed: {last_words(expected_run)}"] if expected_run.code else []
    problems += [f"the command line ended with {second.code}: {last_words(second)}"] if second.code else []
    problems += [] if state.startswith("success") else [f"the run ended as {state}"]
    return problems + same_as(snapshot(undisturbed.folder), home, home.ingest())


def _holder(note: Path) -> str:
    try:
        return str(json.loads(note.read_text())["purpose"])
    except (OSError, ValueError, KeyError):
        return ""


def _wait(done: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {PATIENCE_SECONDS} s for {what}")
        time.sleep(0.05 if "load" in what else 0.5)


def _session(leader: int) -> list[int]:
    """Every process in the session of that leader."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                if int((entry / "stat").read_text().rpartition(")")[2].split()[3]) == leader:
                    found.append(int(entry.name))
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
