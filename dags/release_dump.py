"""### Parked deliveries, tried again

A dump that was refused three times, or on which Broadsheet failed three times, is parked: no nightly run takes it again. Once it or its stanza is fixed, release it here; this
also triggers `ingest_articles` with its path. Works for refused, failed, dismissed and unloaded deliveries too. Several at once by a glob
of paths, by their feed, or all that are waiting: `ingest_articles` is then triggered for their feed, or for everything new. A dump whose
file is missing, or is another one by now, is left as it is, and named in the log.

| task | what it does | when it fails |
|---|---|---|
| `release` | notes in the ledger that they may be taken again | no such delivery is waiting, or its file is missing: the log says what there is |
| `ingest` | triggers `ingest_articles` for what was released | look at that run |
"""

from __future__ import annotations

import logging
from glob import escape

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import dag, get_current_context, task

from broadsheet_airflow.forms import REASON, WAITING
from broadsheet_airflow.tasks import DEFAULT_ARGS, POOL, begin_run, described, no_retry

log = logging.getLogger(__name__)

PARAMS = {**WAITING, "reason": REASON}


@dag(
    schedule=None,
    max_active_runs=1,
    params=PARAMS,
    **described(__doc__),
    tags=["broadsheet", "repair"],
    default_args=DEFAULT_ARGS,
)
def release_dump() -> None:
    """release >> ingest"""
    released = release()
    TriggerDagRunOperator(task_id="ingest", trigger_dag_id="ingest_articles", conf=released)


@task(pool=POOL)
def release() -> dict[str, str]:
    """Let the deliveries be taken again; returns what ingest_articles is asked for: a path, a feed, or everything."""
    from etl.model import Trigger
    from etl.repair import RepairError
    from etl.repair.deliveries import Chosen
    from etl.repair.release import release_deliveries
    from etl.reports.printable import line
    from etl.run import Request

    params = get_current_context()["params"]
    with no_retry(RepairError):
        chosen = Chosen(params["dump"], params["source"], params["everything"])
        released = release_deliveries(begin_run(Trigger.release, Request()), chosen, params["reason"])
    for why in released.left:
        log.warning("Not released: %s", line(why))
    if len(released.dumps) == 1:
        return {"path": escape(released.dumps[0][0])}
    feeds = {source for _, source in released.dumps}
    return {"source": feeds.pop()} if len(feeds) == 1 else {}


release_dump()
