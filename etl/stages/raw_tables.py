"""Raw records as a table with the columns of raw-*.parquet; and those that no column takes, mended or refused."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson
import pyarrow as pa

from etl.formats.common.pieces import Unreadable
from etl.model import OUR_FAULT, RAW_FIELDS, RawRecord, Reject
from etl.schemas import PATH_FIELDS, RAW
from etl.stages.isolation import is_of_machine
from etl.stages.limits import writable
from etl.stages.tallies import Tally

log = logging.getLogger(__name__)


class Row(NamedTuple):
    """A record that is about to be written."""

    tally: Tally
    ordinal: int
    position: str
    record: RawRecord
    """With `labels` and `extra` in JSON, as `with_json` makes it."""
    fixed: dict[str, Any]


def with_json(record: RawRecord) -> RawRecord:
    """A record with its `labels` and `extra` in JSON; as it is where they cannot be, which `mended` sees to."""
    try:
        return {**record, "labels": _json(record.get("labels")), "extra": _json(record.get("extra"))}
    except TypeError:
        return record


def _json(value: Any) -> bytes | None:
    if isinstance(value, bytes):  # it is already
        return value
    return orjson.dumps(value, default=str) if value else None


def table_of(rows: Sequence[Row]) -> pa.Table:
    """The rows as columns, in RAW. Raises what Arrow raises where a column does not take a value."""
    records = [row.record for row in rows]
    filled = set[str]().union(*records).intersection(RAW_FIELDS)
    columns: dict[str, list[Any]] = {
        **{name: [record.get(name) for record in records] for name in filled},
        **{name: [row.fixed[name] for row in rows] for name in ("is_global_id", *PATH_FIELDS)},
        "delivery": [row.tally.delivery for row in rows],
        "ordinal": [row.ordinal for row in rows],
        "position": [row.position for row in rows],
    }
    arrays = [
        pa.array(columns[field.name], field.type) if field.name in columns else pa.nulls(len(rows), field.type)
        for field in RAW
    ]
    return pa.Table.from_arrays(arrays, schema=RAW)


def mended(row: Row) -> Row | Reject:
    """The row as it can be written, or why it cannot."""
    try:
        if not _is_writable(row):
            row = row._replace(record=with_json(writable(row.record)))
            table_of([row])
    except Unreadable as error:
        return _refused(row, str(error))
    except Exception as error:
        if is_of_machine(error):
            raise
        log.exception("writing %r", row.position)
        return _refused(row, f"its record cannot be written: {type(error).__name__}: {error}; {OUR_FAULT}")
    return row


def _refused(row: Row, reason: str) -> Reject:
    return Reject(row.position, reason, repr(row.record).encode("utf-8", "backslashreplace"))


def _is_writable(row: Row) -> bool:
    try:
        table_of([row])
    except Exception as error:
        if is_of_machine(error):
            raise
        return False
    return True
