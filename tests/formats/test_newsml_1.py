"""NewsML 1: the main text is the article, what stands beside it is skipped, an item is one over its revisions."""

from __future__ import annotations

import base64
import random
import re

import pytest
from agency_files import article, check_real_files, check_samples, counted, marks, pieces, reasons
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.formats import newsml_1
from etl.model import DumpError, Skip


def item(component: str, number: int = 1, revision: int = 1, management: str = "") -> str:
    identifier = (
        f"<ProviderId>hpa.example</ProviderId><DateId>20260314</DateId><NewsItemId>{number}</NewsItemId>"
        f"<RevisionId PreviousRevision='0' Update='N'>{revision}</RevisionId>"
    )
    return (
        f"<NewsItem><Identification><NewsIdentifier>{identifier}</NewsIdentifier></Identification>"
        f"<NewsManagement>{management}</NewsManagement><NewsComponent>{component}</NewsComponent></NewsItem>"
    )


def text(data: str, media: str = '<MediaType FormalName="Text"/>', role: str = "Main") -> str:
    content = f"<ContentItem>{media}<DataContent>{data}</DataContent></ContentItem>"
    return f'<NewsComponent><Role FormalName="{role}"/>{content}</NewsComponent>'


def newsml(*items: str) -> bytes:
    return f"<NewsML>{''.join(items)}</NewsML>".encode()


def test_samples() -> None:
    check_samples("newsml_1")


def test_real_files() -> None:
    check_real_files("newsml_1")


def test_an_item_has_the_same_id_over_its_revisions() -> None:
    first, second = (article("newsml_1", newsml(item(text("<p>T.</p>"), revision=number))) for number in (1, 2))
    assert first["native_id"] == second["native_id"] == "urn:newsml:hpa.example:20260314:1"
    assert (first["native_version"], second["native_version"]) == ("1", "2")
    assert newsml_1.NATIVE_ID_IS_GLOBAL


def test_an_identifier_without_its_parts_loses_its_revision() -> None:
    whole = newsml(item(text("<p>T.</p>")))
    public = (
        b"<NewsIdentifier><PublicIdentifier>urn:newsml:hpa.example:20260314:X-1:12U</PublicIdentifier></NewsIdentifier>"
    )
    data = re.sub(rb"<NewsIdentifier>.*</NewsIdentifier>", public, whole)
    assert article("newsml_1", data)["native_id"] == "urn:newsml:hpa.example:20260314:X-1"


@pytest.mark.parametrize(
    ("data", "body"),
    [
        ("<nitf><body><body.content><p>One.</p></body.content></body></nitf>", "One."),
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("<![CDATA[<P>One.<P>Two.]]>", "One.\n\nTwo."),
        ("&lt;p&gt;One.&lt;/p&gt;", "One."),
        ("One.\n\nTwo.", "One.\n\nTwo."),
    ],
)
def test_the_text_in_all_its_shapes(data: str, body: str) -> None:
    assert article("newsml_1", newsml(item(text(data))))["body"] == body


def test_a_content_item_without_its_medium_is_a_text_where_it_holds_one() -> None:
    data = newsml(item(text("<p>One.</p>", media="")))
    assert article("newsml_1", data)["body"] == "One."
    assert marks("newsml_1", data) == 1


def test_parts_of_a_text_are_joined_and_captions_are_none_of_it() -> None:
    photo = '<NewsComponent><ContentItem Href="a.jpg"><MediaType FormalName="Photo"/></ContentItem></NewsComponent>'
    data = newsml(item(text("<p>One.</p>") + photo + text("<p>A gull.</p>", role="Caption") + text("<p>Two.</p>")))
    found = article("newsml_1", data)
    assert (found["body"], found["extra"]["caption"]) == ("One.\n\nTwo.", "A gull.")
    assert counted(pieces("newsml_1", data)) == (1, {"picture": 1})


def test_what_further_texts_print_above_themselves_is_kept() -> None:
    def part(headline: str) -> str:
        lines = f"<NewsLines><HeadLine>{headline}</HeadLine><ByLine>By {headline}</ByLine></NewsLines>"
        return text(f"<p>{headline}.</p>").replace("<ContentItem>", f"{lines}<ContentItem>")

    found = article("newsml_1", newsml(item(part("One") + part("Two"))))
    assert (found["headline"], found["byline"], found["body"]) == ("One", "By One", "One.\n\nTwo.")
    assert found["extra"]["parts"] == [{"headline": "Two", "byline": "By Two"}]


@pytest.mark.parametrize(("language", "skipped"), [("de", {"translation": 1}), ("en", {})])
def test_of_equivalent_texts_the_first_is_read_and_one_in_another_language_is_counted(
    language: str, skipped: dict[str, int]
) -> None:
    both = text("<p>One.</p>") + text("<p>Eins.</p>").replace(
        "<NewsComponent>", f'<NewsComponent xml:lang="{language}">'
    )
    data = newsml(item(f'<NewsComponent EquivalentsList="yes" xml:lang="en-GB">{both}</NewsComponent>'))
    assert article("newsml_1", data)["body"] == "One."
    assert counted(pieces("newsml_1", data)) == (1, skipped)
    assert marks("newsml_1", data) == 1


