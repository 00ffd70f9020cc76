"""NITF: the article's own date, its text without what stands around it, and nothing lost."""

from __future__ import annotations

import pytest
from agency_files import article, check_real_files, check_samples, counted, marks, pieces, reasons, records

from etl import formats
from etl.model import DumpError


def nitf(content: str = "<p>Text.</p>", head: str = "", body_head: str = "", attributes: str = "") -> bytes:
    body = f"<body><body.head>{body_head}</body.head><body.content>{content}</body.content></body>"
    return f"<nitf {attributes}><head>{head}</head>{body}</nitf>".encode()


def test_samples() -> None:
    check_samples("nitf")


def test_real_files() -> None:
    check_real_files("nitf")


def test_the_date_of_the_dtd_is_not_the_articles() -> None:
    assert "published" not in article("nitf", nitf(attributes='change.date="October 18, 2006" change.time="19:30"'))


@pytest.mark.parametrize(
    ("docdata", "pubdata", "published"),
    [
        ('<date.issue norm="20260313T180000Z"/>', "", "20260313T180000Z"),
        ('<date.issue norm="20260313T180000Z"/><date.release norm="20260314"/>', "", "20260314"),
        ('<date.issue norm="20260313"/><date.release norm="YYYYMMDD000000-HHMM"/>', "", "20260313"),
        ('<date.issue norm="20260313"/>', '<pubdata date.publication="20260315T000000"/>', "20260315"),
        ('<date.issue norm=""/>', '<pubdata date.publication="20260315T000000Z"/>', "20260315T000000Z"),
    ],
)
def test_dates(docdata: str, pubdata: str, published: str) -> None:
    assert article("nitf", nitf(head=f"<docdata>{docdata}</docdata>{pubdata}"))["published"] == published


@pytest.mark.parametrize(
    ("byline", "printed"),
    [
        ("By MARA EK<byttl>HPA Business Writer</byttl>", "By MARA EK, HPA Business Writer"),
        ("By <person>Mara Ek</person>", "By Mara Ek"),
        ("By<person>Staff Reporter</person><byttl>HPA</byttl>", "By Staff Reporter, HPA"),
        ("<person>Mara Ek</person><person>Bo Ek</person>", "Mara Ek; Bo Ek"),
        ("<person>Mara Ek</person> and <person>Bo Ek</person>", "Mara Ek and Bo Ek"),
        ("\n  Mara Ek / Havnen\n", "Mara Ek / Havnen"),
    ],
)
def test_bylines(byline: str, printed: str) -> None:
    assert article("nitf", nitf(body_head=f"<byline>{byline}</byline>"))["byline"] == printed


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ("<p>One.</p>two<p>Three.</p>", "One.\n\ntwo\n\nThree."),
        ("<pre>Crew:\nA. Ek, B. Ek.</pre>", "Crew:\nA. Ek, B. Ek."),
        ("<p>One.</p><p>ENDS</p>", "One."),
        ("<p>One.</p><p>hh/ph/ts</p>", "One."),
        ("<p>One.</p><p>AAP RTV ar</p>", "One."),
        ("<p>One.</p><p>It ends</p>", "One.\n\nIt ends"),
        ("<p>One.</p><p>either/or, he said</p>", "One.\n\neither/or, he said"),
        ("<p>ends</p><p>meet</p>", "ends\n\nmeet"),
        ("<p>(Only a note in brackets)</p>", "(Only a note in brackets)"),
        ("<p>(Adds the cook and his tea)</p><p>One.</p>", "One."),
        ("<p>(One) and (two).</p><p>Three.</p>", "(One) and (two).\n\nThree."),
    ],
)
def test_bodies(content: str, body: str) -> None:
    assert article("nitf", nitf(content))["body"] == body


def test_what_is_taken_out_of_the_body_is_kept() -> None:
    found = article("nitf", nitf("<p>(Adds the cook and his tea)</p><p>One.</p><p>ml/be</p>"))
    assert (found["extra"]["notes"], found["extra"]["sign_off"]) == (["(Adds the cook and his tea)"], ["ml/be"])


