"""### Dumps in, published warehouse out

Runs every night, and by hand with **Trigger**. Each stage leaves files under `BROADSHEET_HOME/work/<run>/`;
XCom carries batch numbers and counts only.

| task | what it does | when it fails |
|---|---|---|
| `discover` | plans which deliveries are new | the form asks for what is not there, or `sources.toml` is wrong: mend it, trigger again |
| `batch.extract`, `batch.normalise` | read and clean one batch each | the other batches go on; the dumps of this one are recorded as failed and taken again next run |
| `check` | judges every article and every dump | a bad dump is refused, not an error; an error here is a fault of the program |
| `load` | one transaction per batch, ledger inside | clear the task: what is loaded already is not loaded twice |
| `verify` | holds the warehouse against its suites | nothing is published; analysts keep the last good file |
| `publish` | a numbered copy, then the link switched to it | clear the task; skipped when there is nothing new |
| `index_search` | adds the new words to the search index, after the publish | clear the task; until then search reads the texts |
| `verdict` | ends the run | **the reasons stand in its log**: dumps refused or failed, and tasks that failed |

**A dump was refused.** Read the reason in the log of `verdict` (or run `broadsheet status`), have the dump mended,
drop it again under the same name: the next run takes it. After three refusals it is parked; trigger with its path
and *Take it again* to release it.

**Backfill.** *Trigger*, then *Backfill*, or `POST /api/v2/backfills`: one run per day, and each takes only the
deliveries whose path says that day (by the feed's `path_pattern`). One bad day stops no other. Feeds whose paths say
no day are left out, by name in the log of `verdict`; where the form names such a feed, `discover` refuses. Leave it
at one active run: there is one writer. When a bad day is mended, backfill again with *failed runs* to be reprocessed.

**A run was killed.** Trigger again, or clear its failed tasks: whole batches are loaded, the rest follows.
"""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from airflow.sdk import (
    CronTriggerTimetable,
    DeadlineAlert,
    DeadlineReference,
    Param,
    SyncCallback,
    TriggerRule,
    dag,
    get_current_context,
    task,
    task_group,
)
from airflow.sdk.exceptions import AirflowSkipException

from broadsheet_airflow.notices import run_late
from broadsheet_airflow.tasks import DEFAULT_ARGS, POOL, begin_run, current_run, no_retry, publish, verdict, verify

if TYPE_CHECKING:
    from etl.run import Request

TIMEZONE = os.environ.get("BROADSHEET_TIMEZONE", "UTC")
NIGHTLY = CronTriggerTimetable(
    os.environ.get("BROADSHEET_SCHEDULE", "0 2 * * *"),
    timezone=TIMEZONE,
    # A first start in the afternoon does not make up for last night; one at the very minute does not miss it.
    run_immediately=timedelta(minutes=10),
)

DEADLINE_HOURS = float(os.environ.get("BROADSHEET_DEADLINE_HOURS", "4"))
LATE = DeadlineAlert(
    # Not the time of queueing: where a deadline counts from that, Airflow cannot clear a run or a task (its issue 70368).
    reference=DeadlineReference.DAGRUN_LOGICAL_DATE,
    interval=timedelta(hours=DEADLINE_HOURS),
    # In the executor: what keeps a run from ending may be the triggerer.
    callback=SyncCallback(run_late, kwargs={"hours": DEADLINE_HOURS}),
)

PARAMS = {
    "source": Param(
        None,
        type=["null", "string"],
        pattern=r"^[A-Za-z0-9_-]+$",
        maxLength=100,
        title="Feed",
        description="Take only this feed of sources.toml, e.g. `agency`. Empty: every feed.",
    ),
    "path": Param(
        None,
        type=["null", "string"],
        # No control character (`.` would stop at a newline), and no step upwards.
        pattern=r"^(?![\s\S]*[\x00-\x1f\x7f])(?!(.*/)?\.\.(/|$)).+$",
        maxLength=4000,
        title="Path or glob",
        description="A file, folder or glob below the landing folder, e.g. `agency/2024-04-*.zip`. "
        "Empty: whatever is new.",
    ),
    "format": Param(
        None,
        type=["null", "string"],
        pattern=r"^[a-z][a-z0-9_]*$",
        maxLength=100,
        title="Format",
        description="Read the path as this format, e.g. `csv`. Empty: as the feed says, or recognised by content.",
    ),
    "published_on": Param(
        None,
        type=["null", "string"],
        format="date",
        title="Publication date",
        description="The date of the issue, as a manifest would state it. Only together with a path.",
    ),
    "force": Param(
        False,
        type="boolean",
        title="Take it again",
        description="Take deliveries that are already loaded, or parked, once more.",
    ),
}


