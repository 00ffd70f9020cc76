"""The fast look at a page that says it is one article passes over no page that the whole scan would refuse."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_several import page, text

from etl.formats.web import several
from etl.formats.web.page_lines import bare_lines_of, lines_of
from etl.formats.web.page_says import names_one_article
from etl.formats.web.several_page import Page

SAYS_ONE = '<meta property="og:type" content="article">'
LONG = "The council met on Monday and agreed to rebuild the pier before the storms arrive. " * 9
MARKS = [
    "<article>", "</article>", "<ARTICLE class=hit>", "<article-card>", "<a href=/>", "</a>", "<pre>", "</pre>",
    "<aside>", "</aside>", "<nav>", "</nav>", "<br>", "<time>", "</time>", "<b>", "</b>", "<div class=date>", "</div>",
    "<!-- -->", "<script>", "</script>", "a < b", "&lt;article&gt;",
]  # fmt: skip
PIECES = [
    *MARKS,
    "<h2>Old pier to be rebuilt</h2>",
    "<p class=date>5 January 2018</p>",
    "<p class=date><b>6</b> <i>January</i> 2018</p>",
    "<p class=date>7&nbsp;January&#32;2018</p>",
    "2018-01-08\n",
    "9.\n1.2018",
    f"<p>{LONG}</p>",
    f"<p>{LONG[:400]}</p>",
    f"{LONG}\n5 May 2019\n{LONG}",
    "<p>港湾評議会は月曜日の夜に会合を開き、冬の嵐が来る前に古い桟橋を再建することで合意した。</p>",
]
ANY = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
ARTICLES = st.builds(
    lambda before, mark, layout, number: (
        before + "".join(f"{mark.format(n)}<h2>Pier {n}</h2>{layout}<p>{LONG}</p>" for n in range(1, number + 1))
    ),
    st.sampled_from(["", *PIECES]),
    st.sampled_from(["<p class=date>{} January 2018</p>", "<article>", ""]),
    st.lists(st.sampled_from(PIECES), max_size=3).map("".join),
    st.integers(1, 4),
)


def unbounded(markup: str) -> several.Verdict:
    lines = [line for line in lines_of(markup) if not line.is_aside]
    return several._of_lines(Page(lines), says_one=True, title="")


@given(ANY | ARTICLES)
def test_no_page_is_passed_over_that_the_scan_would_refuse(body: str) -> None:
    markup = page(body, title="", head=SAYS_ONE)
    assert names_one_article(markup.encode().lower())
    assert several.verdict(markup) == unbounded(markup)


@given(ANY)
def test_bare_lines_are_those_of_the_page(body: str) -> None:
    whole = [(line.text, "article" in line.opened) for line in lines_of(body)]
    assert [(line.text, "article" in line.opened) for line in bare_lines_of(body)] == whole


@pytest.mark.parametrize(
    "layout", ["<p class=date>{n} May 2019</p><h2>Pier</h2>{text}", "<article><h2>Pier {n}</h2>{text}</article>"]
)
def test_a_page_that_says_it_is_one_article_is_refused_where_it_holds_long_ones(layout: str) -> None:
    markup = page("".join(layout.format(n=n, text=text(12)) for n in range(1, 5)), title="", head=SAYS_ONE)
    assert len(several.verdict(markup).found) == 4


def test_most_pages_are_not_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: str) -> None:
        raise AssertionError("the page was taken apart")

    monkeypatch.setattr(several, "lines_of", fail)
    one = page(f"<article><h1>Pier</h1><p>5 May 2019</p>{text(12)}</article><p>6 May 2019</p>", head=SAYS_ONE)
    assert several.verdict(one) == several._NONE
    with pytest.raises(AssertionError, match="taken apart"):
        several.verdict(re.sub("<meta[^>]*>", "", one))
