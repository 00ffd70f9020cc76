"""What must be true across the tables of the warehouse. Checked by the weekly maintenance.

The frame: one row per offending row, with the finding and the key of the row; see sql/verify/findings.sql.
"""

import great_expectations.expectations as gxe
import pandas as pd
from great_expectations.expectations.expectation import Expectation

FINDINGS = {
    "revision_without_text": "every revision has its text in news.article_text; these article_keys have none",
    "revision_with_other_authors": "every revision has as many people in news.bridge_article_author as its "
    "author_count says; these article_keys have more or fewer",
    "article_without_story": "every article has its story in news.article_story; these article_ids have none",
    "article_without_key": "every article has a key in ops.article_alias; otherwise its next delivery would load it "
    "again; these article_ids have none",
    "story_of_no_article": "news.article_story holds only articles that exist; these article_ids do not exist",
    "story_miscounted": "the key of a story is the lowest article_id in it, and news.dim_story counts its articles; "
    "these story_keys are not the lowest, or their articles are miscounted",
    "article_with_other_text": "an article's story is found from its current body; for these article_ids it is not",
    "text_of_no_article": "ops.story_text holds only bodies that articles have; no article has these text_keys",
    "text_without_leader": "every text in ops.story_text has a leader that leads itself; these text_keys have none",
    "band_of_no_text": "ops.story_band holds only bands of texts in ops.story_text; these text_keys are not in it",
    "key_of_no_article": "ops.article_alias identifies only articles that exist; these article_ids do not exist",
    "delivery_with_too_few": "every revision that the ledger records is stored; for these dump_keys some are missing",
    "delivery_with_too_many": "every stored revision is recorded in the ledger; for these dump_keys more are stored",
    "publication_miscounted": "mart.daily_count agrees with the stored articles; for these publication_keys it differs",
    "author_miscounted": "mart.author_count agrees with the stored articles; for these author_keys it differs",
    "topic_miscounted": "mart.topic_count agrees with the stored articles; for these topic_keys it differs",
}
"""Every finding that the query returns, and what is expected instead."""


def derive(frame: pd.DataFrame) -> pd.DataFrame:
    """Add a column per finding with the offending keys, so that results count and name them."""
    return frame.assign(**{name: frame["key"].where(frame["finding"] == name) for name in FINDINGS})


def expectations() -> list[Expectation]:
    """Critical ones stop the publish."""
    return [
        gxe.ExpectColumnValuesToBeNull(column=name, severity="critical", notes=reason)
        for name, reason in FINDINGS.items()
    ]
