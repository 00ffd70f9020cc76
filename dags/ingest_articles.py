"""### Dumps in, published warehouse out

Runs every night, and by hand with **Trigger**. Each stage leaves files under `BROADSHEET_HOME/work/<run>/`;
XCom carries numbers of parts and files, and counts, and from `verdict` what the run's note says: the counts, and warnings that name
feeds and paths.

| task | what it does | when it fails |
|---|---|---|
| `discover` | fetches new files of feeds whose path is an address, plans which deliveries are new, and notes what it saw | the landing folder is not there, the form asks for something that is not there, or `sources.toml` is wrong: correct it and trigger again |
| `extract` | reads one part of a batch: some dumps, or a range of a large one | the other parts continue; the dumps of its batch are recorded as failed and taken again by the next run |
| `gather` | adds up what was read of each dump | clear the task; an error here is a bug |
| `normalise` | cleans one file of raw records | as for `extract` |
| `check` | judges every article and every dump | a bad dump is refused, which is not an error; an error here is a bug |
| `load` | one transaction per batch, ledger inside | clear the task: nothing is loaded twice |
| `verify` | checks the warehouse against its suites | nothing is published; analysts keep the last good file |
| `publish` | writes a numbered copy, then switches the link to it | clear the task; skipped when there is nothing new |
| `index_search` | after a large load: indexes its words for the search while others use the warehouse, and publishes the index; a small one is in the index when it is published | clear the task; until then search reads the texts |
| `verdict` | ends the run | **the reasons are in its log, first and one a line**: dumps refused or failed, folders of feeds that are missing, feeds that cannot be reached, tasks that failed |

**A dump was refused.** Read the reason in the log of `verdict` (or run `broadsheet status`), have the dump fixed,
and drop it again under the same name: the next run takes it. After three refusals it is parked, as it is when Broadsheet
itself failed on it three times: release it with the DAG `release_dump`.

**Backfill.** *Trigger*, then *Backfill*, or `POST /api/v2/backfills`: one run per day, and each takes only the
deliveries with that day in their path (by the feed's `path_pattern`). A bad day does not stop the others. Feeds
without a day in their paths are left out, and named in the log of `verdict`; if the form names such a feed, `discover`
refuses. Leave it at one active run: there is one writer. Once a bad day is fixed, backfill again and have *failed runs*
reprocessed.

**A run was killed.** Trigger again, or clear its failed tasks: whole batches are loaded, the rest follows.
"""

from __future__ import annotations

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
)
from airflow.sdk.exceptions import AirflowSkipException

from broadsheet_airflow.notices import run_late
from broadsheet_airflow.tasks import (
    DEFAULT_ARGS,
    POOL,
    begin_run,
    current_run,
    described,
    no_retry,
    publish,
    verdict,
    verify,
)
from etl.processes.workers import number_of_workers
from etl.settings import DEFAULT_SCHEDULE, load_settings

if TYPE_CHECKING:
    from etl.run import Request

SETTINGS = load_settings()
WORKERS = number_of_workers(SETTINGS)
TIMEZONE = str(SETTINGS.timezone)
NIGHTLY = CronTriggerTimetable(
    SETTINGS.schedule or DEFAULT_SCHEDULE,
    timezone=TIMEZONE,
    # A first start in the afternoon does not make up for last night's run; one at its very minute does not miss it.
    run_immediately=timedelta(minutes=10),
)

LATE = DeadlineAlert(
    # Not the queueing time: with a deadline based on that, Airflow cannot clear a run or a task (its issue 70368).
    reference=DeadlineReference.DAGRUN_LOGICAL_DATE,
    interval=timedelta(hours=SETTINGS.deadline_hours),
    # In the executor: what keeps a run from ending may be the triggerer.
    callback=SyncCallback(run_late, kwargs={"hours": SETTINGS.deadline_hours}),
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
        # No control character (`.` would stop at a newline), and no step up to a parent folder.
        pattern=r"^(?![\s\S]*[\x00-\x1f\x7f])(?!(.*/)?\.\.(/|$)).+$",
        maxLength=4000,
        title="Path or glob",
        description="A file, folder or glob below the landing folder, e.g. `agency/2024-04-*.zip`. "
        "Empty: everything new.",
    ),
    "format": Param(
        None,
        type=["null", "string"],
        pattern=r"^[a-z][a-z0-9_]*$",
        maxLength=100,
        title="Format",
        description="Read the path as this format, e.g. `csv`. Empty: as set for the feed, or recognised by content.",
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
        description="Take deliveries again even if they are loaded or parked.",
    ),
}


