"""Web pages: the article and no more of the page, in the page's encoding, with what the page knows of it."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from newsroom import Newsroom
from sample_dumps import SAMPLES, corpus, expected, samples

from etl import formats
from etl.formats import html
from etl.formats.web import printed
from etl.intake.containers import members
from etl.model import Doubt, DumpError, Feed, Piece, Reject

FEED = Feed("pages")
FIRST = "The ferry was late again on Monday, and nobody on the pier could say why that was."
SECOND = "It left at nine, an hour after the last of the passengers had gone home by the bridge."
ARTICLE = f"<h1>Ferry late</h1><p>{FIRST}</p><p>{SECOND}</p>"


def pieces(data: bytes | str, feed: Feed = FEED) -> list[Piece]:
    return list(html.read(io.BytesIO(data.encode() if isinstance(data, str) else data), feed))


def record(data: bytes | str, feed: Feed = FEED) -> dict[str, Any]:
    (found,) = pieces(data, feed)
    assert isinstance(found, dict), found
    return found


def page(body: str = ARTICLE, head: str = "", attributes: str = "") -> str:
    return f"<!doctype html><html {attributes}><head><title>Ferry late</title>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize("sample", samples("html"), ids=lambda path: path.name)
def test_samples(sample: Any) -> None:
    assert pieces(sample.read_bytes()) == expected(sample)
    assert html.count_marks(sample.open("rb"), FEED) == 1
    assert formats.recognise(sample.read_bytes(), "") == "html"


@pytest.mark.parametrize("other", [path.name for path in SAMPLES.iterdir() if path.name != "html"])
def test_other_formats_are_not_taken_for_it(other: str) -> None:
    for sample in samples(other):
        assert formats.recognise(sample.read_bytes()[: formats.HEAD_BYTES], "") != "html"


@pytest.mark.parametrize(
    "start",
    ["<HTML>", "\n <!DOCTYPE html>", "<!-- a --><!-- b -->\n<html lang=x>", '<?xml version="1.0"?>\n<html xmlns="x">'],
)
def test_a_page_is_known_by_its_first_element(start: str) -> None:
    assert html.recognise(start.encode(), "") == html.recognise(start.encode("utf-16"), "") == 0.5


PROLOGS = [
    "<script>window.a = '<p>';</script>",
    "<style>p { color: red }</style><script src=a.js></script>",
    "<br />\n<b>Warning</b>:  Undefined variable $x in <b>/srv/a.php</b> on line <b>12</b><br />\n",
    "PHP Notice:  Undefined index: id in /srv/a.php on line 3\nNotice: Undefined index: id in /srv/a.php on line 3\n\n",
    "<meta charset=utf-8><link rel=stylesheet href=a.css><title>Ferry</title>",
    "<?php include 'a.php'; ?>\n<!-- cached -->",
    "\n\n \ufeff\n",
]


@pytest.mark.parametrize("prolog", PROLOGS)
def test_a_page_is_known_after_what_a_server_wrote_before_it(prolog: str) -> None:
    data = f"{prolog}{page()}".encode()
    assert formats.recognise(data, "page.html") == "html"
    found = record(data)
    assert (found["headline"], found["body"]) == ("Ferry late", f"{FIRST}\n\n{SECOND}")
    assert html.count_marks(io.BytesIO(data), FEED) == 1


@pytest.mark.parametrize(
    "quoting",
    [
        '{"body": "<!doctype html><html><p>x"}\n',
        'id,body\n1,"<html><body>x</body></html>"\n',
        "<script>no end <html>",
        "Warning: a page begins with <html>\n<html>",
        "<div><html>",
    ],
)
def test_what_quotes_a_page_is_not_one(quoting: str) -> None:
    assert html.recognise(quoting.encode(), "a.html") == 0


@pytest.mark.parametrize("start", ["<nitf>", '<?xml version="1.0"?><rss>', "Some <html> in a text", "{", "", "<htmlx>"])
def test_what_only_speaks_of_html_is_no_page(start: str) -> None:
    assert html.recognise(start.encode(), "") == 0


@pytest.mark.parametrize(
    "furniture",
    [
        "<nav><p>{}</p></nav>",
        "<aside><p>{}</p></aside>",
        "<footer><p>{}</p></footer>",
        '<div class="related-stories"><p>{}</p></div>',
        '<div id="commentList"><p>{}</p></div>',
        '<div style="display: none"><p>{}</p></div>',
        "<form><p>{}</p></form>",
        "<figure><figcaption>{}</figcaption></figure>",
        "<ul><li><a href='/1'>{}</a></li></ul>",
        "<script>'{}'</script>",
        "<p>Read more: <a href='/1'>{}</a></p>",
    ],
)
def test_what_stands_around_the_article_is_not_body(furniture: str) -> None:
    other = "Another sentence that is as long as those of the article and is none of them, at all."
    for body in (ARTICLE + furniture.format(other), furniture.format(other) + ARTICLE):
        assert record(page(body))["body"] == f"{FIRST}\n\n{SECOND}"


@pytest.mark.parametrize(
    "frame",
    [
        '<div class="main has-sidebar">{}</div>',
        '<article class="post type-post tag-ads author-social">{}</article>',
        '<div id="page-overlay">{}</div>',
        '<form id="aspnet">{}</form>',
        '<div class="paywall">{}</div>',
        "<table><tr><td>{}</td></tr></table>",
    ],
)
def test_the_article_is_found_in_whatever_frame(frame: str) -> None:
    assert record(page(frame.format(ARTICLE)))["body"] == f"{FIRST}\n\n{SECOND}"


PARTS = [f"{name} {FIRST} {SECOND}" for name in ("One:", "Two:", "Three:", "Four:", "Five:", "Six:")]


@pytest.mark.parametrize("name", ["article-widget x", "cta", "sidebar-grid__content", "widget-text", "moduleWidget"])
@pytest.mark.parametrize("frame", ['<div class="{}">{}</div>', '<div><div class="{}"><div>{}</div></div></div>'])
def test_an_article_in_several_containers_named_like_furniture_is_read_whole(name: str, frame: str) -> None:
    for shares in ((1, 1, 1, 1, 1, 1), (2, 1, 3), (6,)):
        parts = iter(PARTS)
        boxes = ["".join(f"<p>{next(parts)}</p>" for _ in range(share)) for share in shares]
        body = f"<article><h1>Ferry late</h1>{''.join(frame.format(name, box) for box in boxes)}</article>"
        advert = (
            '<div class="widget"><p>The Gazette is printed in Furt, and brought by boat every day but Sunday.</p></div>'
        )
        assert record(page(body + advert))["body"].split("\n\n") == PARTS


NOTICES = [
    "<p>Subscribe to continue reading this article.</p>",
    "<div><p>This text is for subscribers only.</p><p>Already a subscriber? <a href=/l>Log in</a></p></div>",
    "<p>Jetzt weiterlesen mit der Gazette. Sie haben bereits ein Abo? Hier einloggen.</p>",
    "<p>Cet article est réservé aux abonnés de la Gazette.</p>",
    "<div><p>You have 2 free articles left this month.</p></div>",
    "<div class=x1><p>We use cookies to make your visit better. By staying you agree to our cookie policy.</p></div>",
    "<div><p>Here you find external content of a network that goes with the text. Show it with one click.</p></div>",
    "<div><h3>Our newsletter</h3><p>The most important news in your inbox every morning, free of charge.</p></div>",
    "<p>It looks like you use an ad blocker. Please turn it off for this site.</p>",
    "<p>We need readers like you: please support our journalism.</p>",
    "<p>© 2026 The Harbour Gazette. All rights reserved.</p>",
    "<div class=c><a href=/x><h4>Bread for nine days</h4><p>A baker keeps bread fresh in jars of clay.</p></a></div>",
]


@pytest.mark.parametrize("notice", NOTICES)
def test_what_a_site_says_to_its_readers_between_paragraphs_is_not_body(notice: str) -> None:
    for body in (f"<p>{FIRST}</p>{notice}<p>{SECOND}</p>", f"<p>{FIRST}</p><p>{SECOND}</p>{notice}"):
        assert record(page(f"<h1>Ferry late</h1>{body}"))["body"] == f"{FIRST}\n\n{SECOND}"


def test_what_somebody_says_of_such_things_is_body() -> None:
    said = "“We use cookies, and you agree to our policy,” said the baker, “but only for the bread.”"
    assert record(page(f"<h1>Ferry late</h1><p>{FIRST}</p><p>{said}</p><p>{SECOND}</p>"))["body"].count("cookies") == 1


def test_lists_tables_quotations_and_separators_of_the_article_stay() -> None:
    extra = (
        "<h2>When</h2><ul><li>at nine</li><li><a href='/t'>at ten</a></li></ul>"
        "<table><tr><td>Pier</td><td>1</td></tr></table>"
        "<div class='social-embed'><blockquote>We left.</blockquote></div><p>* * *</p><pre>one\n two</pre>"
    )
    body = record(page(f"<h1>Ferry late</h1><p>{FIRST}</p>{extra}<p>{SECOND}</p>"))["body"]
    assert body.split("\n\n")[1:-1] == ["When", "at nine", "at ten", "Pier 1", "We left.", "* * *", "one\ntwo"]


CARD = (
    "<table><tr><td>Title</td><td>Ferry late</td></tr><tr><th>Author:</th><td>Mara Lind</td></tr>"
    "<tr><td>Date</td><td>2026-03-03</td></tr><tr><td>Text</td><td>{}</td></tr></table>"
)


def test_an_article_in_a_table_of_labels_is_read_by_them() -> None:
    found = record("<html><title>Valley Wire</title>" + CARD.format(f"{FIRST}<p>{SECOND}<p>{FIRST}"))
    assert {name: found[name] for name in ("headline", "byline", "published", "body")} == {
        "headline": "Ferry late",
        "byline": "Mara Lind",
        "published": "2026-03-03",
        "body": f"{FIRST}\n\n{SECOND}\n\n{FIRST}",
    }


def test_a_table_of_labels_beside_an_article_says_nothing_of_it() -> None:
    found = record(page(f"<h1>Ferry late</h1><p>{FIRST}</p><p>{SECOND}</p>{CARD.format('It is late.')}"))
    assert found["body"].startswith(f"{FIRST}\n\n{SECOND}")
    assert "byline" not in found


def test_words_before_the_first_paragraph_of_a_cell_are_body() -> None:
    found = record(page(f"<table><tr><td>{FIRST}<p>{SECOND}<p>{SECOND}</td></tr></table>"))
    assert found["body"] == f"{FIRST}\n\n{SECOND}\n\n{SECOND}"


def test_a_paragraph_above_a_table_is_kept_and_told() -> None:
    rows = "".join(f"<tr><td>Ward {ward}</td><td>{SECOND}</td></tr>" for ward in range(9))
    found, doubt = pieces(f"<html><body><h2>Who won</h2><p>{FIRST} {SECOND}</p><table>{rows}</table></body></html>")
    assert isinstance(found, dict)
    assert found["extra"]["printed_above"] == f"{FIRST} {SECOND}"
    assert isinstance(doubt, Doubt)
    assert "about 35 words between the headline and the text" in doubt.warning


def test_two_line_breaks_end_a_paragraph_and_one_does_not() -> None:
    assert record(page(f"<p>{FIRST}<br>{SECOND}<br> <br>{FIRST}</p>"))["body"] == f"{FIRST}\n{SECOND}\n\n{FIRST}"


def test_the_printed_headline_counts_and_not_that_for_networks() -> None:
    head = '<meta property="og:title" content="You will not believe how late"><title>Ferry</title>'
    assert record(page(head=head))["headline"] == "Ferry late"


def test_the_name_of_the_site_is_no_headline() -> None:
    body = f"<h1>The Gazette</h1><h2>Latest</h2><div>Ferry late</div><p>{FIRST}</p><p>{SECOND}</p>"
    assert record(page(body))["headline"] == "Ferry late"


def test_what_is_printed_between_headline_and_text_is_the_deck() -> None:
    body = f"<h1>Ferry late</h1><h2>Passengers want their money back</h2><div><p>{FIRST}</p><p>{SECOND}</p></div>"
    found = record(page(body))
    assert (found["deck"], found["body"]) == ("Passengers want their money back", f"{FIRST}\n\n{SECOND}")


@pytest.mark.parametrize(
    ("head", "byline"),
    [
        ('<meta name="author" content="Ann Lee">', "Ann Lee"),
        ('<meta name="author" content="https://x.example/ann"><meta name="byl" content="By Ann Lee">', "By Ann Lee"),
        (
            '<script type="application/ld+json">{"@type": "Article", "author": ["Ann Lee", {"name": "Bo"}]}</script>',
            "Ann Lee; Bo",
        ),
        ('<script type="application/ld+json">{"@type": "Article", "author": {}, }</script>', "By Cy Moe"),
        ('<script type="application/ld+json">[{"@type": "Person", "name": "Nobody"}]</script>', "By Cy Moe"),
        ("", "By Cy Moe"),
    ],
)
def test_the_byline_is_what_the_head_says_else_what_is_printed(head: str, byline: str) -> None:
    body = ARTICLE.replace("</h1>", "</h1><div>By Cy Moe | 3 March 2026</div>")
    found = record(page(body, head))
    assert (found["byline"], found["body"]) == (byline, f"{FIRST}\n\n{SECOND}")


def test_the_author_of_a_comment_is_not_that_of_the_article() -> None:
    comment = '<div itemscope itemtype="https://schema.org/Comment"><span itemprop="author">Guest</span></div>'
    assert "byline" not in record(page(ARTICLE + comment))


@pytest.mark.parametrize(
    ("said", "printed", "published"),
    [
        ("2026-03-02T01:10:00Z", "Sunday, March 1, 2026", "March 1, 2026"),
        ("2026-03-02T01:10:00Z", "March 2, 2026", "2026-03-02T01:10:00Z"),
        ("2026-03-02T01:10:00Z", "May 24, 2021", "2026-03-02T01:10:00Z"),
        ("2026-03-02T01:10:00-05:00", "March 1, 2026", "2026-03-02T01:10:00-05:00"),
        ("2026-03-01T01:10:00Z", "28. Februar 2026, 20:10 Uhr", "28. Februar 2026, 20:10 Uhr"),
        ("0001-01-01T00:00:00Z", "March 1, 2026", "March 1, 2026"),
        ("", "Updated May 1, 2027; posted on March 1, 2026", "March 1, 2026"),
        ("", "2026年3月1日", "2026年3月1日"),
        ("", "01/03/2026 - Published by the harbour", "01/03/2026"),
    ],
)
def test_the_printed_day_counts_where_the_head_tells_that_of_greenwich(said: str, printed: str, published: str) -> None:
    head = f'<meta property="article:published_time" content="{said}">'
    assert record(page(ARTICLE.replace("</h1>", f"</h1><div>{printed}</div>"), head))["published"] == published


@pytest.mark.parametrize(
    "picture",
    [
        "<figure><img src=a><figcaption>The pier in the storm, 24 April 2021</figcaption></figure>",
        "<div class='photo-caption'>The pier in the storm, 24 April 2021</div>",
        "<div class=caption><p>24 April 2021, by Cy Moe</p></div>",
    ],
)
def test_the_date_of_a_picture_is_not_that_of_the_article(picture: str) -> None:
    body = ARTICLE.replace("</h1>", f"</h1>{picture}<div>")
    assert "published" not in record(page(body))
    assert (
        record(page(body + "<p></p>").replace(picture, f"<div>1 May 2021</div>{picture}"))["published"] == "1 May 2021"
    )


def test_a_date_at_the_end_of_the_title_counts_where_no_other_is_known() -> None:
    data = page().replace("<title>Ferry late", "<title>Ferry late | The Gazette | 28.04.2023")
    found = record(data)
    assert (found["published"], found["publication"]) == ("28.04.2023", "The Gazette")
    assert record(data.replace("</h1>", "</h1><div>27.04.2023</div>"))["published"] == "27.04.2023"


@pytest.mark.parametrize(
    "line",
    [
        "Updated 5 May 2026, 18:04",
        "<span>Last updated:</span></p><p>5 May 2026 18:04",
        "Aktualisiert am 5. Mai 2026",
        "Stand: 05.05.2026",
        "Mis à jour le 5 mai 2026",
        "Обновлено 5 мая 2026",
        "2026年5月5日 更新",
        "最終更新 2026年5月5日",
        "5 May 2026 (updated)",
    ],
)
def test_the_date_of_a_change_is_not_that_of_the_article(line: str) -> None:
    assert "published" not in record(page(ARTICLE.replace("</h1>", f"</h1><p>{line}</p><div>")))


def test_the_dates_of_the_posts_of_a_live_blog_are_not_that_of_the_article() -> None:
    post = "<div class=post><p class=when>5 May 2026, 1{}:04</p><p>{}</p></div>"
    posts = "".join(post.format(n, text) for n, text in enumerate((FIRST, SECOND, FIRST, SECOND)))
    found = record(page(f"<h1>Ferry late</h1>{posts}"))
    assert "published" not in found
    dated = record(page(f"<h1>Ferry late</h1><div class=date>4 May 2026</div>{posts}"))
    assert dated["published"] == "4 May 2026"


@pytest.mark.parametrize(
    ("author", "byline", "agency"),
    [
        ('{"@type": "Organization", "name": "The Gazette"}', None, None),
        ('"The Gazette"', None, None),
        ('{"@type": "NewsMediaOrganization", "name": "Valley Wire"}', None, "Valley Wire"),
        (
            '[{"@type": "Person", "name": "Ann Lee"}, {"@type": "Organization", "name": "Valley Wire"}]',
            "Ann Lee",
            "Valley Wire",
        ),
        ('{"@type": "Person", "name": "Ann Lee"}', "Ann Lee", None),
    ],
)
def test_a_paper_or_an_organisation_is_not_a_person_who_wrote_it(
    author: str, byline: str | None, agency: str | None
) -> None:
    said = f'{{"@type": "NewsArticle", "author": {author}, "publisher": {{"name": "The Gazette"}}}}'
    found = record(page(ARTICLE, f'<script type="application/ld+json">{said}</script>'))
    assert (found.get("byline"), found.get("agency")) == (byline, agency)


@pytest.mark.parametrize("said", ['<meta name="author" content="the gazette">', ""])
def test_the_paper_is_not_its_own_author(said: str) -> None:
    head = f'<meta property="og:site_name" content="The Gazette">{said}'
    body = ARTICLE.replace("</h1>", "</h1><div class=byline>By The Gazette</div>")
    assert "byline" not in record(page(body, head))
    assert record(page(body.replace("By The Gazette", "By Ann Lee"), head))["byline"] == "By Ann Lee"


SHORT = "<p>The ferry was late again, and nobody on the pier could say why.</p>"


@pytest.mark.parametrize(
    "text",
    [
        f"<header>Samstag, 28. November 2026</header><h1>Ferry late</h1>{SHORT}",
        f"<div>Saturday, 28 November 2026</div><h1>Ferry late</h1>{SHORT}",
        f"<h1>Ferry late</h1><div class=weather>Weather for 5 May 2024: sunny</div>{SHORT}",
        f"<h1>Ferry late</h1><div>Wetter, 5. Mai 2024</div>{SHORT}",
        f"<h1>Ferry late</h1><div>E-paper of 5 May 2024</div>{SHORT}",
        "<h1>Ferry late</h1><p>The pier was opened on 3 June 1931 by the king.</p>",
        "<h1>Ferry late</h1><p>Opened on 3 June 1931</p><p>The king came by boat.</p>",
        f"<h1>Ferry late</h1><p>Anna Berg, born 3 March 1970, steers it.</p>{SHORT}",
        f"<h1>Ferry late</h1>{SHORT}<div class=comments><b>Guest</b><p>5 May 2024</p><p>So true.</p></div>",
        f"<h1>Ferry late</h1>{SHORT}<div><b>Guest</b><p>5 May 2024, 10:04</p><p>So true.</p></div>",
        f"<h1>Ferry late</h1><div class=teaser><a href=/b>Storm</a> <p>5 May 2024</p></div>{SHORT}",
        f"<h1>Ferry late</h1>{SHORT}<div><h3><a href=/b>Storm</a></h3><p>5 May 2024</p></div>",
        f"<h1>Ferry late</h1>{SHORT}<footer>Terms last changed on 25 May 2018</footer>",
        f"<h1>Ferry late</h1>{SHORT}<p>25 May 2018</p>",
        f"<h1>Ferry late</h1><ul><li>12 May 2021: storm</li><li>13 May 2021</li></ul>{SHORT}",
        f"<h1>Ferry late</h1><p>12 May 2021: Storm</p>{SHORT}",
        f"<h1>Ferry late</h1><table><tr><td>Pier</td><td>12 May 2021</td></tr></table>{SHORT}",
        f"<h1>Ferry late</h1><p>Correction, 6 May 2024: it has one pier.</p>{SHORT}",
        f"<h1>Ferry late</h1><p>Correction, 6 May 2024</p>{SHORT}",
        f"<h1>Ferry late</h1><p>Archived on 4 May 2024</p>{SHORT}",
        f"<h1>Ferry late</h1><p><span class=bildunterschrift>Pier, 24. April 2021</span></p>{SHORT}",
        f"<h1>Ferry late</h1><div class=gallery><p>24 April 2021</p></div>{SHORT}",
        f"<h1>Ferry late</h1><p>5 May 2026, 10:04</p>{SHORT}<p>5 May 2026, 11:30</p>{SHORT}",
        f"<h1>Ferry late</h1><nav><p>5 May 2026</p></nav>{SHORT}",
    ],
)
def test_a_date_of_something_else_is_not_that_of_the_article(text: str) -> None:
    assert "published" not in record(page(f"{text}"))


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("<p>Samstag, 28. November 2026</p>", "28. November 2026"),
        ("<p>Published on 5 May 2024 by Ann Lee</p>", "5 May 2024"),
        ("<p>Veröffentlicht am 5. Mai 2024 um 10:04 Uhr</p>", "5. Mai 2024 um 10:04 Uhr"),
        ("<p>Publié le 5 mai 2024 à 10:04</p>", "5 mai 2024 à 10:04"),
        ("<p>By Ann Lee and Bo Ray, Harbour Town | 5 May 2024</p>", "5 May 2024"),
        ("<p>Harbour Town, 5 May 2024</p>", "5 May 2024"),
        ("<p>5 May 2024 Ann Lee</p>", "5 May 2024"),
        ("<p>Written by Ann Lee, MS, RD on 5 May 2024</p>", "5 May 2024"),
        ("<p>Valley Wire May 5, 2024 10:04 AM</p>", "May 5, 2024 10:04 AM"),
        ("<p>5 May 2024 · 3 min read</p>", "5 May 2024"),
        ("<ul class=entry-meta><li>By Ann Lee</li><li>5 May 2024</li></ul>", "5 May 2024"),
        ("<p>The pier is closed until the winter, says the mayor of the town, who is sad.</p><p>5 May 2024</p>", None),
        ("<p>发布时间：2024-05-05 来源：港口</p>", "2024-05-05"),
        ("<p>입력 2024.05.05 10:30</p>", "2024.05.05 10:30"),
        ("<p>November 20, 2019 - 11:28 AMT</p>", "November 20, 2019 - 11:28 AMT"),
    ],
)
def test_a_line_that_is_hardly_more_than_a_date_says_when_the_article_was_published(
    line: str, published: str | None
) -> None:
    assert record(page(f"<h1>Ferry late</h1>{line}{SHORT}")).get("published") == published
    within = f"<article><header><p>5 May 2024</p><h1>Ferry late</h1></header>{SHORT}</article>"
    assert record(page(within))["published"] == "5 May 2024"


def test_a_date_in_the_text_is_not_that_of_the_article() -> None:
    assert "published" not in record(page(ARTICLE.replace("on Monday", "on March 1, 2026, a Sunday of rain,")))


def test_a_page_that_contradicts_itself_declares_no_language() -> None:
    head = '<meta http-equiv="content-language" content="de">'
    assert "language" not in record(page(head=head, attributes='lang="en"'))
    assert record(page(head=head, attributes='lang="de-AT"'))["language"] == "de"


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("iso-8859-1", "cp1252"),
        ("US-ASCII", "cp1252"),
        ("windows-1251", "cp1251"),
        ("gb2312", "gb18030"),
        ("x-sjis", "cp932"),
        ("iso-8859-1", "utf-8"),
        ("no-such-thing", "utf-8"),
        ("utf-16", "utf-8"),
        ("", "utf-8"),
        ("", "utf-16"),
        ("utf-8", "cp1252"),
        ("windows-1251", "utf-8"),
        ("shift_jis", "utf-8"),
    ],
)
def test_encodings(declared: str, codec: str) -> None:
    word = {"cp1251": "Паром опоздал", "gb18030": "渡轮又晚点了", "cp932": "フェリーが遅れた"}.get(
        codec, "Fähre „zu spät“: 5 €"
    )
    text = page(ARTICLE.replace("on Monday", word), f'<meta charset="{declared}">' if declared else "")
    assert word in record(text.encode(codec))["body"]


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "windows-1252"])
def test_letters_of_another_script_refute_the_encoding_that_a_page_declares(declared: str) -> None:
    sentence = "Паром в понедельник снова опоздал, и никто на пристани не мог сказать, почему так вышло. "
    text = page(f"<h1>Паром</h1><p>{sentence * 3}</p><p>{sentence * 2}</p>", f'<meta charset="{declared}">')
    assert record(text.encode("cp1251"))["body"].startswith("Паром в понедельник снова опоздал")


def test_the_encoding_of_the_feed_goes_before_that_of_the_page() -> None:
    text = page(ARTICLE.replace("on Monday", "Łódź"), '<meta charset="iso-8859-1">')
    assert "Łódź" in record(text.encode("cp1250"), Feed("pages", encoding="cp1250"))["body"]


def test_an_encoding_of_the_feed_that_is_none_is_an_error() -> None:
    with pytest.raises(DumpError, match="no text encoding 'latin-99'"):
        pieces(page(), Feed("pages", encoding="latin-99"))


def test_a_bad_byte_costs_one_letter() -> None:
    data = page(ARTICLE.replace("on Monday", "„am Montag“ BAD")).encode().replace(b"BAD", b"\xff")
    assert "„am Montag“ \ufffd," in record(data)["body"]


@pytest.mark.parametrize(
    "body", ["", "<img src=x>", "<ul><li><a href='/'>Home</a></li></ul>", "<h1>Ferry late</h1>", "<script>x</script>"]
)
def test_a_page_without_a_text_is_rejected(body: str) -> None:
    (found,) = pieces(page(body))
    assert isinstance(found, Reject)
    assert "no article text" in found.reason
    assert found.piece == page(body).encode()


@pytest.mark.parametrize(
    "data", ["<html>" + "<p>x" * 200_000, "<html>" + "x" * (17 << 20), "<html>" + "<div>" * 5_000 + FIRST]
)
def test_what_is_no_page_of_an_article_is_rejected_with_its_reason(data: str) -> None:
    (found,) = pieces(data)
    assert isinstance(found, Reject)
    assert "larger than a page" in found.reason or "nested more than" in found.reason


def test_a_blank_file_is_no_page() -> None:
    assert pieces(" \n") == []
    assert html.count_marks(io.BytesIO(b" \n"), FEED) == 0


def test_a_page_is_loaded_with_the_paper_out_of_its_byline_and_its_day_before_its_month(newsroom: Newsroom) -> None:
    newsroom.stanza('[feed.pages]\npath = "pages/*"\nsettle_seconds = 0')
    head = '<meta property="og:site_name" content="RADIO Hafen"><meta name="author" content="Ann Lee, RADIO Hafen">'
    body = ARTICLE.replace("</h1>", "</h1><div>05/03/2026</div>")
    newsroom.drop("pages/1.html", page(body, head, 'lang="de"'))
    assert newsroom.loaded().state == "succeeded"
    found = newsroom.query("select authors, published_date, publication, language_code from mart.article")
    assert found == [(["Ann Lee"], date(2026, 3, 5), "RADIO Hafen", "de")]


SAMPLE = (SAMPLES / "html" / "ferry.html").read_bytes()


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, len(SAMPLE)),
    st.integers(0, len(SAMPLE)),
    st.sampled_from([b"", b"<", b'"', b"\0", b"\xff", b"</div>"]),
)
@example(0, 38, b"<")  # its tag comes twice
def test_a_page_that_is_cut_or_damaged_is_one_article_or_one_reject(start: int, end: int, junk: bytes) -> None:
    damaged = SAMPLE[:start] + junk + SAMPLE[max(start, end) :]
    assert len(pieces(damaged)) == html.count_marks(io.BytesIO(damaged), FEED) == 1


@given(st.text(alphabet="0123456789:./- ,aprilmonzutcAPMJ年月", max_size=120))
def test_no_line_is_too_odd_to_look_for_a_date_in(line: str) -> None:
    published = printed.published([line], None)
    assert published is None or published in line


def test_real_pages() -> None:
    for path in sorted((corpus("html-benchmark") / "html").iterdir())[::6]:
        (member,) = members(path)
        with member.open() as stream:
            (found,) = html.read(stream, FEED)
        assert isinstance(found, dict)
        assert found["body"]
        assert found["headline"]


@pytest.mark.parametrize("said", [f"{FIRST}\\n{SECOND}", f"<p>{FIRST}</p><p>{SECOND}</p>"])
def test_a_page_that_a_script_fills_is_read_from_what_it_tells_machines(said: str) -> None:
    article = f'{{"@type": "NewsArticle", "articleSection": ["World", "Ports"], "articleBody": "{said}"}}'
    found = record(page('<div id="root"></div>', f'<script type="application/ld+json">{article}</script>'))
    assert found["body"] == f"{FIRST}\n\n{SECOND}"
    assert (found["section"], found["extra"]["sections"]) == ("World", ["World", "Ports"])


def test_half_an_emoji_in_what_a_page_says_for_machines_is_a_replacement_character() -> None:
    said = r'{"@type": "NewsArticle", "headline": "Cut \ud83d", "author": {"name": "Ana \udc00"}}'
    found = html.page(page(ARTICLE, f'<script type="application/ld+json">{said}</script>').encode(), None, "line 1")
    assert isinstance(found, dict), found
    assert found["byline"] == "Ana \ufffd"
    assert not any("\ud800" <= char <= "\udfff" for char in str(found))


@pytest.mark.parametrize("deep", ["[" * 5_000 + "]" * 5_000, "[" * 400 + "]" * 400, '{"a":' * 50_000])
def test_a_page_whose_data_for_machines_is_nested_too_deep_is_read_without_it(deep: str) -> None:
    said = f'{{"@type": "NewsArticle", "author": {deep}}}'
    found = html.page(page(ARTICLE, f'<script type="application/ld+json">{said}</script>').encode(), None, "line 1")
    assert isinstance(found, dict), found


@pytest.mark.parametrize(
    "sentence",
    [
        "気象庁は2024年1月5日、今年の冬の見通しを発表した。",
        "市长1月3日公布，2023年新建桥梁12座。",
        "2011年3月11日の港の火事から13年を迎えた。",
        "Published in 1998, the novel about the pier sold poorly.",
        "Published in 1998, the novel by Ann Lee sold poorly.",
        "Posted to Furt in 1914, he wrote every day.",
        "Mis à jour le 3 mai 2019, le plan est inutile.",
        "Veröffentlicht 1998, erzählt der Roman vom Hafen.",
    ],
)
def test_a_sentence_with_a_date_is_a_paragraph_first_or_later(sentence: str) -> None:
    for paragraphs in ([sentence, FIRST, SECOND], [FIRST, sentence, SECOND]):
        body = "".join(f"<p>{text}</p>" for text in paragraphs)
        assert record(page(f"<article><h1>Ferry late</h1>{body}</article>"))["body"].split("\n\n") == paragraphs


@pytest.mark.parametrize(
    "stamp",
    [
        "公開日：2024年1月5日 更新日：2024年1月6日 執筆：山田太郎",
        "来源：新华社 2024-01-05 12:30",
        "Updated Jan. 5, 2018, at 5:30 p.m.",
        "Published on Jan. 5, 2018 by John Roe, Staff Writer.",
        "Publié le 3 mai 2019 à 10h30, mis à jour le 4 mai 2019 à 12h.",
        "Veröffentlicht am 3. Mai 2019 um 10.30 Uhr.",
    ],
)
def test_a_line_that_says_when_the_page_was_written_is_no_paragraph(stamp: str) -> None:
    body = f"<p>{stamp}</p><p>{FIRST}</p><p>{SECOND}</p>"
    assert record(page(f"<article><h1>Ferry late</h1>{body}</article>"))["body"].split("\n\n") == [FIRST, SECOND]
