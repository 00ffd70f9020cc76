"""mart.words_of: the words of a text in their order, in any script."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.settings import SQL


@pytest.fixture(scope="module")
def warehouse() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("create schema mart")
    connection.execute((SQL / "mart" / "words_of.sql").read_text("utf-8"))
    return connection


def words(warehouse: duckdb.DuckDBPyConnection, text: str | None) -> list[str]:
    ((found,),) = warehouse.execute("select mart.words_of($text)", {"text": text}).fetchall()
    return list(found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The new ferry, the NEW crane.", ["the", "new", "ferry", "the", "new", "crane"]),
        ("Zürich: Straße, œuvre d’été", ["zürich", "straße", "œuvre", "d'été"]),
        ("Don't, don’t! rock 'n' roll", ["don't", "don't", "rock", "n", "roll"]),
        ("渡轮在HK$300", ["渡", "轮", "在", "hk", "300"]),
        ("カレーの日", ["カ", "レ", "ー", "の", "日"]),
        ("ข้าว", ["ข้", "า", "ว"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("می\u200cخواهم رفت", ["می\u200cخواهم", "رفت"]),
        ("서울은 밤", ["서울은", "밤"]),
        ("", []),
        (None, []),
    ],
)
def test_words_are_found_in_any_script(
    warehouse: duckdb.DuckDBPyConnection, text: str | None, expected: list[str]
) -> None:
    assert words(warehouse, text) == expected


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="aÉß東京ーก้ '’-.1", max_size=14))
def test_the_words_of_two_texts_are_those_of_both(warehouse: duckdb.DuckDBPyConnection, text: str) -> None:
    found = words(warehouse, text)
    assert words(warehouse, f"{text} ferry {text}") == [*found, "ferry", *found]
    assert words(warehouse, " ".join(found)) == found
