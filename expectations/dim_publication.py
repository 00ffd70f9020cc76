"""What must be true of publications."""

import great_expectations.expectations as gxe
from great_expectations.expectations.expectation import Expectation


def expectations() -> list[Expectation]:
    """Critical ones stop the publish."""
    return [
        gxe.ExpectColumnValuesToMatchRegex(
            column="country_code",
            regex="^[A-Z]{2}$",
            severity="critical",
            notes="a country is an ISO 3166-1 alpha-2 code; otherwise analysts cannot group by it",
        ),
        gxe.ExpectColumnValuesToMatchRegex(
            column="language_code",
            regex="^[a-z]{2,3}$",
            severity="critical",
            notes="a language is an ISO 639 code; otherwise analysts cannot join on it",
        ),
        gxe.ExpectColumnValuesToNotMatchRegex(
            column="domain",
            regex="[/:@ ]",
            severity="warning",
            notes="a domain is a host name without scheme, path or user",
        ),
    ]
