"""What all readers share about the pieces of a dump."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from etl.model import RawRecord


class Unreadable(Exception):
    """This piece of the dump should be an article and cannot be read as one. The message says why, and what to do."""


def without_empty(record: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a record, or of its `extra`, that are not empty."""
    return {name: value for name, value in record.items() if value}


def without_empty_extra(record: RawRecord) -> RawRecord:
    """The fields of a record that are not empty, and of its `extra` those that are not."""
    return without_empty({**record, "extra": without_empty(record.get("extra", {}))})


def unwrap_singles(fields: Mapping[str, list[Any]]) -> dict[str, Any]:
    """Each field's list of values, or where it has one value only, that value."""
    return {name: values[0] if len(values) == 1 else values for name, values in fields.items()}
