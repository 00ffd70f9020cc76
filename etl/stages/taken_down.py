"""Keeps what was taken down out of every later run: cut before it is written to the work folder, and at the load again.

The tombstones are read once, when a run is planned, and lie in its folder: extraction and normalising do not open the
warehouse. The load compares with those in the warehouse, in its transaction.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import sqlalchemy as sa

from etl.normalise.tombstones import JUDGED, KEPT, Tombstones, judge
from etl.run import Run
from etl.warehouse import opening, statements

QUERY = "select kind, value, samples, sketch, taken_down_at, reason from ops.takedown"


def note_for(run: Run) -> None:
    """The same for a run that has not opened the warehouse; nothing before the first load."""
    if opening.exists(run.settings):
        purpose = f"what was taken down, for run {run.run_id}"
        with opening.opened(run.settings, purpose) as engine, engine.connect() as connection:
            note(run, connection)


def note(run: Run, connection: sa.Connection) -> None:
    """Write the tombstones of the warehouse into the run's folder, for the stages that do not open it."""
    pq.write_table(_stored(connection), run.tombstones)


def noted(run: Run) -> Tombstones:
    """The tombstones in the run's folder; none where nothing was loaded when it was planned."""
    kept = pq.read_table(run.tombstones, schema=KEPT) if run.tombstones.exists() else KEPT.empty_table()
    return Tombstones(kept, is_alike_accepted=run.request.accept_alike)


def _stored(connection: sa.Connection) -> pa.Table:
    return statements.raw(connection).execute(QUERY).to_arrow_table().cast(KEPT)


def judge_batch(
    connection: sa.Connection, articles: list[str], tombstones_path: str, is_alike_accepted: bool
) -> dict[int, str]:
    """Why articles of a batch, in its files, are rejected, by what was taken down since the run was planned."""
    tombstones = Tombstones(_without(_stored(connection), Path(tombstones_path)), is_alike_accepted)
    found: dict[int, str] = {}
    for path in articles if tombstones else ():
        with pq.ParquetFile(path) as file:
            for group in range(file.num_row_groups):
                found |= judge(file.read_row_group(group, columns=list(JUDGED)), tombstones)
    return found


def _without(stored: pa.Table, noted_before: Path) -> pa.Table:
    """The tombstones that are not among those in the run's folder, by which its articles were judged already."""
    if not noted_before.exists():
        return stored
    before = set(_keys(pq.read_table(noted_before)))
    return stored.filter(pa.array([key not in before for key in _keys(stored)], pa.bool_()))


def _keys(kept: pa.Table) -> list[tuple[str, str]]:
    return list(zip(kept["kind"].to_pylist(), kept["value"].to_pylist(), strict=True))


def cut(table: pa.Table, ordinals: Collection[int]) -> pa.Table:
    """The table without the rows of these ordinals."""
    return table.filter(pc.invert(pc.is_in(table["ordinal"], pa.array(ordinals, pa.int64())))) if ordinals else table


def cut_file(path: Path, ordinals: Collection[int]) -> None:
    """Rewrite a Parquet file without the rows of these ordinals."""
    if not ordinals:
        return
    part = path.with_suffix(".part")
    with pq.ParquetFile(path) as file, pq.ParquetWriter(part, file.schema_arrow, compression="lz4") as writer:
        for group in range(file.num_row_groups):
            left = cut(file.read_row_group(group), ordinals)
            if left.num_rows:
                writer.write_table(left)
    part.replace(path)
