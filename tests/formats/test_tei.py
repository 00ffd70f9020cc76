"""TEI: which part of an edition is an article, what its header says of it, and its text as it is printed."""

from __future__ import annotations

import io
import time
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from sample_dumps import expected, samples

from etl import formats
from etl.formats import tei
from etl.formats.newspaper.tei_text import text_of
from etl.model import DumpError, Feed, Piece, Reject, Skip

FEED = Feed("edition")


def pieces(data: bytes) -> list[Piece]:
    return list(tei.read(io.BytesIO(data), FEED))


def marks(data: bytes) -> int:
    return tei.count_marks(io.BytesIO(data), FEED)


def edition(body: str, header: str = "") -> bytes:
    head = f"<teiHeader><fileDesc><titleStmt><title>Issue 1</title></titleStmt>{header}</fileDesc></teiHeader>"
    return f'<TEI xmlns="http://www.tei-c.org/ns/1.0">{head}<text><body>{body}</body></text></TEI>'.encode()


def records(data: bytes) -> list[dict[str, Any]]:
    return [piece for piece in pieces(data) if isinstance(piece, dict)]


@pytest.mark.parametrize("sample", samples("tei"), ids=lambda path: path.name)
def test_samples(sample: Path) -> None:
    data = sample.read_bytes()
    assert records(data) == expected(sample)
    assert marks(data) == sum(isinstance(piece, dict | Reject) for piece in pieces(data))
    assert formats.recognise(data[: formats.HEAD_BYTES], "") == "tei"


def test_a_corpus_that_is_older_than_p5_is_read_alike() -> None:
    data = b"<teiCorpus.2><TEI.2><teiHeader/><text><body><p>Ice.</p></body></text></TEI.2></teiCorpus.2>"
    assert [record["body"] for record in records(data)] == ["Ice."]
    assert marks(data) == 1


def test_an_article_within_an_article_is_a_part_of_it() -> None:
    data = edition(
        '<div type="article"><p>a</p><div type="article"><p>b</p></div></div><div type="story"><p>c</p></div>'
    )
    assert [record["body"] for record in records(data)] == ["a\n\nb", "c"]
    assert marks(data) == 2


def test_what_stands_beside_articles_is_skipped_with_its_words_and_once() -> None:
    beside = '<div type="ads"><p>Rope.</p><div><p>Nails.</p></div></div>'
    found = pieces(edition(f'<div type="page"><div type="article"><p>a</p></div>{beside}</div>'))
    assert [(piece.kind, piece.text) for piece in found if isinstance(piece, Skip)] == [("ads", "Rope. Nails.")]
    assert [piece["body"] for piece in found if isinstance(piece, dict)] == ["a"]


def test_the_day_of_the_edition_is_not_that_of_the_text() -> None:
    published = "<publicationStmt><date when='2021-05-01'/></publicationStmt><sourceDesc><p/></sourceDesc>"
    (record,) = records(edition("<p>Ice.</p>", published))
    assert "published" not in record
    assert record["extra"]["edition_date"] == "2021-05-01"


def test_an_article_without_text_is_rejected_and_counted() -> None:
    data = edition('<div type="article"><head>Ice</head></div><div type="article"><p>a</p></div>')
    reject, record = pieces(data)
    assert isinstance(reject, Reject)
    assert isinstance(record, dict)
    assert (b"<head>Ice</head>" in reject.piece, marks(data)) == (True, 2)


def test_another_root_is_an_error() -> None:
    with pytest.raises(DumpError, match="its root is <html>; expected <TEI>"):
        pieces(b"<html><p>Ice.</p></html>")


