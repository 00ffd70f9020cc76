"""Full-text search: an index of words, kept up to date by the publish and by the tasks after it, never by the load.

The index is a table of the warehouse, published with it; `mart.find_articles` uses it and reads the texts that it does
not hold yet. It is made in segments, each in a transaction of its own, so that it can be interrupted. After a large
load the words are collected from what is published, while others use the warehouse.
"""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import duckdb

from etl import words
from etl.settings import SQL, Settings
from etl.warehouse import WarehouseError, lake, opening, reading, statements
from etl.warehouse.statements import rows

log = logging.getLogger(__name__)

SEARCH = SQL / "search"

SEGMENT_REVISIONS = 20_000
"""Their words fit into the memory limit while they are sorted, and are indexed in seconds."""

IN_LAKE_REVISIONS = 8_192
"""While a lake is held: its writer takes the memory that the words of a whole segment are sorted in."""
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
    """Index every revision that is not in the index yet, and hold the warehouse meanwhile. Returns how many:
    `articles_indexed`. A lake is not held: its writer takes the memory that the words are sorted in.
    """
    indexed = 0
    if opening.exists(settings):
        if in_lake := lake.of(settings):
            return add_published_to_index(settings, in_lake)
        with opening.opened(opening.thrifty(settings), "search index") as engine:
            while added := _add_segment(engine):
                indexed += added
    return _told(indexed)


def add_published_to_index(settings: Settings, place: Path | lake.Snapshot) -> dict[str, int]:
    """Index every revision of what is published that is not in its index yet. Returns how many: `articles_indexed`.

    The warehouse is opened only to add what was collected from the published texts. Segments in which a revision is
    gone, has another text or is in the index by now are left out: these revisions wait on. Raises WarehouseError
    where what was collected was removed meanwhile, as a takedown does.
    """
    thrifty = opening.thrifty(settings)
    settings.spill.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="index-", dir=settings.spill, ignore_cleanup_errors=True) as folder:
        file = Path(folder, "collected.duckdb")
        with opening.beside(thrifty, file, place) as engine:
            is_any = _collect(engine)
        return _told(_add_collected(thrifty, file) if is_any else 0)


def _told(indexed: int) -> dict[str, int]:
    log.info("The search index holds %s more.", words.counted(indexed, "article"))
    return {"articles_indexed": indexed}


def empty_index(settings: Settings) -> None:
    """Take everything out of the index, whatever is wrong with it; until it is made anew, a search reads the texts."""
    if opening.exists(settings):
        with opening.opened(settings, "empty the search index") as engine, engine.begin() as connection:
            _run(connection, "empty.sql")


def add_few_to_index(engine: Any) -> int:
    """Index what waits in the open warehouse where that is no more than a segment. Returns how many."""
    is_lake = bool(engine.get_execution_options().get("lake"))
    most = min(IN_LAKE_REVISIONS, SEGMENT_REVISIONS) if is_lake else SEGMENT_REVISIONS
    with engine.connect() as connection:
        waiting = _run(connection, "waiting.sql").scalar_one()
    return _add_segment(engine) if 0 < waiting <= most else 0


def _add_segment(engine: Any) -> int:
    with engine.begin() as connection:
        _run(connection, "waiting_revisions.sql")
        revisions, _ = _next_segment(connection)
        if revisions:
            _run(connection, "note_gaps.sql")
            _run(connection, "add_segment.sql")
            _merge(connection)
        return revisions


def _next_segment(connection: Any, after: int = 0) -> tuple[int, int]:
    """Choose the revisions of a segment: how many, and the key of the last; (0, 0) where none waits."""
    revisions, last = _run(connection, "next_segment.sql", revisions=SEGMENT_REVISIONS, after=after).one()
    return int(revisions), int(last or 0)


def _collect(engine: Any) -> bool:
    """Make segments of what waits in the attached place, in a file beside it. Returns whether there is any."""
    with engine.begin() as connection:
        connection.exec_driver_sql("use broadsheet")
        _run(connection, "waiting_revisions.sql")
        revisions, last = _next_segment(connection)
        connection.exec_driver_sql("use collected")
        if not revisions:
            return False
        _run(connection, "begin_collected.sql")
    with engine.connect() as connection:
        connection.exec_driver_sql("set search_path = 'collected.ops,broadsheet.news,broadsheet.mart'")
    while revisions:
        with engine.begin() as connection:
            _run(connection, "add_segment.sql")
            _merge(connection)
            revisions, last = _next_segment(connection, last)
    return True


def _add_collected(settings: Settings, file: Path) -> int:
    """Add the collected segments to the index, each whole or not at all. Returns how many revisions that is."""
    with opening.opened(settings, "search index") as engine:
        if not file.exists():
            raise WarehouseError(f"{file}: was removed while it was made, as a takedown does; run: broadsheet index")
        with engine.connect() as connection:
            reading.attach(statements.raw(connection), file, name="collected")
            segments = _run(connection, "collected_segments.sql").fetchall()
        return sum(_take_segment(engine, *segment) for segment in segments)


def _take_segment(engine: Any, segment: int, after: int, last: int) -> int:
    with engine.begin() as connection:
        _run(connection, "waiting_revisions.sql")
        same, read = _run(connection, "same_revisions.sql", after_key=after, last_article_key=last).one()
        if same < read:
            log.warning("%s changed while they were indexed; they wait on.", words.counted(read - same, "article"))
            return 0
        _run(connection, "note_gaps.sql")
        _run(connection, "take_segment.sql", segment_key=segment)
        _merge(connection)
        return int(same)


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
