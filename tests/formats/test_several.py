"""Pages that hold several articles are refused with their number; whatever else repeats itself is one article."""

from __future__ import annotations

import io
from itertools import cycle

import pytest
from sample_dumps import corpus

from etl.formats import html, warc
from etl.formats.web.several import articles_in
from etl.intake.containers import members
from etl.model import DumpError, Feed, Piece, Reject

FEED = Feed("pages")
_TEXTS = cycle(
    [
        "The harbour council met on Monday evening and agreed to rebuild the old pier before the storms arrive.",
        "Fishermen from the northern quay said that the plan leaves them without a landing place until May.",
        "The mayor promised an answer within two weeks, and money from the reserve for bad winters.",
        "A baker in the upper town keeps bread fresh for nine days by resting the dough in jars of clay.",
        "Her neighbours first laughed at the jars, then asked for recipes, and now a museum wants one of them.",
        "The second ferry will sail again from the first of June, after both of its engines were replaced.",
        "Islanders had complained for months of crowded crossings and of cars left behind on the quay.",
    ]
)
HEADLINES = ["Old pier to be rebuilt", "Bread that lasts nine days", "Second ferry sails again", "Owls in the tower"]
DATES = ["5 January 2018", "6 January 2018", "8 January 2018", "11 January 2018"]


def text(paragraphs: int = 3) -> str:
    return "".join(f"<p>{next(_TEXTS)}</p>" for _ in range(paragraphs))


def page(body: str, title: str = "Evening Lamp", head: str = "") -> str:
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def repeated(layout: str, number: int = 4) -> str:
    """The layout with `{n}`, `{head}`, `{date}` and `{text}` filled in for each article."""
    parts = zip(range(1, number + 1), HEADLINES, DATES, strict=False)
    return "".join(layout.format(n=n, head=head, date=date, text=text(), one=next(_TEXTS)) for n, head, date in parts)


def pieces(data: str | bytes, feed: Feed = FEED) -> list[Piece]:
    return list(html.read(io.BytesIO(data.encode() if isinstance(data, str) else data), feed))


def marks(data: str | bytes, feed: Feed = FEED) -> int:
    return html.count_marks(io.BytesIO(data.encode() if isinstance(data, str) else data), feed)


LAYOUTS = {
    "headings with a date": "<div class=hit><h3>{head}</h3><span class=d>{date}</span>{text}</div>",
    "a date before the heading": "<p class=src>Furt Gazette, {date}</p><h2>{head}</h2>{text}<hr>",
    "articles": "<article id='{n}'><h2>{head}</h2><p>Furt Gazette | {date}</p>{text}</article>",
    "articles without a date": "<article><h2>{head}</h2>{text}{text}</article>",
    "bold headlines": "<p><b>{head}</b></p><p>Lark Bay News ({date}), p. {n}</p>{text}",
    "nothing marked": "<p>{head}</p><p>Lark Bay News, {date}, page {n}</p>{text}<br><br>",
    "labels": "<p><b>Title:</b> {head}</p><p><b>Source:</b> Lark Bay News</p><p><b>Date:</b> {date}</p>"
    "<p><b>Text:</b></p><p>{one}</p>",
    "labels in cells": "<table><tr><td>Titel</td><td class=titel>{head}</td></tr><tr><td>Datum</td><td>{date}</td></tr>"
    "<tr><td>Text</td><td>{text}</td></tr></table>",
    "one article a row": "<table><tr><td>{n}</td><td>{date}</td><td>{head}</td><td>{one} {one}</td></tr></table>",
    "numbered documents": "<p>Dokument {n} von 4</p><p>{head}</p>{text}",
    "n of N": "<p>{n} of 4 DOCUMENTS</p><p>{head}</p>{text}",
    "bylines": "<h2>{head}</h2><p class=author>By Ann Lee</p>{text}",
    "Japanese": "<table><tr><td>{n}</td><td>2018年01月0{n}日</td><td>朝刊</td></tr></table>"
    "<div>港湾評議会は月曜日の夜に会合を開き、冬の嵐が来る前に古い桟橋を再建することで合意した。費用は二百万クローネと見込まれる。</div>",
    "Russian": "<h3>Старый причал</h3><p>Вечерняя лампа; 0{n}.02.1994; 6</p>"
    "<pre>Портовый совет собрался в понедельник вечером и решил перестроить\nстарый причал до зимних штормов, за два "
    "миллиона крон.\nРыбаки с северной набережной говорят, что этот план лишает их\nместа для швартовки до мая.</pre>",
    "boxes to tick": "<div><input type=checkbox value={n}><a href='/{n}' class=title>{head}</a><br>"
    "<span>Lark Bay News / {date}</span><p>{one}</p></div>",
}


