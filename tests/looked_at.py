"""What a suite looks at in a frame: two frames in which that is the same are judged alike.

Where columns need only be filled, unique or in order, and are, it is not their values but where their gaps are: most
tests have keys, hashes, times and counts of their own.
"""

from __future__ import annotations

from typing import Any

import pandas as pd


def looked_at(frame: pd.DataFrame, expectations: list[Any]) -> str:
    """All of the frame that the outcome of the expectations depends on."""
    values: set[str] = set()
    gaps: set[str] = set()
    for expectation in expectations:
        columns = _columns(expectation)
        of_their_values = not columns <= {*frame.columns} or not _is_plainly_met(frame, expectation, sorted(columns))
        (values if of_their_values else gaps).update(columns & {*frame.columns})
    found = {name: frame[name].to_list() for name in sorted(values)}
    missing = {name: frame[name].isna().to_list() for name in sorted(gaps - values)}
    return repr((len(frame), frame.dtypes.to_dict(), found, missing))


def _columns(expectation: Any) -> set[str]:
    """The columns that an expectation names. All of those here name some."""
    named = {getattr(expectation, name, None) for name in ("column", "column_A", "column_B")} - {None}
    return {*named, *getattr(expectation, "column_list", ())}


def _is_plainly_met(frame: pd.DataFrame, expectation: Any, columns: list[str]) -> bool:
    """Whether it is met as far as values count, so that others which meet it are judged alike where the gaps are."""
    match type(expectation).__name__:
        case "ExpectColumnValuesToNotBeNull":
            return True
        case "ExpectColumnValuesToBeUnique" | "ExpectCompoundColumnsToBeUnique":
            return not frame.duplicated(columns).any()
        case "ExpectColumnPairValuesToBeEqual":
            return not frame[columns].isna().any(axis=None) and _pairs(frame, expectation, pd.Series.eq)
        case "ExpectColumnPairValuesAToBeGreaterThanB":
            in_order = pd.Series.ge if expectation.or_equal else pd.Series.gt
            return not frame[columns].isna().any(axis=None) and _pairs(frame, expectation, in_order)
    return False


def _pairs(frame: pd.DataFrame, expectation: Any, compare: Any) -> bool:
    return bool(compare(frame[expectation.column_A], frame[expectation.column_B]).all())
