"""Tables that JSON holds by column, or apart from the names of their columns, as rows.

Layouts of pandas' DataFrame.to_json and to_dict: `columns` (its default), `list` and `split`, and lists below a list of
names. The others (`records`, `index`, `table`) hold objects.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from etl.formats.common.columns import known


def rows_of_table(value: dict[str, Any] | list[Any]) -> list[Any]:
    """The rows of a table; none where the value is not one."""
    if isinstance(value, list):
        return _named(value[0], value[1:]) if len(value) > 1 and isinstance(value[0], list) else []
    if isinstance(names := value.get("columns"), list) and isinstance(data := value.get("data"), list):
        return _named(names, data)
    if len(value) < 2 or not known(value)[1]:
        return []
    columns = list(value.values())
    if all(isinstance(column, dict) for column in columns):
        return _by_index(value)
    if all(isinstance(column, list) for column in columns) and len(columns[0]) > 1:
        return _transposed(value) if len({len(column) for column in columns}) == 1 else []
    return []


def are_names(values: list[Any]) -> bool:
    """Whether a list is the names of an article's columns."""
    if len(values) < 2 or not all(isinstance(value, str) for value in values):
        return False
    usual, is_of_article = known(values)
    return usual > 1 and is_of_article


def under(names: list[str], value: Any) -> Any:
    """A list of values as an object with these names; anything else as it is."""
    if isinstance(value, list) and len(value) == len(names):
        return dict(zip(names, value, strict=True))
    return value


def with_names(values: Iterator[Any]) -> Iterator[Any]:
    """The values of a list; where the first one is a list of names, those under it as objects."""
    for first in values:
        if not isinstance(first, list) or not are_names(first):
            yield first
            yield from values
        else:
            yield from (under(first, value) for value in values)


def _named(names: list[Any], data: list[Any]) -> list[Any]:
    """Lists of values under a list of names; none where no article has such names."""
    return [under(names, row) for row in data] if are_names(names) else []


def _by_index(columns: dict[str, Any]) -> list[dict[str, Any]]:
    """Columns whose values stand under the same indices, which are numbers, dates or ids."""
    first = next(iter(columns.values()))
    if not all(column.keys() == first.keys() for column in columns.values()):
        return []
    if not all(any(map(str.isdigit, index)) for index in first):
        return []
    return [{name: column[index] for name, column in columns.items()} for index in first]


def _transposed(columns: dict[str, Any]) -> list[dict[str, Any]]:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
