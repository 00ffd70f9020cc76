"""PDF: headers, footers and running heads are left out; headlines and the marks of articles stay."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdf_made import Line, centred, column, pdf

from etl.intake import pdf_text
from etl.intake.pdf_text import text_of

LINES = "The ferry lies at the north quay\nagain, and nobody who lives on\nthe river had missed it at all\nsays one."


def lines(*pages: Sequence[Line]) -> list[str]:
    text = "".join(piece for _, piece in text_of(io.BytesIO(pdf(pages))))
    return [line.strip() for line in text.split("\n") if line.strip()]


def test_what_the_further_pages_of_an_article_repeat_of_its_head_is_left_out() -> None:
    pages = []
    for title in ("Ferry is back", "Ice on the river", "Snow in the old town", "Rain until Monday"):
        first = [centred(760, 14, title), centred(740, 10, "Valley Wire"), *column(60, 700, 10, LINES)]
        for number, content in enumerate((first, column(60, 740, 10, LINES), column(60, 740, 10, LINES)), 1):
            head = [centred(790, 8, f"{title} Valley Wire")] if number > 1 else []
            pages.append([Line(480, 800, 8, f"Page {number} of 3"), *head, *content])
    found = lines(*pages)
    assert found.count("Snow in the old town") == 1
    assert not [line for line in found if "Page" in line or (line.endswith("Valley Wire") and line != "Valley Wire")]


def test_a_title_before_the_number_of_its_page_is_left_out() -> None:
    pages = [
        [Line(60, 800, 8, f"{title} Page {number}"), *column(60, 740, 10, LINES)]
        for number, title in enumerate(("Ferry", "Ice", "Ice", "Snow"), 1)
    ]
    assert not [line for line in lines(*pages) if "Page" in line]


def test_behind_an_empty_page_a_line_at_the_edge_repeats_nothing() -> None:
    text = column(60, 740, 10, LINES)
    found = lines([Line(60, 800, 8, "Ferry"), *text], [], [Line(60, 800, 8, "Ferry and quay"), *text])
    assert {"Ferry", "Ferry and quay"} <= set(found)


@pytest.mark.parametrize("headline", ["News in brief", "News in brief {}"])
@pytest.mark.parametrize("count", [2, 5])
def test_a_headline_that_comes_again_is_no_header(headline: str, count: int) -> None:
    titles = [headline.format(number) for number in range(count)] + ["Ferry", "Ice", "Snow"]
    pages = [
        [centred(800, 14, title), centred(780, 10, "Valley Wire"), *column(60, 740, 10, LINES)] for title in titles
    ]
    assert [line for line in lines(*pages) if line in titles] == titles


@pytest.mark.parametrize(("size", "gap"), [(10, 12), (10, 30)])
def test_what_begins_and_ends_an_article_stays_at_the_edge_of_every_page(size: float, gap: float) -> None:
    pages = [
        [
            centred(800, size, f"{number} of 4 DOCUMENTS"),
            *column(60, 800 - gap, 10, LINES),
            Line(60, 40, size, "End of Document"),
            Line(60, 20, size, f"Document HARCOU0020260305em350000{number}"),
        ]
        for number in range(1, 5)
    ]
    found = lines(*pages)
    assert [line for line in found if "DOCUMENTS" in line] == [f"{number} of 4 DOCUMENTS" for number in range(1, 5)]
    assert found.count("End of Document") == 4
    assert sum(line.startswith("Document HARCOU") for line in found) == 4


def test_a_footer_may_stand_further_in() -> None:
    pages = [[*column(60, 740, 10, LINES), Line(60, 76, 8, "Confidential")] for _ in range(4)]
    assert "Confidential" not in lines(*pages)


def test_a_small_footer_may_stand_close_to_the_text() -> None:
    pages = [
        [*column(60, 740, 10, LINES), *column(60, 100, 10, LINES), Line(60, 54, 8, "Confidential")] for _ in "abcd"
    ]
    assert "Confidential" not in lines(*pages)


def test_of_a_single_page_small_lines_with_a_number_are_left_out() -> None:
    page = [*column(60, 740, 10, LINES), Line(60, 28, 8, "Page 1   \xa9 2026 Factiva, Inc.")]
    assert lines(page) == [LINES.replace("\n", " ")]


WIDE = "The town council of Furt agreed on Tuesday to repair the old bridge over\nthe river, which had been closed."


def article(headline: str, size: float, section: str = "") -> list[Line]:
    """An article that fills the top of a page, in the layout of Factiva."""
    above = [Line(60, 810, 10, section)] if section else []
    facts = "120 words\n5 January 2026\nHarbour Courier\nHARCOU\nEnglish\nCopyright 2026"
    return [*above, Line(60, 786, size, headline), *column(60, 766, 10, facts, gap=1.4), *column(60, 600, 10, WIDE)]


@pytest.mark.parametrize("size", [10, 14])
def test_a_headline_that_all_articles_share_is_no_header(size: float) -> None:
    pages = [[*article("Corrections", size), Line(60, 30, 8, f"Page {number} of 6")] for number in range(1, 7)]
    found = lines(*pages)
    assert found.count("Corrections") == 6
    assert not [line for line in found if "Page" in line]


@pytest.mark.parametrize("size", [8, 10])
def test_a_section_above_the_headline_of_all_articles_is_no_header(size: float) -> None:
    pages = [article(f"Bridge {name}", 14, "News") for name in ("A", "B", "C", "D")]
    pages = [[page[0]._replace(size=size), *page[1:]] for page in pages]
    assert lines(*pages).count("News") == 4


@pytest.mark.parametrize("header", ["Harbour Courier", "Harbour Courier - {}"])
def test_a_header_in_the_size_of_the_text_is_left_out_where_articles_go_on_below_it(header: str) -> None:
    tops = [article("Bridge", 14), column(60, 770, 10, WIDE.lower()), article("Ice", 14), column(60, 770, 10, "it is.")]
    pages = [[Line(60, 825, 10, header.format(number)), *top] for number, top in enumerate(tops, 1)]
    assert not [line for line in lines(*pages) if "Harbour Courier" in line and line != "Harbour Courier"]
    assert lines(*pages).count("Harbour Courier") == 2  # the papers that the articles name


def test_lines_at_an_edge_whose_numbers_are_not_those_of_the_pages_stay() -> None:
    pages: list[list[Line]] = []
    for number in range(1, 4):
        table = [Line(60, 80, 10, f"Furt {number}"), Line(60, 60, 10, f"Pier {4 - number}")]
        pages.append([*article(f"Bridge {'ABC'[number - 1]}", 14), *table])
        met = Line(60, 780, 10, f"They had met there in {2010 + number}.")
        pages.append([Line(480, 810, 8, f"Page {2 * number}"), met, *column(60, 740, 10, WIDE)])
    found = lines(*pages)
    assert [line for line in found if line.startswith("Furt ")] == ["Furt 1", "Furt 2", "Furt 3"]
    assert [line for line in found if line.startswith("Pier ")] == ["Pier 3", "Pier 2", "Pier 1"]
    assert sum(line.startswith("They had met") for line in found) == 3
    assert not [line for line in found if line.startswith("Page")]


def test_a_line_that_repeats_one_of_the_text_before_is_no_running_head() -> None:
    text = column(60, 740, 10, WIDE)
    pages = [[Line(480, 800, 8, "Page 1 of 2"), centred(770, 14, "Ferry"), *text]]
    pages.append([Line(480, 800, 8, "Page 2 of 2"), Line(60, 786, 10, WIDE.split("\n")[0]), *text])
    assert " ".join(lines(*pages)).count("The town council") == 3


@pytest.mark.parametrize(("size", "hsize"), [(8, 14), (10, 14), (10, 10)])
def test_a_running_head_is_left_out_of_every_further_page(size: float, hsize: float) -> None:
    title = "Ferry number 7: the last crossing of the year"
    pages = [[Line(480, 800, 8, "Page 1 of 3"), centred(760, hsize, title), *column(60, 700, 10, WIDE)]]
    for number in (2, 3):
        pages.append([Line(480, 800, 8, f"Page {number} of 3"), centred(786, size, title), *column(60, 740, 10, WIDE)])
    assert lines(*pages).count(title) == 1


@pytest.mark.parametrize("header", ["Page {} of {}", "Page {}"])
def test_the_numbers_of_the_pages_of_each_article_are_left_out_of_a_long_file(
    header: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_text, "VOTING_PAGES", 10)
    counts = [1, 4, 2, 5, 3, 1, 1, 6, 2, 3]
    pages = [
        [Line(480, 800, 10, header.format(number, count)), *column(60, 740, 10, WIDE.lower())]
        for count in counts
        for number in range(1, count + 1)
    ]
    assert not [line for line in lines(*pages) if "Page" in line]


def test_of_a_single_page_a_caption_with_a_year_stays() -> None:
    caption = "The old bridge of Furt in 2018."
    assert caption in lines([*column(60, 740, 10, LINES), Line(60, 60, 8, caption), Line(290, 20, 8, "7")])
    assert "7" not in lines([*column(60, 740, 10, LINES), Line(60, 60, 8, caption), Line(290, 20, 8, "7")])


def test_a_sign_of_number_in_a_line_that_recurs_is_no_number() -> None:
    numbers = ["No. # 5", "No. 4 5", "No. # 6", "No. 7 #"]
    pages = [[Line(60, 800, 8, text), *column(60, 740, 10, LINES)] for text in numbers]
    assert [line for line in lines(*pages) if line.startswith("No.")] == numbers


@pytest.mark.parametrize("size", [8, 10])
def test_a_small_line_with_a_number_is_no_number_of_a_page_by_itself(size: float) -> None:
    rows = ["Furt 3", "Furt 9", "Furt 1", "Furt 7"]
    pages = [[*column(60, 740, 10, LINES), Line(60, 60, size, row)] for row in rows]
    assert [line for line in lines(*pages) if line.startswith("Furt")] == rows


@given(st.lists(st.text("ab #12-/.", min_size=1, max_size=9), min_size=1, max_size=6), st.sampled_from((8, 10, 14)))
def test_whatever_stands_once_at_an_edge_stays(texts: list[str], size: float) -> None:
    words = [" ".join(f"{'ABCDEF'[at]}{text}{'abcdef'[at]}".split()) for at, text in enumerate(texts)]
    pages = [[Line(60, 800, size, word), *column(60, 740, 10, LINES)] for word in words]
    assert [line for line in lines(*pages) if line in words] == words
