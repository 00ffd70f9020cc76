"""Airflow's listener that writes what a run did into its note: `read 20 · inserted 17 · ...`.

Tasks cannot reach Airflow's database. The verdict passes the counts on by XCom, before it fails the run, and the
process that ends the run, usually the scheduler, turns them into the note.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from airflow.listeners import hookimpl

if TYPE_CHECKING:
    from airflow.models.dagrun import DagRun

COUNTS_KEY = "broadsheet_counts"
"""The XCom by which the task `verdict` passes on its counts, in every DAG."""

OUR_LINE = re.compile(r"(read [\d,]+ · inserted |nothing new$|[\d,]+ articles? taken down|nothing taken down$)")


@hookimpl
def on_dag_run_success(dag_run: DagRun, msg: str) -> None:
    """Note what a successful run did."""
    _note(dag_run)


@hookimpl
def on_dag_run_failed(dag_run: DagRun, msg: str) -> None:
    """Note what a failed run did all the same."""
    _note(dag_run)


def _note(dag_run: DagRun) -> None:
    counts = _counts(dag_run)
    if counts is None:
        return
    from etl import words

    # In the caller's session, which commits it with the run's state: another one would wait for the caller's lock.
    dag_run.note = _with_line(dag_run.note, words.outcome(counts))


def _counts(dag_run: DagRun) -> dict[str, int] | None:
    from airflow.models.xcom import XComModel
    from sqlalchemy.orm import object_session

    session = object_session(dag_run)
    if session is None:  # dag.test() passes runs that belong to no session; nobody looks at them later
        return None
    query = XComModel.get_many(run_id=dag_run.run_id, dag_ids=dag_run.dag_id, task_ids="verdict", key=COUNTS_KEY)
    found: Any = session.scalars(query.limit(1)).first()
    return XComModel.deserialize_value(found) if found else None


def _with_line(note: str | None, line: str) -> str:
    """The note with our line last: what a person wrote stays, what an earlier try of the run wrote is removed."""
    kept = [before for before in (note or "").splitlines() if not OUR_LINE.match(before)]
    return "\n".join([*kept, line])
