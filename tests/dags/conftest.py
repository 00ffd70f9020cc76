"""Airflow for the tests: one home and one metadata database for all of them, below pytest's own folder."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from airflow_env import DAG_ID, airflow_environment
from newsroom import Newsroom

from etl.settings import PROJECT


@pytest.fixture(scope="session")
def airflow_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Must come before the first import of Airflow, which reads its settings only then."""
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


@pytest.fixture
def parsed(airflow_home: Path) -> Callable[[], Any]:
    """Parses the DAG anew, for `dag.test()` leaves its params behind in the object."""

    def parse() -> Any:
        from airflow.dag_processing.dagbag import DagBag

        bag = DagBag(PROJECT / "dags" / f"{DAG_ID}.py")
        assert not bag.import_errors
        return bag.dags[DAG_ID]

    return parse


class DagRun:
    """A finished run: its state, the states of its tasks, and the extra of the asset's event where there is one."""

    def __init__(self, run: Any) -> None:
        from airflow.models.asset import AssetEvent
        from airflow.utils.session import create_session
        from sqlalchemy import select

        self.state = str(run.state)
        self.run_id = run.run_id
        self.tasks = {
            f"{ti.task_id}[{ti.map_index}]" if ti.map_index >= 0 else ti.task_id: str(ti.state)
            for ti in run.get_task_instances()
        }
        self.names = {ti.rendered_map_index for ti in run.get_task_instances() if ti.map_index >= 0}
        with create_session() as session:
            query = select(AssetEvent.extra).where(AssetEvent.source_run_id == run.run_id)
            self.events = list(session.scalars(query))


@pytest.fixture
def trigger(parsed: Callable[[], Any], newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> Callable[..., DagRun]:
    """Runs the DAG over the test's newsroom, with what the form would hand on."""
    monkeypatch.setenv("BROADSHEET_HOME", str(newsroom.settings.home))
    monkeypatch.setenv("BROADSHEET_SOURCES", str(newsroom.settings.sources))
    sleep = time.sleep
    # dag.test() sleeps a second whenever no task is ready at once.
    monkeypatch.setattr(time, "sleep", lambda seconds: sleep(min(seconds, 0.01)))

    def run(**conf: Any) -> DagRun:
        dag = parsed()
        dag.deadline = None  # dag.test() takes no deadlines
        for task in dag.tasks:
            task.retries = 0  # dag.test() really waits
        return DagRun(dag.test(run_conf=conf))

    return run
