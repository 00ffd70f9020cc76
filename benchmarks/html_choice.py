"""Which page extractor to use: chosen on half of the benchmark's pages, measured on the unseen half, 200 times.

    uv pip install --target FOLDER trafilatura && PYTHONPATH=FOLDER python benchmarks/html_choice.py

Candidates: the html reader; trafilatura, fast and careful; and the reader replaced by careful trafilatura where the
reader seems unsure: where it finds little, or where it shares little with fast trafilatura. Measure and pages are
those of html_extraction.py.
"""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter
from collections.abc import Callable
from statistics import mean

import html_extraction as benchmark
import trafilatura

TIMES = 200
FEW_CHARACTERS = (300, 600, 1000)
LITTLE_SHARED = (0.3, 0.5, 0.8)

Bodies = dict[str, str]


def main() -> None:
    """Choose, measure and print."""
    facts = json.loads((benchmark.CORPUS / "ground-truth.json").read_text())
    pages = {page: gzip.decompress((benchmark.CORPUS / "html" / f"{page}.html.gz").read_bytes()) for page in facts}
    shares = {
        name: {page: benchmark.compared(facts[page]["articleBody"], body) for page, body in bodies.items()}
        for name, bodies in candidates(pages).items()
    }

    def f1(name: str, chosen: list[str]) -> float:
        return benchmark.measured([shares[name][page] for page in chosen])[0]

    for name in shares:
        print(f"{f1(name, list(pages)):.4f} {name}")
    chance, shuffled, wins, unseen = random.Random(1), sorted(pages), Counter[str](), []
    for _ in range(TIMES):
        chance.shuffle(shuffled)
        half = len(shuffled) // 2
        best = max(shares, key=lambda name: f1(name, shuffled[:half]))
        wins[best] += 1
        unseen.append(f1(best, shuffled[half:]))
    print(f"chosen: {dict(wins.most_common())}")
    print(f"on the unseen half: mean {mean(unseen):.4f}, 5th percentile {sorted(unseen)[TIMES // 20]:.4f}")


def candidates(pages: dict[str, bytes]) -> dict[str, Bodies]:
    """The bodies that each candidate finds, by the name of the candidate."""
    own = {page: benchmark._body(data) or "" for page, data in pages.items()}
    fast, careful = ({page: _trafilatura(data, is_fast) for page, data in pages.items()} for is_fast in (True, False))

    def instead(is_unsure: Callable[[str], bool]) -> Bodies:
        return {page: careful[page] if is_unsure(page) else own[page] for page in pages}

    found = {"own": own, "trafilatura, fast": fast, "trafilatura": careful}
    for few in FEW_CHARACTERS:
        found[f"own; trafilatura where own has under {few}"] = instead(lambda page, few=few: len(own[page]) < few)
    for little in LITTLE_SHARED:
        found[f"own; trafilatura where they share under {little}"] = instead(
            lambda page, little=little: _shared(own[page], fast[page]) < little
        )
    return found


def _trafilatura(data: bytes, is_fast: bool) -> str:
    return trafilatura.extract(data, include_comments=False, fast=is_fast) or ""


def _shared(one: str, other: str) -> float:
    """The share of the shorter text that is in both."""
    runs, others = benchmark._runs(one), benchmark._runs(other)
    return (runs & others).total() / max(1, min(runs.total(), others.total()))


if __name__ == "__main__":
    main()
