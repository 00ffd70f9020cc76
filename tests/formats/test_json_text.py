"""JSON that other programs write, parsed: what is mended, what is one article's fault, and what is not JSON at all."""

from __future__ import annotations

import io
from typing import Any

import orjson
import pytest

from etl.formats import jsonl
from etl.formats.common.json_text import MOST_LEVELS, loads
from etl.formats.common.pieces import Unreadable
from etl.model import Feed


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (rb'{"a": "cut \ud83d"}', {"a": "cut \ufffd"}),
        (rb'{"a": "\uDE00 cut"}', {"a": "\ufffd cut"}),
        (rb'{"a": "\ud83d\ud83d\ude00"}', {"a": "\ufffd\U0001f600"}),
        (rb'{"a": "C:\\ud83d and \ud83d"}', {"a": "C:\\ud83d and \ufffd"}),
        (rb'{"\udc00": 1}', {"\ufffd": 1}),
        (b'{"a": NaN}', {"a": None}),
        (b'{"id": 123456789012345678901234567890}', {"id": 123456789012345678901234567890}),
        (b'{"id": 1.5, "n": 7}', {"id": 1.5, "n": 7}),
        (b'{"id": -0.25e2}', {"id": -25.0}),
    ],
)
def test_what_others_write_is_read(data: bytes, value: Any) -> None:
    assert loads(data) == value


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"n": ' + b"9" * 5_000 + b"}", "more than 4,300 digits"),
        (b'{"n": ' + b"[" * MOST_LEVELS + b"]" * MOST_LEVELS + b"}", "nested more than 100 levels"),
        (b'{"a":' * 200_000, "nested more than 100 levels"),
        (b'{"a": "\xff"}', "not UTF-8 at byte 7"),
    ],
)
def test_what_cannot_be_kept_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        loads(data)


def test_brackets_in_strings_are_not_levels() -> None:
    text = "[" * 500 + r"\"[\\"
    data = orjson.dumps({"a": text, "b": [[1]] * 90})
    assert loads(data)["a"] == text


@pytest.mark.parametrize("data", [b"", b"{torn", b'{"a": 1]', rb'{"a": "\ud83d}', b"[1 2]"])
def test_what_is_not_json_stays_so(data: bytes) -> None:
    with pytest.raises(orjson.JSONDecodeError):
        loads(data)


@pytest.mark.parametrize("preamble", [")]}',\n", ")]}'", "for(;;);", "while(1);"])
def test_what_keeps_pages_from_running_json_is_not_read(preamble: str) -> None:
    data = (preamble + '[{"title": "A", "text": "x"}, {"title": "B", "text": "y"}]').encode()
    assert jsonl.recognise(data, "") > 0
    assert len(list(jsonl.read(io.BytesIO(data), Feed("wire")))) == 2
    assert jsonl.count_marks(io.BytesIO(data), Feed("wire")) == 2


def test_separators_before_records_are_not_read() -> None:
    data = b"".join(b'\x1e{"title": "A%d", "text": "x"}\n' % number for number in range(3))
    assert jsonl.recognise(data, "") > 0
    pieces = list(jsonl.read(io.BytesIO(data), Feed("wire")))
    assert [piece["headline"] for piece in pieces] == ["A0", "A1", "A2"]  # type: ignore[index]
    assert jsonl.count_marks(io.BytesIO(data), Feed("wire")) == 3
