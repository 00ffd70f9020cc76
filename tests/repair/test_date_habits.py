"""What a replay knows of the date columns of a whole dump."""

from __future__ import annotations

import pytest

from etl.normalise.date_columns import Habit
from etl.repair.date_habits import depends_on_columns, kept_habits


def test_what_quarantine_did_not_keep_yet_is_taken_as_not_shown() -> None:
    before = {"field": "published", "date_order": "dmy", "dotted_order": None, "is_year_last": None, "is_serial": False}
    assert kept_habits({"date_habits": [before]}) == {"published": Habit("dmy")}
    assert kept_habits({"date_habits": [{**before, "is_midnight": True}]}) == {
        "published": Habit("dmy", is_midnight=True)
    }
    assert kept_habits({"date_habits": None}) == {}


@pytest.mark.parametrize(
    ("published", "is_asked"),
    [
        ("2019-03-01T00:00:00Z", True),
        ("1551398400000", True),
        ("03/04/2019", True),
        ("43105", True),
        ("2019-03-01T10:30:00Z", False),
        ("2019-03-01", False),
    ],
)
def test_the_columns_are_asked_only_for_dates_that_depend_on_them(published: str, is_asked: bool) -> None:
    assert depends_on_columns({"published": published}) == is_asked
