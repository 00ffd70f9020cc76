"""What every command needs to talk to a person: the two consoles, tables, and how a command ends."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from rich.console import Console
from rich.markup import escape
from rich.table import Table

NARROWEST = 120
"""Columns for tables where the output is no terminal and so has no width."""

out = Console(width=None if sys.stdout.isatty() else NARROWEST)
err = Console(stderr=True)

WRONG_USE = 2


def stop(message: str, code: int) -> NoReturn:
    """End with that exit code, saying why."""
    err.print(f"[red]broadsheet: {escape(message)}[/red]", soft_wrap=True)
    sys.exit(code)


@contextmanager
def wrong_use(*errors: type[Exception]) -> Iterator[None]:
    """Turn these errors into wrong use."""
    try:
        yield
    except errors as error:
        stop(str(error), WRONG_USE)


@contextmanager
def progress(quiet: bool) -> Iterator[Any]:
    """Gives the function that tells a run's steps: on a bar where a person looks, else to nobody."""
    if quiet or not err.is_terminal:
        yield lambda step, share: None
        return
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as shown:
        bar = shown.add_task("discover", total=1.0)
        yield lambda step, share: shown.update(bar, description=step, completed=share)


def print_rows(headings: tuple[str, ...], rows: Any) -> None:
    """Print rows as a table; what is empty is a dash."""
    table = Table(*headings)
    for row in rows:
        table.add_row(*("-" if value is None else escape(str(value)) for value in row))
    out.print(table)
