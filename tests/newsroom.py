"""A newsroom for a test: landing folder, sources.toml and warehouse in one temporary folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from etl import pipeline
from etl.reports.report import Report
from etl.run import Batch, Request, Run, begin
from etl.settings import Settings
from etl.warehouse import lock, opening, published, reading
from etl.warehouse.statements import quoted


@dataclass
class Newsroom:
    """What a test needs: drop dumps, run the pipeline, query the warehouse."""

    folder: Path
    settings: Settings

    @property
    def landing(self) -> Path:
        return self.folder / "landing"

    def stanza(self, text: str) -> None:
        """Add stanzas to sources.toml."""
        with self.settings.sources.open("a") as file:
            file.write(text + "\n")

    def drop(self, name: str, content: str | bytes | list[dict[str, Any]]) -> Path:
        """Put a dump into the landing folder; a list of records is written as JSON Lines."""
        path = self.landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, list):
            content = "".join(json.dumps(record) + "\n" for record in content)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def ingest(self, *paths: str | Path, run_id: str | None = None, **request: Any) -> Report:
        """Run all stages; without paths, as the nightly run does."""
        asked = Request(tuple(map(str, paths)), **request)
        return pipeline.run_all(begin(self.settings, "manual", asked, run_id))

    def load(self, *paths: str | Path, run_id: str | None = None, **request: Any) -> Run:
        """Run the stages up to the load: nothing is verified, which is costly, or published."""
        run = begin(self.settings, "manual", Request(tuple(map(str, paths)), **request), run_id)
        read(run)
        pipeline.check(run)
        pipeline.load(run)
        return run

    def loaded(self, *paths: str | Path, **request: Any) -> Report:
        """Load, and say what was loaded: for tests that ask neither what the suites found nor what is published."""
        return pipeline.verdict(self.load(*paths, **request))

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Query the warehouse as it stands; an empty one where there is none yet."""
        if not opening.exists(self.settings):
            with opening.opened(self.settings, "test"):
                pass
        with self.reader() as connection:
            return connection.execute(sql).fetchall()

    @contextmanager
    def reader(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The warehouse as it stands, for several questions."""
        place = opening.source(self.settings)
        with lock.held(self.settings, "test"):
            if isinstance(place, Path):
                yield from _attached(place)
            else:
                with reading.attached(place) as connection:
                    yield connection

    def ask_published(self, sql: str) -> list[tuple[Any, ...]]:
        """Query the published file, as an analyst does."""
        seen = published.seen(self.settings)
        assert seen, "something is published"
        with reading.attached(seen) as connection:
            return connection.execute(sql).fetchall()

    def with_settings(self, **changes: Any) -> Newsroom:
        """The same newsroom with other settings."""
        return replace(self, settings=replace(self.settings, **changes))


@cache
def _in_memory() -> duckdb.DuckDBPyConnection:
    """One for all tests, as to start one takes as long as most questions; without threads, as tests fork."""
    return duckdb.connect(config={"threads": 1})


def _attached(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = _in_memory()
    connection.execute(f"attach {quoted(file)} as broadsheet (read_only, type duckdb)")
    try:
        connection.execute("use broadsheet")
        yield connection
    finally:
        connection.execute("use memory")
        connection.execute("detach broadsheet")


def make_newsroom(folder: Path) -> Newsroom:
    """A newsroom without feeds, in an empty folder."""
    (folder / "landing").mkdir()
    sources = folder / "sources.toml"
    sources.write_text('landing = "landing"\n')
    return Newsroom(folder, settings_in(folder))


def settings_in(folder: Path) -> Settings:
    """The settings of the newsroom in a folder. A front page is drawn only if a test asks for it: it takes time."""
    return Settings(home=folder / "home", sources=folder / "sources.toml", front_page=False)


def article(number: int = 1, **fields: Any) -> dict[str, Any]:
    """An invented article with its own address."""
    return {
        "url": f"https://courier.example/{number}",
        "publication": "Harbour Courier",
        "headline": f"Boat number {number} leaves the harbour",
        "byline": "By Mara Lindqvist",
        "published": "2026-03-14T06:00:00Z",
        "body": f"The boat with the number {number} left the harbour on Saturday.\n\nNobody waved.",
        **fields,
    }


def read_raw(run: Run) -> Batch:
    """Plan a run of one batch, and read its dumps into raw records."""
    for part in pipeline.discover(run):
        pipeline.extract(run, *part)
    pipeline.gather(run)
    return run.batch(0)


def read(run: Run) -> None:
    """Plan a run, read its dumps and clean what they hold."""
    for part in pipeline.discover(run):
        pipeline.extract(run, *part)
    for files in pipeline.gather(run):
        pipeline.normalise(run, files)
