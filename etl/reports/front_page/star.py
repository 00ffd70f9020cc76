"""The star diagram: the fact in the middle, what it refers to on the left, what refers to it on the right.

Tables and keys come from the catalogue: a column whose comment ends in `see <table>` refers to that table, and a table
whose key is one column of a key of the fact is joined to the fact by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from etl.warehouse.catalogue import Table

FACT = "news.fact_article"

BOX_WIDTH, BOX_HEIGHT, GAP = 226, 46, 14
BETWEEN = 64
LINE_HEIGHT = 17


@dataclass(frozen=True)
class Link:
    """A table that refers to another by a column."""

    source: str
    column: str
    target: str


@dataclass(frozen=True)
class Branch:
    """A table that is joined to the fact by a column, and those that are joined to it in turn."""

    table: str
    column: str
    branches: tuple[Branch, ...] = ()


@dataclass(frozen=True)
class Star:
    """The fact, the tables that it refers to, and those that refer to it."""

    fact: Table
    dimensions: tuple[Branch, ...]
    satellites: tuple[Branch, ...]


@dataclass(frozen=True)
class Box:
    """A table in the drawing: where it is, and by which column it is joined."""

    table: str
    column: str
    x: int
    y: float
    """The middle of the box."""

    @property
    def top(self) -> float:
        return self.y - BOX_HEIGHT / 2


@dataclass(frozen=True)
class Drawing:
    """The diagram in numbers, for the template: boxes, the curves between them, and the fact with its own columns."""

    width: int
    height: float
    boxes: tuple[Box, ...]
    curves: tuple[str, ...]
    fact_x: int
    columns: tuple[str, ...]
    columns_left_out: int
    box_width: int = BOX_WIDTH
    box_height: int = BOX_HEIGHT
    line_height: int = LINE_HEIGHT


def star_of(tables: dict[str, Table]) -> Star:
    """The star of the catalogue."""
    fact = tables[FACT]
    links = [link for table in tables.values() if table.kind == "table" for link in _links(table, fact)]
    dimensions = [Branch(link.target, link.column) for link in links if link.source == FACT]
    direct = {branch.table for branch in dimensions} | {FACT}
    satellites = [
        Branch(
            link.source,
            link.column,
            tuple(
                Branch(further.target, further.column)
                for further in links
                if further.source == link.source and further.target.startswith("news.")
                if further.target not in direct
            ),
        )
        for link in links
        if link.target == FACT and link.source.startswith("news.")
    ]
    return Star(fact, tuple(dimensions), tuple(satellites))


def _links(table: Table, fact: Table) -> Iterable[Link]:
    own = [column for column in table.columns if column.references and column.references != table.full_name]
    yield from (Link(table.full_name, column.name, column.references or "") for column in own)
    if table is not fact and not any(column.references == fact.full_name for column in own):
        of_fact = {name for key in fact.keys for name in key}
        single = [key[0] for key in table.keys if len(key) == 1]
        yield from (Link(table.full_name, name, fact.full_name) for name in single if name in of_fact)


def drawing(of: Star) -> Drawing:
    """The star with a place for every box: four columns, each spread evenly over the height of the longest."""
    further = [(branch, inner) for branch in of.satellites for inner in branch.branches]
    longest = max(len(of.dimensions), len(of.satellites), len(further), 3)
    height = longest * (BOX_HEIGHT + GAP) - GAP
    step = BOX_WIDTH + BETWEEN
    left = _column(of.dimensions, 0, height)
    right = _column(of.satellites, 2 * step, height)
    by_table = {box.table: box for box in right}
    far = tuple(Box(inner.table, inner.column, 3 * step, by_table[branch.table].y) for branch, inner in further)
    own = [column.name for column in of.fact.columns if not column.references]
    fitting = int((height - 60) // LINE_HEIGHT)
    curves = [
        *(_curve(BOX_WIDTH, box.y, step, _at_fact(place, left, height)) for place, box in enumerate(left)),
        *(_curve(step + BOX_WIDTH, _at_fact(place, right, height), 2 * step, box.y) for place, box in enumerate(right)),
        *(_curve(2 * step + BOX_WIDTH, box.y, 3 * step, box.y) for box in far),
    ]
    return Drawing(
        width=(4 if far else 3) * step - BETWEEN,
        height=height,
        boxes=(*left, *right, *far),
        curves=tuple(curves),
        fact_x=step,
        columns=tuple(own[:fitting]),
        columns_left_out=max(0, len(own) - fitting),
    )


def _column(branches: tuple[Branch, ...], x: int, height: float) -> tuple[Box, ...]:
    """Boxes one above the other."""
    room = height / max(len(branches), 1)
    return tuple(Box(branch.table, branch.column, x, (place + 0.5) * room) for place, branch in enumerate(branches))


def _at_fact(place: int, boxes: tuple[Box, ...], height: float) -> float:
    """Where the curve of a box meets the side of the fact: closer to its middle than the box is."""
    return height / 2 + ((place + 0.5) / len(boxes) - 0.5) * height * 0.7


def _curve(x: float, y: float, to_x: float, to_y: float) -> str:
    middle = (x + to_x) / 2
    return f"M{x:g},{y:g}C{middle:g},{y:g} {middle:g},{to_y:g} {to_x:g},{to_y:g}"
