"""`make chaos` still works: a kill lands where it was aimed and is mended; what differs afterwards is told."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

import pytest
from chaos import aftermath, dumps, kills, theatre
from chaos.child import Ended, Order
from chaos.progress import Point
from warm import server


@pytest.fixture(scope="module")
def director() -> Iterator[ProcessPoolExecutor]:
    """A process in which nothing ran, as that of `make chaos`: what is forked from this one, in which other tests ran,
    may stand still on a lock that a thread held.
    """
    with ProcessPoolExecutor(1, server()) as process:
        yield process


@pytest.fixture(scope="module")
def stage(director: ProcessPoolExecutor, tmp_path_factory: pytest.TempPathFactory) -> theatre.Theatre:
    folder = tmp_path_factory.mktemp("chaos")
    return director.submit(theatre.build, folder, dumps.Size(30, 1, 1), random.Random(1)).result()


@pytest.mark.nightly
def test_a_kill_lands_where_it_was_aimed_and_the_rerun_mends_it(
    director: ProcessPoolExecutor, stage: theatre.Theatre
) -> None:
    aim = kills.Aim(
        "check",
        Order(stages=("load", "verify", "publish"), run_id=theatre.RUN, point=Point("load", "do_commit", 2)),
        "same run",
    )
    kill = director.submit(kills.kill, stage, "smoke", aim).result()
    assert (kill.stage, kill.place, kill.problems) == ("load", "do_commit", [])
    assert "lock held for load" in kill.traces


def test_what_differs_or_is_left_behind_is_told(stage: theatre.Theatre) -> None:
    home = stage.homes["publish"]
    ended = Ended(0, "")
    assert aftermath.same_as(stage.expected, home, ended) == []
    spoilt = {**stage.expected, "articles": stage.expected["articles"].slice(1)}
    (home.folder / "published" / "9.part").touch()
    differing, left = aftermath.same_as(spoilt, home, ended)
    assert "articles differ" in differing and "1 too many" in differing
    assert left == "left behind: published/9.part"
