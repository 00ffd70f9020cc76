"""TEI: which part of an edition is an article, what its header says of it, and its text as it is printed."""

from __future__ import annotations

import io
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
        ("<p>a <choice><abbr>Mr</abbr><expan>Mister</expan></choice> b</p>", "a Mr b"),
        ("<p>a <corr>b</corr> c</p>", "a b c"),
        ("<p>a<note>b <hi>c</hi></note> d</p>", "a d"),
        ("<p>a <title>The Courier</title> <head>b</head></p>", "a The Courier\n\nb"),
        ("<table><row><cell>a</cell><cell>b</cell></row><row><cell>c</cell></row></table>", "a b\n\nc"),
        ("<sp><speaker>Anna</speaker><p>a</p></sp>", "Anna\n\na"),
    ],
)
def test_a_text_is_what_is_printed(markup: str, body: str) -> None:
    assert text_of(etree.fromstring(f"<body>{markup}</body>")).body == body
