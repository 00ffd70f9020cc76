"""PDF: paragraphs as they are printed, without headers and footers; and why a file without a text is refused."""

from __future__ import annotations

import io
import os
import textwrap
from collections.abc import Sequence
from pathlib import Path

import pytest
from packed import zipped
from pdf_made import WIDTH, Line, Picture, centred, column, pdf

from etl.intake import bundles, pdf_lines
from etl.intake.containers import Member, members
from etl.intake.pdf_lines import PdfError
from etl.intake.pdf_text import text_of
from etl.model import Doubt, DumpError, Feed, Reject, Skip

LEFT = "The ferry lies at the north quay\nagain, and nobody who lives on\nthe river had missed it at all\nsays one.\n"
RIGHT = "The captain is silent, as he was\nall winter, when the ice came up\nto the windows of the old inn.\nIt melts."


def text(*pages: Sequence[Line | Picture]) -> str:
    return "".join(piece for _, piece in text_of(io.BytesIO(pdf(pages))))


def test_lines_are_joined_to_paragraphs_in_columns() -> None:
    found = text([*column(40, 700, 10, LEFT), *column(300, 700, 10, RIGHT)])
    assert found.split("\n\n") == [
        "The ferry lies at the north quay again, and nobody who lives on the river had missed it at all says one.",
        "The captain is silent, as he was all winter, when the ice came up to the windows of the old inn. It melts.\n",
    ]


SHORT = """{0}
104 words
5 March 2026
Harbour Courier
HARCOU
A7
English
(c) 2026 Courier

The {0} is back, as the harbour office said in a state-
ment.

It sails on.

Courier Ltd

Document HARCOU0020260305em3500001
-None-
1."""


def test_short_lines_that_are_apart_are_not_joined() -> None:
    pages = [SHORT.format(name) for name in ("Ferry", "Captain")]
    found = text(*(column(40, 700, 10, page) for page in pages))
    assert found == "\n\n".join(pages).replace("state-\nment", "statement") + "\n"


@pytest.mark.parametrize(
    ("end", "begin", "expected"),
    [
        ("har-", "bour lies", "the harbour lies"),
        ("East-", "Frisia lies", "the East-Frisia lies"),
        ("a", "b", "the a b"),
        ("years 1990-", "1995 lies", "the years 1990-1995 lies"),
        ("3-", "4 lies", "the 3-4 lies"),
    ],
)
def test_hyphens_at_the_end_of_a_line(end: str, begin: str, expected: str) -> None:
    assert expected in text(column(40, 700, 10, f"and from there to all of the {end}\n{begin} still."))


@pytest.mark.parametrize(
    ("elsewhere", "expected"),
    [
        ("It is a long-term plan.", "a long-term plan"),
        ("Long-term plans are dull.", "a long-term plan"),
        ("The long winter was another term.", "a longterm plan"),
        ("The long-term plan is a longterm plan.", "a longterm plan"),
    ],
)
def test_a_hyphen_of_the_word_stays_at_the_end_of_a_line(elsewhere: str, expected: str) -> None:
    cut = column(40, 700, 10, "and from there on the ferry is a long-\nterm plan still.")
    assert expected in text(cut, column(40, 700, 10, elsewhere)).split("\n")[0]


def test_a_paragraph_goes_on_over_pages() -> None:
    first = column(40, 700, 10, "The ferry lies at the north quay\nagain, and nobody who lives on")
    second = column(40, 700, 10, "the river had missed it at all.\n\nThe captain is silent.")
    assert text(first, second) == (
        "The ferry lies at the north quay again, and nobody who lives on the river had missed it at all.\n\n"
        "The captain is silent.\n"
    )


def test_headers_and_footers_are_left_out_and_what_stands_there_once_stays() -> None:
    pages = [
        [
            Line(40, 810, 8, f"Harbour Courier, page {number}"),
            Line(40, 790, 12, headline),
            Line(40, 700, 10, "It is back."),
            Line(40, 20, 8, f"{number} of 3"),
        ]
        for number, headline in enumerate(("Ferry", "Ice", "Snow"), 1)
    ]
    found = text(*pages)
    assert [line for line in found.split("\n") if line] == [
        "Ferry",
        "It is back.",
        "Ice",
        "It is back.",
        "Snow",
        "It is back.",
    ]


def test_what_is_centred_is_indented() -> None:
    found = text([centred(700, 14, "Ferry"), *column(60, 650, 10, LEFT)])
    assert found.startswith(" " * 37 + "Ferry\n")


@pytest.mark.parametrize("left", [66, 73])
def test_a_centred_headline_may_be_as_wide_as_the_text(left: float) -> None:
    first, second = "The ferry lies at the north quay again, and no person", "missed it"
    found = text([centred(716, 14, first), centred(700, 14, second), *column(left, 650, 10, LEFT)])
    assert found.startswith(f"{' ' * 8}{first} {second}\n")
    found = text([centred(716, 14, first), *column(left, 650, 10, LEFT)])
    assert found.startswith(f"{' ' * 13}{first}\n")


@pytest.mark.parametrize(("size", "leading"), [(14, 18), (12, 14), (16, 22)])
@pytest.mark.parametrize("left", [40, 66])
def test_a_headline_of_larger_letters_may_have_several_lines(size: float, leading: float, left: float) -> None:
    words = "The ferry lies at the north quay again and nobody who lives on the river had missed it at all"
    lines = textwrap.wrap(words, int((WIDTH - 2 * left) / (0.6 * size)))
    headline = [Line(left, 750 - leading * at, size, line) for at, line in enumerate(lines)]
    full = ("word " * int((WIDTH - 2 * left) / 30)).strip()
    found = text([*headline, *column(left, 690, 10, f"By Ann Lee\n\n{full}\n{full}\n{full}\n{full}\nends.")])
    assert found.startswith(f"{words}\t\n")


