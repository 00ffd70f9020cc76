"""What a night with nothing new costs: CPU seconds of the DAG, and of an empty DAG with as many tasks.

    .venv/bin/python benchmarks/idle_night.py

Ingests samples/ into a folder of its own, then runs the DAG three more times and lists the files written meanwhile.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bin"))

from airflow_env import DAG_ID, PROJECT, airflow_environment

RUNS = 3


def main() -> None:
    """Measure, and print."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BROADSHEET_HOME"] = f"{folder}/home"
        os.environ.update(airflow_environment(Path(folder) / "airflow"))
        dags = Path(folder) / "dags"
        dags.mkdir()
        os.environ["AIRFLOW__CORE__DAGS_FOLDER"] = str(dags)
        ingest, empty_file = dags / "ingest.py", dags / "empty.py"
        ingest.symlink_to(PROJECT / "dags" / f"{DAG_ID}.py")
        empty_file.write_text(EMPTY)
        from airflow.utils import db

        db.initdb()
        cpu_seconds(ingest)
        before = changed_at(Path(folder) / "home")
        nights = [cpu_seconds(ingest) for _ in range(RUNS)]
        touched = {name for name, at in changed_at(Path(folder) / "home").items() if before.get(name) != at}
        empty = [cpu_seconds(empty_file) for _ in range(RUNS + 1)][1:]
    print(f"a night with nothing new: {median(nights):.2f} CPU-s")
    print(f"an empty DAG of as many tasks: {median(empty):.2f} CPU-s")
    print("written in warehouse/ and published/:", sorted(touched) or "nothing")


def cpu_seconds(file: Path) -> float:
    """CPU seconds of one `dag.test()`, children included."""
    dag = parsed(file)
    begun = _cpu()
    state = dag.test().state
    assert str(state) == "success", state
    return _cpu() - begun


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(use.ru_utime + use.ru_stime for use in used)


def parsed(file: Path) -> Any:
    """The DAG of a file, freshly parsed."""
    from airflow.dag_processing.dagbag import DagBag

    (dag,) = DagBag(file).dags.values()
    dag.deadline = None  # dag.test() does not support one
    return dag


EMPTY = """
from airflow.sdk import chain, dag, task


@dag(dag_id="empty", schedule=None)
def empty():
    @task
    def nothing():
        return None

    chain(*(nothing.override(task_id=f"task_{number}")() for number in range(6)))


empty()
"""
"""Six tasks in a row that do nothing: as many as run if there is no batch."""


def changed_at(home: Path) -> dict[str, int]:
    """The time of the last change of each file in warehouse/ and published/."""
    folders = (home / "warehouse", home / "published")
    return {
        str(path.relative_to(home)): path.lstat().st_mtime_ns
        for folder in folders
        for path in folder.glob("*")
        if not path.name.startswith("lock")
    }


if __name__ == "__main__":
    main()
