"""ProQuest as HTML, as text and as XML of TDM Studio: fields, totals, second counts, and what is not a field."""

from __future__ import annotations

import io
import re
from email import message_from_bytes, policy
from itertools import pairwise
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_dumps import corpus, expected, samples

from etl import formats
from etl.formats import proquest_html, proquest_txt
from etl.formats.vendor import proquest
from etl.intake import bundles
from etl.model import Declared, DumpError, Feed, Piece, Reject, Skip

FEED = Feed("proquest")
ALL = [(name, path) for name in ("proquest_html", "proquest_txt", "proquest_tdm") for path in samples(name)]
RULE = "_" * 60


def pieces(name: str, data: str | bytes) -> list[Piece]:
    """What is read of a dump: as many records and rejects as there are marks."""
    data = data.encode() if isinstance(data, str) else data
    reader = formats.named(name)
    found = list(reader.read(io.BytesIO(data), FEED))
    assert reader.count_marks(io.BytesIO(data), FEED) == sum(isinstance(piece, dict | Reject) for piece in found)
    return found


def record(name: str, data: str) -> dict[str, Any]:
    """The only record of a dump."""
    (found,) = [piece for piece in pieces(name, data) if isinstance(piece, dict)]
    return found


@pytest.mark.parametrize(("name", "sample"), ALL, ids=lambda value: getattr(value, "name", value))
def test_samples(name: str, sample: Path) -> None:
    data = sample.read_bytes()
    assert [piece for piece in pieces(name, data) if isinstance(piece, dict)] == expected(sample)
    assert formats.recognise(data[: formats.HEAD_BYTES], "") == name


def document(fields: str, number: int = 900000001) -> str:
    return f'<div><a name="DocID_MSTAR_{number}"></a><p>Ferry late</p>{fields}</div>'


def field(label: str, value: str) -> str:
    return f"<p><strong>{label}: </strong>{value}</p>"


def test_the_mailed_export_is_read_to_its_last_document() -> None:
    mail = message_from_bytes((corpus("databases/proquest") / "sample.eml").read_bytes(), policy=policy.default)
    page = next(part for part in mail.walk() if part.get_content_type() == "text/html").get_payload(decode=True)
    assert isinstance(page, bytes)
    found = [piece for piece in pieces("proquest_html", page) if isinstance(piece, dict)]
    assert len(found) == len({each["native_id"] for each in found}) == 100
    assert all(each["body"] and each["published"] and each["publication"] for each in found)


def test_a_mail_with_an_export_says_nothing_of_its_documents() -> None:
    file = corpus("databases/proquest") / "sample.eml"
    readers = [reader for _, reader in bundles.readable(file, lambda one: bundles.identified(one, "", "auto"), ())]
    assert [reader for reader in readers if not isinstance(reader, Skip)] == [proquest_html]


def test_a_document_without_labels_is_rejected_alone() -> None:
    good = document(field("Full text", "Late.") + field("ProQuest document ID", "900000001"))
    first, second, third = pieces("proquest_html", f"<html>ProQuest</html>{good}{document('')}{good}")[1:]
    assert isinstance(first, dict) and isinstance(third, dict)
    assert isinstance(second, Reject)
    assert "has no labelled fields" in second.reason


def test_an_export_whose_documents_are_numbered_states_their_total() -> None:
    heads = [f"<p>Document {at} of 100</p><p>Ferry late</p>" for at in (3, 4, 5)]
    page = "".join(document(field("Full text", "Late.")).replace("<p>Ferry late</p>", head) for head in heads)
    found = pieces("proquest_html", f"<html>ProQuest{page}")
    assert Declared(3) in found
    assert {each["headline"] for each in found if isinstance(each, dict)} == {"Ferry late"}


def test_what_looks_like_a_label_in_a_text_is_text() -> None:
    text = "<Text><html><body><p><strong>Author: </strong>a poet.</p></body></html></Text>"
    found = record("proquest_html", document(field("Full text", text) + field("Publication title", "The Pier")))
    assert (found["body"], found.get("byline")) == ("Author: a poet.", None)


