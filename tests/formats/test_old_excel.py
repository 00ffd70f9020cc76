"""Old workbooks (xls): cells as in new ones, in whatever order programs write them; other old Office files."""

from __future__ import annotations

import io
import struct
from datetime import date
from typing import Any

import pytest
from compound_files import ole
from hypothesis import given
from hypothesis import strategies as st
from old_workbooks import record, stream, xls

from etl.formats import excel
from etl.formats.workbook.ole_file import Ole, packed
from etl.intake.foreign import why_foreign
from etl.model import Doubt, DumpError, Feed, Piece, Reject, Skip

FEED = Feed("clippings")
ROWS = [["Title", "Date", "Text"], ["Ferry", date(2026, 3, 1), "It sails."], ["Ice", date(2026, 3, 2), "It melts."]]
NUMBER, LABEL, STRING, FORMULA, CONTINUE, BOF, EOF, HLINK, MERGED = (
    0x203,
    0x204,
    0x207,
    6,
    0x3C,
    0x809,
    0x0A,
    0x1B8,
    0xE5,
)
BEGIN = struct.pack("<4H", BOF, 16, 0x600, 16)
WEB = bytes.fromhex("e0c9ea79f9bace118c8200aa004ba90b")


def pieces(data: bytes, feed: Feed = FEED) -> list[Piece]:
    """What is read: as many records and rejects as there are marks."""
    found = list(excel.read(io.BytesIO(data), feed))
    assert excel.count_marks(io.BytesIO(data), feed) == sum(isinstance(piece, dict | Reject) for piece in found)
    return found


def records(data: bytes, feed: Feed = FEED) -> list[dict[str, Any]]:
    return [piece for piece in pieces(data, feed) if isinstance(piece, dict)]


def place(row: int, column: int) -> bytes:
    """The row, column and format of a cell."""
    return struct.pack("<3H", row, column, 0)


@pytest.mark.parametrize("is_old", [False, True])
@pytest.mark.parametrize("by_column", [False, True])
def test_cells_are_read_in_whatever_order_they_were_written(is_old: bool, by_column: bool) -> None:
    found = records(xls({"T": ROWS}, is_old=is_old, by_column=by_column))
    assert [(each["headline"], each["published"], each["body"], each["position"]) for each in found] == [
        ("Ferry", "2026-03-01", "It sails.", "row 2"),
        ("Ice", "2026-03-02", "It melts.", "row 3"),
    ]


def test_a_sheet_that_goes_on_without_a_header_is_read_under_the_last_one() -> None:
    found = records(xls({"Articles": ROWS, "Articles (2)": ROWS[1:]}))
    assert [each["position"] for each in found[2:]] == ["sheet Articles (2), row 1", "sheet Articles (2), row 2"]


def test_a_sheet_of_something_else_is_skipped() -> None:
    found = pieces(xls({"Articles": ROWS, "Cover": [["Clippings of March"]]}))
    assert [piece.position for piece in found if isinstance(piece, Skip)] == ["sheet Cover, row 1"]


def test_the_long_text_of_a_formula_is_whole() -> None:
    head, tail = "Der Kapitän schweigt. " * 300, "Паром. " * 400
    parts = struct.pack("<HB", len(head + tail), 0) + head.encode("latin-1"), b"\1" + tail.encode("utf-16-le")
    result = place(1, 1) + b"\0\0\0\0\0\0\xff\xff" + bytes(10)
    cells = record(FORMULA, result) + record(STRING, parts[0]) + record(CONTINUE, parts[1])
    (found,) = records(xls({"T": [["Title", "Text"], ["Ferry"]]}, behind=cells))
    assert found["body"] == head + tail


def test_a_text_with_fonts_is_read() -> None:
    text = place(1, 1) + struct.pack("<H", 9) + b"It sails.\1\0\5"
    (found,) = records(xls({"T": [["Title", "Text"], ["Ferry"]]}, is_old=True, behind=record(0xD6, text)))
    assert found["body"] == "It sails."


def test_formulas_that_were_never_calculated_are_told() -> None:
    never = record(FORMULA, place(1, 2) + bytes(8) + b"\3\0" + bytes(6))
    *_, doubt = pieces(xls({"T": [["Title", "Text", "Page"], ["Ferry", "It sails."]]}, behind=never))
    assert isinstance(doubt, Doubt)
    assert doubt.warning.startswith("1 of its cells are formulas without a saved value")


def test_the_numbers_of_a_chart_are_no_cells() -> None:
    chart = record(BOF, struct.pack("<2H12x", 0x600, 32)) + record(NUMBER, place(0, 0) + bytes(8)) + record(EOF, b"")
    assert records(xls({"T": ROWS}, before=chart, behind=chart)) == records(xls({"T": ROWS}))


