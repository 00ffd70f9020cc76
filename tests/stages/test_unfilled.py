"""What no field holds though a column has it: dates, prose; and a headline or an author that comes again and again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from etl.stages.unfilled import Unfilled


def told(records: Iterable[dict[str, Any]], is_known_layout: bool = False) -> str:
    unfilled = Unfilled(is_known_layout)
    for record in records:
        unfilled.look(record)
    return "; ".join(unfilled.told())


def article(number: int, **more: Any) -> dict[str, Any]:
    body = f"The council of Furt met on day {number} and agreed to mend bridge {number} before winter comes. " * 3
    return {"position": str(number), "headline": f"Bridge {number}", "body": body, "published": "2024-05-01", **more}


def undated(number: int, **extra: Any) -> dict[str, Any]:
    found = article(number, extra=extra)
    del found["published"]
    return found


@pytest.mark.parametrize(
    "written",
    [
        *("24/12/2019", "2019-12-24", "2019-12-24T06:30:00Z", "24.12.19", "20191224", "24 December 2019"),
        *("December 24, 2019", "Tue, 24 Dec 2019 06:30:00 +0000", "24 de dezembro de 2019", "24. Dezember 2019"),
        *("2019年12月24日", "24. 12. 2019", "1er mai 2019"),
    ],
)
def test_a_column_that_looks_like_dates_is_told_where_no_article_has_one(written: str) -> None:
    warning = told(undated(number, Quando=written, Ort="Furt") for number in range(5))
    assert "no article has a date; the column Quando looks like dates" in warning
    assert 'columns = { published = "Quando" }' in warning


def test_it_is_not_told_where_an_article_has_a_date_or_the_column_holds_none() -> None:
    assert not told([undated(1, Quando="2019-12-24"), article(2)])
    assert not told(undated(number, scraped_at="2019-12-24", last_updated="2019-12-24") for number in range(5))
    assert not told(undated(number, Band="12", Code="19-24", Ort="Furt, 2019") for number in range(5))


def prose(number: int) -> str:
    return f"Nobody from the harbour came on day {number}, and the mayor did not answer question {number}."


def test_prose_in_a_column_that_no_field_holds_is_told() -> None:
    warning = told(article(number, extra={"zweit": prose(number)}) for number in range(30))
    assert "no field holds the prose in `zweit`" in warning
    assert "+ zweit" in warning


@pytest.mark.parametrize(
    "extra_of",
    [
        lambda number: {"zweit": "All rights reserved by the Furt Post, which nobody may copy without leave."},
        lambda number: {"zweit": article(number)["body"][:90]},
        lambda number: {"image_caption": prose(number)},
        lambda number: {"zweit": prose(number)} if number < 3 else {},
        lambda number: {"zweit": f"https://furt.example/a/b/c.html?number={number}&more=words.and.words.and.words"},
        lambda number: {"zweit": f"<title>Furt Post</title><p>{article(number)['body']}</p>"},
        lambda number: {"zweit": "Furt; Harbour; Council; Mayor; Bridge; Winter; Question; Answer; Day"},
    ],
    ids=["a notice", "the beginning of the body", "captions", "few", "addresses", "the body as HTML", "keywords"],
)
def test_what_is_no_part_of_the_text_is_not_told(extra_of: Any) -> None:
    assert not told(article(number, extra=extra_of(number)) for number in range(30))


def test_where_there_is_no_text_the_prose_is_said_to_be_it() -> None:
    records = [{"position": str(n), "headline": f"Bridge {n}", "extra": {"zweit": prose(n)}} for n in range(9)]
    assert 'columns = { body = "zweit" }' in told(records)


def test_a_headline_that_all_articles_share_is_told() -> None:
    assert "all its articles have the same headline" in told(article(n, headline="Furt Post") for n in range(12))
    assert not told(article(number, headline="Furt Post") for number in range(5))
    assert not told(article(number, headline="Furt Post" if number else "Bridge") for number in range(12))


def test_rows_of_a_join_with_an_author_each_are_told() -> None:
    rows = [article(number, byline=name) for number in range(5) for name in ("Ann Muster", "Bo Berg")]
    assert "5 rows repeat the one before but for the author" in told(rows)
    assert not told(article(1, byline="Ann Muster") for _ in range(4))


def test_texts_that_a_column_cut_are_told() -> None:
    texts = [f"The council of Furt met on day {number} and agreed to mend the bridge. " * 20 for number in range(6)]
    cut = [article(number, body=text[:250]) for number, text in enumerate(texts)]
    assert "6 of its texts are exactly 250 characters long" in told(cut)
    assert not told([*cut, article(9, body=texts[0].strip())])
    assert not told(article(number, body=text[:249] + ".") for number, text in enumerate(texts))
    assert not told(cut[:1] * 5)


def test_of_a_layout_that_is_known_nothing_is_told() -> None:
    assert not told((undated(number, Quando="2019-12-24") for number in range(5)), is_known_layout=True)
