"""How Broadsheet's rate changes with size: of one large dump, and of a nightly dump by what is there already."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from benchmarks.comparison import contestants, results
from benchmarks.comparison.environments import OURS
from benchmarks.comparison.load import emptied, invented_dump
from benchmarks.comparison.measure import Usage, measured

TIMES_LARGER = 5
NIGHTLY, FEW = 10_000, 10_000
FIRST_NIGHT = 100
"""The seed of the first night's dump; no night brings the articles of another."""


def compare(articles: int, turns: int, work: Path) -> None:
    """Measure, and keep the results. `articles` is the smaller number; the larger one is five times as many."""
    if TIMES_LARGER * articles <= FEW:
        sys.exit(
            f"{TIMES_LARGER} times {articles:,} articles are not more than the {FEW:,} that a night is measured with"
        )
    environments = work / "environments"
    packages = contestants.prepared([OURS], environments)
    before = results.circumstances()
    sizes = {str(size): size for size in (articles, TIMES_LARGER * articles)}

    def whole(size: str, turn: int) -> Usage:
        dump = invented_dump(sizes[size], 1, work)
        return contestants.run(OURS, dump, emptied(work / "loaded" / size), environments)

    at_once = results.in_turns(sizes, turns, whole)
    stored = {str(size): size for size in (FEW, TIMES_LARGER * articles)}
    homes = {size: work / "loaded" / size for size in stored}
    contestants.run(OURS, invented_dump(FEW, 1, work), emptied(homes[str(FEW)]), environments)

    loads: dict[str, list[float]] = {size: [] for size in stored}

    def night(size: str, turn: int) -> Usage:
        home = work / "loaded" / "night"
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(homes[size], home, symlinks=True, ignore=shutil.ignore_patterns("work"))
        script, seconds = Path(__file__).with_name("ingest_timing_load.py"), home / "load_seconds"
        words = [script, invented_dump(NIGHTLY, FIRST_NIGHT + turn, work), seconds]
        command = [str(environments / OURS / "bin" / "python"), *map(str, words)]
        usage = measured(command, home / "night.log", contestants.variables(home))
        loads[size].append(float(seconds.read_text()))
        return usage

    nights = results.in_turns(stored, turns, night)
    shutil.rmtree(work / "loaded")
    told = {"measured": before, "versions": packages[OURS]}
    results.keep("scale", {**told, "at_once": at_once, "nightly": NIGHTLY, "nights": nights, "loads": loads})
