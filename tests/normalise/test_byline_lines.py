"""Bylines of several lines."""

from __future__ import annotations

import pandas as pd
import pytest

from etl.normalise._byline_lines import with_lines_apart
from etl.normalise.bylines import split_bylines
from etl.normalise.text import clean_lines


def names(byline: str) -> list[str]:
    lines = clean_lines(with_lines_apart(pd.Series([byline], dtype="str")))
    return [person["name"] for person in split_bylines(lines)["people"][0]]


@pytest.mark.parametrize(
    "mark",
    ["\n", "\r\n", "\r", "\t", " \n \n", "\u2028", "<br>", "<BR/>\n", "<br />", "</p><p>", "&lt;br&gt;", "&#10;"],
)
def test_names_on_lines_of_their_own_are_several_people(mark: str) -> None:
    assert names(f"Jane Doe{mark}John Roe") == ["Jane Doe", "John Roe"]


def test_list_items_and_edges() -> None:
    assert names("\n<ul><li>Jane Doe</li>\n<li>John Roe</li></ul>\n") == ["Jane Doe", "John Roe"]
    assert names("García Márquez\nGabriel López") == ["García Márquez", "Gabriel López"]
    assert names("田中太郎\n鈴木花子") == ["田中太郎", "鈴木花子"]
    assert names("Jane Doe\nReuters") == ["Jane Doe"]


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("By\nJane Doe", ["Jane Doe"]),
        ("By Jane\nDoe", ["Jane Doe"]),
        ("Jane van der\nBerg Roe", ["Jane van der Berg Roe"]),
        ("By Jane Doe and\nJohn Roe", ["Jane Doe", "John Roe"]),
        ("By Jane Doe\nand John Roe", ["Jane Doe", "John Roe"]),
        ("JANE DOE\nPOLITICAL CORRESPONDENT", ["Jane Doe"]),
        ("Jane Doe\nThe Evening Lamp", ["Jane Doe"]),
        ("By Jane Doe, Ann Poe, Max Roe, Eve Loe, Tom Noe, Zoe Koe and John\nRichard Roe",
         ["Jane Doe", "Ann Poe", "Max Roe", "Eve Loe", "Tom Noe", "Zoe Koe", "John Richard Roe"]),
    ],
)  # fmt: skip
def test_a_line_that_was_wrapped_goes_on(byline: str, expected: list[str]) -> None:
    assert names(byline) == expected


def test_other_bylines_stay_as_they_are() -> None:
    bylines = pd.Series(["Jane Doe  and <b>John</b> Roe", None, "Jane Doe & Co; x < y"], dtype="str")
    assert with_lines_apart(bylines).tolist()[0::2] == [bylines[0], bylines[2]]
