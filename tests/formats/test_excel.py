"""Workbooks: all sheets, a header that is found, cells as they are meant, and bounds on what a library holds."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_dumps import corpus, expected, samples
from workbooks import ods, packed, xlsx

from etl.formats import excel
from etl.model import Doubt, DumpError, Feed, Piece, Reject, Skip

FEED = Feed("clippings")


def pieces(data: bytes, feed: Feed = FEED) -> list[Piece]:
    """What is read: as many records and rejects as there are marks."""
    found = list(excel.read(io.BytesIO(data), feed))
    assert excel.count_marks(io.BytesIO(data), feed) == sum(isinstance(piece, dict | Reject) for piece in found)
    return found


def records(data: bytes, feed: Feed = FEED) -> list[dict[str, Any]]:
    return [piece for piece in pieces(data, feed) if isinstance(piece, dict)]


def changed(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """A workbook with another text in one of its parts."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part]
    return packed({**parts, part: parts[part].replace(old, new)})


SHEET = "xl/worksheets/sheet1.xml"
ROWS = [["Title", "Text"], ["Ferry", "It sails."], ["Ice", "It melts."]]


@pytest.mark.parametrize("sample", samples("excel"), ids=lambda path: path.name)
def test_samples(sample: Path) -> None:
    assert records(sample.read_bytes()) == expected(sample)


@pytest.mark.parametrize(
    ("file", "articles"),
    [
        ("bigkinds/test.xlsx", 31),
        ("integrum/ntv_20121201-20121231_0001-0100_0190.xlsx", 100),
        ("proquest/foreign_lang_data.xlsx", 4),
    ],
)
def test_real_workbooks(file: str, articles: int) -> None:
    data = (corpus("databases") / file).read_bytes()
    assert len(records(data)) == articles
    assert all(record["published"] and record["headline"] for record in records(data))


def test_a_sheet_without_a_header_is_skipped_and_told_where_it_is_long() -> None:
    found = pieces(xlsx({"Articles": ROWS, "Cover": [["Clippings of March"], ["word " * 100]]}))
    assert [piece.position for piece in found if isinstance(piece, Skip)] == [
        "sheet Cover, row 1",
        "sheet Cover, row 2",
    ]
    (doubt,) = (piece for piece in found if isinstance(piece, Doubt))
    assert "1 of its rows are not read (row of a sheet without articles)" in doubt.warning


def test_a_workbook_in_which_no_sheet_has_a_known_column_is_refused_with_its_names() -> None:
    with pytest.raises(DumpError, match="found Kopf, Rumpf; name them in the stanza"):
        pieces(xlsx({"Leer": [], "Blatt": [["Kopf", "Rumpf"], ["a", "b"]]}))
    with pytest.raises(DumpError, match="all its sheets are empty"):
        pieces(xlsx({"Leer": []}))


def test_the_columns_that_a_stanza_names_find_the_header() -> None:
    data = xlsx({"Blatt": [["Text", "of somebody"], ["Kopf", "Rumpf"], ["Fähre", "Sie fährt."]]})
    feed = Feed("clippings", columns={"headline": "Kopf", "body": "Rumpf"})
    (record,) = records(data, feed)
    assert (record["headline"], record["body"]) == ("Fähre", "Sie fährt.")
    with pytest.raises(DumpError, match='names the column "Titel"'):
        pieces(data, Feed("clippings", columns={"headline": "Titel"}))


@pytest.mark.parametrize("is_1904", [False, True])
def test_days_are_the_same_in_both_systems_of_dates(is_1904: bool) -> None:
    data = xlsx({"T": [["Title", "Date", "Text"], ["Ferry", date(2026, 2, 28), "It sails."]]}, is_1904=is_1904)
    assert records(data)[0]["published"] == "2026-02-28"


def test_a_long_number_is_told_because_excel_rounds_it() -> None:
    record, doubt = pieces(xlsx({"T": [["Title", "Text", "ID"], ["Ferry", "It sails.", 12345678901234567]]}))
    assert isinstance(record, dict)
    assert isinstance(doubt, Doubt)
    assert "1 of its numbers have more than 15 digits" in doubt.warning


def dated(*days: date | str) -> bytes:
    return xlsx({"T": [["Title", "Date", "Text"], *([f"Ferry {day}", day, "It sails."] for day in days)]})


