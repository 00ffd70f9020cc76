"""Write docs/dags.md from the DAGs themselves; with --check, fail if it is stale."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from airflow_env import PROJECT, airflow_environment

PAGE = PROJECT / "docs" / "dags.md"


def main() -> int:
    """Write the page, or check it; returns the exit status."""
    with tempfile.TemporaryDirectory() as home, contextlib.redirect_stdout(io.StringIO()):
        for name in ("BROADSHEET_SCHEDULE", "BROADSHEET_TIMEZONE"):
            os.environ.pop(name, None)
        os.environ.update(airflow_environment(Path(home)))
        text = page(_dags())
    if "--check" not in sys.argv:
        PAGE.write_text(text, "utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text("utf-8") == text:
        return 0
    print("docs/dags.md is stale: run `make docs` and commit it", file=sys.stderr)
    return 1


def _dags() -> list[Any]:
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(PROJECT / "dags")
    if bag.import_errors:
        raise RuntimeError("\n".join(bag.import_errors.values()))
    return [bag.dags[dag_id] for dag_id in sorted(bag.dags)]


def page(dags: list[Any]) -> str:
    """The DAGs in Markdown: schedule, form, tasks with pool, retries and trigger rule."""
    parts = ["# DAGs", "Written by `make docs` from the files in `dags/`; do not edit."]
    for dag in dags:
        parts += [f"## {dag.dag_id}", dag.doc_md.strip().removeprefix("### ")]
        parts += [f"{_schedule(dag.timetable)} Owner: {dag.owner}."]
        parts += [_table(["field of the form", "default", "meaning"], [_param(*item) for item in dag.params.items()])]
        tasks = [_task(dag.task_dict[task_id]) for task_id in _in_order(dag)]
        parts += [_table(["task", "after", "pool", "retries", "runs when"], tasks)]
    return "\n\n".join(parts) + "\n"


def _schedule(timetable: Any) -> str:
    if not timetable.can_be_scheduled:
        return "Runs when it is triggered."
    return f"Schedule: `{timetable.expression}` in {timetable.timezone}."


def _in_order(dag: Any) -> list[str]:
    waiting = dict(sorted(dag.task_dict.items()))
    ordered: list[str] = []
    while waiting:
        ready = next(name for name, task in waiting.items() if task.upstream_task_ids <= set(ordered))
        del waiting[ready]
        ordered.append(ready)
    return ordered


def _param(name: str, param: Any) -> list[str]:
    return [f"`{name}`", "" if param.value is None else f"`{param.value}`", param.description]


def _task(task: Any) -> list[str]:
    after = ", ".join(f"`{name}`" for name in sorted(task.upstream_task_ids))
    return [f"`{task.task_id}`", after, task.pool, str(task.retries), task.trigger_rule.value.replace("_", " ")]


def _table(headings: list[str], rows: list[list[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
