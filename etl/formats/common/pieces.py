"""What all readers share about the pieces of a dump."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from etl.model import OUR_FAULT, DumpError, Piece, RawRecord, Reject

log = logging.getLogger(__name__)


class Unreadable(Exception):
    """This piece of the dump should be an article and cannot be read as one. The message says why, and what to do."""


def guarded(make: Callable[[], Piece], position: str, data: bytes | Callable[[], bytes]) -> Piece:
    """What `make` reads of one article; a Reject where it raises, so that the reader can go on.

    `data`, or what it gives, is kept of the article in quarantine. What the machine is to blame for is raised.
    """
    try:
        return make()
    except (DumpError, Unreadable) as error:
        reason = str(error)
    except (OSError, MemoryError):
        raise
    except Exception as error:
        log.exception("reading %r", position)
        reason = f"cannot be read: {type(error).__name__}: {error}; {OUR_FAULT}"
    return Reject(position, reason, data if isinstance(data, bytes) else data())


def without_empty(record: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a record, or of its `extra`, that are not empty."""
    return {name: value for name, value in record.items() if value}


def without_empty_extra(record: RawRecord) -> RawRecord:
    """The fields of a record that are not empty, and of its `extra` those that are not."""
    return without_empty({**record, "extra": without_empty(record.get("extra", {}))})


def unwrap_singles(fields: Mapping[str, list[Any]]) -> dict[str, Any]:
    """Each field's list of values, or where it has one value only, that value."""
    return {name: values[0] if len(values) == 1 else values for name, values in fields.items()}
