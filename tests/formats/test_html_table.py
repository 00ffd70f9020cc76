"""Tables in HTML that portals name .xls: a row is an article, a page around a table is not one."""

from __future__ import annotations

import html as escapes
import io
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_dumps import expected, samples

from etl import formats
from etl.formats import html, html_table
from etl.model import Doubt, DumpError, Feed, Piece, Reject, Skip

FEED = Feed("portal")
HEADER = "<tr><th>Title</th><th>Date</th><th>Text</th></tr>"


def pieces(page: str | bytes, feed: Feed = FEED) -> list[Piece]:
    """What is read: as many records and rejects as there are marks."""
    data = page.encode() if isinstance(page, str) else page
    found = list(html_table.read(io.BytesIO(data), feed))
    assert html_table.count_marks(io.BytesIO(data), feed) == sum(isinstance(piece, dict | Reject) for piece in found)
    return found


def records(page: str | bytes, feed: Feed = FEED) -> list[dict[str, Any]]:
    return [piece for piece in pieces(page, feed) if isinstance(piece, dict)]


def row(number: int) -> str:
    return f"<tr><td>Title {number}</td><td>2026-03-{number % 28 + 1:02}</td><td>The text of number {number}.</td></tr>"


@pytest.mark.parametrize("sample", samples("html_table"), ids=lambda path: path.name)
def test_samples(sample: Path) -> None:
    assert records(sample.read_bytes()) == expected(sample)


@pytest.mark.parametrize(
    "page",
    [
        f"<html><body><p>{'An article around a table. ' * 30}</p><table>{HEADER}{row(1)}</table></body></html>",
        f"<html><body><table>{HEADER}{row(1)}</table><p>{'An article below a table. ' * 30}</p></body></html>",
        f"<html><body><table><tr><td>{'A page of tables. ' * 9}<table>{HEADER}{row(1)}</table></td></tr></table>",
        "<html><body><table><tr><th>Name</th><th>Age</th></tr><tr><td>Bo</td><td>40</td></tr></table></body></html>",
        "<html><body><table><tr><td>Title</td><td>Ferry</td></tr><tr><td>Text</td><td>It sails.</td></tr></table>",
        f"<html><body><table>{HEADER}</table></body></html>",
        f'<html><head><meta property="og:type" content="article"></head><body><table>{HEADER}{row(1)}</table></body>',
        f'<html><head><script>{{"@type": "NewsArticle"}}</script></head><body><table>{HEADER}{row(1)}</table></body>',
    ],
)
def test_a_page_that_is_no_list_is_a_page(page: str) -> None:
    assert html_table.recognise(page.encode(), "list.xls") == 0


def test_a_page_with_a_heading_of_its_own_is_a_list_only_by_the_name_of_a_workbook() -> None:
    page = f"<html><body><h1>Recipes</h1><table>{HEADER}{row(1)}{row(2)}</table></body></html>".encode()
    assert html_table.recognise(page, "recipes.html") == 0
    assert html_table.recognise(page, "export.xls") > 0


def test_a_page_that_wrongly_states_utf_8_is_read_as_what_it_is() -> None:
    page = (
        f'<html><head><meta charset="utf-8"></head><body><table>{HEADER}{row(1).replace("Title", "Größe Köln")}</table>'
    )
    assert records(page.encode("cp1252"))[0]["headline"] == "Größe Köln 1"


