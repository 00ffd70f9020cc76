"""Releases deliveries that are waiting, so that they are tried again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from etl import store
from etl.declared.sources import Sources, load_sources
from etl.intake.landing import why_unreadable
from etl.model import WAITING, DumpError, DumpState, Trigger
from etl.repair import RepairError
from etl.repair.deliveries import Chosen, as_delivered, find_dumps, write_ledger_row
from etl.run import Run
from etl.stages.load import record_run
from etl.warehouse import opening, renames

BY_NAME = (*WAITING, DumpState.dismissed, DumpState.unloaded)
"""What was taken out on purpose is released only by its own name."""


@dataclass(frozen=True)
class Released:
    """What a release did: `dumps` are the path and the feed of each; `left` says what was left as it is, and why."""

    dumps: list[tuple[str, str]]
    left: list[str]


def release_deliveries(run: Run, chosen: Chosen, reason: str) -> Released:
    """Let the next run take the chosen deliveries, but for those whose files are not there as they were delivered.

    Raises RepairError, with nothing changed, when there is none to release.
    """
    sources, states = load_sources(run.settings), BY_NAME if chosen.is_one else WAITING
    with opening.opened(run.settings, f"look before release {run.run_id}") as engine:
        renames.follow(engine, sources)
        with engine.connect() as connection:
            found = find_dumps(connection, chosen, states)
    # Their files are hashed while nobody waits for the warehouse.
    missing = {dump["dump_key"]: _missing(dump, sources) for dump in found}
    left = [f"{dump['path']}: {why}" for dump in found if (why := missing[dump["dump_key"]])]
    if len(left) == len(found):
        raise RepairError("nothing is released: " + "; ".join(left))
    with opening.opened(run.settings, f"release {run.run_id}") as engine, engine.begin() as connection:
        still = find_dumps(connection, chosen, states)  # another process may have taken some since
        released = [dump for dump in still if missing.get(dump["dump_key"], "not looked at") is None]
        record_run(connection, run)
        for dump in released:
            write_ledger_row(connection, run, dump["dump_key"], Trigger.release, DumpState.released, reason)
    return Released([(dump["path"], dump["source"]) for dump in released], left)


def _missing(dump: dict[str, Any], sources: Sources) -> str | None:
    """Why a file cannot be taken again as the delivery with that hash; None where it can."""
    file = sources.landing / dump["path"]
    try:
        if not store.is_file(file):
            return "its file is missing; put it back, or dismiss it"
        if dump["sha256"]:  # without one, it could not be read when it was delivered
            as_delivered(file, dump["sha256"], sources.feed_of(dump["source"]), sources)
    except DumpError:
        return "its file is another one by now, which the next run takes as a new delivery; dismiss this one"
    except OSError as error:
        return f"its file {why_unreadable(error)}"
    return None