@pytest.mark.parametrize(
    ("component", "kind"),
    [
        ("", "package"),
        ('<NewsItemRef NewsItem="urn:x"/>', "package"),
        ('<ContentItem Href="a.mp4"><MediaType FormalName="Video"/></ContentItem>', "video"),
        ('<ContentItem Href="a.jpg"><MimeType FormalName="image/jpeg"/></ContentItem>', "picture"),
        (text("<p>A gull.</p>", role="Caption"), "caption"),
    ],
)
def test_an_item_without_a_text_is_skipped_by_its_kind(component: str, kind: str) -> None:
    data = newsml(item(component))
    assert counted(pieces("newsml_1", data)) == (0, {kind: 1})
    assert marks("newsml_1", data) == 0


def test_an_empty_text_is_rejected_and_an_empty_cancellation_is_none() -> None:
    found = pieces("newsml_1", newsml(item(text(" "))))
    assert reasons(found) == ["has no text: its DataContent is empty; ask its sender for items with their text"]
    canceled = article("newsml_1", newsml(item(text(" "), management='<Status FormalName="Canceled"/>')))
    assert canceled["status"] == "Canceled"


@pytest.mark.parametrize(
    ("data", "message"), [(b"<NewsML/>", "holds no NewsItem"), (b"<NewsML>", "is not well-formed XML")]
)
def test_what_cannot_be_read_is_an_error_that_says_why(data: bytes, message: str) -> None:
    with pytest.raises(DumpError, match=message):
        pieces("newsml_1", data)


NITF = (
    "<nitf><body><body.head><hedline><hl1>Old jetty</hl1></hedline></body.head>"
    "<body.content><p>The jetty of Saltby is to be mended before winter.</p><p>Nobody is hurt.</p></body.content>"
    "</body></nitf>"
)
DATA = "<sports-content><team><name>Saltby</name><score>2</score></team></sports-content>"


@pytest.mark.parametrize(
    "media",
    [
        '<MediaType FormalName="ComplexData"/><MimeType FormalName="text/vnd.IPTC.NITF"/>',
        '<MediaType FormalName="Data"/><Format FormalName="NITF"/>',
        '<MediaType FormalName="Story"/>',
        '<MimeType FormalName="text/vnd.IPTC.NITF"/>',
        '<MimeType FormalName="application/xml"/>',
    ],
)
def test_a_text_is_read_whatever_its_medium_is_called(media: str) -> None:
    data = newsml(item(text(NITF, media=media)))
    found = article("newsml_1", data)
    assert found["headline"] == "Old jetty"
    assert found["body"] == "The jetty of Saltby is to be mended before winter.\n\nNobody is hurt."
    assert marks("newsml_1", data) == 1


@pytest.mark.parametrize(
    ("media", "data", "kind"),
    [
        ('<MediaType FormalName="ComplexData"/>', DATA, "data"),
        ('<MediaType FormalName="Text"/><MimeType FormalName="text/css"/>', ".mid { margin: 0 }", "stylesheet"),
        ('<Format FormalName="CSS"/>', ".mid { margin: 0 }", "stylesheet"),
        ('<MimeType FormalName="text/javascript"/>', "show(1)", "script"),
        ('<MediaType FormalName="Graphic"/>', "iVBORw0KGgo=", "picture"),
        ('<MimeType FormalName="application/pdf"/>', "JVBERi0=", "application"),
    ],
)
def test_what_is_not_a_text_is_skipped_whatever_its_medium_is_called(media: str, data: str, kind: str) -> None:
    dump = newsml(item(text("<p>One.</p>") + text(data, media=media)), item(text(data, media=media), number=2))
    assert counted(pieces("newsml_1", dump)) == (1, {kind: 2})
    assert article("newsml_1", dump)["body"] == "One."
    assert marks("newsml_1", dump) == 1


def in_language(language: str, component: str) -> str:
    return component.replace("<NewsComponent>", f'<NewsComponent xml:lang="{language}">', 1)


def test_a_text_in_another_language_is_not_joined_to_the_first() -> None:
    english = text("Old jetty", role="Title") + text("The jetty is old.\n\nIt creaks.", role="Body")
    whole = in_language("en", f"<NewsComponent>{english}</NewsComponent>")
    data = newsml(item(whole + in_language("fr", text("La jetée est vieille.", role="Body"))))
    found = article("newsml_1", data)
    assert (found["headline"], found["body"], found["language"]) == (
        "Old jetty",
        "The jetty is old.\n\nIt creaks.",
        "en",
    )
    (skip,) = [piece for piece in pieces("newsml_1", data) if isinstance(piece, Skip)]
    assert (skip.kind, skip.text) == ("translation", "La jetée est vieille.")
    assert marks("newsml_1", data) == 1


