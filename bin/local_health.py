"""Whether an Airflow on this machine is up, as its REST API says."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from datetime import datetime
from typing import Any

from airflow_env import DAG_ID
from local_processes import Trouble
from local_services import HOST


def is_healthy(port: int, user: str, password: str, started_at: datetime) -> bool:
    """Whether all components are healthy and the DAG was read since. Raises Trouble if it cannot be read."""
    try:
        health = _asked(port, "/api/v2/monitor/health")
        if any(
            health[part]["status"] != "healthy" for part in ("metadatabase", "scheduler", "triggerer", "dag_processor")
        ):
            return False
        login = {"username": user, "password": password}
        token = _asked(port, "/auth/token", login)["access_token"]
        for error in _asked(port, "/api/v2/importErrors", token=token)["import_errors"]:
            if datetime.fromisoformat(error["timestamp"]) > started_at:
                raise Trouble(f"{error['filename']} cannot be imported:\n{error['stack_trace']}")
        parsed_at = _asked(port, f"/api/v2/dags/{DAG_ID}", token=token)["last_parsed_time"]
        return datetime.fromisoformat(parsed_at) > started_at
    except (OSError, KeyError, ValueError):
        return False


def _asked(port: int, path: str, body: Any = None, token: str = "") -> Any:
    request = urllib.request.Request(
        f"http://{HOST}:{port}{path}",
        data=json.dumps(body).encode() if body else None,
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
    )
    # Without the caller's proxy: the request stays on this machine.
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=5) as answer:
        return json.load(answer)
