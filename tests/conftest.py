"""Fixtures for all tests."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import cache, wraps
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
import sample_archive
import services
import sqlalchemy as sa
from airflow_env import airflow_environment
from filelock import FileLock
from hypothesis import settings
from loaded import two_nights_in
from looked_at import looked_at
from newsroom import Newsroom, make_newsroom

from etl.settings import Settings
from etl.warehouse import opening, schema

settings.register_profile("patient", deadline=None)  # a busy machine is not the fault of the code under test
settings.load_profile("patient")
gc.set_threshold(100_000, 50, 50)  # most objects are imported ones, which stay: a tenth of the time is spent on them
os.environ.pop("BROADSHEET_LANDING", None)  # every newsroom has its own
os.environ["BROADSHEET_FRONT_PAGE"] = "no"  # as in the settings of a newsroom, for processes that a test starts


@pytest.fixture(scope="session", autouse=True)
def created_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Every new warehouse is a copy of an empty one: to create each anew takes as long as to load a dump into it."""
    opened = opening._engine

    @cache
    def empty() -> Path:
        elsewhere = Settings(home=tmp_path_factory.mktemp("empty"))
        elsewhere.warehouse_file.parent.mkdir()
        with opened(elsewhere, elsewhere.warehouse_file) as engine:
            schema.migrate(engine)
        return elsewhere.warehouse_file

    @contextmanager
    def copied(settings: Settings, file: Path) -> Iterator[sa.Engine]:
        if not file.exists():
            copyfile(empty(), file)
        with opened(settings, file) as engine:
            yield engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "_engine", copied)
        yield


SMALL_ROWS = 50


@pytest.fixture(scope="session", autouse=True)
def judged_once() -> Iterator[None]:
    """Great Expectations judges what is the same in small frames by the same expectations only once.

    Most newsrooms hold the same few people, papers and days, and to judge those takes a fifth of an ingest.
    """
    from etl.stages import quality

    judge, known = quality.validate, {}

    @wraps(judge)
    def judged(frame: Any, suite: str, structural: list[Any] | None = None) -> quality.Outcome:
        if len(frame) > SMALL_ROWS:
            return judge(frame, suite, structural)
        module = quality.suite_module(suite)
        derived = module.derive(frame) if hasattr(module, "derive") else frame
        expectations = [*(structural or []), *(module.expectations() if module else [])]
        key = (suite, repr(expectations), looked_at(derived, expectations))
        if key not in known:
            known[key] = judge(frame, suite, structural)
        return deepcopy(known[key])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quality, "validate", judged)
        yield


def pytest_xdist_auto_num_workers() -> int:
    """How many processes share the tests: one more than there are cores, as many tests wait for others."""
    return min(os.cpu_count() or 1, 8) + 1


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--lake", action="store_true", help="Give every newsroom a lake instead of a warehouse file.")


@pytest.fixture(scope="session")
def postgres() -> Iterator[services.Postgres]:
    """A PostgreSQL for all tests of a worker, each of which has databases of its own."""
    with services.postgres() as server:
        yield server


@pytest.fixture
def in_lake(tmp_path: Path, postgres: services.Postgres) -> dict[str, Any]:
    """The settings of a lake for one test, its rows in a folder."""
    return {"warehouse": f"ducklake:postgres:{postgres.new_database()}", "lake_data": str(tmp_path / "lake")}


@pytest.fixture(scope="session")
def s3_server() -> Iterator[services.S3]:
    """An S3 server for all tests of a worker, each of which has a bucket of its own."""
    with services.s3() as server:
        yield server


@pytest.fixture
def s3_bucket(s3_server: services.S3, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty bucket, s3://..., with the environment in which it is reached."""
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    return s3_server.new_bucket()


@pytest.fixture
def newsroom(tmp_path: Path, request: pytest.FixtureRequest) -> Newsroom:
    room = make_newsroom(tmp_path)
    return room.with_settings(**request.getfixturevalue("in_lake")) if request.config.option.lake else room


@pytest.fixture(scope="session")
def two_nights(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """A newsroom with two published nights (tests/loaded.py). Change only copies of it."""
    return two_nights_in(tmp_path_factory.mktemp("two-nights"))


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Newsroom:
    """The invented archive, loaded and published once for all workers. Query it, do not change it."""
    shared = tmp_path_factory.getbasetemp() if worker_id == "master" else tmp_path_factory.getbasetemp().parent
    folder = shared / "archive"
    with FileLock(shared / "archive.lock"):
        if not (folder / "made").exists():
            folder.mkdir()
            sample_archive.made_in(folder)
            (folder / "made").touch()
    return Newsroom(folder, Settings(home=folder / "home", sources=folder / "sources.toml"))


@pytest.fixture(scope="session")
def airflow_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Airflow's home and metadata database, one for all tests of a worker.

    Must be requested before the first import of Airflow, which reads its settings only then.
    """
    assert "airflow.configuration" not in sys.modules, "a test module imports Airflow while it is collected"
    home = tmp_path_factory.mktemp("airflow")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AIRFLOW")]:
            patch.delenv(name)
        for name, value in airflow_environment(home).items():
            if name.startswith("AIRFLOW"):
                patch.setenv(name, value)
        from airflow.utils import db

        db.initdb()
        yield home
