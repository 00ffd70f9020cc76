"""What is loaded before processes are forked that clean articles."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from etl import normalise
from etl.normalise import _cldr, _headlines, _places, warming
from etl.schemas import PLAN, RAW

IN_PARIS = {
    "headline": "Trams",
    "byline": "Ann Lee in Paris",
    "published": "Sunday 12 January 2020",
    "body": "Trams run.",
}


@pytest.fixture
def files_read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files of names that are read from now on, nothing of them being loaded."""
    read: list[str] = []

    def resolved(locale: str) -> Any:
        read.append(locale)
        return find(locale)

    find = _cldr.resolve_locale_filename
    monkeypatch.setattr(_cldr, "resolve_locale_filename", resolved)
    _places._places_in.cache_clear()
    _headlines.model.cache_clear()
    return read


def test_an_article_needs_nothing_more_once_warmed_up(files_read: list[str]) -> None:
    warming.warm_up()
    assert files_read, "names of places are read from files"
    assert _headlines.model.cache_info().currsize == 1
    del files_read[:]
    raw = pa.Table.from_pylist([{"delivery": 1, "ordinal": 0, "is_global_id": False, **IN_PARIS}], RAW)
    plan = pa.Table.from_pylist([{"delivery": 1, "source": "lamp"}], PLAN)
    frames = [table.to_pandas(types_mapper=pd.ArrowDtype) for table in (raw, plan)]
    article = normalise.normalise_records(*frames, {}, datetime(2026, 1, 1, tzinfo=UTC)).iloc[0]
    assert [person["name"] for person in article["authors"]] == ["Ann Lee"]
    assert files_read == []


def test_a_normaliser_that_fails_does_not_stop_the_run_before_its_articles_can_be_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(normalise, "split_bylines", None)
    warming.warm_up()  # raises nothing
