"""What was read of a part of a batch, in chunks: raw-*.parquet, pieces-*.parquet, and the counts of each delivery."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from etl import schemas
from etl.files import writing
from etl.formats.common.pieces import Unreadable
from etl.model import OUR_FAULT, RAW_FIELDS, Columns, Doubt, DumpState, RawRecord, Reject, Stage
from etl.normalise.date_columns import Habit
from etl.normalise.tombstones import Tombstones
from etl.schemas import PATH_FIELDS, PIECES, RAW
from etl.stages.accounting import Account, Balance
from etl.stages.isolation import is_of_machine
from etl.stages.limits import writable

log = logging.getLogger(__name__)

WIDE_COLUMNS = ("body", "extra", "position", "url", "headline", "deck")
CHUNK_BYTES = 64 * 1024**2


@dataclass
class Tally:
    """What was counted while one delivery was read."""

    delivery: int
    format: str = ""
    state: str = DumpState.read
    reason: str | None = None
    articles_declared: int | None = None
    marks_seen: int | None = None
    words_seen: int | None = None
    words_accounted: int | None = None
    are_words_counted: bool = True
    """Whether those of all members are; else nothing is said of any."""
    articles_read: int = 0
    rejected_pieces: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    columns: Columns | None = None
    """What the members without a header have together."""
    beside: dict[str, dict[str, int]] = field(default_factory=dict)
    """The long texts that no article holds, by member and path, with their words."""
    doubts: dict[str, Doubt] = field(default_factory=dict)
    """What is doubtful of pages, by member."""
    account: Account | None = None
    """Of a range: the words of what was made of it, held against those of the dump when all of it was read."""
    warnings: list[str] = field(default_factory=list)
    """What is odd in it though it can be loaded, a clause each."""
    asks_date_columns: bool = False
    """In a replay: whether a date may be read otherwise for what its column shows."""
    date_habits: dict[str, Habit] = field(default_factory=dict)
    """In a replay: what the whole dump's date columns show, by field."""

    def add_format(self, name: str) -> None:
        """Note that a member was read as this format."""
        if name not in self.format.split(" + "):
            self.format = f"{self.format} + {name}" if self.format else name

    def add_columns(self, other: Columns) -> None:
        """Note the columns of a member: what one has, the dump has."""
        before = self.columns or other
        found = tuple(dict.fromkeys(before.found + other.found))
        self.columns = Columns(found, before.missing & other.missing)

    def add_beside(self, place: str, found: Mapping[str, int]) -> None:
        """Note long texts that no article of a member holds."""
        known = self.beside.setdefault(place, {})
        known |= {path: max(count, known.get(path, 0)) for path, count in found.items()}

    def add_doubt(self, place: str, doubt: Doubt) -> None:
        """Note what is doubtful in a member; of pages once, for those of all its ranges."""
        if not doubt.pages:
            self.warnings.append(place + doubt.warning)
            return
        known = self.doubts.get(place)
        self.doubts[place] = replace(known, pages=known.pages + doubt.pages) if known else doubt

    def add_marks(self, marks: int) -> None:
        """Count marks; until the first were looked for, nothing is known of them."""
        self.marks_seen = (self.marks_seen or 0) + marks

    def add_account(self, account: Account, balance: Balance | None, place: str) -> None:
        """Note the words of a member, and what its records lack."""
        self.add_words(balance, place)
        self.warnings += [place + warning for warning in account.unfilled.told()]

    def add_words(self, balance: Balance | None, place: str) -> None:
        """Note the words of a member, None where they cannot be counted; `place` is what its positions begin with."""
        if balance is None:
            self.are_words_counted = False
            self.words_seen = self.words_accounted = None
            return
        if balance.warning:
            self.warnings.append(place + balance.warning)
        if not self.are_words_counted:
            return
        self.words_seen = (self.words_seen or 0) + balance.seen
        self.words_accounted = (self.words_accounted or 0) + balance.accounted


class Row(NamedTuple):
    """A record that is about to be written."""

    tally: Tally
    ordinal: int
    position: str
    record: RawRecord
    fixed: dict[str, Any]


class Target(NamedTuple):
    """Where records and rejected pieces go."""

    raw_of: Callable[[int], Path]
    """The files of records by their number."""
    pieces: Path
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
        self.pieces: list[dict[str, Any]] = []
        self.folder = target.pieces.parent
        self.raw = _raw_writer(target.raw_of(number))
        self.rejected = _pieces_writer(target.pieces)

    def add(self, record: RawRecord, fixed: dict[str, Any], tally: Tally, place: str = "") -> None:
        """Write and count a record."""
        tally.articles_read += 1
        self.rows.append(Row(tally, self.ordinal, place + record["position"], record, fixed))
        self.ordinal += 1
        self.chunk_bytes += sum(len(value) for value in record.values() if value.__class__ is str)
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
        if max(len(self.rows), len(self.pieces)) >= self.target.chunk_articles or self.chunk_bytes >= CHUNK_BYTES:
            self._flush()

    def _flush(self) -> None:
        """Write what is held. Raises StorageError where the folder is full or may not be written."""
        with writing(self.folder):
            if self.rows:
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
        """Write the records; one that no column takes becomes a piece that was rejected, and the others are written."""
        self._withhold_records()
        try:
            if self.rows:
                self.raw.write_table(_raw_table(self.rows))
        except Exception as error:
            if is_of_machine(error):
                raise
            if kept := [row for row in map(self._mended, self.rows) if row]:
                self.raw.write_table(_raw_table(kept))
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
        try:
            if not _is_writable(row):
                row = row._replace(record=writable(row.record))
                _raw_table([row])
        except Unreadable as error:
            self._refuse(row, str(error))
        except Exception as error:
            if is_of_machine(error):
                raise
            log.exception("writing %r", row.position)
            self._refuse(row, f"its record cannot be written: {type(error).__name__}: {error}; {OUR_FAULT}")
        else:
            return row
        return None

    def _refuse(self, row: Row, reason: str) -> None:
        piece = repr(row.record).encode("utf-8", "backslashreplace")
        self._add_piece(Reject(row.position, reason, piece), row.tally, row.ordinal, row.position)

    def _flush_pieces(self) -> None:
        self._withhold_pieces()
        self.rejected.write_table(pa.Table.from_pylist(self.pieces, PIECES))
        self.pieces = []

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *_: object) -> None:
        self._flush()
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


def _raw_table(rows: list[Row]) -> pa.Table:
    """One chunk of records as columns, in RAW."""
    columns: dict[str, Iterable[Any]] = {
        **{name: [row.record.get(name) for row in rows] for name in RAW_FIELDS},
        **{name: [row.fixed[name] for row in rows] for name in ("is_global_id", *PATH_FIELDS)},
        "delivery": [row.tally.delivery for row in rows],
        "ordinal": [row.ordinal for row in rows],
        "position": [row.position for row in rows],
        "labels": [_json(row.record.get("labels")) for row in rows],
        "extra": [_json(row.record.get("extra")) for row in rows],
    }
    arrays = [pa.array(list(columns[name]), RAW.field(name).type) for name in RAW.names]
    return pa.Table.from_arrays(arrays, schema=RAW)


def _is_writable(row: Row) -> bool:
    try:
        _raw_table([row])
    except Exception as error:
        if is_of_machine(error):
            raise
        return False
    return True


def _json(value: Any) -> str | None:
    return orjson.dumps(value, default=str).decode() if value else None
