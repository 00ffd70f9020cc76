"""usage: make chaos [ONLY="part of a scenario's name"] [SEED=number]"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import time
import traceback

import chaos.warm  # noqa: F401
from chaos import report
from chaos.disk import unmount_all
from chaos.outcome import Outcome
from chaos.scenarios import SCENARIOS, Play, Stage
from etl.settings import PROJECT

FOLDER = PROJECT / "var" / "chaos"


def main() -> None:
    """Play the scenarios, print and write the report. Exits with 1 if anything differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="play only scenarios with this in their name")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--list", action="store_true", help="print the scenarios and stop")
    arguments = parser.parse_args()
    chosen = {name: play for name, play in SCENARIOS.items() if arguments.only.lower() in name}
    if not chosen or arguments.list:
        sys.exit("\n".join(["scenarios:", *(f"  {name}" for name in SCENARIOS)]))
    unmount_all(FOLDER)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    say(f"seed {arguments.seed}; again with: make chaos SEED={arguments.seed}")
    stage = Stage(FOLDER, arguments.seed, say)
    outcomes = [_played(stage, name, play) for name, play in chosen.items()]
    written = report.text(outcomes, arguments.seed)
    (FOLDER / "report.md").write_text(written)
    print(written.partition("\n## Every kill")[0])
    print(f"All of it: {FOLDER.relative_to(PROJECT) / 'report.md'}")
    sys.exit(any(outcome.all_problems for outcome in outcomes))


def say(line: str) -> None:
    """Print with the time."""
    print(f"{time.strftime('%H:%M:%S')} {line}", flush=True)


def _played(stage: Stage, name: str, play: Play) -> Outcome:
    """One scenario, played. What it raises is a problem of it, and stops no other."""
    outcome = Outcome(name)
    begun = time.monotonic()
    say(f"{name}: {' '.join((play.__doc__ or '').split())}")
    try:
        play(stage, outcome)
    except Exception as error:
        traceback.print_exc()
        outcome.problems.append(f"the scenario itself stopped with {type(error).__name__}: {error}")
    outcome.seconds = time.monotonic() - begun
    say(f"{name}: {outcome.result}, {len(outcome.kills)} kills, {outcome.seconds:.0f} s")
    for problem in outcome.problems:
        say(f"  {problem}")
    return outcome


if __name__ == "__main__":
    main()
