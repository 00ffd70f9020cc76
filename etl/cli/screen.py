"""What every command uses for output: the two consoles, tables, and how a command ends."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from rich.table import Column, Table
from rich.text import Text

from etl.reports.printable import Screen, block, line

NARROWEST = 120
"""Characters per line of a table when the output is not a terminal and so has no width."""
NARROWEST_COLUMN = 14
"""Characters that a column needs for its text to be readable."""
ENDLESS = 1_000_000

out = Screen(width=None if sys.stdout.isatty() else NARROWEST)
err = Screen(stderr=True)

WRONG_USE = 2


def stop(message: str, code: int) -> NoReturn:
    """Print why, and exit with that code."""
    err.print(f"broadsheet: {message}", style="red", markup=False, soft_wrap=True)
    sys.exit(code)


def tell_trouble(trouble: str | None) -> None:
    """Print what went wrong beside the command's own work, if anything did."""
    if trouble:
        err.print(trouble, style="yellow", markup=False, soft_wrap=True)


@contextmanager
def wrong_use(*errors: type[Exception]) -> Iterator[None]:
    """Exit as on wrong usage when one of these errors is raised."""
    try:
        yield
    except errors as error:
        stop(str(error), WRONG_USE)


@contextmanager
def progress(quiet: bool) -> Iterator[Any]:
    """Yields the function that shows a run's steps: on a progress bar if standard error is a terminal, else nowhere."""
    if quiet or not err.is_terminal:
        yield lambda step, share: None
        return
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as shown:
        bar = shown.add_task("discover", total=1.0)
        yield lambda step, share: shown.update(bar, description=step, completed=share)


def print_rows(headings: tuple[str, ...], rows: Iterable[Iterable[Any]]) -> None:
    """Print rows as a table, or one below the other if the screen is too narrow for the columns. A null is a dash."""
    names = [Text(line(heading)) for heading in headings]
    cells = [["-" if value is None else Text(block(str(value))) for value in row] for row in rows]
    if not cells:
        out.print(Text(f"No rows. The columns are {', '.join(map(str, names))}."))
    elif out.width < NARROWEST_COLUMN * len(names) and _width(_across(names, cells)) > out.width:
        out.print(_downwards(names, cells))
    else:
        out.print(_across(names, cells))


def _across(names: list[Text], rows: list[list[Text | str]]) -> Table:
    table = Table(*(Column(name, overflow="fold") for name in names))
    for row in rows:
        table.add_row(*row)
    return table


def _width(table: Table) -> int:
    """The characters per line of a table in which nothing is folded."""
    return out.measure(table, options=out.options.update_width(ENDLESS)).maximum


def _downwards(names: list[Text], rows: list[list[Text | str]]) -> Table:
    table = Table("column", Column("value", overflow="fold"))
    for row in rows:
        for name, cell in zip(names, row, strict=True):
            table.add_row(name, cell)
        table.add_section()
    return table


class LogLine(logging.Formatter):
    """Log messages for the terminal: one line each, with nothing in them that acts on the terminal."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        return line(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:
        return block(super().formatException(ei))


def log_to_screen() -> None:
    """Send warnings and errors to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LogLine("%(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
