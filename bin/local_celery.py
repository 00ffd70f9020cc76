"""What `make up-many` starts besides Airflow's own four: PostgreSQL, Redis, an S3 server, and Celery workers.

It is several machines on one: each worker could be on another, which shares BROADSHEET_HOME.
"""

from __future__ import annotations

import json
import math
import os
import shlex
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from local_services import (
    HOST,
    USER,
    as_postgres,
    make_cluster,
    new_bucket,
    postgres_options,
    redis_command,
    s3_command,
    s3_environment,
    wait_for,
)

from etl.processes.workers import number_of_workers
from etl.settings import load_settings

POSTGRESQL, REDIS, S3 = "postgresql", "redis", "s3"
SERVERS = (POSTGRESQL, REDIS, S3)
AIRFLOW, LAKE = "airflow", "lake"
"""Databases: Airflow's own, and one for whoever moves the warehouse into a lake."""

BUCKET = "trial"
LAKE_FILE = "lake.sh"


def ports(first: int) -> dict[str, int]:
    """Where the servers listen: behind the port of the web UI."""
    return {name: first + place for place, name in enumerate(SERVERS, 1)}


def workers(number: int) -> dict[str, list[str]]:
    """The arguments with which Airflow's command line starts each worker."""
    # Logs are read from the disk; a worker's own server of them would listen on every interface.
    arguments = ["celery", "worker", "--skip-serve-logs", "--without-gossip", "--without-mingle", "--celery-hostname"]
    return {f"worker-{place}": [*arguments, f"worker-{place}@%h"] for place in range(1, number + 1)}


def servers(home: Path, first_port: int, secret: dict[str, str]) -> dict[str, list[str]]:
    """The command that starts each server. What they keep is made below `home`, where it is not there yet."""
    cluster, port = home / POSTGRESQL, ports(first_port)
    if not (cluster / "PG_VERSION").exists():
        with tempfile.NamedTemporaryFile("w", dir=home) as file:
            file.write(secret[POSTGRESQL])
            file.flush()
            make_cluster(cluster, "--auth=scram-sha-256", f"--pwfile={file.name}")
    return {
        POSTGRESQL: as_postgres("postgres", "-D", cluster, *postgres_options(port[POSTGRESQL])),
        REDIS: redis_command(home / REDIS, port[REDIS], secret[REDIS]),
        S3: s3_command(port[S3]),
    }


def fill(home: Path, first_port: int, secret: dict[str, str]) -> None:
    """Wait for the servers; make the databases and the bucket that are not there, and the file that leads to a lake."""
    port = ports(first_port)
    for name in SERVERS:
        wait_for(port[name])
    with _postgres(port[POSTGRESQL], secret) as cursor:
        cursor.execute("select datname from pg_database")
        there = {name for (name,) in cursor.fetchall()}
        for database in {AIRFLOW, LAKE} - there:
            cursor.execute(f"create database {database}")
    new_bucket(port[S3], BUCKET)
    catalogue = f"dbname={LAKE} host={HOST} port={port[POSTGRESQL]} user={USER}"
    # Not in $LAKE: command lines are read by everybody.
    leading = {"LAKE": f"ducklake:postgres:{catalogue}", "PGPASSWORD": secret[POSTGRESQL], **s3_environment(port[S3])}
    lines = [f"export {name}={shlex.quote(value)}\n" for name, value in leading.items()]
    (home / LAKE_FILE).write_text("".join(lines))


@contextmanager
def _postgres(port: int, secret: dict[str, str]) -> Iterator[Any]:
    import psycopg2

    connected = psycopg2.connect(
        dbname="postgres", host=HOST, port=port, user=USER, password=secret[POSTGRESQL], connect_timeout=30
    )
    with closing(connected) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor


def environment(first_port: int, secret: dict[str, str], number: int) -> dict[str, str]:
    """What Airflow is told besides, so that its tasks are spread over so many workers."""
    port = ports(first_port)
    database = f"postgresql+psycopg2://{USER}:{secret[POSTGRESQL]}@{HOST}:{port[POSTGRESQL]}/{AIRFLOW}"
    tasks = max(number_of_workers(load_settings()), number)
    return {
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        "AIRFLOW__CORE__PARALLELISM": os.environ.get("AIRFLOW__CORE__PARALLELISM") or str(tasks + 1),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database,
        "AIRFLOW__CELERY__RESULT_BACKEND": f"db+{database}",
        "AIRFLOW__CELERY__BROKER_URL": f"redis://:{secret[REDIS]}@{HOST}:{port[REDIS]}/0",
        "AIRFLOW__CELERY__WORKER_CONCURRENCY": str(math.ceil(tasks / number)),
        "AIRFLOW__CELERY__EXTRA_CELERY_CONFIG": json.dumps({"imports": ["broadsheet_airflow.preloaded"]}),
        "BROADSHEET_WORKERS": str(tasks),
    }


def answering(environment: dict[str, str]) -> int:
    """How many workers answer."""
    from celery import Celery

    with Celery(broker=environment["AIRFLOW__CELERY__BROKER_URL"]) as app:
        return len(app.control.ping(timeout=1))
