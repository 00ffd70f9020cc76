"""mart.search_snippet: what a text says around the first word that was asked for."""

from __future__ import annotations

import duckdb
import pytest


@pytest.mark.parametrize(
    ("question", "body", "snippet"),
    [
        ("cafe", "The  Café\nburned.", "The **Café** burned."),
        ("bur* -x", "It burned.", "It **burned**."),
        ("東京", "本日、東京都庁で", "本日、**東京**都庁で"),
        ("absent", "Only this.", "Only this."),
        ("pier", "one " * 40 + "pier" + " two" * 60, "… " + "one " * 12 + "**pier**" + " two" * 31 + " …"),
        ("a", None, ""),
    ],
)
def test_a_snippet_marks_whole_words_around_the_first(
    macros: duckdb.DuckDBPyConnection, question: str, body: str | None, snippet: str
) -> None:
    ((found,),) = macros.execute("select mart.search_snippet($1::varchar, $2)", [body, question]).fetchall()
    assert found == snippet
