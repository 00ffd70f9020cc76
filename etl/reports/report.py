"""What a run did, for people and for machines."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from etl.model import DumpState
from etl.reports.printable import Screen, line

COUNTS = ("articles_declared", "articles_read", "inserted", "revised", "unchanged", "rejected")
SHOWN_DUMPS = 40
SHOWN_REJECTS = 20


@dataclass(frozen=True)
class Report:
    """One run: its state, its dumps (one dict each), the articles rejected, what is published, what failed, and
    what is unusual without being a failure."""

    run_id: str
    state: str
    published: str | None
    dumps: list[dict[str, Any]]
    rejected: list[dict[str, Any]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    wrong_stanzas: list[str] = field(default_factory=list)
    """What is wrong with sources.toml; among the failures where they failed the run."""

    @property
    def exit_code(self) -> int:
        """0 where the run succeeded, 2 where nothing but a wrong setting failed it, else 1."""
        if self.state == "succeeded":
            return 0
        return 2 if self.failures == self.wrong_stanzas else 1

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

    def as_json(self) -> dict[str, Any]:
        """The run as `broadsheet ingest --json` prints it."""
        names = ("path", "format", "state", *COUNTS, "reason")
        dumps = [{name: dump[name] for name in names} for dump in self.dumps]
        return {
            "run_id": self.run_id,
            "state": self.state,
            "published": self.published,
            "dumps": dumps,
            "failures": self.failures,
            "warnings": self.warnings,
        }

    def text(self) -> str:
        """The run as plain text, for logs."""
        written = io.StringIO()
        self.show(Screen(width=140, file=written))
        return written.getvalue()

    def show(self, console: Console) -> None:
        """Print the dumps, the rejects with their reasons, what failed and what is unusual."""
        if not self.dumps and self.state == "succeeded":
            console.print("Nothing new: every delivery in the landing folder was taken before; see: broadsheet status")
        if self.dumps:
            console.print(_dumps_table(self.dumps))
        if self.rejected:
            console.print(_rejected_table(self.rejected))
        for failure in self.failures:
            console.print(_shown(failure), style="red")
        for warning in self.warnings:
            console.print(_shown(warning), style="yellow")


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
        table.add_row(f"... and {len(dumps) - len(shown):,} more", "", "")
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
        table.add_row(f"... and {len(rejected) - SHOWN_REJECTS:,} more", "", "see `broadsheet rejected`")
    return table
