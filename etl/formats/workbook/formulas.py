"""The formulas of a workbook without a saved value, as programs write them that do not calculate."""

from __future__ import annotations

import re

from etl.formats.workbook.file import CONTENT, Book

_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c\s*>)", re.DOTALL)
_KIND = re.compile(rb"""\st\s*=\s*["']""")
"""Beside a formula it says that a value was saved, which may be an empty text."""
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>[^<]")


def count_unsaved(book: Book) -> int:
    """The cells of its sheets (xlsx) that hold a formula and no value."""
    parts = [sheet.part for sheet in book.sheets() if sheet.part in book.parts and sheet.part != CONTENT]
    return sum(_unsaved(row) for part in parts for row in book.rows(part) if _FORMULA.search(row))


def _unsaved(row: bytes) -> int:
    return sum(
        bool(_FORMULA.search(inner)) and not _VALUE.search(inner) and not _KIND.search(attributes)
        for attributes, inner in _CELL.findall(row)
    )
