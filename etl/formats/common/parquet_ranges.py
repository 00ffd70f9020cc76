"""Parquet files cut between their row groups."""

from __future__ import annotations

from itertools import pairwise

import pyarrow.parquet as pq

from etl.model import Range


def ranges_of_groups(file: pq.ParquetFile, size_bytes: int, target_bytes: int) -> list[Range]:
    """The stretches of about so many bytes, each from a row group on; `before` counts rows. The last has the footer.

    None where the groups do not lie in the file one after the other.
    """
    starts = _starts(file)
    if any(start >= following for start, following in pairwise([*starts, size_bytes])):
        return []
    found: list[Range] = []
    start = first = rows = 0
    for number, group_start in enumerate(starts):
        if number and group_start >= start + target_bytes:
            found.append(Range(start, group_start, first))
            start, first = group_start, rows
        rows += file.metadata.row_group(number).num_rows
    return [*found, Range(start, size_bytes, first)]


def groups_within(file: pq.ParquetFile, stretch: Range) -> list[int]:
    """The row groups that begin in a stretch of their file."""
    return [number for number, start in enumerate(_starts(file)) if stretch.start <= start < stretch.end]


def _starts(file: pq.ParquetFile) -> list[int]:
    """Where the row groups begin."""
    groups = (file.metadata.row_group(number) for number in range(file.num_row_groups))
    return [min((_start(group.column(number)) for number in range(group.num_columns)), default=0) for group in groups]


def _start(column: pq.ColumnChunkMetaData) -> int:
    """Where a column of a row group begins: with its dictionary, where it has one."""
    return min(filter(None, (column.dictionary_page_offset, column.data_page_offset)), default=0)
