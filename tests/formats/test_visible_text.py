"""What a person sees in a file, whatever its layout, counted in words."""

from __future__ import annotations

import io
import json
import zipfile
from itertools import pairwise

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.formats.common.visible_text import Visible, count_words, counter, look

WORDS = st.lists(st.text("abcdefghijklmnopqrstuvwxyzäöü", min_size=1, max_size=9), min_size=1, max_size=60)


def seen(data: bytes, most_bytes: int = 1 << 20) -> Visible:
    found = look(io.BytesIO(data), most_bytes)
    assert found is not None
    return found


@given(WORDS)
def test_tags_are_not_words(words: list[str]) -> None:
    markup = "<html><body>" + "".join(f'<p class="a b c">{word}</p>' for word in words) + "</body></html>"
    assert seen(markup.encode()).words == len(words)


@given(WORDS)
def test_the_strings_of_json_are_words_and_its_notation_is_not(words: list[str]) -> None:
    text = " ".join(words) + " and so on, for a text that is long enough to be one," * 9
    for indent in (None, 2):
        document = json.dumps({"id": 1, "title": text, "tags": ["x", "y"]}, indent=indent, ensure_ascii=False)
        assert seen(document.encode()).words == pytest.approx(len(text.split()), abs=4)


def test_menus_links_and_scripts_of_a_page_are_not_its_words() -> None:
    page = b"""<html><head><title>Pier opens</title><style>p { color: red }</style></head><body>
    <nav>Home News Sport</nav><a href="/more">Read more here</a><a name="top">The pier</a> opens.
    <script>var a = "nothing to see";</script><!-- hidden words --></body></html>"""
    assert seen(page).words == 3


def test_a_word_in_any_encoding_is_a_word() -> None:
    text = "Der Hafen wird größer und schöner. " * 30
    for codec in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        assert seen(text.encode(codec)).words == len(text.split())


def test_of_scripts_without_spaces_each_character_counts() -> None:
    assert count_words("港口明年扩建") == 7
    assert seen("港口明年扩建".encode()).words == 7
    assert counter(b'{"a": 1}')("港口明年扩建" * 40) == 240


def test_the_text_columns_of_parquet_are_counted_however_nested() -> None:
    table = pa.table({"title": ["Pier opens"], "tags": [["one two", "three"]], "n": [1], "o": [{"a": "four", "b": 5}]})
    target = io.BytesIO()
    pq.write_table(table, target)
    assert seen(target.getvalue()).words == 6


def test_a_document_of_a_word_processor_is_read_from_its_archive() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as document:
        document.writestr("word/document.xml", "<w:t>Pier</w:t><w:t>opens</w:t>")
    assert seen(target.getvalue()).words == 2


def test_what_cannot_be_counted_is_not_called_nothing() -> None:
    for data in (b"WARC/1.0\r\n\r\n", b"\0\1\2\3", b"PK\x03\x04 not a document"):
        assert look(io.BytesIO(data), 100) is None


def test_a_long_text_is_counted_and_not_kept() -> None:
    found = seen(b"one two three four\n" * 100, most_bytes=50)
    assert (found.words, found.text) == (400, None)


@pytest.mark.parametrize(
    "stretch", [b"[One, First] of two words\n", b"<p>,First of <b>two</b> words\n", b"nul \0, of two\n"]
)
def test_what_a_stretch_is_the_beginning_of_its_file_tells(stretch: bytes) -> None:
    beginning = b"title,text\n"
    whole, first, other = (look(io.BytesIO(data), 0, beginning) for data in (beginning + stretch, beginning, stretch))
    assert whole and first and other
    assert whole.words == first.words + other.words


@given(st.lists(WORDS, min_size=2, max_size=20), st.booleans(), st.data())
def test_the_words_of_the_stretches_of_a_file_add_up(
    texts: list[list[str]], is_json: bool, data: st.DataObject
) -> None:
    """Also where the first lines are Latin and a later one is not."""
    bodies = [" ".join(words) for words in texts] + ["港口 明年扩建"]
    lines = [json.dumps({"id": n, "body": body}, ensure_ascii=n % 2 == 0) for n, body in enumerate(bodies)]
    file = "".join(f"{line}\n" for line in (lines if is_json else bodies)).encode()
    ends = [at + 1 for at, byte in enumerate(file) if byte == ord("\n")]
    cuts = sorted({0, len(file), *data.draw(st.lists(st.sampled_from(ends), max_size=4))})
    found = [look(io.BytesIO(file[start:end]), 0, file[:65_536]) for start, end in pairwise(cuts)]
    assert sum(visible.words for visible in found if visible) == seen(file).words


def test_a_page_with_a_nul_byte_is_a_page_and_what_has_many_is_not_text() -> None:
    page = b"<html><body><p>The ferry of Saltby sails.</p></body></html>"
    found = seen(page + b"\r\n\0rest of\0 it")
    assert (found.words, found.text and found.text.split()) == (
        8,
        ["The", "ferry", "of", "Saltby", "sails.", "rest", "of", "it"],
    )
    assert look(io.BytesIO(page.decode().encode("utf-16-le")), 1 << 20) is None
    assert look(io.BytesIO(b"GIF89a\0 picture"), 1 << 20) is None


@pytest.mark.parametrize("row", [",,", ";;;", '"","",""', " , ,", "| | |"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_rows_without_a_value_are_not_words(row: str, end: str) -> None:
    rows = [row, "title,text", row, 'Ferry,"It sails, they say."', *[row] * 1_000, "Ice,It melts.", row]
    found = seen(end.join(rows).encode())
    assert found.words == 7
    assert found.text is not None
    assert found.text.split() == " ".join(rows).replace(row, "").split()
    assert found.text.count("\n") == len(rows) - 1