def test_a_cell_merged_downwards_holds_for_all_its_rows_and_its_address_is_kept() -> None:
    rows = [["Paper", "Title", "Text"], ["Harbour Post", "Ferry", "It sails."], [None, "Ice", "It melts."]]
    address = "https://a.example/1\0".encode("utf-16-le")
    link = struct.pack("<4H16x2I", 1, 1, 1, 1, 2, 3) + WEB + struct.pack("<I", len(address)) + address
    behind = record(MERGED, struct.pack("<5H", 1, 1, 2, 0, 0)) + record(HLINK, link)
    found = records(xls({"T": rows}, behind=behind), Feed("clippings", columns={"publication": "Paper"}))
    assert [each["publication"] for each in found] == ["Harbour Post", "Harbour Post"]
    assert [each.get("url") for each in found] == ["https://a.example/1", None]


def test_a_day_without_the_format_of_a_date_is_counted_from_1899_whatever_the_first_day_of_its_workbook() -> None:
    data = xls({"T": [["Title", "Date", "Text"], ["Ferry", 44_619, "It sails."]]})
    codepage, from_1904 = struct.pack("<3H", 0x42, 2, 1_200), struct.pack("<3H", 0x22, 2, 1)
    first, doubt = pieces(data.replace(codepage, from_1904))
    assert isinstance(first, dict)
    assert first["published"] == "46081"
    assert isinstance(doubt, Doubt)
    assert "such as 44619, which may be 2026-02-28" in doubt.warning


def test_a_number_too_large_for_a_day_is_a_number() -> None:
    large = record(NUMBER, struct.pack("<3Hd", 1, 3, 1, 1e300))
    found = pieces(xls({"T": [["Title", "Text", "Date", "N"], ["Ferry", "It sails."]]}, behind=large))
    assert isinstance(found[0], dict)
    assert found[0]["extra"] == {"N": str(int(1e300))}


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (lambda data: data[:-600], "truncated or damaged"),
        (lambda data: data[:1_000], "truncated or damaged"),
        (lambda data: data.replace(record(EOF, b""), record(0x0B, b"")), "a sheet of it does not end"),
        (lambda data: data.replace(BEGIN, b"\x0b" + BEGIN[1:]), "does not begin where it should"),
    ],
)
def test_a_torn_workbook_is_refused(broken: Any, reason: str) -> None:
    with pytest.raises(DumpError, match=reason):
        pieces(broken(xls({"T": ROWS})))


def test_a_workbook_with_a_password_is_refused_with_what_to_do() -> None:
    begin = record(BOF, struct.pack("<2H12x", 0x600, 5))
    locked = ole({"Workbook": begin + record(0x2F, b"\1\0") + stream({"T": ROWS})[len(begin) :]})
    with pytest.raises(DumpError, match="is protected by a password; save it without one"):
        pieces(locked)


OTHERS = {
    "an old Word document (doc)": ole({"WordDocument": bytes(9_000), "1Table": b"x", "MBD0001": {"Workbook": b""}}),
    "an e-mail of Outlook (msg)": ole({"__properties_version1.0": bytes(64), "__substg1.0_0037001F": b"a"}),
    "an old PowerPoint presentation (ppt)": ole({"PowerPoint Document": bytes(5_000)}),
    "an Office file with a password": ole({"EncryptionInfo": b"x", "EncryptedPackage": bytes(70_000)}),
    "an old Office file": ole({"Contents": b"x"}),
}


@pytest.mark.parametrize("what", OTHERS)
def test_other_old_office_files_are_refused_by_what_they_are(what: str) -> None:
    data = OTHERS[what]
    assert excel.recognise(data[:65_536], "list.xls") == 0
    assert what in str(why_foreign(data[:65_536], lambda: io.BytesIO(data)))
    with pytest.raises(DumpError) as refused:
        pieces(data)
    assert what in str(refused.value)


def test_a_large_workbook_is_recognised_though_its_directory_is_at_its_end() -> None:
    rows = [[f"Title {n}", None, f"Text {n}. " * 20] for n in range(300)]
    data = packed("Workbook", stream({"T": [*ROWS, *rows]}, is_old=True))
    assert len(data) > 70_000
    assert excel.recognise(data[:65_536], "") > 0
    assert len(records(data)) == 302


def test_a_stream_is_the_same_however_it_is_packed() -> None:
    for size in (1, 64, 4_095, 4_096, 100_000):
        data = bytes(range(256)) * (size // 256 + 1)
        assert Ole(ole({"Other": b"x" * 100, "Workbook": data[:size]})).stream("Workbook") == data[:size]
        assert Ole(packed("Workbook", data[:size])).stream("Workbook")[:size] == data[:size]


CELLS = st.one_of(
    st.none(),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20),
    st.integers(-(10**9), 10**9),
    st.booleans(),
)


@given(st.lists(st.lists(CELLS, max_size=5), max_size=8), st.booleans())
def test_both_counts_agree_on_any_rows(rows: list[list[Any]], by_column: bool) -> None:
    found = pieces(xls({"T": [["Title", "Text"], *rows]}, by_column=by_column))
    filled = [row for row in rows if any(not isinstance(cell, str | None) or (cell or "").strip() for cell in row)]
    assert sum(isinstance(piece, dict | Reject | Skip) for piece in found) == len(filled)
