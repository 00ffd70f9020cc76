"""What must be true of deliveries."""

import great_expectations.expectations as gxe
from great_expectations.expectations.expectation import Expectation


def expectations() -> list[Expectation]:
    """Critical ones stop the publish."""
    return [
        gxe.ExpectColumnValuesToMatchRegex(
            column="sha256",
            regex="^(?:[0-9a-f]{64})?$",
            severity="critical",
            notes="a delivery is recognised by its SHA-256, which is empty only if the file could not be read",
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="bytes",
            min_value=0,
            severity="critical",
            notes="a size is not negative",
        ),
    ]
