"""Several tables in one sheet or page: another header below the first, rows before any, what is above a header."""

from __future__ import annotations

import io
from collections.abc import Callable
from html import escape
from typing import Any

import pytest
from old_workbooks import xls
from workbooks import ods, xlsx

from etl.formats import excel, html_table
from etl.model import Doubt, Feed, Piece, Reject

FEED = Feed("clippings")
Sheets = dict[str, list[list[Any]]]


def page(sheets: Sheets) -> bytes:
    """The sheets as the tables of a page."""
    cells = {
        name: "".join(
            "<tr>" + "".join(f"<td>{escape(str('' if cell is None else cell))}</td>" for cell in row) + "</tr>"
            for row in rows
        )
        for name, rows in sheets.items()
    }
    return "".join(f"<table>{rows}</table>" for rows in cells.values()).encode()


MADE = pytest.mark.parametrize("made", [xlsx, xls, ods, page])


def pieces(made: Callable[[Sheets], bytes], sheets: Sheets, feed: Feed = FEED) -> list[Piece]:
    """What is read: as many records and rejects as there are marks."""
    data, reader = made(sheets), html_table if made is page else excel
    found = list(reader.read(io.BytesIO(data), feed))
    assert reader.count_marks(io.BytesIO(data), feed) == sum(isinstance(piece, dict | Reject) for piece in found)
    return found


def told(found: list[Piece]) -> list[str]:
    return [piece.warning for piece in found if isinstance(piece, Doubt)]


FIRST = [["Headline", "Text", "Date"], ["Ferry", "It sails.", "2026-03-01"], ["Ice", "It melts.", "2026-03-02"]]


@MADE
@pytest.mark.parametrize(
    ("header", "row"),
    [
        (["Date", "Headline", "Text"], ["2026-03-03", "Fog", "It lifts."]),
        (["Title", "Body", "Published"], ["Fog", "It lifts.", "2026-03-03"]),
        (["Headline", "Author", "Text", "Date"], ["Fog", "Mara Lind", "It lifts.", "2026-03-03"]),
        (["Headline", "Desk", "Text", "Date"], ["Fog", "Local", "It lifts.", "2026-03-03"]),
    ],
)
def test_rows_below_another_header_are_read_by_it(
    made: Callable[[Sheets], bytes], header: list[str], row: list[str]
) -> None:
    found = pieces(made, {"March": [*FIRST, ["", "", ""], header, row, header, row, *FIRST]})
    records = [(p["headline"], p["body"], p["published"]) for p in found if isinstance(p, dict)]
    first = [("Ferry", "It sails.", "2026-03-01"), ("Ice", "It melts.", "2026-03-02")]
    assert records == [*first, *[("Fog", "It lifts.", "2026-03-03")] * 2, *first]
    rejects = [piece.reason for piece in found if isinstance(piece, Reject)]
    assert [reason.split(";")[0] for reason in rejects] == [
        f"is the header of another table, with {', '.join(names)}" for names in (header, FIRST[0])
    ]


MAY = [["Rain", "It falls.", "2026-05-01"], ["Snow", "It drifts."], ["Wind", "It blows.", "2026-05-03"]]


@MADE
def test_rows_without_a_header_are_told_before_the_list_as_behind_it(made: Callable[[Sheets], bytes]) -> None:
    april = [["Headline", "Text", "Date"], ["Ferry", "It sails.", "2026-04-01"], ["Ice", "It melts."]]
    for sheets in ({"May": MAY, "April": april}, {"April": april, "May": MAY}):
        (warning,) = told(pieces(made, sheets))
        assert warning.startswith("3 of its rows are not read (row of a sheet without articles)")
        assert "with 11 words in all" in warning


@MADE
def test_labels_before_the_list_are_not_told(made: Callable[[Sheets], bytes]) -> None:
    assert told(pieces(made, {"About": [["Made by", "Mara Lind"], ["On", "2026-03-04"]], "March": FIRST})) == []


@MADE
def test_marks_beside_the_names_of_columns_do_not_hide_them(made: Callable[[Sheets], bytes]) -> None:
    header = ["Headline ▲", "*Text", "Date ↓", "⇅ Source", "Section\u200b", "Page *"]
    found = pieces(made, {"March": [header, ["Ferry", "It sails.", "2026-03-01", "Valley Wire", "Local", "4"]]})
    (record,) = (piece for piece in found if isinstance(piece, dict))
    assert {name: record.get(name) for name in ("headline", "body", "published", "publication", "section", "page")} == {
        "headline": "Ferry", "body": "It sails.", "published": "2026-03-01", "publication": "Valley Wire",
        "section": "Local", "page": "4",
    }  # fmt: skip


@MADE
@pytest.mark.parametrize(
    "above",
    [
        [["Title", "Press review of March"], ["Date", "2026-03-31"]],
        [["Title", "Press review of March"], ["for", "the harbour"], ["Clippings"]],
        [["Article", "", "Publication"]],
        [["Clippings"], ["Article", "", "Publication"]],
    ],
)
def test_labels_and_groups_above_the_header_are_not_the_header(
    made: Callable[[Sheets], bytes], above: list[list[str]]
) -> None:
    found = pieces(made, {"March": [*above, *FIRST]})
    assert [(p["headline"], p["body"]) for p in found if isinstance(p, dict)] == [
        ("Ferry", "It sails."), ("Ice", "It melts."),
    ]  # fmt: skip
    assert not [piece for piece in found if isinstance(piece, Reject)]


@MADE
def test_a_list_with_one_known_column_keeps_its_header(made: Callable[[Sheets], bytes]) -> None:
    rows = [["Title", "Rumpf"], ["Ferry", "It sails."], ["Ice", "It melts.", "wet"]]
    assert len(pieces(made, {"March": rows})) == 2