@pytest.mark.parametrize(
    ("markup", "body"),
    [
        ("<p>cap¬<lb/>\n tain</p>", "captain"),
        ("<p>cap-<lb break='no'/>tain</p>", "captain"),
        ("<p>north-<lb/>east</p>", "north- east"),
        ("<p>north¬<gap/><lb/> <cb/>east¬<lb/> <gap/> a</p>", "northeast a"),
        ("<p>a <choice><abbr>Mr</abbr><expan>Mister</expan></choice> b</p>", "a Mr b"),
        ("<p>a <corr>b</corr> c</p>", "a b c"),
        ("<p><abbr>Mr</abbr> Lee <corr>b</corr></p>", "Mr Lee b"),
        ("<p>a <choice>\n<corr>b</corr>\n<sic>c</sic>\n</choice>, d</p>", "a c, d"),
        ("<p>a <choice><corr><abbr>b</abbr></corr><sic>c</sic></choice> d</p>", "a c d"),
        ("<p>a <choice><unclear>b</unclear><unclear>c</unclear></choice> d</p>", "a b d"),
        ("<p>a <app>\n<rdg>b</rdg>\n<lem>c</lem><wit>Pier</wit>\n</app>, d</p>", "a c, d"),
        ("<p>a <app><rdgGrp><rdg>b</rdg><rdg>c</rdg></rdgGrp><rdg>d</rdg></app> e</p>", "a b e"),
        ("<p>a <del>b</del> <add>c</add>, <del>d</del></p>", "a c, d"),
        ("<p>a <subst><del>b</del><del>c</del>\n<add>d</add></subst>. <subst><del>e</del></subst></p>", "a d. e"),
        ("<p>a<note>b <hi>c</hi></note> d</p>", "a d"),
        ("<p>a <title>The Courier</title> <head>b</head></p>", "a The Courier\n\nb"),
        ("<table><row><cell>a</cell><cell>b</cell></row><row><cell>c</cell></row></table>", "a b\n\nc"),
        ("<sp><speaker>Anna</speaker><p>a</p></sp>", "Anna\n\na"),
    ],
)
def test_a_text_is_what_is_printed(markup: str, body: str) -> None:
    assert text_of(etree.fromstring(f"<body>{markup}</body>")).body == body


@pytest.mark.parametrize("gap", ["<gap/>", "<note/>", "<fw>1</fw>"])
def test_many_gaps_in_a_paragraph_take_no_longer_each(gap: str) -> None:
    paragraph = etree.fromstring(f"<p>{f'a {gap}' * 30_000}</p>")
    start = time.process_time()
    assert text_of(paragraph).body.count("a") == 30_000
    assert time.process_time() - start < 1


def test_a_note_has_one_reading_of_each_place() -> None:
    note = "<p>a<note>b <app><lem>c</lem><rdg>d</rdg></app></note></p>"
    assert text_of(etree.fromstring(note)).notes == ["b c"]


def test_a_title_and_a_section_have_one_reading_of_each_place() -> None:
    both = "<choice><orig>Olde</orig><reg>Old</reg></choice> Pier"
    body = f'<div><head>{both}</head><div type="article"><head>{both}</head><p>Ice.</p></div></div>'
    (record,) = records(edition(body).replace(b"Issue 1", both.encode()))
    assert (record["section"], record["headline"], record["extra"]["title"]) == ("Olde Pier",) * 3


@pytest.mark.parametrize(
    ("first", "last", "published"),
    [
        ("2018-01-05", "2018-01-09", "2018-01"),
        ("2018-01-05", "2018-02-05", "2018"),
        ("2018-01-05", "2018-01-05", "2018-01-05"),
        ("2018", "2018-12-31", "2018"),
        ("2017-12-31", "2018-01-01", None),
    ],
)
@pytest.mark.parametrize("names", [("notBefore", "notAfter"), ("from", "to")])
def test_of_a_span_only_what_its_ends_have_in_common_is_the_day(
    names: tuple[str, str], first: str, last: str, published: str | None
) -> None:
    date = f'<date {names[0]}="{first}" {names[1]}="{last}">1 January 2018</date>'
    (record,) = records(edition("<p>Ice.</p>", f"<sourceDesc><bibl>{date}</bibl></sourceDesc>"))
    assert record.get("published") == published
    assert record["extra"]["date_in_words"] == "1 January 2018"
    assert (record["extra"]["not_before"], record["extra"]["not_after"]) == (first, last)


@pytest.mark.parametrize("name", ["notBefore", "notAfter", "from"])
def test_a_date_that_states_one_end_of_a_span_is_not_that_day(name: str) -> None:
    date = f'<sourceDesc><bibl><date {name}="2018-01-05">after 5 January 2018</date></bibl></sourceDesc>'
    (record,) = records(edition("<p>Ice.</p>", date))
    assert ("published" in record, "2018-01-05" in record["extra"].values()) == (False, True)


