"""What a normalised article must satisfy to be loaded. A row that fails a critical expectation is rejected.

The frame: etl.schemas.JUDGED; what else an expectation is to look at is added there.
"""

import great_expectations.expectations as gxe
import pandas as pd
from great_expectations.expectations.expectation import Expectation


def derive(frame: pd.DataFrame) -> pd.DataFrame:
    """Add columns computed from the counts."""
    may_be_empty = frame["is_partial"] | (frame["status"] == "canceled")
    return frame.assign(has_text=(frame["character_count"] > 0) | may_be_empty)


def expectations() -> list[Expectation]:
    """Critical ones reject the row; warnings are counted."""
    return [
        gxe.ExpectColumnValuesToBeInSet(
            column="has_text",
            value_set=[True],
            severity="critical",
            notes="it has no body: the dump lacks its text, or has it where it is not read; an excerpt must be flagged "
            "as partial",
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="has_headline",
            value_set=[True],
            severity="warning",
            notes="it has no headline, and readers will miss it: the dump lacks it, or has it where it is not read",
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="has_unreadable_date",
            value_set=[False],
            severity="warning",
            notes="an impossible, ambiguous or future date is stored as unknown, never guessed",
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="status",
            value_set=["usable", "corrected", "canceled", "withheld", "embargoed"],
            severity="warning",
            notes="any other status is stored as in the dump, and analysts' filters will not recognise it",
        ),
        gxe.ExpectColumnValuesToNotBeNull(
            column="published_date",
            severity="info",
            notes="an article without a date is missing from the daily counts",
        ),
        gxe.ExpectColumnValuesToNotBeNull(
            column="publication_name",
            severity="info",
            notes="an article without a publication is missing from every publication's profile",
        ),
        gxe.ExpectColumnValuesToNotBeInSet(
            column="language_code",
            value_set=["und"],
            severity="info",
            notes="an article whose language is undetermined is missing from counts by language",
        ),
    ]
