"""The same rows in a workbook of today, an old one and one of LibreOffice: the same pieces, and as many by both counts.

The rows look like what stands around articles: headers that come again, totals, truths, figures, days as texts.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from old_workbooks import xls
from workbooks import ods, xlsx

from etl.formats import excel
from etl.model import DumpError, Feed, Piece, Reject

FEED = Feed("clippings")
MADE = pytest.mark.parametrize("made", [xlsx, xls, ods])
CELLS = st.sampled_from(
    [
        *["Title", "title ", "Text", "Date", "Total", "True", "FALSE", "1", "0", "2026-03-01", "It sails.", " "],
        *[None, True, False, 0, 1, 45_000, 1.5, date(2026, 3, 1)],
    ]
)
SHEETS = st.lists(st.lists(st.lists(CELLS, max_size=4), max_size=4), min_size=1, max_size=3)
HEADER = ["Title", "Date", "Text", "Read"]


def pieces(data: bytes) -> list[Piece] | str:
    """What is read, as many records and rejects as are counted; or why nothing is."""
    try:
        found = list(excel.read(io.BytesIO(data), FEED))
    except DumpError as error:
        return str(error)
    assert excel.count_marks(io.BytesIO(data), FEED) == sum(isinstance(piece, dict | Reject) for piece in found)
    return found


@given(SHEETS)
def test_rows_that_look_like_others_are_the_same_in_every_workbook(sheets: list[list[list[Any]]]) -> None:
    rows = {f"S{at}": [*([HEADER] if at == 0 else []), *rows] for at, rows in enumerate(sheets)}
    assert pieces(xlsx(rows)) == pieces(xls(rows))


@MADE
def test_truths_are_no_figures_in_either_count(made: Callable[..., bytes]) -> None:
    first = [HEADER, ["Ferry", date(2026, 3, 1), "It sails.", True], ["Ice", date(2026, 3, 2), "It melts.", False]]
    more = [["Rain", date(2026, 3, 3), "It falls.", "yes"], ["Fog", date(2026, 3, 4), "It lifts.", "no"]]
    assert len(pieces(made({"A": first, "B": more}))) == 4


@pytest.mark.parametrize("made", [xlsx, xls])
def test_a_day_is_not_the_text_of_it_in_a_header(made: Callable[..., bytes]) -> None:
    day = date(2026, 3, 1)
    assert len(pieces(made({"A": [["Title", "Text", day.isoformat()], ["Title", "Text", day]]}))) == 1
