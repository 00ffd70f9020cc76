"""Rich Text: every character of the text and nothing else, in bounded memory, and a reason where it cannot be had."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from striprtf.striprtf import rtf_to_text

from etl.intake import rich_text
from etl.intake.containers import Member, members
from etl.intake.rich_text import text_of
from etl.intake.rich_text_document import RichTextError
from etl.model import DumpError

FONTS = rb"{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial Cyr;}{\f2\fcharset128 MS Gothic;}{\f3\fcharset1 A;}}"


def text(body: bytes, head: bytes = rb"\ansi\ansicpg1252\deff0" + FONTS) -> str:
    return "".join(text_of(io.BytesIO(rb"{\rtf1" + head + body + b"}")))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (rb"Caf\'e9 \'93now\'94", "Café “now”"),
        (rb"{\f1 \'cf\'e8\'f0\'f1} quay", "Пирс quay"),
        (rb"\f2 \'8d\'60 \'83A", "港 ア"),  # the second byte of a character may be a letter
        (rb"\u1055?\u1080\'d0?x", "Пи?x"),
        (rb"\uc0\u945 b", "αb"),
        (rb"\uc2\u945 \'83\'bf!", "α!"),
        (rb"\u-10179?\u-8704?", "\U0001f600"),
        (rb"\u-10179?x \u-8704?", "\ufffdx \ufffd"),
        (rb"{\b Ferry\line sails} again\par It\line rains", "Ferry sails again\nIt\nrains"),
        (rb"\b Ferry\line sails\b0\line again", "Ferry\nsails\nagain"),
        (rb"\b User\line Date\line Job\line Documents\line Number", "User\nDate\nJob\nDocuments\nNumber"),
        (
            rb"a\line b\par c\
d",
            "a\nb\nc\nd",
        ),
        (rb"brace \{ \} back \\ end", "brace { } back \\ end"),
        (rb"{\*\unknown gone}{\info{\title Gone}}{\header Gone\par}kept{\v hidden}{\deleted gone}", "kept"),
        (rb"{\field{\*\fldinst HYPERLINK \"x\"}{\fldrslt a link}} after", "a link after"),
        (rb"{\pict\bin5 }}{{\ 89ab}after", "after"),
        (rb"\trowd\cellx1\cellx2 one\cell two\cell\row next", "one\ttwo\t\nnext"),
        (rb"{\pard\qc Title\par}\pard text", " " * 37 + "Title\ntext"),
        (rb"soft\-hyphen no\_break no\~space", "softhyphen no\u2011break no\xa0space"),
        (b"wrap\r\nped", "wrapped"),
        ("Fähre".encode(), "Fähre"),
        ("Fähre".encode("cp1252"), "Fähre"),
    ],
)
def test_characters(body: bytes, expected: str) -> None:
    assert text(body) == expected


def test_a_font_without_a_charset_has_that_of_the_document() -> None:
    assert text(rb"\f3 \'cf", rb"\ansi\ansicpg1251\deff3" + FONTS) == "П"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300), st.integers(1, 40))
def test_every_text_comes_out_as_it_went_in_wherever_it_is_cut(words: str, size: int) -> None:
    units = words.encode("utf-16-le", "surrogatepass")
    codes = [int.from_bytes(units[at : at + 2], "little", signed=True) for at in range(0, len(units), 2)]
    data = rb"{\rtf1 " + b"".join(rb"\u%d?" % code for code in codes) + b"}"
    assert "".join(text_of(Pieces(data, size))) == words


class Pieces(io.BytesIO):
    """A stream that gives a few bytes at a time."""

    def __init__(self, data: bytes, size: int) -> None:
        super().__init__(data)
        self.size = size

    def read(self, count: int | None = -1, /) -> bytes:
        return super().read(self.size)


@pytest.mark.parametrize(
    "sample", sorted(Path(__file__).parents[1].glob("samples/*/*.rtf")), ids=lambda path: path.name
)
def test_no_word_is_lost_that_another_library_finds(sample: Path) -> None:
    """striprtf also prints what is hidden, the targets of links, and a bar for each cell; half an emoji is its."""
    others = rtf_to_text(sample.read_text(), errors="replace").encode("utf-16", "surrogatepass").decode("utf-16")
    for extra in ("hidden mark", '("https://example.invalid/1")'):
        others = others.replace(extra, "")
    own = "".join(text_of(sample.open("rb")))
    assert re.sub(r"[\s|]", "", own) == re.sub(r"[\s|]", "", others)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (rb"{\rtf1 {\b cut", "2 of its groups are not closed"),
        (rb"{\rtf1 " + b"{" * 2_000, "nested more than 1,000 levels deep"),
        (rb"{\rtf1 " + b"{}" * 600_000 + b"}", "follow each other without any text"),
    ],
)
def test_what_is_cut_off_or_made_to_overwhelm_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(RichTextError, match=why):
        list(text_of(io.BytesIO(data)))


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        (rb"{\footnote\pard It was late.}", " [It was late.]"),
        (rb"{\super{\footnote\ftnalt {\b It} was\par late.}}", " [It was late.]"),
        (rb"{\v{\footnote It was late.}}", ""),
    ],
)
def test_a_footnote_stands_apart_from_the_text(note: bytes, expected: str) -> None:
    data = rb"{\rtf1 The ferry crossed" + note + rb" the river.\par}"
    assert "".join(text_of(io.BytesIO(data))) == f"The ferry crossed{expected} the river.\n"


def test_a_long_text_is_passed_on_before_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rich_text, "_CHUNK", 100)
    pieces = list(text_of(io.BytesIO(rb"{\rtf1 " + rb"one line\par " * 200 + b"}")))
    assert "".join(pieces) == "one line\n" * 200
    assert max(map(len, pieces)) < 200


def test_a_broken_file_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "cut.rtf").write_bytes(rb"{\rtf1 {\b cut")
    with pytest.raises(DumpError, match=r"cut.rtf: the RTF is truncated or damaged .* fetch it again"):
        list(members(tmp_path / "cut.rtf"))


def test_its_name_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "export.DOCX").write_bytes(rb"{\rtf1 Ferry\par}")
    (member,) = members(tmp_path / "export.DOCX")
    assert isinstance(member, Member)
    assert (member.wrapping, member.open().read()) == ("RTF", b"Ferry\n")
