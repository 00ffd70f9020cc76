"""### A parked delivery, tried again

A dump that was refused three times, or on which Broadsheet failed three times, is parked: no nightly run takes it again. Once it or its stanza is fixed, release it here; this
also triggers `ingest_articles` with its path. Works for refused, failed and unloaded deliveries too.

| task | what it does | when it fails |
|---|---|---|
| `release` | notes in the ledger that it may be taken again | no such delivery is parked: the log says what there is |
| `ingest` | triggers `ingest_articles` for its path | look at that run |
"""

from __future__ import annotations

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import Param, dag, get_current_context, task

from broadsheet_airflow.forms import DUMP, REASON, TEXT
from broadsheet_airflow.tasks import DEFAULT_ARGS, POOL, begin_run, no_retry

PARAMS = {"dump": Param("", **TEXT, title="Dump", description=DUMP), "reason": REASON}


@dag(
    schedule=None,
    max_active_runs=1,
    params=PARAMS,
    doc_md=__doc__,
    tags=["broadsheet", "repair"],
    default_args=DEFAULT_ARGS,
)
def release_dump() -> None:
    """release >> ingest"""
    path = release()
    TriggerDagRunOperator(task_id="ingest", trigger_dag_id="ingest_articles", conf={"path": path})


@task(pool=POOL)
def release() -> str:
    """Let the delivery be taken again; returns its path."""
    from etl.model import Trigger
    from etl.repair import RepairError
    from etl.repair.release import release_delivery
    from etl.run import Request

    params = get_current_context()["params"]
    with no_retry(RepairError):
        return release_delivery(begin_run(Trigger.release, Request()), params["dump"], params["reason"])


release_dump()
