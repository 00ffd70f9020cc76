"""Factiva: the last article too, each part where it belongs in any interface's language, nothing cut off as whole."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_dumps import SAMPLES, corpus, expected, samples

from etl import formats
from etl.formats import factiva_html, factiva_xml
from etl.model import Declared, DumpError, Feed, Piece, Reject
from etl.normalise.dates import parse_dates

FEED = Feed("factiva")
KINDS = ("factiva_html", "factiva_xml")
ACCESSION = "TIDEN00020260302em32000ab"


def pieces(name: str, data: bytes) -> list[Piece]:
    return list(formats.named(name).read(io.BytesIO(data), FEED))


def marks(name: str, data: bytes) -> int:
    return formats.named(name).count_marks(io.BytesIO(data), FEED)


def articles(found: list[Piece]) -> list[dict[str, Any] | Reject]:
    return [piece for piece in found if isinstance(piece, dict | Reject)]


def page(*head: str, body: str = "<p class='articleParagraph'>Text.</p>", end: str = f"Document {ACCESSION}") -> bytes:
    divs = "".join(part if part.startswith("<") else f"<div>{part}</div>" for part in head)
    return f"<html><div class='article enArticle'><p>{divs}</p>{body}<p>{end}</p></div></html>".encode()


def article(*head: str, **rest: str) -> dict[str, Any]:
    (found,) = pieces("factiva_html", page(*head, **rest))
    assert isinstance(found, dict)
    return found


def answer(*content: str, count: str = "") -> bytes:
    inside = "".join(f"<ppsarticle>{article}</ppsarticle>" for article in content)
    return f"<PPSResponse><ppsarticleResultSet{count}>{inside}</ppsarticleResultSet></PPSResponse>".encode()


@pytest.mark.parametrize("name", KINDS)
def test_samples(name: str) -> None:
    for sample in samples(name):
        data = sample.read_bytes()
        found = pieces(name, data)
        assert [piece for piece in found if isinstance(piece, dict)] == expected(sample)
        assert marks(name, data) == len(articles(found))
        assert formats.recognise(data[: formats.HEAD_BYTES], "") == name


@pytest.mark.parametrize("name", KINDS)
def test_no_other_dump_is_taken_for_it(name: str) -> None:
    others = [path for path in SAMPLES.rglob("*") if path.is_file() and path.parent.name != name]
    assert others
    for path in others:
        assert formats.named(name).recognise(path.read_bytes()[: formats.HEAD_BYTES], "") == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize("classes", ["article js-article", "article jsArticle", "article featured-article"])
def test_an_ordinary_page_with_such_a_class_is_not_taken_for_it(classes: str) -> None:
    page = f"<html><title>Ferry late</title><div class='{classes}'><h1>Ferry late</h1><p>It was late.</p></div></html>"
    assert factiva_html.recognise(page.encode(), "") == 0


def test_an_article_that_is_cut_off_is_rejected_and_not_loaded_as_whole() -> None:
    found = pieces("factiva_html", (SAMPLES / "factiva_html" / "german_ui.html").read_bytes())
    (reject,) = (piece for piece in found if isinstance(piece, Reject))
    assert "it may be cut off" in reject.reason
    assert b"Das Wasser ging." in reject.piece


HEADLINE = '<div id="hd"><span class="enHeadline">Title</span></div>'
TAIL = ("The Tidings", "TIDEN", "English", "(c) 2026 The Tidings")


@pytest.mark.parametrize(
    ("count", "date"),
    [
        ("355 words", "1 March 2026"),
        ("355 Wörter", "1 März 2026"),
        ("1 355 mots", "1er mars 2026"),
        ("1.355 palabras", "1 de marzo de 2026"),
        ("355 parole", "1 marzo 2026"),
        ("355 woorden", "1 maart 2026"),
        ("355 palavras", "1 Março 2026"),
        ("355 слов", "1 марта 2026"),
        ("355 字", "2026 年 3 月 1 日"),
        ("355 語", "2026年3月1日"),
        ("355 단어", "2026년 3월 1일"),
    ],
)
def test_word_count_and_date_are_told_in_every_interface(count: str, date: str) -> None:
    found = article("News", HEADLINE, count, date, *TAIL)
    assert (found["extra"]["word_count"], found["published"]) == (count, date)
    assert (found["section"], found["publication"], found["language"]) == ("News", "The Tidings", "English")


@pytest.mark.parametrize(
    ("cell", "published"),
    [
        ("2018 年 10 月 7 日 17:04", "2018 年 10 月 7 日 17:04"),
        ("2018年10月7日 下午5:04", "2018年10月7日 下午5:04"),
        ("2018년 10월 7일 17:04", "2018년 10월 7일 17:04"),
        ("7 October 2018 17:04 GMT", "7 October 2018 17:04 GMT"),
        ("October 7, 2018, 5:04 PM", "October 7, 2018 5:04 PM"),
        ("7 October 2018 at 17:04", "7 October 2018 17:04"),
        ("7 Oktober 2018, 17:04 Uhr", "7 Oktober 2018 17:04 Uhr"),
        ("7 octobre 2018 17h04", "7 octobre 2018 17h04"),
        ("7 octobre 2018 à 17 h 04", "7 octobre 2018 17 h 04"),
        ("7 de octubre de 2018 17:04", "7 de octubre de 2018 17:04"),
        ("7 ottobre 2018 17:04:59", "7 ottobre 2018 17:04:59"),
        ("7 октября 2018 г. 17:04", "7 октября 2018 г. 17:04"),
        ("2018-10-07 17:04", "2018-10-07 17:04"),
    ],
)
def test_date_and_time_may_share_a_cell(cell: str, published: str) -> None:
    found = article("News", HEADLINE, "355 字", cell, *TAIL)
    assert (found["published"], found["publication"]) == (published, "The Tidings")
    assert "edition" not in found
    stamp = parse_dates(pd.Series([found["published"]]), "UTC", None)
    assert list(stamp.on) == [date(2018, 10, 7)]


@pytest.mark.parametrize(
    "month",
    [
        "January 2018",
        "Jan. 2018",
        "Januar 2018",
        "janvier 2018",
        "enero de 2018",
        "Январь 2018",
        "2018年1月",
        "2018-01",
    ],
)
def test_the_date_of_a_monthly_is_its_month(month: str) -> None:
    found = article("News", HEADLINE, "355 words", month, *TAIL)
    assert (found["published"], found["publication"]) == (month, "The Tidings")
    assert "edition" not in found
    stamp = parse_dates(pd.Series([found["published"]]), "UTC", None)
    assert (list(stamp.on), list(stamp.precision)) == ([date(2018, 1, 1)], ["month"])


def test_a_name_and_a_year_are_no_date() -> None:
    found = article(
        HEADLINE, "355 words", "March 1, 2018", "The Tidings", "TIDEN", "Expo 2018", "13", "English", "(c) 2018"
    )
    assert (found["published"], found["edition"]) == ("March 1, 2018", "Expo 2018")


@pytest.mark.parametrize("language", ["Englisch", "anglais", "Chinese - Traditional", "英語", "영어", "Klingonisch"])
def test_the_language_stands_before_the_copyright(language: str) -> None:
    found = article(HEADLINE, "5 words", "1 March 2026", "The Tidings", "TIDEN", "Late", "13", language, "(c) 2026")
    assert (found["language"], found["edition"], found["page"]) == (language, "Late", "13")
    assert found["extra"]["copyright"] == "(c) 2026"


@pytest.mark.parametrize(
    ("head", "field", "value"),
    [
        ((HEADLINE, "5 words", "1 March 2026", *TAIL), "section", None),
        ((HEADLINE, "26", "5 words", "1 March 2026", *TAIL), "page", "26"),
        ((HEADLINE, "Special to The Tidings", "5 words", "1 March 2026", *TAIL), "byline", "Special to The Tidings"),
        ((HEADLINE, "5 words", "1 March 2026", "15:32 GMT", *TAIL), "published", "1 March 2026 15:32 GMT"),
        ((HEADLINE, "1 March 2026", *TAIL), "publication", "The Tidings"),
        ((HEADLINE, "5 words", *TAIL), "publication", "The Tidings"),
        ((HEADLINE, "5 words", "1 March 2026", "The Tidings", "English", "(c) 2026"), "publication", "The Tidings"),
        ((HEADLINE, "5 words", "1 March 2026", "The Tidings", "TIDEN", "English"), "language", "English"),
        (("5 words", "1 March 2026", *TAIL), "headline", None),
        ((HEADLINE.replace("Title", "5) Title"), "5 words", "1 March 2026", *TAIL), "headline", "5) Title"),
        (
            (HEADLINE.replace('Headline"', 'Headline counted"').replace("Title", "5) Title"), "5 words", *TAIL),
            "headline",
            "Title",
        ),
        (
            (HEADLINE, "<div class='author'>Ann Lee</div><div class='author'>Bo Ek</div>", "5 words", *TAIL),
            "byline",
            "Ann Lee; Bo Ek",
        ),
    ],
)
def test_what_may_be_missing_moves_nothing_else(head: tuple[str, ...], field: str, value: str | None) -> None:
    assert article(*head).get(field) == value


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p class='articleParagraph'>One<br>line.</p><p>Between.</p><p class='articleParagraph'>Two.</p>", "Two."),
        ("<p class='articleParagraph'>Two.</p><p>A caption.</p>", "Two."),
        ("<p class='articleParagraph'>Two.</p><p class='articleParagraph'>Photo: A pilot.</p>", "Two."),
        ("<p class='articleParagraph'>Photo: A pilot.</p>", "Photo: A pilot."),
        ("<p class='articleParagraph'>Maps of Egypt are old, and they lie.</p>", "they lie."),
        ("<p class='articleParagraph'>Two.</p>stray words", "Two."),
    ],
)
def test_captions_and_notes_are_no_body_but_are_kept(body: str, text: str) -> None:
    found = article(HEADLINE, "5 words", "1 March 2026", *TAIL, body=body)
    assert found["body"].endswith(text)
    words = {word for part in body.split("<") for word in part.partition(">")[2].split()}
    assert words <= set(f"{found['body']} {found['extra']}".replace("'", " ").split())


def test_a_row_whose_code_is_not_marked_as_such_is_read_and_others_are_kept() -> None:
    rows = [
        ("HD", "Title"),
        ("WC", "5 words"),
        ("PD", "1 March 2026"),
        ("LP", "Text."),
        ("AN", ACCESSION),
        ("Q", "x y"),
    ]
    cells = "".join(
        f"<tr><td class='{'index' if code == 'AN' else ''}'>{code}</td><td>{text}</td></tr>" for code, text in rows
    )
    (found,) = pieces("factiva_html", f"<div class='article enArticle'><table>{cells}</table></div>".encode())
    assert isinstance(found, dict)
    assert (found["headline"], found["published"], found["body"]) == ("Title", "1 March 2026", "Text.")
    assert found["extra"]["below"] == "Q x y"


def test_a_text_between_paragraphs_stays_there() -> None:
    body = "<p class='articleParagraph'>One.</p><p>Between.</p><p class='articleParagraph'>Two.</p>"
    assert article(HEADLINE, "5 words", "1 March 2026", *TAIL, body=body)["body"] == "One.\n\nBetween.\n\nTwo."


def test_a_head_that_is_not_understood_is_rejected_with_what_was_found() -> None:
    (reject,) = pieces("factiva_html", page(HEADLINE, "Something", "else"))
    assert isinstance(reject, Reject)
    assert "found 'Title | Something | else'" in reject.reason
    assert "expected a word count and a date" in reject.reason


@pytest.mark.parametrize("stated", ["UTF-8", "ISO-8859-1"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_what_the_page_says_of_its_encoding_damages_no_letter(encoding: str, stated: str) -> None:
    text = page(HEADLINE, "5 Wörter", "1 März 2026", *TAIL).decode().replace("Title", "Größe – naïve “Fähre”")
    data = f"<meta http-equiv='Content-Type' content='text/html; charset={stated}'>{text}".encode(encoding)
    (found,) = pieces("factiva_html", data)
    assert isinstance(found, dict)
    assert found["headline"] == "Größe – naïve “Fähre”"
    assert marks("factiva_html", data) == 1


def test_articles_count_where_the_container_is_not_read() -> None:
    data = page(HEADLINE, "5 words", "1 March 2026", *TAIL)
    odd = data.replace(b"<div class='article", b"<section class='article")
    assert marks("factiva_html", data + odd) == 2
    assert len(pieces("factiva_html", data + odd)) == 1


@pytest.mark.parametrize("number", [1, 2, 3])
def test_an_article_in_another_container_is_counted_by_its_accession_number(number: int) -> None:
    data = b"".join(page(HEADLINE, "5 words", "1 March 2026", *TAIL) for _ in range(3))
    before, *parts = data.split(b"article enArticle")
    parts = [(b"story" if at == number else b"article enArticle") + part for at, part in enumerate(parts, 1)]
    odd = before + b"".join(parts)
    assert len(articles(pieces("factiva_html", odd))) == 2
    assert marks("factiva_html", odd) == 3


@pytest.mark.parametrize("number", [0, 1])
def test_an_article_in_another_element_of_the_answer_is_counted(number: int) -> None:
    content = "<article><headline>A</headline><accessionNo>a1</accessionNo></article>"
    before, *parts = answer(content, content).split(b"<ppsarticle>")
    parts[number] = parts[number].replace(b"</ppsarticle>", b"</item>")
    odd = before + b"".join((b"<item>" if at == number else b"<ppsarticle>") + part for at, part in enumerate(parts))
    assert len(articles(pieces("factiva_xml", odd))) == 1
    assert marks("factiva_xml", odd) == 2


def test_an_answer_that_states_more_than_it_holds_says_so() -> None:
    found = pieces("factiva_xml", answer("<article><headline>A</headline></article>", count=' count="20"'))
    assert found[0] == Declared(20)
    assert len(articles(found)) == 1


def test_an_article_that_the_service_left_out_is_rejected_with_its_reason() -> None:
    (reject,) = pieces("factiva_xml", answer('<status reason="not available"/>'))
    assert isinstance(reject, Reject)
    assert "reason='not available'" in reject.reason


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("One\nline.\n    Two\nlines.", "One line.\n\nTwo lines."),
        ("\n  One\n  line.\n", "One line."),
        ("One.\n\nTwo.", "One.\n\nTwo."),
        ("One.\r\n   Two.\r\n Three.", "One.\n\nTwo.\n\nThree."),
    ],
)
def test_wrapped_lines_become_paragraphs(text: str, body: str) -> None:
    (found,) = pieces("factiva_xml", answer(f"<article><leadParagraph>{text}</leadParagraph></article>"))
    assert isinstance(found, dict)
    assert found["body"] == body


def test_name_space_prefixes_vary() -> None:
    data = answer("<article><headline>A</headline></article>").replace(b"PPSResponse>", b"r>")
    prefixed = data.replace(b"<pps", b"<f:pps").replace(b"</pps", b"</f:pps").replace(b"<r>", b'<r xmlns:f="urn:f">')
    assert len(pieces("factiva_xml", prefixed)) == marks("factiva_xml", prefixed) == 1


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("factiva_html", b"<html><title>Factiva</title><p>Headlines</p></html>", 'no <div class="article'),
        ("factiva_xml", b"<other/>", "holds no <ppsarticle>; found <other>"),
        ("factiva_xml", answer("<article>")[:-20], "is not well-formed XML"),
        ("factiva_html", b"<div class='article enArticle'>\x00\x01", "NUL bytes"),
    ],
)
def test_another_layout_is_an_error_that_names_what_is_missing(name: str, data: bytes, message: str) -> None:
    with pytest.raises(DumpError, match=message):
        pieces(name, data)


def test_ids_are_global() -> None:
    assert factiva_html.NATIVE_ID_IS_GLOBAL
    assert factiva_xml.NATIVE_ID_IS_GLOBAL


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_is_done_to_its_lines_what_is_read_is_what_is_marked(data: st.DataObject) -> None:
    name, sample = data.draw(st.sampled_from([(name, sample) for name in KINDS for sample in samples(name)]))
    lines = sample.read_bytes().split(b"\n")
    start = data.draw(st.integers(0, len(lines) - 1))
    end = data.draw(st.integers(start, len(lines)))
    change = data.draw(st.sampled_from(("drop", "double", "cut")))
    changed = {
        "drop": lines[:start] + lines[end:],
        "double": lines[:end] + lines[start:],
        "cut": lines[:end],
    }[change]
    dump = b"\n".join(changed)
    try:
        found = articles(pieces(name, dump))
    except DumpError:
        return
    assert len(found) <= marks(name, dump)
    assert all(isinstance(piece, Reject) or piece["position"] for piece in found)


@pytest.mark.parametrize(
    ("folder", "name", "kind", "count", "declared"),
    [
        ("factiva-html", "irish-independence_1_2017-11-14.html", "factiva_html", 44, []),
        ("factiva-html", "nyt_1_1993-01-03.html", "factiva_html", 27, []),
        ("factiva-html", "german-ui.html", "factiva_html", 100, []),
        ("factiva-html", "factiva_test.html", "factiva_html", 2, []),
        ("factiva-html", "clemm_example.html", "factiva_html", 2, []),
        ("factiva-xml", "factiva_test.xml", "factiva_xml", 3, [3]),
        ("factiva-xml", "reut21578-factiva.xml", "factiva_xml", 19, [20]),
    ],
)
def test_real_dumps(folder: str, name: str, kind: str, count: int, declared: list[int]) -> None:
    data = (corpus(folder) / name).read_bytes()
    found = pieces(kind, data)
    assert [piece.articles for piece in found if isinstance(piece, Declared)] == declared
    assert len(articles(found)) == marks(kind, data) == count
    needed = ("headline", "body", "publication", "published", "native_id", "language")
    assert all(piece[field] for piece in articles(found) for field in needed if isinstance(piece, dict))
    assert not any(isinstance(piece, Reject) for piece in found)
    assert not any("head" in piece.get("extra", {}) for piece in found if isinstance(piece, dict))
    assert formats.recognise(data[: formats.HEAD_BYTES], "") == kind
