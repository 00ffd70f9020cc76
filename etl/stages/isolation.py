"""One article's fault is one article's: work that raises for many rows is tried again with fewer and fewer of them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar

import duckdb
import pandas as pd

from etl import words
from etl.model import OUR_FAULT

log = logging.getLogger(__name__)

T = TypeVar("T")

MOST_TRIED = 100
"""After this many culprits in a frame, rows that still raise are set aside together: single rows are not at fault."""


class Culprit(NamedTuple):
    """A row for which the work raises, and what it raised."""

    row: int
    """Its label in the frame's index."""
    reason: str


def isolated(frame: pd.DataFrame, work: Callable[[pd.DataFrame], T]) -> tuple[list[T], list[Culprit]]:
    """Do the work for all rows of a frame at once; where that raises, for its halves, down to single rows.

    Returns the results, which together cover the rows in order without the culprits, and the culprits.
    No row may depend on another. What the machine is to blame for is raised at once.
    """
    results: list[T] = []
    culprits: list[Culprit] = []
    for part, outcome in _tried(frame, work, culprits):
        if isinstance(outcome, Exception):
            culprits += [Culprit(int(row), reason_of(outcome)) for row in part.index]
        else:
            results.append(outcome)
    return results, culprits


def _tried(
    frame: pd.DataFrame, work: Callable[[pd.DataFrame], T], culprits: list[Culprit]
) -> Iterator[tuple[pd.DataFrame, T | Exception]]:
    """The parts of a frame, in order, each with the result of the work, or with the exception it raises."""
    try:
        result = work(frame)
    except Exception as error:
        if is_of_machine(error):
            raise
        if len(frame) == 1 or len(culprits) >= MOST_TRIED:
            log.exception("%s cannot be processed", words.counted(len(frame), "row"))
            yield frame, error
        else:
            middle = len(frame) // 2
            yield from _tried(frame.iloc[:middle], work, culprits)
            yield from _tried(frame.iloc[middle:], work, culprits)
    else:
        yield frame, result


def is_of_machine(error: Exception) -> bool:
    """Whether the disk, the files or DuckDB's memory limit are to blame, and not what is worked on."""
    cause = getattr(error, "orig", None) or error  # SQLAlchemy wraps what DuckDB raises
    return isinstance(cause, OSError | duckdb.IOException | duckdb.OutOfMemoryException)


def reason_of(error: Exception) -> str:
    """What a person reads of an exception that nobody foresaw, on one line that any table can hold."""
    text = " ".join(f"{type(error).__name__}: {error}".split())[:500]
    return f"{text.encode('utf-8', 'backslashreplace').decode()}; {OUR_FAULT}"
