"""PressReader text: what is body stays body, and what is not does not get into it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from sample_dumps import corpus, expected, samples

from etl.formats import pressreader_txt
from etl.model import DumpError, Feed

FEED = Feed("press")
PARAGRAPHS = ["The ferry was late again on Monday.", "Nobody said why.", "It left at nine."]


def article(*blocks: str, feed: Feed = FEED) -> dict[str, Any]:
    (found,) = pressreader_txt.read(io.BytesIO("\n\n".join(blocks).encode()), feed)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("sample", samples("pressreader_txt"), ids=lambda path: path.name)
def test_samples(sample: Path) -> None:
    assert list(pressreader_txt.read(sample.open("rb"), FEED)) == expected(sample)
    assert pressreader_txt.count_marks(sample.open("rb"), FEED) == 1
    assert pressreader_txt.recognise(sample.read_bytes(), "") > 0


@pytest.mark.parametrize("sample", samples("plain_txt"), ids=lambda path: path.name)
def test_plain_text_is_not_taken_for_it(sample: Path) -> None:
    assert pressreader_txt.recognise(sample.read_bytes(), sample.name) == 0


@pytest.mark.parametrize(
    "blocks",
    [
        ("A long report by the Lamp shows what the pier cost. " * 3, "“I signed.”", "— Ann Lee, Furt, 1 March 2026"),
        ("The Lamp", "“I signed because I was told to.”", "— Ann Lee, Furt, 1 March 2026"),
        ("Shopping", "What to bring", "- Bread"),
        ("Ferry late", "It was the third time", "- Bo Ek"),
        ("The Lamp", "Ferry late", "- Write to us at letters@lamp.example"),
        ("The ferry was late.", "It was the third time", "- Ann Lee ann@lamp.example"),
    ],
)
def test_a_text_that_only_resembles_it_is_not_taken_for_it(blocks: tuple[str, ...]) -> None:
    text = "\n\n".join([*blocks, *PARAGRAPHS])
    assert pressreader_txt.recognise(text.encode(), "") == 0


LONG = "The ferry was late again on Monday, and nobody at the harbour board said why it had left the pier at nine. " * 2


@pytest.mark.parametrize("byline", ["- Ann Lee ann.lee@gazette.example", "- Ann Lee", None])
@pytest.mark.parametrize("labels", [("Newspapers in English", "Newspapers from China"), ("Newspapers in English",)])
def test_several_articles_in_one_file_are_refused_and_counted(byline: str | None, labels: tuple[str, ...]) -> None:
    one = [block for block in ("Gazette", "Ferry late", byline, LONG, *labels) if block]
    text = "\n\n".join(one * 3)
    with pytest.raises(DumpError, match=r"holds about 3 articles, .* line 1: 'Gazette'; line "):
        article(text)
    assert pressreader_txt.count_marks(io.BytesIO(text.encode()), FEED) == 3
    assert pressreader_txt.count_marks(io.BytesIO("\n\n".join(one).encode()), FEED) == 1


def test_a_second_block_before_the_byline_is_the_deck() -> None:
    found = article("Gazette", "Ferry late", "Passengers want a refund", "- Ann Lee", *PARAGRAPHS)
    assert (found["headline"], found["deck"], found["byline"]) == ("Ferry late", "Passengers want a refund", "Ann Lee")
    assert found["body"] == "\n\n".join(PARAGRAPHS)


def test_without_a_byline_no_paragraph_is_lost_to_a_deck() -> None:
    found = article("Gazette", "Ferry late", *PARAGRAPHS)
    assert "deck" not in found
    assert found["body"] == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "byline",
    ["- Ann Lee", "- Ann Lee ann.lee@gazette.example", "- Agence France-Presse in Paris", "- 王小明", "\u2013 Ann Lee"],
)
def test_bylines(byline: str) -> None:
    found = article("Gazette", "Ferry late", byline, *PARAGRAPHS)
    assert found["byline"] == byline[2:]
    assert found["body"] == "\n\n".join(PARAGRAPHS)


def test_several_names_stand_on_lines_of_their_own() -> None:
    assert article("Gazette", "Ferry late", "- Ann Lee\n- Bo Ek", "Text.")["byline"] == "Ann Lee; Bo Ek"


@pytest.mark.parametrize(
    "block", ["- It left at nine, not at eight.", "- and the band played on", "-12 degrees at dawn"]
)
def test_a_paragraph_that_begins_with_a_dash_is_no_byline(block: str) -> None:
    found = article("Gazette", "Ferry late", block, *PARAGRAPHS)
    assert "byline" not in found
    assert found["body"].startswith(block)


@pytest.mark.parametrize("last", ["Nobody said why", "Newspapers in town", "Newspapers in Wellington closed early."])
def test_a_short_last_paragraph_is_no_label(last: str) -> None:
    found = article("Gazette", "Ferry late", "Text.", last)
    assert found["body"] == f"Text.\n\n{last}"
    assert "labels" not in found


def test_a_label_within_the_body_stays_there() -> None:
    found = article("Gazette", "Ferry late", "Newspapers in English", "Text.", "Newspapers from China")
    assert found["body"] == "Newspapers in English\n\nText."
    assert found["country"] == "China"
    assert "language" not in found


def test_a_file_of_blank_lines_is_no_article() -> None:
    assert list(pressreader_txt.read(io.BytesIO(b"\n \r\n"), FEED)) == []
    assert pressreader_txt.count_marks(io.BytesIO(b"\n \r\n"), FEED) == 0


def test_a_head_cut_within_a_character_is_still_recognised() -> None:
    text = "\n\n".join(["Gazette", "Fähre", "- Ann Lee ann.lee@gazette.example", "é" * 40_000]).encode()
    for end in range(65_530, 65_536):
        assert pressreader_txt.recognise(text[:end], "") > 0


def test_the_wrong_encoding_is_an_error_that_says_where() -> None:
    with pytest.raises(DumpError, match=r"found e9 74 e9 at byte 9 .*set `encoding`"):
        list(pressreader_txt.read(io.BytesIO(b"Gazette\n\n\xe9t\xe9"), Feed("press", encoding="ascii")))


def test_a_real_page() -> None:
    (path,) = corpus("pressreader-txt").iterdir()
    (found,) = pressreader_txt.read(path.open("rb"), FEED)
    assert isinstance(found, dict)
    assert found["byline"] == "Dewey Sim dewey.sim@scmp.com"
    assert "deck" in found
    assert (found["language"], found["country"]) == ("English", "China")
    assert len(found["body"].split("\n\n")) == 15
    assert pressreader_txt.recognise(path.read_bytes(), "") > 0.9
