"""Counts in words."""

from __future__ import annotations

import pytest

from etl import words


@pytest.mark.parametrize(
    ("things", "total", "expected"),
    [
        ([], None, ""),
        ([60, 61, 62], None, "60, 61, 62"),
        ([60, 61, 62, 63], None, "60, 61, 62 and 1 more"),
        (["a", "b"], 1202, "a, b and 1,200 more"),
        (["a", "b", "c", "d"], 1204, "a, b, c and 1,201 more"),
    ],
)
def test_the_first_few_and_how_many_more(things: list[object], total: int | None, expected: str) -> None:
    assert words.first_few(things, 3, total) == expected


def test_halves_are_rounded_up() -> None:
    """Also an even number and a half, which Python rounds down: a median of 6 and 7 articles is about 7."""
    numbers = (0, 0.5, 1.5, 2.5, 6.4, 6.5, 1199.6)
    assert [words.rounded(number) for number in numbers] == ["0", "1", "2", "3", "6", "7", "1,200"]


def test_the_first_lines_and_how_many_more() -> None:
    assert words.first_lines(["a", "b"], 2, "dumps") == ["a", "b"]
    assert words.first_lines(["a"] * 1202, 2, "dumps") == ["a", "a", "... and 1,200 more dumps"]
    assert words.first_lines(["a", "b"], 1) == ["a", "... and 1 more"]
