"""The warehouse as a lake that many machines read: DuckLake, its catalogue in PostgreSQL, its rows in Parquet files.

DuckLake reads and writes the same SQL. What it lacks is here: extensions that load offline, the secret of the storage;
in `lake_lock` the lock among all machines, in `lake_writing` the fence that refuses whoever lost it. Needs
`pip install broadsheet[scale]`.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import duckdb

from etl import store
from etl.settings import Settings, SettingsError
from etl.warehouse import WarehouseError
from etl.warehouse.statements import quoted_text

if TYPE_CHECKING:
    import psycopg2.extensions

PREFIX = "ducklake:postgres:"

MISSPELT = (
    "BROADSHEET_WAREHOUSE, or --to, does not say how to connect: expected ducklake:postgres: and then names and values "
    "as libpq takes them, such as dbname=broadsheet host=db.example user=loader"
)

CHECK = "check BROADSHEET_WAREHOUSE, or --to, and that PostgreSQL runs"
GONE = (
    "check BROADSHEET_WAREHOUSE, or --to; for a new lake create it (createdb); where it was lost, bring it back from a "
    "backup, or go on in a file: unset BROADSHEET_WAREHOUSE and BROADSHEET_LAKE_DATA, and: broadsheet restore "
    "--number, with that of a published copy; without one `broadsheet status` says how to go on with the file that was "
    "moved"
)

EXTENSIONS = ("httpfs", "postgres_scanner", "ducklake")

UNCHECKED: dict[str, Any] = {"allow_unsigned_extensions": "true"}
"""How a connection begins that is to load extensions. Out of their wheels they were checked when they were installed;
to check 80 MB again at every connection takes half a second. `load_extensions` takes the permission back."""

HTTP = {"http_retries": 10, "http_retry_wait_ms": 200, "http_retry_backoff": 1.6}
"""Asks again for about 35 seconds. DuckDB's own 3 times are spent before a storage that answers 503 for 20 seconds is
back; with its own factor of 4, 10 times would take seven hours where there is no storage at all.
"""


MADE_MEANWHILE = re.compile("(?s)Failed to initialize DuckLake.*(already exists|duplicate key)")
PAUSES_SECONDS = (0.2, 1.0, 3.0)


class Unreachable(WarehouseError):
    """The catalogue of a lake cannot be reached now, or no longer. It may pass."""


@dataclass(frozen=True)
class Snapshot:
    """A lake as it is, or as it was at a snapshot of that number."""

    catalogue: str = field(repr=False)
    """How to connect to PostgreSQL, as libpq takes it. May contain a password."""
    data: str
    number: int | None = None

    @property
    def name(self) -> str:
        """How it is called on a screen: without what may be a password."""
        return f"the lake {self.data}" + (f", snapshot {self.number}" if self.number is not None else "")

    @property
    def line(self) -> str:
        """The SQL with which an analyst attaches it, without a password: that is PostgreSQL's .pgpass or PGPASSWORD."""
        at = f", snapshot_version {self.number}" if self.number is not None else ""
        return f"attach '{PREFIX}{without_password(self.catalogue)}' as broadsheet (read_only{at}); use broadsheet"


def of(settings: Settings) -> Snapshot | None:
    """The lake that the settings name; None where the warehouse is a file. Raises SettingsError without its data."""
    if not settings.warehouse:
        if settings.lake_data:
            raise SettingsError(
                "BROADSHEET_LAKE_DATA says where a lake keeps its rows, and BROADSHEET_WAREHOUSE is not set: set both, "
                "or neither"
            )
        return None
    if not settings.lake_data:
        raise SettingsError("BROADSHEET_WAREHOUSE names a lake; say with BROADSHEET_LAKE_DATA where it keeps its rows")
    return Snapshot(settings.warehouse.removeprefix(PREFIX), settings.lake_data.rstrip("/"))


def without_password(catalogue: str) -> str:
    """How to connect to PostgreSQL, as everybody may read it."""
    extensions = psycopg2_extensions()
    import psycopg2

    try:
        parts = extensions.parse_dsn(catalogue)
    except psycopg2.ProgrammingError:
        raise SettingsError(MISSPELT) from None
    parts.pop("password", None)
    return str(psycopg2_extensions().make_dsn(**parts))


def exists(lake: Snapshot) -> bool:
    """Whether anything was ever loaded."""
    with catalogue_of(lake) as connection, connection.cursor() as cursor:
        cursor.execute("select to_regclass('ducklake_table') is not null")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("select count(*) > 0 from ducklake_table where table_name = 'load_run' and end_snapshot is null")
        return bool(cursor.fetchone()[0])


