"""Where it all plays: homes prepared once, up to each stage of a run, and copied for every try."""

from __future__ import annotations

import random
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from snapshot import Snapshot, snapshot

from chaos import dumps
from chaos.child import Order
from chaos.homes import Home
from chaos.progress import STAGES, seconds_of

RUN = "tonight"


class Broken(Exception):
    """What had to work before anything was broken did not."""


@dataclass
class Theatre:
    """Homes by the last stage of tonight's run that they have behind them: `yesterday` (none), `check`, `load`,
    `verify`, `publish` (undisturbed). `expected` is what analysts see at the end, `before` what they saw until then,
    `seconds` how long each stage took undisturbed."""

    folder: Path
    chance: random.Random
    homes: dict[str, Home] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    before: Snapshot = field(default_factory=dict)
    expected: Snapshot = field(default_factory=dict)

    @property
    def newsroom(self) -> Path:
        return self.folder / "newsroom"

    def new_folder(self) -> Path:
        """A folder that nobody else uses."""
        return Path(tempfile.mkdtemp(prefix="home-", dir=self.folder))

    def copy_of(self, stage: str) -> Home:
        """A fresh copy of the home that has this stage behind it."""
        return self.homes[stage].copy(self.new_folder())


def build(folder: Path, size: dumps.Size, chance: random.Random) -> Theatre:
    """Run yesterday's and tonight's run undisturbed, keeping a home after each stage that tries begin from."""
    theatre = Theatre(folder, chance)
    dumps.make(theatre.newsroom, size, 0, size.yesterday)
    home = Home(folder / "base-yesterday", theatre.newsroom)
    ended = home.ingest()
    if ended.code:
        raise Broken(f"yesterday's run ended with {ended.code}:\n{ended.text}")
    theatre.homes["yesterday"] = home
    theatre.before = snapshot(home.folder)
    dumps.make(theatre.newsroom, size, size.yesterday, size.tonight)
    for stages in (("discover", "extract", "gather", "normalise", "check"), ("load",), ("verify",), ("publish",)):
        home = home.copy(folder / f"base-{stages[-1]}")
        ended = home.child(Order(stages=stages, run_id=RUN))
        if ended.code:
            raise Broken(f"{', '.join(stages)} ended with {ended.code} before anything was broken:\n{ended.text}")
        theatre.homes[stages[-1]] = home
        theatre.seconds |= {stage: seconds_of(ended.lines, stage) for stage in stages}
    theatre.expected = snapshot(home.folder)
    return theatre


def stages_from(stage: str) -> tuple[str, ...]:
    """The stages of a begun run from that one on."""
    return STAGES[STAGES.index(stage) :]