@dag(
    schedule=NIGHTLY,
    catchup=False,
    max_active_runs=1,
    params=PARAMS,
    deadline=LATE,
    **described(__doc__),
    tags=["broadsheet", "ingest"],
    default_args=DEFAULT_ARGS,
)
def ingest_articles() -> None:
    """discover >> extract per part >> gather >> normalise per file >> check >> load >> verify >> publish >> verdict,
    index_search"""
    parts = discover()
    files = gather(parts)
    extract.expand(part=parts) >> files
    normalise.expand(files=files) >> check(parts) >> load() >> verify() >> publish() >> [verdict(), index_search()]


@task(pool=POOL)
def discover() -> list[list[int]]:
    """Begin the run, fetch what is new elsewhere, and plan which deliveries it takes."""
    from broadsheet_airflow.logins import of_feeds
    from etl import pipeline
    from etl.model import Trigger
    from etl.settings import SettingsError
    from etl.stages.discover import RequestError

    dag_run = get_current_context()["dag_run"]
    triggers = {"scheduled": Trigger.schedule, "backfill": Trigger.backfill}
    trigger = triggers.get(dag_run.run_type, Trigger.manual)
    with no_retry(RequestError, SettingsError):
        logins = of_feeds(load_settings())
        return [list(part) for part in pipeline.discover(begin_run(trigger, _request()), logins)]


@task(map_index_template="batch {{ task.op_kwargs['part'] | join(', part ') }}", max_active_tis_per_dagrun=WORKERS)
def extract(part: list[int]) -> dict[str, int]:
    """Read one part of a batch into raw records."""
    from etl import pipeline

    return pipeline.extract(current_run(), *part)


# All done, not all succeeded: one part that cannot be read must not stop the others.
@task(trigger_rule=TriggerRule.ALL_DONE)
def gather(parts: Any) -> list[list[list[int]]]:
    """Add up what was read of each dump."""
    from etl import pipeline

    _refuse_unplanned(parts)
    return [[list(file) for file in files] for files in pipeline.gather(current_run())]


@task(
    map_index_template="batch {{ task.op_kwargs['files'][0][:2] | join(', part ') }}",
    max_active_tis_per_dagrun=WORKERS,
)
def normalise(files: list[list[int]]) -> dict[str, int]:
    """Clean some files of raw records."""
    from etl import pipeline
    from etl.run import RawFile

    return pipeline.normalise(current_run(), [RawFile(*file) for file in files])


@task(trigger_rule=TriggerRule.ALL_DONE, execution_timeout=timedelta(hours=2))
def check(parts: Any) -> dict[str, int]:
    """Judge every article and every dump."""
    from etl import pipeline

    _refuse_unplanned(parts)
    return pipeline.check(current_run())


def _refuse_unplanned(parts: Any) -> None:
    if parts is None:  # not even an empty list
        raise AirflowSkipException("discover failed, so there is nothing to do.")


@task(pool=POOL)
def load() -> dict[str, int]:
    """Load what passed the checks, and write the ledger."""
    from etl import pipeline

    return pipeline.load(current_run())


# Not in the pool: it opens the warehouse only at its end, to add what it made of the published texts.
@task
def index_search() -> dict[str, int]:
    """Add what the publish has left to the search index, and publish that at once."""
    from etl.stages.publish import publish_index

    return publish_index(load_settings())


def _request() -> Request:
    """What the form asks for. Airflow has checked each field; this checks what Airflow cannot know."""
    from etl.declared.sources import load_sources
    from etl.run import Request
    from etl.stages.discover import RequestError

    context = get_current_context()
    params = context["params"]
    if unknown := sorted(set(context["dag_run"].conf or {}) - set(PARAMS)):
        raise RequestError(f"unknown fields {unknown}; the known ones are {', '.join(PARAMS)}")
    if not params["path"] and (params["format"] or params["published_on"]):
        raise RequestError("a format or a publication date was given without a path; name the dump that it is for")
    paths: tuple[str, ...] = ()
    if params["path"]:
        paths = (str(_below(load_sources(load_settings()).landing, params["path"])),)
    published_on = date.fromisoformat(params["published_on"]) if params["published_on"] else None
    return Request(paths, params["source"], params["format"], published_on, params["force"], day=_day())


def _day() -> date | None:
    """The day of a backfill's run, in the time zone of the schedule; None if all days are meant."""
    context = get_current_context()
    if context["dag_run"].run_type != "backfill":
        return None
    return context["logical_date"].astimezone(ZoneInfo(TIMEZONE)).date()


def _below(landing: Path, path: str) -> Path:
    from etl.stages.discover import RequestError

    asked = landing / path
    if not asked.resolve().is_relative_to(landing):
        raise RequestError(f"{path}: is outside the landing folder {landing}; move the dump there first")
    return asked


ingest_articles()
