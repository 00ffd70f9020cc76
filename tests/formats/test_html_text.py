"""Text that may be HTML: cleaned where it surely is, as it stands where it is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from timing import MOST_TIMES_AS_LONG, times_as_long

from etl.formats.common.html_text import is_html, line_of_html, text_of_html


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>The pier\nclosed.</p>\n\n<p>Nobody came.</p>", "The pier closed.\n\nNobody came."),
        ("<p>The pier closed.<p>Nobody came.", "The pier closed.\n\nNobody came."),
        ("The pier closed.<br><br/>Nobody came.", "The pier closed.\n\nNobody came."),
        ("The <b>pier</b> closed.\n\nNobody <i>came</i>.\nNobody.", "The pier closed.\n\nNobody came.\nNobody."),
        ("<div><h2>Pier</h2><ul><li>one</li><li>two</li></ul></div>", "Pier\n\none\n\ntwo"),
        ("<style>p { x }</style><script>a < b;\n\nc()</script><p>Text &amp; more &lt;3</p>", "Text & more <3"),
        ("<figure><img src='a.jpg'><figcaption>A pier</figcaption></figure><p>Text</p>", "Text"),
        ('Text with <a href="https://x.example">a link</a>', "Text with a link"),
        ("<P CLASS=x>Text</P >", "Text"),
    ],
)
def test_html_becomes_paragraphs(markup: str, text: str) -> None:
    assert text_of_html(markup) == text


@pytest.mark.parametrize(
    "text",
    [
        "a < b and c > d",
        "I <3 it > you",
        "Write <div> to begin, <br> to break",
        "He left <laughs>.",
        "if (a<b) { c>d }",
        "Mail <ann@paper.example> now",
        "<<Quoted>> text",
        "<name> said & left &amp; more",
        "a <b> c <b> d",
    ],
)
def test_what_only_looks_like_html_stands_as_it_is(text: str) -> None:
    assert text_of_html(text) == line_of_html(text) == text


@given(st.text(alphabet="abp<>/= \n\"'!-&;", max_size=60))
def test_any_text_is_read_and_one_without_tags_is_left(text: str) -> None:
    assert isinstance(text_of_html(text), str)
    if not is_html(text):
        assert text_of_html(text) == text


@pytest.mark.parametrize("odd", ["<p>", "<b>a", "<i><b>", "<a ", "<div><p>", "<br ", "<b></i>"])
def test_broken_markup_takes_linear_time(odd: str) -> None:
    assert times_as_long(lambda size: is_html("x " + odd * size), 20_000) < MOST_TIMES_AS_LONG
