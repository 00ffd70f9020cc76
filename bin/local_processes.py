"""Processes of this machine that outlive the shell: started, written down, and found again to be stopped.

Each is the leader of a session of its own; what it starts stays in that session.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

STOP_SECONDS = 15


class Trouble(Exception):
    """What keeps Airflow from starting, and what to do about it."""


@dataclass(frozen=True)
class Leader:
    """A process that we started, with its start in clock ticks since boot, because its number may be used again."""

    pid: int
    started_at: int


@dataclass(frozen=True)
class Stat:
    """What /proc says about a process."""

    state: str
    session: int
    started_at: int


def started(log_file: Path, command: list[str], folder: Path, environment: dict[str, str]) -> Leader:
    """Start a process that writes what it says into that file. The one before is kept."""
    if log_file.exists():
        log_file.replace(log_file.with_suffix(".log.1"))
    with log_file.open("a") as log:  # so that logrotate may cut it while it is written
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    return Leader(process.pid, _stat(process.pid).started_at)


def stop(leaders: Iterable[Leader], first: signal.Signals) -> list[int]:
    """Send them and all that they started that signal, and kill what is left of them. Returns what even so is left."""
    ours = list(leaders)
    for number in (first, signal.SIGKILL):
        for process in running(ours):
            with suppress(ProcessLookupError):
                os.kill(process, number)
        deadline = time.monotonic() + STOP_SECONDS
        while running(ours) and time.monotonic() < deadline:
            time.sleep(0.2)
    return running(ours)


def alive(leaders: Mapping[str, Leader]) -> dict[str, int]:
    """The process of each that is running, by its name."""
    ours = set(running(leaders.values()))
    return {name: leader.pid for name, leader in leaders.items() if leader.pid in ours}


def running(leaders: Iterable[Leader]) -> list[int]:
    """Every process in the sessions of these leaders that is still running."""
    sessions = {leader.pid: leader.started_at for leader in leaders}
    return [
        pid
        for pid, stat in _all_stats()
        if stat.session in sessions
        and stat.state not in "ZX"
        and stat.started_at >= sessions[stat.session]
        # The leader itself, or a process that it started: not an unrelated process with the leader's number.
        and (pid != stat.session or stat.started_at == sessions[stat.session])
    ]


def _all_stats() -> Iterator[tuple[int, Stat]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                yield int(entry.name), _stat(int(entry.name))


def _stat(pid: int) -> Stat:
    # The name, in parentheses, may contain anything; the fields are counted from after it.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return Stat(state=fields[0], session=int(fields[3]), started_at=int(fields[19]))


def boot_id() -> str:
    """Which start of the machine this is: before it, the numbers of processes meant others."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def tail(log: Path) -> str:
    """The last lines of what a process said."""
    return "\n".join(f"  {line}" for line in log.read_text(errors="replace").splitlines()[-15:])
