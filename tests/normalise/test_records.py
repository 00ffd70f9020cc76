"""Whole records cleaned: what one field says about another."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pyarrow as pa

from etl.normalise import normalise_records
from etl.schemas import PLAN, RAW


def cleaned(**record: str) -> pd.Series:
    rows = pa.Table.from_pylist([{"delivery": 1, "ordinal": 0, "is_global_id": False, **record}], RAW)
    plan = pa.Table.from_pylist([{"delivery": 1, "source": "lamp"}], PLAN)
    frames = [table.to_pandas(types_mapper=pd.ArrowDtype) for table in (rows, plan)]
    return normalise_records(*frames, {}, datetime(2026, 1, 1, tzinfo=UTC)).iloc[0]


def test_a_date_of_publication_that_is_of_a_change_is_one_of_modification() -> None:
    updated = cleaned(headline="Trams", published="Updated Jan 12, 2019")
    assert pd.isna(updated["published_date"])
    assert updated["date_basis"] == "unknown"
    assert updated["modified_at"] == datetime(2019, 1, 12)
    stated = cleaned(headline="Trams", published="Updated Jan 12, 2019", modified="2019-01-13")
    assert stated["modified_at"] == datetime(2019, 1, 13)


def test_names_are_spelled_by_the_language_and_told_apart_by_lines() -> None:
    found = cleaned(headline="Tramvay", language="tr", byline="CAN YILDIZ\nAYLA IŞIN")
    assert [person["name"] for person in found["authors"]] == ["Can Yıldız", "Ayla Işın"]
    assert found["byline"] == "CAN YILDIZ; AYLA IŞIN"
