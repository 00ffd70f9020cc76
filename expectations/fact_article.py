"""What must be true of article revisions, apart from keys and references."""

import great_expectations.expectations as gxe
import pandas as pd
from great_expectations.expectations.expectation import Expectation

DATE_BASES = ["native", "manifest", "path", "inferred", "unknown"]


def derive(frame: pd.DataFrame) -> pd.DataFrame:
    """Add columns that compare each revision with the other revisions of its article."""
    by_article = frame.groupby("article_id")
    is_last = frame["revision"] == by_article["revision"].transform("max")
    return frame.assign(
        current_revisions=by_article["is_current"].transform("sum"),
        revisions=by_article["revision"].transform("size"),
        last_revision=by_article["revision"].transform("max"),
        current_is_last=frame["is_current"] == is_last,
        end_is_known=frame["valid_to"].notna() != frame["is_current"],
        unknown_dates_agree=(frame["published_date_key"] == 0) == (frame["date_basis"] == "unknown"),
    )


def expectations() -> list[Expectation]:
    """Critical ones stop the publish."""
    return [
        gxe.ExpectColumnValuesToBeInSet(
            column="current_revisions",
            value_set=[1],
            severity="critical",
            notes="an article has exactly one current revision; otherwise every count of articles is wrong",
        ),
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A="revisions",
            column_B="last_revision",
            severity="critical",
            notes="revisions are numbered from 1 without gaps",
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="current_is_last",
            value_set=[True],
            severity="critical",
            notes="the current revision is the last one",
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="end_is_known",
            value_set=[True],
            severity="critical",
            notes="a revision ends when the next begins, and only the current one has no end",
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="valid_to",
            column_B="valid_from",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
            severity="critical",
            notes="a revision does not end before it begins",
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="date_basis",
            value_set=DATE_BASES,
            severity="critical",
            notes="analysts filter by where a date comes from; these are the only values",
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="unknown_dates_agree",
            value_set=[True],
            severity="critical",
            notes="published_date_key is 0 exactly where date_basis is unknown",
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="language_confidence",
            min_value=0,
            max_value=1,
            severity="critical",
            notes="a confidence is between 0 and 1",
        ),
    ]
