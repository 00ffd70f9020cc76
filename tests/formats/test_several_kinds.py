"""Layouts of several articles that say so in another way, and single articles that look like several."""

from __future__ import annotations

import pytest
from test_several import DATES, HEADLINES, marks, page, pieces, text

from etl.model import Doubt, DumpError

LONG = "".join(
    f"<p>The harbour council met on Monday evening in week {n} and agreed to rebuild the old pier before the storms "
    "arrive, because the fishermen from the northern quay had said that without it they would have no landing place "
    "until May, and the mayor promised an answer and money from the reserve for bad winters.</p>"
    for n in range(5)
)
PLAIN = LONG.replace("<p>", "").replace("</p>", " ")
ARTICLE_HEAD = (
    '<meta property="og:type" content="article"><meta property="article:published_time" content="2018-01-05">'
)


def repeated(layout: str, number: int = 3) -> str:
    parts = zip(range(1, number + 1), HEADLINES, DATES, strict=False)
    return "".join(layout.format(n=n, head=head, date=date, text=LONG, plain=PLAIN) for n, head, date in parts)


def script(number: int) -> str:
    objects = [
        f'{{"@type": "NewsArticle", "headline": "{head}", "articleBody": "{head}. {PLAIN}"}}'
        for head in HEADLINES[:number]
    ]
    return f'<script type="application/ld+json">[{", ".join(objects)}]</script>'


