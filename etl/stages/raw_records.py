"""What was read of a part of a batch, in chunks: raw-*.parquet and pieces-*.parquet."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from etl import schemas
from etl.files import writing
from etl.model import RawRecord, Reject, Stage
from etl.normalise.tombstones import Tombstones
from etl.schemas import PIECES, RAW
from etl.stages.isolation import is_of_machine
from etl.stages.limits import as_piece, too_long
from etl.stages.raw_tables import Row, mended, table_of, with_json
from etl.stages.tallies import Tally

WIDE_COLUMNS = ("body", "extra", "position", "url", "headline", "deck")
CHUNK_BYTES = 64 * 1024**2
ROWS_AT_ONCE = 256
"""Of which columns are made: while so many are read, those before them are still in the processor's cache."""


class Target(NamedTuple):
    """Where records and rejected pieces go."""

    raw_of: Callable[[int], Path]
    """The files of records by their number."""
    pieces: Path
    most_characters: int
    """Of a field of a record; one with more is rejected."""
    chunk_articles: int
    raw_bytes: int
    """Of text in a file of records; then the next one is begun."""


class Writer:
    """Writes records and rejected pieces into Parquet files, in chunks, so that memory stays bounded.

    `ordinal` numbers the next record or piece, `number` the file of records.
    """

    def __init__(self, target: Target, tombstones: Tombstones, ordinal: int = 0, number: int = 0) -> None:
        self.target = target
        self.tombstones = tombstones
        self.ordinal = ordinal
        self.number = number
        self.chunk_bytes = self.raw_bytes = 0
        self.rows: list[Row] = []
        self.tables: list[pa.Table] = []
        self.held_records = 0
        self.pieces: list[dict[str, Any]] = []
        self.folder = target.pieces.parent
        self.raw = _raw_writer(target.raw_of(number))
        self.rejected = _pieces_writer(target.pieces)

    def add(self, record: RawRecord, fixed: dict[str, Any], tally: Tally, place: str = "") -> None:
        """Write and count a record; reject one that is longer than an article may be."""
        kept = with_json(record)
        characters = 0
        for value in kept.values():
            if value.__class__ is str or value.__class__ is bytes:
                characters += len(value)
        if characters > self.target.most_characters and (reason := too_long(record, self.target.most_characters)):
            self.reject(Reject(record["position"], reason, as_piece(record)), tally, place)
            return
        tally.articles_read += 1
        self.rows.append(Row(tally, self.ordinal, place + record["position"], kept, fixed))
        self.ordinal += 1
        self.held_records += 1
        self.chunk_bytes += characters
        if len(self.rows) >= ROWS_AT_ONCE:
            self._make_table()
        self._flush_when_full()

    def reject(self, piece: Reject, tally: Tally, place: str = "") -> None:
        """Write and count a piece that cannot be read."""
        tally.articles_read += 1
        self._add_piece(piece, tally, self.ordinal, place + piece.position)
        self.ordinal += 1
        self._flush_when_full()

    def _add_piece(
        self, piece: Reject, tally: Tally, ordinal: int, position: str, stage: Stage = Stage.extract
    ) -> None:
        tally.rejected_pieces += 1
        row = {"delivery": tally.delivery, "ordinal": ordinal, "position": printable(position)}
        row |= {"reason": printable(piece.reason), "piece": piece.piece, "stage": str(stage)}
        self.pieces.append(row)
        self.chunk_bytes += len(piece.piece)

    def _flush_when_full(self) -> None:
        most = self.target.chunk_articles
        if self.held_records >= most or len(self.pieces) >= most or self.chunk_bytes >= CHUNK_BYTES:
            self._flush()

    def _flush(self) -> None:
        """Write what is held. Raises StorageError where the folder is full or may not be written."""
        self._make_table()
        with writing(self.folder):
            if self.held_records:
                self._begin_next_when_full()
                self._flush_records()
            if self.pieces:
                self._flush_pieces()
        self.raw_bytes += self.chunk_bytes
        self.chunk_bytes = 0

    def _begin_next_when_full(self) -> None:
        if self.raw_bytes >= self.target.raw_bytes:
            self.raw.close()
            self.number += 1
            self.raw = _raw_writer(self.target.raw_of(self.number))
            self.raw_bytes = 0

    def _flush_records(self) -> None:
        table = pa.concat_tables(self.tables)
        if table.num_rows:
            self.raw.write_table(table)
        self.tables, self.held_records = [], 0

    def _make_table(self) -> None:
        """Make columns of the rows; one that no column takes becomes a piece that was rejected."""
        self._withhold_records()
        try:
            table = table_of(self.rows)
        except Exception as error:
            if is_of_machine(error):
                raise
            table = table_of([row for row in map(self._mended, self.rows) if row])
        self.tables.append(table)
        self.rows = []

    def _withhold_records(self) -> None:
        """Turn the records that hold what was taken down into rejections without their text."""
        reasons = self.tombstones.of_texts([row.record.get("body") for row in self.rows])
        for row, reason in zip(self.rows, reasons, strict=True):
            if reason:
                self._add_piece(Reject(row.position, reason), row.tally, row.ordinal, row.position, Stage.takedown)
        self.rows = [row for row, reason in zip(self.rows, reasons, strict=True) if not reason]

    def _withhold_pieces(self) -> None:
        """The same for pieces: what cannot be read may hold the text all the same."""
        if not self.tombstones:
            return
        texts = [piece["piece"].replace(b"\0", b"").decode("utf-8", "ignore") for piece in self.pieces]
        for piece, reason in zip(self.pieces, self.tombstones.of_texts(texts), strict=True):
            if reason:
                piece |= {"reason": reason, "piece": b"", "stage": str(Stage.takedown)}

    def _mended(self, row: Row) -> Row | None:
        """The row as it can be written; None where it cannot, and is rejected."""
        match mended(row):
            case Reject() as piece:
                self._add_piece(piece, row.tally, row.ordinal, row.position)
                return None
            case Row() as row:
                return row

    def _flush_pieces(self) -> None:
        self._withhold_pieces()
        self.rejected.write_table(pa.Table.from_pylist(self.pieces, PIECES))
        self.pieces = []

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:  # what is written by now is not read, and the disk may be full
            with suppress(OSError, pa.ArrowException):
                self.raw.close()
                self.rejected.close()
            return
        self._flush()
        with writing(self.folder):
            self.raw.close()
            self.rejected.close()


def _raw_writer(path: Path) -> pq.ParquetWriter:
    narrow = [name for name in RAW.names if name not in WIDE_COLUMNS]
    return pq.ParquetWriter(path, RAW, compression=schemas.WORK_COMPRESSION, use_dictionary=narrow)


def _pieces_writer(path: Path) -> pq.ParquetWriter:
    return pq.ParquetWriter(path, PIECES, compression="lz4", use_dictionary=False)


def join_pieces(parts: list[Path], whole: Path) -> None:
    """Make one file of rejected pieces of several, which are removed."""
    if len(parts) > 1:
        joined = whole.with_suffix(".part")
        with _pieces_writer(joined) as writer:
            for part in parts:
                with pq.ParquetFile(part) as file:
                    for group in range(file.num_row_groups):
                        writer.write_table(file.read_row_group(group))
                part.unlink()
        parts = [joined]
    parts[0].replace(whole)


def printable(text: str) -> str:
    """The text with `\\udc80` for what no table can hold."""
    return text.encode("utf-8", "backslashreplace").decode()
