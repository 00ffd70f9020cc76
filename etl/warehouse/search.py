"""Full-text search: an index of words, brought up to date after the publish and every week, never by the load.

The index is a table of the warehouse, published with it; `mart.search` uses it and looks through what it does not
hold yet. It is made in segments, each in a transaction of its own, so that it can be interrupted.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import duckdb

from etl import words
from etl.settings import SQL, Settings
from etl.warehouse import opening, statements
from etl.warehouse.statements import rows

log = logging.getLogger(__name__)

SEGMENT_ARTICLES = 20_000
"""Its words fit into the memory limit while they are sorted."""

SNIPPET_CHARACTERS = 160


def add_to_index(settings: Settings) -> dict[str, int]:
    """Index every revision that is not in the index yet. Returns how many: `articles_indexed`."""
    indexed = 0
    if opening.exists(settings):
        with opening.opened(settings, "search index") as engine:
            while added := _add_segment(engine):
                indexed += added
    log.info("The search index holds %s more.", words.counted(indexed, "article"))
    return {"articles_indexed": indexed}


def _add_segment(engine: Any) -> int:
    with engine.begin() as connection:
        segment = statements.run_file(
            connection, SQL / "search" / "next_segment.sql", {"articles": SEGMENT_ARTICLES}
        ).one()
        if segment.first_article_key is None:
            return 0
        statements.run_file(connection, SQL / "search" / "add_segment.sql", dict(segment._mapping))
        return int(segment.last_article_key - segment.first_article_key + 1)


def find(connection: duckdb.DuckDBPyConnection, asked: str, limit: int) -> tuple[list[dict[str, Any]], int]:
    """The best articles with all the words, headlines first, then the newest; and how many there are in all.

    Each has article_id, published_date, publication, headline and `snippet`: the text around the first word.
    """
    found = rows(connection, SQL / "search" / "best.sql", words=asked, limit=limit)
    total = found[0]["total"] if found else 0
    for article in found:
        article["snippet"] = _snippet(article.pop("body"), asked)
    return found, total


def _snippet(body: str | None, asked: str) -> str:
    """The text around the first of the words that occurs in it as typed; else its beginning."""
    text = " ".join((body or "").split())
    lower = text.lower()
    places: Iterator[int] = (lower.find(word) for word in asked.lower().split())
    place = next((place for place in places if place >= 0), 0)
    start = max(0, place - SNIPPET_CHARACTERS // 3)
    start = text.find(" ", start) + 1 if start else 0
    end = start + SNIPPET_CHARACTERS
    return ("… " if start else "") + text[start:end].strip() + (" …" if end < len(text) else "")