@pytest.mark.parametrize("text", ["13/05/2026", "5.13.2026", "31-12-26 10:00"])
def test_dates_with_day_and_month_exchanged_are_told_and_kept(text: str) -> None:
    *found, doubt = pieces(dated(date(2026, 5, 6), date(2026, 12, 5), text))
    assert [record["published"] for record in found if isinstance(record, dict)] == ["2026-05-06", "2026-12-05", text]
    assert isinstance(doubt, Doubt)
    assert "2 of its dates have no day after the 12th, and 1 beside them are texts that do" in doubt.warning


@pytest.mark.parametrize(
    "days",
    [
        (date(2026, 5, 6), date(2026, 5, 13), "14/05/2026"),
        (date(2026, 5, 6), date(2026, 5, 7), "08/05/2026"),
        (date(2026, 5, 6), date(2026, 5, 7), "2026-05-13"),
        (date(2026, 5, 5), date(2026, 6, 6), date(2026, 5, 6), "13/05/2026"),
        (date(2026, 5, 6), date(2026, 5, 7), "32/05/2026"),
        ("13/05/2026", "14/05/2026"),
    ],
)
def test_of_other_dates_nothing_is_told(days: tuple[date | str, ...]) -> None:
    assert len(records(dated(*days))) == len(pieces(dated(*days)))


@pytest.mark.parametrize(
    ("sheets", "told"),
    [
        ([["d56", "d78"], ["13/05/2026"]], "2 of its dates have no day after the 12th, and 1 beside them are texts"),
        ([["d56", "d55"], ["d78"], ["13/05/2026"]], "2 of its dates"),
        ([["d56", "d78", "13/05/2026"], ["d2005"]], "2 of its dates"),
        ([["d56", "d78"], ["d2005", "13/05/2026"]], None),
    ],
)
def test_exchanged_dates_are_told_of_all_sheets_of_a_column(sheets: list[list[str]], told: str | None) -> None:
    days: dict[str, Any] = {"d56": date(2026, 5, 6), "d78": date(2026, 7, 8), "d55": date(2026, 5, 5)}
    days["d2005"] = date(2026, 5, 20)
    rows = [[["Title", "Date", "Text"], *(["Ferry", days.get(day, day), "It sails."] for day in own)] for own in sheets]
    doubts = [piece.warning for piece in pieces(xlsx(dict(zip("ABC", rows, strict=False)))) if isinstance(piece, Doubt)]
    assert len(doubts) == (told is not None)
    assert all(doubt.startswith(str(told)) for doubt in doubts)


@pytest.mark.parametrize(("day_0", "shift"), [("1899-12-30", 0), ("1900-01-01", 2), ("1904-01-01", 1_462)])
def test_numbers_of_libreoffice_count_from_the_day_that_it_names(day_0: str, shift: int) -> None:
    stated = f'<table:calculation-settings><table:null-date table:date-value="{day_0}"/></table:calculation-settings>'
    data = ods({"T": [["Title", "Date", "Text"], ["Ferry", 46_081 - shift, "It sails."]]})
    above = b"<office:spreadsheet>"
    record, doubt = pieces(changed(data, "content.xml", above, above + stated.encode()))
    assert isinstance(record, dict)
    assert record["published"] == "46081"
    assert isinstance(doubt, Doubt)
    assert "which may be 2026-02-28" in doubt.warning


def test_a_number_as_a_text_counts_from_1904_too_and_is_told() -> None:
    rows = [["Title", "Date", "Text"], ["Ferry", "44619", "It sails."], ["Ice", "99999", "It melts."]]
    first, second, doubt = pieces(xlsx({"T": rows}, is_1904=True))
    assert isinstance(first, dict)
    assert isinstance(second, dict)
    assert (first["published"], second["published"]) == ("46081", "99999")
    assert isinstance(doubt, Doubt)
    assert "1 of its dates are numbers" in doubt.warning


@pytest.mark.parametrize("is_1904", [False, True])
def test_a_day_without_the_format_of_a_date_stays_a_number_and_is_told_once(is_1904: bool) -> None:
    number = 46_081 - 1_462 * is_1904
    rows = [["Title", "Date", "Text"], ["Ferry", number, "It sails."], ["Ice", number + 0.5, "It melts."]]
    first, second, doubt = pieces(xlsx({"T": rows}, is_1904=is_1904))
    assert isinstance(first, dict)
    assert isinstance(second, dict)
    assert (first["published"], second["published"]) == ("46081", "46081.5")
    assert isinstance(doubt, Doubt)
    assert f"2 of its dates are numbers without the format of a date, such as {number}, which may be 2026-02-28" in (
        doubt.warning
    )


