"""What must be true of rejected articles."""

import great_expectations.expectations as gxe
from great_expectations.expectations.expectation import Expectation


def expectations() -> list[Expectation]:
    """Critical ones stop the publish."""
    return [
        gxe.ExpectColumnValueLengthsToBeBetween(
            column="reason",
            min_value=10,
            severity="critical",
            notes="every rejected article has a reason that explains it",
        ),
    ]
