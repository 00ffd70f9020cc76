"""Work in several processes: what it gives and raises, and what becomes of a process that is killed."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psutil
import pytest

from etl.processes.children import ChildDied
from etl.processes.workers import number_of_workers, spread
from etl.settings import Settings


def killed_until(marker: Path) -> str:
    """Is killed the first time."""
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return f"process {os.getpid()}"


def fails() -> str:
    raise ValueError("the disk is on fire")


def outcomes(works: list[Callable[[], str]], workers: int) -> list[str]:
    return [str(outcome) for _, outcome in sorted(spread(works, workers), key=lambda pair: pair[0])]


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_each_piece_of_work_gives_what_it_gives_and_raises_what_it_raises(workers: int) -> None:
    works = [partial(str, number) for number in range(4)]
    works.insert(2, fails)
    assert outcomes(works, workers) == ["0", "1", "the disk is on fire", "2", "3"]


def test_several_are_at_work_at_once(tmp_path: Path) -> None:
    def waits_for_other(own: str, other: str) -> str:
        (tmp_path / own).touch()
        end = time.monotonic() + 60
        while not (tmp_path / other).exists():
            assert time.monotonic() < end
            time.sleep(0.01)
        return own

    works = [partial(waits_for_other, "a", "b"), partial(waits_for_other, "b", "a")]
    assert outcomes(works, 2) == ["a", "b"]


def test_what_was_killed_is_done_again_alone(tmp_path: Path) -> None:
    first, second = outcomes([partial(killed_until, tmp_path / "marker"), partial(str, 7)], 2)
    assert first.startswith("process ")
    assert second == "7"


def test_what_is_killed_again_is_given_up() -> None:
    def kill() -> str:
        os.kill(os.getpid(), signal.SIGKILL)
        return ""

    ended = dict(spread([kill, partial(str, 7)], 2))
    assert isinstance(ended[0], ChildDied)
    assert ended[1] == "7"


def test_none_is_left_when_nobody_waits_for_the_rest() -> None:
    before = {each.pid for each in psutil.Process().children()}
    running = spread([partial(str, 1), partial(time.sleep, 600)], 2)
    next(running)
    (child,) = (each for each in psutil.Process().children() if each.pid not in before)
    running.close()  # type: ignore[attr-defined]
    assert not child.is_running()


def test_as_many_as_asked_for_else_as_cores_and_memory_allow(monkeypatch: pytest.MonkeyPatch) -> None:
    assert number_of_workers(Settings(workers=3)) == 3
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    for free_bytes, expected in ((100 << 30, 8), (3_500_000_000, 3), (100_000_000, 1)):
        memory = psutil.virtual_memory()._replace(available=free_bytes)
        monkeypatch.setattr(psutil, "virtual_memory", lambda memory=memory: memory)
        assert number_of_workers(Settings()) == expected
