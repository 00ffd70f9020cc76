"""The environment in which this project runs Airflow: a separate home, with nothing from the caller's Airflow."""

from __future__ import annotations

import os
from pathlib import Path

from etl.processes.workers import number_of_workers
from etl.settings import load_settings

PROJECT = Path(__file__).resolve().parent.parent
DAG_ID = "ingest_articles"
POOL = "warehouse"
OUR_CONNECTIONS = "AIRFLOW_CONN_BROADSHEET_"


def broadsheet_home() -> Path:
    """Where Broadsheet keeps what it makes, by the environment or the settings file."""
    return load_settings().home


def airflow_environment(home: Path) -> dict[str, str]:
    """The caller's environment with an Airflow of our own in it. To be set before Airflow is imported.

    Of the caller's Airflow only the settings (AIRFLOW__SECTION__KEY) stay, where they do not say where our Airflow is,
    and the connections named after Broadsheet: AIRFLOW_CONN_BROADSHEET_SMTP, ..._WEBHOOK.
    """
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name.startswith(("AIRFLOW__", OUR_CONNECTIONS)) or not name.startswith(("AIRFLOW_", "_AIRFLOW_"))
    }
    settings = load_settings()
    # One for another DAG, such as a takedown, while all workers read.
    parallelism = {"AIRFLOW__CORE__PARALLELISM": str(number_of_workers(settings) + 1)}
    return (
        DEFAULTS
        | parallelism
        | inherited
        | {
            "AIRFLOW_HOME": str(home),
            "AIRFLOW_CONFIG": str(home / "airflow.cfg"),
            "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
            "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(home / "plugins"),
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
            "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
            "BROADSHEET_HOME": str(settings.home),
            "BROADSHEET_SOURCES": str(settings.sources),
        }
    )


DEFAULTS = {
    "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "300",  # each 30 seconds takes a twentieth of a core for ever
    "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
    # Who waits for a task often misses its end, and then looks again after this time: its place is taken until then.
    "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
}
"""What the caller may set otherwise."""
