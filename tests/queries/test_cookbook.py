"""Every question of the cookbook is answered as docs/cookbook/ says, and every query reads like the others."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import duckdb
import pytest
from newsroom import Newsroom
from sample_archive import ANSWERS, QUERIES, answer


def test_there_are_enough_questions_and_no_answer_without_one() -> None:
    assert len(QUERIES) >= 20
    assert sorted(path.stem for path in ANSWERS.glob("*.csv")) == [query.stem for query in QUERIES]


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.stem)
def test_the_answer_is_the_one_that_is_written_down(archive: Newsroom, query: Path) -> None:
    with (ANSWERS / f"{query.stem}.csv").open(encoding="utf-8", newline="") as file:
        expected = list(csv.reader(file))
    assert len(expected) > 1, "an answer without a row shows nothing"
    assert answer(archive, query) == expected


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.stem)
def test_a_query_is_one_question_and_one_statement_in_the_style_of_the_house(query: Path) -> None:
    question, sql = query.read_text("utf-8").split("\n", 1)
    assert re.fullmatch(r"-- [A-Z].{20,}\?", question)
    assert len(duckdb.extract_statements(sql)) == 1
    code = re.sub(r"'[^']*'", "''", sql)
    assert not re.search(r"[A-Z]", code), "keywords and names are in lower case"
    assert not re.search(r"select\s+\*|(?<!as )\(\s*select\b", code), "columns and steps are named"
    assert "order by" in code or "mart.watermark" in code, "the same answer every time"
