"""The table of scenarios: what `make chaos` does, in this order."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path

from chaos import dumps, kills
from chaos.kills import Aim
from chaos.outcome import Kill, Outcome
from chaos.pool import run_all
from chaos.theatre import Theatre, build

Say = Callable[[str], None]


class Stage:
    """What scenarios share: the theatres, built when first needed; the random numbers; where to say what happens."""

    def __init__(self, folder: Path, seed: int, say: Say) -> None:
        self.folder, self.seed, self.say = folder, seed, say

    @cached_property
    def small(self) -> Theatre:
        """A few hundred articles: for what happens at a named point."""
        return self._built("small", dumps.SMALL)

    @cached_property
    def large(self) -> Theatre:
        """Tens of thousands of articles: a load of seconds, to be hit at random moments."""
        return self._built("large", dumps.LARGE)

    def _built(self, name: str, size: dumps.Size) -> Theatre:
        self.say(f"  preparing the {name} newsroom ...")
        theatre = build(self.folder / name, size, random.Random(self.seed))
        seconds = ", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in theatre.seconds.items())
        self.say(f"  undisturbed: {seconds}")
        return theatre


Play = Callable[[Stage, Outcome], None]


def _kills(stage: Stage, outcome: Outcome, theatre: Theatre, aims: list[Aim]) -> None:
    for kill in run_all([partial(kills.kill, theatre, outcome.scenario, aim) for aim in aims]):
        outcome.kills.append(kill)
        stage.say(f"  {_line(kill)}")


def _line(kill: Kill) -> str:
    result = "same" if not kill.problems else "DIFFERS: " + "; ".join(kill.problems)
    return f"{kill.aim} -> {kill.stage}, {kill.place} [{kill.traces or 'no traces'}] {kill.recovery}: {result}"


def named_points(stage: Stage, outcome: Outcome) -> None:
    """A kill at every named point of every stage."""
    _kills(stage, outcome, stage.small, kills.named(stage.small))


def in_the_load(stage: Stage, outcome: Outcome) -> None:
    """Kills at random moments of a load of seconds."""
    _kills(stage, outcome, stage.large, kills.at_random(stage.large, "check", "load", 26))


def in_the_publish(stage: Stage, outcome: Outcome) -> None:
    """Kills at random moments of a publish."""
    _kills(stage, outcome, stage.large, kills.at_random(stage.large, "verify", "publish", 8))


def around_the_load(stage: Stage, outcome: Outcome) -> None:
    """Kills at random moments of the other stages."""
    aims = [aim for name in ("discover", "extract", "normalise", "check") for aim in _early(stage, name)]
    _kills(stage, outcome, stage.large, aims + kills.at_random(stage.large, "load", "verify", 4))


def _early(stage: Stage, name: str) -> list[Aim]:
    return kills.at_random(stage.large, "yesterday", name, 2)


SCENARIOS: dict[str, Play] = {
    "killed at named points": named_points,
    "killed at random in the load": in_the_load,
    "killed at random in the publish": in_the_publish,
    "killed at random elsewhere": around_the_load,
}
