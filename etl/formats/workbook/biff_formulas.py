"""The formulas of an old Excel workbook that were never calculated, as programs write them that cannot."""

from __future__ import annotations

from etl.formats.workbook.biff_records import FORMULA, Globals, records

_LATER = 0b11
"""It is calculated when the workbook is opened."""


def count_unsaved(stream: bytes, book: Globals) -> int:
    """The cells that hold a formula, to be calculated later, and zero."""
    return sum(
        record.data[6:14] == bytes(8) and bool(record.data[14:15]) and record.data[14] & _LATER > 0
        for sheet in book.sheets
        for record in records(stream, sheet.start, (FORMULA,))
    )
