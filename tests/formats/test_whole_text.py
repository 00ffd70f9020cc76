"""Texts that are read as a whole: what would take too much memory is refused, with what to do."""

from __future__ import annotations

import io
import re

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
    told = refusal(name, "a\n" + "\U0001f6a2" + "a" * 600)
    assert "603 characters, 4 bytes for each character, as one like U+1F6A2 in line 2 needs so many" in told
    assert "may take 2,000; split it between articles into files of at most 48" in told


@pytest.mark.parametrize("letter", ["a", "é", "€", "\U0001f6a2"])
def test_a_file_of_the_size_that_a_refusal_advises_is_read(letter: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_text, "LIMIT_HELD_BYTES", 20_000)
    advice = re.search(r"files of at most ([\d,]+) bytes", refusal("plain_txt", letter + "a" * 30_000))
    assert advice
    text = letter + "a" * (int(advice[1].replace(",", "")) - len(letter.encode()))
    assert whole_text.read_text(io.BytesIO(text.encode()), None) == (text, [])


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_millions_of_lines_are_refused_before_each_is_an_object(
    name: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_text, "MOST_LINES", 10)
    assert "has 11 lines, and a dump that is read as a whole may have 10; split it" in refusal(name, f"a{end}" * 11)


def test_a_text_within_the_limits_is_read_with_its_line_ends_unified() -> None:
    assert whole_text.read_text(io.BytesIO("\U0001f6a2\r\na\rb".encode()), None) == ("\U0001f6a2\na\nb", [])
