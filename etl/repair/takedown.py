"""Takes articles down: removes them from all our tables, files and published copies, and keeps them out.

Files are cleaned first, then the tables; then the warehouse file is rewritten and published, and older copies are
removed. So an interrupted takedown still knows what to look for, or is in ops.takedown as unfinished until the next
takedown or maintenance finishes it. What stays is a tombstone of keys and hashes, without text.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from etl import pipeline, store, words
from etl.declared.sources import load_sources
from etl.normalise.tombstones import marks_of
from etl.normalise.urls import can_identify, canonical_url
from etl.repair import RepairError, own_files, traces
from etl.repair.asked import SHOWN_ARTICLES, Asked, emails, nothing, registered_ids, same_addresses
from etl.repair.asked import article_ids as find_article_ids
from etl.repair.rows import REPAIR, drop_orphans, take_out
from etl.run import Run
from etl.settings import SQL, Settings
from etl.stages import verify
from etl.stages.load import record_run
from etl.warehouse import lock, opening, places, published, statements
from etl.warehouse.blocks import log_of
from etl.warehouse.compact import rewrite_file
from etl.warehouse.restore import set_aside_files

SHOWN_DUMPS = 50

REMOVED_SCHEMA = pa.schema({"ordinal": pa.int64(), "dump_key": pa.int64(), "quarantine_file": pa.string()})
"""One row per record removed from quarantine."""


@dataclass(frozen=True)
class Shown:
    """What an approver is shown: the articles that would go, and those with nearly the same text that would stay."""

    article_ids: list[int]
    lines: list[str]
    others: list[str]


@dataclass(frozen=True)
class Outcome:
    """What a takedown did. `landing` lists dumps in the landing folder that still contain the text, `unknown` those of
    which nobody knows, with their states, `left` the places that the warehouse was moved from, `others` articles with
    the same or nearly the same text that stay."""

    articles: int = 0
    quarantined: int = 0
    work_folders: int = 0
    published_copies: int = 0
    landing: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    @property
    def by_hand(self) -> list[str]:
        """What people are left to do, a sentence each."""
        dumps = [f"{path} in the landing folder still holds the text: remove it or redact it" for path in self.landing]
        if self.unknown:
            dumps.append(
                "it is not known whether these dumps in the landing folder, which are not loaded, hold the text; "
                f"search them: {words.first_few(self.unknown, SHOWN_DUMPS)}"
            )
        return dumps + [f"{place}, which was left by a move, may still hold the text: remove it" for place in self.left]

    @property
    def counts(self) -> dict[str, int]:
        """The counts, without names of files, for XCom."""
        counted = {name: value for name, value in vars(self).items() if isinstance(value, int) and name != "articles"}
        return {"taken_down": self.articles, **counted, "landing": len(self.landing)}


def preview(settings: Settings, asked: Asked) -> Shown:
    """The articles that would be taken down. Raises RepairError when there are none."""
    if not opening.exists(settings):
        raise nothing(asked)
    with opening.opened(settings, "preview of a takedown") as engine, engine.connect() as connection:
        found = find_article_ids(connection, settings, asked)
        if not found:
            raise nothing(asked)
        return _shown(connection, found)


def _shown(connection: sa.Connection, article_ids: list[int]) -> Shown:
    with registered_ids(connection, article_ids):
        rows: Any = statements.run_file(connection, REPAIR / "shown.sql", {}).mappings().fetchall()
    return Shown(article_ids, _lines(rows, is_asked=True), _lines(rows, is_asked=False))


def _lines(rows: Any, is_asked: bool) -> list[str]:
    """Rows of shown.sql, a line each; no more than a person reads."""
    lines = [
        f"article {row['article_id']}: {row['headline'] or 'no headline'} ({row['publication_name']}"
        f"{', ' + str(row['published_on']) if row['published_on'] else ''})"
        for row in rows
        if row["is_asked"] == is_asked
    ]
    return words.first_lines(lines, SHOWN_ARTICLES)


def take_down(run: Run, asked: Asked, approved_by: str, shown: list[int] | None = None) -> Outcome:
    """Take down what is asked for, then finish this and any interrupted takedown.

    Raises RepairError when its requester approves it, when no article matches, or one that is not among those `shown`
    to the approver; VerifyFailed, with the tables unchanged, when the suites would fail.
    """
    refuse_same_person(asked.requested_by, approved_by)
    with opening.opened(run.settings, f"takedown {run.run_id}") as engine:
        with engine.connect() as connection:
            article_ids = find_article_ids(connection, run.settings, asked)
            if shown is not None and (more := set(article_ids) - set(shown)):
                raise RepairError(
                    f"{len(more):,} articles match that the approver was not shown, first article {min(more)}; "
                    "nothing was taken down; ask for it again"
                )
            others = _shown(connection, article_ids).others
            is_unfinished = _is_unfinished(connection)
            texts, sought = _traces(connection, run.settings, asked, article_ids)
            ids = own_files.own_ids(connection, article_ids)
        removed = own_files.clean_quarantine(run.settings, sought, ids)
        if not (article_ids or removed or is_unfinished):
            raise nothing(asked)
        folders = own_files.clean_work(run, sought, removed)
        with engine.begin() as connection:
            _take_out(connection, run, asked, approved_by, article_ids, texts, sought, removed)
    copies = finish(run)
    landing, unknown = still_in_landing(run.settings), _not_loaded(run.settings)
    left = places.still_left(run.settings)
    return Outcome(len(article_ids), len(removed), folders, copies, landing, unknown, left, others)


def refuse_same_person(requested_by: str, approved_by: str) -> None:
    """Raise RepairError when a takedown would be approved by its requester, or by nobody."""
    if not requested_by.strip() or not approved_by.strip():
        raise RepairError("a takedown needs the names of its requester and its approver; one is missing")
    if requested_by.strip().casefold() == approved_by.strip().casefold():
        raise RepairError(f"{approved_by} requested this takedown and cannot approve it; another user must")


def finish(run: Run) -> int:
    """Rewrite the warehouse, publish it and remove the older copies; returns how many copies it removed.

    Does nothing if no takedown is unfinished. Raises VerifyFailed or NotPublished, with the takedown still unfinished.
    """
    if not opening.exists(run.settings):
        return 0
    with opening.opened(run.settings, f"takedown {run.run_id}") as engine, engine.connect() as connection:
        if not _is_unfinished(connection):
            return 0
    with lock.held(run.settings, f"takedown {run.run_id}"):
        rewrite_file(run.settings)
    pipeline.verify(run)
    pipeline.publish(run)
    with lock.held(run.settings, f"takedown {run.run_id}"):
        removed = published.drop_all_but_linked(run.settings)
    unfinished = run.settings.warehouse_file.with_suffix(".part")  # of a restore that was stopped
    for file in (*set_aside_files(run.settings), unfinished, log_of(unfinished)):
        file.unlink(missing_ok=True)
    shutil.rmtree(run.settings.spill, ignore_errors=True)
    with opening.opened(run.settings, f"takedown {run.run_id}") as engine, engine.begin() as connection:
        connection.exec_driver_sql(
            "update ops.takedown set completed_at = $completed_at where completed_at is null",
            {"completed_at": run.started_at},
        )
    return removed


def _is_unfinished(connection: sa.Connection) -> bool:
    query = "select count(*) from ops.takedown where completed_at is null"
    return bool(connection.exec_driver_sql(query).scalar_one())


def _traces(
    connection: sa.Connection, settings: Settings, asked: Asked, article_ids: list[int]
) -> tuple[list[dict[str, Any]], traces.Sought]:
    """The texts of the articles, and what to look for in our files."""
    with registered_ids(connection, article_ids):
        texts = [dict(row) for row in statements.run_file(connection, REPAIR / "asked_texts.sql", {}).mappings()]
        passages = traces.passages(texts)
        with statements.registered(connection, "needle", _texts(text=passages)):
            boilerplate = {row[0] for row in statements.run_file(connection, REPAIR / "boilerplate.sql", {})}
    addresses = {row["url"] for row in texts if row["url"] and can_identify(row["url"])} | set(emails(settings, asked))
    if asked.by == "url":
        addresses.add(asked.value.strip())
        addresses |= set(same_addresses(asked.value.strip()))
    own = [passage for passage in passages if passage not in boilerplate]
    return texts, traces.Sought(own, sorted(map(traces.fold, addresses)))


def _take_out(
    connection: sa.Connection,
    run: Run,
    asked: Asked,
    approved_by: str,
    article_ids: list[int],
    texts: list[dict[str, Any]],
    sought: traces.Sought,
    removed: list[dict[str, Any]],
) -> None:
    record_run(connection, run)
    url = canonical_url(asked.value) if asked.by == "url" else None
    keys = _texts(kind=["url"] if url else [], value=[url] if url else [])
    marks = marks_of([row["body"] or "" for row in texts])
    with (
        registered_ids(connection, article_ids),
        statements.registered(connection, "asked_key", keys),
        statements.registered(connection, "mark", marks),
        statements.registered(connection, "needle", _texts(text=[*sought.passages, *sought.addresses])),
        statements.registered(connection, "unquoted", _unquoted(connection, sought)),
        statements.registered(connection, "removed_record", pa.Table.from_pylist(removed, REMOVED_SCHEMA)),
    ):
        parameters = {"reason": asked.reason, "requested_by": asked.requested_by, "approved_by": approved_by}
        statements.run_file(connection, REPAIR / "take_down.sql", {**parameters, "loaded_at": run.started_at})
        take_out(connection)
        drop_orphans(connection)
        statements.run_file(connection, REPAIR / "scrub.sql", {})
    verify.verify_repaired(connection)


def _unquoted(connection: sa.Connection, sought: traces.Sought) -> pa.Table:
    """Reasons that quote parts of the text, and what is told instead."""
    parts = traces.parts(sought)
    reasons = [row[0] for row in statements.run_file(connection, REPAIR / "reasons.sql", {})]
    told = {reason: left for reason in reasons if (left := traces.unquoted(reason, parts)) is not None}
    return _texts(reason=list(told), told=list(told.values()))


def _texts(**columns: list[Any]) -> pa.Table:
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def still_in_landing(settings: Settings) -> list[str]:
    """The paths of all dumps in the landing folder that hold what was taken down, now or before."""
    landing = load_sources(settings).landing
    with opening.opened(settings, "dumps with what was taken down") as engine, engine.connect() as connection:
        found = statements.run_file(connection, SQL / "overview" / "files_with_taken_down.sql", {}).mappings()
        return [row["path"] for row in found if store.exists(landing / row["path"])]


def _not_loaded(settings: Settings) -> list[str]:
    """The paths of all dumps in the landing folder of which nothing is stored, each with its state."""
    landing = load_sources(settings).landing
    with opening.opened(settings, "dumps that are not loaded") as engine, engine.connect() as connection:
        found = statements.run_file(connection, REPAIR / "not_loaded.sql", {}).mappings()
        return [f"{row['path']} ({row['state']})" for row in found if store.exists(landing / row["path"])]
