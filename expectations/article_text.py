"""What must be true of the text of a revision. The frame holds lengths, never the text itself."""

import great_expectations.expectations as gxe
from great_expectations.expectations.expectation import Expectation


def expectations() -> list[Expectation]:
    """Critical ones stop the publish."""
    return [
        gxe.ExpectColumnValuesToBeBetween(
            column=column,
            min_value=1,
            severity="critical",
            notes=f"a missing {column} is NULL, not an empty string",
        )
        for column in ("headline", "deck", "dateline", "byline", "body")
    ]
