"""How much longer something takes for four times as much of it, in processor time: a busy machine does not count."""

from __future__ import annotations

import time
from collections.abc import Callable

TIMES = 4
MOST_TIMES_AS_LONG = 12
"""In linear time it is four times as long, in quadratic time sixteen times."""
SHORTEST_SECONDS = 0.02
"""A shorter time says nothing."""


def times_as_long(work: Callable[[int], object], size: int) -> float:
    """How many times as long `work` takes for four times that size: the least of three times of each."""
    small, large = (min(_seconds(work, each) for _ in range(3)) for each in (size, TIMES * size))
    return large / max(small, SHORTEST_SECONDS)


def _seconds(work: Callable[[int], object], size: int) -> float:
    begun = time.process_time()
    work(size)
    return time.process_time() - begun
