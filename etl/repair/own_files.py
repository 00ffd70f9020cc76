"""Removes what a takedown looks for from the files that Broadsheet keeps: quarantine, and the work folders of runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq
import sqlalchemy as sa

from etl import store, workspace
from etl.repair import traces
from etl.repair.asked import registered_ids
from etl.repair.rows import REPAIR
from etl.run import Run, folders
from etl.settings import Settings
from etl.warehouse import statements


class OwnIds(NamedTuple):
    """The ids of articles, by kind and value as in ops.article_alias, and the feed of each delivery."""

    ids: set[tuple[Any, ...]]
    sources: dict[int, str]

    def has(self, row: dict[str, Any]) -> bool:
        """Whether a row of quarantine is a record with one of the ids."""
        record = row["record"]
        if not record or not record["native_id"]:
            return False
        source = self.sources.get(row["dump_key"])
        kind = "native_id" if record["is_global_id"] else f"native_id:{source}"
        return (kind, record["native_id"]) in self.ids


def own_ids(connection: sa.Connection, article_ids: list[int]) -> OwnIds:
    """The ids of the articles, which others have not, and the feeds of all deliveries."""
    with registered_ids(connection, article_ids):
        ids = {tuple(row) for row in statements.run_file(connection, REPAIR / "asked_ids.sql", {})}
    sources = connection.exec_driver_sql("select dump_key, source from ops.dump")
    return OwnIds(ids, {row[0]: row[1] for row in sources} if ids else {})


def clean_quarantine(settings: Settings, sought: traces.Sought, own_ids: OwnIds) -> list[dict[str, Any]]:
    """Remove matching records from quarantine, also where this machine had it before; returns `quarantine_file`,
    `ordinal` and `dump_key` of each."""
    removed: dict[tuple[Any, ...], dict[str, Any]] = {}
    pieces = traces.parts(sought, traces.IN_A_ROW)

    def is_sought(row: dict[str, Any]) -> bool:
        return own_ids.has(row) or traces.holds(row, sought) or traces.has_piece(row, pieces)

    for file in chain.from_iterable(
        map(store.files, {settings.quarantine_folder, _before(settings).quarantine_folder})
    ):
        if file.suffix == ".parquet":
            with store.at_hand(file) as copy:
                removed |= {tuple(row.values()): row for row in _clean_quarantined(copy, file, is_sought)}
    return [*removed.values()]


def _before(settings: Settings) -> Settings:
    """Where this machine kept the files of runs and what they rejected, before they were to be elsewhere."""
    return replace(settings, work="", quarantine="")


def _clean_quarantined(copy: Path, file: Path, is_sought: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
    """The same for one file and its copy at hand, which on a disk is the file itself."""
    places = [place for place, row in enumerate(traces.rows(copy)) if is_sought(row)]
    if not places:
        return []
    rows = pq.read_table(copy, columns=["ordinal", "dump_key"]).take(places).to_pylist()
    traces.without_rows(copy, places)
    if copy != file:
        store.put(copy, file) if copy.exists() else store.remove([file])
    return [{**row, "quarantine_file": file.name} for row in rows]


def clean_work(run: Run, sought: traces.Sought, removed: list[dict[str, Any]]) -> int:
    """Remove the work folders that contain the text, or may: those of a run that was stopped while it wrote, or whose
    records were `removed` from quarantine; also where this machine had them before.

    A run still using one fails; the next run takes its dumps.
    """
    found = {*folders(run.settings), *folders(_before(run.settings))} - {run.folder}
    kept = [folder for folder in found if not folder.name.startswith(workspace.PREFIX)]
    parts = traces.parts(sought)
    rejecting = {row["quarantine_file"].rpartition("-batch-")[0] for row in removed}
    holding = [folder for folder in kept if folder.name in rejecting or _may_hold(run, folder, sought, parts)]
    return store.remove(holding).number


def _may_hold(run: Run, folder: Path, sought: traces.Sought, parts: set[str]) -> bool:
    """Whether a work folder holds the text, a reason that quotes parts of it, or something that cannot be searched."""
    with workspace.at_hand(run.settings, folder, *workspace.ALL) as copy:
        unfinished = next(chain(copy.rglob("*.part"), copy.rglob("spool-*")), None)
        return bool(unfinished) or any(
            traces.matching_rows(file, sought) or traces.is_quoted_in(file, parts)
            for file in sorted(copy.rglob("*.parquet"))
        )
