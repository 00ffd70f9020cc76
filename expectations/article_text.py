"""What must be true of the words of a revision. The frame holds their lengths, never the words."""

import great_expectations.expectations as gxe
from great_expectations.expectations.expectation import Expectation


def expectations() -> list[Expectation]:
    """Critical ones stop the publish."""
    return [
        gxe.ExpectColumnValuesToBeBetween(
            column=column,
            min_value=1,
            severity="critical",
            notes=f"a {column} that is missing is empty (NULL), not a text without characters",
        )
        for column in ("headline", "deck", "dateline", "byline", "body")
    ]
