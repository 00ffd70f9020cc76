"""Whether numbers in a line that recurs on the pages of a PDF file are those of its pages."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

MOST = 0.75
"""Of the steps from one page to the next: some pages may be missing, and a date changes where a new part begins."""


def are_of_pages(numbers: Mapping[int, tuple[int, ...]], apart: int) -> bool:
    """Whether the numbers of a line, by the place of its page in the file, go with the pages, which are so far `apart`.

    Each stays the same, counts the pages, from 1 again where an article begins, or is the total beside such a one.
    """
    if len(set(map(len, numbers.values()))) > 1:
        return False
    pages = sorted(numbers)
    columns = [dict(zip(pages, column, strict=True)) for column in zip(*(numbers[page] for page in pages), strict=True)]
    goes = [_goes_with_pages(column, apart) for column in columns]
    totals = [False, *(all(part[page] <= whole[page] for page in pages) for part, whole in pairwise(columns))]
    return all(own or (is_total and goes[at - 1]) for at, (own, is_total) in enumerate(zip(goes, totals, strict=False)))


def _goes_with_pages(column: Mapping[int, int], apart: int) -> bool:
    """Most numbers go on or begin again; more go on, unlike those of a table, where no page between is passed over."""
    steps = list(pairwise(column.items()))
    going_on = sum(1 for (page, one), (later, other) in steps if other - one in (0, later - page))
    again = sum(1 for (page, one), (later, other) in steps if 0 < other <= later - page and (apart > 1 or other <= one))
    return going_on + again >= MOST * len(steps) and (apart > 1 or 2 * going_on >= len(steps))
