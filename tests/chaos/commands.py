"""Kill a command that changes the warehouse outside of a run, such as one that migrates it or takes articles down:
at points spread over all it does, and at random moments. Then give the command again."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from chaos.aftermath import last_words, traces
from chaos.child import Ended, Order
from chaos.homes import Home
from chaos.kills import KILLED, TRIES, killer
from chaos.outcome import Kill
from chaos.progress import Point, landed, points_within, seconds_of


@dataclass(frozen=True)
class Case:
    """A command over a home; `whole` is the watched call in which it is to be hit, `wrong` says what is not as it
    should be once the command was given again."""

    scenario: str
    base: Home
    command: tuple[str, ...]
    whole: str
    wrong: Callable[[Home, Ended], list[str]]


@dataclass(frozen=True)
class _Moment:
    """A point, or so many seconds after the whole has begun."""

    point: Point | None = None
    seconds: float = 0.0

    def __str__(self) -> str:
        return str(self.point) if self.point else f"after {self.seconds:.2f} s"


def attempts(case: Case, undisturbed: Ended, chance: Random, named: int, at_random: int) -> list[Callable[[], Kill]]:
    """So many kills of each kind, as jobs. `undisturbed` is the command when nobody killed it."""
    whole = seconds_of(undisturbed.lines, case.whole)
    moments = [_Moment(point) for point in points_within(undisturbed.lines, case.whole, named)]
    moments += [_Moment(seconds=whole * (part + chance.random()) / at_random) for part in range(at_random)]
    return [partial(_kill, case, moment) for moment in moments]


def _kill(case: Case, moment: _Moment) -> Kill:
    aim = f"{case.whole}: {moment}"
    order = Order(case.command, point=moment.point)
    seconds = moment.seconds
    for _ in range(TRIES):
        home = case.base.copy(Path(tempfile.mkdtemp(prefix="home-", dir=case.base.folder.parent)))
        ended = home.child(order, None if moment.point else killer(case.whole, seconds))
        if ended.code == KILLED:
            stage, place = landed(ended.lines)
            left = traces(home)
            problems = case.wrong(home, home.child(Order(case.command)))
            if not problems:
                home.close()
            return Kill(case.scenario, aim, stage, place, left, "same command", problems)
        home.close()
        seconds *= 0.7
    return Kill(
        case.scenario, aim, "nowhere", "", "", "", [f"never killed; ended with {ended.code}: {last_words(ended)}"]
    )
