"""LexisNexis exports: every article, each field where it belongs, and nothing of the body taken for a field."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_dumps import SAMPLES, corpus, expected, samples

from etl import formats
from etl.formats.common import word_file
from etl.formats.vendor.labels import field_of
from etl.model import Declared, DumpError, Feed, Piece, Reject

FEED = Feed("nexis")
KINDS = ("nexis_txt", "nexis_html", "nexis_docx")


def pieces(name: str, data: bytes) -> list[Piece]:
    return list(formats.named(name).read(io.BytesIO(data), FEED))


def marks(name: str, data: bytes) -> int:
    return formats.named(name).count_marks(io.BytesIO(data), FEED)


def text_export(*articles: str) -> bytes:
    """An export of texts, each without its number, in the layout of LexisNexis Academic."""
    total = len(articles)
    numbered = [f"{number} of {total} DOCUMENTS".center(80) + f"\n\n{text}" for number, text in enumerate(articles, 1)]
    return "\n\n".join(numbered).encode()


def text_article(*blocks: str) -> str:
    head = ["The Courier".center(80), "March 1, 2026 Sunday".center(80)]
    return "\n\n".join([*head, *blocks, "Copyright 2026 Courier".center(80)])


@pytest.mark.parametrize("name", KINDS)
def test_samples(name: str) -> None:
    for sample in samples(name):
        found = pieces(name, sample.read_bytes())
        assert [piece for piece in found if isinstance(piece, dict)] == expected(sample)
        articles = [piece for piece in found if isinstance(piece, dict | Reject)]
        assert marks(name, sample.read_bytes()) == len(articles)
        assert formats.recognise(sample.read_bytes()[: formats.HEAD_BYTES], "") == name


def test_an_error_page_in_the_place_of_an_article_is_rejected_with_what_it_says() -> None:
    found = pieces("nexis_html", (SAMPLES / "nexis_html" / "french.html").read_bytes())
    (reject,) = (piece for piece in found if isinstance(piece, Reject))
    assert "We are sorry but there is an error" in reject.reason


def test_a_slice_declares_what_it_holds() -> None:
    found = pieces("nexis_txt", (SAMPLES / "nexis_txt" / "slice.txt").read_bytes())
    assert found[0] == Declared(3)


def test_a_number_that_is_left_out_is_declared_and_not_read() -> None:
    data = text_export(*(text_article(f"Title {number}", "Text.") for number in (1, 2, 3)))
    torn = data.replace(b"2 of 3 DOCUMENTS", b"")
    found = pieces("nexis_txt", torn)
    assert found[0] == Declared(3)
    assert len(found) - 1 == marks("nexis_txt", torn) == 2


def test_two_exports_in_one_file_are_both_read() -> None:
    data = text_export(text_article("Title", "Text."), text_article("Other", "Text."))
    found = pieces("nexis_txt", data + b"\n\n" + data)
    assert found[0] == Declared(4)
    assert len(found) - 1 == marks("nexis_txt", data + b"\n\n" + data) == 4


@pytest.mark.parametrize(
    ("blocks", "field", "value"),
    [
        (("A title: with a colon", "LENGTH: 2 words", "Text."), "headline", "A title: with a colon"),
        (("LENGTH: 2 words", "Text."), "headline", None),
        (("SECTION: NEWS", "Title", "LENGTH: 2 words", "Text."), "headline", "Title"),
        (("RUBRIK: POLITIK", "ÜBERSCHRIFT: Titel", "LÄNGE: 2 Wörter", "Text."), "headline", "Titel"),
        (("SECTION: NEWS", "LENGTH: 2 words", "HEADLINE: Title: more", "BODY:", "Text."), "headline", "Title: more"),
        (("SECTION: NEWS", "LENGTH: 2 words", "HEADLINE: Title", "BODY:", "Text."), "body", "Text."),
        (("Title", "BYLINE: Ann Lee", "Text.", "NOTE TO SELF: text."), "body", "Text.\n\nNOTE TO SELF: text."),
        (("Title", "LENGTH: 2 words", "Text.", "LOAD-DATE: March 2, 2026"), "body", "Text."),
        (("Title", "LENGTH: 2 words", "LOAD-DATE: March 2, 2026"), "body", None),
        (("Title", "SECTION: Pg. 3", "Text."), "page", "3"),
        (("Title", "SECTION: NEWS; Page 22, Column 2; Desk", "Text."), "section", "NEWS; Desk"),
        (("Title", "SECTION: NEWS; PART 2; S. 29 Ausg. 7", "Text."), "section", "NEWS; PART 2"),
        (("Title", "SECTION: NEWS; S. 29 Ausg. 7", "Text."), "page", "29"),
        (("Titel", "AUTOR: Jule Brandt", "Text."), "byline", "Jule Brandt"),
        (("Title", "LENGTH: 1 word", "Text."), "published", "March 1, 2026 Sunday"),
        (("Título", "AUTOR: Ana Sá", "LONGITUD: 2 palabras", "Texto.", "IDIOMA: SPANISH"), "language", "SPANISH"),
    ],
)
def test_fields_of_text(blocks: tuple[str, ...], field: str, value: str | None) -> None:
    (found,) = (piece for piece in pieces("nexis_txt", text_export(text_article(*blocks))) if isinstance(piece, dict))
    assert found.get(field) == value


def test_the_copyright_that_older_exports_print_first_is_no_publication() -> None:
    rights, name = "Copyright 2002 Courier Company".center(80), "The Courier".center(80)
    rest = [text_article("Title", "LENGTH: 1 word", "Text.").partition("\n\n")[2]]
    for head in (f"{rights}\n\n{name}", f"{rights}\n{name}"):
        (_, found) = pieces("nexis_txt", text_export("\n\n".join([head, *rest])))
        assert isinstance(found, dict)
        assert found["publication"] == "The Courier"
        assert found["published"] == "March 1, 2026 Sunday"
        assert found["extra"]["copyright"].startswith("Copyright 2002 Courier Company")


def test_an_article_glued_to_the_one_before_is_not_hidden_in_it() -> None:
    for tail in (("LOAD-DATE: x",), ()):
        glued = "\n\n".join(text_article(title, "LENGTH: 1 word", "Text.", *tail) for title in ("One", "Two"))
        _, first, second = pieces("nexis_txt", text_export(glued, text_article("Three", "LENGTH: 1 word", "Text.")))
        assert isinstance(first, Reject)
        assert "another article, of 'March 1, 2026 Sunday', begins after its text" in first.reason
        assert isinstance(second, dict)


def test_an_article_before_the_first_number_is_not_taken_for_the_cover() -> None:
    export = text_export(*(text_article(title, "LENGTH: 1 word", "Text.") for title in ("One", "Two")))
    with pytest.raises(DumpError, match="an article stands before the first number: found 'LENGTH: 1 word'"):
        pieces("nexis_txt", export.replace(b"1 of 2 DOCUMENTS", b""))


@pytest.mark.parametrize(
    ("label", "field"),
    [("LÄNGE", "length"), ("Publication-Type", "publication_type"), ("lengte", "length"), ("RUBRIQUE", "section")],
)
def test_labels_are_found_in_any_case_with_and_without_accents(label: str, field: str) -> None:
    assert field_of(label) == field


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("nexis_txt", b"No mark in it.", '"1 of 10 DOCUMENTS"'),
        ("nexis_html", b"<html><p>No anchor</p></html>", "no anchor DOC_ID"),
        ("nexis_docx", b"PK\x03\x04 torn", "is not a readable Word file"),
    ],
)
def test_another_layout_is_an_error_that_names_the_missing_mark(name: str, data: bytes, message: str) -> None:
    with pytest.raises(DumpError, match=message):
        pieces(name, data)


def word(*paragraphs: str) -> bytes:
    """A Word file with nothing but these paragraphs."""
    packed = io.BytesIO()
    text = "".join(f"<w:p><w:r><w:t>{paragraph}</w:t></w:r></w:p>" for paragraph in paragraphs)
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{text}</w:body></w:document>')
    return packed.getvalue()


@pytest.mark.parametrize("note", [(), ("Date: 1 May", "Subject: The harbour"), ("Lexikon der Häfen", "Nexus")])
def test_a_word_document_of_anybody_is_not_called_an_export_of_nexis(note: tuple[str, ...]) -> None:
    with pytest.raises(DumpError, match=r"but not an export of Nexis, the only kind that is read .*save it as HTML"):
        pieces("nexis_docx", word("Minutes of the meeting", *note, "We shall enlarge the harbour."))


@pytest.mark.parametrize(
    "torn", [("Section: News", "Length: 90 words", "Byline: Jane Hill"), ("Load-Date: May 1, 2024",), ("Body",)]
)
def test_an_export_of_nexis_without_its_last_lines_is_called_one(torn: tuple[str, ...]) -> None:
    with pytest.raises(DumpError, match="export the full documents from Nexis as Word"):
        pieces("nexis_docx", word("The harbour", "The Gazette", *torn, "It is to be enlarged."))


def test_a_document_that_unpacks_to_a_gigabyte_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_file, "LIMIT_UNPACKED_BYTES", 1 << 20)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("word/document.xml", b"<w:document>" + b" " * (2 << 20))
    with pytest.raises(DumpError, match="unpacks to more than"):
        pieces("nexis_docx", packed.getvalue())


@settings(max_examples=60)
@given(st.data())
def test_whatever_is_done_to_its_lines_what_is_read_is_what_is_marked(data: st.DataObject) -> None:
    lines = (SAMPLES / "nexis_txt" / "slice.txt").read_bytes().split(b"\r\n")
    start = data.draw(st.integers(0, len(lines) - 1))
    end = data.draw(st.integers(start, len(lines)))
    change = data.draw(st.sampled_from((b"drop", b"double", b"cut")))
    changed = {
        b"drop": lines[:start] + lines[end:],
        b"double": lines[:end] + lines[start:],
        b"cut": lines[:end],
    }[change]
    export = b"\r\n".join(changed)
    try:
        found = pieces("nexis_txt", export)
    except DumpError:
        return
    articles = [piece for piece in found if isinstance(piece, dict | Reject)]
    assert all(isinstance(piece, Reject) or piece["position"] for piece in articles)
    assert len(articles) <= marks("nexis_txt", export)


@pytest.mark.parametrize(
    ("folder", "name", "kind", "articles", "rejected"),
    [
        ("lexisnexis-txt", "lnt_sample.TXT", "nexis_txt", 10, 0),
        ("nexis-html", "afp_2013-03-12_0501.html", "nexis_html", 74, 0),
        ("nexis-html", "spiegel_2012-02-01_0001.html", "nexis_html", 49, 0),
        ("lexisnexis-html", "lexisnexis_test_en.html", "nexis_html", 2, 0),
        ("lexisnexis-html", "lexisnexis_test_fr.html", "nexis_html", 3, 0),
        ("lexisnexis-html", "lexisnexis_test_copyright_error.html", "nexis_html", 1, 1),
        ("nexis-docx", "nyt1.docx", "nexis_docx", 50, 0),
        ("nexis-docx", "usa-today.docx", "nexis_docx", 7, 0),
        ("nexis-docx", "guardian1.docx", "nexis_docx", 2, 0),
        ("nexis-docx", "guardian2.docx", "nexis_docx", 1, 0),
        ("nexis-docx", "lnt_sample.DOCX", "nexis_docx", 10, 0),
    ],
)
def test_real_dumps(folder: str, name: str, kind: str, articles: int, rejected: int) -> None:
    data: bytes = (corpus(folder) / name).read_bytes()
    found: list[Any] = [piece for piece in pieces(kind, data) if isinstance(piece, dict | Reject)]
    assert sum(isinstance(piece, Reject) for piece in found) == rejected
    assert len(found) == marks(kind, data) == articles + rejected
    assert all(piece["body"] and piece["publication"] for piece in found if isinstance(piece, dict))
    assert formats.recognise(data[: formats.HEAD_BYTES], "") == kind
