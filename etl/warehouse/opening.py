"""The warehouse opened for a load: locked, its schema up to date, its limits set."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from etl import store, words
from etl.files import MAKE_ROOM
from etl.settings import Settings
from etl.warehouse import (
    WarehouseError,
    damage,
    lake,
    lake_faults,
    lake_writing,
    lock,
    places,
    published,
    published_note,
    reading,
    schema,
    whereabouts,
)
from etl.warehouse.statements import quoted

if TYPE_CHECKING:
    import sqlalchemy as sa

STORAGE_VERSION = "v1.5.0"
"""DuckDB's default storage leaves article bodies uncompressed, at four times the size."""

ZSTD_FROM_BYTES = 64
"""The mean length of texts from which DuckDB may compress them by zstd (its own default: 4,096). Its other method for
texts, DICT_FSST, takes none longer than 16 kB: one such body would leave the 122,880 of its row group uncompressed."""


def thrifty(settings: Settings, share: float = 1 / 2) -> Settings:
    """The settings for work on all rows of a load or of the warehouse: one thread, and a share of the memory limit.

    A second thread takes half as much CPU again and saves no time: each collects 122,880 bodies before it compresses
    them, and together they exceed the limit and spill. More memory only keeps blocks that are not read again.
    """
    number, unit = re.split(r" ?(?=[KMGT])", settings.memory_limit, maxsplit=1, flags=re.IGNORECASE)
    return replace(settings, threads=1, memory_limit=f"{float(number) * share}{unit}")


@contextmanager
def opened(settings: Settings, purpose: str) -> Iterator[sa.Engine]:
    """The warehouse, locked, its schema made to follow the SQL files. Closed, and so checkpointed, at the end."""
    with lock.held(settings, purpose), opened_unlocked(settings) as engine:
        yield engine


