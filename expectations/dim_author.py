"""What must be true of authors."""

import great_expectations.expectations as gxe
from great_expectations.expectations.expectation import Expectation


def expectations() -> list[Expectation]:
    """Critical ones stop the publish."""
    return [
        gxe.ExpectColumnValuesToNotMatchRegex(
            column="author_name",
            regex="@|https?://",
            severity="critical",
            notes="an e-mail or web address is never a name",
        ),
        gxe.ExpectColumnValuesToNotMatchRegex(
            column="author_name",
            regex=r"(?i)^by\s",
            severity="warning",
            notes="'By' before a name is not part of the name",
        ),
    ]
