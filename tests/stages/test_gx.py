"""Great Expectations is imported without what costs half of its time, and all of it still works."""

from __future__ import annotations

import subprocess
import sys

import pandas as pd
import pytest

from etl.stages import gx

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
    with gx.configured_once():
        assert x.configuration is x.configuration
        assert [x.configuration.kwargs["column"], y.configuration.kwargs["column"]] == ["x", "y"]
        ids = {id(gxe.ExpectColumnValuesToNotBeNull(column=str(n)).configuration) for n in range(50)}
    assert len(ids) == 50
    assert x.configuration is not x.configuration
