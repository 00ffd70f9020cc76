"""A short look at whether loading became slower: the share of the limit's rate, against a committed one.

The machine's speed cancels out of the share, for both are measured in turn. What does not cancel is noise: it is
measured with the baseline, as the range of five shares. By chance, one later share in twenty falls below their median
by more than that: measure again before you believe it.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.comparison import contestants, results
from benchmarks.comparison.contestants import LIMIT
from benchmarks.comparison.environments import OURS, PROJECT
from benchmarks.comparison.load import emptied, invented_dump
from benchmarks.comparison.measure import Usage

FILE = PROJECT / "benchmarks" / "baseline.json"
ARTICLES, TURNS = 30_000, 3
TIMES_FOR_A_BASELINE = 5


class Baseline(NamedTuple):
    """A share of the limit's rate, and how far apart several measurements of it were, as a part of it."""

    articles: int
    share: float
    noise: float


def check(work: Path) -> int:
    """Measure, compare with the baseline and print; returns the exit status."""
    baseline = Baseline(**json.loads(FILE.read_text("utf-8")))
    status, text = verdict(_share(baseline.articles, work), baseline)
    print(text)
    return status


def update(work: Path, articles: int = ARTICLES) -> None:
    """Measure several times, and write the baseline."""
    baseline = of_shares(articles, [_share(articles, work) for _ in range(TIMES_FOR_A_BASELINE)])
    FILE.write_text(json.dumps(baseline._asdict(), indent=1) + "\n", "utf-8")
    print(f"baseline: {baseline.share:.4f} of the limit's rate, noise {baseline.noise:.1%}")


def of_shares(articles: int, shares: list[float]) -> Baseline:
    """The baseline that several measurements make."""
    middle = median(shares)
    return Baseline(articles, round(middle, 4), round((max(shares) - min(shares)) / middle, 4))


def verdict(share: float, baseline: Baseline) -> tuple[int, str]:
    """The exit status and what to say: worse than the baseline by more than the noise is a failure."""
    change = share / baseline.share - 1
    found = (
        f"{share:.4f} of the limit's rate; the baseline is {baseline.share:.4f}: {change:+.1%}, "
        f"where {baseline.noise:.1%} may be noise"
    )
    if change < -baseline.noise:
        return (
            1,
            f"SLOWER: {found}. Measure again; if it stays, find out why, or accept it with: make bench-quick UPDATE=1",
        )
    if change > baseline.noise:
        return 0, f"faster: {found}. Keep it with: make bench-quick UPDATE=1"
    return 0, f"as before: {found}"


def _share(articles: int, work: Path) -> float:
    environments = work / "environments"
    contestants.prepared([LIMIT, OURS], environments)
    dump = invented_dump(articles, 1, work)

    def load(name: str, turn: int) -> Usage:
        folder = emptied(work / "loaded" / name)
        usage = contestants.run(name, dump, folder, environments)
        shutil.rmtree(folder)
        return usage

    runs = results.in_turns([LIMIT, OURS], TURNS, load)
    return results.ratio(runs[LIMIT], runs[OURS])