def test_half_a_tag_is_not_text() -> None:
    text = '<Text HTMLContent="true">html&gt;<head><title></title></head><body><p>Late.</p></body></html></Text>'
    assert record("proquest_html", document(field("Full text", text)))["body"] == "Late."


@pytest.mark.parametrize(
    ("label", "value", "name", "wanted"),
    [
        ("Publication title", "The Pier, Late Edition (East Coast); Furt, N.Y.", "publication", "The Pier"),
        ("Publicationdate", "Jan 11, 2 009", "published", "Jan 11, 2009"),
        ("Identifiant ProQuest", "42086426 4", "native_id", "420864264"),
        ("Título de publicación", "El Muelle", "publication", "El Muelle"),
        ("Publication info", "The Pier [Furt]08 May 2010: AA.2.", "published", "08 May 2010"),
        ("Zeitschriftennummer", "17", "extra", {"Zeitschriftennummer": "17"}),
    ],
)
def test_fields(label: str, value: str, name: str, wanted: Any) -> None:
    assert record("proquest_html", document(field(label, value) + field("Full text", "Late.")))[name] == wanted


def test_an_abstract_is_partial_and_what_is_not_available_is_nothing() -> None:
    found = record("proquest_html", document(field("Full text", "Not available.") + field("Abstract", "Late.")))
    assert (found["body"], found["is_partial"]) == ("Late.", True)
    assert "body" not in record("proquest_html", document(field("Abstract", "None available.") + field("Pages", "1")))


def text_document(body: str, number: int, of: int) -> str:
    head = f"Document {number} of {of}\n\nFerry {number}\n\n"
    return f"{RULE}\n\n{head}Full text: {body}\n\nSubject: Ferries\n\nPublication title: The Pier\n\nPages: 1\n\n"


BODIES = st.lists(
    st.sampled_from(
        ["The ferry was late.", "Subject: rain, he said.", RULE, "Note: none.", "Full text of it", "1 of 2"]
    ),
    min_size=1,
    max_size=5,
).filter(lambda texts: texts[0] != RULE and texts[-1] != RULE and (RULE, RULE) not in pairwise(texts))


@given(st.lists(BODIES, min_size=1, max_size=4))
@settings(max_examples=80, deadline=None)
def test_no_text_is_lost_or_given_to_a_neighbour(bodies: list[list[str]]) -> None:
    documents = [text_document("\n\n".join(texts), at, len(bodies)) for at, texts in enumerate(bodies, 1)]
    found = [piece for piece in pieces("proquest_txt", "".join(documents) + RULE) if isinstance(piece, dict)]
    assert [each["body"] for each in found] == ["\n\n".join(texts) for texts in bodies]
    assert {each["publication"] for each in found} == {"The Pier"}


def test_a_numbered_document_without_fields_is_rejected_alone() -> None:
    good = text_document("Late.", 1, 2)
    found = pieces("proquest_txt", f"{good}{RULE}\n\nDocument 2 of 2\n\nThe site is down.\n")
    assert [type(piece) for piece in found] == [Declared, dict, Reject]


def test_a_text_without_numbered_documents_is_read_by_its_fields() -> None:
    text = "".join(
        f"{RULE}\n\nFerry {at}\n\nAuthor: Noel, Eve\n\nFull text: Late.\n\nPublication title: The Pier\n\n"
        f"ProQuest document ID: 90000000{at}\n\n"
        for at in (1, 2)
    )
    assert proquest_txt.recognise(text.encode(), "") == 1.0
    first, second = (piece for piece in pieces("proquest_txt", text) if isinstance(piece, dict))
    assert (first["native_id"], second["headline"]) == ("900000001", "Ferry 2")


