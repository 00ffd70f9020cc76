"""Plain text: the first line is the headline; it is a format only where someone says so."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from sample_dumps import corpus, expected, samples

from etl.formats import plain_txt
from etl.model import DumpError, Feed

FEED = Feed("notes", format="plain_txt")


@pytest.mark.parametrize("sample", samples("plain_txt"), ids=lambda path: path.name)
def test_samples(sample: Path) -> None:
    assert list(plain_txt.read(sample.open("rb"), FEED)) == expected(sample)
    assert plain_txt.count_marks(sample.open("rb"), FEED) == 1


def test_a_headline_without_a_body_is_still_one_article() -> None:
    assert list(plain_txt.read(io.BytesIO(b"Only this\n"), FEED)) == [{"position": "line 1", "headline": "Only this"}]


def test_a_file_of_blank_lines_is_no_article() -> None:
    assert list(plain_txt.read(io.BytesIO(b"\n \r\n"), FEED)) == []
    assert plain_txt.count_marks(io.BytesIO(b"\n \r\n"), FEED) == 0


def test_nul_bytes_are_no_text() -> None:
    with pytest.raises(DumpError, match="NUL bytes at character 4"):
        list(plain_txt.read(io.BytesIO(b"text\0more"), FEED))


def test_nothing_is_recognised_as_plain_text() -> None:
    assert not hasattr(plain_txt, "recognise")


def test_real_news_is_read_whole() -> None:
    paths = sorted(corpus("plain-txt").rglob("*.txt"))
    feed = Feed("bbc", one_article=True)  # a few have subheads that look like headlines
    records = {path: list(plain_txt.read(path.open("rb"), feed)) for path in paths}
    assert sum(len(found) for found in records.values()) == 912
    assert all(isinstance(r, dict) and r["headline"] and r["body"] for found in records.values() for r in found)
    (odd,) = (found[0] for path, found in records.items() if path.parts[-2:] == ("sport", "199.txt"))
    assert isinstance(odd, dict)
    assert "a £15.8m sign" in odd["body"]  # one byte of Windows-1252 in a file that is else ASCII


def test_json_that_a_stanza_calls_plain_text_is_refused() -> None:
    with pytest.raises(DumpError, match="is JSON, not plain text"):
        list(plain_txt.read(io.BytesIO(b'{"documents": ["The pier", "opens"]}'), FEED))
    assert len(list(plain_txt.read(io.BytesIO(b"[Anna Berg] The pier\n\nopens again."), FEED))) == 1
