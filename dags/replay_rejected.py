"""### Rejected articles, tried again

Runs rejected articles of **loaded** dumps through today's reader and normaliser. Use it after a fix in the stanza, or
after an upgrade of Broadsheet. What passes is loaded; what does not is rejected again, with today's reason. The counts
of the first load stay unchanged: the replay is a separate load.

| task | what it does | when it fails |
|---|---|---|
| `replay` | reads, normalises, checks and loads what is chosen | the form matches no article: the log says what to do |
| `verify`, `publish`, `verdict` | as in `ingest_articles` | as in `ingest_articles` |

A dump that was refused **as a whole** is not replayed: release it (`release_dump`), or fix it and drop it again.
"""

from __future__ import annotations

from airflow.sdk import Param, dag, get_current_context, task

from broadsheet_airflow.forms import DUMP, optional
from broadsheet_airflow.tasks import DEFAULT_ARGS, POOL, begin_run, described, no_retry, publish, verdict, verify

PARAMS = {
    "run_id": optional("Run", "Only what this run rejected. Empty: any."),
    "dump": optional("Dump", f"{DUMP} Empty: any."),
    "reason": optional("Reason", "Only where the reason contains these words, e.g. `no body`. Empty: any."),
    "dismissed": Param(False, type="boolean", title="Dismissed too", description="Those that were dismissed, too."),
}


@dag(
    schedule=None,
    max_active_runs=1,
    params=PARAMS,
    **described(__doc__),
    tags=["broadsheet", "repair"],
    default_args=DEFAULT_ARGS,
)
def replay_rejected() -> None:
    """replay >> verify >> publish >> verdict"""
    replay() >> verify() >> publish() >> verdict()


@task(pool=POOL)
def replay() -> dict[str, int]:
    """Take the chosen articles again."""
    from etl.model import Trigger
    from etl.repair import RepairError
    from etl.repair.replay import Chosen, replay_chosen
    from etl.run import Request

    params = get_current_context()["params"]
    with no_retry(RepairError):
        return replay_chosen(
            begin_run(Trigger.replay, Request()),
            Chosen(params["run_id"], params["dump"], params["reason"], params["dismissed"]),
        )


replay_rejected()
