"""Parquet: one article a row; columns are mapped as in `common/columns.py`."""

from __future__ import annotations

import io
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

import pyarrow as pa
import pyarrow.parquet as pq

from etl.formats.common.columns import Plan, make_plan, record, refuse_missing, refuse_unmapped
from etl.formats.common.other_kinds import without_skip
from etl.formats.common.parquet_ranges import groups_within, ranges_of_groups
from etl.formats.common.parquet_rows import Row, opened, rows
from etl.formats.common.pieces import guarded
from etl.formats.common.values import spelt
from etl.model import DumpError, Feed, Piece, Range, Reject

LEAST_ACCOUNTED_SHARE = 0.3
"""Much of a row can be what no field holds."""

MAGIC = b"PAR1"
FREE_ROWS = 10_000
"""So many rows a file of any size may have."""
IN_MEMORY_BYTES = 64 << 20


def recognise(head: bytes, name: str) -> float:
    """By the magic bytes that begin every Parquet file."""
    return 1.0 if head.startswith(MAGIC) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The number of rows that the file's footer states."""
    return int(_opened(_seekable(stream)).metadata.num_rows)


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record a row. Raises DumpError where the file is damaged, no column is known, one that the stanza
    names is missing, or the body is not text."""
    source = _seekable(stream)
    file = _opened(source)
    return _read(file, source, feed, range(file.num_row_groups), 0)


def ranges(stream: BinaryIO, feed: Feed, target_bytes: int) -> list[Range]:
    """Stretches of whole row groups. What a column means, its name says."""
    return ranges_of_groups(_opened(stream), stream.seek(0, io.SEEK_END), target_bytes)


def read_within(stream: BinaryIO, feed: Feed, stretch: Range) -> Iterator[Piece]:
    """What `read` yields of the row groups in a stretch."""
    file = _opened(stream)
    return _read(file, stream, feed, groups_within(file, stretch), stretch.before)


def count_marks_within(stream: BinaryIO, feed: Feed, stretch: Range) -> int:
    """The number of rows that the footer states of the row groups in a stretch."""
    file = _opened(stream)
    return sum(int(file.metadata.row_group(group).num_rows) for group in groups_within(file, stretch))


def _read(file: pq.ParquetFile, source: BinaryIO, feed: Feed, groups: Iterable[int], before: int) -> Iterator[Piece]:
    names = file.schema_arrow.names
    if twins := [name for name, count in Counter(names).items() if count > 1]:
        raise DumpError(f"has several columns called {', '.join(twins)}; ask for it with a name for each")
    _refuse_empty_rows(file, source)
    refuse_missing([*names, *_paths_in(file.schema_arrow)], feed)
    plan = make_plan(names, feed)
    if not plan.opens:
        refuse_unmapped(plan.columns, names)
    _refuse_other_types(plan, file.schema_arrow)
    has_bytes = any(map(_holds_bytes, file.schema_arrow.types))
    number = before
    try:
        for number, row in enumerate(rows(file, source, groups, before), before + 1):
            yield _piece(_as_text(row) if has_bytes else row, plan, f"row {number}")
    except (pa.ArrowException, OSError) as error:
        raise DumpError(f"the Parquet file is damaged after row {number}: {error}; ask for it again") from None


def _refuse_empty_rows(file: pq.ParquetFile, source: BinaryIO) -> None:
    """Raise DumpError where a row takes less than a byte: rows of nothing would cost the stages after this."""
    rows, size_bytes = file.metadata.num_rows, source.seek(0, io.SEEK_END)
    if rows > max(FREE_ROWS, size_bytes):
        raise DumpError(f"has {rows:,} rows in {size_bytes:,} bytes, which cannot hold articles; ask for it again")


def _piece(row: Row, plan: Plan, position: str) -> Piece:
    values = row.values
    if values is None:
        return Reject(position, row.fault)

    def data() -> bytes:
        return repr(values).encode("utf-8", "replace")

    return guarded(lambda: without_skip(record(plan, values, position), data), position, data)


def _holds_bytes(kind: pa.DataType) -> bool:
    if any(is_kind(kind) for is_kind in _BYTES):
        return True
    return any(_holds_bytes(kind.field(number).type) for number in range(kind.num_fields))


def _as_text(row: Row) -> Row:
    """A row in which bytes are text, where they are: Impala and old versions of Hive do not say so in the file."""
    return row if row.values is None else row._replace(values=spelt(row.values))


def _opened(source: BinaryIO) -> pq.ParquetFile:
    try:
        file = opened(source)
        _ = file.schema_arrow.names
        return file
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:  # a column's name may be anything
        raise DumpError(f"cannot be opened as Parquet: {error}; ask for it again") from None


def _seekable(stream: BinaryIO) -> BinaryIO:
    """A stream that can be read from its end; one from a container is copied first."""
    try:
        stream.seek(0, io.SEEK_END)
        stream.seek(0)
        return stream
    except (OSError, ValueError):
        copy = cast(BinaryIO, SpooledTemporaryFile(IN_MEMORY_BYTES))  # noqa: SIM115
        shutil.copyfileobj(stream, copy)
        copy.seek(0)
        return copy


def _paths_in(fields: Iterable[pa.Field], above: str = "") -> Iterator[str]:
    """The paths of the fields in objects, which may be in lists."""
    for field in fields:
        kind = field.type
        while pa.types.is_list(kind) or pa.types.is_large_list(kind):
            kind = kind.value_type
        if pa.types.is_struct(kind):
            path = f"{above}{field.name}."
            yield from (f"{path}{inner.name}" for inner in kind)
            yield from _paths_in(kind, path)


def _refuse_other_types(plan: Plan, schema: pa.Schema) -> None:
    """Raise DumpError where no column of a headline or body can hold text."""
    for field in ("body", "headline"):
        kinds = {
            column: schema.field(column).type for column in plan.candidates.get(field, ()) if column in schema.names
        }
        if kinds and not any(map(_may_hold_text, kinds.values())):
            column, kind = next(iter(kinds.items()))
            raise DumpError(
                f"column {column!r} is of type {kind}; expected text for the {field}; "
                f"name another column for it in the stanza: columns = {{ {field} = ... }}"
            )


def _may_hold_text(kind: pa.DataType) -> bool:
    while pa.types.is_list(kind) or pa.types.is_large_list(kind):
        kind = kind.value_type
    return _is_text(kind) or pa.types.is_null(kind) or pa.types.is_struct(kind)


def _is_text(kind: pa.DataType) -> bool:
    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    return any(is_kind(plain) for is_kind in _TEXTS)


_BYTES = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_binary_view)
_TEXTS = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view, *_BYTES)