@pytest.mark.parametrize(
    "start", ["<table>", "<html><body><h3>Export</h3><table>", "\ufeff<!DOCTYPE html><html><table>"]
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_a_list_is_recognised_in_whatever_way_it_begins(start: str, codec: str) -> None:
    page = f"{start}{HEADER}{row(1)}{row(2)}</table>".encode(codec)
    assert formats.recognise(page, "") == "html_table"
    assert [record["headline"] for record in records(page)] == ["Title 1", "Title 2"]


def test_tags_that_are_left_out_or_written_otherwise_are_understood() -> None:
    page = "<TABLE><TR><TH>Title<TH>Text<TR><TD>Ferry<TD>It sails.<TR><TD>Ice<TD>It melts.</TABLE>"
    assert [(record["headline"], record["body"]) for record in records(page)] == [
        ("Ferry", "It sails."),
        ("Ice", "It melts."),
    ]


def test_cells_that_span_rows_and_columns_keep_the_others_in_their_columns() -> None:
    page = (
        "<table><tr><th>Source</th><th>Title</th><th>Text</th><th>Page</th></tr>"
        "<tr><td rowspan=3>Post</td><td>Ferry</td><td>It sails.</td><td rowspan='2'>4</td></tr>"
        "<tr><td>Ice</td><td>It melts.</td></tr><tr><td colspan=2>Rain</td><td>5</td></tr>"
        "<tr><td>Wire</td><td>Fog</td><td>It lifts.</td></tr></table>"
    )
    found = [(each["publication"], each["headline"], each.get("body"), each.get("page")) for each in records(page)]
    assert found == [
        ("Post", "Ferry", "It sails.", "4"),
        ("Post", "Ice", "It melts.", "4"),
        ("Post", "Rain", None, "5"),
        ("Wire", "Fog", "It lifts.", None),
    ]


def test_a_row_with_more_cells_than_the_header_is_rejected() -> None:
    _, wide, last = pieces(f"<table>{HEADER}{row(1)}<tr><td>a</td><td>b</td><td>c</td><td>d</td></tr>{row(2)}</table>")
    assert isinstance(wide, Reject)
    assert (wide.position, wide.reason) == ("table 1, row 3", "the row has 4 cells; expected 3: Title, Date, Text")
    assert isinstance(last, dict)


def test_a_table_of_something_else_is_skipped_and_told_where_it_is_long() -> None:
    *_, skip, doubt = pieces(f"<table>{HEADER}{row(1)}</table><table><tr><td>{'word ' * 100}</td></tr></table>")
    assert isinstance(skip, Skip)
    assert skip.position == "table 2, row 1"
    assert isinstance(doubt, Doubt)


@pytest.mark.parametrize("page", ["", "  ", "<", "<table>", "<html></html>"])
def test_a_page_without_a_row_is_refused(page: str) -> None:
    with pytest.raises(DumpError, match="all its sheets are empty, or it has none"):
        pieces(page)


def test_a_list_of_which_no_column_is_known_is_refused_with_its_names() -> None:
    page = "<table><tr><td>Kopf</td><td>Rumpf</td></tr><tr><td>Eis</td><td>Es taut.</td></tr></table>"
    with pytest.raises(DumpError, match="found Kopf, Rumpf; name them in the stanza"):
        pieces(page)
    (record,) = records(page, Feed("portal", columns={"headline": "Kopf", "body": "Rumpf"}))
    assert record["body"] == "Es taut."


def test_a_row_longer_than_any_article_and_one_nested_too_deep_are_refused() -> None:
    for cell, reason in (("word " * 1_000_000, "more than 4 MB"), ("<div>" * 3_000, "nested so deep")):
        with pytest.raises(DumpError, match=reason):
            list(html_table.read(io.BytesIO(f"<table>{HEADER}<tr><td>{cell}".encode()), FEED))


def test_a_long_list_is_read_in_bounded_memory() -> None:
    page = f"<table>{HEADER}{''.join(map(row, range(20_000)))}</table>".encode()
    tracemalloc.start()
    assert sum(isinstance(piece, dict) for piece in html_table.read(io.BytesIO(page), FEED)) == 20_000
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 3_000_000


def test_an_article_whose_text_is_in_the_row_below_is_rejected_with_that_row() -> None:
    title, text, last = pieces(
        f"<table>{HEADER}<tr><td>Ice</td><td>2026-03-01</td></tr><tr><td colspan=3>It melts.</td></tr>{row(2)}</table>"
    )
    assert isinstance(title, Reject) and isinstance(text, Reject)
    assert "the row below has one cell only, which may be it; put all of an article in one row" in title.reason
    assert "has one cell only, below a row with 2: it may be the rest of the article above" in text.reason
    assert (title.piece, text.piece) == (b"Ice\t2026-03-01", b"It melts.")
    assert isinstance(last, dict)


def test_a_text_that_goes_on_in_further_rows_is_partial_and_they_are_rejected() -> None:
    more = "<tr><td></td><td></td><td>And more of it.</td></tr>"
    first, *rest, last = pieces(f"<table>{HEADER}{row(1)}{more}{more}{row(2)}</table>")
    assert isinstance(first, dict) and isinstance(last, dict)
    assert (first["is_partial"], "is_partial" in last) == (True, False)
    assert [piece.position for piece in rest if isinstance(piece, Reject)] == ["table 1, row 3", "table 1, row 4"]


def test_a_heading_or_note_below_an_article_is_no_article_and_changes_none() -> None:
    first, note = pieces(f"<table>{HEADER}{row(1)}<tr><td colspan=3>All rights</td></tr></table>")
    assert isinstance(first, dict) and isinstance(note, Reject)
    assert "is_partial" not in first


@pytest.mark.parametrize(("words", "is_kept"), [(2, True), (40, False)])
def test_in_a_list_without_texts_only_a_long_row_below_an_article_may_be_its_text(words: int, is_kept: bool) -> None:
    header = "<tr><th>Title</th><th>Date</th><th>Source</th></tr>"
    article, below = pieces(
        f"<table>{header}<tr><td>Ferry</td><td>2026-03-01</td><td>Post</td></tr>"
        f"<tr><td colspan=3>{'Ice ' * words}</td></tr></table>"
    )
    assert isinstance(article, dict) is is_kept
    assert isinstance(below, Reject)


def test_a_list_of_headlines_alone_is_a_list() -> None:
    page = f"<table>{HEADER}<tr><td>Ferry</td></tr><tr><td>Ice</td></tr></table>"
    assert [record["headline"] for record in records(page)] == ["Ferry", "Ice"]


@pytest.mark.parametrize(
    "cell",
    [
        "<td><pre>It sails.\r\nIt lands.</pre></td>",
        "<td>It sails.<br>It lands.</td>",
        '<td>It sails.<br style="mso-data-placement:same-cell" />\nIt lands.</td>',
        '<td style="color: red; white-space:pre-wrap">It sails.\nIt lands.</td>',
        '<td><div style="WHITE-SPACE: pre-line">It sails.\nIt lands.</div></td>',
        '</tr><tr style="white-space: pre"><td>Ferry</td><td></td><td>It sails.\nIt lands.</td>',
    ],
)
def test_line_ends_that_the_page_shows_are_kept(cell: str) -> None:
    *_, record = records(f"<table>{HEADER}<tr><td>Ferry</td><td></td>{cell}</tr></table>")
    assert [line for line in record["body"].split("\n") if line] == ["It sails.", "It lands."]


def test_line_ends_of_the_source_that_the_page_does_not_show_are_blanks() -> None:
    tab = '<span style="white-space:pre">\t</span>'
    (record,) = records(f"<table>{HEADER}<tr><td>Ferry</td><td></td><td>It\nsails.{tab}It lands.</td></tr></table>")
    assert record["body"] == "It sails. It lands."


LISTED = f"<table>{HEADER}{row(1)}{row(2)}</table>"


@pytest.mark.parametrize(
    "page",
    [
        f"<table><tr><td>{LISTED}</td></tr></table>",
        f"<table><tr><td>The portal</td></tr><tr><td>Menu</td><td>{LISTED}</td></tr><tr><td>Rights</td></tr></table>",
        f"<table><tbody><tr><td><table><tr><td>{LISTED}</td></tr></table></td></tr></tbody></table>",
    ],
)
def test_a_list_within_a_table_that_lays_out_the_page_is_read(page: str) -> None:
    data = f"<html><body>{page}</body></html>".encode()
    assert formats.recognise(data, "export.xls") == "html_table"
    found = pieces(data)
    assert [piece["headline"] for piece in found if isinstance(piece, dict)] == ["Title 1", "Title 2"]
    beside = " ".join(piece.text for piece in found if isinstance(piece, Skip)).split()
    assert beside == (["The", "portal", "Menu", "Rights"] if "Menu" in page else [])


def test_a_table_within_a_cell_of_a_list_is_part_of_its_text() -> None:
    inner = f"<table>{HEADER}<tr><td>Ebb</td><td>04:12</td><td>Low</td></tr></table>"
    (record,) = records(f"<table>{HEADER}<tr><td>Tides</td><td>2026-03-01</td><td>At noon. {inner}</td></tr></table>")
    assert record["headline"] == "Tides"
    assert record["body"].split() == ["At", "noon.", "Title", "Date", "Text", "Ebb", "04:12", "Low"]


WHOLE = f"<html><body><table>{HEADER}{row(1)}{row(2)}"


@pytest.mark.parametrize(
    ("end", "records_left", "rejected"),
    [
        ("</table></body></html>", 2, 0),
        ("</TABLE>", 2, 0),
        ("<tr><td>Title 3</td><td>2026-03-03</td><td>The text of num", 2, 1),
        ("<tr><td>Title 3</td><td>2026-0", 2, 1),
        ("<tr><td>", 2, 0),
        ("", 2, 0),
    ],
)
def test_a_page_that_breaks_off_in_a_table_is_told_and_its_broken_row_rejected(
    end: str, records_left: int, rejected: int
) -> None:
    found = pieces(WHOLE + end)
    assert sum(isinstance(piece, dict) for piece in found) == records_left
    assert [piece.position for piece in found if isinstance(piece, Reject)] == ["table 1, row 4"] * rejected
    doubts = [piece.warning for piece in found if isinstance(piece, Doubt)]
    assert [each.startswith("breaks off in a table") for each in doubts] == ([] if "/t" in end[:3].lower() else [True])


def test_a_long_page_that_breaks_off_loses_its_last_row_alone() -> None:
    page = f"<table>{HEADER}{''.join(map(row, range(2_000)))}".removesuffix("</td></tr>")
    *found, broken, doubt = pieces(page)
    assert len(found) == 1_999
    assert isinstance(broken, Reject)
    assert broken.position == "table 1, row 2001"
    assert isinstance(doubt, Doubt)


def test_rows_without_end_tags_in_a_table_without_one_are_told_but_read() -> None:
    *found, doubt = pieces("<table><tr><th>Title<th>Text<tr><td>Ferry<td>It sails.<tr><td>Ice<td>It melts.")
    assert all(isinstance(piece, dict) for piece in found)
    assert isinstance(doubt, Doubt)


def test_what_stands_beside_the_tables_is_told() -> None:
    page = (
        f"<html><head><title>List</title></head><body><h3>3 March</h3><table><caption>Ferries</caption>{HEADER}"
        f"<tbody>{row(1)}</tbody></table>2 of 5 articles<table>{HEADER}{row(2)}</table><p>All rights</p></body></html>"
    )
    first, second, skip = pieces(page)
    assert isinstance(first, dict) and isinstance(second, dict)
    assert isinstance(skip, Skip)
    assert sorted(skip.text.split("\n\n")) == ["2 of 5 articles", "3 March", "All rights", "Ferries"]


def test_a_text_beside_the_tables_that_is_as_long_as_an_article_is_a_warning() -> None:
    *_, skip, doubt = pieces(f"<p>{'word ' * 100}</p><p>Short.</p><table>{HEADER}{row(1)}</table>")
    assert isinstance(skip, Skip)
    assert isinstance(doubt, Doubt)
    assert doubt.warning.startswith("1 of its paragraphs stand beside its tables")


CELLS = st.one_of(st.just(""), st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20))


