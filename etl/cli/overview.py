"""`broadsheet status`: whether last night was good, in about ten lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from etl.cli.screen import out, print_rows
from etl.settings import load_settings

if TYPE_CHECKING:
    from etl.reports.overview import Overview

app = typer.Typer()

SHOWN_REASONS = 3


@app.command()
def status(limit: Annotated[int, typer.Option(help="How many waiting dumps to list.")] = 20) -> None:
    """Show whether last night was good, what is waiting for you, and what analysts see."""
    from etl.reports.overview import look_now

    settings = load_settings()
    found = look_now(settings)
    if found.shown == "nothing" and not found.begun:
        out.print(f"Nothing is loaded yet in {escape(str(settings.home))}. Begin with: broadsheet ingest PATH")
        return
    _print_verdict(found)
    lines = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    lines.add_column(style="bold", no_wrap=True)
    lines.add_column(overflow="fold")
    for heading, text in _lines(found):
        lines.add_row(heading, escape(text))
    out.print(lines)
    if found.waiting:
        rows = [(d.path, d.source, d.state, d.attempts, d.reason) for d in found.waiting[:limit]]
        print_rows(("dump", "feed", "state", "attempts", "reason"), rows)
        if found.waiting_count > len(rows):
            out.print(f"... and {found.waiting_count - len(rows):,} more")


def _print_verdict(found: Overview) -> None:
    if problems := found.problems:
        out.print(f"[bold red]NOT good:[/bold red] {escape('; '.join(problems))}.", soft_wrap=True)
    else:
        out.print("[bold green]Last night was good.[/bold green]")


def _lines(found: Overview) -> list[tuple[str, str]]:
    return [
        *_last_load(found),
        ("Dumps", ", ".join(f"{count:,} {state}" for state, count in found.deliveries.items()) or "none"),
        *_rejected(found),
        ("Published", _published(found)),
        ("Warehouse", f"held by {found.holder}" if found.holder else "free"),
        ("Shown", _shown(found)),
        *(("To do", action) for action in _to_do(found)),
    ]


def _last_load(found: Overview) -> list[tuple[str, str]]:
    from etl import words

    if not found.runs:
        return []
    run = found.runs[0]
    age = words.ago(found.looked_at - run.started_at)
    return [
        ("Last load", f"{run.run_id} ({run.trigger}), {run.started_at:%Y-%m-%d %H:%M} UTC, {age}: {run.state}"),
        ("", words.outcome(run.counts)),
    ]


def _rejected(found: Overview) -> list[tuple[str, str]]:
    from etl import words

    if not found.rejected:
        return [("Rejected", "no article is waiting")]
    shown = found.rejected_reasons[:SHOWN_REASONS]
    lines = [
        ("", f"{reason.articles:,} × {reason.reason} (first: {reason.example_path}, {reason.example_position})")
        for reason in shown
    ]
    more = len(found.rejected_reasons) - len(shown)
    total = f"{words.counted(found.rejected, 'article')} waiting" + (f"; {more} more reasons" if more else "")
    return [("Rejected", total), *lines]


def _published(found: Overview) -> str:
    if found.published is None:
        return "nothing yet"
    published = found.published
    return f"{published.file}, {published.published_at:%Y-%m-%d %H:%M} UTC, contains run {published.run_id}"


def _shown(found: Overview) -> str:
    if found.shown == "warehouse":
        return "the warehouse as it is now"
    if found.shown == "nothing":
        return "nothing: the first load has not finished"
    return f"the published copy of {found.as_of:%Y-%m-%d %H:%M} UTC"


def _to_do(found: Overview) -> list[str]:
    """What a person should do next; empty on a quiet morning."""
    states = {delivery.state for delivery in found.waiting}
    actions = []
    if "refused" in states:
        actions.append("refused: fix the dump or its stanza and drop it again; the next run takes it")
    if "failed" in states:
        actions.append("failed: nothing yet, the next run tries again; if that fails too, read the reason below")
    if "parked" in states:
        actions.append("parked: fix it, then run: broadsheet release PATH")
    if found.rejected:
        actions.append("rejected: `broadsheet rejected` lists them; once fixed, run: broadsheet replay")
    actions += [f"taken down, but still in the landing folder: remove or redact {p}" for p in found.still_in_landing]
    return actions
