"""The table of scenarios: what `make chaos` does, in this order."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path

from snapshot import snapshot

from chaos import (
    attacks,
    clock,
    damage,
    disk,
    dumps,
    files,
    kills,
    lake_loaders,
    lake_weather,
    lakes,
    migration,
    permission,
    scheduler,
    takedown,
    triggers,
    workers,
)
from chaos.child import Ended, Order
from chaos.commands import Case, attempts
from chaos.homes import Home
from chaos.kills import Aim
from chaos.outcome import Kill, Outcome
from chaos.pool import run_all
from chaos.progress import seconds_of
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
    aims = [aim for name in ("discover", "extract", "gather", "normalise", "check") for aim in _early(stage, name)]
    _kills(stage, outcome, stage.large, aims + kills.at_random(stage.large, "load", "verify", 4))


def _early(stage: Stage, name: str) -> list[Aim]:
    return kills.at_random(stage.large, "yesterday", name, 2)


def interrupted_migration(stage: Stage, outcome: Outcome) -> None:
    """A large warehouse of the oldest schema: kills while today's code migrates it."""
    base = migration.old_home(Home(stage.folder / "migration" / "base", stage.small.newsroom))
    home = base.copy(stage.folder / "migration" / "undisturbed")
    undisturbed = home.child(Order(migration.COMMAND))
    expected = migration.contents(home)
    if expected["versions"][-1][0] != migration.newest():
        outcome.problems.append(f"undisturbed, it was not migrated: {undisturbed.text}")
    outcome.notes.append(f"undisturbed, the migration took {seconds_of(undisturbed.lines, 'migrate'):.1f} s")
    case = Case(outcome.scenario, base, migration.COMMAND, "migrate", partial(migration.wrong, expected))
    _attempts(stage, outcome, case, undisturbed, 12, 14)


def interrupted_takedown(stage: Stage, outcome: Outcome) -> None:
    """Kills while an article is taken down for good: no file may hold its text afterwards."""
    base = stage.small.homes["publish"]
    home = stage.small.copy_of("publish")
    outcome.problems += [] if takedown.holding(home) else ["the article to be taken down is not there"]
    undisturbed = home.child(Order(takedown.COMMAND))
    outcome.problems += takedown.wrong(snapshot(home.folder), home, undisturbed)
    case = Case(outcome.scenario, base, takedown.COMMAND, "take_down", partial(takedown.wrong, snapshot(home.folder)))
    _attempts(stage, outcome, case, undisturbed, 12, 4)


def _attempts(stage: Stage, outcome: Outcome, case: Case, undisturbed: Ended, named: int, at_random: int) -> None:
    for kill in run_all(attempts(case, undisturbed, random.Random(stage.seed), named, at_random)):
        outcome.kills.append(kill)
        stage.say(f"  {_line(kill)}")


def full_disk(stage: Stage, outcome: Outcome) -> None:
    """No space left in the work folder, the warehouse's, the published one."""
    outcome.skipped = disk.why_not()
    if not outcome.skipped:
        for name in ("work", "warehouse", "published"):
            _tried(stage, outcome, f"{name} full", disk.fill(stage.large, name))


def restless_file(stage: Stage, outcome: Outcome) -> None:
    """A landing file grows, changes, vanishes while it is read."""
    for what in files.DISTURBANCES:
        _tried(stage, outcome, f"file {what}", files.disturb(stage.small, what))


def two_triggers(stage: Stage, outcome: Outcome) -> None:
    """The command line twice at once, over the same dumps."""
    for seconds in (0.0, 1.5, 4.0):
        _tried(stage, outcome, f"{seconds} s apart", triggers.twice(stage.small, seconds))


def permission_denied(stage: Stage, outcome: Outcome) -> None:
    """A dump that may not be read, folders that may not be written."""
    _tried(stage, outcome, "unreadable dump", permission.unreadable_dump(stage.small))
    for name in ("work", "warehouse", "published"):
        _tried(stage, outcome, f"read-only {name}", permission.read_only_folder(stage.small, name))


def damaged_warehouse(stage: Stage, outcome: Outcome) -> None:
    """The warehouse file damaged, and brought back from the published copy."""
    for what in damage.DAMAGES:
        _tried(stage, outcome, what, damage.damage(stage.small, what))


