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
from etl.formats.common.json_values import BrokenOff, JsonText

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text('ab"\\[]{},: é', max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('ab"\\[{', max_size=3), inner, max_size=3),
    max_leaves=8,
)


def cut(data: bytes, longest: int = 1_000) -> list[bytes]:
    """The values of the list that a text is."""
    text = JsonText(io.BytesIO(data))
    return [text.value(longest) for _ in text.inside()]


def documents(data: bytes) -> list[bytes]:
    text = JsonText(io.BytesIO(data))
    return [text.value(1_000) for _ in text.documents()]


@given(st.lists(values, max_size=5), st.sampled_from([None, 2]), st.integers(1, 9))
def test_the_values_of_a_list_are_cut_out_at_any_chunk_size(items: list[Any], indent: int | None, size: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_values, "CHUNK_BYTES", size)
        assert [json.loads(value) for value in cut(json.dumps(items, indent=indent).encode())] == items


@given(st.dictionaries(st.text('ab"\\[{', max_size=3), values, max_size=4), st.integers(1, 9), st.integers(0, 20))
def test_what_is_too_long_to_be_held_is_still_there_to_be_cut_up(held: dict[str, Any], size: int, most: int) -> None:
    data = json.dumps(held).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_values, "CHUNK_BYTES", size)
        text = JsonText(io.BytesIO(data))
        text.mark()
        whole = text.whole(most)
        assert whole == (data if len(data) <= most else None)
        if whole is None:
            parts = [json.loads(text.value(1_000)) for _ in text.inside()]
            assert dict(zip(parts[::2], parts[1::2], strict=True)) == held
        assert text.mark() == b""


@given(st.lists(values, max_size=5), st.integers(1, 9))
def test_documents_in_a_row_are_cut_apart(items: list[Any], size: int) -> None:
    data = "\n".join(map(json.dumps, items)).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_values, "CHUNK_BYTES", size)
        assert [json.loads(value) for value in documents(data)] == items


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b'[{"a": 1}, {"a": "', "ends within it"),
        (b'[{"a": 1}', "its end is missing"),
        (b'[{"a": 1}}', "} closes nothing"),
    ],
)
def test_a_text_that_breaks_off_says_where(data: bytes, found: str) -> None:
    with pytest.raises(BrokenOff, match=found):
        cut(data)


def test_a_value_that_is_too_long_is_cut_and_the_next_one_read() -> None:
    assert cut(b'["' + b"x" * 9_000_000 + b'", 2, ' + b"3" * 9_000_000 + b", 4]", 5) == [
        b'"xxxx',
        b"2",
        b"33333",
        b"4",
    ]


@pytest.mark.nightly
@pytest.mark.parametrize("data", [b'[{"a": "', b"[{", b'[{"a": "\\"', b"[1"])
def test_time_grows_with_the_text_and_no_faster(data: bytes) -> None:
    def work(megabytes: int) -> None:
        with pytest.raises(BrokenOff):
            cut(data + data[-1:] * (megabytes << 20))

    assert times_as_long(work, 1) < MOST_TIMES_AS_LONG
