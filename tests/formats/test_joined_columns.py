"""Columns that are one field together, and of two texts the whole one."""

from __future__ import annotations

import io
from typing import Any

import pytest

from etl import formats
from etl.formats.common.columns import make_plan, record
from etl.formats.common.stanza_columns import refuse_missing
from etl.model import DumpError, Feed

BEGINNING = "The ferry to the islands was late again on Monday, and nobody on the pier knew why."
REST = "A spokesman of the line said that a rope had been lost in the night. It is to be replaced in May."
WHOLE = f"{BEGINNING}\n\n{REST}"


def read(row: dict[str, Any], **stanza: Any) -> dict[str, Any]:
    return record(make_plan(tuple(row), Feed("wire", **stanza)), row, "1")


def of_csv(text: str, **stanza: Any) -> list[Any]:
    return list(formats.named("csv").read(io.BytesIO(text.encode()), Feed("wire", **stanza)))


@pytest.mark.parametrize(
    "names",
    [
        ("introtext", "fulltext"),
        ("first_paragraph", "text"),
        ("body", "body2"),
        ("Body", "Body Continued"),
        ("text", "text_continued"),
        ("text_1", "text_2"),
        ("content", "content_part_2"),
        ("Text", "Text Fortsetzung"),
        ("texte", "texte_suite"),
        ("article", "rest_of_article"),
        ("paragraph1", "paragraph2"),
        ("fields.body", "fields.body_cont"),
    ],
)
def test_a_text_in_two_columns_is_joined_where_their_names_say_so(names: tuple[str, str]) -> None:
    row = {"headline": "Ferry late", names[0]: BEGINNING, names[1]: REST}
    assert read(row)["body"] == WHOLE
    assert "extra" not in read(row)
    assert read({**row, names[1]: ""})["body"] == BEGINNING
    assert read({**row, names[0]: None})["body"] == REST


def test_a_text_that_is_in_the_other_column_is_not_taken_twice() -> None:
    row = {"title": "Ferry late", "introtext": BEGINNING, "fulltext": WHOLE}
    assert read(row)["body"] == WHOLE


def test_a_second_text_with_a_headline_of_its_own_is_not_joined() -> None:
    row = {"title": "Ferry late", "text": BEGINNING, "title_2": "Rope lost", "text_2": REST}
    assert read(row)["body"] == BEGINNING
    assert read(row)["extra"] == {"title_2": "Rope lost", "text_2": REST}


def test_html_and_plain_parts_are_joined() -> None:
    row = {"title": "Ferry late", "introtext": f"<p>{BEGINNING}</p>", "fulltext": f"<p>{REST}</p>"}
    assert read(row)["body"] == WHOLE


def test_a_stanza_joins_columns() -> None:
    row = {"Kopf": "Ferry late", "Anfang": BEGINNING, "Schluss": REST, "Vor": "Ann", "Nach": "Muster"}
    stanza = {"headline": "Kopf", "body": "Anfang + Schluss", "byline": "Vor + Nach"}
    found = read(row, columns=stanza)
    assert (found["body"], found["byline"]) == (WHOLE, "Ann Muster")
    assert read({"Kopf": "Ferry late", "Anfang": BEGINNING}, columns=stanza)["body"] == BEGINNING


def test_a_stanza_joins_what_is_in_objects() -> None:
    row = {"title": "Ferry late", "teile": {"a": BEGINNING, "b": REST}}
    assert read(row, columns={"body": "teile.a + teile.b"})["body"] == WHOLE


def test_the_first_joined_columns_that_are_filled_serve() -> None:
    stanza = {"body": ("Anfang + Schluss", "Text")}
    row = {"title": "Ferry late", "Anfang": "", "Schluss": "", "Text": REST}
    assert read(row, columns=stanza)["body"] == REST


def test_a_column_that_is_called_as_joined_ones_are_is_that_column() -> None:
    row = {"title": "Ferry late", "A + B": BEGINNING, "A": "x", "B": "y"}
    assert read(row, columns={"body": "A + B"})["body"] == BEGINNING


def test_a_joined_column_that_is_missing_is_told_unless_it_is_optional() -> None:
    columns = {"body": "Anfang + Schluss"}
    with pytest.raises(DumpError, match=r"Anfang \+ Schluss"):
        refuse_missing(["title", "Anfang"], Feed("wire", columns=columns))
    refuse_missing(["title", "Anfang"], Feed("wire", columns=columns, optional=("Schluss",)))


