"""Workbooks with the rows of a sample again and again, for benchmarks/readers.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import invented
import old_workbooks
import python_calamine
import workbooks
from sample_dumps import SAMPLES, expected

from etl.formats.workbook import ole_file


def _rows(sample: str, times: int) -> tuple[list[list[Any]], int]:
    """The header of a workbook and its rows, again and again; each with a text of its own. Returns how many, too."""
    sheet = python_calamine.load_workbook(SAMPLES / "excel" / sample).get_sheet_by_index(0)
    cells = [[cell if cell != "" else None for cell in row] for row in sheet.to_python()]
    titles = {article["headline"] for article in expected(SAMPLES / "excel" / sample)}
    header = next(at for at, row in enumerate(cells) if titles.intersection(cells[at + 1]))
    rows = [row for row in cells[header + 1 :] if titles.intersection(row)]
    repeated = [_distinct(row, seed) for seed, row in enumerate(rows * times)]
    return [cells[header], *repeated], len(repeated)


def _distinct(row: list[Any], seed: int) -> list[Any]:
    """A text that repeats itself is packed into a file so small that a reader takes it for a bomb."""
    longest = max(range(len(row)), key=lambda at: len(row[at]) if isinstance(row[at], str) else 0)
    return [f"{cell} {' '.join(invented.words(seed, 40))}" if at == longest else cell for at, cell in enumerate(row)]


def xlsx(target: Path, times: int) -> int:
    """As Excel writes it."""
    rows, articles = _rows("bigkinds.xlsx", times)
    target.write_bytes(workbooks.xlsx({"sheet": rows}))
    return articles


def ods(target: Path, times: int) -> int:
    """As LibreOffice writes it."""
    rows, articles = _rows("monitor.ods", times)
    target.write_bytes(workbooks.ods({"sheet": rows}))
    return articles


def xls(target: Path, times: int) -> int:
    """As Excel 95 wrote it: a text stands in its cell."""
    rows, articles = _rows("two_sheets.xls", times)
    target.write_bytes(ole_file.packed("Book", old_workbooks.stream({"sheet": rows}, is_old=True)))
    return articles
