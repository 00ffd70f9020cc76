"""Of two texts, one of which is the other's beginning, the whole one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

_TAG = re.compile(r"<[/a-z!][^>]*>", re.IGNORECASE)
_BETWEEN = re.compile(r"[\W_]+")
_LEAST_MORE = 1.1
_FEWEST_MORE = 20


def whole_of(text: str, value: Any, convert: Callable[[Any], str | None]) -> str | None:
    """The text in the value of another column, where `text` is only its beginning.

    Raises what `convert` does, which makes a text of a value.
    """
    least = max(_LEAST_MORE * len(text), len(text) + _FEWEST_MORE)
    if isinstance(value, str) and (len(value) < least or len(_TAG.sub("", value)) < least):
        return None
    whole = convert(value)
    if whole is None or len(whole) < least:
        return None
    beginning = _bare(text)
    return whole if beginning and _bare(whole[: 2 * len(text) + 200]).startswith(beginning) else None


def _bare(text: str) -> str:
    """Its letters and digits alone: alike however it is marked up, and where it was cut."""
    return _BETWEEN.sub("", text).casefold()
