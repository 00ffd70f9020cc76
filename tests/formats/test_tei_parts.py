"""TEI: divisions that may be articles, articles within articles, and articles that are printed in several places."""

from __future__ import annotations

import pytest
from test_tei import edition, marks, pieces, records

from etl.model import Doubt


def article(text: str, **attributes: str) -> str:
    names = " ".join(f'{name.replace("xml_", "xml:")}="{value}"' for name, value in attributes.items())
    return f'<div type="article" {names}><p>{text}</p></div>'


def doubts(data: bytes) -> list[str]:
    return [piece.warning for piece in pieces(data) if isinstance(piece, Doubt)]


def test_articles_with_headings_within_an_article_are_told() -> None:
    inner = '<div type="article"><head>Paris</head><p>Ice.</p></div>'
    data = edition(f'<div type="article"><head>Abroad</head>{inner * 2}</div>')
    assert [record["body"] for record in records(data)] == ["Paris\n\nIce.\n\nParis\n\nIce."]
    assert ["within other articles (2)" in doubt for doubt in doubts(data)] == [True]


@pytest.mark.parametrize(
    "parts",
    [
        [{"xml_id": "a", "next": "#b"}, {"xml_id": "b", "prev": "#a", "part": "M", "next": "#c"}, {"xml_id": "c"}],
        [{"xml_id": "a", "part": "I"}, {"xml_id": "b", "prev": "#a", "part": "M"}, {"prev": "#b"}],
        [{"xml_id": "a", "part": "I", "n": "x > y"}, {"n": ">", "id": "b", "prev": "#a", "part": "M"}, {"prev": "#b"}],
        [{"id": "a", "part": "I", "next": "b"}, {"id": "b", "part": "M", "next": "c"}, {"id": "c"}],
    ],
)
def test_an_article_goes_on_in_the_parts_that_are_named(parts: list[dict[str, str]]) -> None:
    first, second, third = parts
    third["part"] = "F"
    body = (
        article("Ice", **first)
        + article("Rain", xml_id="A")
        + f"<pb/>{article('melts', **second)} {article('fast.', **third)}"
    )
    data = edition(f'<div type="page">{body}</div>')
    assert [record["body"] for record in records(data)] == ["Ice\n\nmelts\n\nfast.", "Rain"]
    assert (marks(data), doubts(data)) == (2, [])


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ([{"part": "I"}, {"part": "F"}], 2),
        ([{"xml_id": "a", "next": "#b"}, {"xml_id": "b", "prev": "#a"}], 2),
        ([{"xml_id": "a", "part": "N"}, {"prev": "#A", "part": "F"}], 1),
        ([{"xml_id": "a", "prev": "#b", "part": "F"}, {"xml_id": "b", "prev": "other.xml#a", "part": "F"}], 2),
    ],
)
def test_parts_without_the_part_before_them_are_articles_and_told(parts: list[dict[str, str]], told: int) -> None:
    data = edition("".join(article("Ice.", **part) for part in parts))
    assert (len(records(data)), marks(data)) == (2, 2)
    assert [f"{told} article" in doubt for doubt in doubts(data)] == [True]


def test_parts_in_different_texts_of_a_group_stay_apart() -> None:
    first = article("Ice", xml_id="a", next="#b") + article("Fog.", xml_id="c")
    texts = f"<text><body>{first}</body></text><text><body>{article('melts.', xml_id='b', part='F')}</body></text>"
    data = edition("").replace(b"<body></body>", f"<group>{texts}</group>".encode())
    assert [record["body"] for record in records(data)] == ["Ice", "Fog.", "melts."]
    assert marks(data) == 3


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('<div type="article"><p>a</p></div><div type="news"><head>b</head><p>c</p></div>', "1 × news"),
        ('<div type="szöveg"><head>a</head><p>b</p></div>' * 2, "2 × szöveg"),
        (
            '<div type="article"><p>a</p></div>'
            + "".join(f'<div type="{kind}"><head>b</head><p>c</p></div>' for kind in "qrstuv"),
            "1 × t and 2 other types;",
        ),
        ('<div type="section"><head>a</head><p>b</p></div>' * 2, ""),
        ('<div type="article"><p>a</p></div><div type="ads"><p>c</p></div>', ""),
        ('<div type="szöveg"><head>a</head><p>b</p></div>', ""),
        ('<pb/><div n="1"><head>a</head><p>b</p></div><div n="2"><head>c</head><p>d</p></div>', "2 × no type"),
        ("<head>Ice</head>" + "<div><head>a</head><p>b</p></div>" * 2, ""),
        ("<p>Ice.</p>" + "<div><head>a</head><p>b</p></div>" * 2, ""),
        ("<div><head>a</head><p>b</p></div>", ""),
        ("<div><head>a</head><p>b</p></div><div><p>b</p></div>", ""),
    ],
)
def test_divisions_that_may_be_articles_are_told(body: str, told: str) -> None:
    doubts = [piece.warning for piece in pieces(edition(body)) if isinstance(piece, Doubt)]
    assert [told in doubt for doubt in doubts] == ([True] if told else [])


def test_sections_of_a_text_with_an_author_are_no_articles() -> None:
    author = "<sourceDesc><bibl><author>Ann Lee</author></bibl></sourceDesc>"
    found = pieces(edition("<div><head>a</head><p>b</p></div>" * 2, author))
    assert [type(piece) for piece in found] == [dict]
