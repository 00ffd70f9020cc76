"""How many processes work at once, and the work that is done in several."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import psutil

from etl.processes.children import ChildDied, each_in_child
from etl.settings import Settings

T = TypeVar("T")

WORKER_BYTES = 1_000_000_000
"""What one takes at most."""


def number_of_workers(settings: Settings) -> int:
    """BROADSHEET_WORKERS; where that is 0, as many as the cores that this process may use, and its memory, allow."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return settings.workers or max(1, min(cores, psutil.virtual_memory().available // WORKER_BYTES))


def spread(works: Sequence[Callable[[], T]], workers: int) -> Iterator[tuple[int, T | Exception]]:
    """Do pieces of work in so many processes; yield what each gives or raises, by its place, as they end.

    A single one is done here, and so are all where there is one worker. One whose process died, as when memory is
    short, is done again alone.
    """
    if workers == 1 or len(works) == 1:
        yield from ((place, _outcome(work)) for place, work in enumerate(works))
        return
    died: list[int] = []
    for place, outcome in each_in_child(works, workers):
        if isinstance(outcome, ChildDied):
            died.append(place)
        else:
            yield place, outcome
    for place in died:
        for _, outcome in each_in_child([works[place]], 1):
            yield place, outcome


def _outcome(work: Callable[[], T]) -> T | Exception:
    try:
        return work()
    except Exception as error:
        return error
