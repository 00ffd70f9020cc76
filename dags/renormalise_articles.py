"""### Accepted articles, normalised again

Runs accepted articles through today's reader and normaliser, in place: no revision is made, keys stay. Use it after a
fix in the stanza (a time zone, the order of day and month) or after an upgrade of Broadsheet. The dump must still be in
the landing folder as it was delivered; otherwise its articles stay unchanged, and the log says so.

| task | what it does | when it fails |
|---|---|---|
| `renormalise` | reads and normalises the dumps of the chosen articles, replaces their rows | the form matches no article |
| `verify`, `publish`, `verdict` | as in `ingest_articles` | as in `ingest_articles` |
"""

from __future__ import annotations

from datetime import date

from airflow.sdk import dag, get_current_context, task

from broadsheet_airflow.forms import DUMP, optional
from broadsheet_airflow.tasks import DEFAULT_ARGS, POOL, begin_run, described, no_retry, publish, verdict, verify

PARAMS = {
    "source": optional("Feed", "Only this feed of sources.toml. Empty: every feed."),
    "dump": optional("Dump", f"{DUMP} Empty: any."),
    "from_date": optional("From", "Only articles published from this day on.", format="date"),
    "to_date": optional("To", "Only articles published up to this day.", format="date"),
}


@dag(
    schedule=None,
    max_active_runs=1,
    params=PARAMS,
    **described(__doc__),
    tags=["broadsheet", "repair"],
    default_args=DEFAULT_ARGS,
)
def renormalise_articles() -> None:
    """renormalise >> verify >> publish >> verdict"""
    renormalise() >> verify() >> publish() >> verdict()


@task(pool=POOL)
def renormalise() -> dict[str, int]:
    """Normalise the chosen articles again."""
    from etl.model import Trigger
    from etl.repair import RepairError
    from etl.repair.renormalise import Chosen, renormalise_chosen
    from etl.run import Request
    from etl.stages.verify import VerifyFailed

    params = get_current_context()["params"]
    days = (date.fromisoformat(params[name]) if params[name] else None for name in ("from_date", "to_date"))
    with no_retry(RepairError, VerifyFailed):
        return renormalise_chosen(
            begin_run(Trigger.renormalise, Request()), Chosen(params["source"], params["dump"], *days)
        )


renormalise_articles()