def data_path(lake: Snapshot) -> str | None:
    """Where the catalogue says that the rows are; None where it is empty."""
    with catalogue_of(lake) as connection, connection.cursor() as cursor:
        cursor.execute("select to_regclass('ducklake_metadata') is not null")
        if not cursor.fetchone()[0]:
            return None
        cursor.execute("select value from ducklake_metadata where key = 'data_path'")
        found = cursor.fetchone()
    return found[0].rstrip("/") if found else None


def refuse_foreign_folder(lake: Snapshot) -> None:
    """Raise WarehouseError where a lake has its rows elsewhere, or where one that is about to be made would keep
    them among files of others: those that no table of it names are removed one day.
    """
    begun = data_path(lake)  # also by one who was killed, and comes again
    if begun == lake.data:
        return
    if begun is not None and _has_rows(lake):
        raise WarehouseError(
            f"{lake.name}: its catalogue has the rows in {begun}/: let BROADSHEET_LAKE_DATA, or --data, name that; "
            f"where all of them were moved, write {lake.data}/ as data_path into its table ducklake_metadata "
            "(docs/scaling.md, Restore)"
        )
    try:
        found = next(iter(store.files(store.path_of(lake.data))), None)
    except OSError as error:
        raise WarehouseError(
            f"{lake.name}: {error.strerror}; create it, or correct BROADSHEET_LAKE_DATA, or --data"
        ) from error
    if found:
        raise WarehouseError(
            f"{lake.name}: is not empty, and its catalogue is: found {store.url_of(found)}; name a folder for nothing "
            "else (BROADSHEET_LAKE_DATA, or --data), or the catalogue that belongs to it (BROADSHEET_WAREHOUSE)"
        )


def _has_rows(lake: Snapshot) -> bool:
    with catalogue_of(lake) as connection, connection.cursor() as cursor:
        cursor.execute("select count(*) > 0 from ducklake_data_file")
        return bool(cursor.fetchone()[0])


def numbers_in_catalogue(lake: Snapshot) -> set[int]:
    """The numbers of the snapshots of a lake, from its catalogue itself."""
    with catalogue_of(lake) as connection, connection.cursor() as cursor:
        cursor.execute("select to_regclass('ducklake_snapshot') is not null")
        if not cursor.fetchone()[0]:
            return set()
        cursor.execute("select snapshot_id from ducklake_snapshot")
        return {number for (number,) in cursor.fetchall()}


def attach(
    connection: duckdb.DuckDBPyConnection, lake: Snapshot, read_only: bool = True, name: str = "broadsheet"
) -> None:
    """Attach a lake, or a snapshot of it, to a connection; as `broadsheet` it is the one in use."""
    is_on_s3 = lake.data.startswith("s3://")
    load_extensions(connection, EXTENSIONS if is_on_s3 else EXTENSIONS[1:])
    if is_on_s3:
        for setting, value in HTTP.items():
            connection.execute(f"set {setting} = {value}")
        connection.execute(_secret(lake.data))
    options = [f"data_path {quoted_text(lake.data + '/')}", "override_data_path true", "data_inlining_row_limit 0"]
    if read_only:
        options.append("read_only")
    if lake.number is not None:
        options.append(f"snapshot_version {lake.number:d}")
    with _reached(lake):
        _attach(connection, f"attach {quoted_text(PREFIX + lake.catalogue)} as {name} ({', '.join(options)})")
    if name == "broadsheet":
        connection.execute("use broadsheet")


def _attach(connection: duckdb.DuckDBPyConnection, statement: str) -> None:
    """Attach, again where another process has just made the catalogue: DuckLake does that without a lock."""
    for pause_seconds in (*PAUSES_SECONDS, None):
        try:
            connection.execute(statement)
            return
        except duckdb.Error as error:
            if pause_seconds is None or not MADE_MEANWHILE.search(str(error)):
                raise
            time.sleep(pause_seconds)