def test_rows_of_a_table_are_joined_by_number() -> None:
    found = of_csv(f'title,body,body2,year,month,day\nFerry late,"{BEGINNING}","{REST}",2024,3,7\n')
    assert (found[0]["body"], found[0]["published"]) == (WHOLE, "2024-03-07")
    found = of_csv(f"Ferry late|{BEGINNING}|{REST}\n", has_header=False, columns={"headline": "1", "body": "2 + 3"})
    assert found[0]["body"] == WHOLE


@pytest.mark.parametrize(
    ("row", "date"),
    [
        ({"year": 2024, "month": 3, "day": 7}, "2024-03-07"),
        ({"Jahr": "2024", "Monat": "3", "Tag": "7"}, "2024-03-07"),
        ({"pub_year": "2024.0", "pub_month": "3.0", "pub_day": "7.0"}, "2024-03-07"),
        ({"año": "2024", "mes": "12", "día": "31"}, "2024-12-31"),
        ({"Year": "2024", "Month": "March", "Day": "7"}, "7 March 2024"),
        ({"year": "2024", "month": "3", "day": ""}, "2024-03"),
        ({"year": "2024"}, "2024"),
        ({"date": "", "Publication Year": 2024}, "2024"),
        ({"date": "2024-03-08", "year": "2024", "month": "3"}, "2024-03-08"),
        ({"published": {"year": 2024, "month": 3, "day": 7}}, "2024-03-07"),
    ],
)
def test_the_parts_of_a_date_are_joined(row: dict[str, Any], date: str) -> None:
    assert read({"title": "Ferry late", "text": WHOLE, **row})["published"] == date


def test_the_parts_of_a_date_stay_as_they_are_beside_one() -> None:
    found = read({"title": "Ferry late", "text": WHOLE, "date": "2024-03-08", "year": "2024", "month": "3"})
    assert found["extra"] == {"year": "2024", "month": "3"}


@pytest.mark.parametrize(
    ("row", "names"),
    [
        ({"author_first": "Ann", "author_last": "Muster"}, "Ann Muster"),
        ({"Vorname": "Ann", "Nachname": "Muster"}, "Ann Muster"),
        ({"author1": "Ann Muster", "author2": "Bo Berg"}, "Ann Muster; Bo Berg"),
        ({"author": "Ann Muster", "author_2": "Bo Berg", "author_3": ""}, "Ann Muster; Bo Berg"),
        ({"author": "Ann Muster", "author_first": "Ann", "author_last": "Muster"}, "Ann Muster"),
    ],
)
def test_the_names_of_authors_are_joined(row: dict[str, Any], names: str) -> None:
    assert read({"title": "Ferry late", "text": WHOLE, **row})["byline"] == names


@pytest.mark.parametrize("short", [BEGINNING, f"{BEGINNING[:60]}…", f"<p>{BEGINNING}</p>", BEGINNING[:60]])
@pytest.mark.parametrize("names", [("text", "content"), ("body", "article_text"), ("full_text", "text")])
def test_of_two_texts_the_whole_one_is_the_body(short: str, names: tuple[str, str]) -> None:
    for row in ({names[0]: short, names[1]: WHOLE}, {names[1]: WHOLE, names[0]: short}):
        assert read({"title": "Ferry late", **row})["body"] == WHOLE
        assert "is_partial" not in read({"title": "Ferry late", **row})


def test_of_two_texts_that_differ_or_are_alike_the_first_choice_is_the_body() -> None:
    assert read({"title": "Ferry late", "text": REST, "content": WHOLE})["body"] == REST
    assert read({"title": "Ferry late", "text": REST, "body_html": f"<p>{REST}</p>"})["body"] == REST


def test_newscatcher_calls_the_text_a_summary() -> None:
    row = {"title": "Ferry late", "clean_url": "furt.example", "excerpt": BEGINNING, "summary": WHOLE}
    found = read(row)
    assert (found["body"], found["deck"], found.get("is_partial")) == (WHOLE, BEGINNING, None)


def test_of_a_summary_that_goes_on_behind_the_excerpt_the_longer_is_the_piece_of_the_body() -> None:
    found = read({"title": "Ferry late", "excerpt": BEGINNING, "summary": WHOLE})
    assert (found["body"], found["is_partial"]) == (WHOLE, True)
