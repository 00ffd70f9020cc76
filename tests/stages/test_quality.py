"""Great Expectations, as the stages use it."""

from __future__ import annotations

import threading

import pandas as pd
import pytest
from looked_at import looked_at
from newsroom import Newsroom, article

from etl.stages import quality
from etl.stages.gx import great_expectations


def test_the_checks_leave_no_thread_behind(newsroom: Newsroom) -> None:
    newsroom.stanza('[feed.wire]\npath = "*.jsonl"\nsettle_seconds = 0')
    newsroom.drop("a.jsonl", [article(1)])
    newsroom.load()
    assert "tqdm_monitor" not in [thread.name for thread in threading.enumerate()]


def test_a_dump_without_marks_beside_it_lets_no_other_pass(newsroom: Newsroom) -> None:
    newsroom.stanza('[feed.wire]\npath = "*"\nsettle_seconds = 0')
    newsroom.drop("a.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0")
    page = b"<html><body><h1>The pier opens</h1>" + b"<p>The harbour council met on Monday evening.</p>" * 20
    newsroom.drop("b.html", page + b"</body></html><div>" + b"The ferry to the island left an hour late. " * 20)
    newsroom.load()
    states = dict(newsroom.query("select path, state from ops.dump_status"))
    assert states == {"a.jpg": "loaded", "b.html": "refused"}


def test_an_expectation_that_cannot_be_computed_is_not_one_that_is_met_or_not() -> None:
    great_expectations()  # quietly, before the next line imports it
    import great_expectations.expectations as gxe

    frame = pd.DataFrame({"a": [1, 2], "b": ["x", None]})
    pair = gxe.ExpectColumnPairValuesToBeEqual(column_A="a", column_B="c", severity="critical", notes="equal")
    with pytest.raises(RuntimeError, match="could not be computed"):
        quality.validate(frame, "of_this_test", [pair])


def test_frames_that_are_judged_once_differ_in_nothing_that_a_suite_looks_at() -> None:
    great_expectations()  # quietly, before the next line imports it
    import great_expectations.expectations as gxe

    suite = [
        gxe.ExpectColumnValuesToBeUnique(column="key", severity="critical", notes="unique"),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["run", "dump"], severity="critical", notes="unique"),
        gxe.ExpectColumnValuesToNotBeNull(column="hash", severity="critical", notes="filled"),
        gxe.ExpectColumnPairValuesToBeEqual(column_A="read", column_B="marks", severity="critical", notes="equal"),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="end", column_B="begin", severity="critical", notes="order"
        ),
        gxe.ExpectColumnValuesToBeBetween(column="share", max_value=1, severity="critical", notes="a share"),
    ]
    frame = pd.DataFrame({"key": [1, 2], "run": [1, 1], "dump": [1, 2], "hash": ["a", "b"], "read": 5, "marks": 5})
    frame = frame.assign(end=[4, 5], begin=3, share=1)
    judged = looked_at(frame, suite)
    assert looked_at(frame.assign(key=[8, 9], run=7, hash="c", read=6, marks=6, end=8), suite) == judged
    others: list[dict[str, object]] = [{"key": 1}, {"dump": 2}, {"hash": ["a", None]}, {"read": 6}, {"marks": [5, 6]}]
    others += [{"end": 3}, {"begin": [3, 6]}, {"share": 0}, {"share": 2}]
    assert [change for change in others if looked_at(frame.assign(**change), suite) == judged] == []
