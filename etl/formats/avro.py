"""Avro: one article a record, nested as in JSON; fields are mapped as in `common/columns.py`.

What Dow Jones (Factiva Analytics) delivers as a snapshot, and what Hadoop, Kafka and BigQuery export. Blocks may be
packed by deflate, snappy, zstandard, bzip2 or xz. Dates are those of the schema's logical types; a date that is none
stays the number that it is. Refused: blocks of more than 16 MB, types that hold themselves, lists of nothing, and what
unpacks to more than text does. The mapping of Dow Jones is that of its public list of fields (`an`, `title`, `snippet`,
`body`, `publication_date`, `source_name`); it was not tried on a real snapshot.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from etl.formats.common.avro_file import MAGIC, blocks, header_of, unpacked
from etl.formats.common.avro_records import Decoder
from etl.formats.common.columns import Plan, make_plan, record, refuse_missing, refuse_unmapped
from etl.formats.common.other_kinds import without_skip
from etl.formats.common.pieces import guarded
from etl.formats.common.values import spelt
from etl.model import DumpError, Feed, Piece, Reject

LEAST_ACCOUNTED_SHARE = 0.3
"""Much of a record can be what no field holds."""

FREE_RECORDS = 10_000
"""So many records a file of any size may have."""
FREE_BYTES = 64 << 20
MOST_EXPANSION = 200
"""A file may unpack to FREE_BYTES, or to this many times its size."""


def recognise(head: bytes, name: str) -> float:
    """By the magic bytes that begin every Avro file."""
    return 1.0 if head.startswith(MAGIC) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The number of records that each block's header states; no block is unpacked."""
    return sum(block.records for block in blocks(stream, header_of(stream).sync))


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record of each record, as many as are in the bytes of the blocks. Raises DumpError where a block is damaged or
    too large, no field is known, or one that the stanza names is missing."""
    header = header_of(stream)
    decoder = Decoder(header.schema)
    refuse_missing(decoder.paths, feed)
    plan = make_plan(decoder.names, feed)
    if not plan.opens:
        refuse_unmapped(plan.columns, decoder.names)
    number = packed_bytes = unpacked_bytes = 0
    for block in blocks(stream, header.sync):
        data = unpacked(block.packed, header.codec)
        packed_bytes, unpacked_bytes = packed_bytes + len(block.packed), unpacked_bytes + len(data)
        if unpacked_bytes > max(FREE_BYTES, MOST_EXPANSION * packed_bytes):
            raise DumpError(f"unpacks to more than {MOST_EXPANSION} times its size, far more than text does")
        for value in decoder.records(data):
            number += 1
            if number > max(FREE_RECORDS, packed_bytes):
                raise DumpError("has more records than bytes, which cannot hold articles; ask for it again")
            yield _piece(value, plan, f"record {number}")


def _piece(value: dict[str, Any] | str, plan: Plan, position: str) -> Piece:
    if isinstance(value, str):
        return Reject(position, value)
    value = spelt(value)

    def data() -> bytes:
        return repr(value).encode("utf-8", "replace")

    return guarded(lambda: without_skip(record(plan, value, position), data), position, data)
