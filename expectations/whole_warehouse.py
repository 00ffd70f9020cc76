"""What must be true of the warehouse as a whole, beyond its single tables. The weekly maintenance asks.

The frame: one row per offending row, with what was found and its key; see sql/verify/findings.sql.
"""

import great_expectations.expectations as gxe
import pandas as pd
from great_expectations.expectations.expectation import Expectation

FINDINGS = {
    "revision_without_text": "every revision has its words in news.article_text; these article_keys have none",
    "revision_with_other_authors": "a revision has as many people in news.bridge_article_author as its author_count "
    "says; these article_keys have more or fewer",
    "article_without_story": "every article has its story in news.article_story; these article_ids have none",
    "article_without_key": "every article is known by a key in ops.article_alias, or its next delivery would load it "
    "once more; these article_ids have none",
    "story_of_no_article": "news.article_story holds only articles that exist; these article_ids do not",
    "story_miscounted": "a story is called by the lowest article_id in it, and news.dim_story counts its articles; "
    "these story_keys are not the lowest, or miscounted",
    "article_with_other_text": "the story of an article is told by its current body; of these article_ids by another",
    "text_of_no_article": "ops.story_text keeps only what bodies that articles have tell; these text_keys are of none",
    "text_without_leader": "every text in ops.story_text is led by one that leads itself; these text_keys are not",
    "band_of_no_text": "ops.story_band holds only bands of texts in ops.story_text; these text_keys are not there",
    "key_of_no_article": "ops.article_alias leads only to articles that exist; these article_ids do not",
    "delivery_with_too_few": "what the ledger says was inserted or revised is stored; of these dump_keys some is not",
    "delivery_with_too_many": "what is stored was inserted or revised by the ledger; of these dump_keys there is more",
    "publication_miscounted": "mart.daily_count counts what is stored; of these publication_keys it counts otherwise",
    "author_miscounted": "mart.author_count counts what is stored; of these author_keys it counts otherwise",
    "topic_miscounted": "mart.topic_count counts what is stored; of these topic_keys it counts otherwise",
}
"""Every finding that the query knows, and what is expected instead."""


def derive(frame: pd.DataFrame) -> pd.DataFrame:
    """Give every finding a column with the offending keys, so that results count and name them."""
    return frame.assign(**{name: frame["key"].where(frame["finding"] == name) for name in FINDINGS})


def expectations() -> list[Expectation]:
    """Critical ones stop the publish."""
    return [
        gxe.ExpectColumnValuesToBeNull(column=name, severity="critical", notes=reason)
        for name, reason in FINDINGS.items()
    ]
