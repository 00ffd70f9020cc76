"""Measure, and write docs/benchmarks.md from what was measured.

python -m benchmarks.comparison load [--articles N]     all contestants on one dump: about half an hour
python -m benchmarks.comparison html --pages FOLDER     page extractors
python -m benchmarks.comparison scale [--articles N]    one dump five times as large, and nights on top of it
python -m benchmarks.comparison page [--check]          write the page and the chart, or fail if they are stale
python -m benchmarks.comparison quick [--update]        a short look; fails if it became slower
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.comparison import extractors, load, page, quick, scale
from benchmarks.comparison.environments import PROJECT
from benchmarks.comparison.measure import CommandFailed
from benchmarks.html_extraction import CORPUS

TURNS = 3
ARTICLES = 200_000


def main() -> int:
    """Do what the arguments ask for; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("load", "html", "scale", "page", "quick"))
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--pages", type=Path, default=CORPUS)
    parser.add_argument("--work", type=Path, default=PROJECT / "var" / "benchmarks", help="environments, dumps, logs")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--update", action="store_true")
    asked = parser.parse_args()
    work = asked.work.resolve()
    if asked.what == "load":
        load.compare(asked.articles, TURNS, work)
    elif asked.what == "html":
        extractors.compare(asked.pages.resolve(), TURNS, work)
    elif asked.what == "scale":
        scale.compare(asked.articles, TURNS, work)
    elif asked.what == "page":
        return page.check() if asked.check else page.write()
    elif asked.update:
        quick.update(work)
    else:
        return quick.check(work)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except CommandFailed as failure:
        sys.exit(str(failure))
