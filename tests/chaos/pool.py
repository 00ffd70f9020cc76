"""Two tries at a time, each in a process forked from this one: no thread runs here when a try forks its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import Any

from chaos.child import FORK

WORKERS = 2

_jobs: Sequence[Callable[[], Any]] = ()


def run_all(jobs: Sequence[Callable[[], Any]]) -> Iterator[Any]:
    """What the jobs give, as they end. They reach the workers by the fork, so they may hold anything."""
    global _jobs
    _jobs = jobs
    with ProcessPoolExecutor(WORKERS, mp_context=FORK) as pool:
        for future in as_completed([pool.submit(_job, number) for number in range(len(jobs))]):
            yield future.result()


def _job(number: int) -> Any:
    return _jobs[number]()