@pytest.mark.parametrize("cell", [2026, 20260228, 1_772_236_800, "20260228", date(2026, 2, 28)])
def test_of_what_is_no_number_of_a_day_nothing_is_told(cell: Any) -> None:
    (found,) = pieces(xlsx({"T": [["Title", "Date", "Text"], ["Ferry", cell, "It sails."]]}, is_1904=True))
    assert isinstance(found, dict)
    assert found["published"] == str(cell)


@pytest.mark.parametrize("text", ["x" * 32_767, "x" * 32_765 + "\U0001f6a2"])
def test_a_text_as_long_as_a_cell_is_partial_and_told(text: str) -> None:
    record, doubt = pieces(xlsx({"T": [["Title", "Text"], ["Ferry", text]]}))
    assert isinstance(record, dict)
    assert record["is_partial"] is True
    assert isinstance(doubt, Doubt)
    assert "32,767" in doubt.warning


def test_the_header_again_is_skipped_and_a_total_is_rejected() -> None:
    _, _, again, last, total = pieces(xlsx({"T": [*ROWS, ["TITLE", "Text"], ["Rain", "It falls."], ["Total", 3]]}))
    assert isinstance(again, Skip)
    assert isinstance(last, dict)
    assert isinstance(total, Reject)
    assert (total.position, "row of totals" in total.reason) == ("row 6", True)


def test_addresses_behind_cells_are_kept() -> None:
    links = {"A2": "https://a.example/1", "B2": "mailto:ann@a.example", "C2": "https://a.example/", "A3": "http://x"}
    first, second = records(
        xlsx(
            {"T": [["Title", "Text", "Paper"], ["Ferry", "It sails.", "A"], ["http://x", "It melts.", "B"]]},
            links=links,
        )
    )
    assert (first["url"], first["extra"]["link of Paper"]) == ("https://a.example/1", "https://a.example/")
    assert "url" not in second


def test_columns_without_a_name_and_of_the_same_name_are_kept() -> None:
    (record,) = records(
        xlsx({"T": [[], [None, "Title", None, "Text", "Note", "Note"], [None, "a", "b", "c", "d", "e"]]})
    )
    assert record["extra"] == {"column C": "b", "Note": "d", "Note (column F)": "e"}
    assert record["position"] == "row 3"


def test_rows_of_an_ods_that_stand_for_many_are_read_and_counted_as_many() -> None:
    data = ods({"T": ROWS})
    repeated = changed(
        data,
        "content.xml",
        b'<table:table-row><table:table-cell office:value-type="string"><text:p>Ice',
        b'<table:table-row table:number-rows-repeated="3"><table:table-cell office:value-type="string"><text:p>Ice',
    )
    blank = b'<table:table-cell table:number-columns-repeated="16384"/>'
    tail = b'<table:table-row table:number-rows-repeated="1048000">' + blank + b"</table:table-row></table:table>"
    padded = changed(repeated, "content.xml", b"</table:table>", tail)
    assert [record["headline"] for record in records(padded)] == ["Ferry", "Ice", "Ice", "Ice"]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"</sheetData>", b'<row r="900000"><c r="ZZ900000"><v>1</v></c></row></sheetData>', "more than 192 MB"),
        (b"</sheetData>", b"<row>" + b"<c/>" * 3_000 + b"</row></sheetData>", "a row of 3,000 cells"),
        (b"</sheetData>", b'<row><c t="s"><!-- --><v>0</v></c></row></sheetData>', "comments or declarations"),
        (b"<sheetData>", b"<sheetDate>", "all its sheets are empty"),
    ],
)
def test_a_workbook_that_would_take_the_memory_is_refused_unread(old: bytes, new: bytes, reason: str) -> None:
    with pytest.raises(DumpError, match=reason):
        list(excel.read(io.BytesIO(changed(xlsx({"T": ROWS}), SHEET, old, new)), FEED))


def test_a_text_that_cells_repeat_is_counted_as_often_as_it_stands_there() -> None:
    with pytest.raises(DumpError, match="more than 192 MB"):
        list(excel.read(io.BytesIO(xlsx({"T": [["Title", "Text"], *[["a", "y" * 1_000_000]] * 300]})), FEED))


