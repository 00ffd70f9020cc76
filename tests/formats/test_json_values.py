"""Values cut out of a long JSON text: those that are there, wherever a chunk ends, and in bounded time."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from timing import MOST_TIMES_AS_LONG, times_as_long

from etl.formats.common import json_values
from etl.formats.common.json_values import BrokenOff, FirstList, first_list, values_in

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text('ab"\\[]{},: é', max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('ab"\\[{', max_size=3), inner, max_size=3),
    max_leaves=8,
)


def cut(data: bytes, path: tuple[bytes | None, ...] | None, longest: int = 1_000) -> list[bytes]:
    return list(values_in(io.BytesIO(data), path, longest))


@given(st.lists(values, max_size=5), st.sampled_from([None, 2]), st.integers(1, 9))
def test_the_values_of_a_list_are_cut_out_at_any_chunk_size(items: list[Any], indent: int | None, size: int) -> None:
    data = json.dumps({"a": {"x": items}, "list": items, "z": [1]}, indent=indent).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_values, "CHUNK_BYTES", size)
        assert [json.loads(value) for value in cut(data, (b'"list"',))] == items


@given(st.lists(values, max_size=5), st.integers(1, 9))
def test_documents_in_a_row_are_cut_apart(items: list[Any], size: int) -> None:
    data = "\n".join(map(json.dumps, items)).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_values, "CHUNK_BYTES", size)
        assert [json.loads(value) for value in cut(data, None)] == items


@pytest.mark.parametrize(
    ("data", "path", "fields"),
    [
        (b'[{"title": 1}]', (), []),
        (b'{"status": "ok", "docs": [1, {"a": 2}]}', (b'"docs"',), ["status", "docs"]),
        (b'{"r": {"docs": [[{"a": 2', (b'"r"', b'"docs"', None), ["r"]),
        (b'{"]": "[{", "docs": [{', (b'"docs"',), ["]", "docs"]),
    ],
)
def test_the_first_list_of_objects_is_found(data: bytes, path: tuple[bytes | None, ...], fields: list[str]) -> None:
    assert first_list(data) == FirstList(path, fields)


@pytest.mark.parametrize("data", [b'{"a": [1, [2]]}', b"", b"]]", b'{"a": "[{', b"[" * 60_000])
def test_a_text_without_objects_in_a_list_has_none(data: bytes) -> None:
    assert first_list(data) is None


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b'[{"a": 1}, {"a": "', "ends within it"),
        (b'[{"a": 1}', "its end is missing"),
        (b'[{"a": 1}}', "} closes nothing"),
        (b"[1] 2", "another value follows"),
    ],
)
def test_a_text_that_breaks_off_says_where(data: bytes, found: str) -> None:
    with pytest.raises(BrokenOff, match=found):
        cut(data, ())


def test_a_value_that_is_too_long_is_cut_and_the_next_one_read() -> None:
    assert cut(b'["' + b"x" * 9_000_000 + b'", 2, ' + b"3" * 9_000_000 + b", 4]", (), 5) == [
        b'"xxxx',
        b"2",
        b"33333",
        b"4",
    ]


@pytest.mark.parametrize("data", [b'[{"a": "', b"[{", b'[{"a": "\\"', b"[1"])
def test_time_grows_with_the_text_and_no_faster(data: bytes) -> None:
    def work(megabytes: int) -> None:
        with pytest.raises(BrokenOff):
            cut(data + data[-1:] * (megabytes << 20), ())

    assert times_as_long(work, 4) < MOST_TIMES_AS_LONG
