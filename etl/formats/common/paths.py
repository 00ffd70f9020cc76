"""Values in nested objects by path: `fields.bodyText`, `authors.name`, `paragraphs.0`.

A step is the name of a field, or the number of an item from 0. A name leads into each item of a list.
"""

from __future__ import annotations

from typing import Any

ABSENT: Any = object()
"""What stands at a path that does not exist."""


def at_path(value: Any, steps: list[str]) -> Any:
    """What stands at a path in a value, a list where it leads into one; ABSENT where it leads nowhere."""
    for number, step in enumerate(steps):
        if isinstance(value, dict):
            value = value.get(step, ABSENT)
        elif isinstance(value, list | tuple) and step.isdecimal():
            value = value[int(step)] if len(step) < 10 and int(step) < len(value) else ABSENT
        elif isinstance(value, list | tuple):
            found = [item for each in value if (item := at_path(each, steps[number:])) is not ABSENT]
            return found or ABSENT
        else:
            return ABSENT
    return value


def has_path(row: dict[str, Any], path: str) -> bool:
    """Whether a row has a column of that name, or something at that path."""
    return path in row or ("." in path and at_path(row, path.split(".")) is not ABSENT)
