"""Rows that are not articles: what else WordPress keeps among its posts, what a service has removed, and what only
says where a row goes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from etl.model import Piece, Reject, Skip

REMOVED = "[Removed]"
"""The headline and the text of what NewsAPI has no more."""
_ARTICLES = frozenset(("", "article", "articles", "news", "post", "posts", "story"))
"""Types of WordPress: `post` is its own, the others are those of news sites."""

BULK_ACTION = "action of a bulk request"
_ACTIONS = frozenset(("create", "delete", "index", "update"))
_TARGET = re.compile(
    r"_?(?:id|index|type|version|version_type|routing|parent|retry_on_conflict)|if_(?:seq_no|primary_term)|pipeline"
    r"|op_type|require_(?:alias|data_stream)|dynamic_templates|list_executed_pipelines"
)


def is_bulk_action(row: dict[str, Any]) -> bool:
    """Whether an object is the line before a document in a bulk request of Elasticsearch and OpenSearch: what is done,
    and in which index, as in `{"index": {"_id": "7"}}`."""
    if len(row) != 1:
        return False
    ((action, target),) = row.items()
    return action in _ACTIONS and isinstance(target, dict) and all(map(_TARGET.fullmatch, target))


def other_kind(keys: Iterable[str | int], row: Any) -> str | None:
    """What kind of thing a row is by the columns that say it; None where it is an article."""
    for key in keys:
        value = row[key]
        if isinstance(value, str) and value.strip().casefold() not in _ARTICLES:
            return value.strip().casefold()
    return None


def words_of(row: Any) -> str:
    """The texts of a row."""
    values = row.values() if isinstance(row, dict) else row
    return "\n".join(value for value in values if isinstance(value, str))


def without_skip(piece: Piece, data: Callable[[], bytes]) -> Piece:
    """A piece of a table whose rows are counted by their number alone: there what is not an article is rejected."""
    if not isinstance(piece, Skip):
        return piece
    return Reject(piece.position, f"is not an article: {piece.kind}", data())
