"""### Articles, taken down

Removes articles from every table, work and quarantine file, published copy and from the warehouse file itself, and keeps
them out: a tombstone of keys and hashes, without text, refuses every later delivery under any of their keys or with the
same content. **For good**: the only way back is a new delivery after the tombstone is removed by hand.

| task | what it does | when it fails |
|---|---|---|
| `find` | looks up what the form asks for | no article matches: look it up in `mart.article` |
| `approve` | waits for **another user** than the one who triggered it (Required Actions) | nobody answered within seven days; if it is rejected, the rest is skipped |
| `take_down` | removes, writes the tombstone, rewrites the file, publishes, drops older copies | clear it: the next try finishes an interrupted takedown |
| `verdict` | ends the run | its log has the reasons |

The dumps in the landing folder are yours: the log of `take_down` lists those that still contain the text.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Param, dag, get_current_context, task

from broadsheet_airflow.forms import REASON, TEXT
from broadsheet_airflow.tasks import DEFAULT_ARGS, POOL, begin_run, current_run, no_retry, verdict

PARAMS = {
    "by": Param(
        "url", type="string", enum=["id", "url", "email"], title="By", description="How to identify the articles."
    ),
    "value": Param(
        "",
        **TEXT,
        title="Value",
        description="The id from the dump (or our own, as `article 17`), the address, or an author's e-mail address.",
    ),
    "reason": REASON,
}


@dag(
    schedule=None,
    max_active_runs=1,
    params=PARAMS,
    doc_md=__doc__,
    tags=["broadsheet", "repair"],
    default_args=DEFAULT_ARGS,
)
def take_down_articles() -> None:
    """find >> approve >> take_down >> verdict"""
    approve = ApprovalOperator(
        task_id="approve",
        subject="Take down for good: {{ params.by }} {{ params.value }}",
        body="Articles: {{ ti.xcom_pull(task_ids='find') }}. Requested by {{ dag_run.triggering_user_name }}. "
        "Reason: {{ params.reason }}. The requester cannot approve it.",
        response_timeout=timedelta(days=7),
        retries=0,
        # What waits for a person is not limited by the time of a task.
        execution_timeout=None,
    )
    find() >> approve >> take_down(approve.output) >> verdict()


@task(pool=POOL)
def find() -> int:
    """How many articles match the form."""
    from etl.model import Trigger
    from etl.repair import RepairError
    from etl.repair.takedown import preview
    from etl.run import Request

    with no_retry(RepairError):
        return len(preview(begin_run(Trigger.takedown, Request()).settings, _asked()))


@task(pool=POOL)
def take_down(approval: dict[str, Any]) -> dict[str, int]:
    """Take them down, unless the requester approved it."""
    from etl.repair import RepairError, takedown
    from etl.stages.verify import VerifyFailed

    approver = approval["responded_by_user"]
    with no_retry(RepairError, VerifyFailed):
        return takedown.take_down(current_run(), _asked(), approver["name"] if approver else "").counts


def _asked() -> Any:
    from etl.repair.takedown import Asked

    context = get_current_context()
    params = context["params"]
    requested_by = context["dag_run"].triggering_user_name or ""
    return Asked(params["by"], params["value"], params["reason"], requested_by)


take_down_articles()
