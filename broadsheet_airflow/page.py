"""The page behind the entry Broadsheet in Airflow's navigation: the Overview, with links to the DAGs that act.

Whatever comes from a dump (file names, reasons, places) is shown on Airflow's own origin, where a script would act
as the operator. So the template escapes everything, and the headers forbid the browser to run any script.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from airflow.api_fastapi.auth.managers.models.resource_details import AccessView
from airflow.api_fastapi.common.db.common import SessionDep
from airflow.api_fastapi.core_api.security import requires_access_view
from airflow.models.dag import DagModel, DagTag
from airflow.models.dagrun import DagRun
from fastapi import Depends, FastAPI
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import select

from etl import words
from etl.reports import cautions, style
from etl.reports.night_facts import RejectedReason
from etl.reports.overview import look_now
from etl.run import ledger_name
from etl.settings import SettingsError, load_settings
from etl.warehouse import WarehouseError

HERE = Path(__file__).parent
TAG = "broadsheet"
LINKED_RUNS = 200

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Action:
    """A DAG with which a person acts, and what to enter in its form."""

    dag_id: str
    title: str
    form: str


ACTIONS = (
    Action("ingest_articles", "Take dumps now", "Leave the form empty for everything new, or name one path."),
    Action("release_dump", "Release a parked dump", "Once it or its stanza is fixed: its path, as listed above."),
    Action(
        "replay_rejected",
        "Replay rejected articles",
        "Once fixed: all, or those of a run, a dump or a reason.",
    ),
    Action("dismiss_waiting", "Dismiss what waits", "What nobody will mend: dumps or rejected articles, and why."),
    Action(
        "unload_dump",
        "Take a delivery out again",
        "Its articles are removed; earlier revisions become current again.",
    ),
    Action("take_down_articles", "Take an article down", "By id, address or e-mail; another user must approve."),
)


def conf_of(**fields: str) -> str:
    """What to paste into a trigger form as its configuration: the UI of Airflow takes no values from an address."""
    return json.dumps(fields, ensure_ascii=False)


def words_of(reason: str) -> str:
    """The part of a reason that the reasons have in common which differ from it in numbers only."""
    return max(re.split(r"\d+", reason), key=len).strip()


def conf_of_reason(rejected: RejectedReason) -> str:
    """What to paste to replay what was rejected for one reason, whatever the numbers in it."""
    fields = {"dump": rejected.example_path} if rejected.dumps == 1 else {}
    return conf_of(**fields, reason=words_of(rejected.reason))


@dataclass(frozen=True)
class Links:
    """Where things are in Airflow's UI, relative to the page."""

    dags: dict[str, str]
    """DAG id -> its page."""
    runs: dict[str, str]
    """Run id as the ledger spells it -> the page of the run."""


def airflow_links(session: SessionDep) -> Links:
    """The DAGs that carry our tag, and their last runs."""
    ours = select(DagTag.dag_id).where(DagTag.name == TAG)
    dags = session.scalars(select(DagModel.dag_id).where(DagModel.dag_id.in_(ours), ~DagModel.is_stale))
    runs = session.execute(
        select(DagRun.dag_id, DagRun.run_id)
        .where(DagRun.dag_id.in_(ours))
        .order_by(DagRun.run_after.desc())
        .limit(LINKED_RUNS)
    )
    return Links(
        dags={dag_id: f"../dags/{dag_id}" for dag_id in dags},
        runs={ledger_name(run_id): f"../dags/{dag_id}/runs/{quote(run_id, safe='')}" for dag_id, run_id in runs},
    )


may_see = requires_access_view(AccessView.PLUGINS)
"""Airflow does not check who opens a plugin's page: anyone who may see the navigation entry may see the page."""

app = FastAPI(
    title="Broadsheet",
    dependencies=[Depends(may_see)],
    docs_url=None,
    redoc_url=None,
    openapi_url=None,
)
app.mount("/static", StaticFiles(directory=style.FOLDER))

templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
templates.globals |= {"cautions": cautions, "words": words, "conf_of": conf_of, "conf_of_reason": conf_of_reason}


@app.get("/", response_class=HTMLResponse)
def page(links: Annotated[Links, Depends(airflow_links)]) -> HTMLResponse:
    """The state of the installation, as it is now or as it was published."""
    try:
        found, trouble = look_now(load_settings()), None
    except (WarehouseError, SettingsError) as error:
        found, trouble = None, str(error)
    html = templates.get_template("page.html").render(found=found, trouble=trouble, links=links, actions=ACTIONS)
    return HTMLResponse(html, headers=HEADERS)
