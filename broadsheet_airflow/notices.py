"""Notices about a run, sent to people: that it failed, that a feed is silent, that it is late.

`run_failed` and `run_ended` are the callbacks of the task `verdict`, `keep_reason` that of every other task; Airflow
calls them in the task's own process, or in the DAG processor if that process was killed. `run_late` is the
callback of a DeadlineAlert, which the scheduler hands to the executor.
"""

from __future__ import annotations

import json
import logging
import re
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from broadsheet_airflow.channels import Notice

log = logging.getLogger(__name__)

SHOWN_LINES = 20
SHOWN_CHARACTERS = 1_000

FIX_DUMPS = (
    "For a dump that was refused, correct its stanza in sources.toml, or fix it and drop it again under the same name: "
    "the next run takes it. `broadsheet status` lists what is waiting. After three failed tries a dump is parked until "
    "it is released."
)
FIX_FEEDS = (
    "Correct sources.toml, or mount or create the folder, then trigger the DAG again: files that lie there are taken "
    "then. `broadsheet check-sources` says whether all is well. The other feeds are not affected."
)
FIX_TASKS = (
    "Fix what made a task fail, then clear it or trigger the DAG again: nothing is loaded twice. "
    "Analysts keep the last published file until then."
)
FIX_TAKEDOWN = (
    "Clearing its task removes nothing. If the articles are still to go, remove the cause, then trigger "
    "take_down_articles again and have it approved again; a takedown that was stopped is finished first."
)
SEE_REJECTED = (
    "`broadsheet rejected` lists the rejected articles with their reasons: they wait until they are replayed or "
    "dismissed."
)
SEE_DOCTOR = "`broadsheet doctor` says what is wrong with the warehouse and its surroundings, and what to do."


class RunFailed(SystemExit):
    """Ends the task `verdict` of a run that failed. Its reasons are in the log, so Airflow need not add a traceback.

    Of all exceptions Airflow logs only SystemExit without one.
    """


# What happened, kept in the run's folder for its notice


def keep_reason(context: Mapping[str, Any]) -> None:
    """Callback of a failed task: write down why, for the verdict of its run."""
    error = context.get("exception")
    if error is None:
        return
    kept = _reason_file(context["run_id"], _task_name(context["ti"]))
    is_plain = "AirflowFailException" in (kind.__name__ for kind in type(error).__mro__)
    _keep(kept, str(error) if is_plain else f"{type(error).__name__}: {error}")


def reason(run_id: str, task_name: str) -> str:
    """Why that task of the run failed, in one line."""
    try:
        return f"task {task_name} failed: {harmless(_kept(_reason_file(run_id, task_name)))}"
    except FileNotFoundError:
        return f"task {task_name} failed: see its log"


def keep_verdict(
    run_id: str,
    reasons: Mapping[str, Sequence[str]] = MappingProxyType({}),
    *,
    warnings: Sequence[str] = (),
    totals: Mapping[str, int] | None = None,
    articles_waiting: int = 0,
) -> None:
    """Write down how the run went, for the callback of `verdict`: why it failed, by what to do about that."""
    kept = _verdict_file(run_id)
    verdict = {
        "reasons": {advice: list(whys) for advice, whys in reasons.items() if whys},
        "warnings": list(warnings),
        "totals": dict(totals or {}),
        "articles_waiting": articles_waiting,
    }
    _keep(kept, json.dumps(verdict))


def _keep(file: Path, text: str) -> None:
    """Write a file of the run's folder, which is not there where a task failed before the run was begun."""
    from etl.files import keep_private
    from etl.store import write_text

    keep_private()
    write_text(file, text)


def _kept(file: Path) -> str:
    from etl.store import read_text

    return read_text(file)


def _kept_verdict(run_id: str) -> dict[str, Any]:
    verdict: dict[str, Any] = json.loads(_kept(_verdict_file(run_id)))
    return verdict


def _verdict_file(run_id: str) -> Path:
    return _folder(run_id) / "verdict.json"


def _reason_file(run_id: str, task_name: str) -> Path:
    return _folder(run_id) / "failed" / f"{task_name}.txt"


def _folder(run_id: str) -> Path:
    from etl.run import folder_of
    from etl.settings import load_settings

    return folder_of(load_settings(), run_id)


def _task_name(ti: Any) -> str:
    return ti.task_id if ti.map_index is None or ti.map_index < 0 else f"{ti.task_id}_{ti.map_index}"


# Callbacks that notify people


def run_failed(context: Mapping[str, Any]) -> None:
    """Callback of a failed `verdict`: send which dumps and tasks failed, why, and what to do."""
    error = context.get("exception")
    if isinstance(error, RunFailed):
        verdict = _kept_verdict(context["run_id"])
    else:
        why = f"{type(error).__name__}: {error}" if error else "it was killed; see its log"
        reasons = {FIX_TASKS: [f"task verdict failed: {why}"]}
        verdict = {"reasons": reasons, "warnings": [], "totals": {}, "articles_waiting": 0}
    _send(_ended_notice(context, verdict))


def run_ended(context: Mapping[str, Any]) -> None:
    """Callback of a successful `verdict`: send its warnings, and how many articles wait; and a night's sign of life."""
    verdict = _kept_verdict(context["run_id"])
    if verdict["warnings"] or verdict["articles_waiting"]:
        _send(_ended_notice(context, verdict))
    _ping(context["run_id"])


