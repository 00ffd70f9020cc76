"""MediaWiki dumps: which revisions are articles, and wikitext as a reader of the page sees it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_dumps import expected, samples

from etl import formats
from etl.formats import mediawiki
from etl.formats.web.wikitext import page_of
from etl.model import DumpError, Feed, Piece, RawRecord, Skip

FEED = Feed("wiki")


def pieces(data: bytes) -> list[Piece]:
    return list(mediawiki.read(io.BytesIO(data), FEED))


def marks(data: bytes) -> int:
    return mediawiki.count_marks(io.BytesIO(data), FEED)


def dump(text: str, title: str = "Ferry", ns: str = "<ns>0</ns>", model: str = "", attributes: str = "") -> bytes:
    revision = f"<revision><id>9</id><timestamp>2026-03-14T10:00:00Z</timestamp>{model}<text{attributes}>{text}</text>"
    page = f"<page><title>{title}</title>{ns}<id>5</id>{revision}</revision></page>"
    return f'<mediawiki version="0.10" xml:lang="en">{page}</mediawiki>'.encode()


def article(data: bytes) -> RawRecord:
    (found,) = pieces(data)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("sample", samples("mediawiki"), ids=lambda path: path.name)
def test_samples(sample: Path) -> None:
    data = sample.read_bytes()
    found = [piece for piece in pieces(data) if isinstance(piece, dict)]
    assert found == expected(sample)
    assert marks(data) == len(found)
    assert formats.recognise(data[: formats.HEAD_BYTES], "") == "mediawiki"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (dump("Hello.", ns="<ns>1</ns>"), "page of the namespace 1"),
        (dump("#REDIRECT [[Ferries]]"), "redirect"),
        (dump("#redirection[[Bac]]"), "redirect"),
        (dump("{}", model="<model>json</model>"), "page of json"),
        (dump("", attributes=' deleted="deleted"'), "deleted text"),
    ],
)
def test_what_is_no_article_is_skipped_by_its_kind_and_not_counted(data: bytes, kind: str) -> None:
    (skip,) = pieces(data)
    assert isinstance(skip, Skip)
    assert skip.kind == kind
    assert marks(data) == 0


def test_a_hash_that_begins_a_list_is_no_redirect() -> None:
    data = dump("# one [[ferry]]\n# two")
    assert article(data)["body"] == "one ferry\n\ntwo"
    assert marks(data) == 1


def test_who_changed_a_page_last_is_not_its_author_nor_the_time_its_day() -> None:
    found = article(dump("The ferry is back."))
    assert "byline" not in found
    assert "published" not in found
    assert found["modified"] == "2026-03-14T10:00:00Z"


def test_a_dump_without_a_page_is_an_error() -> None:
    with pytest.raises(DumpError, match="holds no <page>"):
        pieces(b"<mediawiki><siteinfo><sitename>Wiki</sitename></siteinfo></mediawiki>")


def test_a_dump_that_breaks_off_is_an_error() -> None:
    with pytest.raises(DumpError, match="not well-formed"):
        pieces(dump("The ferry is back.")[:-40])


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("One\nline.\n\nTwo.", "One line.\n\nTwo."),
        ("'''Bold''' and ''slanted''.", "Bold and slanted."),
        ("[[Furt]], [[Furt|the town]], [[:Category:Ships]]", "Furt, the town, Category:Ships"),
        ("[http://a.example/ the office] [http://b.example/]", "the office http://b.example/"),
        ("{{w|Furt|the town}} and {{w|Quay}}", "the town and Quay"),
        ("{{w|a|{{nowrap|b c}}}} d", "b c d"),
        ("A {{unknown|x=[[y]]|{{z}}}}b", "A b"),
        ("A }} b {{ c", "A }} b {{ c"),
        ("== Head ==\nText.\n== Empty ==\n\n== Sources ==\n* {{source|x}}", "Head\n\nText."),
        ("=== Above a lower one ===\n==== Lower ====\nText.", "Above a lower one\n\nLower\n\nText."),
        ("* a\n* b\n:c\n----\nd", "a\n\nb\n\nc\n\nd"),
        ("a<br>b<br />c", "a\nb\nc"),
        ("a <small>b</small> &lt;c&gt; 1 < 2", "a b <c> 1 < 2"),
        ("<nowiki>[[a]] ''b''</nowiki>", "[[a]] ''b''"),
        ("a<!-- b -->c <!-- d", "ac"),
        ("a<ref>b</ref> c<ref name='x'/>.", "a c."),
        ("{|\n| 1\n{|\n| 2\n|}\n|}\nText.", "Text."),
        ("__NOTOC__ Text.", "Text."),
    ],
)
def test_wikitext_is_read_as_it_is_shown(text: str, body: str) -> None:
    assert page_of(text).body == body


def test_what_is_not_shown_is_kept() -> None:
    page = page_of("a<ref>b [[c]]</ref>{{d|e}}[[File:f.jpg|thumb|A [[ship]] of g.]][[fr:h]]\n{|\n|i\n|}")
    assert (page.body, page.references, page.captions) == ("a", ["b c"], ["A ship of g."])
    assert (page.templates, page.interwiki, page.tables) == (["{{d|e}}"], ["fr:h"], ["{|\n|i\n|}"])


@pytest.mark.parametrize(
    "text", ["{{" * 200_000, "[[" * 200_000, "<ref>" * 200_000, "= " * 200_000, "{{w|" * 40 + "x" + "}}" * 40]
)
def test_marks_that_never_end_take_no_time(text: str) -> None:
    page_of(text)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab [{|}]=*'<>#:/\n", max_size=80))
def test_whatever_its_marks_a_page_has_the_words_before_and_after_them(text: str) -> None:
    page = page_of(f"first\n\n{text}\n\n\nlast")
    assert not any("\ue000" <= letter <= "\uf8ff" for letter in page.body)
    if "{" not in text and "[" not in text and "<" not in text:
        assert page.body.startswith("first")
        assert page.body.endswith("last")