@pytest.mark.parametrize("number", [2, 4])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_articles_in_an_unknown_layout_are_counted_and_nothing_of_them_is_read(layout: str, number: int) -> None:
    data = page(repeated(LAYOUTS[layout], number))
    assert marks(data) == number
    with pytest.raises(DumpError, match=rf"holds about {number} articles .* broadsheet inspect .* one_article = true"):
        pieces(data)


RESULTS = (
    "<h1>Search results: 3 articles</h1><table>{}</table>",
    "<tr><td>{n}</td><td>{date}</td><td class=title>{head}</td></tr><tr><td colspan=3>{text}</td></tr>",
)
CLIPPINGS = "<div class=clip><p class=src>Furt Gazette, {date}, page {n}</p><h3>{head}</h3>{text}</div>"
REVIEW = "<section><h2>{head}</h2><p>Lark Bay News, {date}</p>{text}</section>"
POST = "<div class=post><time>14:0{n}</time><h3>{head}</h3>{text}</div>"
POST_OF_A_DAY = "<div class=post><p class=when>5 January 2018, 14:0{n}</p><h3>{head}</h3>{text}</div>"
COMMENT = "<li class=remark><b>Guest {n}</b><span>{date} 12:3{n}</span><p>{one}</p><p>{one}</p></li>"
TEASER = "<div class=item><h3><a href='/{n}'>{head}</a></h3><span>{date}</span><p>{one}</p></div>"
SPEECH = "<p><b>Ann Lee:</b> {one} {one}</p><p><b>Bo Moe:</b> {one}</p><p><b>Host:</b> {one} {one}</p>"
ARTICLE = "<h1>Old pier to be rebuilt</h1><p>3 January 2018</p>"

SEVERAL = {
    "result list": (page(RESULTS[0].format(repeated(RESULTS[1], 3))), 3),
    "clippings": (page("<h1>Clippings of the week</h1>" + repeated(CLIPPINGS)), 4),
    "press review": (page("<h1>What the papers say</h1>" + text(1) + repeated(REVIEW)), 4),
}
ONE = {
    "live blog": page("<h1>Storm reaches the harbour</h1>" + text(1) + repeated(POST)),
    "live blog of a day": page("<h1>Storm reaches the harbour</h1>" + text(1) + repeated(POST_OF_A_DAY)),
    "comments": page(f"<article>{ARTICLE}{text()}</article><h2>4 comments</h2><ul>{repeated(COMMENT)}</ul>"),
    "comments without a word for it": page(f"<article>{ARTICLE}{text()}{text()}</article><ul>{repeated(COMMENT)}</ul>"),
    "forum": page("<h1>Old pier</h1>" + repeated("<h3>{head}</h3><p>{date} 12:3{n}</p>{text}<a href='#'>Reply</a>")),
    "home page": page(f"<h1>Evening Lamp</h1>{repeated(TEASER)}{repeated(TEASER)}"),
    "section page": page(f"<h1>Harbour</h1><ul>{repeated('<li>' + TEASER + '</li>')}</ul>"),
    "teasers": page(f"<article>{ARTICLE}{text()}{text()}</article><div>{repeated(TEASER)}</div>"),
    "transcript": page("<h1>The pier: a talk</h1><p>3 January 2018</p>" + repeated(SPEECH)),
    "chapters": page(f"{ARTICLE}{repeated('<h2>{head}</h2>{text}')}"),
    "one with a date in each chapter": page(f"{ARTICLE}{text()}" + repeated("<h2>{date}</h2>{text}")),
    "pictures": page(f"{ARTICLE}{text()}" + repeated("<figure><figcaption>Photo {n} of 4</figcaption></figure>{text}")),
}


@pytest.mark.parametrize("kind", SEVERAL)
def test_a_page_of_this_kind_is_refused_with_the_number_of_its_articles(kind: str) -> None:
    data, number = SEVERAL[kind]
    assert marks(data) == number
    with pytest.raises(DumpError, match=f"holds about {number} articles in a layout that no reader knows"):
        pieces(data)


@pytest.mark.parametrize("kind", ONE)
def test_a_page_of_this_kind_is_one_article(kind: str) -> None:
    assert marks(ONE[kind]) == 1
    (found,) = pieces(ONE[kind])
    assert isinstance(found, dict)
    assert found["body"]


def test_several_pages_in_one_file_are_each_an_article() -> None:
    whole = [page(f"<h1>{head}</h1><p>{date}</p>{text()}", head) for head, date in zip(HEADLINES, DATES, strict=True)]
    cut = [one.removesuffix("</body></html>") for one in whole]
    bare = [f"<html><body><h1>{head}</h1>{text()}</body></html>" for head in HEADLINES]
    for pages in (whole, cut, bare, [f'<?xml version="1.0"?>{one}' for one in bare]):
        data = "\n\n".join(pages)
        found = pieces(data)
        assert [piece["headline"] for piece in found if isinstance(piece, dict)] == HEADLINES
        assert len({piece["position"] for piece in found if isinstance(piece, dict)}) == 4
        assert marks(data) == 4


