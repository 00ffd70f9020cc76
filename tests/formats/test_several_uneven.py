"""Pages of one long article and short ones: the short ones are neither lost nor taken for parts of the long one."""

from __future__ import annotations

import pytest
from test_several import marks, page, pieces

from etl.model import Doubt, DumpError

HEADS = ["Old pier to be rebuilt", "Owls nest in the clock tower", "Second ferry sails again", "Bread for nine days"]
SOURCES = [
    "Lark Bay Lamp{}5 January 2018",
    "Owl Gazette{}6 March 2018",
    "Lark Bay Lamp{}2 May 2018",
    "Pier Post{}9 May 2018",
]
LONG = [
    f"The harbour council met on Monday evening in week {n} and agreed to rebuild the old pier before the storms "
    "arrive, because the fishermen from the northern quay would have no landing place until May."
    for n in range(14)
]
BRIEFS = [
    "A pair of owls has moved into the clock tower of the upper town. The bells stay silent until the young ones can "
    "fly, which the keeper expects to be the case in the last week of May.",
    "The second ferry will sail again from the first of June, after both of its engines were replaced. Islanders had "
    "complained for months of crowded crossings and of cars left behind.",
    "A baker keeps bread fresh for nine days by resting the dough in jars of clay. Her neighbours first laughed at the "
    "jars, then asked for recipes, and now a museum wants one of them.",
]
LAYOUTS = {
    "headings": "<h3>{head}</h3><p>{source}</p>{paragraphs}",
    "articles": "<article><h2>{head}</h2><p class=meta>{source}</p>{paragraphs}</article>",
    "bold": "<b>{head}</b><br>{source}<br><br>{lines}<hr>",
    "boxes": "<div class=t>{head}</div><div>{source}</div>{boxes}",
    "a box above paragraphs": "<div class=t>{head}</div><p>{source}</p>{paragraphs}",
}


def uneven(layout: str, briefs: int, sign: str = " | ") -> str:
    """A long article and as many briefs in a layout."""
    texts = [LONG, *([brief] for brief in BRIEFS[:briefs])]
    return "".join(
        layout.format(
            head=head,
            source=source.format(sign),
            paragraphs="".join(f"<p>{line}</p>" for line in lines),
            boxes="".join(f"<div>{line}</div>" for line in lines),
            lines="<br><br>".join(lines),
        )
        for head, source, lines in zip(HEADS, SOURCES, texts, strict=False)
    )


TOTALS = [
    "{} documents", "{} Treffer", "{} dokument", "Documents: {}", "Liczba dokumentów: {}", "Artiklar : {}",
    "Results 1 - {} of {}", "Ergebnisse 1–{} von 340", "Résultats 1-{} sur 340", "1 - {} / 340 documents",
]  # fmt: skip


@pytest.mark.parametrize("briefs", [1, 3])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("total", TOTALS)
def test_as_many_as_the_page_states_are_refused(layout: str, briefs: int, total: str) -> None:
    data = page(f"<p>{total.replace('{}', str(briefs + 1))}</p>" + uneven(LAYOUTS[layout], briefs))
    assert marks(data) == briefs + 1
    with pytest.raises(DumpError, match=f"holds about {briefs + 1} articles"):
        pieces(data)


@pytest.mark.parametrize("briefs", [1, 3])
@pytest.mark.parametrize("sign", [" | ", ", "])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_without_a_total_they_are_read_as_one_article_with_a_warning(layout: str, sign: str, briefs: int) -> None:
    article, doubt = pieces(page(uneven(LAYOUTS[layout], briefs, sign)))
    assert isinstance(article, dict)
    assert isinstance(doubt, Doubt)
    assert f"it may hold {briefs + 1} articles" in doubt.warning


DATED = "<h1>{0}</h1><p>5 January 2018</p>{1}"
ONE = {
    "dated twice": DATED + "<p>Updated: 6 January 2018</p>",
    "a note at the end": DATED + "<p>Corrected on 6 January 2018</p><p>{2}</p>",
    "a total of something else": "<p>2 results</p>" + DATED + "<h2>Arms of the pier</h2><p>{2}</p>",
    "pages": "<p>Pages 1 - 2 of 9</p>" + DATED + "<p>Corrected on 6 January 2018</p><p>{2}</p>",
    "a linked teaser below": DATED + "<h3><a href=/b>Owls nest</a></h3><p>6 March 2018</p><p>{2}</p>",
}


@pytest.mark.parametrize("kind", ONE)
def test_one_article_with_a_short_end_is_one(kind: str) -> None:
    paragraphs = "".join(f"<p>{line}</p>" for line in LONG)
    (article,) = pieces(page(ONE[kind].format(HEADS[0], paragraphs, BRIEFS[0])))
    assert isinstance(article, dict)
