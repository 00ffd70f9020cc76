"""Full-text search: an index of words, kept up to date by the publish and by the tasks after it, never by the load.

The index is a table of the warehouse, published with it; `mart.find_articles` uses it and reads the texts that it does
not hold yet. It is made in segments, each in a transaction of its own, so that it can be interrupted.
"""

from __future__ import annotations

import logging
from datetime import date
from typing import Any, NamedTuple

import duckdb

from etl import words
from etl.settings import SQL, Settings
from etl.warehouse import opening, statements
from etl.warehouse.statements import rows

log = logging.getLogger(__name__)

SEARCH = SQL / "search"

SEGMENT_REVISIONS = 20_000
"""Their words fit into the memory limit while they are sorted, and are indexed in seconds."""

MOST_REVISIONS = 160_000
"""In a segment: to take a revision out, all postings of its words in its segment are written again."""

STRETCH_POSTINGS = 2_000_000
"""Merged at once, in about 100 MB."""


class Narrowed(NamedTuple):
    """What restricts a search besides its question; None where nothing does."""

    publication: str | None = None
    section: str | None = None
    language: str | None = None
    topic: str | None = None
    story: int | None = None
    published_from: date | None = None
    published_to: date | None = None


NOWHERE_NARROWED = Narrowed()


def add_to_index(settings: Settings) -> dict[str, int]:
    """Index every revision that is not in the index yet. Returns how many: `articles_indexed`."""
    indexed = 0
    if opening.exists(settings):
        with opening.opened(opening.thrifty(settings), "search index") as engine:
            while added := _add_segment(engine):
                indexed += added
    log.info("The search index holds %s more.", words.counted(indexed, "article"))
    return {"articles_indexed": indexed}


def empty_index(settings: Settings) -> None:
    """Take everything out of the index, whatever is wrong with it; until it is made anew, a search reads the texts."""
    if opening.exists(settings):
        with opening.opened(settings, "empty the search index") as engine, engine.begin() as connection:
            _run(connection, "empty.sql")


def add_few_to_index(engine: Any) -> int:
    """Index what waits in the open warehouse where that is no more than a segment. Returns how many."""
    with engine.connect() as connection:
        waiting = _run(connection, "waiting.sql").scalar_one()
    return _add_segment(engine) if 0 < waiting <= SEGMENT_REVISIONS else 0


def _add_segment(engine: Any) -> int:
    with engine.begin() as connection:
        revisions = int(_run(connection, "next_segment.sql", revisions=SEGMENT_REVISIONS).scalar_one())
        if revisions:
            _run(connection, "add_segment.sql")
            _merge(connection)
        return revisions


def _merge(connection: Any) -> None:
    """Make one of the newest segments, where they are many."""
    stretches = _run(connection, "next_merge.sql", revisions=MOST_REVISIONS, postings=STRETCH_POSTINGS).fetchall()
    for first, last in stretches:
        _run(connection, "merge_stretch.sql", first_term=first, last_term=last)
    if stretches:
        _run(connection, "end_merge.sql")


def _run(connection: Any, file: str, **parameters: Any) -> Any:
    return statements.run_file(connection, SEARCH / file, parameters)


def find(
    connection: duckdb.DuckDBPyConnection, question: str, top: int, narrowed: Narrowed = NOWHERE_NARROWED
) -> list[dict[str, Any]]:
    """The best articles in which the question holds: with all that is wanted in the headline first, then the newest.

    Each has article_id, published_date, publication, headline, status, embargo_until, url, story_key and `snippet`,
    what its body says around the first word, with the words between two asterisks. Raises duckdb.Error, which names
    what it is, where the question is not understood.
    """
    return rows(connection, SEARCH / "best.sql", question=question, top=top, **narrowed._asdict())


def count(
    connection: duckdb.DuckDBPyConnection, question: str, narrowed: Narrowed = NOWHERE_NARROWED
) -> tuple[int, int]:
    """In how many articles the question holds, and how many revisions are not indexed yet, so that they are read."""
    ((found,),) = (
        _values(row) for row in rows(connection, SEARCH / "count.sql", question=question, **narrowed._asdict())
    )
    ((waiting,),) = (_values(row) for row in rows(connection, SEARCH / "waiting.sql"))
    return found, waiting


def _values(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row.values())
