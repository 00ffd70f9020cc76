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
            notes="shared_share is a fraction of the article's own body, so it is between 0 and 1",
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="article_id",
            column_B="story_key",
            or_equal=True,
            severity="critical",
            notes="the key of a story is the lowest article_id in it",
        ),
    ]
