"""The run's end: what it says of dumps that were planned and never recorded."""

from __future__ import annotations

import pytest

from etl.stages import verdict


@pytest.mark.parametrize(("number", "said"), [(1, "1 planned dump was"), (1200, "1,200 planned dumps were")])
def test_dumps_that_were_never_recorded_are_counted_in_words(number: int, said: str) -> None:
    assert verdict._failures([], number) == [f"{said} never recorded: the load did not end; run it again"]
    assert verdict._failures([], 0) == []
