"""Kill a process of Broadsheet, at a named point or at a random moment, run it again, compare."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Timer

from chaos import points
from chaos.aftermath import last_words, same_as, seen_by_analysts, traces
from chaos.child import Ended, OnLine, Order
from chaos.homes import Home
from chaos.outcome import Kill
from chaos.progress import STAGES, Line, landed
from chaos.theatre import RUN, Theatre, stages_from

KILLED = -9
TRIES = 4


@dataclass(frozen=True)
class Aim:
    """What is to be killed: the home to begin from, the process, and the moment: a named point of the order, or
    `share` (0 to 1) of the time that `stage` took undisturbed, from when the process says it has begun."""

    base: str
    order: Order
    recovery: str
    stage: str = ""
    share: float = 0.0

    def __str__(self) -> str:
        act = {"tear": ", over half a copy"}.get(self.order.act, "")
        return f"{self.order.point}{act}" if self.order.point else f"{self.stage}: at {self.share:.0%} of its time"


def named(theatre: Theatre) -> list[Aim]:
    """A kill at every named point. A run is taken up again in one of two ways, in turn: by a new run, as next night;
    and by the same run, as Airflow's retry does."""
    aims = [_aim(theatre, "yesterday", Order(point=point), "new run") for point in points.BEFORE_LOAD]
    for base, stage_points in (("check", points.LOAD), ("load", points.VERIFY), ("verify", points.PUBLISH)):
        for number, point in enumerate(stage_points):
            aims.append(_aim(theatre, base, Order(point=point), ("new run", "same run")[number % 2]))
    aims.append(_aim(theatre, "verify", Order(point=points.HALF_A_COPY, act="tear"), "new run"))
    return aims


def at_random(theatre: Theatre, base: str, stage: str, number: int) -> list[Aim]:
    """Kills at random moments of a stage, one in each of `number` equal parts of its time."""
    shares = [(part + theatre.chance.random()) / number for part in range(number)]
    return [
        _aim(theatre, base, Order(), ("new run", "same run")[place % 2], stage, share)
        for place, share in enumerate(shares)
    ]


def _aim(theatre: Theatre, base: str, order: Order, recovery: str, stage: str = "", share: float = 0.0) -> Aim:
    if base == "yesterday":
        order = replace(order, command=("ingest", str(theatre.newsroom / "landing")))
        return Aim(base, order, "new run", stage, share)
    first = STAGES[STAGES.index(base) + 1]
    return Aim(base, replace(order, stages=stages_from(first), run_id=RUN), recovery, stage, share)


def kill(theatre: Theatre, scenario: str, aim: Aim) -> Kill:
    """Kill once, look, run again, compare. A process that ended before its moment came is tried again, sooner."""
    for _ in range(TRIES):
        home = theatre.copy_of(aim.base)
        ended = home.child(
            aim.order, None if aim.order.point else killer(aim.stage, aim.share * theatre.seconds[aim.stage])
        )
        if ended.code == KILLED:
            return _looked_at(theatre, scenario, aim, home, ended)
        home.close()
        aim = replace(aim, share=aim.share * 0.7)
    problem = f"it was never killed; it ended with {ended.code}: {last_words(ended)}"
    return Kill(scenario, str(aim), "nowhere", "", "", "", [problem])


def killer(label: str, seconds: float) -> OnLine:
    """Kills a process from outside, so long after it says that it has begun what the label means."""
    begun: list[int] = []

    def see(pid: int, line: Line) -> None:
        if line.sign == ">" and line.label == label and not begun:
            begun.append(pid)
            timer = Timer(seconds, _end, (pid,))
            timer.daemon = True
            timer.start()

    return see


def _end(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _looked_at(theatre: Theatre, scenario: str, aim: Aim, home: Home, ended: Ended) -> Kill:
    stage, place = landed(ended.lines)
    left = traces(home)
    problems = seen_by_analysts(home, theatre.before, theatre.expected)
    if aim.recovery == "new run" or stage not in STAGES:
        rerun = home.ingest()
    else:
        rerun = home.child(Order(stages=stages_from(stage), run_id=RUN))
    problems += same_as(theatre.expected, home, rerun)
    if not problems:
        home.close()
    return Kill(scenario, str(aim), stage, place, left, aim.recovery, problems)
