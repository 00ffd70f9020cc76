"""What one dump must be to be loaded. A dump that fails a critical expectation is refused whole.

The frame: one row per dump that could be read, with its counts as numbers. Shares of rows are judged
from 50 articles on.
"""

import great_expectations.expectations as gxe
import pandas as pd
from great_expectations.expectations.expectation import Expectation

SMALLEST_JUDGED = 50


def derive(frame: pd.DataFrame) -> pd.DataFrame:
    """Add what is expected from what was counted."""
    articles = frame["articles_read"]
    # What was rejected before may well be rejected again.
    is_judged = (articles >= SMALLEST_JUDGED) & (frame["kind"] == "delivery")
    return frame.assign(
        expected_or_read=frame["expected_articles"].fillna(articles),
        declared_or_read=frame["articles_declared"].fillna(articles),
        rejected_share=(frame["rejected"] / articles).where(is_judged, 0.0),
        undated_share=(frame["unreadable_dates"] / articles).where(is_judged, 0.0),
        is_whole=frame["articles_normalised"] + frame["articles_unclean"] + frame["rejected_pieces"] == articles,
    )


def expectations() -> list[Expectation]:
    """Critical ones refuse the dump; warnings are noted beside its counts."""
    return [
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A="articles_read",
            column_B="marks_seen",
            severity="critical",
            notes="the reader and the scan for article marks do not find the same number of articles: "
            "one was lost or made up; report it with the dump",
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="is_whole",
            value_set=[True],
            severity="critical",
            notes="the normaliser did not hand on every article that the reader gave it; report it with the dump",
        ),
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A="articles_read",
            column_B="expected_or_read",
            severity="critical",
            notes="the manifest expects another number of articles; ask for the dump again, or mend the manifest",
        ),
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A="articles_read",
            column_B="declared_or_read",
            severity="warning",
            notes="the dump says of itself that it holds another number of articles",
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="rejected_share",
            max_value=0.5,
            severity="critical",
            notes="more than half of its articles are rejected: the layout or the stanza is not what the reader "
            "takes it for; look at `broadsheet rejected`",
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="undated_share",
            max_value=0.2,
            severity="warning",
            notes="more than a fifth of its dates cannot be read; set date_order or the columns in its stanza",
        ),
    ]
