"""`broadsheet status`: whether last night was good, in about ten lines."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from etl.cli.screen import WRONG_USE, out, print_rows, stop, tell_trouble
from etl.reports.printable import line
from etl.settings import Settings, load_settings

if TYPE_CHECKING:
    from etl.reports.night import Overview

app = typer.Typer()

SHOWN_REASONS = 3


@app.command()
def status(
    limit: Annotated[int, typer.Option(help="How many waiting dumps to list.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON and nothing else.")] = False,
    ping: Annotated[bool, typer.Option(help="If it is good, call BROADSHEET_PING_URL.")] = False,
    metrics: Annotated[
        Path | None, typer.Option(help="Also write it as metrics for Prometheus into this file.", show_default=False)
    ] = None,
) -> None:
    """Show whether last night was good, what is waiting for you, and what analysts see. Exits with 1 if not good."""
    from etl.reports.metrics import metrics_of, metrics_of_trouble, write_metrics
    from etl.reports.overview import look_now
    from etl.warehouse import WarehouseError

    settings = load_settings()
    if ping and not settings.ping_url:
        stop("BROADSHEET_PING_URL is not set; set it to the address to call, or leave --ping out", WRONG_USE)
    try:
        found = look_now(settings)
    except WarehouseError as error:
        if metrics:
            write_metrics(metrics, metrics_of_trouble())
        if as_json:
            out_json({"good": False, "headline": f"NOT good: {error}", "problems": [str(error)], "warnings": []})
            sys.exit(1)
        raise
    if metrics:
        write_metrics(metrics, metrics_of(found))
    if as_json:
        from etl.reports.status_json import status_of

        out_json(status_of(found))
    else:
        _print(found, settings, limit)
    if not found.is_good:
        sys.exit(1)
    if ping:
        from etl.reports import sign_of_life

        tell_trouble(sign_of_life.ping(settings.ping_url))


def out_json(value: dict[str, Any]) -> None:
    """Print JSON that no terminal acts on, whatever is in it."""
    from etl.reports.printable import json_text

    print(json_text(value))


def _print(found: Overview, settings: Settings, limit: int) -> None:
    from etl import words

    if found.shown == "nothing" and not (found.begun or found.published or found.misplaced):
        out.print(f"Nothing is loaded yet in {escape(str(settings.home))}. Begin with: broadsheet ingest")
        return
    style = "bold green" if found.is_good else "bold red"
    for text in found.headlines:
        out.print(Text(line(text), style=style), soft_wrap=True)
    for warning in found.warnings:
        out.print(Text(f"Warning: {line(warning)}", style="yellow"), soft_wrap=True)
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
            out.print(words.and_more(found.waiting_count - len(rows)))


def _lines(found: Overview) -> list[tuple[str, str]]:
    return [
        *_last_look(found),
        *_last_load(found),
        ("Dumps", ", ".join(f"{count:,} {state}" for state, count in found.deliveries.items()) or "none"),
        *_rejected(found),
        ("Published", _published(found)),
        *([("Attach it", found.published.attached_by)] if found.published and found.published.attached_by else []),
        ("Warehouse", f"held by {found.holder}" if found.holder else "free"),
        ("Shown", _shown(found)),
        *(("To do", action) for action in _to_do(found)),
    ]


def _last_look(found: Overview) -> list[tuple[str, str]]:
    from etl import words
    from etl.reports import cautions

    scan = found.last_scan
    if scan is None or scan.seen is None:
        return []
    at = words.moment(scan.started_at, found.timezone)
    return [("Last look", f"{at}, {words.ago(found.looked_at - scan.started_at)}: {cautions.sentence(scan.seen)}")]


def _last_load(found: Overview) -> list[tuple[str, str]]:
    from etl import words

    if not found.runs:
        return []
    run = found.runs[0]
    age = words.ago(found.looked_at - run.started_at)
    return [
        (
            "Last load",
            f"{run.run_id} ({words.spelt(run.trigger)}), {words.moment(run.started_at, found.timezone)}, {age}: "
            f"{run.state}",
        ),
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
    from etl import words

    if found.published is None:
        return "nothing yet"
    published = found.published
    at = words.moment(published.published_at, found.timezone)
    return f"{published.file}, {at}, contains run {published.run_id}"


def _shown(found: Overview) -> str:
    from etl import words

    if found.shown == "warehouse":
        return "the warehouse as it is now"
    if found.shown == "nothing":
        return "nothing: the first load has not finished"
    return f"the published copy of {words.moment(found.as_of, found.timezone)}"


def _to_do(found: Overview) -> list[str]:
    """What a person should do next; empty on a quiet morning."""
    from etl.reports.night import DISMISS

    states = {delivery.state for delivery in found.waiting}
    actions = []
    if "refused" in states:
        actions.append("refused: correct its stanza, or fix it and drop it again; the next run takes it; " + DISMISS)
    if "failed" in states:
        actions.append("failed: nothing yet, the next run tries again; if that fails too, read the reason below")
    if "parked" in states:
        actions.append("parked: fix it, then run: broadsheet release PATH; " + DISMISS)
    if found.rejected:
        actions.append("rejected: `broadsheet rejected` lists them; once fixed, run: broadsheet replay; " + DISMISS)
    actions += [f"taken down, but still in the landing folder: remove or redact {p}" for p in found.still_in_landing]
    return actions
