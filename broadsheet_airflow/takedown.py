"""The takedown of articles in Airflow: one task asks a second user, learns who answered, and removes.

Whoever may trigger a DAG may also write XCom, set tasks to success and clear them. So nothing of that is believed:
- The answer comes from Airflow's human-in-the-loop record. Airflow writes it once, under the identity of whoever
  answers, and in the same transaction hands it to the waiting task, as the `event` with which it is resumed. No other
  request writes either. (A task cannot look the record up again: Airflow serves that to triggers alone.)
- The task that removes is the one that asked. Set to success or cleared, it removes nothing.
- What was shown to the approver is kept in the run's folder, not in XCom, and only that is removed.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import TriggerRule, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException

from broadsheet_airflow import notices
from broadsheet_airflow.run_notes import NOTE_KEY
from broadsheet_airflow.tasks import POOL, WAREHOUSE, begin_run, current_run, no_retry, shown, task_states

if TYPE_CHECKING:
    from etl.repair.asked import Asked
    from etl.repair.takedown import Outcome, Shown
    from etl.run import Run

log = logging.getLogger(__name__)

APPROVE, REJECT = "Approve", "Reject"
ANSWER_WITHIN = timedelta(days=7)
ASK_AGAIN = "trigger take_down_articles again to ask for it"


class NotApproved(AirflowFailException):
    """Nothing was taken down, because the answer cannot be accepted. The message says why."""


class TakeDown(HITLOperator):
    """Finds what the form asks for, waits until another user than the one who triggered it answers, and removes it."""

    # The texts are made here and shown literally: no template in a reason or a headline is rendered.
    template_fields = ()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            subject="Take down for good",
            options=[APPROVE, REJECT],
            response_timeout=ANSWER_WITHIN,
            # Another try would ask again under the text of the first.
            retries=0,
            outlets=[WAREHOUSE],
            **kwargs,
        )

    def execute(self, context: Any) -> Any:
        """Finish what an earlier takedown left unfinished, find the articles, and ask. Nothing of it for nobody."""
        from etl import store
        from etl.model import Trigger
        from etl.repair import RepairError, takedown
        from etl.run import Request
        from etl.stages.verify import VerifyFailed

        asked = asked_in(context)
        refuse_unknown(asked.requested_by)
        with no_retry(RepairError, VerifyFailed):
            run = begin_run(Trigger.takedown, Request())
            removed = takedown.finish(run)
            if context["ti"].try_number > 1:
                # The form of a task that is tried again keeps the text of its first try.
                finished = "what it had begun is finished" if removed else "nothing was taken down by this try"
                raise NotApproved(
                    f"a takedown is not tried again, because its form would be out of date; {finished}; {ASK_AGAIN}"
                )
            shown = takedown.preview(run.settings, asked)
        kept = {"run_id": context["run_id"], "article_ids": shown.article_ids}
        store.write_text(run.folder / "shown.json", json.dumps(kept))
        self._ask(context, asked, shown)

    def _ask(self, context: Any, asked: Asked, shown: Shown) -> None:
        """Wait for an answer. Raises TaskAwaitingInput, as Airflow expects it."""
        self.subject = plain(f"Take down for good: {asked.by} {asked.value}")
        self.body = form_text(asked, shown)
        tell = [
            f"{asked.requested_by} asks to take down for good: {asked.by} {asked.value}.",
            *shown.lines,
            *(f"Stays, with the same or nearly the same text: {other}" for other in shown.others),
        ]
        notices.approval_waits(context, tell, f"Reason: {asked.reason}")
        super().execute(context)

    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        """Take down what was shown, if another user approved it."""
        asked = asked_in(context)
        approver, is_approved = answer_in(event)
        if not is_approved:
            log.info("Rejected by %s; nothing is taken down.", approver)
            return _ended(context, {"taken_down": 0}, [], f"rejected by {approver}")
        if is_same_person(asked.requested_by, event["responded_by_user"]):
            return self._ask_again(context, asked, approver)
        return self._take_down(context, asked, approver)

    def _ask_again(self, context: Any, asked: Asked, approver: str) -> Any:
        """Ask as before: the answer of the requester does not count, and does not end the request either."""
        from etl.repair.takedown import preview

        log.warning("%s requested this takedown and cannot approve it; another user must. Asking again.", approver)
        shown = preview(current_run().settings, asked)
        if shown.article_ids != _article_ids_shown(context):
            raise NotApproved(f"the articles are no longer those that the form shows; {ASK_AGAIN}")
        return self._ask(context, asked, shown)

    def _take_down(self, context: Any, asked: Asked, approver: str) -> dict[str, int]:
        from etl.model import Trigger
        from etl.repair import RepairError, takedown
        from etl.run import Request
        from etl.stages.verify import VerifyFailed
        from etl.warehouse.published import NotPublished

        shown = _article_ids_shown(context)
        log.info("Approved by %s.", approver)
        with no_retry(RepairError, VerifyFailed, NotPublished):
            run = begin_run(Trigger.takedown, Request())
            outcome = takedown.take_down(run, asked, approver, shown)
        for by_hand in outcome.by_hand:
            log.warning("%s", by_hand)
        for other in outcome.others:
            log.warning("the same or nearly the same text stays in %s: take it down by `--id` and its number", other)
        _signal(context, run, outcome)
        return _ended(context, outcome.counts, outcome.by_hand, f"approved by {approver}")


def asked_in(context: Any) -> Asked:
    """What the form of this run asks for, and who triggered it."""
    from etl.repair.asked import Asked

    params, requested_by = context["params"], context["dag_run"].triggering_user_name
    return Asked(params["by"], params["value"], params["reason"], requested_by or "")


def answer_in(event: Mapping[str, Any]) -> tuple[str, bool]:
    """Who answered, and whether they approved. Raises NotApproved where that is not a user's one clear answer."""
    if event.get("error_type") == "timeout":
        raise NotApproved(f"nobody answered within {ANSWER_WITHIN.days} days; nothing was taken down; {ASK_AGAIN}")
    user, chosen = event.get("responded_by_user") or {}, event.get("chosen_options")
    is_user = all(isinstance(user.get(key), str) and user[key].strip() for key in ("id", "name"))
    if "error" in event or event.get("timedout") or not isinstance(event.get("responded_at"), datetime) or not is_user:
        raise NotApproved(f"Airflow has no record of a user who answered; nothing was taken down; {ASK_AGAIN}")
    if chosen not in ([APPROVE], [REJECT]):
        raise NotApproved(f"the answer is {chosen!r}, not {APPROVE} or {REJECT}; nothing was taken down; {ASK_AGAIN}")
    name = user["name"] if user["name"] == user["id"] else f"{user['name']} ({user['id']})"
    return name, chosen == [APPROVE]


