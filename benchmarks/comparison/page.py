"""Writes docs/benchmarks.md and its chart from benchmarks/results.json, and checks that they are not stale."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.comparison import results
from benchmarks.comparison.chart import Bar, bars
from benchmarks.comparison.contestants import CONTESTANTS, LIMIT
from benchmarks.comparison.environments import OURS, PROJECT
from benchmarks.comparison.extractors import EXTRACTORS
from etl import words

PAGE = PROJECT / "docs" / "benchmarks.md"
CHART = PROJECT / "docs" / "benchmarks.svg"

INTRODUCTION = """\
# Benchmarks

Written from `benchmarks/results.json`, which `make bench` and `make bench-large` measure; do not edit.

All of a section was measured in one run of the command, taking turns (A B C, A B C, ...), so that a machine that
slows down slows all of them. The figures are medians of the turns, with the lowest and the highest in brackets.
CPU-seconds are those of all processes that a command starts, user and system, from its start to its end: imports are
included. Memory is the peak of the largest process, and the largest sum over processes seen when looking ten times a
second, in which memory that processes share is counted in each. Trust the ratios, not the seconds: they depend on the
machine."""


def write() -> int:
    """Write the page and the chart."""
    for path, text in generated(results.read()).items():
        path.write_text(text, "utf-8")
    return 0


def check() -> int:
    """Returns 1, having said which, if the page or the chart is not what the results make."""
    stale = stale_pages()
    for path in stale:
        print(f"{path.relative_to(PROJECT)} is stale: run `make docs` and commit it", file=sys.stderr)
    return int(bool(stale))


def stale_pages() -> list[Path]:
    """Those of the page and the chart that are not what the results make."""
    made = generated(results.read())
    return [path for path, text in made.items() if not path.exists() or path.read_text("utf-8") != text]


def generated(found: results.Results) -> dict[Path, str]:
    """The page, and the chart if there is something to draw. What was not measured is left out."""
    parts = [INTRODUCTION]
    files = {}
    if "load" in found:
        parts.append(_load(found["load"]))
        files[CHART] = _chart(found["load"])
    if "scale" in found:
        parts.append(_scale(found["scale"]))
    if "html" in found:
        parts.append(_html(found["html"]))
    return {PAGE: "\n\n".join(parts) + "\n", **files}


def _load(found: dict[str, Any]) -> str:
    limit = found["contestants"][LIMIT]["runs"]
    measured = [
        {
            "": _marked(CONTESTANTS[key].name, key == OURS),
            "articles per CPU-second": f"{_rate(found['articles'], entry):,.0f}",
            "of the limit": f"{results.ratio(limit, entry['runs']):.3f}",
            **_usage(entry["runs"]),
            "articles in the result": f"{entry['arrived']:,}",
        }
        for key, entry in _fastest_first(found)
    ]
    told = [
        {
            "": CONTESTANTS[key].name,
            "does": CONTESTANTS[key].does,
            "does not": CONTESTANTS[key].does_not,
            "settings": CONTESTANTS[key].settings,
            "versions": _packages(entry),
        }
        for key, entry in _fastest_first(found)
    ]
    size = words.size(found["dump_bytes"])
    return f"""\
## Loading a dump

{found["articles"]:,} invented articles of about 400 words as JSON Lines ({size}), 1 % of the lines damaged
(`benchmarks/comparison/invented_articles.py`), into an empty DuckDB file.

{_where(found, limit)}

![Articles per CPU-second]({CHART.name})

{_table(measured)}

