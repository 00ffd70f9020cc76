"""LexisNexis in HTML and Word: an article in markup that the reader does not know is counted, and so found missing."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from xml.sax.saxutils import escape

import pytest

from etl.formats import nexis_docx, nexis_html
from etl.model import Declared, Feed, Reject

FEED = Feed("nexis")
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
BODY = "The council agreed to rebuild the pier."
STYLES = ".c0 { text-align: center; }\n.c1 { text-align: left; }\n.c2 { font-weight: bold; }"


def html(*numbers: str, length: str = "LENGTH", anchor: str = '<a name="DOC_ID_{}_0"></a><!--\n<DOCFULL> -->') -> bytes:
    def part(kind: str, text: str) -> str:
        return f'<div class="{kind}"><p>{text}</p></div>\n'

    articles = [
        anchor.format(at)
        + part("c0", number)
        + part("c0", "The Courier")
        + part("c0", "March 1, 2026 Sunday")
        + part("c1", f"Title {at}")
        + part("c1", f'<span class="c2">{length}: </span>9 words')
        + part("c1", BODY)
        for at, number in enumerate(numbers, 1)
    ]
    return f"<html><head><style>{STYLES}</style></head><body>{''.join(articles)}</body></html>".encode()


def pages(data: bytes) -> list[Any]:
    return list(nexis_html.read(io.BytesIO(data), FEED))


def marks(data: bytes) -> int:
    return nexis_html.count_marks(io.BytesIO(data), FEED)


@pytest.mark.parametrize(
    ("numbers", "declared"),
    [
        (("1 of 2 DOCUMENTS", "2 of 2 DOCUMENTS"), 2),
        (("Dokument 4 von 9", "Dokument 6 von 9"), 3),
        (("Document 1 de 2", "Document 2 de 2", "Document 1 de 2", "Document 2 de 2"), 4),
        (("1 of 2 DOCUMENTS", "2 of 2 DOCUMENTS", "1 of 1 DOCUMENTS"), 3),
    ],
)
def test_numbers_of_a_page_state_its_total_in_any_language(numbers: tuple[str, ...], declared: int) -> None:
    total, *found = pages(html(*numbers))
    assert total == Declared(declared)
    assert [piece["headline"] for piece in found if isinstance(piece, dict)] == [
        f"Title {at}" for at in range(1, len(numbers) + 1)
    ]
    assert marks(html(*numbers)) == len(numbers)


@pytest.mark.parametrize("number", ["{} of 3 DOCUMENTS", "Dokument {} von 3", ""])
@pytest.mark.parametrize("length", ["LENGTH", "L&Auml;NGE", "LABEL"])
@pytest.mark.parametrize("changed", [0, 1, 2])
def test_an_article_of_a_page_without_its_anchor_is_counted(number: str, length: str, changed: int) -> None:
    data = html(*(number.format(at) for at in (1, 2, 3)), length=length)
    before, *parts = data.split(b"<a name=")
    parts[changed] = parts[changed].replace(b"DOCFULL", b"ITEM")
    odd = before + b"".join((b"<b" if at == changed else b"<a name=") + part for at, part in enumerate(parts))
    assert sum(not isinstance(piece, Declared) for piece in pages(odd)) == 2
    assert marks(odd) == (2 if not number and length == "LABEL" else 3)


def docx(*paragraphs: str) -> bytes:
    """A Word file; a paragraph that begins with > is centred."""

    def made(text: str) -> str:
        centre = '<w:pPr><w:jc w:val="center"/></w:pPr>' if text.startswith(">") else ""
        return f"<w:p>{centre}<w:r><w:t>{escape(text.removeprefix('>'))}</w:t></w:r></w:p>"

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as parts:
        body = "".join(map(made, paragraphs))
        parts.writestr("word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>')
    return packed.getvalue()


def document(*tail: str, head: tuple[str, ...] = (">The Courier", ">March 1, 2026 Sunday")) -> list[str]:
    return [">Old pier to be rebuilt", *head, "Length: 9 words", "Body", BODY, *tail]


def documents(data: bytes) -> list[Any]:
    return list(nexis_docx.read(io.BytesIO(data), FEED))


def ends(data: bytes) -> int:
    return nexis_docx.count_marks(io.BytesIO(data), FEED)


@pytest.mark.parametrize("blank", ["> ", ">", ">\u00a0", " "])
def test_a_blank_paragraph_is_not_the_publication(blank: str) -> None:
    heads = ((blank, ">The Courier", ">March 1, 2026 Sunday"), (">The Courier", ">March 1, 2026 Sunday", blank))
    for head in heads if blank.startswith(">") else heads[1:]:
        (found,) = documents(docx(*document("End of Document", head=head)))
        assert (found["publication"], found["published"]) == ("The Courier", "March 1, 2026 Sunday")
        assert (found["headline"], found["body"]) == ("Old pier to be rebuilt", BODY)


@pytest.mark.parametrize("tail", [("Load-Date:\u00a0May 9, 2005",), ("Language: ENGLISH", "Load-Date: May 9, 2005")])
def test_fields_right_after_the_text_are_not_in_it(tail: tuple[str, ...]) -> None:
    (found,) = documents(docx(*document(*tail, "End of Document")))
    assert found["body"] == BODY
    assert found["extra"]["load_date"] == "May 9, 2005"


def test_a_field_within_the_text_stays_there() -> None:
    (found,) = documents(docx(*document("Notes: see below.", "The end.", "Load-Date: May 9, 2005", "End of Document")))
    assert found["body"] == f"{BODY}\n\nNotes: see below.\n\nThe end."


@pytest.mark.parametrize("end", ["Ende des Dokuments", "Fin du document", "Fin del documento", "Einde van document"])
def test_documents_end_in_the_languages_of_the_interface(end: str) -> None:
    data = docx(*document(end), *document(end))
    assert len(documents(data)) == ends(data) == 2


@pytest.mark.parametrize("end", ["Slutt på dokument", "* * *", ""])
def test_a_document_that_ends_otherwise_is_counted(end: str) -> None:
    data = docx(*document(end), *document("End of Document"), *document("End of Document"))
    found = documents(data)
    assert ends(data) == 3
    assert len(found) < 3 or any(isinstance(piece, Reject) for piece in found)
