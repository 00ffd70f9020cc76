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
    """How many times as long `work` takes for four times that size: the least of three times of each.

    Once that is less than what is allowed, the larger size is not tried again.
    """
    small = max(min(_seconds(work, size) for _ in range(3)), SHORTEST_SECONDS)
    ratios = []
    while len(ratios) < 3 and min(ratios, default=MOST_TIMES_AS_LONG) >= MOST_TIMES_AS_LONG:
        ratios.append(_seconds(work, TIMES * size) / small)
    return min(ratios)


def _seconds(work: Callable[[int], object], size: int) -> float:
    begun = time.process_time()
    work(size)
    return time.process_time() - begun
