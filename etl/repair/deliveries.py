"""Deliveries in the ledger: find one by name, record a repair, and plan them so that the stages can take them again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from glob import has_magic
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from etl import formats, store, words
from etl.declared.sources import Sources, load_sources
from etl.intake import bundles, regular
from etl.model import Delivery, DumpError, Feed, Trigger
from etl.repair import RepairError
from etl.repair.rows import REPAIR
from etl.run import Run
from etl.stages.plan import write_plan
from etl.warehouse import statements

LEDGER_FIELDS = ("path", "source", "format", "sha256", "manifest_sha256", "stated", "bytes")
"""The fields of a delivery that the ledger keeps."""


def write_plan_of(run: Run, kind: str, dumps: Iterable[dict[str, Any]]) -> list[int]:
    """Write plan.parquet for dumps of the ledger (rows with LEDGER_FIELDS); returns the batch numbers."""
    sources = load_sources(run.settings)
    return sorted({delivery.batch for delivery in write_plan(run, [_planned(kind, dump, sources) for dump in dumps])})


def _planned(kind: str, dump: dict[str, Any], sources: Sources) -> Delivery:
    file = sources.landing / dump["path"]
    known = {name: dump[name] for name in LEDGER_FIELDS} | stated_facts(dump["stated"])
    feed = sources.feed_of(dump["source"])
    if kind == Trigger.replay:
        known.pop("expected_articles", None)  # it counts the whole dump
    known["format"] = _format(feed, dump["format"])
    delivery = Delivery(kind=kind, file=str(file), **known)
    try:
        return replace(delivery, **as_delivered(file, dump["sha256"], feed, sources))
    except DumpError as error:
        return replace(delivery, refused=str(error))
    except OSError as error:
        return replace(delivery, refused=f"cannot be read: {error.strerror}; put the file back to read it again")


def _format(feed: Feed, first_read_as: str) -> str:
    """The format that the stanza names today; without one, the format first read, if that was a single one."""
    return first_read_as if feed.format == "auto" and first_read_as in formats.all_formats() else feed.format


def as_delivered(file: Path, sha256: str, feed: Feed, sources: Sources) -> dict[str, Any]:
    """The plan's columns that describe a file's content. Raises DumpError if it is not the one that was delivered."""
    parts, _ = bundles.own_parts(file, feed, sources)
    stats = [store.stat(part) for part in (file, *parts)]
    size, mtime_ns = bundles.size_and_time(stats)
    seen = tuple(map(regular.identity, stats))
    own, *hashes = map(regular.sha256, (file, *parts), seen)
    if bundles.hash_of_all(file, own, dict(zip(parts, hashes, strict=True))) != sha256:
        raise DumpError("is not the file that was loaded; put that one back to read it again")
    return {"bytes": size, "mtime_ns": mtime_ns, "parts": tuple(map(str, parts)), "seen": seen}


def stated_facts(stated: str | None) -> dict[str, Any]:
    """The plan's columns for what was stated about a dump from outside, from ops.dump.stated."""
    facts: dict[str, Any] = json.loads(stated or "{}")
    if "published_on" in facts:
        facts["published_on"] = date.fromisoformat(facts["published_on"])
    if "expected_articles" in facts:
        facts["expected_articles"] = int(facts["expected_articles"])
    if "is_partial" in facts:
        facts["is_partial"] = facts["is_partial"] == "True"
    return facts


@dataclass(frozen=True)
class Chosen:
    """Which deliveries: by name (path, glob or key), of a feed, or all. Raises RepairError unless one is given."""

    name: str | None = None
    source: str | None = None
    everything: bool = False

    def __post_init__(self) -> None:
        if sum((bool(self.name), bool(self.source), self.everything)) != 1:
            raise RepairError("give one of these: a path, glob or key; a feed; or all")

    def __str__(self) -> str:
        return self.name or (f"feed {self.source}" if self.source else "all deliveries")

    @property
    def is_one(self) -> bool:
        """Whether it is a single path or key."""
        return bool(self.name) and not has_magic(str(self.name))

    @property
    def parameters(self) -> dict[str, Any]:
        """For the SQL files: `name`, `of_source`, `everything`."""
        return {"name": self.name, "of_source": self.source, "everything": self.everything}


def dumps_among(connection: sa.Connection, chosen: Chosen, states: tuple[str, ...]) -> list[dict[str, Any]]:
    """The chosen deliveries that are in one of the states: dump_key, path, source, sha256 and state."""
    asked = {**chosen.parameters, "states": ",".join(states)}
    return [dict(row) for row in statements.run_file(connection, REPAIR / "chosen_dumps.sql", asked).mappings()]


def find_dumps(connection: sa.Connection, chosen: Chosen, states: tuple[str, ...]) -> list[dict[str, Any]]:
    """As dumps_among, but raises RepairError, saying what there is instead, when there is none."""
    found = dumps_among(connection, chosen, states)
    if not found and chosen.is_one:
        raise _no_dump(connection, str(chosen.name), states)
    if not found:
        raise RepairError(f"none of {chosen} is {words.one_of(states)}; `broadsheet status` lists what is waiting")
    return found


def find_dump(connection: sa.Connection, name: str, states: tuple[str, ...]) -> dict[str, Any]:
    """The one delivery with that path or key that is in one of the states.

    Raises RepairError, saying what there is instead, when there is none or more than one.
    """
    asked = {"name": name, "states": ",".join(states)}
    found = [dict(row) for row in statements.run_file(connection, REPAIR / "dumps.sql", asked).mappings()]
    if len(found) == 1:
        return found[0]
    if found:
        keys = ", ".join(f"{row['dump_key']} ({row['state']}, {row['loaded_at']:%Y-%m-%d %H:%M})" for row in found)
        raise RepairError(f"{name}: {len(found)} deliveries have that path; name one by its key: {keys}")
    raise _no_dump(connection, name, states)


def _no_dump(connection: sa.Connection, name: str, states: tuple[str, ...]) -> RepairError:
    others = statements.run_file(connection, REPAIR / "states.sql", {"name": name}).mappings().fetchall()
    if others:
        listed = ", ".join(f"{row['dump_key']} is {row['state']}" for row in others)
        return RepairError(f"{name}: none of its deliveries is {words.one_of(states)}: {listed}")
    return RepairError(f"{name}: there is no such delivery; `broadsheet status` and ops.dump_status list them")


def write_ledger_row(connection: sa.Connection, run: Run, dump_key: int, kind: str, state: str, reason: str) -> None:
    """Record in the ledger what a repair did to one delivery."""
    row = {"dump_key": dump_key, "kind": kind, "state": state, "reason": reason}
    row |= {"run_id": run.run_id, "loaded_at": run.started_at}
    statements.run_file(connection, REPAIR / "ledger_row.sql", row)
