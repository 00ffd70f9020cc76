"""A night on two Celery workers, as `make up-many` starts them: a real PostgreSQL, a real Redis, on loopback."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
import services
from chaos import dumps
from chaos.homes import BROADSHEET, Home
from chaos.office import WORKERS, Office, many, wait_for
from newsroom import Newsroom, settings_in
from snapshot import hashes

from etl.settings import Settings

pytestmark = [services.needs_postgres(), services.needs_redis()]

ASKED_SECONDS = 2
"""So long a worker's question for a task is open at Redis: one that stands still would be given it all the same."""

DUMPS = dumps.Size(articles=60, yesterday=0, tonight=2)


def test_a_night_ends_in_the_same_tables_as_in_one_process_though_redis_is_killed_meanwhile(tmp_path: Path) -> None:
    for folder in (tmp_path / "together", tmp_path / "alone"):
        dumps.make(folder, DUMPS, 0, DUMPS.tonight)
    alone = Newsroom(tmp_path / "alone", replace(settings_in(tmp_path / "alone"), batch_files=1))
    together = Home(tmp_path / "together" / "home", tmp_path / "together").setting(workers="2", front_page="no")
    with many(together) as office:
        with office.still(*WORKERS):
            time.sleep(ASKED_SECONDS)
            run_id = office.trigger()
            wait_for("the first task in the queue", lambda: office.queued() == 1)
            office.restart("redis")
            assert office.queued() == 1
        assert office.end_of(run_id) == "success: every task at its first try"
        assert all(len(office.tasks_of(worker)) > 1 for worker in WORKERS)
        assert {host for name in office.leaders for host in listening(office.processes(name))} == {"127.0.0.1"}
        assert_asks_for_a_password(office.port)
        alone.ingest(run_id=run_id)
        expected = hashes(alone.settings)
        assert hashes(replace(alone.settings, home=together.folder)) == expected
        assert expected["news.fact_article"][0] > DUMPS.tonight * DUMPS.articles
        assert hashes_in_lake(office, alone.settings) == expected


def hashes_in_lake(office: Office, settings: Settings) -> dict[str, tuple[Any, ...]]:
    """Those of the warehouse after it was moved into a lake on the servers, as the guide says."""
    script = '. "$0"; broadsheet move-warehouse --to "$LAKE" --data s3://trial/lake >&2; env'
    script = script.replace("broadsheet", BROADSHEET)
    command = ["bash", "-euc", script, str(office.folder / "lake.sh")]
    done = subprocess.run(command, env=office.environment, stdout=subprocess.PIPE, check=True, text=True)
    told = dict(line.partition("=")[::2] for line in done.stdout.splitlines())
    with pytest.MonkeyPatch.context() as patch:
        for name in (name for name in told if name.startswith(("AWS_", "PGPASSWORD"))):
            patch.setenv(name, told[name])
        return hashes(replace(settings, warehouse=told["LAKE"], lake_data="s3://trial/lake"))


def listening(processes: list[int]) -> Iterator[str]:
    """The addresses at which these processes listen."""
    for process in processes:
        for connection in psutil.Process(process).net_connections("inet"):
            if connection.status == psutil.CONN_LISTEN:
                yield connection.laddr.ip


def assert_asks_for_a_password(port: int) -> None:
    """Neither server lets in a user of this machine who has none."""
    import psycopg2
    import redis

    with pytest.raises(psycopg2.OperationalError, match="no password supplied"):
        psycopg2.connect(f"dbname=airflow host=127.0.0.1 port={port + 1} user=broadsheet")
    with closing(redis.Redis(port=port + 2)) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()
