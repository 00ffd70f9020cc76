"""METS/ALTO: an article is what its index says, over all of its pages; what cannot be read, or is in none, is told."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mangling import mangled
from sample_dumps import SAMPLES, corpus, expected, samples
from timing import MOST_TIMES_AS_LONG, times_as_long

from etl import formats
from etl.formats import mets_alto
from etl.formats.common import markup
from etl.formats.newspaper import mets
from etl.formats.newspaper import pages as newspaper_pages
from etl.formats.newspaper.alto import read_page, spell
from etl.model import Doubt, DumpError, Feed, Reject, Skip

FEED = Feed("archive")
HERE = SAMPLES / "mets_alto"
METS = [path for path in samples("mets_alto") if path.name.endswith("mets.xml")]
LINKED, NESTED = METS
OTHERS = [path for folder in SAMPLES.iterdir() if folder.name != "mets_alto" for path in samples(folder.name)]


def part_of(folder: Path, without: str = "") -> formats.Part:
    """Opens the files of a folder, but one."""

    def opened(name: str) -> BinaryIO | None:
        path = folder / name
        return path.open("rb") if path.exists() and name != without else None

    return opened


BESIDE = part_of(HERE)


def pieces(mets: bytes | Path, part: formats.Part = BESIDE) -> list[Any]:
    data = mets if isinstance(mets, bytes) else mets.read_bytes()
    return list(mets_alto.read_with(io.BytesIO(data), FEED, part))


def marks(mets: bytes | Path) -> int:
    data = mets if isinstance(mets, bytes) else mets.read_bytes()
    return mets_alto.count_marks(io.BytesIO(data), FEED)


def articles(found: list[Any]) -> list[dict[str, Any]]:
    return [piece for piece in found if isinstance(piece, dict)]


def spelled(lines: str) -> str:
    page = read_page(io.BytesIO(f"<alto><TextBlock ID='b'>{lines}</TextBlock></alto>".encode()))
    return spell([(page, page.spans["b"])])[0]


@pytest.mark.parametrize("sample", METS, ids=lambda path: path.name)
def test_samples(sample: Path) -> None:
    found = pieces(sample)
    assert articles(found) == expected(sample)
    assert not [piece for piece in found if isinstance(piece, Reject)]
    assert marks(sample) == len(expected(sample))


@pytest.mark.parametrize("sample", samples("mets_alto"), ids=lambda path: path.name)
def test_index_and_pages_are_known_by_their_content(sample: Path) -> None:
    assert formats.recognise(sample.read_bytes(), "") == "mets_alto"
    assert (mets_alto.parts(sample.open("rb")) is None) == (sample not in METS)


@pytest.mark.parametrize("sample", OTHERS, ids=lambda path: path.name)
def test_no_other_format_is_taken_for_it(sample: Path) -> None:
    assert mets_alto.recognise(sample.read_bytes()[: formats.HEAD_BYTES], sample.name) == 0


def test_what_is_in_no_article_is_skipped_by_its_kind() -> None:
    assert [piece for piece in pieces(LINKED) if isinstance(piece, Skip)] == [
        Skip("sect0001", "advert", "Fine rope."),
        Skip("page 1, block 1", "text block outside of articles"),
    ]


def test_an_article_with_a_missing_page_is_partial_and_says_so_and_one_without_any_is_rejected() -> None:
    first, second, *_, doubt = pieces(LINKED, part_of(HERE, without="harbour_18990302_0002.xml"))
    assert doubt == Doubt("the text of 2 articles of the issue is not whole: harbour_18990302_0002.xml is missing")
    assert first["body"] == "The laft ferry,\nl►e; harbour"
    assert first["is_partial"]
    assert first["extra"]["missing"] == ["harbour_18990302_0002.xml is missing"]
    assert second == Reject(
        "art0002",
        "none of it can be read: harbour_18990302_0002.xml is missing; ask for the issue again with all of its pages",
    )


def test_an_article_on_a_page_that_cannot_be_read_says_why() -> None:
    def part(name: str) -> BinaryIO | None:
        return io.BytesIO(b"<alto><Layout>") if name.endswith("0002.xml") else (HERE / name).open("rb")

    first, second, *_ = pieces(LINKED, part)
    assert "harbour_18990302_0002.xml is not well-formed XML" in first["extra"]["missing"][0]
    assert isinstance(second, Reject)


def test_an_area_that_is_not_on_its_page_is_told() -> None:
    mets = LINKED.read_bytes().replace(b'BEGIN="word2" END="word4"', b'BEGIN="word2" END="word77"')
    first, *_ = pieces(mets)
    assert first["is_partial"]
    assert first["extra"]["missing"] == ["harbour_18990302_0002.xml has no word2 to word77"]


@pytest.mark.parametrize(
    ("parts", "byline"),
    [
        ("<mods:namePart>Mara Ek</mods:namePart>", "Mara Ek"),
        (
            '<mods:namePart type="family">Ek</mods:namePart><mods:namePart type="given">Mara</mods:namePart>'
            '<mods:namePart type="date">1860-1920</mods:namePart>',
            "Mara Ek",
        ),
        ("", None),
    ],
)
def test_the_parts_of_a_name_are_one_person(parts: str, byline: str | None) -> None:
    title = "<mods:title>FERRY.</mods:title></mods:titleInfo>"
    mets = LINKED.read_text().replace(title, f'{title}<mods:name type="personal">{parts}</mods:name>')
    assert articles(pieces(mets.encode()))[0].get("byline") == byline


def test_what_an_index_states_of_an_article_and_no_field_is_for_is_kept() -> None:
    title = "FERRY.</mods:title></mods:titleInfo>"
    mets = LINKED.read_text().replace(title, f"{title}<mods:abstract>Late.</mods:abstract>")
    assert articles(pieces(mets.encode()))[0]["extra"]["abstract"] == ["Late."]


def test_an_index_without_articles_is_an_error_that_says_so() -> None:
    mets = LINKED.read_bytes().replace(b'TYPE="ARTICLE"', b'TYPE="PAGE"')
    with pytest.raises(DumpError, match="lists the issue's pages but no articles"):
        pieces(mets)


def test_a_page_alone_is_an_error_that_says_so() -> None:
    page = HERE / "harbour_18990302_0001.xml"
    with pytest.raises(DumpError, match="is a page of OCR without the METS of its issue"):
        list(mets_alto.read(page.open("rb"), FEED))
    assert marks(page) == 0


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ('<TextLine><String CONTENT="a"/><SP/><String CONTENT="b"/><String CONTENT=","/></TextLine>', "a b,"),
        ('<TextLine><String CONTENT="a"/><String CONTENT="b"/></TextLine>', "a b"),  # a page without any spaces
        ('<TextLine><String CONTENT="half"/><HYP CONTENT="-"/></TextLine>', "half-"),
        ('<TextLine><String CONTENT="fer" SUBS_TYPE="HypPart1"/><HYP CONTENT="-"/></TextLine>', "fer-"),
        (
            '<TextLine><String CONTENT="fer" SUBS_TYPE="HypPart1" SUBS_CONTENT="ferry"/><HYP CONTENT="-"/></TextLine>'
            '<TextLine><String CONTENT="ry" SUBS_TYPE="HypPart2" SUBS_CONTENT="ferry"/>'
            '<String CONTENT="left"/></TextLine>',
            "ferry\nleft",
        ),
        ('<TextLine><String CONTENT="ry" SUBS_TYPE="HypPart2" SUBS_CONTENT="ferry"/></TextLine>', "ry"),
    ],
)
def test_words_are_spelled_as_the_page_has_them(lines: str, text: str) -> None:
    assert spelled(lines) == text


@pytest.mark.parametrize(
    ("href", "path"),
    [
        ("0001.xml", "0001.xml"),
        ("./ALTO/0001.xml", "ALTO/0001.xml"),
        ("file://./text/0001.xml", "text/0001.xml"),
        ("ocr%20pages/0001.xml", "ocr pages/0001.xml"),
        ("text\\0001.xml", "text/0001.xml"),
        ("../../etc/passwd", "passwd"),
        ("/etc/passwd", "passwd"),
        ("file:///data/0001.xml", "0001.xml"),
        ("https://library.example/issue/0001.xml", "0001.xml"),
        ("D:\\scans\\0001.xml", "0001.xml"),
    ],
)
def test_a_part_lies_beside_the_index_or_below(href: str, path: str) -> None:
    mets = LINKED.read_text().replace("harbour_18990302_0001.xml", href)
    assert path in (mets_alto.parts(io.BytesIO(mets.encode())) or [])


def test_links_in_pairs_and_areas_for_whole_blocks() -> None:
    pairs = (
        '<mets:structLink><mets:smLink xlink:from="#art0001" xlink:to="#pa2"/>'
        '<mets:smLink xlink:from="#pa2" xlink:to="#art0001"/></mets:structLink>'
    )
    mets = re.sub("<mets:structLink>.*</mets:structLink>", pairs, LINKED.read_text(), flags=re.DOTALL)
    mets = mets.replace('BEGIN="word3" END="word9"', 'BEGIN="pa2"')
    first, second, *_ = pieces(mets.encode())
    assert first["body"] == "The laft ferry,\nl►e; harbour"
    assert second.reason.startswith("the index names no text for it")


IN_SECTION = '<div TYPE="SECTION">'
TITLED = """<dmdSec ID="S"><mdWrap MDTYPE="MODS"><xmlData><MODS:mods><MODS:titleInfo><MODS:title>Nouvelles</MODS:title>
</MODS:titleInfo></MODS:mods></xmlData></mdWrap></dmdSec>"""
HEADING = '<div TYPE="HEADING"><fptr><area FILEID="ALTO00001" BEGIN="P1_TB00006"/></fptr></div>'


@pytest.mark.parametrize(
    ("begin", "metadata", "section"),
    [
        (IN_SECTION, "", None),
        ('<div TYPE="SECTION" LABEL="Nouvelles">', "", "Nouvelles"),
        ('<div TYPE="SECTION" DMDID="S">', TITLED, "Nouvelles"),
        ('<div TYPE="Rubrique" DMDID="S">', TITLED, "Nouvelles"),
        (f'<div TYPE="SECTION">{HEADING}', "", "Cordes à vendre."),
    ],
)
def test_the_title_of_a_section_is_the_section_and_not_the_publication(
    begin: str, metadata: str, section: str | None
) -> None:
    mets = NESTED.read_text().replace(IN_SECTION, begin).replace("<fileSec>", f"{metadata}<fileSec>")
    (found,) = articles(pieces(mets.encode()))
    assert (found["publication"], found.get("section")) == ("L'Écho du Port", section)
    assert found["headline"] == "Le phare"


@pytest.mark.parametrize(("kind", "has_words"), [("ADVERTISEMENT", True), ("Obituary", True), ("STORY", False)])
def test_only_an_item_that_surely_is_no_article_says_which_words_are_skipped(kind: str, has_words: bool) -> None:
    mets = LINKED.read_text().replace('TYPE="ARTICLE"', f'TYPE="{kind}"', 1)
    (skip,) = [piece for piece in pieces(mets.encode()) if isinstance(piece, Skip) and piece.kind == kind.lower()]
    assert ("ferry" in skip.text) == has_words


TOKENS = re.findall(r"<[^<>]*>|[^<]+", LINKED.read_text())


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_damaged_index_never_loses_an_article_in_silence(data: st.DataObject) -> None:
    mets = "".join(mangled(data, TOKENS, ("lose", "double", "move"))).encode()
    try:
        found = pieces(mets)
    except DumpError:
        return
    # Where it is less, the dump is refused.
    assert sum(not isinstance(piece, Skip | Doubt) for piece in found) <= marks(mets)


def test_a_page_is_read_in_bounded_memory() -> None:
    held = 0
    for number, (_, element) in enumerate(markup.stream_xml(io.BytesIO(b"<alto>" + b"<SP/>" * 200_000 + b"</alto>"))):
        if number % 100 == 0 and element.getparent() is not None:  # lxml counts children one by one
            held = max(held, len(element.getparent()))
    assert held < 20_000  # what the parser reads ahead


def test_entities_are_never_expanded() -> None:
    bomb = b'<!DOCTYPE alto [<!ENTITY a "boom">]><alto><String CONTENT="&a;"/></alto>'
    with pytest.raises(DumpError, match="declares XML entities"):
        read_page(io.BytesIO(bomb))
    with pytest.raises(DumpError, match="declares XML entities"):
        pieces(LINKED.read_bytes().replace(b"?>\n", b'?>\n<!DOCTYPE x [<!ENTITY a "boom">]>\n', 1))


def test_the_real_issue() -> None:
    folder = corpus("alto") / "0002647" / "1824" / "0217"
    mets = folder / "0002647_18240217_mets.xml"
    found = pieces(mets, part_of(folder))
    assert len(articles(found)) == marks(mets) == 26
    assert not [piece for piece in found if isinstance(piece, Reject)]
    skipped = Counter(piece.kind for piece in found if isinstance(piece, Skip))
    assert skipped == {"advert": 1, "text block outside of articles": 31}
    assert [piece["page"] for piece in articles(found) if "," in piece["page"]] == ["2, 3"]
    assert sum("headline" not in piece for piece in articles(found)) == 8


def test_a_page_without_end_is_told_in_the_articles_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("etl.formats.newspaper.alto.LIMIT_BYTES", 1 << 20)

    def part(name: str) -> BinaryIO | None:
        return io.BytesIO(b"<alto>" + b"<SP/>" * 400_000) if name.endswith("0002.xml") else (HERE / name).open("rb")

    first, *_ = pieces(LINKED, part)
    assert first["extra"]["missing"] == [
        "harbour_18990302_0002.xml is larger than 1 MB, which no document of this kind is"
    ]


def test_pages_that_the_next_articles_do_not_need_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("etl.formats.newspaper.pages.WORDS_IN_MEMORY", 1)
    opened: list[str] = []

    def part(name: str) -> BinaryIO | None:
        opened.append(name)
        return (HERE / name).open("rb")

    assert articles(pieces(LINKED, part)) == expected(LINKED)
    assert opened == [f"harbour_18990302_000{page}.xml" for page in (1, 2, 1)]


def nested(inner: str, outer: str, times: int) -> bytes:
    space = "xmlns='http://www.loc.gov/METS/' xmlns:xlink='http://www.w3.org/1999/xlink'"
    return f"<mets {space}>{outer.replace('*', inner * times)}</mets>".encode()


HOSTILE: dict[str, tuple[str, Callable[[int], str]]] = {
    "deep sections": (
        "<div TYPE='X'/>",
        lambda depth: f"<structMap>{'<div>' * depth}*<div TYPE='ARTICLE'/>{'</div>' * depth}</structMap>",
    ),
    "deep metadata": (
        "<note>x</note>",
        lambda depth: (
            f"<dmdSec ID='E'>{'<relatedItem>' * depth}*{'</relatedItem>' * depth}</dmdSec>"
            "<structMap><div TYPE='ARTICLE' DMDID='E'/></structMap>"
        ),
    ),
    "links to one place": (
        "<smLocatorLink xlink:href='#b'/>",
        lambda areas: (
            "<structMap><div TYPE='ARTICLE' ID='a'/><div ID='b'>"
            + "<fptr><area FILEID='f' BEGIN='1'/></fptr>" * areas
            + "</div></structMap><structLink><smLinkGrp><smLocatorLink xlink:href='#a'/>*</smLinkGrp></structLink>"
        ),
    ),
}
"""What is repeated, and what it stands in so many levels deep, or leads to so often."""


@pytest.mark.parametrize("kind", HOSTILE)
def test_time_grows_with_the_index_and_no_faster(kind: str) -> None:
    inner, outer = HOSTILE[kind]

    def work(levels: int) -> None:
        assert list(mets_alto.read(io.BytesIO(nested(inner, outer(levels), 200 * levels)), FEED))

    assert times_as_long(work, 50) < MOST_TIMES_AS_LONG


def test_an_index_with_more_areas_or_facts_than_an_issue_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mets, "MOST_AREAS", 50)
    for kind in ("links to one place", "deep metadata"):
        inner, outer = HOSTILE[kind]
        data = nested(inner, outer(200).replace("relatedItem", "mods"), 2_000)
        with pytest.raises(DumpError, match="more than"):
            list(mets_alto.read(io.BytesIO(data), FEED))


def test_an_index_that_repeats_its_pages_in_every_article_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of 3 MB in 3,000 articles is 2 GB of text, which the stages after the reader would have to take."""
    monkeypatch.setattr(newspaper_pages, "FREE_WORDS", 10)
    words = b"<String CONTENT='Ferry'/><SP/>" * 10
    block = b"<TextBlock ID='b'><TextLine>" + words + b"</TextLine></TextBlock>"
    page = b"<alto><Layout><Page><PrintSpace>" + block + b"</PrintSpace></Page></Layout></alto>"
    file = b"<file ID='p' MIMETYPE='text/xml'><FLocat xlink:href='p.xml'/></file>"
    article = b"<div TYPE='ARTICLE'><fptr><area FILEID='p' BETYPE='IDREF' BEGIN='b'/></fptr></div>"
    head = b"<mets xmlns='http://www.loc.gov/METS/' xmlns:xlink='http://www.w3.org/1999/xlink'>"

    def issue(count: int) -> bytes:
        return (
            head
            + b"<fileSec><fileGrp>"
            + file
            + b"</fileGrp></fileSec><structMap TYPE='LOGICAL'><div TYPE='ISSUE'>"
            + article * count
            + b"</div></structMap></mets>"
        )

    assert len(articles(pieces(issue(20), lambda path: io.BytesIO(page)))) == 20
    with pytest.raises(DumpError, match="names the same text again and again"):
        pieces(issue(21), lambda path: io.BytesIO(page))
