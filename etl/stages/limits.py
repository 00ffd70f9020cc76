"""What one article may hold: text that can be written, in no field more than an article can be."""

from __future__ import annotations

from typing import Any

import orjson

from etl.formats.common.json_text import MOST_LEVELS
from etl.formats.common.pieces import Unreadable
from etl.model import RawRecord

_INTEGERS_TO = 2**63
_LISTS = ("labels", "extra")


def too_long(record: RawRecord, most_characters: int) -> str | None:
    """Why an article is rejected: a field has more characters, `labels` and `extra` as JSON; None where none has."""
    for name, value in record.items():
        length = len(value) if value.__class__ is str else _json_length(value) if name in _LISTS else 0
        if length > most_characters:
            return (
                f"its {name} has {length:,} characters; the limit is {most_characters:,}; "
                "raise BROADSHEET_MAX_ARTICLE_BYTES to load it"
            )
    return None


def writable(record: RawRecord) -> RawRecord:
    """A record that no column takes as it is, as far as it can be mended.

    Half of a character that takes two becomes U+FFFD, a number beyond 64 bits text. Raises Unreadable where `labels`
    or `extra` is nested too deep to be kept.
    """
    return {name: _writable(value, MOST_LEVELS, name) for name, value in record.items()}


def as_piece(record: RawRecord) -> bytes:
    """A rejected record for quarantine, without what is nested too deep."""
    return orjson.dumps({name: _writable(value, MOST_LEVELS, None) for name, value in record.items()})


def _json_length(value: Any) -> int:
    try:
        return len(orjson.dumps(value, default=str)) if value else 0
    except TypeError:  # it cannot be written as it is
        return 0


def _writable(value: Any, levels: int, field: str | None) -> Any:
    """A value as JSON can hold it; deeper levels raise Unreadable, or are left out where there is no field to name."""
    if isinstance(value, str):
        return _whole(value)
    if value is None or isinstance(value, bool | float | bytes):
        return value
    if isinstance(value, int):
        return value if -_INTEGERS_TO <= value < _INTEGERS_TO else str(value)
    if not isinstance(value, dict | list | tuple):
        return _whole(str(value))
    if not levels and field is None:
        return "..."
    if not levels:
        raise Unreadable(f"its {field} is nested more than {MOST_LEVELS} levels deep; flatten or omit that")
    if isinstance(value, dict):
        return {_whole(str(key)): _writable(inner, levels - 1, field) for key, inner in value.items()}
    return [_writable(inner, levels - 1, field) for inner in value]


def _whole(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