@given(st.lists(st.lists(st.tuples(CELLS, st.integers(1, 3), st.integers(1, 3)), max_size=4), max_size=6))
def test_both_counts_agree_on_any_rows(rows: list[list[tuple[str, int, int]]]) -> None:
    cells = [
        "".join(f"<td rowspan={down} colspan='{over}'>{escapes.escape(text)}</td>" for text, down, over in each)
        for each in rows
    ]
    pieces(f"<table>{HEADER}{''.join(f'<tr>{each}</tr>' for each in cells)}</table>")


def test_rows_behind_a_tag_that_ends_the_table_too_early_are_counted_as_they_are_read() -> None:
    page = f"<html><body><table>{HEADER}{row(1)}{row(2)}</table>{row(3)}{row(4)}</table></body></html>"
    assert [record["headline"] for record in records(page)] == ["Title 1", "Title 2", "Title 3", "Title 4"]
    assert html_table.recognise(page.encode(), "list.xls") > 0


def test_a_list_with_another_header_below_the_first_is_recognised() -> None:
    other = "<tr><td>Title</td><td>Author</td><td>Date</td><td>Text</td></tr>"
    wide = "<tr><td>Ferry</td><td>Mara Lind</td><td>2026-03-01</td><td>It sails.</td></tr>"
    page = f"<html><body><table>{HEADER}{row(1)}{other}{wide * 9}</table></body></html>"
    assert html_table.recognise(page.encode(), "list.xls") > 0