@pytest.mark.parametrize("name", ["proquest_html", "proquest_txt", "proquest_tdm"])
def test_a_file_without_a_document_is_refused(name: str) -> None:
    with pytest.raises(DumpError, match=r"holds no .*(document|RECORD)"):
        list(formats.named(name).read(io.BytesIO(b"<html><body>Report Information from ProQuest</body></html>"), FEED))


def test_a_scanned_text_keeps_its_lines_and_terms_their_kinds() -> None:
    terms = '<Terms><CompanyTerm><CompanyName>Harbour Lines</CompanyName></CompanyTerm><Term TermType="Personal">'
    xml = (
        "<RECORD><GOID>7</GOID><Obj><TitleAtt><Title>Ferry</Title></TitleAtt><StartDate>1880-03-10</StartDate>"
        f"{terms}<TermValue>Noel, Eve</TermValue></Term></Terms></Obj>"
        "<TextInfo><Text>The fer-\nry was late.</Text></TextInfo></RECORD>"
    )
    found = record("proquest_tdm", xml)
    assert (found["body"], found["published"]) == ("The fer-\nry was late.", "1880-03-10")
    assert found["labels"] == [["company", "", "Harbour Lines"], ["person", "", "Noel, Eve"]]


def test_labels_are_found_whatever_blanks_and_accents_they_lost() -> None:
    assert proquest.field_of("Language ofpublication") == proquest.field_of("Idioma de la publicacion") == "language"
    assert proquest.field_of("ProQuest document link", "Get it") is None


def test_lines_of_underscores_cost_time_in_proportion_to_their_number() -> None:
    (sample,) = samples("proquest_txt")
    data = sample.read_text(encoding="utf-8") + f"\n{RULE}\n\nSubject: x\n" * 8_000
    start = process_time()
    found = pieces("proquest_txt", data)
    assert process_time() - start < 5
    assert sum(isinstance(piece, dict) for piece in found) == 2


(_, _, _TITLES) = re.sub("\n ;", ";", proquest._LABELS).partition("publication: ")
TITLES = [label.strip() for label in _TITLES.partition("\n")[0].split(";")]
FIELDS = "Subject: Bridges\n\nPublication title: The Pier\n\nPages: 1\n\nProQuest document ID: 900000001"


def texts(*documents: str) -> list[dict[str, Any]]:
    """The records of documents without numbers, in an export as text."""
    found = pieces("proquest_txt", "".join(f"{RULE}\n\n{document}\n\n" for document in documents) + RULE)
    return [piece for piece in found if isinstance(piece, dict)]


@pytest.mark.parametrize(
    "body",
    [
        "He came late.\n\nTitle: The Man\n\nThe end of the interview came soon.",
        "Go and see it.\n\nLocation: 12 Quay Street, Furt.\n\nOpen daily from ten to six, no dogs.",
        "Person: Why?\n\nMayor: Because.\n\nAuthor: No.\n\nMayor: Yes.",
        "Ask.\n\nPublication title: none of it\n\nHe went home.",
    ],
)
def test_a_text_may_end_with_what_looks_like_fields(body: str) -> None:
    reader = f"Ferry late\n\nAuthor: Noel, Eve\n\nFull text: {body}\n\n{FIELDS}"
    found = proquest_txt.read(io.BytesIO(f"{RULE}\n\n{reader}\n\n{RULE}".encode()), FEED)
    (record,) = [piece for piece in found if isinstance(piece, dict)]
    assert (record["body"], record["byline"], record["publication"]) == (body, "Noel, Eve", "The Pier")
    assert record["labels"] == [["subject", "", "Bridges"]]


def test_a_field_whose_label_is_not_known_may_stand_among_those_behind_a_text() -> None:
    (found,) = texts(f"Ferry late\n\nFull text: Late.\n\nLocation: Furt\n\nHarbour: Pier\n\n{FIELDS}")
    assert (found["body"], found["extra"]["Harbour"]) == ("Late.", "Pier")


