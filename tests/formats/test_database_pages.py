"""Pages of newspaper databases: heads, texts, and what is no text."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_dumps import SAMPLES, corpus, expected, samples

from etl import formats
from etl.model import Declared, DumpError, Feed, Piece, RawRecord, Reject, Skip

NAMES = ("kikuzo_html", "yomidas_html", "integrum_html", "defacto_html", "knipsels_html")
FEED = Feed("database")
PAGES = [(name, sample) for name in NAMES for sample in samples(name)]
REAL = [
    ("kikuzo_html", "databases/kikuzo", "*.html", 100, 95),
    ("yomidas_html", "databases/yomidas", "*.html", 78, 70),
    ("integrum_html", "databases/integrum", "*.html", 27, 27),
    ("defacto_html", "databases/defacto", "*.htm", 21, 21),
    ("knipsels_html", "databases/bzk", "*.html", 45, 27),
]


def pieces(name: str, data: bytes) -> list[Piece]:
    return list(formats.named(name).read(io.BytesIO(data), FEED))


def marks(name: str, data: bytes) -> int:
    return formats.named(name).count_marks(io.BytesIO(data), FEED)


def records(name: str, data: bytes) -> list[RawRecord]:
    return [piece for piece in pieces(name, data) if isinstance(piece, dict)]


def sample(name: str) -> bytes:
    """The sample with most articles."""
    return max((path.read_bytes() for path in samples(name)), key=lambda data: marks(name, data))


def one(name: str, old: str, new: str, codec: str = "utf-8", at: int = 0) -> dict[str, Any]:
    """An article of a sample in which something else stands."""
    data = sample(name)
    assert old.encode(codec) in data
    return records(name, data.replace(old.encode(codec), new.encode(codec)))[at]


@pytest.mark.parametrize(("name", "page"), PAGES, ids=lambda value: getattr(value, "name", value))
def test_samples(name: str, page: Path) -> None:
    data = page.read_bytes()
    assert records(name, data) == expected(page)
    assert marks(name, data) == len(expected(page))
    assert formats.recognise(data[: formats.HEAD_BYTES], "") == name


@pytest.mark.parametrize("name", NAMES)
def test_no_other_dump_is_taken_for_it(name: str) -> None:
    recognise = formats.named(name).recognise  # type: ignore[attr-defined]
    others = [path for path in SAMPLES.rglob("*") if path.is_file() and path.parent.name != name]
    assert [path.name for path in others if recognise(path.read_bytes()[: formats.HEAD_BYTES], "")] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_page_without_articles_is_an_error_that_says_what_is_missing(name: str) -> None:
    with pytest.raises(DumpError, match=r"holds no <.*; save the page of the articles themselves again"):
        pieces(name, b"<html><body><p>No results.</p></body></html>")


@pytest.mark.parametrize(("name", "page"), PAGES, ids=lambda value: getattr(value, "name", value))
@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_a_page_that_was_saved_in_another_encoding_is_the_same(name: str, page: Path, codec: str) -> None:
    stored = {"integrum_html": "cp1251", "defacto_html": "latin-1"}.get(name, "utf-8")
    text = page.read_bytes().partition(b"\0")[0].decode(stored)
    assert records(name, text.encode(codec)) == expected(page)
    assert marks(name, text.encode(codec)) == len(expected(page))


@pytest.mark.parametrize(("name", "folder", "files", "articles", "with_text"), REAL)
def test_real_pages(name: str, folder: str, files: str, articles: int, with_text: int) -> None:
    (page,) = corpus(folder).glob(files)
    data = page.read_bytes()
    found = records(name, data)
    assert (len(found), marks(name, data), sum("body" in article for article in found)) == (
        articles,
        articles,
        with_text,
    )
    assert all(article["headline"] and article["published"] for article in found)
    assert formats.recognise(data[: formats.HEAD_BYTES], "") == name


def test_what_the_page_states_of_its_articles_is_told() -> None:
    assert Declared(3) in pieces("yomidas_html", sample("yomidas_html"))
    assert Declared(3) in pieces("integrum_html", sample("integrum_html"))
    assert not [piece for piece in pieces("kikuzo_html", sample("kikuzo_html")) if isinstance(piece, Declared)]


def test_a_lost_article_of_yomidas_leaves_no_other_one_its_number() -> None:
    before, _, after = sample("yomidas_html").partition(b'<div id="heiseiDetailArea">')
    _, _, rest = after.partition(b'<div id="heiseiDetailArea">')
    found = pieces("yomidas_html", before + b'<div id="heiseiDetailArea">' + rest)
    assert Declared(3) in found
    assert [piece.get("native_id") for piece in found if isinstance(piece, dict)] == [None, None]


def test_a_number_of_another_day_is_not_that_of_the_article() -> None:
    assert "native_id" not in one("yomidas_html", "2026.03.02", "2026.03.03")


@pytest.mark.parametrize("page", samples("kikuzo_html"), ids=lambda path: path.name)
@pytest.mark.parametrize("codec", ["shift_jis", "euc_jp", "utf-16"])
@pytest.mark.parametrize("title", ["朝日新聞記事検索サービス", "検索"])
def test_a_page_of_kikuzo_is_recognised_in_every_encoding(page: Path, codec: str, title: str) -> None:
    text = page.read_text(encoding="utf-8").replace("朝日新聞記事検索サービス", title)
    text = re.sub("charset=[\\w-]+", f"charset={codec}", text)
    data = text.encode(codec, "xmlcharrefreplace")
    assert formats.recognise(data[: formats.HEAD_BYTES], "") == "kikuzo_html"
    assert records("kikuzo_html", data) == expected(page)
    assert marks("kikuzo_html", data) == len(expected(page))


def test_an_unknown_label_of_kikuzo_is_kept() -> None:
    assert one("kikuzo_html", ">面名<", ">誌名<")["extra"]["誌名"] == "１総"


@pytest.mark.parametrize(("text", "body"), [("【写真】は昨日。", "【写真】は昨日。"), ("前。<br>【図】<br>橋", "前。")])
def test_a_sign_of_a_picture_begins_captions_only_below_a_text(text: str, body: str) -> None:
    old = "　橋は一九五二年に架けられた。"
    found = one(
        "kikuzo_html",
        f"<br>　〇揺れる橋<br>{old}点検で三つの穴が見つかった。<br>　〈注〉橋の長さは四百メートル。",
        text,
        at=2,
    )
    assert found["body"] == body


def test_labels_without_their_values_are_rejected() -> None:
    data = sample("kikuzo_html").replace(">文字数</th>".encode(), b"></th><th>?</th>", 1)
    first, *others = pieces("kikuzo_html", data)
    assert isinstance(first, Reject)
    assert "found 7 labels and 6 values above it" in first.reason
    assert len(others) == 2


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("     Первый\nабзац.\n     Второй.", "Первый абзац.\n\nВторой."),
        ("Первый\nабзац.\n\nВторой.", "Первый абзац.\n\nВторой."),
        ('     П<font color="#FF0000"><b>ер</b></font>вый.', "Первый."),
    ],
)
def test_wrapped_lines_of_integrum_are_paragraphs(text: str, body: str) -> None:
    (start, end) = ("\r\n     Причал закрыт до понедельника.", "")
    assert one("integrum_html", start, f"\r\n{text}{end}", "cp1251", at=1)["body"] == body


def test_a_headline_of_integrum_without_its_label_is_that_above_the_text() -> None:
    found = one("integrum_html", "^ЗГ:", "^ПЗ:", "cp1251")
    assert (found["headline"], found["extra"]["ПЗ"]) == ("ПАРОМ СНОВА ХОДИТ", "ПАРОМ СНОВА ХОДИТ")


@pytest.mark.parametrize(
    ("head", "publication", "issue", "published", "page"),
    [
        ('"Der Pegelbote" vom 02.03.2026  Seite: 1', "Der Pegelbote", None, "02.03.2026", "1"),
        ('"Bote vom Kai" Nr. 64/2026 vom 2.3.2026  Seite 8', "Bote vom Kai", "Nr. 64/2026", "2.3.2026", "8"),
        ('"Bote" vom 02.03.2026', "Bote", None, "02.03.2026", None),
        ('"ZIB 2" vom 02.03.2026 22:00', "ZIB 2", None, "02.03.2026 22:00", None),
    ],
)
def test_heads_of_defacto(head: str, publication: str, issue: str | None, published: str, page: str | None) -> None:
    old = '"Der Pegelbote" vom 02.03.2026                                Seite: 1'
    found = one("defacto_html", old, head, "latin-1")
    told = (found["publication"], found.get("extra", {}).get("issue"), found["published"], found.get("page"))
    assert told == (publication, issue, published, page)


def test_a_head_of_defacto_without_a_day_is_rejected_and_counted() -> None:
    data = sample("defacto_html").replace(b'"Furter Nachrichten" vom 03.03.2026', b'"Furter Nachrichten"')
    (reject,) = [piece for piece in pieces("defacto_html", data) if isinstance(piece, Reject)]
    assert 'expected a publication and a day ("Der Pegelbote" vom 02.03.2026)' in reject.reason
    assert reject.position == "article 3"
    assert marks("defacto_html", data) == len(pieces("defacto_html", data))


def test_a_caption_within_an_article_of_defacto_stays_where_it_is() -> None:
    found = one("defacto_html", "<p>    Mara Lindqvist</p>", "<p>Bild: Mara Lindqvist</p>", "latin-1", at=1)
    assert found["body"].startswith("Bild: Mara Lindqvist\n\nFurt.")


@pytest.mark.parametrize(
    ("paragraph", "byline"),
    [
        ("Von Mara Lindqvist", "Von Mara Lindqvist"),
        ("Von Mara Lindqvist und Öle B. Graf", "Von Mara Lindqvist und Öle B. Graf"),
        ("Mara Lindqvist", None),
        ("Von Montag an fährt die Fähre", None),
        ("Von Furt nach Kai", None),
    ],
)
def test_a_first_paragraph_of_von_and_names_is_the_byline(paragraph: str, byline: str | None) -> None:
    found = one("defacto_html", "<p>    Mara Lindqvist</p>", f"<p>   {paragraph}</p>", "latin-1", at=1)
    assert found.get("byline") == byline
    assert found["body"].startswith("Furt. Bei" if byline else paragraph)


def test_pages_and_sections_of_a_clipping() -> None:
    found = one("knipsels_html", "pagina 08-9", "pagina 12 Economie", at=1)
    assert (found["page"], found["section"]) == ("12", "Economie")


def test_what_a_browser_wrote_after_a_clip_folder_is_skipped() -> None:
    menus, skip = [piece for piece in pieces("knipsels_html", sample("knipsels_html")) if isinstance(piece, Skip)]
    assert (menus.kind, menus.text) == ("menus of the page", "Mappen Inbox Bron: Alle bronnen")
    assert (skip.kind, "Werkmap" in skip.text) == ("rest of a saved page", True)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_whatever_is_done_to_its_tags_nothing_is_read_twice_or_without_a_place(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES))
    tags = sample(name).partition(b"\0")[0].split(b"<")
    start = data.draw(st.integers(0, len(tags) - 1))
    end = data.draw(st.integers(start, len(tags)))
    change = data.draw(st.sampled_from(("drop", "cut")))
    dump = b"<".join({"drop": tags[:start] + tags[end:], "cut": tags[:end]}[change])
    try:
        found = [piece for piece in pieces(name, dump) if isinstance(piece, dict | Reject)]
    except DumpError:
        return
    assert [piece["position"] if isinstance(piece, dict) else piece.position for piece in found] == [
        f"article {number}" for number in range(1, len(found) + 1)
    ]
    assert len(found) <= len(records(name, sample(name)))
