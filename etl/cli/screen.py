"""What every command uses for output: the two consoles, tables, and how a command ends."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, NoReturn

from rich.console import JustifyMethod
from rich.table import Column, Table
from rich.text import Text

from etl.reports.printable import Screen, block, line

NARROWEST = 120
"""Characters per line of a table when the output is not a terminal and so has no width."""
NARROWEST_COLUMN = 14
"""Characters that a column needs for its text to be readable."""
ENDLESS = 1_000_000
NUMBERS = (int, float, Decimal)

out = Screen(width=None if sys.stdout.isatty() else NARROWEST)
err = Screen(stderr=True)

WRONG_USE = 2


def stop(message: str, code: int) -> NoReturn:
    """Print why, and exit with that code."""
    err.print(f"broadsheet: {message}", style="red", markup=False, soft_wrap=True)
    sys.exit(code)


def utf8(content: bytes | str, what: str) -> str:
    """The text in UTF-8 that came from elsewhere; exits, naming the place, where it is none.

    Python keeps bytes of an argument that are not UTF-8 as lone surrogates, which no database takes.
    """
    try:
        return (content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content).decode("utf-8")
    except UnicodeDecodeError as error:
        lines = error.object[: error.start].split(b"\n")
        stop(
            f"{what} is not UTF-8: found the byte 0x{error.object[error.start]:02x} in line {len(lines)}, "
            f"byte {len(lines[-1]) + 1}",
            WRONG_USE,
        )


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


def print_rows(headings: tuple[str, ...], rows: Iterable[Iterable[Any]], lines: int | None = None) -> int:
    """Print rows as a table, or one below the other if the screen is too narrow for the columns. A null is a dash.

    Given how many lines there are, prints as many rows as they hold, but at least one. Returns how many it printed.
    """
    names = [Text(line(heading)) for heading in headings]
    values = [tuple(row) for row in rows]
    cells = [[_cell(value) for value in row] for row in values]
    if not cells:
        out.print(Text(f"No rows. The columns are {', '.join(map(str, names))}."))
        return 0
    across = _across(names, cells, [_are_numbers(column) for column in zip(*values, strict=True)])
    if out.width < NARROWEST_COLUMN * len(names) and _width(across) > out.width:
        cells = cells[: max(1, lines // len(names)) if lines else None]
        out.print(_downwards(names, cells))
    else:
        out.print(across)
    return len(cells)


def _cell(value: Any) -> str | Text:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Text):  # made for the screen
        return value
    if isinstance(value, list):
        return Text(block(", ".join(map(str, value))))
    return Text(block(str(value)))


def _are_numbers(column: tuple[Any, ...]) -> bool:
    values = [value for value in column if value is not None]
    return bool(values) and all(isinstance(value, NUMBERS) and not isinstance(value, bool) for value in values)


def _across(names: list[Text], rows: list[list[Text | str]], are_numbers: list[bool]) -> Table:
    sides: list[JustifyMethod] = ["right" if is_number else "left" for is_number in are_numbers]
    table = Table(*(Column(name, overflow="fold", justify=side) for name, side in zip(names, sides, strict=True)))
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
