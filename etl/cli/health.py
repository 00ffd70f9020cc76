"""Commands that find what is wrong and restore the warehouse: doctor, check-sources, restore."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from etl.cli.screen import out
from etl.reports.printable import line
from etl.settings import load_settings

app = typer.Typer()

SIGNS = {"ok": "[green]ok[/green]", "warning": "[yellow]warning[/yellow]", "problem": "[red]PROBLEM[/red]"}
SHOWN_PATHS = 20


@app.command()
def doctor() -> None:
    """Check settings, disk, lock, ledger and published copy; say what to do. Exits with 1 if there is a problem."""
    from etl.doctor import State, examine

    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    states = []
    for name, finding in examine(load_settings()):
        states.append(finding.state)
        table.add_row(SIGNS.get(finding.state, f"[dim]{finding.state}[/dim]"), name, escape(finding.found))
        if finding.advice:
            table.add_row("", "", f"[bold]→ {escape(finding.advice)}[/bold]")
    out.print(table)
    problems, warnings = states.count(State.problem), states.count(State.warning)
    out.print(f"\nProblems: {problems}, warnings: {warnings}." if problems or warnings else "\nAll is well.")
    if problems:
        sys.exit(1)


@app.command("check-sources")
def check_sources() -> None:
    """Check every stanza of sources.toml, and read one file of each feed. Exits with 1 if there is a problem."""
    from etl.declared.sources import load_sources
    from etl.doctor.feeds import samples

    settings = load_settings()
    problems = load_sources(settings).problems
    for problem in problems:
        out.print(f"[red]PROBLEM[/red]  {escape(line(problem))}", soft_wrap=True)
    for sample in samples(settings):
        sign = "[red]PROBLEM[/red]" if sample.problems else "[green]ok[/green]" if sample.path else "[dim]no file[/dim]"
        out.print(f"{sign}  {escape(sample.feed)}: {escape(line(sample.summary))}", soft_wrap=True)
        if sample.would_fetch:
            out.print(f"    {line(sample.would_fetch)}", markup=False, soft_wrap=True)
        for problem in sample.problems:
            out.print(f"    {line(problem)}", style="bold", markup=False, soft_wrap=True)
        problems += sample.problems
    if problems:
        sys.exit(1)


@app.command()
def restore(
    number: Annotated[
        int | None, typer.Option(help="Number of the published copy. Default: the latest.", show_default=False)
    ] = None,
) -> None:
    """Restore the warehouse from a published copy. The old file is kept beside it."""
    from etl import words
    from etl.warehouse.restore import restore_from_copy

    settings = load_settings()
    done = restore_from_copy(settings, number)
    out.print(
        f"The warehouse is restored from copy {done.number}: "
        f"up to run {done.run_id}, {words.moment(done.started_at, settings.timezone)}.",
        soft_wrap=True,
    )
    if done.set_aside:
        out.print(
            f"The old file is kept as {escape(str(done.set_aside))}; remove it when it is no longer needed.",
            soft_wrap=True,
        )
    if done.missing is None:
        out.print("The old file is missing or cannot be read, so it is not known what it had loaded since then.")
    elif done.missing:
        deliveries = words.counted(len(done.missing), "delivery", "deliveries")
        _print_list(f"Loaded in the old warehouse, but not in the copy: {deliveries}:", done.missing)
    if done.undone:
        _print_list("Decided in the old warehouse, but not known to the copy; do it again:", done.undone)
    out.print(
        "What is still in the landing folder but not in the copy counts as new again: trigger ingest_articles, or run "
        "`broadsheet ingest` on it. Then run: broadsheet doctor"
    )


def _print_list(heading: str, items: list[str]) -> None:
    from etl import words

    out.print(heading)
    for item in words.first_lines(items, SHOWN_PATHS):
        out.print(f"  {line(item)}", markup=False, soft_wrap=True)
