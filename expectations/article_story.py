"""What must be true of the stories of articles."""

import great_expectations.expectations as gxe
from great_expectations.expectations.expectation import Expectation


def expectations() -> list[Expectation]:
    """Critical ones stop the publish."""
    return [
        gxe.ExpectColumnValuesToBeBetween(
            column="shared_share",
            min_value=0,
            max_value=1,
            severity="critical",
            notes="what an article shares with the first of its story is a share of its own body",
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="article_id",
            column_B="story_key",
            or_equal=True,
            severity="critical",
            notes="a story is called by the lowest article_id in it",
        ),
    ]
