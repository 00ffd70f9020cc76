"""Words of many texts are folded once each: so what a word becomes may not depend on the text around it."""

from __future__ import annotations

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

MARKS = "\u0301\u0308\u135f\u180b\u20d7\u20e3\u302a\u3099\ufe0f\U000e0100"
"""What stands on, around or beside the character before it."""


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="aéßŁ1к\u0438መ辻东京ᠮ -ก'.カバ한" + MARKS, max_size=12))
def test_the_terms_of_the_words_of_a_text_are_its_terms(macros: duckdb.DuckDBPyConnection, text: str) -> None:
    whole, words = macros.execute("select mart.search_terms($1), mart.search_words($1)", [text]).fetchall()[0]
    of_words = {
        term
        for (terms,) in macros.execute(
            "select mart.search_terms(word) from (select unnest($1::varchar[]) as word)", [words]
        ).fetchall()
        for term in terms
    }
    assert of_words == set(whole)
