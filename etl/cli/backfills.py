"""The command that ingests past days: backfill."""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from typing import Annotated

import typer

from etl.cli.screen import WRONG_USE, out, progress, stop, wrong_use
from etl.model import Trigger
from etl.reports.printable import line
from etl.reports.report import Report
from etl.settings import load_settings

app = typer.Typer()


@app.command()
def backfill(
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day.")],
    source: Annotated[str | None, typer.Option(help="Only this feed of sources.toml.")] = None,
) -> None:
    """Take the dumps of each of these days, by the date in their paths; one run per day.

    A bad day does not stop the others.
    """
    from etl import pipeline
    from etl.run import Request, begin
    from etl.stages.discover import RequestError

    days = [first.date() + timedelta(days=number) for number in range((last - first).days + 1)]
    if not days:
        stop(f"the last day, {last:%Y-%m-%d}, is before the first, {first:%Y-%m-%d}; swap them", WRONG_USE)
    settings = load_settings()
    reports = []
    for day in days:
        with wrong_use(RequestError), progress(quiet=False) as show_step:
            report = pipeline.run_all(begin(settings, Trigger.backfill, Request(source=source, day=day)), show_step)
        _show_day(day, report)
        reports.append(report)
    for warning in reports[-1].warnings:
        out.print(line(warning), style="yellow", markup=False)
    if any(report.state != "succeeded" for report in reports):
        sys.exit(1)


def _show_day(day: date, report: Report) -> None:
    counts = report.totals
    summary = ", ".join(f"{counts[name]:,} {name}" for name in ("inserted", "revised", "unchanged", "rejected"))
    dumps = f"{len(report.dumps):,} {'dump' if len(report.dumps) == 1 else 'dumps'}"
    out.print(f"{day}  {report.state:9}  {f'{dumps}: {summary}' if report.dumps else report.outcome}")
    for failure in report.failures:
        out.print(f"            {line(failure)}", style="red", markup=False)
