"""What the totals of the marts must be. Their counts are updated by subtracting and adding, so one error would persist.

The frame: one row with totals of the marts beside totals of the tables; see sql/verify/mart_totals.sql.
"""

import great_expectations.expectations as gxe
from great_expectations.expectations.expectation import Expectation

TOTALS = {
    ("daily_articles", "articles"): "mart.daily_count holds every current article that is not canceled, once",
    ("daily_partial_articles", "partial_articles"): "mart.daily_count holds every excerpt, once",
    ("daily_words", "words"): "mart.daily_count holds the words of every current article that is not canceled, once",
    (
        "daily_copies",
        "copies",
    ): "mart.daily_count holds every article of a story in mart.story_article that is not its first",
    (
        "syndication_articles",
        "syndicated",
    ): "mart.syndication holds every article of a story in at least two publications",
    ("revision_history_rows", "later_revisions"): "mart.revision_history holds every revision after the first",
}
"""Pairs of columns that must be equal, and what that means."""


def expectations() -> list[Expectation]:
    """Critical ones stop the publish."""
    return [
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A=counted,
            column_B=stored,
            severity="critical",
            notes=f"{reason}; if not, report it, and recount with: broadsheet maintain --recount",
        )
        for (counted, stored), reason in TOTALS.items()
    ]
