"""What the date columns of a dump show as a whole, for the replay of a part of it: the articles are read as they were
at the first load, whatever is left of them to be tried again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from etl.model import Delivery, DumpError, Feed, LimitError
from etl.normalise.date_columns import DATE_FIELDS, Habit, depends_on_column, habits_of
from etl.run import Run
from etl.stages.extract import Source, sources_of
from etl.stages.raw_records import printable

CHUNK_RECORDS = 10_000


def habits_of_dump(run: Run, delivery: Delivery, feed: Feed) -> dict[str, Habit]:
    """Returns what the columns of a dump show, by field, as today's stanza reads it.

    Raises DumpError or DumpChanged where it cannot be read to the end.
    """
    return {field: habit for (_, field), habit in habits_of(_chunks(run, delivery, feed)).items()}


def depends_on_columns(piece: Any) -> bool:
    """Whether a date of a record may be read otherwise for what the others show."""
    return isinstance(piece, dict) and any(depends_on_column(piece.get(field)) for field in DATE_FIELDS)


def kept_habits(kept: dict[str, Any]) -> dict[str, Habit]:
    """Returns what quarantine keeps of it with a rejected article; nothing of what was not kept when it was written."""
    rows = kept.get("date_habits") or []
    return {row["field"]: Habit(**{name: row[name] for name in Habit._fields if name in row}) for row in rows}


def _chunks(run: Run, delivery: Delivery, feed: Feed) -> Iterator[pa.Table]:
    rows: list[dict[str, Any]] = []
    for source in sources_of(run, delivery, feed):
        for record in _records(source) if isinstance(source, Source) else ():
            rows.append({field: _text(record.get(field)) for field in DATE_FIELDS})
            if len(rows) == CHUNK_RECORDS:
                yield _table(rows, delivery)
                rows = []
    yield _table(rows, delivery)


def _records(source: Source) -> Iterator[dict[str, Any]]:
    """The records of a member, up to where it can be read."""
    try:
        for piece in source.pieces():
            if isinstance(piece, dict):
                yield piece
    except DumpError as error:
        if not source.member.name or isinstance(error, LimitError):
            raise


def _text(value: Any) -> str | None:
    return printable(value) if isinstance(value, str) else None


def _table(rows: list[dict[str, Any]], delivery: Delivery) -> pa.Table:
    columns = {field: pa.array([row[field] for row in rows], pa.string()) for field in DATE_FIELDS}
    return pa.table({"delivery": pa.array([delivery.delivery] * len(rows), pa.int64()), **columns})
