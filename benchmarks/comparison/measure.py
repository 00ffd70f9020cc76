"""What a command and all processes that it starts use. Linux only.

    python benchmarks/comparison/measure.py RESULT LOG COMMAND...

writes a Usage as JSON to RESULT, and what the command prints to LOG. A process of its own, small and without other
children, for two reasons: a child's peak memory counts from that of the process that started it, and as the
"subreaper" of all that the command starts it also inherits, and so counts, processes whose parent ended first.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import psutil

PR_SET_CHILD_SUBREAPER = 36
SECONDS_BETWEEN_LOOKS = 0.1
BYTES_PER_KILOBYTE = 1024


class Usage(NamedTuple):
    """Processor seconds of all processes, user and system; the peak of the largest one, and of all at one time."""

    cpu_seconds: float
    wall_seconds: float
    peak_bytes: int
    """Of the largest process, as the system counts it."""
    together_bytes: int
    """The largest sum seen when looking ten times a second. Memory that processes share is counted in each."""


class CommandFailed(Exception):
    """A measured command failed. The message names it and ends with what it printed last."""


def measured(command: list[str], log: Path, environment: dict[str, str]) -> Usage:
    """Run a command and return what it used. Raises CommandFailed."""
    log.parent.mkdir(parents=True, exist_ok=True)
    result = log.with_suffix(".json")
    outer = [sys.executable, __file__, str(result), str(log), *command]
    if subprocess.run(outer, env=environment).returncode:
        last = "\n".join(log.read_text("utf-8", "replace").splitlines()[-20:])
        raise CommandFailed(f"{' '.join(command)} failed; it printed last:\n{last}")
    return Usage(**json.loads(result.read_text()))


def added(usages: list[Usage]) -> Usage:
    """One command after the other: seconds add up, the larger memory counts."""
    cpu, wall, peak, together = zip(*usages, strict=True)
    return Usage(sum(cpu), sum(wall), max(peak), max(together))


def main() -> int:
    """Run the command of the arguments; returns its exit status."""
    result, log, *command = sys.argv[1:]
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with open(log, "wb") as output:
        begun = time.monotonic()
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        status, usage = _all_ended(child.pid, begun)
    Path(result).write_text(json.dumps(usage._asdict()))
    return status


def _all_ended(command: int, begun: float) -> tuple[int, Usage]:
    """Wait for the command and for whatever it leaves behind; returns its exit status, and what they all used."""
    status, cpu, wall, peak, together = 1, 0.0, 0.0, 0, 0
    while True:
        try:
            ended, code, used = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return status, Usage(round(cpu, 2), round(wall, 2), peak, together)
        if not ended:
            together = max(together, _memory_of_descendants())
            time.sleep(SECONDS_BETWEEN_LOOKS)
            continue
        cpu += used.ru_utime + used.ru_stime
        peak = max(peak, used.ru_maxrss * BYTES_PER_KILOBYTE)
        if ended == command:
            status, wall = os.waitstatus_to_exitcode(code), time.monotonic() - begun


def _memory_of_descendants() -> int:
    total = 0
    for process in psutil.Process().children(recursive=True):
        try:
            total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue  # it has just ended
    return total


if __name__ == "__main__":
    sys.exit(main())
