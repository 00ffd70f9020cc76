"""What must be true of runs."""

import great_expectations.expectations as gxe
from great_expectations.expectations.expectation import Expectation


def expectations() -> list[Expectation]:
    """Critical ones stop the publish."""
    return [
        gxe.ExpectColumnValuesToBeInSet(
            column="state",
            value_set=["loading", "verified", "failed"],
            severity="critical",
            notes="the publish depends on the state of the last run, and knows only these states",
        ),
    ]