def refuse_unknown(requested_by: str) -> None:
    """Raise NotApproved if it is not known who requested a takedown: nobody could approve it as another user."""
    if not requested_by.strip():
        raise NotApproved("it is not known who requested this takedown; trigger it in the web UI or by the REST API")


def is_same_person(requested_by: str, user: Mapping[str, str]) -> bool:
    """Whether the requester is the user. Raises NotApproved if it is not known who requested it."""
    refuse_unknown(requested_by)
    return requested_by.strip().casefold() in (user["id"].strip().casefold(), user["name"].strip().casefold())


def form_text(asked: Asked, shown: Shown) -> str:
    """The approval form, in Markdown: whatever people or dumps wrote is literal in it."""
    others = [
        "**The same or nearly the same text also stands here and stays**; ask for each of them too if it must go:",
        _bullets(shown.others),
    ]
    parts = [
        f"Requested by {plain(asked.requested_by)}, who may reject it, but cannot approve it.",
        f"Reason: {plain(asked.reason)}",
        f"**{len(shown.article_ids):,} to be taken down:**",
        _bullets(shown.lines),
        *(others if shown.others else []),
    ]
    return "\n\n".join(parts)


def _bullets(lines: list[str]) -> str:
    return "\n".join(f"- {plain(line)}" for line in lines)


def plain(text: str) -> str:
    """The text on one line, with no meaning in Markdown."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()#+-.!|~&:" else sign for sign in notices.harmless(text))


def _signal(context: Any, run: Run, outcome: Outcome) -> None:
    """Tell the DAGs that wait for published data that it has changed."""
    from etl.warehouse import published_note

    note = published_note.read(run.settings)
    context["outlet_events"][WAREHOUSE].extra = {
        "run_id": run.run_id,
        "number": note["number"] if note else None,
        **outcome.counts,
    }


def _article_ids_shown(context: Any) -> list[int]:
    """The articles that the form of this run shows. Raises NotApproved where another run has taken its folder."""
    kept = _kept("shown.json", context["run_id"])
    if kept is None:
        raise NotApproved(f"what its form shows is not known any more; nothing was taken down; {ASK_AGAIN}")
    article_ids: list[int] = kept["article_ids"]
    return article_ids


def _kept(name: str, run_id: str) -> dict[str, Any] | None:
    """What this run keeps in its folder under this name. Two run ids may be one name of a folder."""
    from etl import store
    from etl.run import folder_of
    from etl.settings import load_settings

    file = folder_of(load_settings(), run_id) / name
    kept: dict[str, Any] = json.loads(store.read_text(file)) if store.exists(file) else {}
    return kept if kept.get("run_id") == run_id else None


def _ended(context: Any, counts: dict[str, int], by_hand: list[str], answer: str) -> dict[str, int]:
    """Keep how it ended, for the verdict."""
    from etl import store

    kept = {"run_id": context["run_id"], "counts": counts, "by_hand": by_hand, "answer": answer}
    store.write_text(current_run().folder / "takedown.json", json.dumps(kept))
    return counts


@task(
    pool=POOL,
    trigger_rule=TriggerRule.ALL_DONE,
    retries=0,
    on_failure_callback=notices.run_failed,
    on_success_callback=notices.run_ended,
)
def verdict() -> dict[str, int]:
    """End the run: failed, with the reason, unless `take_down` itself kept how it ended."""
    from etl import words

    context = get_current_context()
    run_id, state = context["run_id"], task_states()["take_down"]
    kept = _kept("takedown.json", run_id)
    if state == "failed" or kept is None:
        by_hand = f"task take_down was set to {state} by hand: no user approved anything, and nothing was taken down"
        reasons = [notices.reason(run_id, "take_down") if state == "failed" else by_hand]
        notices.keep_verdict(run_id, {notices.FIX_TAKEDOWN: reasons})
        for reason in shown(reasons):
            log.error(reason)
        raise notices.RunFailed(1)
    counts: dict[str, int] = kept["counts"]
    log.info("%s; %s.", words.taken_down(counts), kept["answer"])
    warnings: list[str] = kept["by_hand"]
    context["ti"].xcom_push(NOTE_KEY, [words.taken_down(counts), *warnings])
    for warning in warnings:
        log.warning(warning)
    notices.keep_verdict(run_id, warnings=warnings, totals={"taken down": counts["taken_down"]})
    return counts
