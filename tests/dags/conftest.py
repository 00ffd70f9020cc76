"""The DAG, parsed anew and run over the test's newsroom."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from airflow_env import DAG_ID
from airflow_office import Office
from newsroom import Newsroom

from etl.settings import PROJECT


@pytest.fixture
def parsed(airflow_home: Path) -> Callable[..., Any]:
    """Parses a DAG anew, for `dag.test()` leaves its params behind in the object."""

    def parse(dag_id: str = DAG_ID) -> Any:
        from airflow.dag_processing.dagbag import DagBag

        bag = DagBag(PROJECT / "dags" / f"{dag_id}.py")
        assert not bag.import_errors
        return bag.dags[dag_id]

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


@pytest.fixture(scope="session")
def synchronised(airflow_home: Path) -> None:
    """All DAGs are in the metadata database. dag.test() would parse and write all of them before every run."""
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import BundleDagBag, sync_bag_to_db

    manager = DagBundlesManager()
    manager.sync_bundles_to_db()
    for bundle in manager.get_all_dag_bundles():
        bundle.initialize()
        bag = BundleDagBag(dag_folder=bundle.path, bundle_path=bundle.path, bundle_name=bundle.name)
        sync_bag_to_db(bag, bundle.name, bundle.version)


@pytest.fixture
def trigger(
    parsed: Callable[..., Any], synchronised: None, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., DagRun]:
    """Runs a DAG over the test's newsroom, with what the form would hand on."""
    from airflow.dag_processing.bundles.manager import DagBundlesManager

    monkeypatch.setattr(DagBundlesManager, "get_all_dag_bundles", lambda _: iter(()))
    monkeypatch.setenv("BROADSHEET_HOME", str(newsroom.settings.home))
    monkeypatch.setenv("BROADSHEET_SOURCES", str(newsroom.settings.sources))
    sleep = time.sleep
    # dag.test() sleeps a second whenever no task is ready at once.
    monkeypatch.setattr(time, "sleep", lambda seconds: sleep(min(seconds, 0.01)))

    def run(dag_id: str = DAG_ID, /, **conf: Any) -> DagRun:
        dag = parsed(dag_id)
        dag.deadline = None  # dag.test() takes no deadlines
        for task in dag.tasks:
            task.retries = 0  # dag.test() really waits
        return DagRun(dag.test(run_conf=conf))

    return run


@pytest.fixture(scope="session")
def office(airflow_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with pytest.MonkeyPatch.context() as patch:
        office = Office(tmp_path_factory.mktemp("office"), patch)
        with office.client:
            yield office