LETTER = "<h3>{head}</h3>{text}<p>Ann Lee, Lark Bay, {date}</p>"
SAID = "<section><h2>{head}</h2><p>Lark Bay News, {date}</p>{text}</section>"
SEVERAL = {
    "press review by name": page("<h1>Pressespiegel, 9. Januar 2018</h1>" + repeated(SAID)),
    "letters in a result list": page("<h1>Letters: 3 hits</h1>" + repeated(LETTER.replace("Ann Lee", "Lamp"))),
    "infinite scroll": page(repeated("<article><h1>{head}</h1><time>{date}</time>{text}</article>"), head=ARTICLE_HEAD),
    "one stated, three dated": page(
        repeated("<h2>{head}</h2><p>{date}</p>{text}"),
        head='<script type="application/ld+json">{"@type": "NewsArticle"}</script>',
    ),
    "stated for machines": page("<p>Loading</p>", head=script(3)),
    "section called Comment": page(repeated("<h3>{head}</h3><p>Comment | The Lamp, {date}</p>{text}")),
    "section Comment alone": page(repeated("<h3>{head}</h3><p>Comment</p><p>The Lamp, {date}</p>{text}")),
    "rule between": page(repeated("<h2>{head}</h2>{text}<hr>")),
    "address between": page(repeated("<h2>{head}</h2>{text}<p>https://lamp.example/{n}</p>")),
    "rights between": page(repeated("<h2>{head}</h2>{text}<p>Copyright 2018 The Lamp</p>")),
    "named after articles": page(repeated("<div class=doc><div class=headline>{head}</div>{text}</div>")),
    "boxes": page(repeated("<div><input type=checkbox> <b>{head}</b>{text}</div>")),
    "n of N alone": page(repeated("<p>{n} of 3</p><p>{head}</p>{text}")),
    "as many as stated": page("<p>3 hits</p>" + repeated("<div>{head}. {plain}</div>")),
    "page of a paper": page(repeated("<p>OLD PIER {n}</p><p>(The Lamp, p. {n})</p>{text}")),
    "all in an item": page("<ol>" + repeated("<li><b>{head}</b> Lamp, 1{n}.03.2019. {plain}</li>") + "</ol>"),
    "all in a paragraph": page(repeated("<p><b>{head}.</b> <i>Lamp</i>, {date}. {plain}</p>")),
    "labels in brackets": page(repeated("<p>【見出し】{head}</p><p>【媒体】Lamp</p><p>【本文】</p>{text}")),
    "labels in heads of rows": page(
        repeated(
            "<table><tr><th>見出し</th><td>{head}</td></tr><tr><th>媒体</th><td>Lamp</td></tr>"
            "<tr><th>本文</th><td>{text}</td></tr></table>"
        )
    ),
    "labels with combining vowels": page(
        repeated("<p>शीर्षक: {head}</p><p>स्रोत: Lamp</p><p>पाठ:</p>{text}"),
    ),
}
REVIEWS = {
    "press review of a day": page("<h1>What the papers say</h1><p>9 January 2018</p>" + repeated(SAID)),
    "pages of papers below a date": page(
        "<h1>The storm</h1><p>9 January 2018</p>" + repeated(SAID.replace("{date}", "{date}, page {n}"))
    ),
}
WRITTEN = [
    "११ मार्च २०१९", "11 मार्च 2019", "١١ مارس ٢٠١٩", "۲۰ اسفند ۱۳۹۷", "11 มีนาคม 2562", "11 มี.ค. 2562",
    "平成31年3月1日", "11-MAR-19", "20190112", "March 2011", "Mon 11 Mar", "二〇一九年三月一日",
    '<time datetime="2019-03-11">vor acht Tagen</time>',
]  # fmt: skip
DOUBTFUL = {
    "letters": page("<h1>Letters to the editor</h1>" + repeated(LETTER)),
    "letters with their dates above": page("<h1>Leserbriefe</h1>" + repeated("<h3>{head}</h3><p>{date}</p>{text}")),
    "obituaries of a day": page("<h1>Obituaries</h1>" + repeated("<h2>{head}</h2><p>5 January 2018</p>{text}")),
    "obituaries in Spanish": page("<h1>Necrológicas</h1>" + repeated("<h2>{head}</h2><p>{date}</p>{text}")),
    "parts of a day": page(repeated("<h2>{head}</h2><p>5 January 2018</p>{text}")),
    "papers below a date": page("<h1>The storm</h1><p>9 January 2018</p>" + repeated(SAID)),
    "linked from contents": page(repeated("<p><a href='#{n}'>{head}</a></p>") + repeated("<h2>{head}</h2>{text}")),
    "very unequal": page(f"<h2>Owls</h2><p>5 January 2018</p>{LONG * 3}<h2>Bread</h2><p>6 January 2018</p>{text()}"),
}
ONE = {
    "teasers below": page(
        f"<h1>Old pier</h1><p>5 January 2018</p>{LONG}<p>À lire aussi</p>"
        + "".join(
            f"<h3>{head}</h3><p>{date}</p>{text()}<a href=#>Lire la suite</a>"
            for head, date in zip(HEADLINES, DATES, strict=True)
        )
    ),
    "up next": page(
        f"<h1>Old pier</h1><p>5 January 2018</p>{LONG}<h2>Up next</h2>"
        + "".join(
            f"<article><h3>{head}</h3><p>{date}</p>{text()}</article>"
            for head, date in zip(HEADLINES, DATES, strict=True)
        )
    ),
    "live blog of days": page(
        "<h1>Storm</h1><p>By Ann Lee</p>" + text(1) + repeated("<h2>{head}</h2><p>{date}</p>{text}")
    ),
    "long read with places": page(
        f"<h1>Storm</h1><p>Ann Lee, 3 March 2019</p>{LONG}" + repeated("<h2>{head}</h2><p>Furt, {date}</p>{text}")
    ),
    "long read with rules": page(f"<h1>Storm</h1>{LONG}<hr>" + repeated("<h2>{head}</h2>{text}<hr>")),
    "answers": page(f"<h1>How to mend it?</h1>{LONG}" + repeated("<h4>fan{n}</h4><p>{date}</p>{text}")),
    "subheads": page(f"<h1>Storm</h1>{LONG}" + repeated("<h2>{head}</h2>{text}")),
    "live blog for machines": page(
        f"<h1>Storm</h1>{LONG}",
        head=script(3).replace("[{", '{"liveBlogUpdate": [{').replace("}]<", "}]}<"),
    ),
}


