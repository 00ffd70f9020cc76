"""### One delivery, out again

Removes one loaded delivery from the warehouse, as if it had never been loaded: facts, texts, labels, keys and stories.
Earlier revisions become current again; what another delivery also brought stays, as brought by that one. The ledger keeps
the delivery, as `unloaded`: it is not taken again until it is released (`release_dump`) or forced.

| task | what it does | when it fails |
|---|---|---|
| `unload` | removes it in one transaction | no such loaded delivery, or several with that path: the log lists them by key |
| `verify`, `publish`, `verdict` | as in `ingest_articles` | as in `ingest_articles` |
"""

from __future__ import annotations

from airflow.sdk import Param, dag, get_current_context, task

from broadsheet_airflow.forms import DUMP, REASON, TEXT
from broadsheet_airflow.tasks import DEFAULT_ARGS, POOL, begin_run, described, no_retry, publish, verdict, verify

PARAMS = {"dump": Param("", **TEXT, title="Dump", description=DUMP), "reason": REASON}


@dag(
    schedule=None,
    max_active_runs=1,
    params=PARAMS,
    **described(__doc__),
    tags=["broadsheet", "repair"],
    default_args=DEFAULT_ARGS,
)
def unload_dump() -> None:
    """unload >> verify >> publish >> verdict"""
    unload() >> verify() >> publish() >> verdict()


@task(pool=POOL)
def unload() -> dict[str, int]:
    """Remove the delivery."""
    from etl.model import Trigger
    from etl.repair import RepairError
    from etl.repair.unload import unload_delivery
    from etl.run import Request
    from etl.stages.verify import VerifyFailed

    params = get_current_context()["params"]
    with no_retry(RepairError, VerifyFailed):
        return unload_delivery(begin_run(Trigger.unload, Request()), params["dump"], params["reason"])


unload_dump()