{_table(told)}"""


def _chart(found: dict[str, Any]) -> str:
    rows = [
        Bar(CONTESTANTS[key].name.replace("`", ""), _rate(found["articles"], entry), key == OURS)
        for key, entry in _fastest_first(found)
    ]
    return bars(f"Articles per CPU-second, {found['articles']:,} articles (more is better)", rows)


def _scale(found: dict[str, Any]) -> str:
    at_once, nights = ({int(size): runs for size, runs in found[part].items()} for part in ("at_once", "nights"))
    rates = {size: _rate(size, {"runs": runs}) for size, runs in at_once.items()}
    dumps = [
        {"articles in one dump": f"{size:,}", "articles per CPU-second": f"{rates[size]:,.0f}", **_usage(runs)}
        for size, runs in sorted(at_once.items())
    ]
    loads = {int(size): seconds for size, seconds in found["loads"].items()}
    rows = [
        {"articles there": f"{size:,}", **_usage(runs), "CPU-seconds of the load": f"{median(loads[size]):.1f}"}
        for size, runs in sorted(nights.items())
    ]
    few, many = min(nights), max(nights)
    times = results.ratio(nights[many], nights[few])
    load_times = median(long / short for long, short in zip(loads[many], loads[few], strict=True))
    return f"""\
## Size

`broadsheet ingest` as above.

{_where(found, nights[few])}

{_table(dumps)}

The larger dump is loaded at {rates[max(rates)] / rates[min(rates)]:.2f} times the rate of the smaller one.

A nightly dump of {found["nightly"]:,} articles, by the number of articles that are there already, publishing included:

{_table(rows)}

Where {many:,} are there, a night takes {times:.2f} times the CPU-seconds that it takes where {few:,} are, and its load
{load_times:.2f} times."""


def _html(found: dict[str, Any]) -> str:
    rows = [
        {
            "": _marked(EXTRACTORS[key].name, key == OURS),
            "F1": f"{entry['f1']:.3f}",
            "precision": f"{entry['precision']:.3f}",
            "recall": f"{entry['recall']:.3f}",
            "pages per CPU-second": f"{_rate(found['pages'], entry):,.0f}",
            "CPU-seconds": _spread(entry["runs"], "cpu_seconds"),
            "also finds": EXTRACTORS[key].also_finds,
            "settings": EXTRACTORS[key].settings,
            "versions": _packages(entry),
        }
        for key, entry in sorted(found["extractors"].items(), key=lambda item: -item[1]["f1"])
    ]
    one = next(iter(found["extractors"].values()))["runs"]
    return f"""\
## The text of web pages

The {found["pages"]} pages and the measure of scrapinghub/article-extraction-benchmark: runs of four words of the body
found, compared with those of the body that a person marked (`benchmarks/html_extraction.py`). CPU-seconds are from the
bytes of all pages to their texts, without imports.

{_where(found, one)}

{_table(rows)}"""


def _rate(things: int, entry: dict[str, Any]) -> float:
    return things / results.typical(entry["runs"]).cpu_seconds


def _fastest_first(found: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return sorted(found["contestants"].items(), key=lambda item: results.typical(item[1]["runs"]).cpu_seconds)


def _usage(runs: list[dict[str, Any]]) -> dict[str, str]:
    usage = results.typical(runs)
    return {
        "CPU-seconds": _spread(runs, "cpu_seconds"),
        "seconds": _spread(runs, "wall_seconds"),
        "largest process": words.size(int(usage.peak_bytes)),
        "all processes": words.size(int(usage.together_bytes)),
    }


def _spread(runs: list[dict[str, Any]], field: str) -> str:
    values = [run[field] for run in runs]
    return f"{getattr(results.typical(runs), field):,.1f} ({min(values):,.1f} to {max(values):,.1f})"


def _where(found: dict[str, Any], runs: list[dict[str, Any]]) -> str:
    at = found["measured"]
    turns, cores = words.counted(len(runs), "turn"), words.counted(at["cores"], "core")
    machine = f"{cores} with {at['memory_gigabytes']} GB of memory ({at['system']}, Python {at['python']})"
    busy = f"a load average of {at['load_average']} before it began"
    return f"Measured on {at['day']} at commit {at['commit']}, {turns}, on {machine}, {busy}."


def _packages(entry: dict[str, Any]) -> str:
    return ", ".join(f"{name} {version}" for name, version in entry["versions"].items())


def _marked(name: str, is_ours: bool) -> str:
    return f"**{name}**" if is_ours else name


def _table(rows: Sequence[dict[str, str]]) -> str:
    lines = [list(rows[0]), ["---"] * len(rows[0]), *(list(row.values()) for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
