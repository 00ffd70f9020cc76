"""Who loads the dump: the commands, and what is said of them beside their figures."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.comparison.environments import OURS, PEERS, clean_environment, installed, versions
from benchmarks.comparison.measure import Usage, added, measured


@dataclass(frozen=True)
class Step:
    """A program of an environment and its arguments, in which {dump}, {folder} and {peers} are filled in."""

    environment: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Contestant:
    """One way of bringing the articles of a dump into a DuckDB file."""

    name: str
    steps: tuple[Step, ...]
    result: str
    """The DuckDB file, below the folder."""
    table: str
    """Where the articles are in it."""
    packages: tuple[str, ...]
    does: str
    settings: str
    does_not: str


def _dlt_and_dbt(tuned: bool) -> tuple[Step, ...]:
    return (
        Step("dlt", ("python", "{peers}/dlt_load.py", "{dump}", "{folder}", "tuned" if tuned else "rows")),
        Step(
            "dbt",
            (
                *("dbt", "build", "--project-dir", "{peers}/star", "--profiles-dir", "{peers}/star"),
                *("--target-path", "{folder}/target", "--log-path", "{folder}/logs"),
                *("--vars", f"tuned: {str(tuned).lower()}"),
            ),
        ),
    )


_STAR = (
    "Merges by id, then one row per URL, dimensions, bridges, fact and texts, dates and bylines by SQL, an MD5, and "
    "16 tests of keys."
)
_NO_STAR = (
    "Language, near-copies, revisions, damaged encodings, Unicode normal form, reasons and places of what is left out, "
    "counts that must agree, a published copy; leaves out articles without an id."
)
_SCRIPT = (
    "One table: NFC and spaces, tracking cut from URLs, bylines split, dates parsed, words counted, one row per id."
)
_NO_SCRIPT = "All that dlt and dbt leave out, and dimensions, merging into what is there already, and tests."

LIMIT = "limit"
CONTESTANTS: Mapping[str, Contestant] = {
    LIMIT: Contestant(
        name="DuckDB `CREATE TABLE AS` (the limit)",
        steps=(Step(OURS, ("python", "{peers}/limit.py", "{dump}", "{folder}")),),
        result="articles.duckdb",
        table="article",
        packages=("duckdb",),
        does="Parses the JSON and stores its fields.",
        settings="`ignore_errors`; else DuckDB's defaults.",
        does_not="Anything else.",
    ),
    OURS: Contestant(
        name="Broadsheet",
        steps=(Step(OURS, ("broadsheet", "ingest", "--json", "{dump}")),),
        result="published/broadsheet.duckdb",
        table="mart.article",
        packages=("broadsheet", "duckdb", "pandas", "great-expectations"),
        does="All of `broadsheet ingest`: read, normalise, check, load, verify, publish, with imports.",
        settings="Defaults.",
        does_not="Sources other than dumps of news: no connectors, and no schema but its own.",
    ),
    "dlt_tuned": Contestant(
        name="dlt, tuned, then dbt-duckdb",
        steps=_dlt_and_dbt(tuned=True),
        result="articles.duckdb",
        table="main_news.fact_article",
        packages=("dlt", "dbt-core", "dbt-duckdb", "duckdb"),
        does=_STAR,
        settings="dlt: Arrow tables that DuckDB reads, 50,000 rows at once, Parquet, `merge`. dbt: a thread per core.",
        does_not=_NO_STAR,
    ),
    "dlt": Contestant(
        name="dlt, defaults, then dbt-duckdb",
        steps=_dlt_and_dbt(tuned=False),
        result="articles.duckdb",
        table="main_news.fact_article",
        packages=("dlt", "dbt-core", "dbt-duckdb", "duckdb"),
        does=_STAR,
        settings="dlt: a generator of dicts, `merge`, else defaults. dbt: a thread per core.",
        does_not=_NO_STAR,
    ),
    "pandas": Contestant(
        name="pandas",
        steps=(Step("pandas", ("python", "{peers}/pandas_load.py", "{dump}", "{folder}")),),
        result="articles.duckdb",
        table="article",
        packages=("pandas", "pyarrow", "duckdb"),
        does=_SCRIPT,
        settings="Defaults; lines parsed with `json`, as `read_json` stops at a damaged one.",
        does_not=_NO_SCRIPT,
    ),
    "polars": Contestant(
        name="polars",
        steps=(Step("polars", ("python", "{peers}/polars_load.py", "{dump}", "{folder}")),),
        result="articles.duckdb",
        table="article",
        packages=("polars", "pyarrow", "duckdb"),
        does=_SCRIPT,
        settings="Lazy; lines without a readable id left out first, as `read_ndjson` stops at a damaged one.",
        does_not=_NO_SCRIPT,
    ),
}


def prepared(names: list[str], environments: Path) -> dict[str, dict[str, str]]:
    """Install what the contestants need, and return the versions of their packages."""
    found: dict[str, dict[str, str]] = {}
    for name in names:
        contestant = CONTESTANTS[name]
        found[name] = {}
        for environment in dict.fromkeys(step.environment for step in contestant.steps):
            folder = installed(environment, environments)
            found[name] |= versions(folder, contestant.packages)
    return found


def run(name: str, dump: Path, folder: Path, environments: Path) -> Usage:
    """Let a contestant load a dump into an empty folder or into what it made there before. Raises CommandFailed."""
    folder.mkdir(parents=True, exist_ok=True)
    usages = []
    for number, step in enumerate(CONTESTANTS[name].steps):
        program, *arguments = (word.format(dump=dump, folder=folder, peers=PEERS) for word in step.command)
        command = [str(environments / step.environment / "bin" / program), *arguments]
        usages.append(measured(command, folder / "logs" / f"{number}.log", variables(folder)))
    return added(usages)


def articles_in(name: str, folder: Path) -> int:
    """How many articles a contestant's result contains."""
    contestant = CONTESTANTS[name]
    with duckdb.connect(str(folder / contestant.result), read_only=True) as connection:
        ((count,),) = connection.execute(f"select count(*) from {contestant.table}").fetchall()
    return int(count)


def variables(folder: Path) -> dict[str, str]:
    """The environment variables that say where to put results, and that nobody is to be told of the run."""
    return clean_environment() | {
        "BROADSHEET_HOME": str(folder),
        "BENCHMARK_FOLDER": str(folder),
        "BENCHMARK_CORES": str(os.cpu_count()),
        "DO_NOT_TRACK": "1",
        "RUNTIME__DLTHUB_TELEMETRY": "false",
    }
