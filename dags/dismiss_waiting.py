"""### What will never be mended, no longer waiting

Dumps that were not loaded, and rejected articles of dumps that were, wait for a person. What nobody will mend is dismissed here, with the
reason, which the ledger keeps. Nothing is removed: `release_dump` brings a dismissed dump back by its path, and `replay_rejected` a
dismissed article.

| task | what it does | when it fails |
|---|---|---|
| `dismiss` | notes in the ledger what waits no more, and why | nothing that was chosen is waiting: the log says so |
| `verify`, `publish`, `verdict` | as in `ingest_articles` | as in `ingest_articles` |
"""

from __future__ import annotations

from airflow.sdk import dag, get_current_context, task

from broadsheet_airflow.forms import REASON, WAITING, optional
from broadsheet_airflow.tasks import DEFAULT_ARGS, POOL, begin_run, described, no_retry, publish, verdict, verify

PARAMS = {
    **WAITING,
    "run_id": optional("Run", "Only articles that this run rejected. Empty: any."),
    "containing": optional("Rejected because", "Only articles rejected for a reason with these words. Empty: any."),
    "reason": REASON,
}


@dag(
    schedule=None,
    max_active_runs=1,
    params=PARAMS,
    **described(__doc__),
    tags=["broadsheet", "repair"],
    default_args=DEFAULT_ARGS,
)
def dismiss_waiting() -> None:
    """dismiss >> verify >> publish >> verdict"""
    dismiss() >> verify() >> publish() >> verdict()


@task(pool=POOL)
def dismiss() -> dict[str, int]:
    """Let what is chosen wait no more; returns how many dumps and articles."""
    from etl.model import Trigger
    from etl.repair import RepairError
    from etl.repair.deliveries import Chosen
    from etl.repair.dismiss import dismiss_waiting
    from etl.run import Request

    params = get_current_context()["params"]
    with no_retry(RepairError):
        chosen = Chosen(params["dump"], params["source"], params["everything"])
        run = begin_run(Trigger.dismiss, Request())
        return dismiss_waiting(run, chosen, params["reason"], params["run_id"], params["containing"])


dismiss_waiting()
