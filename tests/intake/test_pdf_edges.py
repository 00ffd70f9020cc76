"""PDF: headers, footers and running heads are left out; headlines and the marks of articles stay."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from pdf_made import Line, centred, column, pdf

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
