"""What goes wrong with a lake while it is used: whether it passes, and what a person is told to do."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from etl.files import MAKE_ROOM
from etl.warehouse import WarehouseError
from etl.warehouse.lake import Snapshot, Unreachable

AGAIN = "what was not committed is not in the lake: run it again"

ADVICE = {
    "(?i)permission denied": (
        "give the role that BROADSHEET_WAREHOUSE names, and the user that runs Broadsheet, the right to write there; "
        f"{AGAIN}"
    ),
    r"HTTP (code )?40[13]": (
        "the storage refuses the credentials: check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and what they may do "
        f"there; {AGAIN}"
    ),
    r"NoSuchBucket|bucket does not exist": (
        f"the storage has no such bucket: create it, or correct BROADSHEET_LAKE_DATA, or --data; {AGAIN}"
    ),
    r"HTTP (code )?404|NoSuchKey|No such file|Cannot open file": (
        "the catalogue names this file, and the storage lacks it: `broadsheet doctor` counts all that are missing. See "
        "whether BROADSHEET_LAKE_DATA is right and its disk is mounted; else bring them back, or the lake and its "
        "catalogue of one day from a backup"
    ),
    r"HTTP|Could not connect|Timeout": f"the storage does not answer: check that it can be reached; {AGAIN}",
    "Transaction conflict": f"another process has changed the lake meanwhile; {AGAIN}",
}
LOST = re.compile(
    "to Postgres|server terminated abnormally|server closed the connection|terminating connection|"
    "database system is (starting up|shutting down)"
)
"""What a connection to PostgreSQL that is lost is told by."""
OF_CATALOGUE = f"the connection to its catalogue was lost: check that PostgreSQL runs; {AGAIN}"


def passes(error: Exception) -> bool:
    """Whether the same transaction, done again, may be committed: the catalogue was away, or another changed it.

    Not where the storage does not answer: DuckDB has asked it again and again by then.
    """
    cause = getattr(error, "orig", None) or error
    if "permission denied" in str(cause):
        return False
    return isinstance(cause, Unreachable | duckdb.TransactionException) or _is_of_catalogue(cause)


def _is_of_catalogue(cause: BaseException) -> bool:
    """DuckLake raises what PostgreSQL says as an error of no kind, or as one of reading or writing with its words."""
    return type(cause) is duckdb.Error or (isinstance(cause, duckdb.Error) and bool(LOST.search(str(cause))))


@contextmanager
def explained(lake: Snapshot) -> Iterator[None]:
    """Raise what DuckDB says of a lake that it cannot read or write as a WarehouseError that says what to do."""
    try:
        yield
    except Exception as error:
        if said := in_words(lake, error):
            raise WarehouseError(said) from error
        raise


def in_words(lake: Snapshot, error: Exception) -> str | None:
    """What is wrong with the lake, and what to do; None where the error is about something else."""
    cause = getattr(error, "orig", None) or error  # SQLAlchemy wraps what DuckDB raises
    said = str(cause)
    if not isinstance(cause, duckdb.Error | OSError):
        return None
    if "No space left on device" in said:
        return f"{lake.name}: {_shown(said)}; {MAKE_ROOM}"
    if _is_of_catalogue(cause):
        return f"{lake.name}: {_shown(said)}; {OF_CATALOGUE}"
    if lake.data in said and not (lake.data.startswith("s3://") or os.path.isdir(lake.data)):
        return f"{lake.name}: there is no such folder: bring it back, such as by mounting its disk; {AGAIN}"
    is_of_lake = isinstance(cause, duckdb.HTTPException | duckdb.TransactionException) or lake.data in said
    if not (is_of_lake or "error for HTTP" in said):  # the address of an object does not begin as that of the lake
        return None
    advice = next((advice for pattern, advice in ADVICE.items() if re.search(pattern, said)), None)
    return f"{lake.name}: {_shown(said)}; {advice}" if advice else None


def _shown(said: str) -> str:
    """What DuckDB says, without the statement that it quotes: that may hold the text of an article. The file stays."""
    file = re.search(r'"([^"\n]{1,300}\.parquet)"', said)
    return " ".join(said.partition('"')[0].split()).removesuffix(":")[:400] + (f" {file[1]}" if file else "")
