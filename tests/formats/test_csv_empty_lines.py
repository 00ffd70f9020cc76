"""Runs of empty lines in a CSV: passed over in one go, with the same rows, places and count as one by one."""

from __future__ import annotations

import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.formats import csv
from etl.formats.common import csv_marks, csv_text, streams, utf8_stream
from etl.model import DumpError, Feed

FEED = Feed("wire")
LINES = st.sampled_from(["One,First", "Two,'Second", 'Three,"Third', 'end"', ",", ",,", "---", "Five", "'", "", "", ""])
TABLES = st.lists(st.tuples(LINES, st.integers(1, 9))).map(
    lambda runs: [line for line, many in runs for _ in range(many)]
)


def outcome(data: bytes, many_empty: int, buffer_bytes: int) -> tuple[object, object]:
    """What is read and counted where so many empty lines are read one by one."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(csv_text, "MOST_EMPTY", many_empty)
        patched.setattr(csv_marks, "MOST_EMPTY", many_empty)
        patched.setattr(streams, "CHUNK_BYTES", buffer_bytes)
        patched.setattr(utf8_stream, "_BUFFER_BYTES", buffer_bytes)
        try:
            read = list(csv.read(io.BytesIO(data), FEED))
        except DumpError as error:
            read = [str(error)]
        return read, csv.count_marks(io.BytesIO(data), FEED)


@given(TABLES, TABLES, st.sampled_from(["\n", "\r\n"]), st.integers(3, 20))
def test_runs_of_empty_lines_change_nothing(above: list[str], below: list[str], end: str, buffer_bytes: int) -> None:
    empty = [line for line in above if line in ("", ",")]
    data = "".join(line + end for line in [*empty, "title,text", *below, "Last,It sails"]).encode()
    assert outcome(data, 2, buffer_bytes) == outcome(data, 1 << 40, 1 << 20)


@pytest.mark.parametrize("line", [b"\n", b"\r\n", b",,\n"])
def test_millions_of_empty_lines_cost_next_to_nothing(line: bytes) -> None:
    data = b"title,text,date\n" + line * 3_000_000 + b"One,First,2024-01-01\n"
    begun = time.process_time()
    (found,) = csv.read(io.BytesIO(data), FEED)
    assert (found["position"], csv.count_marks(io.BytesIO(data), FEED)) == ("line 3000002", 1)
    assert time.process_time() - begun < 1.5


@pytest.mark.parametrize("line", ["\t", " ", "  \t", ",,", " , ,", '"","",""', '""', '"",," "'])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_line_without_any_value_is_no_row(line: str, delimiter: str) -> None:
    rows = ["title,text,date", "One,First,2024-01-01", line, line, "Two,Second,2024-01-02"]
    data = "\r\n".join(row.replace(",", delimiter) for row in rows).encode()
    assert [found["headline"] for found in csv.read(io.BytesIO(data), FEED)] == ["One", "Two"]
    assert csv.count_marks(io.BytesIO(data), FEED) == 2