@pytest.mark.parametrize(
    "headline", ["Subject: the port", "Company: the musical", "People: who left", "Edition: of one"]
)
@pytest.mark.parametrize("title", [True, False])
@pytest.mark.parametrize("number", ["Document 1 of 1\n\n", "Document 1 of 1\n", ""])
def test_a_headline_may_begin_like_a_field(headline: str, title: bool, number: str) -> None:
    fields = f"Title: {headline}\n\n{FIELDS}" if title else FIELDS
    (found,) = texts(f"{number}{headline}\n\nAuthor: Noel, Eve\n\nFull text: Late.\n\n{fields}")
    assert (found["headline"], found["labels"]) == (headline, [["subject", "", "Bridges"]])
    assert "edition" not in found


def test_a_document_without_a_headline_has_the_title_that_it_states() -> None:
    (found,) = texts(f"Subject: Bridges\n\nFull text: Late.\n\nTitle: Ferry late\n\n{FIELDS}")
    assert found["headline"] == "Ferry late"
    (found,) = texts(f"Author: Noel, Eve\n\nFull text: Late.\n\n{FIELDS}")
    assert (found.get("headline"), found["byline"]) == (None, "Noel, Eve")


def test_paragraphs_need_no_blank_lines_between_them() -> None:
    lines = "Document {0} of 2\nFerry {0}\nAuthor: Noel, Eve\nFull text: Late.\nVery late.\n" + FIELDS.replace(
        "\n\n", "\n"
    )
    text = f"{RULE}\nReport Information from ProQuest\n" + "".join(f"{RULE}\n{lines.format(at)}\n" for at in (1, 2))
    found = pieces("proquest_txt", text + RULE)
    assert Declared(2) in found
    records = [piece for piece in found if isinstance(piece, dict)]
    assert [(one["headline"], one["body"]) for one in records] == [
        (f"Ferry {at}", "Late.\nVery late.") for at in (1, 2)
    ]


def test_a_numbered_document_ends_at_the_next_number() -> None:
    body = f"Late.\n\n{RULE}\n\nAbstract: a study.\n\nIt goes on."
    documents = [text_document(body, at, 2) for at in (1, 2)]
    found = [piece for piece in pieces("proquest_txt", "".join(documents) + RULE) if isinstance(piece, dict)]
    assert [each["body"] for each in found] == [body, body]


def test_a_document_without_a_text_costs_itself_only() -> None:
    bare = "Ferry gone\n\nPublication title: The Pier\n\nProQuest document ID: 900000002"
    whole = f"Ferry late\n\nFull text: Late.\n\n{FIELDS}"
    assert [record.get("body") for record in texts(whole, bare, whole)] == ["Late.", None, "Late."]
    assert [record.get("body") for record in texts(bare, whole)] == [None, "Late."]


@pytest.mark.parametrize("label", TITLES)
def test_documents_without_numbers_are_counted_in_every_language(label: str) -> None:
    (found,) = texts(f"Ferry late\n\nFull text: Late.\n\n{label}: The Pier\n\nProQuest document ID: 900000001")
    assert (found["body"], found["publication"]) == ("Late.", "The Pier")


def test_a_danish_export_is_read() -> None:
    document = "Dokument {} af 2\n\nFærge\n\nForfatter: Noel, Eve\n\nFuld tekst: Sent.\n\nUdgivelsestitel: Molen"
    found = texts(*(document.format(at) for at in (1, 2)))
    assert [(one["headline"], one["body"], one["publication"]) for one in found] == [("Færge", "Sent.", "Molen")] * 2


@pytest.mark.parametrize(
    ("date", "published"), [("1980-01-00", "1980-01"), ("1980-00-00", "1980"), ("1980-01-10", "1980-01-10")]
)
def test_a_day_of_nought_is_no_day(date: str, published: str) -> None:
    xml = (
        f"<RECORD><GOID>7</GOID><Obj><TitleAtt><Title>Ferry</Title></TitleAtt><NumericDate>{date}</NumericDate></Obj>"
        "<TextInfo><Text>Late.</Text></TextInfo></RECORD>"
    )
    assert record("proquest_tdm", xml)["published"] == published
