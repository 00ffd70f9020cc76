"""Dismisses what is waiting and will never be mended: dumps that were not loaded, and rejected articles of others.

Nothing is removed. A dismissed dump can still be released, and a dismissed article replayed.
"""

from __future__ import annotations

import logging
from contextlib import ExitStack

from etl import words
from etl.declared.sources import load_sources
from etl.model import WAITING, DumpState, Trigger
from etl.repair import RepairError
from etl.repair.deliveries import Chosen, dumps_among, write_ledger_row
from etl.repair.rows import REPAIR
from etl.reports.printable import line
from etl.run import Run
from etl.stages.load import record_run
from etl.warehouse import opening, renames, statements

log = logging.getLogger(__name__)


def dismiss_waiting(
    run: Run, chosen: Chosen, reason: str, of_run: str | None = None, of_reason: str | None = None
) -> dict[str, int]:
    """Let the chosen deliveries wait no more, nor their rejected articles; returns the numbers `dumps` and `articles`.

    With the run that rejected them, or a part of the reason why, only articles are dismissed. Raises RepairError, with
    nothing changed, when nothing that was chosen is waiting.
    """
    if not reason.strip():
        raise RepairError("say why nobody will mend it; the ledger keeps the reason")
    with ExitStack() as stack:
        engine = stack.enter_context(opening.opened(run.settings, f"dismissal {run.run_id}"))
        renames.follow(engine, load_sources(run.settings))
        connection = stack.enter_context(engine.begin())
        record_run(connection, run)
        dumps = [] if of_run or of_reason else dumps_among(connection, chosen, WAITING)
        for dump in dumps:
            write_ledger_row(connection, run, dump["dump_key"], Trigger.dismiss, DumpState.dismissed, reason)
        asked = {**chosen.parameters, "of_run": of_run, "of_reason": of_reason}
        asked |= {"reason": reason, "loaded_at": run.started_at}
        articles = statements.run_file(connection, REPAIR / "dismiss_rejected.sql", asked).scalar_one()
        if not dumps and not articles:
            raise RepairError(f"nothing of {chosen} is waiting; `broadsheet status` lists what is")
    what = f"{words.counted(len(dumps), 'dump')} and {words.counted(int(articles), 'rejected article')}"
    log.info("Dismissed %s: %s", what, line(reason))
    return {"dumps": len(dumps), "articles": int(articles)}
