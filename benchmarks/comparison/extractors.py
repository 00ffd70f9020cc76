"""Page extractors on the same pages, taking turns: the html reader beside others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import html_extraction
from benchmarks.comparison import results
from benchmarks.comparison.environments import OURS, PEERS, clean_environment, installed, versions
from benchmarks.comparison.measure import Usage, measured


@dataclass(frozen=True)
class Extractor:
    """A function of benchmarks/peers/extract_pages.py, and what is said of it."""

    name: str
    environment: str
    packages: tuple[str, ...]
    also_finds: str
    settings: str


EXTRACTORS: Mapping[str, Extractor] = {
    OURS: Extractor(
        name="Broadsheet's html reader",
        environment=OURS,
        packages=("broadsheet", "lxml"),
        also_finds="headline, byline, dates, section, labels",
        settings="Defaults.",
    ),
    "trafilatura": Extractor(
        name="trafilatura",
        environment="trafilatura",
        packages=("trafilatura", "lxml"),
        also_finds="nothing",
        settings="`fast`, no comments.",
    ),
    "trafilatura_metadata": Extractor(
        name="trafilatura with metadata",
        environment="trafilatura",
        packages=("trafilatura", "lxml"),
        also_finds="title, author, date, site, tags",
        settings="`fast`, no comments, `with_metadata`.",
    ),
    "newspaper4k": Extractor(
        name="newspaper4k",
        environment="newspaper4k",
        packages=("newspaper4k", "lxml"),
        also_finds="title, authors, date, pictures",
        settings="Fetches no pictures; English where a language needs a further package.",
    ),
    "resiliparse": Extractor(
        name="resiliparse",
        environment="resiliparse",
        packages=("resiliparse",),
        also_finds="nothing",
        settings="`main_content`; no links, comments or alternative texts.",
    ),
}


def compare(pages: Path, turns: int, work: Path) -> bool:
    """Measure, and keep the results; returns False, having said so, where the pages are not."""
    if not (pages / "ground-truth.json").exists():
        print(f"no comparison of page extractors: {pages} does not contain the benchmark's ground-truth.json and html/")
        return False
    environments = work / "environments"
    bins = {key: installed(extractor.environment, environments) for key, extractor in EXTRACTORS.items()}
    before = results.circumstances()
    found = work / "pages"
    found.mkdir(parents=True, exist_ok=True)

    def extract(key: str, turn: int) -> Usage:
        result = found / f"{key}-bodies.json"
        script = [str(PEERS / "extract_pages.py"), key, str(pages / "html"), str(result)]
        usage = measured([str(bins[key] / "python"), *script], found / f"{key}.log", clean_environment())
        return usage._replace(cpu_seconds=json.loads(result.read_text())["cpu_seconds"])

    runs = results.in_turns(EXTRACTORS, turns, extract)
    truth = html_extraction.truth_of(pages)
    extractors = {
        key: {
            "versions": versions(bins[key], extractor.packages),
            **dict(zip(("f1", "precision", "recall"), scores(truth, found / f"{key}-bodies.json"), strict=True)),
            "runs": runs[key],
        }
        for key, extractor in EXTRACTORS.items()
    }
    results.keep("html", {"measured": before, "pages": len(truth), "extractors": extractors})
    return True


def scores(truth: Mapping[str, str], result: Path) -> tuple[float, float, float]:
    """F1, precision and recall of the bodies as they were extracted, by the measure of html_extraction.py."""
    bodies = json.loads(result.read_text())["bodies"]
    return html_extraction.measured([html_extraction.compared(body, bodies[page]) for page, body in truth.items()])
