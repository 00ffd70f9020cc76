"""The columns of a sheet: its header, names for cells without one, the addresses behind cells as columns,
and cells that are merged downwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from etl.formats.common.usual_names import CANDIDATES, is_usual, usual_name

LINK = "link"
"""The column of addresses that are the articles', if no other column has them."""

Links = Sequence[tuple[int, dict[int, str]]]
"""Columns with addresses behind their cells: the number of the column, and row -> address."""


def names_of(header: Sequence[str], left: int = 0) -> list[str]:
    """The names of columns, of which the first is number `left` of the sheet. One without a name is called by its
    letters, and of two with one name that means nothing here the second is, too: both are kept."""
    seen: Counter[str] = Counter()
    names = []
    for number, name in enumerate(header, left):
        name = " ".join(name.split())
        seen[name] += 1
        if not name:
            name = f"column {letters(number)}"
        elif seen[name] > 1 and not is_usual(name):
            name = f"{name} (column {letters(number)})"
        names.append(name)
    return names


def ordered(links: dict[int, dict[int, str]], names: Sequence[str]) -> Links:
    """The columns with addresses: that of a headline first, for its address is most surely the article's."""
    inside = {column: rows for column, rows in links.items() if 0 <= column < len(names)}
    return sorted(inside.items(), key=lambda each: (usual_name(names[each[0]]) not in CANDIDATES["headline"], each[0]))


def link_names(links: Links, names: Sequence[str]) -> list[str]:
    """The names of the columns of addresses."""
    return [f"{LINK} of {names[column]}" if at else LINK for at, (column, _) in enumerate(links)]


def with_links(values: list[Any], row: int, links: Links) -> list[Any]:
    """A row with the addresses behind its cells as further cells; not one that its cell shows."""
    if not links:
        return values
    addresses = ((values[column], rows.get(row)) for column, rows in links)
    return [*values, *(address if address != shown else None for shown, address in addresses)]


Place = tuple[int, int]
"""Row and column, both numbers from 0."""


def held_down(
    rows: Iterable[tuple[int, list[Any]]], merged: Iterable[tuple[Place, Place]], own: Collection[int]
) -> Iterator[tuple[int, list[Any]]]:
    """Rows in which a cell that is merged downwards holds for all its rows, of the first of these on. `own`: the
    columns of headline and body: a row that has nothing of its own in them goes on with the article above it."""
    starts: dict[int, list[tuple[int, int]]] = {}
    for (top, column), (bottom, _) in merged:
        if bottom > top:
            starts.setdefault(top, []).append((column, bottom))
    held: dict[int, tuple[int, Any]] = {}
    for number, row in rows:
        has_own = any(row[column] is not None for column in own)
        for column, bottom in starts.get(number, ()):
            held[column] = bottom, row[column]
        for column, (bottom, value) in held.items():
            if has_own and number <= bottom and row[column] is None:
                row[column] = value
        yield number, row


def letters(column: int) -> str:
    """The letters of a column by its number from 0: `AA` is 26."""
    return (letters(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)
