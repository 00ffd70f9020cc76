"""One article's fault is one article's: work that raises for many rows is tried again with fewer and fewer of them."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import duckdb
import pandas as pd

from etl import words
from etl.model import OUR_FAULT
from etl.warehouse import WarehouseError

log = logging.getLogger(__name__)

T = TypeVar("T")

MOST_TRIED = 100
"""After this many culprits in a dump, rows of it that still raise are set aside together: no single one is at fault."""


OF_THE_MACHINE = (
    OSError,
    MemoryError,
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.TransactionException,  # there is one writer, so that its log or its blocks cannot be written
    WarehouseError,
)


class Culprit(NamedTuple):
    """A row for which the work raises, and what it raised."""

    row: int
    """Its label in the frame's index."""
    reason: str


def isolated(
    frame: pd.DataFrame, work: Callable[[pd.DataFrame], T], most: int = MOST_TRIED
) -> tuple[list[T], list[Culprit]]:
    """Do the work for all rows at once; where that raises, dump by dump, then for halves, down to single rows.

    In: a frame with the column `delivery`, whose rows are together by it; work in which no row depends on another.
    Returns the results, which together cover the rows in order without the culprits, and the culprits. What the
    machine is to blame for is raised at once.
    """
    results: list[T] = []
    culprits: list[Culprit] = []
    found: Counter[int] = Counter()
    waiting = [frame]
    while waiting:
        part = waiting.pop()
        outcome = _outcome(part, work)
        if not isinstance(outcome, Exception):
            results.append(outcome)
            continue
        if part.empty:
            raise outcome
        dumps = part["delivery"].unique()
        if len(part) == 1:
            log.error("a row cannot be processed", exc_info=outcome)
            culprits.append(Culprit(int(part.index[0]), reason_of(outcome)))
            found[dumps[0]] += 1
        elif len(dumps) == 1 and found[dumps[0]] >= most:
            log.error("%s cannot be processed", words.counted(len(part), "row"), exc_info=outcome)
            reason = f"{found[dumps[0]]:,} others of its dump failed, and it was not tried alone; {reason_of(outcome)}"
            culprits += [Culprit(int(row), reason) for row in part.index]
        else:
            waiting += reversed(_halves(part, dumps))
    return results, culprits


def _halves(part: pd.DataFrame, dumps: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two parts of a frame: whole dumps where there are several, else rows."""
    is_first = part["delivery"].isin(dumps[: len(dumps) // 2]).to_numpy(bool)
    middle = int(is_first.sum()) or len(part) // 2
    return part.iloc[:middle], part.iloc[middle:]


def _outcome(frame: pd.DataFrame, work: Callable[[pd.DataFrame], T]) -> T | Exception:
    """What the work gives, or what it raises."""
    try:
        return work(frame)
    except Exception as error:
        if is_of_machine(error):
            raise
        return error


def is_of_machine(error: Exception) -> bool:
    """Whether the disk, the files or DuckDB's memory limit are to blame, and not what is worked on."""
    cause = getattr(error, "orig", None) or error  # SQLAlchemy wraps what DuckDB raises
    is_of_catalogue = type(cause) is duckdb.Error  # so DuckLake hands on what PostgreSQL says
    return isinstance(cause, OF_THE_MACHINE) or is_of_catalogue or "No space left on device" in str(cause)


def reason_of(error: Exception) -> str:
    """What is said of the one article or dump that an unexpected exception stopped."""
    return f"{in_words(error)}; {OUR_FAULT}"


def in_words(error: Exception) -> str:
    """An unexpected exception on one line that any table can hold."""
    cause = getattr(error, "orig", None) or error  # SQLAlchemy adds the statement and its parameters
    text = " ".join(f"{type(cause).__name__}: {cause}".split())[:500]
    return text.encode("utf-8", "backslashreplace").decode()
