"""Texts that are read as a whole: what would take too much memory is refused, with what to do."""

from __future__ import annotations

import io

import pytest

from etl import formats
from etl.formats.common import whole_text
from etl.model import DumpError, Feed

FEED = Feed("harbour")
READERS = [name for name, reader in formats.all_formats().items() if hasattr(reader, "read_text")]


def refusal(name: str, text: str) -> str:
    with pytest.raises(DumpError) as found:
        list(formats.named(name).read(io.BytesIO(text.encode()), FEED))
    return str(found.value)


@pytest.mark.parametrize("name", READERS)
def test_an_emoji_in_a_long_text_is_refused_before_it_takes_four_times_the_memory(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_text, "LIMIT_HELD_BYTES", 2_000)
    assert "of memory as text" in refusal(name, "\U0001f6a2" + "a" * 600)


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_millions_of_lines_are_refused_before_each_is_an_object(
    name: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_text, "MOST_LINES", 10)
    assert "has 11 lines, and a dump that is read as a whole may have 10; split it" in refusal(name, f"a{end}" * 11)


def test_a_text_within_the_limits_is_read_with_its_line_ends_unified() -> None:
    assert whole_text.read_text(io.BytesIO("\U0001f6a2\r\na\rb".encode()), None) == ("\U0001f6a2\na\nb", [])
