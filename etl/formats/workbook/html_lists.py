"""Whether a table of a page is a list of articles."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable
from itertools import chain, takewhile

from etl.formats.common.columns import make_plan
from etl.formats.common.header_row import MOST_BEFORE_HEADER, header_at, names_columns
from etl.formats.common.usual_names import known
from etl.formats.workbook.html_table_marks import Scan, first_rows
from etl.formats.workbook.limits import MOST_DEPTH
from etl.model import DumpError, Feed

FIRST_ROWS = 100
"""Of a table, those by which it is judged."""
_FEWEST_KNOWN = 2
_FEWEST_ROWS = 4
"""Of two articles in such tables."""
_LEAST_AGREEMENT = 0.5


def holds_list(page: str) -> bool:
    """Whether one of the tables of a page, however deep within others, has a header of articles above rows of them."""
    data = page.encode("utf-8", "replace")
    scans = (Scan(io.BytesIO(data), depth) for depth in range(1, MOST_DEPTH + 1))
    return any(has_header(rows) for scan in scans for rows in first_rows(scan, FIRST_ROWS).values())


def refuse_forms(page: str) -> None:
    """Raises DumpError where several articles stand on a page in tables of two columns, the names of fields before
    their values. What a page says of its one article it says once."""
    if page.lower().count("<tr") < _FEWEST_ROWS:
        return
    data = page.encode("utf-8", "replace")
    scans = (Scan(io.BytesIO(data), depth) for depth in range(1, MOST_DEPTH + 1))
    if number := max(_forms(chain.from_iterable(first_rows(scan, FIRST_ROWS).values())) for scan in scans):
        raise DumpError(
            f"holds {number:,} articles in tables with the names of fields before their values, so nothing of it was "
            "loaded; export them as a list, one article a row, or deliver each in a file of its own, or, if it is one "
            "article, say so with one_article = true in the stanza of its feed"
        )


def _forms(rows: Iterable[list[str]]) -> int:
    cells = ([cell for cell in row if cell.strip()] for row in rows)
    counts = Counter(filled[0].rstrip(" :") for filled in cells if len(filled) == 2 and known(filled[:1])[0])
    again = {name: count for name, count in counts.items() if count > 1}
    number, has_article = known(again)
    return max(again.values()) if has_article and number >= _FEWEST_KNOWN else 0


def has_header(rows: list[list[str]]) -> bool:
    """Whether one of the first rows is a header with a column for the text, or three known ones, and those below it are
    as long."""
    at = header_at(rows[: MOST_BEFORE_HEADER + 1], Feed(""))
    if at is None:
        return False
    names = list(filter(None, rows[at]))
    below = list(takewhile(lambda row: not names_columns(row, Feed("")), rows[at + 1 :]))
    number, alike = known(names)[0], sum(len(row) == len(rows[at]) for row in below)
    has_text = number == _FEWEST_KNOWN and "body" in make_plan(names, Feed("")).columns
    return (has_text or number > _FEWEST_KNOWN) and alike >= max(1, _LEAST_AGREEMENT * len(below))