def test_what_has_no_field_or_comes_again_is_kept() -> None:
    found = article(
        "nitf",
        nitf(
            attributes='uno="hpa.example:2026:7"',
            head='<title>Slug</title><meta name="kw" content="tea"/><meta name="kw" content="gulls"/>'
            '<pubdata type="print" name="Daily"/><pubdata type="web" ex-ref="https://hpa.example/7"/>',
            body_head="<hedline><hl1>Title</hl1></hedline><byline class='normalized_byline'>EK, MARA</byline>"
            "<dateline>Saltby<story.date norm='20260313'/></dateline>",
        ),
    )
    assert (found["native_id"], found["headline"], found["publication"]) == ("hpa.example:2026:7", "Title", "Daily")
    kept = {name: found["extra"][name] for name in ("title", "normalized_byline", "story_date", "meta", "meta_again")}
    assert kept == {
        "title": "Slug",
        "normalized_byline": "EK, MARA",
        "story_date": "20260313",
        "meta": {"kw": "tea"},
        "meta_again": [["kw", "gulls"]],
    }
    assert found["extra"]["editions"] == [{"type": "web", "ex-ref": "https://hpa.example/7"}]


def test_utf8_that_is_declared_as_something_else_is_read_as_what_it_is() -> None:
    declared = b'<?xml version="1.0" encoding="iso-8859-1"?>'
    assert article("nitf", declared + nitf("<p>Fähre</p>"))["body"] == "Fähre"
    assert article("nitf", declared + nitf("<p>F#hre</p>").replace(b"#", b"\xe4"))["body"] == "Fähre"


def test_a_document_without_text_is_rejected_unless_it_is_a_cancellation() -> None:
    assert reasons(pieces("nitf", nitf("<p> </p>"))) == ["has no text in body.content; ask its sender for the text"]
    canceled = article("nitf", nitf("", head='<docdata management-status="canceled"><doc-id id-string="7"/></docdata>'))
    assert (canceled["status"], canceled["native_id"]) == ("canceled", "7")


def test_several_documents_under_one_root() -> None:
    data = b"<all>" + nitf("<p>One.</p>") + b"<!-- <nitf> -->" + nitf("<p>Two.</p>") + b"</all>"
    assert [record["body"] for record in records(pieces("nitf", data))] == ["One.", "Two."]
    assert marks("nitf", data) == 2


def test_utf16() -> None:
    data = nitf("<p>Fähre</p>").decode().encode("utf-16")
    assert article("nitf", data)["body"] == "Fähre"
    assert marks("nitf", data) == 1
    assert formats.recognise(data, "") == "nitf"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"<html/>", "holds no <nitf> element, found <html>"),
        (b"<nitf><body>", "is not well-formed XML"),
        (b"<nitf>" + b"<a/>" * 1_600_000 + b"</nitf>", "more than 1,500,000 tags"),
        (b'<!DOCTYPE nitf [<!ENTITY x "y">]><nitf>&x;</nitf>', "declares XML entities"),
    ],
)
def test_what_cannot_be_read_is_an_error_that_says_why(data: bytes, message: str) -> None:
    with pytest.raises(DumpError, match=message):
        pieces("nitf", data)


TEXT = "".join(f"<p>The ferry of Saltby was late again on day {day}, said the cook.</p>" for day in range(3))
NITF = f"<nitf><head><title>Late</title></head><body><body.content>{TEXT}</body.content></body></nitf>"


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("names", [("nitf",), ("nitf", "body"), ("nitf", "head", "body", "body.content")])
def test_a_document_in_unknown_markup_is_marked(place: int, names: tuple[str, ...]) -> None:
    documents = [NITF] * 3
    for name in names:
        documents[place] = documents[place].replace(f"<{name}>", f"<x{name}>").replace(f"</{name}>", f"</x{name}>")
    data = f"<documents><sent>2026-03-14</sent>{''.join(documents)}</documents>".encode()
    assert counted(pieces("nitf", data))[0] == 2
    assert marks("nitf", data) == 3


def test_documents_one_after_another_are_all_read() -> None:
    data = f'<?xml version="1.0" encoding="iso-8859-1"?>{NITF.replace("cook", "Köchin")}'.encode("latin-1") * 3
    found = records(pieces("nitf", data))
    assert [record["body"].count("Köchin") for record in found] == [3, 3, 3]
    assert marks("nitf", data) == 3
