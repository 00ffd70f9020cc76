"""What a run did, for people and for machines."""

from __future__ import annotations

import json
import logging
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from etl import words
from etl.intake.seen import Seen
from etl.model import DumpState
from etl.reports import cautions
from etl.reports.printable import line
from etl.words import first_lines

COUNTS = ("articles_declared", "articles_read", "inserted", "revised", "unchanged", "rejected")
NOT_LOADED = (DumpState.refused, DumpState.failed)
SHOWN_DUMPS = 40
SHOWN_REJECTS = 20


@dataclass(frozen=True)
class Report:
    """One run: its state, its dumps (one dict each), the articles rejected, what is published, what failed,
    what is unusual without being a failure, and which files it saw; a repair looks for none."""

    run_id: str
    state: str
    published: str | None
    """Where analysts find what is loaded; None where nothing is, or where the run stopped before its publish."""
    dumps: list[dict[str, Any]]
    rejected: list[dict[str, Any]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    wrong_stanzas: list[str] = field(default_factory=list)
    """What is wrong with sources.toml; among the failures where they failed the run."""

    seen: Seen | None = None
    articles_waiting: int = 0
    """Of the articles rejected, those that wait for a person."""

    @property
    def exit_code(self) -> int:
        """0 where the run succeeded, 2 where nothing but a wrong setting failed it, else 1."""
        if self.state == "succeeded":
            return 0
        return 2 if self.failures == self.wrong_stanzas else 1

    @property
    def failed_feeds(self) -> list[str]:
        """Of the failures, those of a feed: its stanza is wrong, its folder is missing, or it cannot be fetched."""
        of_feeds = {*self.wrong_stanzas, *(cautions.failures_of_seen(self.seen) if self.seen else [])}
        return [failure for failure in self.failures if failure in of_feeds]

    @property
    def totals(self) -> dict[str, int]:
        """The counts of all dumps together."""
        return {name: sum(dump[name] or 0 for dump in self.dumps) for name in COUNTS}

    @property
    def counts(self) -> dict[str, int]:
        """The totals, and the number of all, refused and failed dumps, as `etl.words.outcome` takes them."""
        states = [dump["state"] for dump in self.dumps]
        dumps = {"dumps": len(states), "dumps_refused": states.count("refused"), "dumps_failed": states.count("failed")}
        return {**self.totals, **dumps}

    @property
    def skipped(self) -> Counter[str]:
        """What was in the dumps and is not an article, counted by kind."""
        return sum(map(_skipped, self.dumps), Counter[str]())

    def as_json(self) -> dict[str, Any]:
        """The run as `broadsheet ingest --json` prints it."""
        names = ("path", "format", "state", *COUNTS, "reason")
        dumps = [{**{name: dump[name] for name in names}, "skipped": _skipped(dump)} for dump in self.dumps]
        return {
            "run_id": self.run_id,
            "state": self.state,
            "published": self.published,
            "dumps": dumps,
            "failures": self.failures,
            "warnings": self.warnings,
            "seen": asdict(self.seen) if self.seen else None,
        }

    @property
    def outcome(self) -> str:
        """What it did in one line: its counts, or the files that it saw if it took none of them."""
        return words.outcome(self.counts) if self.dumps or not self.seen else cautions.sentence(self.seen)

    def lines(self) -> list[tuple[int, str]]:
        """What it did, for logs: a level and a line for everything that failed, is odd, was rejected or was loaded.

        The worst comes first, and in each line the reason before the dump.
        """
        bad = [dump for dump in self.dumps if dump["state"] in NOT_LOADED]
        loaded = [dump for dump in self.dumps if dump["state"] not in NOT_LOADED]
        told = {failure_of(dump) for dump in bad}
        failures = [failure for failure in self.failures if failure not in told]
        rejected = [f"rejected: {row['reason']} ({row['path']}, {row['position']})" for row in self.rejected]
        lines = [
            (logging.ERROR, first_lines([*failures, *map(_dump_line, bad)], SHOWN_DUMPS, "dumps: broadsheet status")),
            (logging.WARNING, self.warnings),
            (logging.INFO, [f"The run {self.state}: {self.outcome}."]),
            (logging.INFO, [f"skipped: {words.listed(self.skipped)}"] if self.skipped else []),
            (logging.INFO, [cautions.sentence(self.seen)] if self.seen and self.dumps else []),
            (logging.INFO, first_lines(rejected, SHOWN_REJECTS, "rejected articles: broadsheet rejected")),
            (logging.INFO, first_lines([_dump_line(dump) for dump in loaded], SHOWN_DUMPS, "dumps")),
        ]
        return [(level, line(text)) for level, texts in lines for text in texts]

    def show(self, console: Console) -> None:
        """Print the dumps, the rejects with their reasons, what failed and what is unusual."""
        if self.seen:
            console.print(_shown(cautions.sentence(self.seen)))
        elif not self.dumps and self.state == "succeeded":
            console.print("This run took no dump.")
        if self.dumps:
            console.print(_dumps_table(self.dumps))
        if self.skipped:
            console.print(_shown(f"Skipped, for they are not articles: {words.listed(self.skipped)}"))
        if self.rejected:
            console.print(_rejected_table(self.rejected))
        for failure in self.failures:
            console.print(_shown(failure), style="red")
        for warning in self.warnings:
            console.print(_shown(warning), style="yellow")


def _skipped(dump: dict[str, Any]) -> Counter[str]:
    return Counter(json.loads(dump.get("skipped") or "{}"))


def failure_of(dump: dict[str, Any]) -> str:
    """What a run says of a dump that was not loaded."""
    return f"{dump['path']}: {dump['state']}: {dump['reason']}"


def _dump_line(dump: dict[str, Any]) -> str:
    reason = f"{dump['reason']} " if dump["reason"] else ""
    what = f"{reason}({dump['path']})" if reason else dump["path"]
    counts = {name: dump[name] or 0 for name in COUNTS}
    return f"{dump['state']}: {what}: {words.totals(counts)}" if dump["articles_read"] else f"{dump['state']}: {what}"


def _shown(text: str) -> Text:
    """Text from a dump, or the name of one: on one line, with no markup in it."""
    return Text(line(text))


def _dumps_table(dumps: list[dict[str, Any]]) -> Table:
    table = Table(title="Dumps", title_justify="left")
    table.add_column("dump", overflow="fold", ratio=1)
    for heading in ("format", "state"):
        table.add_column(heading)
    for name in COUNTS:
        table.add_column(name.removeprefix("articles_"), justify="right")
    shown = sorted(dumps, key=lambda dump: dump["state"] == DumpState.loaded)[:SHOWN_DUMPS]
    for dump in shown:
        style = None if dump["state"] == DumpState.loaded else "red"
        counts = ("-" if dump[name] is None else f"{dump[name]:,}" for name in COUNTS)
        table.add_row(_shown(dump["path"]), dump["format"], dump["state"], *counts, style=style)
    if len(dumps) > len(shown):
        table.add_row(words.and_more(len(dumps) - len(shown)), "", "")
    totals = {name: sum(dump[name] or 0 for dump in dumps) for name in COUNTS}
    table.add_section()
    table.add_row(
        f"{len(dumps):,} {'dump' if len(dumps) == 1 else 'dumps'}",
        "",
        "",
        *(f"{totals[name]:,}" for name in COUNTS),
        style="bold",
    )
    return table


def _rejected_table(rejected: list[dict[str, Any]]) -> Table:
    table = Table(title="Rejected", title_justify="left")
    for heading in ("dump", "place", "reason"):
        table.add_column(heading, overflow="fold", ratio=2 if heading == "reason" else 1)
    for row in rejected[:SHOWN_REJECTS]:
        table.add_row(*(_shown(row[name]) for name in ("path", "position", "reason")))
    if len(rejected) > SHOWN_REJECTS:
        table.add_row(words.and_more(len(rejected) - SHOWN_REJECTS), "", "see `broadsheet rejected`")
    return table
