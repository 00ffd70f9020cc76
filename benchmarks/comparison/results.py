"""What was measured: the figures of every run, kept in benchmarks/results.json, and what is computed from them."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from benchmarks.comparison.environments import PROJECT
from benchmarks.comparison.measure import Usage

FILE = PROJECT / "benchmarks" / "results.json"

Results = dict[str, Any]
"""By part (load, html, scale): when and on what it was measured, and its figures."""


def read(path: Path = FILE) -> Results:
    """The results so far; none if there is no file."""
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def keep(part: str, figures: dict[str, Any], path: Path = FILE) -> None:
    """Replace one part of the results; the others stay as they are."""
    text = json.dumps({**read(path), part: figures}, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", "utf-8")


def circumstances() -> dict[str, Any]:
    """The day, the commit, and the machine without its name: to be asked before the measurement begins."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=False
    )
    return {
        "day": datetime.now(UTC).date().isoformat(),
        "commit": commit.stdout.strip() or "unknown",
        "cores": os.cpu_count(),
        "memory_gigabytes": round(psutil.virtual_memory().total / 1024**3),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load_average": round(os.getloadavg()[0], 1),
    }


def in_turns(names: Iterable[str], turns: int, run: Callable[[str, int], Usage]) -> dict[str, list[dict[str, Any]]]:
    """Every name's usages, one of each turn: A B C, A B C, so that a machine that slows down slows all of them."""
    usages: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for turn in range(turns):
        for name, runs in usages.items():
            usage = run(name, turn)
            runs.append(usage._asdict())
            print(
                f"turn {turn + 1} of {turns}: {name:12} {usage.cpu_seconds:8.1f} CPU-s {usage.wall_seconds:8.1f} s",
                flush=True,
            )
    return usages


def typical(runs: list[dict[str, Any]]) -> Usage:
    """The median of each figure."""
    return Usage(**{field: median(run[field] for run in runs) for field in Usage._fields})


def ratio(runs: list[dict[str, Any]], others: list[dict[str, Any]]) -> float:
    """How many times the processor seconds of the others the runs took: the median over turns."""
    return median(mine["cpu_seconds"] / other["cpu_seconds"] for mine, other in zip(runs, others, strict=True))
