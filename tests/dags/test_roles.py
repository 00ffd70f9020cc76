"""What each of Airflow's roles may do, tried through the real API; SECURITY.md says the same."""

from __future__ import annotations

from typing import Any

from airflow_office import API, USERS, Office

from etl.settings import PROJECT

NOBODY = "no login"
RUN = f"{API}/dags/take_down_articles/dagRuns/no-such-run"
TASK = f"{RUN}/taskInstances/take_down"

ATTEMPTS: dict[str, tuple[str, str, Any]] = {
    "See that Airflow is healthy, and its version": ("GET", f"{API}/monitor/health", None),
    "Read `/docs`": ("GET", "/docs", None),
    "Read `/openapi.json`": ("GET", "/openapi.json", None),
    "See the Broadsheet page": ("GET", "/broadsheet/", None),
    "See DAGs and runs, with what their forms said": ("GET", f"{API}/dags", None),
    "See the code of DAGs": ("GET", f"{API}/dagSources/take_down_articles", None),
    "Read task logs": ("GET", f"{TASK}/logs/1", None),
    "Read XCom": ("GET", f"{TASK}/xcomEntries", None),
    "Read the form of a takedown": ("GET", f"{TASK}/-1/hitlDetails", None),
    "See who did what (audit log)": ("GET", f"{API}/eventLogs", None),
    "Trigger a DAG": ("POST", f"{API}/dags/no_such_dag/dagRuns", {"logical_date": None}),
    "Answer the form of another's takedown": ("PATCH", f"{TASK}/-1/hitlDetails", {"chosen_options": ["Approve"]}),
    "Set the state of a task": ("PATCH", TASK, {"new_state": "success"}),
    "Clear tasks": ("POST", f"{API}/dags/no_such_dag/clearTaskInstances", {"dag_run_id": "no-such-run"}),
    "Write XCom": ("POST", f"{TASK}/xcomEntries", {"key": "a", "value": 1}),
    "Delete a run": ("DELETE", RUN, None),
    "Pause a DAG": ("PATCH", f"{API}/dags/no_such_dag", {"is_paused": True}),
    "Delete a DAG with its runs": ("DELETE", f"{API}/dags/no_such_dag", None),
    "Send an asset event": ("POST", f"{API}/assets/events", {"asset_id": 10**6}),
    "See pools": ("GET", f"{API}/pools", None),
    "Change pools": ("PATCH", f"{API}/pools/no_such_pool", {"pool": "no_such_pool", "slots": 1}),
    "See connections (secrets are masked)": ("GET", f"{API}/connections", None),
    "Change connections": ("DELETE", f"{API}/connections/no_such_connection", None),
    "See and change variables": ("DELETE", f"{API}/variables/no_such_variable", None),
    "See Airflow's settings": ("GET", f"{API}/config", None),
    "Use the API of tasks": ("GET", "/execution/hitlDetails/00000000-0000-0000-0000-000000000000", None),
}
"""What is tried. What must not happen is asked of things that do not exist: whoever may do it is told so by a 404."""


def test_the_table_in_security_md_is_what_the_api_does(office: Office) -> None:
    roles = {NOBODY: None, **{USERS[name]: name for name in ("vic", "ada", "olga", "root")}}
    lines = [f"| {' | '.join(['', *roles])} |", "|---" * (len(roles) + 1) + "|"]
    for what, (method, path, body) in ATTEMPTS.items():
        statuses = [office.ask(name, method, path, body).status_code for name in roles.values()]
        assert 500 not in statuses, what
        cells = ["–" if status in (401, 403) else "yes" for status in statuses]
        lines.append(f"| {what} | {' | '.join(cells)} |")
    table = "\n".join(lines)
    assert table in (PROJECT / "SECURITY.md").read_text("utf-8"), f"SECURITY.md should say:\n{table}"
