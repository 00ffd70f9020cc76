"""Newsletters: beginnings of articles, each with a link to the rest, and nothing else on the page."""

from __future__ import annotations

import pytest
from test_several import marks, page, pieces

from etl.model import Doubt

HEADS = ["Old pier to be rebuilt", "Owls nest in the tower", "Second ferry sails again", "Bread lasts nine days"]
BEGINNINGS = [
    "The harbour council met on Monday evening and agreed to rebuild the old pier before the storms arrive, "
    "because fishermen would have no landing place until May.",
    "A pair of owls has moved into the clock tower of the upper town, and the bells stay silent until May. "
    "The keeper counts three young ones, and feeds them when it rains.",
    "The second ferry will sail again from the first of June, after both of its engines were replaced. "
    "Islanders had complained for months of cars left behind.",
    "A baker in the upper town keeps bread fresh for nine days by resting the dough in jars of clay. Her "
    "neighbours laughed at first, and now a museum wants a jar.",
]
LINKED = "<tr><td><h2><a href=/{n}>{head}</a></h2><p>{text}</p>{more}</td></tr>"
MORE = ["Read more", "Weiterlesen", "Lire la suite", "Leggi tutto", "Läs mer", "Czytaj więcej", "続きを読む"]


def items(layout: str, number: int = 4, more: str = "") -> str:
    parts = zip(range(number), HEADS, BEGINNINGS, strict=False)
    return "".join(layout.format(n=n, head=head, text=text, more=f"<a href=/{n}>{more}</a>") for n, head, text in parts)


NEWSLETTERS = {
    "linked headlines in a table": f"<table>{items(LINKED)}</table>",
    "read more": f"<table>{items(LINKED, more='Read more')}</table>",
    "below a name": f"<h1>Lamp Letter 12</h1><p>Good morning.</p>{items(LINKED)}",
    "with a heading of another kind": f"<h2>In this letter</h2>{items(LINKED)}<h2>About us</h2>",
    "boxes": items("<div class=t><a href=/{n}>{head}</a></div><div>{text}</div><div>{more}</div>", more="Read more"),
    **{f"{more}": items("<h3>{head}</h3><p>{text}</p><p>{more}</p>", more=more) for more in MORE},
}


@pytest.mark.parametrize("kind", NEWSLETTERS)
def test_a_newsletter_of_teasers_is_read_as_one_article_with_a_warning(kind: str) -> None:
    data = page(NEWSLETTERS[kind])
    article, doubt = pieces(data)
    assert isinstance(article, dict)
    assert isinstance(doubt, Doubt)
    assert "it may hold 4 articles" in doubt.warning
    assert marks(data) == 1


LONG = "".join(f"<p>{text} {BEGINNINGS[0]} In week {n}.</p>" for n in range(4) for text in BEGINNINGS)
ONE = {
    "an article above them": page(f"<h1>Storm</h1>{LONG}{items(LINKED)}"),
    "an article among them": page(f"<h2><a href=/a>Storm over the bay</a></h2>{LONG}{items(LINKED)}"),
    "a list below its introduction": page(f"<h1>Four tales</h1><p>{' '.join(BEGINNINGS)}</p>{items(LINKED)}"),
    "two links": page(items(LINKED, 2)),
    "the page is named after one": page(items(LINKED), title=f"{HEADS[0]} | Evening Lamp"),
    "a home page": page(items(LINKED.replace("{text}", "{head} and more of it, the council said on Monday."))),
    "sections without links": page(items("<h2>{head}</h2><p>{text}</p>")),
}


@pytest.mark.parametrize("kind", ONE)
def test_an_article_with_links_is_one(kind: str) -> None:
    (article,) = pieces(ONE[kind])
    assert isinstance(article, dict)
