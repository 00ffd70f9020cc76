"""What must be true of the people in bylines."""

import great_expectations.expectations as gxe
from great_expectations.expectations.expectation import Expectation


def expectations() -> list[Expectation]:
    """Critical ones stop the publish."""
    return [
        gxe.ExpectColumnValuesToBeBetween(
            column="position",
            min_value=1,
            severity="critical",
            notes="positions in a byline are counted from 1",
        ),
        gxe.ExpectColumnValuesToMatchRegex(
            column="email",
            regex="^(?:[^@ ]+@[^@ ]+|email:[0-9a-f]{16})$",
            severity="warning",
            notes="a stored e-mail address is a valid address or the hash of one",
        ),
        gxe.ExpectColumnValuesToNotBeInSet(
            column="author_key",
            value_set=[0],
            severity="critical",
            notes="a byline without names has no row here, rather than a row for an unknown author",
        ),
    ]