@pytest.mark.parametrize(
    "words",
    [
        "5 January 2018",
        "5. Januar 2018",
        "January 5, 2018",
        "05.01.2018",
        "Friday, 5th January 2018",
        "vendredi 5 janvier 2018",
        "Am 5. Januar 2018",
        "venerdì 5 gennaio 2018",
    ],
)
@pytest.mark.parametrize("name", ["notBefore", "notAfter", "from", "to"])
def test_a_date_whose_words_are_the_end_that_it_states_is_that_day(name: str, words: str) -> None:
    unlike = [words.replace("5", "6"), f"{words} or later", f"{words}–", f"{words}?", f"{words}/..", f"‹ {words}"]
    for said, published in ((words, "2018-01-05"), *((other, None) for other in unlike)):
        date = f'<sourceDesc><bibl><date {name}="2018-01-05">{said}</date></bibl></sourceDesc>'
        assert records(edition("<p>Ice.</p>", date))[0].get("published") == published


@pytest.mark.parametrize(
    ("words", "published"), [("3 May 2018", None), ("5 March 2018", "2018-03-05"), ("3/5/2018", "2018-03-05")]
)
def test_a_month_that_is_named_is_the_month(words: str, published: str | None) -> None:
    date = f'<sourceDesc><bibl><date from-iso="2018-03-05">{words}</date></bibl></sourceDesc>'
    assert records(edition("<p>Ice.</p>", date))[0].get("published") == published


def test_the_life_of_an_author_is_neither_the_day_nor_the_name() -> None:
    author = "<author>Ann Lee (<date>1850</date>–<date>1930</date>)</author>"
    (record,) = records(edition("<p>Ice.</p>", f"<sourceDesc><bibl>{author}<date when='1890'/></bibl></sourceDesc>"))
    assert (record["published"], record["byline"]) == ("1890", "Ann Lee")
    assert record["extra"]["author_date"] == "1850; 1930"


@pytest.mark.parametrize(
    ("dates", "published", "extra"),
    [
        ('<date type="accessed" when="2018-01-05"/>', None, {"accessed_date": "2018-01-05"}),
        ('<date type="dateAccessed">5 Jan 2018</date>', None, {"dateaccessed": "5 Jan 2018"}),
        ('<date type="last modified" when="2018-01-05"/>', None, {"last_modified_date": "2018-01-05"}),
        (
            '<date type="digitised" when="2020-05-05"/><date type="published" when="2018-01-05"/>',
            "2018-01-05",
            {"digitised_date": "2020-05-05"},
        ),
        (
            '<date when="2020-05-05"/><date type="when-published" when="2018-01-05"/>',
            "2018-01-05",
            {},
        ),
        (
            '<date type="Erstellt" when="2018-01-03"/><date type="issued" when="2018-01-05"/>',
            "2018-01-05",
            {"erstellt_date": "2018-01-03"},
        ),
        ('<date type="crawled" when="2020"/><date when="2018-01-05"/>', "2018-01-05", {"crawled_date": "2020"}),
        ('<date type="gregorian" when="2018-01-05"/>', "2018-01-05", {}),
        ('<note>Scanned on <date when="2019-01-01"/></note>', None, {"note_date": "2019-01-01"}),
        (
            '<title>Of <date when="1815-06-18"/></title><date when="1890"/>',
            "1890",
            {"title_date": "1815-06-18"},
        ),
        ('<title level="j">The Courier, <date when="1890-01-05"/></title>', "1890-01-05", {}),
        (
            '<title level="m">Site, <date type="accessed" when="2020-01-01"/></title>',
            None,
            {"accessed_date": "2020-01-01"},
        ),
        ('<title level="s">Ice of <date when="1890-01-05"/></title>', None, {"title_date": "1890-01-05"}),
        ('<name type="newspaper">The Courier, <date when="1890-01-05"/></name>', "1890-01-05", {}),
        (
            '<date type="reprint" when="1950"/><date when="1940"/><date type="original" when="1890"/>',
            "1890",
            {"reprint_date": "1950"},
        ),
        (
            '<bibl type="digitalSource"><date>2016</date></bibl><bibl type="printSource"><date>1890</date></bibl>',
            "1890",
            {"digitalsource_date": "2016"},
        ),
    ],
)
def test_a_date_of_another_kind_is_not_the_day_of_publication(
    dates: str, published: str | None, extra: dict[str, str]
) -> None:
    (record,) = records(edition("<p>Ice.</p>", f"<sourceDesc><bibl>{dates}</bibl></sourceDesc>"))
    assert record.get("published") == published
    stated = record.get("extra", {})
    assert {name: value for name, value in stated.items() if "date" in name} == extra


