"""NewsML-G2: texts are articles, all else is skipped by its kind; versions are one article, cancellations stay."""

from __future__ import annotations

import itertools
import random
import re

import pytest
from agency_files import article, check_real_files, check_samples, counted, marks, pieces, reasons, records
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import Newsroom
from sample_dumps import SAMPLES, corpus

from etl import formats
from etl.model import DumpError, Skip

NAR = "http://iptc.org/std/nar/2006-10-01/"
SAMPLE = (SAMPLES / "newsml_g2" / "message.xml").read_bytes()
VERSIONS = """
select native_version, revision, is_current, status from news.fact_article order by revision
"""


def item(
    content: str = "<inlineXML><p>Text.</p></inlineXML>",
    meta: str = "",
    content_meta: str = "<headline>Title</headline>",
    kind: str = "ninat:text",
    version: int = 1,
) -> bytes:
    return (
        f'<newsItem xmlns="{NAR}" guid="tag:hpa.example,2026:1" version="{version}" standard="NewsML-G2">'
        f'<itemMeta><itemClass qcode="{kind}"/>{meta}</itemMeta><contentMeta>{content_meta}</contentMeta>'
        f"<contentSet>{content}</contentSet></newsItem>"
    ).encode()


def test_samples() -> None:
    check_samples("newsml_g2")


def test_real_files() -> None:
    check_real_files("newsml_g2")


@pytest.mark.parametrize("order", list(itertools.permutations((978556838, 1542761538))))
def test_versions_are_one_article_and_the_cancellation_is_its_last_revision(
    newsroom: Newsroom, order: tuple[int, ...]
) -> None:
    newsroom.stanza('[feed.wire]\npath = "**/*.xml"\nsettle_seconds = 0')
    messages = {
        978556838: item(version=978556838, meta='<provider literal="ansa.it"/><signal qcode="edStat:C"/>'),
        1542761538: item("", version=1542761538, meta='<pubStatus qcode="stat:canceled"/>'),
    }
    for night, number in enumerate(order):
        newsroom.drop(f"{night}.xml", messages[number])
        newsroom.load()
    assert newsroom.query(VERSIONS) == [("978556838", 1, False, "corrected"), ("1542761538", 2, True, "canceled")]
    assert newsroom.query("select count(distinct article_id) from news.fact_article") == [(1,)]
    assert newsroom.query("select agency from news.fact_article where revision = 1") == [("ANSA",)]


@pytest.mark.parametrize("is_cancellation_first", [False, True])
def test_two_real_versions_are_one_article(newsroom: Newsroom, is_cancellation_first: bool) -> None:
    files = sorted(corpus("agency").glob("*L1N14N0FF*"), reverse=not is_cancellation_first)
    newsroom.stanza('[feed.wire]\npath = "*"\nsettle_seconds = 0')
    for file in files:
        newsroom.drop(file.name, file.read_bytes())
        newsroom.load()
    assert newsroom.query(VERSIONS) == [("978556838", 1, False, "corrected"), ("1542761538", 2, True, "canceled")]


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ('<inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><body><p>One.</p></body></html></inlineXML>', "One."),
        ("<inlineXML><html><p>One.</p><p><h3>Two</h3></p></html></inlineXML>", "One.\n\nTwo"),
        ("<inlineXML><html><body>\n  One\n  two.\n </body></html></inlineXML>", "One two."),
        ("<inlineXML><nitf><body><body.content><p>One.</p></body.content></body></nitf></inlineXML>", "One."),
        ("<inlineData><![CDATA[<p>One.</p>]]></inlineData>", "One."),
        ("<inlineData>One.\n\nTwo.</inlineData>", "One.\n\nTwo."),
        ("<inlineXML/><inlineData>One.</inlineData>", "One."),
        ("<inlineXML><p>One.</p></inlineXML><inlineData>One.</inlineData>", "One."),
    ],
)
def test_the_text_in_all_its_shapes(content: str, body: str) -> None:
    assert article("newsml_g2", item(content))["body"] == body


def test_a_text_that_is_wrapped_in_one_paragraph_is_laid_out_by_its_lines() -> None:
    wrapped = """(Adds tea, detail)
    * Tea may cost more
    * Milk may not

    By Mara Ek
    Jan 30 (HPA) - Tea rose on Tuesday on
safe haven demand.
    Milk did
not."""
    found = article("newsml_g2", item(f"<inlineXML><p>{wrapped}</p></inlineXML>"))
    assert found["body"] == "Jan 30 (HPA) - Tea rose on Tuesday on safe haven demand.\n\nMilk did not."
    assert (found["byline"], found["deck"]) == ("By Mara Ek", "* Tea may cost more\n* Milk may not")


