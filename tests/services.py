"""PostgreSQL, Redis and an S3 server for tests: real ones, on loopback and free ports, stopped at the end.

PostgreSQL and Redis are Debian's packages; where one is missing, the tests that need it are skipped and say so.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

USER = "broadsheet"
S3_ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "tests", "AWS_REGION": "us-east-1"}
PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Postgres:
    """A server of its own, whose user needs no password."""

    port: int
    folder: Path

    def connection(self, database: str) -> str:
        """How to connect to a database, as libpq takes it."""
        return f"dbname={database} host=127.0.0.1 port={self.port} user={USER}"

    def new_database(self) -> str:
        """Create an empty database. Returns how to connect to it."""
        import psycopg2

        name = f"lake_{os.getpid()}_{next(_NUMBERS)}"
        connection = psycopg2.connect(self.connection("postgres"))
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"create database {name} template template0 strategy file_copy")
        connection.close()
        return self.connection(name)

    def control(self, *command: str) -> None:
        """Give a command to pg_ctl: start, stop, restart."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} -c fsync=off"
        log = self.folder / "log"
        _as_postgres(_postgres_tool("pg_ctl"), "-D", self.folder / "data", "-w", "-l", log, "-o", options, *command)


_NUMBERS = count()


def needs_postgres() -> pytest.MarkDecorator:
    """Skips a test where PostgreSQL is not installed."""
    return pytest.mark.skipif(not _postgres_tool("pg_ctl"), reason="waits for PostgreSQL: apt-get install postgresql")


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL that is started and stopped. It refuses to run as root, so root lends it to the user postgres."""
    with tempfile.TemporaryDirectory(prefix="broadsheet-postgres-", dir="/tmp", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        initdb = (_postgres_tool("initdb"), "-D", folder / "data", "-A", "trust", "-U", USER)
        _as_postgres(*initdb, "--no-sync", "--encoding=UTF8", "--locale=C")
        server = Postgres(free_port(), folder)
        server.control("start")
        try:
            yield server
        finally:
            server.control("stop", "-m", "immediate")


def _postgres_tool(name: str) -> Path | None:
    """A program of the newest PostgreSQL that is installed: Debian keeps them out of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    return found[-1] if found else None


def _as_postgres(*command: object) -> None:
    other = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*other, *map(str, command)], check=True, cwd="/", stdout=subprocess.DEVNULL)


@dataclass(frozen=True)
class S3:
    """An S3 server on a port of loopback."""

    port: int

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead to it."""
        return {**S3_ENVIRONMENT, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}"}

    def new_bucket(self) -> str:
        """Create an empty bucket. Returns its address."""
        import boto3

        name = f"bucket-{os.getpid()}-{next(_NUMBERS)}"
        client = boto3.client(
            "s3",
            endpoint_url=self.environment["AWS_ENDPOINT_URL"],
            region_name=S3_ENVIRONMENT["AWS_REGION"],
            aws_access_key_id="tests",
            aws_secret_access_key="tests",
        )
        client.create_bucket(Bucket=name)
        return f"s3://{name}"


@contextmanager
def s3() -> Iterator[S3]:
    """An S3 server that is started and stopped."""
    port = free_port()
    with ExitStack() as stack:
        _start(stack, Path(sys.executable).with_name("moto_server"), "-H", "127.0.0.1", "-p", port)
        _wait_for(port)
        yield S3(port)


def _start(stack: ExitStack, *command: object) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    stack.callback(process.wait)
    stack.callback(process.terminate)
    return process


def free_port() -> int:
    """A port of loopback that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(port: int) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