def test_of_a_manuscript_the_day_of_its_origin_is_the_date() -> None:
    history = "<summary>Sold <date>1950</date></summary><origin><origDate when='1890'/></origin>"
    history += "<acquisition><date when='1960'/></acquisition>"
    source = f"<sourceDesc><msDesc><history>{history}</history></msDesc></sourceDesc>"
    (record,) = records(edition("<p>Ice.</p>", source))
    assert record["published"] == "1890"
    assert record["extra"] == {"history_date": "1950", "acquisition_date": "1960"}


def test_a_date_of_p4_states_its_day_in_a_value() -> None:
    date = '<sourceDesc><bibl><date value="2018-01-05">Friday</date></bibl></sourceDesc>'
    assert records(edition("<p>Ice.</p>", date))[0]["published"] == "2018-01-05"


def nested(publication: str, day: str, inside: str) -> str:
    source = f'<sourceDesc><bibl><title level="j">{publication}</title><date when="{day}"/></bibl></sourceDesc>'
    return f"<TEI><teiHeader><fileDesc>{source}</fileDesc></teiHeader>{inside}</TEI>"


def test_a_document_within_another_has_its_own_header() -> None:
    one, two = ("<text><body><p>Ice.</p></body></text>", "<text><body><p>Rain.</p></body></text>")
    inner = nested("Furt Gazette", "2018-01-06", one) + nested("Pier Post", "2018-01-07", two)
    bare = f"<TEI><teiHeader/>{one}</TEI>"
    data = nested("Furt Press", "2018-01-05", inner + bare).encode()
    facts = [(record["publication"], record.get("published")) for record in records(data)]
    assert facts == [("Furt Gazette", "2018-01-06"), ("Pier Post", "2018-01-07"), ("Furt Press", None)]
    assert [record["body"] for record in records(data)] == ["Ice.", "Rain.", "Ice."]
    assert marks(data) == 3
    both = nested("Furt Press", "2018-01-05", "<text><body><p>Fog.</p></body></text>" + inner).encode()
    assert [(record["body"], record["published"]) for record in records(both)] == [
        ("Fog.", "2018-01-05"),
        ("Ice.", "2018-01-06"),
        ("Rain.", "2018-01-07"),
    ]
    assert marks(both) == 3
    corpus = f"<teiCorpus><teiHeader/>{both.decode()}</teiCorpus>".encode()
    assert (records(corpus), marks(corpus)) == (records(both), 3)


@pytest.mark.parametrize(
    "kind",
    ["artikel", "Articolo", "artículo", "článek", "artykuł", "статья", "記事", "news_item", "newsStory", "artigo"],
)
def test_divisions_are_articles_in_other_languages(kind: str) -> None:
    data = edition("".join(f'<div type="{kind}"><head>{one}</head><p>Ice.</p></div>' for one in "ab"))
    assert [record["headline"] for record in records(data)] == ["a", "b"]
    assert marks(data) == 2


def test_each_text_of_a_group_is_an_article() -> None:
    texts = "".join(f"<text><body><head>{one}</head><p>Ice.</p></body><back><p>End.</p></back></text>" for one in "ab")
    issue = '<text><body><div type="article"><p>c</p></div><div type="article"><p>d</p></div></body></text>'
    data = edition("").replace(b"<body></body>", f"<group>{texts}<group>{issue}</group></group>".encode())
    found = records(data)
    assert [record.get("headline") for record in found] == ["a", "b", None, None]
    assert [record["body"] for record in found] == ["Ice.\n\nEnd."] * 2 + ["c", "d"]
    assert {record["extra"]["title"] for record in found} == {"Issue 1"}
    assert marks(data) == 4


def test_a_paragraph_beside_articles_is_skipped_with_its_words() -> None:
    found = pieces(edition('<div type="page"><div type="article"><p>a</p></div><p>b</p></div><p>c</p>'))
    assert [piece.text for piece in found if isinstance(piece, Skip)] == ["c", "b"]
