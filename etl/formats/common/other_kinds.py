"""Rows that are not articles: what else WordPress keeps among its posts, and what a service has removed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from etl.model import Piece, Reject, Skip

REMOVED = "[Removed]"
"""The headline and the text of what NewsAPI has no more."""
_ARTICLES = frozenset(("", "article", "articles", "news", "post", "posts", "story"))
"""Types of WordPress: `post` is its own, the others are those of news sites."""


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
