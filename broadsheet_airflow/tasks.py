"""The tasks that end every DAG that changes the warehouse: verify, publish, verdict; and what they build on."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import Asset, TriggerRule, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from broadsheet_airflow import notices
from broadsheet_airflow.run_notes import NOTE_KEY

if TYPE_CHECKING:
    from etl.run import Request, Run

log = logging.getLogger(__name__)

POOL = "warehouse"
"""One slot, so that the stages that open the warehouse queue instead of waiting for its lock."""

WAREHOUSE = Asset("broadsheet_warehouse", uri="x-broadsheet://published")


def let_crashes_end(_: Any) -> None:
    """Undo the handler that Airflow's DAG importer leaves: under it a crash repeats for ever, and no timeout fires."""
    from etl.processes.children import without_signal_handlers

    without_signal_handlers()


DEFAULT_ARGS = {
    "owner": "broadsheet",
    # What a retry can fix: a lock held too long, a full disk, a killed worker. See no_retry for what it cannot.
    "retries": 2,
    "retry_delay": timedelta(seconds=30),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=10),
    "execution_timeout": timedelta(hours=4),
    "on_failure_callback": notices.keep_reason,
    "pre_execute": let_crashes_end,
}

SHOWN_REASONS = 20
IN_NOTE = 500
"""Characters of the reason of a run that took nothing, in its note."""


def described(doc: str) -> dict[str, Any]:
    """What Airflow shows of a DAG: its doc, with the doc's heading as the description in the list of DAGs."""
    return {"doc_md": doc, "description": doc.partition("\n")[0].removeprefix("### ")}


@task(pool=POOL, execution_timeout=timedelta(hours=2))
def verify() -> dict[str, int]:
    """Check the warehouse against its suites; a critical failure stops the publish."""
    from etl import pipeline

    with no_retry(pipeline.VerifyFailed):
        return pipeline.verify(current_run())


@task(pool=POOL, outlets=[WAREHOUSE], execution_timeout=timedelta(hours=2))
def publish() -> dict[str, int]:
    """Give analysts a copy of the last load, and signal it to the DAGs that wait for it."""
    from etl import pipeline

    run = current_run()
    note = pipeline.publish(run)
    # Its own run_id: an earlier try of this task switched the link and was killed before it could signal that.
    if not note["is_new"] and note["run_id"] != run.run_id:
        raise AirflowSkipException("Nothing new: analysts already have the last load.")
    totals = pipeline.verdict(run).totals
    event = get_current_context()["outlet_events"][WAREHOUSE]
    event.extra = {"run_id": run.run_id, "number": note["number"], **totals}
    return {"number": note["number"]}


@task(
    pool=POOL,
    trigger_rule=TriggerRule.ALL_DONE,
    retries=0,
    execution_timeout=timedelta(hours=2),
    on_failure_callback=notices.run_failed,
    on_success_callback=notices.run_ended,
)
def verdict() -> dict[str, int]:
    """End the run: failed, with the reasons, if a dump was refused or a task failed."""
    from etl import pipeline

    states = task_states()
    run_id = get_current_context()["run_id"]
    failed_tasks = [notices.reason(run_id, name) for name, state in states.items() if state == "failed"]
    if has_not_begun(states):
        get_current_context()["ti"].xcom_push(NOTE_KEY, [notices.harmless(why, IN_NOTE) for why in failed_tasks[:1]])
        notices.keep_verdict(run_id, {notices.FIX_TASKS: failed_tasks})
        for reason in shown(failed_tasks):
            log.error(reason)
        raise notices.RunFailed(1)
    report = pipeline.verdict(current_run())
    get_current_context()["ti"].xcom_push(NOTE_KEY, [report.outcome, *report.warnings])
    for reason in shown(failed_tasks):
        log.error(reason)
    for level, line in report.lines():
        log.log(level, line)
    notices.keep_verdict(
        run_id,
        {
            notices.FIX_DUMPS: [failure for failure in report.failures if failure not in report.failed_feeds],
            notices.FIX_FEEDS: report.failed_feeds,
            notices.FIX_TASKS: failed_tasks,
        },
        warnings=report.warnings,
        totals=report.totals,
        articles_waiting=report.articles_waiting,
    )
    if report.failures or failed_tasks:
        raise notices.RunFailed(1)
    return report.totals


def has_not_begun(states: dict[str, Any]) -> bool:
    """Whether the first task of the DAG, which begins the run, did not succeed."""
    return states[get_current_context()["dag"].topological_sort()[0].task_id] != "success"


@contextmanager
def no_retry(*errors: type[Exception]) -> Iterator[None]:
    """End the task at once on errors that a retry would only repeat."""
    from etl.reports.printable import line

    try:
        yield
    except errors as error:
        raise AirflowFailException(line(str(error))) from error


def begin_run(trigger: str, request: Request) -> Run:
    """Begin the run that this task is part of."""
    from etl.files import keep_private
    from etl.run import begin
    from etl.settings import load_settings

    keep_private()
    dag_run = get_current_context()["dag_run"]
    return begin(load_settings(), trigger, request, dag_run.run_id, dag_run.clear_number or 0)


def current_run() -> Run:
    """The run that this task is part of, as the first task began it."""
    from etl.files import keep_private
    from etl.run import resume
    from etl.settings import load_settings

    keep_private()
    return resume(load_settings(), get_current_context()["run_id"])


def task_states() -> dict[str, Any]:
    """The state of every task of this run by its id; mapped ones end in their number."""
    context = get_current_context()
    run_id = context["run_id"]
    states: dict[str, Any] = context["ti"].get_task_states(context["dag"].dag_id, run_ids=[run_id])[run_id]
    return states


def shown(reasons: list[str]) -> list[str]:
    """The reasons, a line each, and how many more there are."""
    from etl.reports.printable import line
    from etl.words import first_lines

    return first_lines([line(reason) for reason in reasons], SHOWN_REASONS)
