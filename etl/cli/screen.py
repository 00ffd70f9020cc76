"""What every command needs to talk to a person: the two consoles, tables, and how a command ends."""

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
"""Characters in a line of a table where the output is no terminal and so has no width."""
NARROWEST_COLUMN = 14
"""Characters of a column in which text can still be read."""
ENDLESS = 1_000_000

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


def print_rows(headings: tuple[str, ...], rows: Iterable[Iterable[Any]]) -> None:
    """Print rows as a table; one below the other where the screen is too narrow for their columns. Empty is a dash."""
    names = [Text(line(heading)) for heading in headings]
    cells = [["-" if value is None else Text(block(str(value))) for value in row] for row in rows]
    if not cells:
        out.print(Text(f"No row; its columns would be {', '.join(map(str, names))}."))
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
    """The characters in a line of a table that nothing is folded in."""
    return out.measure(table, options=out.options.update_width(ENDLESS)).maximum


def _downwards(names: list[Text], rows: list[list[Text | str]]) -> Table:
    table = Table("column", Column("value", overflow="fold"))
    for row in rows:
        for name, cell in zip(names, row, strict=True):
            table.add_row(name, cell)
        table.add_section()
    return table


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
