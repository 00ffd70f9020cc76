"""PostgreSQL and an S3 server for tests: real ones, on loopback and free ports, stopped at the end.

PostgreSQL, and Redis for tests/scale, are Debian's packages; where one is missing, the tests that need it are skipped
and say so.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import local_services
import pytest
from local_services import USER, as_postgres, free_port, wait_for


@dataclass(frozen=True)
class Postgres:
    """A server of its own, whose user needs no password."""

    port: int
    folder: Path

    def connection(self, database: str) -> str:
        """How to connect to a database, as libpq takes it."""
        return f"dbname={database} host=127.0.0.1 port={self.port} user={USER}"

    def new_database(self, template: str = "template0") -> str:
        """Create a database, empty or as another one is. Returns how to connect to it."""
        name = f"lake_{os.getpid()}_{next(_NUMBERS)}"
        self.as_superuser(self.connection("postgres"), f"create database {name} template {template} strategy file_copy")
        return self.connection(name)

    def copied(self, connection: str) -> str:
        """Create a copy of a database to which nobody is connected. Returns how to connect to it."""
        return self.new_database(_name(connection))

    def put_back(self, connection: str, copy: str) -> None:
        """Make a database what its copy is, whoever is connected to it."""
        administrator = self.connection("postgres")
        self.as_superuser(administrator, f"drop database if exists {_name(connection)} with (force)")
        self.as_superuser(
            administrator, f"create database {_name(connection)} template {_name(copy)} strategy file_copy"
        )

    def as_superuser(self, connection: str, statement: str) -> None:
        """Run a statement in the database that a connection leads to."""
        import psycopg2

        opened = psycopg2.connect(connection, user=USER)
        opened.autocommit = True
        with opened.cursor() as cursor:
            cursor.execute(statement)
        opened.close()

    def control(self, *command: str) -> None:
        """Give a command to pg_ctl: start, stop, restart."""
        options = " ".join([*local_services.postgres_options(self.port), "-c", "fsync=off"])
        where = ("-D", self.folder / "data", "-w", "-l", self.folder / "log", "-o", options)
        subprocess.run(as_postgres("pg_ctl", *where, *command), check=True, cwd="/", stdout=subprocess.DEVNULL)


_NUMBERS = count()


def _name(connection: str) -> str:
    """The database that a connection leads to."""
    from psycopg2.extensions import parse_dsn

    return str(parse_dsn(connection)["dbname"])


def has_postgres() -> bool:
    """Whether PostgreSQL is installed."""
    return "postgresql" not in local_services.missing()


def needs_postgres() -> pytest.MarkDecorator:
    """Skips a test where PostgreSQL is not installed."""
    return _needs("postgresql")


def needs_redis() -> pytest.MarkDecorator:
    """Skips a test where Redis is not installed."""
    return _needs("redis-server")


def _needs(package: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(
        package in local_services.missing(), reason=f"waits for {package}: apt-get install {package}"
    )


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL that is started and stopped."""
    with tempfile.TemporaryDirectory(prefix="broadsheet-postgres-", dir="/tmp", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        local_services.make_cluster(folder / "data", "--auth=trust", "--no-sync")
        server = Postgres(free_port(), folder)
        server.control("start")
        try:
            yield server
        finally:
            server.control("stop", "-m", "immediate")


@dataclass(frozen=True)
class S3:
    """An S3 server on a port of loopback."""

    port: int

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead to it."""
        return local_services.s3_environment(self.port)

    def new_bucket(self) -> str:
        """Create an empty bucket. Returns its address."""
        name = f"bucket-{os.getpid()}-{next(_NUMBERS)}"
        local_services.new_bucket(self.port, name)
        return f"s3://{name}"


@contextmanager
def s3() -> Iterator[S3]:
    """An S3 server that is started and stopped."""
    port = free_port()
    with ExitStack() as stack:
        _start(stack, local_services.s3_command(port))
        wait_for(port)
        yield S3(port)


def _start(stack: ExitStack, command: list[str]) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    stack.callback(process.wait)
    stack.callback(process.terminate)
    return process
