"""What every command needs to talk to a person: the two consoles, tables, and how a command ends."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from rich.table import Table
from rich.text import Text

from etl.printable import Screen, block, line

NARROWEST = 120
"""Columns for tables where the output is no terminal and so has no width."""

out = Screen(width=None if sys.stdout.isatty() else NARROWEST)
err = Screen(stderr=True)

WRONG_USE = 2


def stop(message: str, code: int) -> NoReturn:
    """End with that exit code, saying why."""
    err.print(f"broadsheet: {message}", style="red", markup=False, soft_wrap=True)
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
    table = Table()
    for heading in headings:
        table.add_column(Text(line(heading)))
    for row in rows:
        table.add_row(*("-" if value is None else Text(block(str(value))) for value in row))
    out.print(table)


class LogLine(logging.Formatter):
    """A log on the terminal: a message takes one line, and nothing in it acts on the terminal."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        return line(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:
        return block(super().formatException(ei))


def log_to_screen() -> None:
    """Send warnings and errors to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LogLine("%(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