def hostile_dump(stage: Stage, outcome: Outcome) -> None:
    """A dump that kills its reader, or overruns each of its limits."""
    for what in attacks.KILLERS:
        _tried(stage, outcome, what, attacks.attack(stage.small, what))


def clock_set_back(stage: Stage, outcome: Outcome) -> None:
    """The clock five days behind, and a landing folder that is not mounted."""
    _tried(stage, outcome, "clock set back", clock.set_back(stage.small, 5))
    _tried(stage, outcome, "landing folder not mounted", clock.unmounted(stage.small))


def airflow_killed(stage: Stage, outcome: Outcome) -> None:
    """Airflow's scheduler killed in a load and started again; then a run of Airflow beside the command line."""
    with scheduler.airflow(stage.large) as running:
        kill = scheduler.killed_in_load(running, stage.large.expected, outcome.scenario)
        outcome.kills.append(kill)
        stage.say(f"  {_line(kill)}")
        first = dumps.LARGE.yesterday + dumps.LARGE.tonight
        problems = scheduler.beside_the_command_line(running, first, dumps.LARGE)
        _tried(stage, outcome, "command line beside Airflow", problems)


def many_workers(stage: Stage, outcome: Outcome) -> None:
    """Two Celery workers: one killed, Redis away, their clocks apart, one of another version."""
    outcome.skipped = workers.why_not()
    if not outcome.skipped:
        for what, trouble in workers.TROUBLES.items():
            minutes, problems = workers.night(stage.large, trouble)
            _tried(stage, outcome, f"{what} ({minutes:.1f} minutes)", problems)


def two_loaders(stage: Stage, outcome: Outcome) -> None:
    """Two loaders into an empty and a filled lake, its lock taken away again and again; three readers throughout."""
    outcome.skipped = lakes.why_not()
    for is_on_s3 in () if outcome.skipped else (False, True):
        with lakes.shore(stage.small, is_on_s3) as shore:
            for is_filled in (False, True):
                what = f"{'S3' if is_on_s3 else 'a folder'}, {'filled' if is_filled else 'empty'}"
                seen = lake_loaders.compete(shore, is_filled, 300, random.Random(stage.seed))
                stage.say(f"  {what}: {seen}")
                lake_loaders.noted(seen, outcome, what)


def bad_weather(stage: Stage, outcome: Outcome) -> None:
    """PostgreSQL and S3 away, refusing, or of another day than each other."""
    outcome.skipped = lakes.why_not()
    if not outcome.skipped:
        with lakes.shore(stage.small, is_on_s3=True) as shore:
            for what, play in lake_weather.CASES.items():
                passage = play(shore)
                minutes = f"{passage.seconds / 60:.1f} minutes"
                stage.say(f"  {what}: {minutes}; {passage.told}")
                _tried(stage, outcome, f"{what}, {minutes}", passage.problems)


def _tried(stage: Stage, outcome: Outcome, what: str, problems: list[str]) -> None:
    stage.say(f"  {what}: {'same' if not problems else 'DIFFERS: ' + '; '.join(problems)}")
    outcome.notes.append(f"{what}: {'as it should be' if not problems else 'wrong'}")
    outcome.problems += [f"{what}: {problem}" for problem in problems]


SCENARIOS: dict[str, Play] = {
    "killed at named points": named_points,
    "killed at random in the load": in_the_load,
    "killed at random in the publish": in_the_publish,
    "killed at random elsewhere": around_the_load,
    "interrupted migration": interrupted_migration,
    "interrupted takedown": interrupted_takedown,
    "disk full": full_disk,
    "landing file grows, changes, vanishes": restless_file,
    "two triggers at once": two_triggers,
    "permission denied": permission_denied,
    "damaged warehouse file": damaged_warehouse,
    "reader killed by each limit": hostile_dump,
    "clock set back, landing folder not mounted": clock_set_back,
    "scheduler killed, two triggers": airflow_killed,
    "several workers": many_workers,
    "lake: two loaders without the lock": two_loaders,
    "lake: bad weather": bad_weather,
}
