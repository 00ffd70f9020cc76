"""Airflow's listener that writes what a run did into its note: `read 20 · inserted 17 · ...`.

Tasks cannot reach Airflow's database. The verdict passes it on by XCom, before it fails the run, and the
process that ends the run, usually the scheduler, turns them into the note. Warnings follow, a line each.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from airflow.listeners import hookimpl

if TYPE_CHECKING:
    from airflow.models.dagrun import DagRun

NOTE_KEY = "broadsheet_note"
"""The XCom by which the task `verdict` passes on what it found, in every DAG: its outcome, then its warnings."""

WARNING = "⚠ "
OUR_LINE = re.compile(
    r"(read [\d,]+ · inserted |nothing new$|no dumps$|[\d,]+ articles? taken down|nothing taken down$|[\d,]+ new of |"
    r"task [\w.]+ failed: |"
    rf"{WARNING})"
)
SHOWN_WARNINGS = 3
SHOWN_CHARACTERS = 200
LONGEST = 1000
"""Characters that Airflow's database keeps of a note."""


@hookimpl
def on_dag_run_success(dag_run: DagRun, msg: str) -> None:
    """Note what a successful run did."""
    _note(dag_run)


@hookimpl
def on_dag_run_failed(dag_run: DagRun, msg: str) -> None:
    """Note what a failed run did all the same."""
    _note(dag_run)


def _note(dag_run: DagRun) -> None:
    found = _found(dag_run)
    if not found:
        return
    outcome, *warnings = found
    # In the caller's session, which commits it with the run's state: another one would wait for the caller's lock.
    dag_run.note = _with_lines(dag_run.note, [outcome, *_shown(warnings)])


def _shown(warnings: list[str]) -> list[str]:
    from broadsheet_airflow.notices import harmless

    more = [f"{WARNING}and {len(warnings) - SHOWN_WARNINGS:,} more, in the log of verdict"]
    shown = [f"{WARNING}{harmless(warning, SHOWN_CHARACTERS)}" for warning in warnings[:SHOWN_WARNINGS]]
    return shown + (more if len(warnings) > SHOWN_WARNINGS else [])


def _found(dag_run: DagRun) -> list[str] | None:
    from airflow.models.xcom import XComModel
    from sqlalchemy.orm import object_session

    session = object_session(dag_run)
    if session is None:  # dag.test() passes runs that belong to no session; nobody looks at them later
        return None
    query = XComModel.get_many(run_id=dag_run.run_id, dag_ids=dag_run.dag_id, task_ids="verdict", key=NOTE_KEY)
    found: Any = session.scalars(query.limit(1)).first()
    return XComModel.deserialize_value(found) if found else None


def _with_lines(note: str | None, lines: list[str]) -> str:
    """The note with our lines last: what a person wrote stays, what an earlier try of the run wrote is removed."""
    kept = [before for before in (note or "").splitlines() if not OUR_LINE.match(before)]
    while len(lines) > 1 and len("\n".join([*kept, *lines])) > LONGEST:
        lines = lines[:-1]
    return "\n".join([*kept, *lines])
