"""All contestants load the same dump, taking turns."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from benchmarks.comparison import contestants, invented_articles, results
from benchmarks.comparison.measure import Usage


def compare(articles: int, turns: int, work: Path) -> None:
    """Measure, and keep the results."""
    names = list(contestants.CONTESTANTS)
    packages = contestants.prepared(names, work / "environments")
    dump = invented_dump(articles, 1, work)
    measured = results.circumstances()
    arrived: dict[str, int] = {}

    def load(name: str, turn: int) -> Usage:
        folder = emptied(work / "loaded" / name)
        usage = contestants.run(name, dump, folder, work / "environments")
        arrived[name] = contestants.articles_in(name, folder)
        shutil.rmtree(folder)
        return usage

    runs = results.in_turns(names, turns, load)
    figures = {name: {"versions": packages[name], "arrived": arrived[name], "runs": runs[name]} for name in names}
    told = {"measured": measured, "articles": articles, "dump_bytes": dump.stat().st_size}
    results.keep("load", {**told, "contestants": figures})


def invented_dump(articles: int, seed: int, work: Path) -> Path:
    """A dump of so many articles as they are invented now, written unless it is there."""
    inventor = hashlib.sha256(Path(invented_articles.__file__).read_bytes()).hexdigest()[:8]
    path = work / "dumps" / f"{articles}-{seed}-{inventor}.jsonl"
    if not path.exists():
        print(f"writing {articles:,} invented articles", flush=True)
        invented_articles.write_dump(path, articles, seed)
    return path


def emptied(folder: Path) -> Path:
    """The folder, with nothing in it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
