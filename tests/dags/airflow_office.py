"""Airflow's real REST API in this process, with a user for each role, and the smallest scheduler that runs a run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from etl.settings import PROJECT

USERS = {"ada": "user", "bo": "user", "vic": "viewer", "olga": "op", "root": "admin"}
API = "/api/v2"


class Office:
    """Where people work with Airflow through its API."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        passwords = folder / "passwords.json"
        passwords.write_text(json.dumps({name: f"{name}'s password" for name in USERS}))
        users = ",".join(f"{name}:{role}" for name, role in USERS.items())
        patch.setenv("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS", users)
        patch.setenv("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE", str(passwords))
        patch.setenv(
            "AIRFLOW__API_AUTH__JWT_SECRET", "a secret of the tests, at least sixty-four letters and signs long"
        )
        from airflow.api_fastapi.app import create_app
        from fastapi.testclient import TestClient

        self.client = TestClient(create_app(), raise_server_exceptions=False)
        self.tokens = {name: self._logged_in(name) for name in USERS}

    def _logged_in(self, name: str) -> str:
        answer = self.client.post("/auth/token", json={"username": name, "password": f"{name}'s password"})
        return str(answer.json()["access_token"])

    def ask(self, name: str | None, method: str, path: str, body: Any = None) -> Any:
        """What the API answers to a user; to nobody in particular where there is no name."""
        headers = {"Authorization": f"Bearer {self.tokens[name]}"} if name else {}
        return self.client.request(method, path, json=body, headers=headers)

    def add_dag(self, dag_id: str) -> Any:
        """Make a DAG known as the DAG processor does, and return it."""
        from airflow.dag_processing.bundles.manager import DagBundlesManager
        from airflow.dag_processing.dagbag import BundleDagBag, sync_bag_to_db

        DagBundlesManager().sync_bundles_to_db()
        file = PROJECT / "dags" / f"{dag_id}.py"
        bag = BundleDagBag(dag_folder=str(file), bundle_path=file.parent, bundle_name="dags-folder")
        sync_bag_to_db(bag, "dags-folder", None)
        return bag.dags[dag_id]


def advance(dag: Any, run_id: str) -> tuple[str, dict[str, str]]:
    """Run what can be run of a run; returns its state and those of its tasks."""
    from airflow.models.dagbag import DBDagBag
    from airflow.models.dagrun import DagRun
    from airflow.sdk.definitions.dag import _run_task
    from airflow.sdk.timezone import utcnow
    from airflow.utils.session import create_session
    from airflow.utils.state import DagRunState, TaskInstanceState
    from sqlalchemy import select

    with create_session() as session:
        run: Any = session.scalar(select(DagRun).where(DagRun.dag_id == dag.dag_id, DagRun.run_id == run_id))
        if run.state == DagRunState.QUEUED:
            run.state = DagRunState.RUNNING
            session.commit()
        run.dag = DBDagBag().get_dag_for_run(run, session=session)
        while run.state == DagRunState.RUNNING:
            session.expire_all()
            ready, _ = run.update_state(session=session)
            for instance in ready:
                instance.try_number += 1
                instance.state = TaskInstanceState.SCHEDULED
                instance.scheduled_dttm = utcnow()
            session.commit()
            waiting = [one for one in run.get_task_instances(session=session) if one.state == "scheduled"]
            for instance in waiting:
                _run_task(ti=instance, task=dag.task_dict[instance.task_id])
            session.commit()
            if not waiting:
                break
        states = {one.task_id: str(one.state) for one in run.get_task_instances(session=session)}
        return str(run.state), states
