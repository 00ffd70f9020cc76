"""Great Expectations is imported without what costs half of its time, and all of it still works."""

from __future__ import annotations

import contextlib
import inspect
import json
import subprocess
import sys

import pandas as pd
import pytest

from etl.stages import gx, quality
from etl.warehouse.catalogue import all_tables

IMPORTED = """
import sys
from etl.stages.gx import great_expectations
great_expectations()
print([name for name in ("scipy.stats", "altair") if name in sys.modules])
"""


def test_it_is_imported_without_what_few_expectations_need() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_expectation_that_needs_scipy_gets_it() -> None:
    gx.great_expectations()
    import great_expectations.expectations as gxe

    batch = gx.whole_frame().get_batch({"dataframe": pd.DataFrame({"x": [1, 2, 3, 4]})})
    halves = {"bins": [0, 2, 5], "weights": [0.5, 0.5]}
    found = batch.validate(gxe.ExpectColumnKLDivergenceToBeLessThan(column="x", partition_object=halves, threshold=0.9))
    assert found.success
    from scipy import stats

    assert stats.norm.cdf(0) == 0.5


def test_no_frame_is_hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a frame was hashed")

    gx.great_expectations()
    monkeypatch.setattr(pd.util, "hash_pandas_object", refuse)
    gx.whole_frame().get_batch({"dataframe": pd.DataFrame({"x": [1]})})


def test_in_a_validation_every_expectation_is_configured_once_and_has_its_own() -> None:
    gx.great_expectations()
    import great_expectations.expectations as gxe

    x, y = (gxe.ExpectColumnValuesToNotBeNull(column=name) for name in "xy")
    with gx.nothing_twice():
        assert x.configuration is x.configuration
        assert x.configuration.to_domain_obj() is x.configuration.to_domain_obj()
        assert [x.configuration.kwargs["column"], y.configuration.kwargs["column"]] == ["x", "y"]
        assert [each.configuration.to_domain_obj().column for each in (x, y)] == ["x", "y"]
        ids = {id(gxe.ExpectColumnValuesToNotBeNull(column=str(n)).configuration) for n in range(50)}
    assert len(ids) == 50
    assert x.configuration is not x.configuration


def test_what_is_made_once_is_found_as_if_it_were_made_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def found() -> list[object]:
        judge = inspect.unwrap(quality.validate)  # each time anew: see judged_once
        outcome = judge(frame, "fact_article", quality.structural(all_tables()["news.fact_article"]))
        return [outcome.failing, outcome.results]

    frame = _revisions()
    with_less_work = found()
    monkeypatch.setattr(quality, "nothing_twice", contextlib.nullcontext)
    assert found() == with_less_work
    assert with_less_work[0]


@pytest.mark.parametrize("arguments", [{"column": "x", "n": 1}, {"column": "x", "n": True}, {"column": "x", "n": None}])
def test_a_metric_keeps_its_name_where_its_arguments_are_plain(arguments: dict[str, object]) -> None:
    gx.great_expectations()
    from great_expectations.core import id_dict
    from great_expectations.util import convert_to_json_serializable

    wanted = json.dumps(convert_to_json_serializable(dict(arguments)), sort_keys=True)
    assert json.dumps(id_dict.convert_to_json_serializable(arguments), sort_keys=True) == wanted
    assert id_dict.convert_to_json_serializable({"column": "x", "n": float("nan")}) == {"column": "x", "n": None}


def _revisions() -> pd.DataFrame:
    """Two revisions of an article, both current, with gaps: what several expectations refuse."""
    table = all_tables()["news.fact_article"]
    columns = {column.name: [None, None] for column in table.columns}
    resolved = {f"{column.name}_is_resolved": [True, False] for column in table.columns if column.references}
    known = {"article_key": [1, 1], "article_id": [1, 1], "revision": [1, 3], "is_current": [True, True]}
    known |= {"date_basis": ["native", "guess"], "published_date_key": [0, 20260314]}
    return pd.DataFrame(columns | resolved | known)
