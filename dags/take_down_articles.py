"""### Articles, taken down

Removes articles from every table, work and quarantine file, published copy and from the warehouse file itself, and keeps
them out: a tombstone of keys and hashes, without text, refuses every later delivery under any of their keys or with the
same content. **For good**: there is no way back but a new delivery after the tombstone was removed by hand.

| task | what it does | when it fails |
|---|---|---|
| `find` | looks up what the form asks for | nothing is known by that: look it up in `mart.article` |
| `approve` | waits for **another user** than the one who triggered it (Required Actions) | nobody answered within seven days; where it is rejected, the rest is skipped |
| `take_down` | removes, writes the tombstone, rewrites the file, publishes, drops older copies | clear it: an interrupted takedown is finished by the next try |
| `verdict` | ends the run | its log has the reasons |

The dumps in the landing folder are yours: the log of `take_down` names those that still hold the text.
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
        "url", type="string", enum=["id", "url", "email"], title="By", description="What the articles are known by."
    ),
    "value": Param(
        "",
        **TEXT,
        title="Value",
        description="The id that the dump gave (or ours, as `article 17`), the address, or an author's e-mail.",
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
        "Reason: {{ params.reason }}. Whoever requested it cannot approve it.",
        response_timeout=timedelta(days=7),
        retries=0,
        # What waits for a person is not limited by the time of a task.
        execution_timeout=None,
    )
    find() >> approve >> take_down(approve.output) >> verdict()


@task(pool=POOL)
def find() -> int:
    """How many articles are known by what the form asks for."""
    from etl.repair import RepairError
    from etl.repair.takedown import preview
    from etl.run import Request

    with no_retry(RepairError):
        return len(preview(begin_run("takedown", Request()).settings, _asked()))


@task(pool=POOL)
def take_down(approval: dict[str, Any]) -> dict[str, int]:
    """Take them down, unless who approved it is who requested it."""
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
