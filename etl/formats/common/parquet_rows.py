"""The rows of a Parquet file in bounded memory, whatever its dictionaries would unpack to.

A text stands once in a dictionary, however many rows repeat it: 1.6 KB may hold 20 GB.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from etl.model import DumpError

pc: Any = pyarrow.compute  # its stubs know too little

MOST_ROWS_AT_ONCE = 2_048
DECODED_BYTES = 64 << 20
"""Of rows that are decoded at once; one row may have as many."""
FREE_BYTES = 64 << 20
MOST_EXPANSION = 200
"""A file may unpack to FREE_BYTES, or to this many times its size: text with all its repetitions unpacks to less."""
MOST_VALUES = 20_000_000
"""In a column of lists in one row group: millions of nulls take no room in a file."""


class Row(NamedTuple):
    """A row by the names of its columns; None where it cannot be decoded, and `fault` says why."""

    values: dict[str, Any] | None
    fault: str = ""


def opened(source: BinaryIO) -> pq.ParquetFile:
    """The file, with texts in lists and structs left in their dictionaries. Raises pyarrow's errors."""
    file = pq.ParquetFile(source)
    nested = [path for path in _texts(file) if "." in path]
    return pq.ParquetFile(source, read_dictionary=nested) if nested else file


def rows(file: pq.ParquetFile, source: BinaryIO, groups: Iterable[int], before: int = 0) -> Iterator[Row]:
    """The rows of some row groups in order, with so many before them.

    Raises DumpError where they unpack to more than text does, and pyarrow's errors.
    """
    most_bytes = max(FREE_BYTES, MOST_EXPANSION * source.seek(0, io.SEEK_END))
    with_dictionaries = pq.ParquetFile(source, read_dictionary=list(_texts(file)))
    unpacked, number = 0, before
    for group in groups:
        _refuse_bombs(file.metadata.row_group(group))
        for batch in file.iter_batches(_rows_at_once(with_dictionaries, group), row_groups=[group]):
            lengths = sum(map(_text_bytes, batch.columns), np.zeros(batch.num_rows, np.int64))
            unpacked += int(lengths.sum())
            if unpacked > most_bytes:
                raise DumpError(
                    f"it unpacks to more than {MOST_EXPANSION} times its size by row {number + batch.num_rows:,}: the "
                    "same text is repeated again and again, as in no dump; ask for it again"
                )
            yield from _decoded(batch, lengths)
            number += batch.num_rows


def _refuse_bombs(group: Any) -> None:
    for column in map(group.column, range(group.num_columns)):
        name, unpacked = column.path_in_schema, column.total_uncompressed_size
        if column.num_values > max(MOST_VALUES, group.num_rows):
            raise DumpError(f"column {name!r} has {column.num_values:,} values in a row group; ask for it without them")
        if unpacked > max(FREE_BYTES, MOST_EXPANSION * column.total_compressed_size):
            raise DumpError(f"column {name!r} unpacks to {unpacked:,} bytes, which no text does; ask for it again")


def _rows_at_once(with_dictionaries: pq.ParquetFile, group: int) -> int:
    """How many rows fit into memory if each repeats the longest text in the dictionaries, which its first row shows."""
    first = next(with_dictionaries.iter_batches(1, row_groups=[group], use_threads=False), None)  # threads read it all
    longest = sum(map(_longest_in_dictionary, first.columns)) if first else 0
    return min(max(DECODED_BYTES // max(longest, 1), 1), MOST_ROWS_AT_ONCE)


def _longest_in_dictionary(values: Any) -> int:
    kind = values.type
    if pa.types.is_dictionary(kind):
        return int(_text_bytes(values.dictionary).max(initial=0))
    if pa.types.is_struct(kind):
        return sum(_longest_in_dictionary(values.field(number)) for number in range(kind.num_fields))
    return 0  # those in lists stay in their dictionaries


def _text_bytes(values: Any) -> Any:
    """The bytes of text in each value of a column, without decoding them."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        lengths = _text_bytes(values.dictionary)
        return lengths[values.indices.fill_null(0).to_numpy(False)] if len(lengths) else np.zeros(len(values), np.int64)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_map(kind):
        inner = (
            values.flatten()
            if not pa.types.is_map(kind)
            else pa.StructArray.from_arrays([values.keys, values.items], ["key", "value"])
        )
        ends = np.cumsum(np.append(0, _text_bytes(inner)))
        offsets = values.offsets.to_numpy()
        return np.diff(ends[np.clip(offsets - offsets[0], 0, len(ends) - 1)])
    if pa.types.is_struct(kind):
        fields = [values.field(number) for number in range(kind.num_fields)]
        return sum(map(_text_bytes, fields), np.zeros(len(values), np.int64))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_binary(kind):
        return pc.binary_length(values).fill_null(0).to_numpy(False).astype(np.int64)
    return np.full(len(values), 8, np.int64)


def _decoded(batch: pa.RecordBatch, lengths: Any) -> Iterator[Row]:
    """The rows of a batch; one by one where together they are too much, or one of them cannot be decoded."""
    if lengths.sum() <= 2 * DECODED_BYTES:
        try:
            yield from [Row(values) for values in batch.to_pylist()]
            return
        except (ArithmeticError, ValueError, RecursionError):  # ValueError: also pyarrow's own, and text not in UTF-8
            pass
    for number in range(batch.num_rows):
        if lengths[number] > DECODED_BYTES:
            yield Row(None, f"it has {lengths[number]:,} bytes, which no article has")
            continue
        try:
            yield Row(batch.slice(number, 1).to_pylist()[0])
        except (ArithmeticError, ValueError, RecursionError) as error:
            yield Row(None, _fault(batch.slice(number, 1), error))


def _fault(row: pa.RecordBatch, error: Exception) -> str:
    """Which column of a row cannot be decoded, and why."""
    for name, column in zip(row.schema.names, row.columns, strict=True):
        try:
            column.to_pylist()
        except (ArithmeticError, ValueError, RecursionError) as found:
            return f"column {name!r} holds a value of type {column.type} that cannot be read: {found}"
    return str(error)


def _texts(file: pq.ParquetFile) -> Iterator[str]:
    """The paths of the columns of text; a dot leads into a list or a struct."""
    schema = file.metadata.schema
    columns = (schema.column(number) for number in range(len(schema)))
    return (str(column.path) for column in columns if column.physical_type == "BYTE_ARRAY")
