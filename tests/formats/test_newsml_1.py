"""NewsML 1: the main text is the article, what stands beside it is skipped, an item is one over its revisions."""

from __future__ import annotations

import random
import re

import pytest
from agency_files import article, check_real_files, check_samples, counted, marks, pieces, reasons
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_dumps import SAMPLES

from etl.formats import newsml_1
from etl.model import DumpError

SAMPLE = (SAMPLES / "newsml_1" / "multimedia.xml").read_bytes()


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


@settings(max_examples=100)
@given(st.randoms(use_true_random=False), st.integers(0, 6))
def test_whatever_is_done_to_its_elements_what_is_read_is_what_is_marked(chance: random.Random, changes: int) -> None:
    parts = re.split(rb"(?=<NewsItem[ >])", SAMPLE.replace(b"</NewsML>", b""))
    for _ in range(changes):
        place = chance.randrange(1, len(parts))
        parts[place:place] = [parts[chance.randrange(1, len(parts))]] * chance.randrange(2)
        del parts[chance.randrange(1, len(parts))]
        if len(parts) < 2:
            return
    data = b"".join(parts) + b"</NewsML>"
    for name in (b"Role", b"MediaType", b"DataContent", b"Status"):
        if chance.random() < 0.2:
            data = data.replace(b"<" + name, b"<X" + name).replace(b"</" + name, b"</X" + name)
    assert counted(pieces("newsml_1", data))[0] == marks("newsml_1", data)