def test_a_page_of_a_list_and_more_is_refused_with_the_name_of_the_format_that_reads_the_list() -> None:
    words = ["council", "market", "engine", "night", "harbour", "river", "school", "storm", "vote", "ferry", "tram"]
    texts = [" ".join(words[(at * at + number) % 11] for at in range(45)) + "." for number in range(6)]
    rows = "".join(row(number).replace("The text of", texts[number]) for number in range(5))
    beside = f"<h2>Press review</h2><p>{texts[5]} {texts[4]}</p>"
    page = f"<html><body><table>{HEADER}{rows}</table>{beside}</body></html>".encode()
    assert html_table.recognise(page, "list.xls") == 0
    with pytest.raises(DumpError, match=r'if they are the rows of its table.* format = "html_table"'):
        list(html.read(io.BytesIO(page), FEED))
    assert len(records(page)) == 5


def form(number: int, **fields: str) -> str:
    """A table with the names of fields before their values."""
    fields = {"Title": f"Ferry {number}", "Date": "13.01.2018", "Text": "The ferry was late again on Monday.", **fields}
    return "".join(f"<tr><td>{name}:</td><td>{value}</td></tr>" for name, value in fields.items())


@pytest.mark.parametrize("between", ["", "</table><table>", "</table><p>x</p><table class='a'>"])
def test_articles_in_tables_of_names_and_values_are_not_read_as_one(between: str) -> None:
    page = f"<html><body><table>{between.join(map(form, range(3)))}</table></body></html>".encode()
    with pytest.raises(DumpError, match="holds 3 articles in tables with the names of fields before their values"):
        list(html.read(io.BytesIO(page), Feed("forms")))


@pytest.mark.parametrize(
    "page",
    [
        f"<table>{form(1)}</table>",
        f"<table>{form(1)}</table><table><tr><td>Title:</td><td>Imprint</td></tr></table>",
        f'<meta property="og:type" content="article"><table>{form(1)}{form(2)}</table>',
    ],
)
def test_a_table_of_names_and_values_may_stand_on_an_article_s_page(page: str) -> None:
    text = "<p>The ferry was late again on Monday, and nobody at the pier knew why.</p>" * 3
    found = html.read(io.BytesIO(f"<html><body><h1>Ferry</h1>{text}{page}</body></html>".encode()), Feed("forms"))
    assert [piece["headline"] for piece in found if isinstance(piece, dict)] == ["Ferry"]
