"""Parquet: rows as records, wrong types and damage named."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sample_dumps import expected, samples

from etl.formats import parquet
from etl.model import DumpError, Feed

FEED = Feed("wire")


def file(**columns: Any) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


class Stream(io.RawIOBase):
    """A stream that cannot go back, as a decompressor's."""

    def __init__(self, data: bytes) -> None:
        self.rest = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self.rest.readinto(buffer)


GOOD = file(
    title=["One", "Two"],
    text=[["First.", "Second."], None],
    date=pa.array([0, 86_400_000_000], pa.timestamp("us")),
    score=[1, 2],
)


@pytest.mark.parametrize("opened", [io.BytesIO, Stream])
def test_rows_become_records(opened: Any) -> None:
    assert list(parquet.read(opened(GOOD), FEED)) == [
        {
            "position": "row 1",
            "headline": "One",
            "body": "First.\n\nSecond.",
            "published": "1970-01-01T00:00:00",
            "extra": {"score": 1},
        },
        {"position": "row 2", "headline": "Two", "published": "1970-01-02T00:00:00", "extra": {"score": 2}},
    ]
    assert parquet.count_marks(opened(GOOD), FEED) == 2
    assert parquet.recognise(GOOD[:100], "dump") == 1


def test_a_body_that_is_no_text_is_an_error_that_names_column_and_type() -> None:
    with pytest.raises(DumpError, match="column 'text' is of type int64; expected text for the body"):
        list(parquet.read(io.BytesIO(file(title=["a"], text=[1])), FEED))


def test_a_damaged_file_is_an_error() -> None:
    with pytest.raises(DumpError, match="cannot be opened as Parquet"):
        list(parquet.read(io.BytesIO(GOOD[:-10]), FEED))


def test_no_known_column_is_an_error_that_lists_them() -> None:
    with pytest.raises(DumpError, match="found kopf, rumpf"):
        list(parquet.read(io.BytesIO(file(kopf=["a"], rumpf=["b"])), FEED))


@pytest.mark.parametrize("sample", samples("parquet"), ids=lambda path: path.name)
def test_samples(sample: Path) -> None:
    found = list(parquet.read(io.BytesIO(sample.read_bytes()), FEED))
    assert [piece for piece in found if isinstance(piece, dict)] == expected(sample)
    assert parquet.count_marks(io.BytesIO(sample.read_bytes()), FEED) == len(found)


def test_a_column_that_the_stanza_names_and_the_file_lacks_is_an_error() -> None:
    feed = Feed("wire", id_column="guid", columns={"headline": "title"})
    with pytest.raises(DumpError, match='names the column "guid", which it lacks; found title, text;'):
        list(parquet.read(io.BytesIO(file(title=["One"], text=["First"])), feed))