def test_each_page_of_a_file_is_in_its_own_encoding() -> None:
    pages = [page(f"<h1>Fähre</h1>{text()}", head=f"<meta charset={name}>") for name in ("utf-8", "iso-8859-1")]
    data = pages[0].encode() + pages[1].encode("cp1252")
    assert [piece["headline"] for piece in pieces(data) if isinstance(piece, dict)] == ["Fähre", "Fähre"]
    assert marks(data) == 2


def test_a_frame_or_a_script_with_a_page_in_it_begins_no_other_page() -> None:
    other = "<!doctype html><html><head></head><body><p>Buy.</p></body></html>"
    for inside in (f"<script>x = '{other}'</script>", f"<!-- {other} -->", f"<iframe>{other}</iframe>"):
        data = page(f"{ARTICLE}{text()}{inside}{text()}")
        assert len(pieces(data)) == marks(data) == 1


def test_one_page_of_several_articles_refuses_the_file_that_it_is_in() -> None:
    data = page(ARTICLE + text()) + SEVERAL["clippings"][0]
    assert marks(data) == 5
    with pytest.raises(DumpError, match="holds about 4 articles"):
        pieces(data)


@pytest.mark.parametrize("kind", SEVERAL)
def test_a_stanza_may_say_that_it_is_one_article(kind: str) -> None:
    feed = Feed("pages", one_article=True)
    (found,) = pieces(SEVERAL[kind][0], feed)
    assert isinstance(found, dict)
    assert marks(SEVERAL[kind][0], feed) == 1


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="og:type" content="article">',
        '<meta content="article" property="og:type"/>',
        '<meta property="article:published_time" content="2018-01-05">',
        '<script type="application/ld+json">{"@type": "NewsArticle"}</script>',
        '<meta itemscope itemtype="https://schema.org/NewsArticle">',
    ],
)
def test_a_page_that_says_it_is_an_article_is_one(head: str) -> None:
    data = page(repeated(REVIEW), head=head)
    assert len(pieces(data)) == marks(data) == 1


def test_articles_that_each_say_that_they_are_one_are_several() -> None:
    layout = '<div itemscope itemtype="https://schema.org/NewsArticle">' + REVIEW + "</div>"
    assert marks(page(repeated(layout), head='<meta property="og:type" content="website">')) == 4


def test_the_outline_says_where_each_article_begins() -> None:
    data = page("\n\n".join(repeated(CLIPPINGS).split("<div class=clip>")))
    outline = html.outline(io.BytesIO(data.encode()), FEED)
    assert outline == [f"line {1 + 2 * n}: {head}" for n, head in enumerate(HEADLINES, 1)]


def test_a_web_archive_rejects_the_page_alone() -> None:
    def response(body: str) -> bytes:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
        block = (head + body).encode()
        lines = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/1\r\nContent-Length: {len(block)}"
        )
        return f"{lines}\r\n\r\n".encode() + block + b"\r\n\r\n"

    data = response(SEVERAL["clippings"][0]) + response(page(ARTICLE + text()))
    bad, good = warc.read(io.BytesIO(data), FEED)
    assert isinstance(bad, Reject)
    assert bad.reason.startswith("http://a.example/1: holds about 4 articles")
    assert isinstance(good, dict)
    assert warc.count_marks(io.BytesIO(data), FEED) == 2
    assert all(isinstance(piece, dict) for piece in warc.read(io.BytesIO(data), Feed("crawl", one_article=True)))


REAL = {"bzk": 45, "defacto": 21, "integrum": 27, "kikuzo": 100, "yomidas": 78}


@pytest.mark.parametrize("database", REAL)
def test_real_exports_of_databases_are_refused_with_their_number(database: str) -> None:
    (path,) = [path for path in corpus("databases").joinpath(database).iterdir() if path.suffix in (".html", ".htm")]
    assert marks(path.read_bytes()) == REAL[database]
    with pytest.raises(DumpError, match=f"about {REAL[database]} articles"):
        pieces(path.read_bytes())


def test_no_real_page_is_taken_for_several_articles() -> None:
    for path in sorted((corpus("html-benchmark") / "html").iterdir()):
        (member,) = members(path)
        with member.open() as stream:
            data = stream.read()
        assert html.judged(data, None) is None, path.name
        assert marks(data) == 1, path.name


def test_hardly_any_real_page_needs_to_say_that_it_is_an_article() -> None:
    several = 0
    for path in sorted((corpus("html-benchmark") / "html").iterdir())[::4]:
        (member,) = members(path)
        with member.open() as stream:
            several += len(articles_in(stream.read().decode("utf-8", "replace"))) > 1
    assert several <= 1
