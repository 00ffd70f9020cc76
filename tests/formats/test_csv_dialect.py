"""The dialect of a CSV: told by its first rows, tried only where it can make a difference."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.formats.common import csv_dialect
from etl.model import Feed

HEADS = st.lists(st.sampled_from(["title", "text", "It sails", ",", ";", "\t", "|", '"', "'", "\\", "\n"])).map("".join)


@given(HEADS)
def test_a_head_is_the_table_that_it_is_under_the_best_of_all_dialects(head: str) -> None:
    found = csv_dialect.table_of(head, Feed("wire"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(csv_dialect, "_delimiters_in", lambda text: csv_dialect.DELIMITERS)
        patched.setattr(csv_dialect, "_quotes_in", lambda text: csv_dialect.QUOTES)
        assert found == csv_dialect.table_of(head, Feed("wire"))


def test_a_text_without_delimiters_and_quotes_is_cut_into_rows_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tried, cut = [], csv_dialect._rows
    monkeypatch.setattr(csv_dialect, "_rows", lambda *given, **how: tried.append(given) or cut(*given, **how))
    csv_dialect.table_of("The ferry sails again.\n" * 5, Feed("wire"))
    assert len(tried) == 1