def test_lines_of_a_table_stay_apart() -> None:
    table = "Results on Monday\nSaltby              5 Eastby      1\nNorthby             0 Southby     0"
    found = article("newsml_g2", item(f"<inlineXML><p>{table}</p></inlineXML>"))
    assert found["body"] == "Results on Monday\n\nSaltby 5 Eastby 1\n\nNorthby 0 Southby 0"


@pytest.mark.parametrize(
    ("meta", "status"),
    [
        ('<pubStatus qcode="stat:usable"/>', "usable"),
        ('<pubStatus qcode="stat:withheld"/>', "withheld"),
        ('<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/canceled"/>', "canceled"),
        ('<pubStatus qcode="stat:usable"/><signal qcode="sig:correction"/>', "corrected"),
        ('<pubStatus qcode="stat:canceled"/><signal qcode="edStat:C"/>', "canceled"),
        ('<pubStatus qcode="stat:usable"/><signal qcode="sig:update"/>', "usable"),
    ],
)
def test_status(meta: str, status: str) -> None:
    assert article("newsml_g2", item(meta=meta))["status"] == status


@pytest.mark.parametrize(
    ("content_meta", "field", "value"),
    [
        ("<by>By Mara Ek</by><by>Bo Ek</by>", "byline", "By Mara Ek; Bo Ek"),
        ('<creator literal="Reuters"/>', "byline", None),
        ('<creator qcode="x:1"><name>degenhardt.sandra</name></creator>', "byline", None),
        ('<creator qcode="x:1" type="cpnat:person"><name>Mara Ek</name></creator>', "byline", "Mara Ek"),
        ('<contributor role="ctrol:writer"><name>Mara Ek</name></contributor>', "byline", "Mara Ek"),
        ("<dateline>2026-03-14 07:00:00 GMT+00:00</dateline>", "dateline", None),
        ("<dateline>Saltby (HPA) -</dateline>", "dateline", "Saltby (HPA) -"),
        ("<creditline>STT–</creditline>", "agency", "STT"),
        ('<infoSource literal="HPA"/>', "agency", "HPA"),
        ('<headline role="hld:subHeadline">Deck</headline><headline>Title</headline>', "headline", "Title"),
        ("<headline/>", "headline", None),
    ],
)
def test_facts(content_meta: str, field: str, value: str | None) -> None:
    assert article("newsml_g2", item(content_meta=content_meta)).get(field) == value


def test_dates_that_are_empty_are_passed_over() -> None:
    empty = item(
        meta="<versionCreated/><firstCreated> </firstCreated>",
        content_meta="<contentCreated>2026-03-14T06:00:00</contentCreated>",
    )
    assert article("newsml_g2", empty)["published"] == "2026-03-14T06:00:00"


@pytest.mark.parametrize(
    ("kind", "content", "skipped"),
    [
        ("icls:picture", "<inlineXML><p>Text.</p></inlineXML>", "picture"),
        ("icls:video", "", "video"),
        ("ninat:composite", "", "package"),
        ("hpa:graphic", "", "graphic"),
    ],
)
def test_what_is_no_text_is_skipped_by_its_kind(kind: str, content: str, skipped: str) -> None:
    data = item(content, kind=kind)
    assert counted(pieces("newsml_g2", data)) == (0, {skipped: 1})
    assert marks("newsml_g2", data) == 0


@pytest.mark.parametrize("kind", ["ninat:composite", "hpa:multimedia", "hpa:plain-text"])
def test_what_is_no_medium_and_has_a_text_of_its_own_is_an_article(kind: str) -> None:
    data = item(kind=kind)
    assert article("newsml_g2", data)["body"] == "Text."
    assert marks("newsml_g2", data) == 1


