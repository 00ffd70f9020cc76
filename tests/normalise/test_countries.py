"""Countries by code or by name as papers print them."""

from __future__ import annotations

import pytest

from etl.normalise.countries import country_code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("cn", "CN"),
        ("GBR", "GB"),
        ("China", "CN"),
        ("United States", "US"),
        ("USA", "US"),
        ("UK", "GB"),
        ("Hong Kong", "HK"),
        ("The Netherlands", "NL"),
        ("South Korea", "KR"),
        ("Bosnia and Herzegovina", "BA"),
        ("Côte d’Ivoire", "CI"),
        ("Saint Lucia", "LC"),
        ("Turkey", "TR"),
        ("Türkiye", "TR"),
        ("  united   kingdom ", "GB"),
        ("Atlantis", None),
        ("European Union", None),
        ("ZZ", None),
        ("", None),
        (None, None),
    ],
)
def test_codes(name: str | None, code: str | None) -> None:
    assert country_code(name) == code