@dag(
    schedule=NIGHTLY,
    catchup=False,
    max_active_runs=1,
    params=PARAMS,
    deadline=LATE,
    doc_md=__doc__,
    tags=["broadsheet", "ingest"],
    default_args=DEFAULT_ARGS,
)
def ingest_articles() -> None:
    """discover >> (extract >> normalise) per batch >> check >> load >> verify >> publish >> verdict, index_search"""
    batches = discover()
    read = batch.expand(number=batches)
    read >> check(batches) >> load() >> verify() >> publish() >> [verdict(), index_search()]


@task(pool=POOL)
def discover() -> list[int]:
    """Begin the run and plan which deliveries it takes."""
    from etl import pipeline
    from etl.settings import SettingsError
    from etl.stages.discover import RequestError

    dag_run = get_current_context()["dag_run"]
    trigger = {"scheduled": "schedule", "backfill": "backfill"}.get(dag_run.run_type, "manual")
    with no_retry(RequestError, SettingsError):
        return pipeline.discover(begin_run(trigger, _request()))


@task_group
def batch(number: int) -> None:
    """Read one batch."""
    extract(number=number) >> normalise(number=number)


@task(map_index_template="batch {{ task.op_kwargs['number'] }}")
def extract(number: int) -> dict[str, int]:
    """Read the dumps of one batch into raw records."""
    from etl import pipeline

    return pipeline.extract(current_run(), number)


@task(map_index_template="batch {{ task.op_kwargs['number'] }}")
def normalise(number: int) -> dict[str, int]:
    """Clean the raw records of one batch."""
    from etl import pipeline

    return pipeline.normalise(current_run(), number)


# All done, not all succeeded: one batch that cannot be read must not stop the others.
@task(trigger_rule=TriggerRule.ALL_DONE, execution_timeout=timedelta(hours=2))
def check(batches: Any) -> dict[str, int]:
    """Judge every article and every dump."""
    from etl import pipeline

    if batches is None:  # not even an empty list
        raise AirflowSkipException("discover failed, so there is nothing to check.")
    return pipeline.check(current_run())


@task(pool=POOL)
def load() -> dict[str, int]:
    """Load what passed the checks, and write the ledger."""
    from etl import pipeline

    return pipeline.load(current_run())


# Analysts have the load by then; the verdict goes first where both wait for the warehouse.
@task(pool=POOL, priority_weight=0)
def index_search() -> dict[str, int]:
    """Add what is new to the search index."""
    from etl.settings import load_settings
    from etl.warehouse import search

    return search.add_to_index(load_settings())


def _request() -> Request:
    """What the form asks for. Airflow has checked the single fields; here is what it cannot know."""
    from etl.run import Request
    from etl.settings import load_settings, load_sources
    from etl.stages.discover import RequestError

    context = get_current_context()
    params = context["params"]
    if unknown := sorted(set(context["dag_run"].conf or {}) - set(PARAMS)):
        raise RequestError(f"unknown fields {unknown}; known are {', '.join(PARAMS)}")
    if not params["path"] and (params["format"] or params["published_on"]):
        raise RequestError("a format or a publication date was given without a path; say which dump it is for")
    paths: tuple[str, ...] = ()
    if params["path"]:
        paths = (str(_below(load_sources(load_settings().sources).landing, params["path"])),)
    published_on = date.fromisoformat(params["published_on"]) if params["published_on"] else None
    return Request(paths, params["source"], params["format"], published_on, params["force"], _day())


def _day() -> date | None:
    """The day of a backfill's run, as it is in the zone of the schedule; None where all days are meant."""
    context = get_current_context()
    if context["dag_run"].run_type != "backfill":
        return None
    return context["logical_date"].astimezone(ZoneInfo(TIMEZONE)).date()


def _below(landing: Path, path: str) -> Path:
    from etl.stages.discover import RequestError

    asked = landing / path
    if not asked.resolve().is_relative_to(landing):
        raise RequestError(f"{path}: lies outside the landing folder {landing}; move the dump there first")
    return asked


ingest_articles()