def test_what_no_field_is_for_is_kept_and_names_that_stand_apart_are_used() -> None:
    data = item(content_meta='<headline>A</headline><headline>B</headline><subject qcode="medtop:1"/>')
    data = data.replace(b"<contentSet>", b'<assert qcode="medtop:1"><name>Arts</name></assert><contentSet>')
    header = b"<header><sender>HPA</sender></header>"
    found = article("newsml_g2", b"<newsMessage>" + header + b"<itemSet>" + data + b"</itemSet></newsMessage>")
    assert (found["headline"], found["labels"], found["agency"]) == ("A", [["medtop", "1", "Arts"]], "HPA")
    assert found["extra"]["headlines"] == ["B"]
    assert found["extra"]["assert"] == {"qcode": "medtop:1", "text": "Arts"}


def test_a_text_that_is_elsewhere_is_rejected_with_its_place() -> None:
    found = pieces("newsml_g2", item('<remoteContent href="http://hpa.example/1.xml"/>'))
    assert "its text is said to be at http://hpa.example/1.xml" in reasons(found)[0]


def test_a_news_item_of_another_make_is_not_taken_for_it() -> None:
    assert (
        formats.recognise(b'<newsitem itemid="2286" id="root" date="1996-08-20"><title>T</title></newsitem>', "")
        is None
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (f"<newsMessage xmlns='{NAR}'/>".encode(), "holds no item, found <newsmessage>"),
        (SAMPLE[:2000], "is not well-formed XML"),
    ],
)
def test_what_cannot_be_read_is_an_error_that_says_why(data: bytes, message: str) -> None:
    with pytest.raises(DumpError, match=message):
        pieces("newsml_g2", data)


@settings(max_examples=100)
@given(st.randoms(use_true_random=False), st.integers(0, 6))
def test_whatever_is_done_to_its_items_what_is_read_is_what_is_marked(chance: random.Random, changes: int) -> None:
    head, *items = re.split(rb"(?=<(?:newsItem|packageItem) guid)", SAMPLE.partition(b"</itemSet>")[0])
    for _ in range(changes):
        items.insert(chance.randrange(len(items) + 1), chance.choice(items))
        del items[chance.randrange(len(items))]
    data = head + b"".join(items) + b"</itemSet></newsMessage>"
    found = pieces("newsml_g2", data)
    assert counted(found)[0] == marks("newsml_g2", data)
    assert all(record["position"] for record in records(found))


PROSE = "".join(f"<p>The ferry of Saltby was late again on day {day}, said the cook.</p>" for day in range(3))
MUTABLE = ["newsItem", "itemMeta", "itemClass", "contentMeta", "contentSet", "inlineXML"]


def text_item(number: int, of_class: str = "text", text: str = PROSE) -> str:
    return (
        f'<newsItem guid="urn:x:{number}"><itemMeta><itemClass qcode="ninat:{of_class}"/></itemMeta><contentMeta>'
        f"<headline>Late</headline></contentMeta><contentSet><inlineXML><html><body>{text}</body></html></inlineXML>"
        "</contentSet></newsItem>"
    )


def message(*items: str) -> bytes:
    return f'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>{"".join(items)}</itemSet></newsMessage>'.encode()


@settings(max_examples=100)
@given(st.integers(0, 3), st.sets(st.sampled_from(MUTABLE)))
def test_an_article_in_unknown_markup_is_read_or_rejected_or_the_counts_differ(place: int, names: set[str]) -> None:
    items = [text_item(number) for number in range(4)]
    for name in names:
        items[place] = items[place].replace(f"<{name}", f"<x{name}").replace(f"</{name}", f"</x{name}")
    data = message(*items, text_item(9, "picture", "<p>A gull.</p>"))
    read = counted(pieces("newsml_g2", data))[0]
    assert read == 4 or read != marks("newsml_g2", data)


def test_documents_one_after_another_are_all_read() -> None:
    data = b"".join(b"<?xml version='1.0'?>\n" + message(text_item(number)) for number in range(3))
    assert counted(pieces("newsml_g2", data))[0] == marks("newsml_g2", data) == 3


def test_a_rendering_in_another_language_is_skipped_as_a_translation() -> None:
    english = text_item(1).replace("<inlineXML>", '<inlineXML xml:lang="en-GB">')
    french = '<inlineXML xml:lang="fr"><html><body><p>Le bac est en retard.</p></body></html></inlineXML></contentSet>'
    data = message(english.replace("</contentSet>", french))
    found = pieces("newsml_g2", data)
    assert [piece.text for piece in found if isinstance(piece, Skip)] == ["Le bac est en retard."]
    assert counted(found) == (1, {"translation": 1})
    assert marks("newsml_g2", data) == 1