def test_more_rows_than_the_bytes_of_the_file_can_hold_are_refused() -> None:
    row = b'<row><c t="s"><v>0</v></c></row>'
    data = changed(xlsx({"T": ROWS}), SHEET, b"</sheetData>", row * 20_000 + b"</sheetData>")
    with pytest.raises(DumpError, match="more than 10,000 rows"):
        list(excel.read(io.BytesIO(data), FEED))


def test_a_torn_workbook_is_refused() -> None:
    for data in (xlsx({"T": ROWS})[:-50], b"PK\x03\x04 torn", packed({"xl/other.xml": "<a/>"})):
        with pytest.raises(DumpError, match=r"ask for it again|save it as xlsx"):
            list(excel.read(io.BytesIO(data), FEED))


CELLS = st.one_of(
    st.none(),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20).filter(
        lambda text: "_x" not in text
    ),
    st.integers(-(10**9), 10**9),
    st.booleans(),
)


@given(st.lists(st.lists(CELLS, max_size=5), max_size=8), st.booleans())
def test_both_counts_agree_on_any_rows(rows: list[list[Any]], is_inline: bool) -> None:
    found = pieces(xlsx({"T": [["Title", "Text"], *rows]}, is_inline=is_inline))
    filled = [row for row in rows if any(not isinstance(cell, str | None) or (cell or "").strip() for cell in row)]
    assert sum(isinstance(piece, dict | Reject | Skip) for piece in found) == len(filled)


LIST = [
    ["Title", "Date", "Text"],
    ["Ferry", date(2026, 3, 1), "It sails."],
    ["Ice", date(2026, 3, 2), "It melts."],
]


@pytest.mark.parametrize("made", [xlsx, ods])
def test_a_sheet_that_goes_on_without_a_header_is_read_under_the_last_one(made: Callable[..., bytes]) -> None:
    more = [["Rain", date(2026, 3, 3), "It falls."], ["Fog", date(2026, 3, 4), "It lifts."]]
    found = records(made({"Articles": LIST, "Articles (2)": more}))
    assert [(record["headline"], record["published"]) for record in found[2:]] == [
        ("Rain", "2026-03-03"),
        ("Fog", "2026-03-04"),
    ]
    assert found[2]["position"] == "sheet Articles (2), row 1"


@pytest.mark.parametrize(
    "other",
    [
        [["Rain", "on Tuesday", "It falls."]],
        [["Kopf", "Tag", "Rumpf"], ["Rain", date(2026, 3, 3), "It falls."]],
    ],
)
def test_a_sheet_of_other_columns_is_not_read_and_told_with_what_to_do(other: list[list[Any]]) -> None:
    *found, doubt = pieces(xlsx({"Articles": LIST, "Other": other}))
    assert sum(isinstance(piece, dict) for piece in found) == 2
    assert isinstance(doubt, Doubt)
    assert "put a header with the names of their columns above them" in doubt.warning


def test_a_line_break_in_a_cell_of_an_ods_parts_its_words() -> None:
    old, new = b"It sails.", b"It sails.<text:line-break/>Every day."
    found = records(changed(ods({"T": ROWS}), "content.xml", old, new))
    assert [record["body"] for record in found] == ["It sails.\nEvery day.", "It melts."]


def test_a_cell_that_is_merged_downwards_holds_for_all_its_rows() -> None:
    rows = [["Paper", "Title", "Text", "Note"], ["Harbour Post", "Ferry", "It sails."], [None, "Ice", "It melts."]]
    rows += [[None, None, None, "seen"], [None, "Rain", "It falls."]]
    data = xlsx({"T": rows})
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A2:A4"/></mergeCells>'
    found = records(changed(data, SHEET, b"</sheetData>", merged), Feed("clippings", columns={"publication": "Paper"}))
    assert [record.get("publication") for record in found] == ["Harbour Post", "Harbour Post", None]


def test_formulas_without_a_saved_value_are_told() -> None:
    cells = b'<row r="4"><c r="A4"><f>A3</f><v/></c><c r="B4" t="str"><f>B3</f><v>It falls.</v></c>'
    cells += b'<c r="C4" t="str"><f>""</f><v></v></c></row></sheetData>'
    *found, doubt = pieces(changed(xlsx({"T": ROWS}), SHEET, b"</sheetData>", cells))
    assert [piece["body"] for piece in found if isinstance(piece, dict)] == ["It sails.", "It melts.", "It falls."]
    assert isinstance(doubt, Doubt)
    assert doubt.warning.startswith("1 of its cells are formulas without a saved value")
