"""What must be true of days."""

import great_expectations.expectations as gxe
import pandas as pd
from great_expectations.expectations.expectation import Expectation


def derive(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the key that each date must have."""
    dates = pd.to_datetime(frame["date"])
    key = (dates.dt.year * 10_000 + dates.dt.month * 100 + dates.dt.day).fillna(0)
    return frame.assign(key_of_date=key.astype("int64"), date_key=frame["date_key"].astype("int64"))


def expectations() -> list[Expectation]:
    """Critical ones stop the publish."""
    return [
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A="date_key",
            column_B="key_of_date",
            severity="critical",
            notes="the key of a day is its date as yyyymmdd, because analysts type it by hand",
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="year",
            min_value=1500,
            max_value=2200,
            severity="critical",
            notes="an article dated outside these years was misdated",
        ),
    ]