def test_a_language_may_be_declared_by_its_metadata_only() -> None:
    french = text("<p>La jetée.</p>").replace(
        "<ContentItem>", '<DescriptiveMetadata><Language FormalName="fr"/></DescriptiveMetadata><ContentItem>'
    )
    data = newsml(item(in_language("en", text("<p>The jetty.</p>")) + french))
    assert article("newsml_1", data)["body"] == "The jetty."
    assert counted(pieces("newsml_1", data)) == (1, {"translation": 1})


def test_a_headline_that_the_text_repeats_is_not_part_of_it_unless_it_is_all() -> None:
    lines = "<NewsLines><HeadLine>Old  Jetty</HeadLine></NewsLines>"
    assert article("newsml_1", newsml(item(lines + text("OLD JETTY\n\nIt creaks."))))["body"] == "It creaks."
    assert article("newsml_1", newsml(item(lines + text("Old jetty"))))["body"] == "Old jetty"


@pytest.mark.parametrize("role", ["Summary", "Headline", "Note", "Abstract"])
def test_an_item_with_nothing_but_what_usually_stands_beside_a_text_is_a_partial_article(role: str) -> None:
    data = newsml(item(text("<p>The jetty is old.</p>", role=role)))
    found = article("newsml_1", data)
    assert (found["body"], found["is_partial"]) == ("The jetty is old.", True)
    assert marks("newsml_1", data) == 1


def test_the_same_text_in_a_second_format_is_read_once() -> None:
    both = text(NITF) + text("The jetty of Saltby is to be mended before winter. Nobody is hurt.")
    assert article("newsml_1", newsml(item(both)))["body"].count("Nobody") == 1


def test_a_text_in_base64_is_decoded() -> None:
    def encoded(notation: str, data: str) -> bytes:
        content = f"<Encoding Notation='{notation}'><DataContent>{data}</DataContent></Encoding>"
        return newsml(item(text("").replace("<DataContent></DataContent>", content)))

    letters = base64.b64encode("Kühe und Möwen.".encode()).decode()
    assert article("newsml_1", encoded("Base64", letters))["body"] == "Kühe und Möwen."
    assert "cannot be decoded" in reasons(pieces("newsml_1", encoded("Base64", "A")))[0]
    assert "encoded as uu" in reasons(pieces("newsml_1", encoded("uu", "x")))[0]


NAMES = [
    b"NewsItem",
    b"NewsComponent",
    b"ContentItem",
    b"Role",
    b"MediaType",
    b"DataContent",
    b"NewsIdentifier",
    b"nitf",
]


@settings(max_examples=100)
@given(st.randoms(use_true_random=False), st.integers(0, 6), st.sets(st.sampled_from(NAMES)))
def test_an_article_in_unknown_markup_is_read_or_rejected_or_the_counts_differ(
    chance: random.Random, changes: int, names: set[bytes]
) -> None:
    long = NITF.replace("Nobody", "The mayor says that nobody of those who live by the harbour")
    texts = [text(long), text(long, role="Body"), text("Winter comes early to Saltby this year, the mayor says. " * 3)]
    photo = '<ContentItem Href="a.jpg"><MediaType FormalName="Photo"/></ContentItem>' + text(
        "<p>A gull.</p>", role="Caption"
    )
    parts = [item(chance.choice(texts), number).encode() for number in range(5)] + [item(photo, 9).encode()]
    for _ in range(changes):
        parts.insert(chance.randrange(len(parts)), chance.choice(parts))
    chance.shuffle(parts)
    whole = newsml(*(part.decode() for part in parts))
    count = counted(pieces("newsml_1", whole))[0]
    assert count == marks("newsml_1", whole) == sum(b"gull" not in part for part in parts)
    victim = next(number for number, part in enumerate(parts) if b"gull" not in part)
    for name in names:
        parts[victim] = re.sub(rb"(</?)%s\b" % name, rb"\1X" + name, parts[victim])
    changed = newsml(*(part.decode() for part in parts))
    read = counted(pieces("newsml_1", changed))[0]
    assert read == count or read != marks("newsml_1", changed)


def test_an_article_of_which_no_element_is_known_is_marked() -> None:
    known = item(text(NITF))
    unknown = re.sub(r"(</?)(?=[A-Z])", r"\1X", item(text("<p>The jetty of Saltby is to be mended soon.</p>" * 4)))
    assert counted(pieces("newsml_1", newsml(known, unknown)))[0] == 1
    assert marks("newsml_1", newsml(known, unknown)) == 2


@pytest.mark.parametrize("name", ["ContentItem", "NewsComponent"])
def test_a_text_in_an_element_that_newsml_does_not_have_is_read_by_what_it_holds(name: str) -> None:
    summary = text("<p>Short.</p>", role="Summary")
    data = newsml(item(summary + re.sub(rf"(</?){name}\b", r"\1Own", text("<p>The jetty is old.</p>"))))
    found = article("newsml_1", data)
    assert (found["body"], found["extra"]["summary"]) == ("The jetty is old.", "Short.")
