"""What goes wrong where several workers share a night: each trouble, and how many minutes such a night takes."""

from __future__ import annotations

import json
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from local_services import missing

from chaos.aftermath import same_as
from chaos.office import WORKERS, Office, made_preload, many, wait_for
from chaos.scheduler import IMPATIENT
from chaos.theatre import Theatre


@dataclass(frozen=True)
class Trouble:
    """What is done to a night. `act` triggers it and makes the trouble; it returns the run that must end well."""

    act: Callable[[Office], str]
    settings: str = ""
    attempts_differ: bool = False
    """The ledger keeps the attempts that failed."""


def why_not() -> str:
    """What is missing for it; empty where nothing is."""
    packages = [*missing(), *([] if shutil.which("cc") else ["gcc"])]
    return f"apt-get install {' '.join(packages)}" if packages else ""


def night(theatre: Theatre, trouble: Trouble) -> tuple[float, list[str]]:
    """Run tonight on two workers with a trouble. Returns the minutes that it took, and what is wrong."""
    newsroom = theatre.new_folder()
    shutil.copytree(theatre.newsroom, newsroom, dirs_exist_ok=True)
    home = replace(theatre.copy_of("yesterday"), newsroom=newsroom).setting(workers=str(len(WORKERS)))
    with many(home, trouble.settings) as office:
        begun = time.monotonic()
        state = office.end_of(trouble.act(office))
        minutes = (time.monotonic() - begun) / 60
        shares = {worker: len(office.tasks_of(worker)) for worker in WORKERS}
    print(f"  {state}; tasks by worker since its start: {shares}", flush=True)
    problems = [] if state.startswith("success") else [f"the run ended as {state}"]
    but = ("ledger", "rejected") if trouble.attempts_differ else ()
    return minutes, problems + same_as(theatre.expected, home, home.ingest(), but)


def nothing(office: Office) -> str:
    """No trouble: how long it takes at best."""
    return office.trigger()


def kill_the_one_that_loads(office: Office) -> str:
    """Kill a worker, with all that it started, in the middle of the load, as a machine that goes down does."""
    run_id = office.trigger()
    note = office.home.folder / "warehouse" / "lock.json"
    wait_for("the load", lambda: _holder(note, "load") is not None)
    (worker,) = [name for name in WORKERS if _holder(note, "load") in office.processes(name)]
    office.signal(worker, signal.SIGKILL)
    return run_id


def kill_one_that_begins(office: Office) -> str:
    """Kill a worker as soon as it has its first task, and Airflow hardly knows of it."""
    run_id = office.trigger()
    wait_for("a task on both", lambda: all("received" in office.log_of(name) for name in WORKERS))
    office.signal("worker-2", signal.SIGKILL)
    return run_id


def _holder(note: Path, purpose: str) -> int | None:
    """The process that holds the warehouse for that purpose."""
    try:
        said = json.loads(note.read_text())
    except (OSError, ValueError):
        return None
    return int(said["pid"]) if said["purpose"].startswith(f"{purpose} ") else None


def take_redis_away(office: Office) -> str:
    """Kill Redis while dumps are read and tasks are queued; start it again 20 seconds later."""
    run_id = office.trigger()
    wait_for("a task on both", lambda: all("received" in office.log_of(name) for name in WORKERS))
    office.restart("redis", 20)
    return run_id


def shift_a_clock(seconds: int) -> Callable[[Office], str]:
    """Let the clock of one worker be so many seconds from that of the other and of all servers."""

    def shift(office: Office) -> str:
        library = made_preload(office.folder)
        office.restart("worker-2", LD_PRELOAD=str(library), CLOCK_SHIFT=str(seconds))
        return office.trigger()

    return shift


def leave_one_old(office: Office) -> str:
    """Let a worker of another version take every task but the first: it refuses them, and names both versions. Then
    let two of one version take another run."""
    other = office.folder / "other" / "broadsheet-7.0.dist-info"
    other.mkdir(parents=True)
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: broadsheet\nVersion: 7.0\n")
    paths = f"{other.parent}:{office.environment.get('PYTHONPATH', '')}"
    office.signal("worker-2", signal.SIGKILL)
    refused = office.trigger()
    wait_for("the first task", lambda: bool(office.tasks_of("worker-1")))
    office.signal("worker-1", signal.SIGKILL)
    office.restart("worker-2", PYTHONPATH=paths)
    state, said = office.end_of(refused), office.task_logs()
    began = f"was begun by Broadsheet {version('broadsheet')}, but"
    if not state.startswith("failed") or began not in said or "has 7.0" not in said:
        raise RuntimeError(f"the other version was not refused with both versions: {state}")
    for worker in WORKERS:
        office.restart(worker)
    return office.trigger()


IMPATIENT_QUEUE = """[scheduler]
task_queued_timeout = 60
task_queued_timeout_check_interval = 10
"""
"""What a worker takes off the queue in the moment in which Redis dies is lost; Airflow sends it again after this time,
of its own accord after ten minutes."""

TROUBLES = {
    "undisturbed": Trouble(nothing),
    "worker killed in the load": Trouble(kill_the_one_that_loads, IMPATIENT),
    "worker killed in the load, with Airflow's own settings": Trouble(kill_the_one_that_loads),
    "worker killed as it begins a task": Trouble(kill_one_that_begins, IMPATIENT),
    "Redis away for 20 s": Trouble(take_redis_away, IMPATIENT_QUEUE),
    "Redis away for 20 s, with Airflow's own settings": Trouble(take_redis_away),
    "clock of one worker a minute ahead": Trouble(shift_a_clock(60)),
    "clock of one worker a minute behind": Trouble(shift_a_clock(-60)),
    "one worker of another version": Trouble(leave_one_old, attempts_differ=True),
}
