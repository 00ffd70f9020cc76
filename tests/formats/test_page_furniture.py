"""What a site puts around an article: its own name is not the headline, what readers wrote is not the text."""

from __future__ import annotations

from typing import Any

import pytest
from test_html import pieces
from test_several import page, text

HEADLINE, SITE = "Old pier to be rebuilt", "Evening Lamp"
TITLES = [f"{HEADLINE} - {SITE}", f"{SITE} | {HEADLINE}"]
LOGO = f"<h1><a href='/'>{SITE}</a></h1>"
NAMED = f'<meta property="og:site_name" content="{SITE}">'
REMARK = "<p>I was on that ferry and it was later than this article says, much later, by my own watch.</p>"


def article(data: str) -> dict[str, Any]:
    found = pieces(data)[0]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize(
    "heads",
    [
        f"<h1>{SITE}</h1><h2>{HEADLINE}</h2>",
        f"{LOGO}<h2>{HEADLINE}</h2>",
        f"<h1>{SITE}</h1><div><h1>{HEADLINE}</h1></div>",
        f"<header><h1>{SITE}</h1></header><h3>{HEADLINE}</h3>",
        f"<h1>{SITE}</h1><p><b>{HEADLINE}</b></p>",
    ],
)
def test_the_name_of_the_site_is_not_the_headline(heads: str, title: str) -> None:
    found = article(page(f"{heads}{text()}", title))
    assert found["headline"] == HEADLINE
    assert SITE not in found["body"]


@pytest.mark.parametrize(("logo", "head"), [(LOGO, ""), (f"<h1>{SITE}</h1>", NAMED)])
@pytest.mark.parametrize("title", ["", "News"])
def test_a_title_that_says_nothing_does_not_make_the_site_the_headline(logo: str, head: str, title: str) -> None:
    found = article(page(f"{logo}<h2>{HEADLINE}</h2>{text()}", title, head))
    assert found["headline"] == (title or HEADLINE)
    assert SITE not in found["body"]


def test_a_headline_that_links_to_a_site_is_the_headline() -> None:
    linked = f"<h1><a href='https://pier.example/'>{HEADLINE} in spring</a></h1>"
    assert article(page(f"{linked}<h2>What it costs</h2>{text()}", SITE))["headline"] == f"{HEADLINE} in spring"


@pytest.mark.parametrize(
    "over",
    ["Comments", "3 Comments", "Comments (12):", "Leave a comment", "Kommentare", "Leserkommentare", "Commentaires",
     "Comentarios", "Комментарии", "コメント", "评论 3"],
)  # fmt: skip
@pytest.mark.parametrize("tag", ["h3", "p"])
def test_comments_of_readers_are_not_the_text(over: str, tag: str) -> None:
    found = article(page(f"<div><h1>{HEADLINE}</h1>{text()}<{tag}>{over}</{tag}>{REMARK}{REMARK}</div>"))
    assert "by my own watch" not in found["body"]
    assert over not in found["body"]


def test_a_counter_of_comments_ends_no_text_that_goes_on() -> None:
    own = text(2)
    found = article(page(f"<div><h1>{HEADLINE}</h1>{own}<p>3 Comments</p>{text(4)}{REMARK}</div>"))
    assert "by my own watch" in found["body"]
    quoted = article(page(f"<div><h1>{HEADLINE}</h1>{own}{own}<h3>Comments on the report</h3>{REMARK}</div>"))
    assert "by my own watch" in quoted["body"]
