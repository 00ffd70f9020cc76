"""### Once a week: verify everything, remove what is old, make the file smaller

Runs every week, and by hand with **Trigger**. The nightly run verifies what it has changed; this one verifies every row.

| task | what it does | when it fails |
|---|---|---|
| `verify_everything` | reads every block of the file; checks every row, key and reference, and the ledger, against the suites | **nothing is removed, and nothing is published until that is fixed**: see below |
| `remove_old` | removes work folders, copies, spilled and quarantine files that the settings no longer keep, and Airflow's logs of these DAGs after 90 days | clear the task; what is removed is removed |
| `index_search` | adds what is new, or was changed, to the search index | clear the task; search reads the texts until then |
| `rewrite` | writes the warehouse into a fresh file when a fifth of it, and 64 MB, are free | the old file is unchanged: the log says whether disk space is short |
| `publish` | gives analysts the verified, perhaps smaller, file | clear the task |
| `verdict` | ends the run | **the reasons are in its log** |

**The verification failed.** Its log names table, expectation and number of rows; `ops.quality_result` of the warehouse has them
too, with keys. Every nightly run now verifies everything and publishes nothing until all is met. Correct the rows (unload or
renormalise the delivery that they are from), or restore the warehouse with `broadsheet restore`; then trigger this DAG again,
with **Recount the marts** if marts do not agree with the tables.

**What is kept:** work folders for `BROADSHEET_KEEP_WORK_DAYS` (14) after their run began, and longer if anything in them has changed
within a day; the last `BROADSHEET_KEEP_PUBLISHED` (3) copies, the last one of each of the last `BROADSHEET_KEEP_PUBLISHED_DAYS` (3) days on which any was
made, and always the one that analysts see and one that can be read whole; raw records in quarantine
until the same number of days after they were replayed. Never removed: rows of the warehouse, above all its ledger; dumps in the landing folder;
Airflow's own runs (for those: `make airflow ARGS="db clean"`).

Other runs wait while a task here holds the warehouse: minutes for a million articles.
"""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

from airflow.sdk import CronTriggerTimetable, Param, dag, get_current_context, task

from broadsheet_airflow.tasks import DEFAULT_ARGS, POOL, begin_run, current_run, described, no_retry, publish, verdict
from etl.settings import load_settings

SETTINGS = load_settings()
WEEKLY = CronTriggerTimetable(
    SETTINGS.maintenance_schedule,
    timezone=str(SETTINGS.timezone),
    # A first start in the middle of the week does not make up for last Sunday's run.
    run_immediately=timedelta(minutes=10),
)

PARAMS = {
    "rewrite": Param(
        "when it pays",
        enum=["when it pays", "always"],
        title="Rewrite",
        description="Write the warehouse into a fresh file when enough of it is free, or always.",
    ),
    "recount": Param(
        False, type="boolean", title="Recount the marts", description="From what is stored, before all is verified."
    ),
}


@dag(
    schedule=WEEKLY,
    catchup=False,
    max_active_runs=1,
    params=PARAMS,
    **described(__doc__),
    tags=["broadsheet", "maintenance"],
    default_args=DEFAULT_ARGS,
)
def maintain_warehouse() -> None:
    """verify_everything >> remove_old >> index_search >> rewrite >> publish >> verdict"""
    verify_everything() >> remove_old() >> index_search() >> rewrite() >> publish() >> verdict()


@task(pool=POOL)
def verify_everything() -> dict[str, int]:
    """Check every row of the warehouse against its suites."""
    from etl import maintain
    from etl.model import Trigger
    from etl.run import Request
    from etl.stages.verify import VerifyFailed

    recount = bool(get_current_context()["params"]["recount"])
    with no_retry(VerifyFailed):
        return maintain.verify_everything(begin_run(Trigger.maintenance, Request()), recount)


@task(pool=POOL)
def remove_old() -> dict[str, int]:
    """Remove what is older than the settings keep, and old logs of our DAGs."""
    from airflow.sdk.configuration import conf

    from broadsheet_airflow.old_logs import remove_old_logs
    from etl import maintain

    logs = remove_old_logs(Path(conf.get("logging", "base_log_folder")), time.time())
    return maintain.remove_old(current_run()) | {"logs": logs}


@task(pool=POOL)
def rewrite() -> dict[str, int]:
    """Write the warehouse into a fresh file when it pays off, or when the form asks for it."""
    from etl import maintain

    return maintain.rewrite(current_run(), always=get_current_context()["params"]["rewrite"] == "always")


@task(pool=POOL)
def index_search() -> dict[str, int]:
    """Bring the search index up to date, including articles that were removed or renormalised."""
    from etl.warehouse import search

    return search.add_to_index(load_settings())


maintain_warehouse()