@pytest.mark.parametrize("kind", SEVERAL)
def test_these_are_several_articles(kind: str) -> None:
    assert marks(SEVERAL[kind]) == 3
    with pytest.raises(DumpError, match="holds about 3 articles"):
        pieces(SEVERAL[kind])


@pytest.mark.parametrize("kind", REVIEWS)
def test_pieces_of_papers_below_a_headline_with_a_date_are_several(kind: str) -> None:
    assert marks(REVIEWS[kind]) == 4  # the line below the main headline, too
    with pytest.raises(DumpError, match="holds about 4 articles"):
        pieces(REVIEWS[kind])


UNDATED = {
    "main headings": "<h1>{head}</h1>{text}",
    "headings": "<h2>{head}</h2>{text}",
    "bold": "<p><b>{head}</b></p>{text}",
    "plain": "<p>{head}</p>{text}",
    "plain, with an author": "<p>{head}</p><p>By Ann Lee {n}</p>{text}",
    "plain, the date in the text": "<p>{head}</p><p>FURT, Jan {n} (Lamp) - {plain}</p>",
    "plain, the source at the end": "<p>{head}</p><p>{plain} (Lamp, {date})</p>",
    "bold, the source at the end": "<p><b>{head}.</b> {plain} (Lamp, {date})</p>",
    "cells": "<table><tr><td><h3>{head}</h3>{text}</td></tr></table>",
    "folded": "<details><summary>{head}</summary>{text}</details>",
}
DATED_EACH_ITS_WAY = (
    f"<p>Old pier to be rebuilt</p><p>Lamp, 5 January 2018</p>{LONG}"
    f"<div>Bread that lasts nine days</div><div><i>Lamp, 6 January 2018</i></div>{LONG}"
)


@pytest.mark.parametrize("number", [2, 3])
@pytest.mark.parametrize("kind", UNDATED)
def test_headlines_without_dates_are_told(kind: str, number: int) -> None:
    article, doubt = pieces(page(repeated(UNDATED[kind], number)))
    assert isinstance(article, dict)
    assert isinstance(doubt, Doubt)
    assert f"it may hold {number} articles" in doubt.warning


@pytest.mark.parametrize("kind", ["main headings", "headings", "bold", "plain"])
def test_texts_without_dates_below_the_title_of_the_page_are_chapters(kind: str) -> None:
    (article,) = pieces(page(repeated(UNDATED[kind]), title=f"{HEADLINES[0]} - Evening Lamp"))
    assert isinstance(article, dict)


def test_articles_that_are_marked_up_in_different_ways_are_told() -> None:
    _, doubt = pieces(page(DATED_EACH_ITS_WAY))
    assert isinstance(doubt, Doubt)
    assert "it may hold 2 articles" in doubt.warning


@pytest.mark.parametrize("date", WRITTEN)
def test_a_date_is_known_however_it_is_written(date: str) -> None:
    assert marks(page(repeated(f"<h3>{{head}}</h3><p>{date} </p>{{text}}<p>{{n}}</p>"))) == 3


@pytest.mark.parametrize("kind", DOUBTFUL)
def test_what_may_be_several_articles_is_read_as_one_with_a_warning(kind: str) -> None:
    article, doubt = pieces(DOUBTFUL[kind])
    assert isinstance(article, dict)
    assert isinstance(doubt, Doubt)
    assert "it may hold " in doubt.warning
    assert "one_article = true" in doubt.warning
    assert marks(DOUBTFUL[kind]) == 1


@pytest.mark.parametrize("kind", ONE)
def test_these_are_one_article(kind: str) -> None:
    assert marks(ONE[kind]) == 1
    assert isinstance(pieces(ONE[kind])[0], dict)