def test_a_label_in_capitals_begins_a_paragraph_and_another_word_does_not() -> None:
    full = "The ferry lies at the north quay"
    found = text(column(40, 700, 10, f"{full}\nLOAD-DATE: it is nothing but\nFerry nor ice: so it goes on."))
    assert found == f"{full}\nLOAD-DATE: it is nothing but Ferry nor ice: so it goes on.\n"


def test_lines_that_are_all_short_are_not_joined() -> None:
    page = column(60, 700, 10, "Length: 9 words\nIt rains in Furt.\nIt snows, too.\nLoad-Date: March 2, 2026", gap=1.8)
    assert text(page, page).split("\n\n")[:4] == [
        "Length: 9 words",
        "It rains in Furt.",
        "It snows, too.",
        "Load-Date: March 2, 2026",
    ]


def test_a_name_that_is_centred_several_times_on_a_page_is_no_column() -> None:
    page = [line for top in (780, 540, 300) for line in (centred(top, 10, "Wire"), *column(60, top - 30, 10, LEFT))]
    assert text(page).count(" " * 38 + "Wire\n") == 3


def test_a_name_that_is_centred_on_every_page_is_no_column() -> None:
    found = text(*([centred(700, 10, "Harbour Courier"), *column(60, 650, 10, LEFT)] for _ in range(5)))
    assert found.count(" " * 32 + "Harbour Courier\n") == 5


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (pdf([[]]), "holds no text, but perhaps pictures of pages; ask for the text"),
        (b"%PDF-1.4\n%%EOF", "is truncated or damaged"),
        (pdf([LEFT and [Line(40, 700, 10, "a")]])[:200], "is truncated or damaged|holds no text"),
        (
            pdf(
                [[Line(40, 700, 10, "a")]],
                trailer="/ID[<00><00>]/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -4"
                f"/O<{'00' * 32}>/U<{'00' * 32}>>>",
            ),
            "is encrypted; save it without its password",
        ),
    ],
)
def test_what_has_no_text_is_refused_with_what_to_do(data: bytes, why: str) -> None:
    with pytest.raises(PdfError, match=why):
        list(text_of(io.BytesIO(data)))


def test_too_many_pages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_lines, "MOST_PAGES", 2)
    with pytest.raises(PdfError, match="has 3 pages; the limit is 2; split it"):
        text([], [], [])


def test_a_page_that_is_its_own_parent_does_no_harm() -> None:
    data = pdf([[Line(40, 700, 10, "Ferry")]]).replace(b"/Kids[4 0 R]", b"/Kids[2 0 R]")
    with pytest.raises(PdfError):
        list(text_of(io.BytesIO(data)))


def test_a_bare_scan_is_refused_and_one_in_an_archive_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(pdf([[]]))
    with pytest.raises(DumpError, match=r"scan.pdf: the PDF holds no text"):
        list(members(tmp_path / "scan.pdf"))
    (tmp_path / "all.zip").write_bytes(
        zipped({"scan.pdf": pdf([[]]), "page.dat": pdf([[Line(40, 700, 10, "Page 1")]])})
    )
    found = [
        what
        for _, what in bundles.readable(
            tmp_path / "all.zip", lambda member: bundles.identified(member, "all.zip", "auto"), []
        )
    ]
    assert found == [Skip("scan.pdf", "PDF"), Skip("page.dat", "PDF")]


def test_a_child_reads_what_its_parent_has_read() -> None:
    """Dumps are read in forked children; PDFium, loaded before, must not stand still there."""
    assert text(column(40, 700, 10, "Ferry"))
    if (child := os.fork()) == 0:
        os._exit(0 if text(column(40, 700, 10, "Ice")) == "Ice\n" else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_pages_that_are_only_pictures_are_named(tmp_path: Path) -> None:
    scan = Picture(40, 60, 500, 700)
    foot = Line(40, 20, 8, "Courier")
    logo = Picture(40, 800, 60, 20)
    words = column(40, 700, 10, SHORT.format("Ferry").partition("\n-None")[0])
    pages = [[*words, foot, logo], [scan, foot], [foot], [*words, foot], [scan, foot]]
    (tmp_path / "a").write_bytes(pdf(pages))
    ((member, reader),) = bundles.readable(tmp_path / "a", lambda member: bundles.identified(member, "a", "auto"), [])
    assert isinstance(member, Member) and not isinstance(reader, Reject | Skip)
    with member.open() as stream:
        first, *articles = reader.read(stream, Feed("harbour"))
    assert first == Doubt(
        "only a picture stands on 2 pages (2, 5), and no text; ask for the text, or have it recognised (OCR)"
    )
    assert [piece["position"] for piece in articles if isinstance(piece, dict)] == ["page 1, line 1", "page 4, line 2"]


def test_its_pages_are_known(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(pdf([[], [Line(40, 700, 10, "Ferry")], [], [Line(40, 700, 14, "Ice")]]))
    (member,) = members(tmp_path / "a")
    assert isinstance(member, Member)
    assert member.open().read() == b"Ferry\n\nIce\t\n"  # larger: a heading
    assert (member.wrapping, member.pages) == ("PDF", (1, 1, 2, 2))