@contextmanager
def writable(lake: Snapshot, settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A lake attached for what is no transaction over its tables: its upkeep."""
    limits: dict[str, Any] = {"memory_limit": settings.memory_limit, "threads": settings.threads}
    with duckdb.connect(config={**limits, **UNCHECKED}) as connection:
        attach(connection, lake, read_only=False)
        yield connection


def load_extensions(connection: duckdb.DuckDBPyConnection, names: Sequence[str] = EXTENSIONS) -> None:
    """Load what DuckDB needs: from the wheels of the extra `scale`, else as DuckDB installs it from its own site.

    The connection may begin as UNCHECKED: what comes from that site is checked, and whatever is loaded later.
    """
    wheels = {name: wheel for name in names if (wheel := _in_wheel(name))}
    for wheel in wheels.values():
        connection.execute(f"load {quoted_text(str(wheel))}")
    connection.execute("set allow_unsigned_extensions = false")
    for name in (name for name in names if name not in wheels):
        try:
            connection.execute(f"install {name}; load {name}")
        except duckdb.Error as error:
            said = str(error).partition("\n")[0]
            raise SettingsError(
                f"DuckDB's extension {name} is in no package for DuckDB {duckdb.__version__}, and cannot be fetched: "
                f"{said}; install the packages again: pip install 'broadsheet[scale]'"
            ) from None


def _in_wheel(name: str) -> Path | None:
    wheel = find_spec(f"duckdb_extension_{name}")
    folders = (wheel.submodule_search_locations if wheel else None) or []
    files = (Path(folder, "extensions", f"v{duckdb.__version__}", f"{name}.duckdb_extension") for folder in folders)
    return next(filter(Path.exists, files), None)


def _secret(data: str) -> str:
    """How DuckDB reaches the storage: by the variables of the environment that all tools for S3 read."""
    endpoint = urlsplit(os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or "")
    said = {
        "key_id": os.environ.get("AWS_ACCESS_KEY_ID"),
        "secret": os.environ.get("AWS_SECRET_ACCESS_KEY"),
        "session_token": os.environ.get("AWS_SESSION_TOKEN"),
        "region": os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1",
        "endpoint": endpoint.netloc or None,
        "url_style": "path" if endpoint.netloc else None,
        "use_ssl": "false" if endpoint.scheme == "http" else None,
    }
    values = ", ".join(f"{name} {quoted_text(value)}" for name, value in said.items() if value)
    return f"create or replace secret lake (type s3, scope {quoted_text(data)}, {values})"


@contextmanager
def _reached(lake: Snapshot) -> Iterator[None]:
    """Raise why a lake cannot be attached as Unreachable, without what may be a password."""
    try:
        yield
    except duckdb.Error as error:
        said = str(error).partition("\n")[0].replace(lake.catalogue, "...")
        raise Unreachable(
            f"{lake.name}: cannot be opened: {said}; check BROADSHEET_WAREHOUSE and BROADSHEET_LAKE_DATA, or --to and "
            "--data, and that PostgreSQL and the storage can be reached"
        ) from None


def newest_snapshot(connection: duckdb.DuckDBPyConnection) -> int:
    """The number of the last snapshot of a lake that is attached."""
    (number,) = connection.execute("select max(snapshot_id) from ducklake_snapshots('broadsheet')").fetchone() or (0,)
    return int(number)


def bytes_of(connection: duckdb.DuckDBPyConnection) -> int:
    """How much a lake that is attached stores, as its catalogue knows it."""
    (size,) = connection.execute(
        "select sum(file_size_bytes + delete_file_size_bytes)::bigint from ducklake_table_info('broadsheet')"
    ).fetchone() or (0,)
    return int(size or 0)


@contextmanager
def catalogue_of(lake: Snapshot, name: str = "broadsheet") -> Iterator[psycopg2.extensions.connection]:
    """PostgreSQL itself, for what DuckLake does not do; `name` is how others see the connection.

    Raises Unreachable where it cannot be reached, or the connection is lost.
    """
    psycopg2_extensions()
    import psycopg2

    try:
        connection = psycopg2.connect(
            lake.catalogue, application_name=name[:63], connect_timeout=10, keepalives_idle=10, keepalives_interval=5
        )
    except psycopg2.ProgrammingError:
        raise SettingsError(MISSPELT) from None  # what libpq says of it may quote a piece of the password
    except psycopg2.OperationalError as error:
        said = str(error).strip().partition("\n")[0]
        is_gone = re.search('database ".*" does not exist', said)
        raise Unreachable(
            f"{lake.name}: its catalogue cannot be reached: {said}; {GONE if is_gone else CHECK}"
        ) from None
    connection.autocommit = True
    try:
        yield connection
    except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
        if not connection.closed:
            raise
        said = str(error).strip().partition("\n")[0]
        raise Unreachable(
            f"{lake.name}: the connection to its catalogue was lost: {said}; check that PostgreSQL runs, then run it "
            "again"
        ) from None
    finally:
        connection.close()


def psycopg2_extensions() -> Any:
    """PostgreSQL's driver. Raises SettingsError where the extra is not installed."""
    try:
        import psycopg2.extensions
    except ImportError:
        raise SettingsError(
            "BROADSHEET_WAREHOUSE names a lake, which needs more packages: pip install 'broadsheet[scale]'"
        ) from None
    return psycopg2.extensions