def _ping(run_id: str) -> None:
    """Call BROADSHEET_PING_URL if this run took everything, as a night does, and all is good."""
    from etl.model import Trigger
    from etl.reports.sign_of_life import ping_if_good
    from etl.run import resume
    from etl.settings import load_settings

    settings = load_settings()
    run = resume(settings, run_id)
    if not settings.ping_url or not run.request.is_whole or run.trigger not in (Trigger.schedule, Trigger.manual):
        return
    if trouble := ping_if_good(settings):
        log.warning(harmless(trouble))
    else:
        log.info("BROADSHEET_PING_URL was called: the night was good.")


def approval_waits(context: Mapping[str, Any], what: list[str], why: str) -> None:
    """Send that a request waits for a second user."""
    from broadsheet_airflow.channels import Notice

    dag_id, run_id = context["dag"].dag_id, context["run_id"]
    text = _text(
        {
            "What happened": [f"The run {run_id} of {dag_id} waits for an approval.", *what],
            "Why": [why],
            "What to do next": [
                "Approve or reject it under Required Actions, as another user than the one who requested it.",
                f"The run: {run_address(dag_id, run_id)}",
            ],
        }
    )
    _send(Notice(f"Broadsheet: {dag_id} waits for an approval", text, dag_id, run_id))


def run_late(context: Mapping[str, Any], hours: float) -> None:
    """Callback of the deadline: send that a nightly run has not ended `hours` after its time.

    A run of a backfill has its time in the past, and a failed run has had its notice: neither is late.
    """
    from broadsheet_airflow.channels import Notice
    from etl.settings import load_settings
    from etl.warehouse import lock

    run = context["dag_run"]
    if run["run_type"] == "backfill" or run["state"] not in ("queued", "running"):
        return
    dag_id, run_id = run["dag_id"], run["dag_run_id"]
    held = lock.holder(load_settings())
    started = f"started {run['start_date']}" if run["start_date"] else "not started yet"
    limit = f"{hours:g} hours" if hours >= 1 else f"{3600 * hours:.0f} seconds"
    text = _text(
        {
            "What happened": [
                f"The run {run_id} of {dag_id} has not ended {limit} after its time, {run['logical_date']}. "
                f"It is {run['state']}; queued {run['queued_at']}, {started}."
            ],
            "Why": [f"The warehouse is held by {held}." if held else "Nothing holds the warehouse at the moment."],
            "What to do next": [
                f"See which task is running, waiting or being retried: {run_address(dag_id, run_id)}",
                "If a task is stuck, mark it failed or kill it, and trigger the DAG again: whole batches stay loaded, "
                "the rest follows. Analysts keep the last published file.",
                SEE_DOCTOR,
            ],
        }
    )
    _send(Notice(f"Broadsheet: {dag_id} is late by more than {limit}", text, dag_id, run_id))


def _send(notice: Notice) -> None:
    from broadsheet_airflow.channels import send

    send(notice)


# The text


def _ended_notice(context: Mapping[str, Any], verdict: Mapping[str, Any]) -> Notice:
    from broadsheet_airflow.channels import Notice
    from etl import words

    dag_id, run_id = context["dag"].dag_id, context["run_id"]
    reasons = list(chain.from_iterable(verdict["reasons"].values()))
    ended = f"failed for {_counted(reasons, 'reason')}" if reasons else "succeeded"
    warned = f", {_counted(verdict['warnings'], 'warning')}" if verdict["warnings"] else ""
    totals = ", ".join(
        f"{count:,} {name.removeprefix('articles_')}" for name, count in verdict["totals"].items() if count
    )
    waiting = verdict["articles_waiting"]
    warned += f", {words.counted(waiting, 'rejected article')} waiting" if waiting else ""
    text = _text(
        {
            "What happened": [
                f"The run {run_id} of {dag_id} {ended}{warned}.",
                f"Articles: {totals or 'none'}.",
            ],
            "Why": reasons,
            "Warnings": verdict["warnings"],
            "What to do next": [
                *verdict["reasons"],
                *([SEE_REJECTED] if waiting else []),
                *([SEE_DOCTOR] if reasons else []),
                f"The run with its logs: {run_address(dag_id, run_id)}",
            ],
        }
    )
    return Notice(f"Broadsheet: {dag_id} {ended}{warned}", text, dag_id, run_id)


def _counted(things: list[str], noun: str) -> str:
    return f"{len(things):,} {noun}{'s' if len(things) > 1 else ''}"


def _text(sections: Mapping[str, list[str]]) -> str:
    """Sections with a heading and a line per item; empty ones are left out."""
    parts = []
    for heading, items in sections.items():
        lines = [f"- {harmless(item)}" for item in items[:SHOWN_LINES]]
        if len(items) > SHOWN_LINES:
            lines.append(f"- ... and {len(items) - SHOWN_LINES:,} more")
        if lines:
            parts.append("\n".join([heading, *lines]))
    return "\n\n".join(parts)


def harmless(text: str, limit: int = SHOWN_CHARACTERS) -> str:
    """The text on one line, not too long, without control characters or markup: nothing in it can act or mislead."""
    shown = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text)
    shown = re.sub(" +", " ", shown).strip().translate({ord("<"): "‹", ord(">"): "›"})
    return shown if len(shown) <= limit else f"{shown[:limit]} ..."


def run_address(dag_id: str, run_id: str) -> str:
    """Where Airflow's own UI shows the run."""
    from airflow.sdk.configuration import conf

    base = conf.get("api", "base_url", fallback="http://localhost:8080").rstrip("/")
    return f"{base}/dags/{quote(dag_id)}/runs/{quote(run_id)}"
