"""mart.search_terms: the words of a text, the same whether it is split or folded first."""

from __future__ import annotations

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.settings import SQL


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="aéß东京 -ก'.", max_size=12))
def test_a_word_of_a_text_is_a_word_of_the_index(text: str) -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema mart")
        connection.execute((SQL / "mart" / "search_terms.sql").read_text())
        ((whole, parts),) = connection.execute(
            """
            select
                list_sort(mart.search_terms($text)),
                list_sort(list_distinct(flatten(list_transform(
                    regexp_extract_all(lower($text), '[\\p{L}\\p{M}\\p{N}]+'), lambda word: mart.search_terms(word)
                ))))
            """,
            {"text": text},
        ).fetchall()
    assert whole == parts