@contextmanager
def glanced(settings: Settings, purpose: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse as it is, locked but not changed in any way: the other ways of opening it migrate it.

    Raises WarehouseError where another holds it for too long.
    """
    with ExitStack() as stack:
        if holder := lock.taken(settings, purpose, stack, settings.lock_timeout_seconds):
            raise WarehouseError(f"{places.name_of(settings)}: still held by {holder}; wait for it to end")
        yield stack.enter_context(reading.attached(source(settings), damage.RESTORE))


@contextmanager
def opened_unlocked(settings: Settings, copy: Path | None = None) -> Iterator[sa.Engine]:
    """The warehouse, or a copy of it, for a caller that holds the lock and goes on holding it when the file is closed.

    Raises WarehouseError when it cannot be opened, is not Broadsheet's or was written by a later version.
    """
    if copy is None:
        whereabouts.settle(settings)
        if in_lake := lake.of(settings):
            with opened_lake(settings, in_lake) as engine:
                yield engine
            return
    file = copy or settings.warehouse_file
    is_as_left = file.exists() and _left.get(file) == _state_of(file)
    with _engine(settings, file) as engine:
        if not is_as_left:
            schema.migrate(engine)
        yield engine
    _left[file] = _state_of(file)


@contextmanager
def opened_lake(settings: Settings, in_lake: lake.Snapshot) -> Iterator[sa.Engine]:
    """A lake, whatever the note of what is published says of it: also one that is new."""
    lake.refuse_foreign_folder(in_lake)
    with _lake_engine(settings, in_lake) as engine:
        schema.migrate(engine)
        lake_writing.arrange(engine)
        yield engine


_left: dict[Path, tuple[int, int, int]] = {}
"""How this process last closed a file whose schema follows the SQL files: to compare them takes longer than to open."""


def _state_of(file: Path) -> tuple[int, int, int]:
    """What is another after anybody has written to a file or put another in its place."""
    stat = file.stat()
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def source(settings: Settings) -> Path | lake.Snapshot:
    """What one who only reads attaches."""
    return lake.of(settings) or settings.warehouse_file


def exists(settings: Settings) -> bool:
    """Whether anything was ever loaded. Raises WarehouseError when it is gone though it was published, or elsewhere."""
    whereabouts.refuse_left(settings)
    if in_lake := lake.of(settings):
        if not (is_there := lake.exists(in_lake)):
            whereabouts.refuse_older(settings)
        return is_there
    if settings.warehouse_file.exists():
        return True
    if copies := [*published.copies(settings), *published.shut(settings)]:
        raise WarehouseError(
            f"{settings.warehouse_file}: there is no such file, though {len(copies)} published copies are in "
            f"{settings.published_folder}; {damage.RESTORE}"
        )
    if settings.published_elsewhere and (note := published_note.read(settings)):
        raise WarehouseError(
            f"{settings.warehouse_file}: there is no such file, though {note['file']} is published in "
            f"{store.url_of(settings.published_elsewhere)}: load where it is, or {damage.RESTORE}"
        )
    return False


def _limits(settings: Settings) -> dict[str, Any]:
    """What DuckDB may take, and where it spills."""
    settings.spill.mkdir(parents=True, exist_ok=True)
    spill = str(settings.spill)
    return {"memory_limit": settings.memory_limit, "threads": settings.threads, "temp_directory": spill}


@contextmanager
def _overflow_explained(settings: Settings) -> Iterator[None]:
    """Raise what DuckDB says where both its memory and its disk are full as a WarehouseError that says what to do."""
    try:
        yield
    except Exception as error:
        if not isinstance(getattr(error, "orig", None) or error, duckdb.OutOfMemoryException):
            raise
        free = words.size(shutil.disk_usage(settings.spill).free)
        raise WarehouseError(
            f"DuckDB needs more than its {settings.memory_limit} of memory (BROADSHEET_MEMORY_LIMIT), and "
            f"{settings.spill} does not take the rest ({free} free); raise the limit, or {MAKE_ROOM}"
        ) from error


@contextmanager
def _lake_engine(settings: Settings, in_lake: lake.Snapshot) -> Iterator[sa.Engine]:
    engine = lake_writing.engine_of(in_lake, _limits(settings))
    try:
        with lake_faults.explained(in_lake), _overflow_explained(settings):
            yield engine
    finally:
        engine.dispose()


@contextmanager
def _engine(settings: Settings, file: Path) -> Iterator[sa.Engine]:
    import sqlalchemy as sa

    stored = {"storage_compatibility_version": STORAGE_VERSION, "zstd_min_string_length": ZSTD_FROM_BYTES}
    engine = sa.create_engine(
        "duckdb:///" + str(file), poolclass=sa.StaticPool, connect_args={"config": {**stored, **_limits(settings)}}
    )
    damage.refuse_foreign(file, damage.RESTORE)
    try:
        with damage.explained(file, damage.RESTORE), _overflow_explained(settings):
            yield engine
    finally:
        engine.dispose()


@contextmanager
def beside(settings: Settings, file: Path, place: Path | lake.Snapshot) -> Iterator[sa.Engine]:
    """A new file of one's own, in a folder of its own, with a published file or snapshot beside it, read-only, as
    `broadsheet`: for what is made of it while others use the warehouse.
    """
    import sqlalchemy as sa

    unchecked = lake.UNCHECKED if isinstance(place, lake.Snapshot) else {}
    limits = {**_limits(settings), "temp_directory": str(file.parent), **unchecked}
    engine = sa.create_engine(f"duckdb:///{file}", poolclass=sa.StaticPool, connect_args={"config": limits})
    sa.event.listen(engine, "connect", lambda connection, _: reading.attach(connection, place))
    try:
        with damage.explained(place, reading.REPLACE) if isinstance(place, Path) else nullcontext():
            yield engine
    finally:
        engine.dispose()


def attach_new(connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Add an empty database of the warehouse's storage version to a connection, under a name."""
    connection.execute(f"attach {quoted(path)} as {name} (storage_version '{STORAGE_VERSION}')")
