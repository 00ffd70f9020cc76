"""What a suite looks at in a frame: two frames in which that is the same are judged alike.

Of columns that need only be filled or unique, it is where their gaps are, as long as they are unique: most tests have
keys, hashes and times of their own.
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
        kind = type(expectation).__name__
        if kind == "ExpectColumnValuesToNotBeNull" or (kind.endswith("ToBeUnique") and _is_unique(frame, columns)):
            gaps |= columns
        else:
            values |= columns
    found = {name: frame[name].to_list() for name in sorted(values & {*frame.columns})}
    missing = {name: frame[name].isna().to_list() for name in sorted((gaps - values) & {*frame.columns})}
    return repr((len(frame), frame.dtypes.to_dict(), found, missing))


def _columns(expectation: Any) -> set[str]:
    """The columns that an expectation names. All of those here name some."""
    named = {getattr(expectation, name, None) for name in ("column", "column_A", "column_B")} - {None}
    return {*named, *getattr(expectation, "column_list", ())}


def _is_unique(frame: pd.DataFrame, columns: set[str]) -> bool:
    return columns <= {*frame.columns} and not frame.duplicated([*columns]).any()
