"""The second count of web archives: lines that begin no record are passed over in one go, and change nothing."""

from __future__ import annotations

import io
import re
import time
from functools import partial

import pytest
from archive_files import arc_record, response
from hypothesis import given
from hypothesis import strategies as st

from etl.formats.web import warc_marks

LINES = st.sampled_from(
    [
        b"\n",
        b"\r\n",
        b" \n",
        b"<p>The ferry sails.\n",
        b"Late in 2026\r\n",
        b"Wind\n",
        b"WARC-Type: response\n",
        b"WARC/1.0\n",
        b"http://a.example/ 192.0.2.1 20260309010203 text/html 12\n",
        b"word " * 30,
        response(b"<html>\n<body>It sails.</body></html>"),
        arc_record(b"<html>12\n3\n</html>"),
    ]
)
ARCHIVES = st.lists(st.tuples(LINES, st.integers(1, 5))).map(lambda runs: b"".join(line * many for line, many in runs))


@given(ARCHIVES, st.sampled_from([40, 100, 65_536]))
def test_lines_passed_over_change_no_count_and_no_offset(archive: bytes, line_bytes: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(warc_marks, "_LINE_BYTES", line_bytes)
        found = (warc_marks.count_pages(io.BytesIO(archive)), seen(archive))
        patched.setattr(warc_marks, "_OTHER_LINES", re.compile(rb"(?!)"))
        assert found == (warc_marks.count_pages(io.BytesIO(archive)), seen(archive))
        lines = iter(warc_marks._Lines(io.BytesIO(archive)).next, b"")
        assert list(lines) == list(iter(partial(io.BytesIO(archive).readline, line_bytes), b""))


def seen(archive: bytes) -> list[tuple[bytes, int]]:
    """The lines that seem to begin a record, and where each ends."""
    lines = warc_marks._Lines(io.BytesIO(archive))
    return [(line, lines.offset) for line in iter(lines.seek, b"")]


@pytest.mark.parametrize("line", [b"\n", b"\r\n"])
def test_millions_of_lines_outside_records_cost_next_to_nothing(line: bytes) -> None:
    begun = time.process_time()
    assert warc_marks.count_pages(io.BytesIO(line * 3_000_000)) == 0
    assert time.process_time() - begun < 1.2
