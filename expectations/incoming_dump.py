"""What a dump must satisfy to be loaded. A dump that fails a critical expectation is refused as a whole.

The frame: one row per dump that could be read, with its counts as numbers. Shares of rows are judged only for dumps of
at least 50 articles. A smaller one is refused where all its articles are rejected, unless it is a single one: where a
feed sends a file for each article, one without a text must not fail the night.
"""

import great_expectations.expectations as gxe
import pandas as pd
from great_expectations.expectations.expectation import Expectation

SMALLEST_JUDGED = 50


def derive(frame: pd.DataFrame) -> pd.DataFrame:
    """Add columns computed from the counts."""
    articles = frame["articles_read"]
    # In a replay, articles that were rejected before may well be rejected again.
    is_delivery = frame["kind"] == "delivery"
    is_judged = (articles >= SMALLEST_JUDGED) & is_delivery
    # What was taken down is not the fault of its dump.
    judged = articles - frame["articles_taken_down"]
    rejected = frame["rejected"] - frame["articles_taken_down"]
    return frame.assign(
        marks_or_none=frame["marks_seen"].fillna(0),
        expected_or_read=frame["expected_articles"].fillna(articles),
        declared_or_read=frame["articles_declared"].fillna(articles),
        rejected_share=(rejected / judged).where(is_judged & (judged > 0), 0.0),
        undated_share=(frame["unreadable_dates"] / articles).where(is_judged, 0.0),
        is_any_accepted=(rejected < judged) | (judged < 2) | is_judged | ~is_delivery,
        is_whole=frame["articles_normalised"] + frame["articles_unclean"] + frame["rejected_pieces"] == articles,
    )


def expectations() -> list[Expectation]:
    """Critical ones refuse the dump; warnings are noted beside its counts."""
    return [
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A="articles_read",
            column_B="marks_or_none",
            severity="critical",
            notes="the reader and the scan for article marks found different numbers of articles: "
            "some were lost or invented; compare what `broadsheet inspect` shows with the file: if the wrong objects "
            "were taken, set `columns` for headline and body (or `record`, or `format`) in the stanza; if the file is "
            "unusual, ask for it with one article a line or row; in any case report it with the dump",
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="is_whole",
            value_set=[True],
            severity="critical",
            notes="the normaliser did not return every article that the reader passed to it; report it with the dump",
        ),
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A="articles_read",
            column_B="expected_or_read",
            severity="critical",
            notes="the manifest expects a different number of articles: if fewer were read, the dump was cut short or "
            "sent in parts; if more, the manifest is of another delivery",
        ),
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A="articles_read",
            column_B="declared_or_read",
            severity="warning",
            notes="the dump itself declares a different number of articles",
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="is_any_accepted",
            value_set=[True],
            severity="critical",
            notes="every one of its articles is rejected",
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="rejected_share",
            max_value=0.5,
            severity="critical",
            notes="more than half of its articles are rejected",
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="undated_share",
            max_value=0.2,
            severity="warning",
            notes="over a fifth of its articles have unreadable or future dates: their format has changed, or "
            "`date_order`, `path_pattern` or the column of the date in its stanza does not fit, or its "
            "manifest is wrong",
        ),
    ]
