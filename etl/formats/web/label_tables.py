"""A page that prints its one article as a table of labels and values: Title, Author, Date, Text, each in a row."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from etl.formats.common.markup import CELLS, local_name, paragraphs
from etl.formats.common.usual_names import PLACES, fold

_LONGEST_LABEL = 40
_LEAST_SHARE = 0.6
"""Of the words that are found as the body without the labels; else the table is beside the article."""


def labelled(root: etree._Element, body: str | None) -> dict[str, str]:
    """The fields of the only table of the page that labels a headline and a body; none where there is no such table.

    In: the body as it is found without the labels. Rows with other labels, or further rows of one, are in none.
    """
    found = [fields for table in root.iter("table") if {"headline", "body"} <= set(fields := _fields(table))]
    if len(found) != 1 or len(found[0]["body"].split()) < _LEAST_SHARE * len((body or "").split()):
        return {}
    return found[0]


def _fields(table: etree._Element) -> dict[str, str]:
    fields: dict[str, str] = {}
    for label, cell in _rows(table):
        places = PLACES.get(fold(label.rstrip(":")), ())
        if places and (value := paragraphs(cell)):
            fields.setdefault(min(places, key=lambda place: place[1])[0], value)
    return fields


def _rows(table: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """The rows of two cells, of the table itself and of none within it."""
    groups = [table, *(group for group in table if local_name(group) in ("tbody", "thead", "tfoot"))]
    for row in (row for group in groups for row in group if local_name(row) == "tr"):
        cells = [cell for cell in row if local_name(cell) in CELLS]
        if len(cells) == 2 and len(label := paragraphs(cells[0])) <= _LONGEST_LABEL:
            yield label, cells[1]
