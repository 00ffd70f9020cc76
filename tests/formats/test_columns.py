"""Columns to fields: by value, by path, by the names of services and tools, by the stanza."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.formats.common.columns import make_plan, record
from etl.formats.common.pieces import Unreadable
from etl.formats.common.stanza_columns import required_columns, says_missing, without_found
from etl.formats.common.usual_names import fold, known
from etl.model import RAW_FIELDS, DumpError, Feed


def read(row: dict[str, Any], **stanza: Any) -> dict[str, Any]:
    return record(make_plan(tuple(row), Feed("wire", **stanza)), row, "1")


def fields(row: dict[str, Any], *names: str, **stanza: Any) -> tuple[Any, ...]:
    found = read(row, **stanza)
    return tuple(found.get(name) for name in names)


# By value


@pytest.mark.parametrize("nothing", [None, "", "  ", "nan", "NaN", "None", "NULL", "null", "N/A", "NA", "-", "\\N"])
def test_the_first_usual_column_that_holds_something_fills_a_field(nothing: Any) -> None:
    row = {
        "title": nothing,
        "headline": "Ferry late",
        "text": nothing,
        "content": "The ferry was late.",
        "author": nothing,
        "authors": ["Ann Muster", nothing],
        "date": nothing,
        "published_at": "2024-01-05",
        "source": {"id": None, "name": nothing},
        "publisher": "Harbour Post",
        "tags": nothing,
        "keywords": ["ferry"],
    }
    assert fields(row, "headline", "body", "byline", "published", "publication", "labels") == (
        "Ferry late",
        "The ferry was late.",
        "Ann Muster",
        "2024-01-05",
        "Harbour Post",
        [["tag", "", "ferry"]],
    )


def test_a_column_that_a_row_does_not_need_goes_into_extra() -> None:
    found = read({"title": "Ferry late", "headline": "Ferry delayed", "text": "It was late.", "content": "Late."})
    assert found["extra"] == {"title": "Ferry late", "content": "Late."}


def test_each_row_of_one_plan_takes_its_own_columns() -> None:
    plan = make_plan(("title", "text", "headline", "content"), Feed("wire"), by_number=True)
    first = record(plan, ["One", "First text.", "", ""], "1")
    second = record(plan, ["", "", "Two", "Second text."], "2")
    assert [(each["headline"], each["body"]) for each in (first, second)] == [
        ("One", "First text."),
        ("Two", "Second text."),
    ]


@pytest.mark.parametrize("name", ["Überschrift", "Ueberschrift", "ÜBERSCHRIFT"])
def test_the_german_word_for_a_headline_is_one(name: str) -> None:
    assert fields({name: "Brücke offen", "Text": "Sie ist offen."}, "headline", "body") == (
        "Brücke offen",
        "Sie ist offen.",
    )


def test_namibia_is_a_country() -> None:
    assert fields({"title": "x", "country": "NA"}, "country") == ("NA",)


def test_a_body_of_another_kind_is_unreadable_only_where_no_other_column_has_one() -> None:
    assert fields({"body": 5, "content": "The ferry was late."}, "body") == ("The ferry was late.",)
    with pytest.raises(Unreadable, match="the body is a number"):
        read({"body": 5, "content": None})


@given(
    st.dictionaries(
        st.sampled_from(["title", "text", "body", "source", "tags", "fields", "date", "odd", "_source"]),
        st.recursive(
            st.none()
            | st.booleans()
            | st.floats()
            | st.integers()
            | st.text(alphabet="a<>/p[]'{}:,\\ \n.…", max_size=12),
            lambda each: (
                st.lists(each, max_size=3)
                | st.dictionaries(st.sampled_from(["title", "name", "text", "$date", "_source"]), each, max_size=3)
            ),
            max_leaves=8,
        ),
    )
)
def test_any_row_is_a_record_or_unreadable(row: dict[str, Any]) -> None:
    try:
        found = read(row)
    except (Unreadable, DumpError):
        return
    assert found.keys() <= set(RAW_FIELDS)
    assert all(
        isinstance(found.get(name, ""), str) for name in RAW_FIELDS if name not in ("labels", "is_partial", "extra")
    )
    assert found.get("body") != ""


# The answers of services and the output of tools


def test_guardian() -> None:
    row = {
        "id": "city/2024/x",
        "sectionName": "City",
        "webPublicationDate": "2024-01-01T10:00:05Z",
        "webTitle": "Pier closed",
        "webUrl": "https://paper.example/x",
        "fields": {
            "trailText": "<p>Short</p>",
            "byline": "Ann Muster",
            "bodyText": "The pier closed. Nobody came.",
            "wordcount": "5",
            "publication": "The Example Paper",
        },
        "tags": [{"type": "contributor", "webTitle": "Ann Muster"}, {"type": "keyword", "webTitle": "Piers"}],
    }
    found = read(row)
    assert {name: found[name] for name in found if name not in ("position", "extra")} == {
        "native_id": "city/2024/x",
        "url": "https://paper.example/x",
        "publication": "The Example Paper",
        "headline": "Pier closed",
        "deck": "Short",
        "byline": "Ann Muster",
        "body": "The pier closed. Nobody came.",
        "published": "2024-01-01T10:00:05Z",
        "section": "City",
        "labels": [["keyword", "", "Piers"]],
    }
    assert found["extra"]["fields"] == {"wordcount": "5"}


NYT = {
    "_id": "nyt://article/1",
    "headline": {"main": "Pier closed", "kicker": None},
    "byline": {"original": "By Ann Muster", "person": []},
    "abstract": "It closed.",
    "lead_paragraph": "The pier closed on Monday.",
    "pub_date": "2019-01-01T18:00:00+0000",
    "web_url": "https://paper.example/1",
    "section_name": "World",
    "keywords": [{"name": "subject", "value": "Piers"}],
}


def test_new_york_times_has_the_beginning_only() -> None:
    names = ("native_id", "headline", "byline", "deck", "body", "is_partial", "published", "url", "section", "labels")
    assert fields(NYT, *names) == (
        "nyt://article/1",
        "Pier closed",
        "By Ann Muster",
        "It closed.",
        "The pier closed on Monday.",
        True,
        "2019-01-01T18:00:00+0000",
        "https://paper.example/1",
        "World",
        [["subject", "", "Piers"]],
    )
    assert fields({**NYT, "lead_paragraph": ""}, "deck", "body", "is_partial") == (None, "It closed.", True)


def test_wordpress() -> None:
    row = {
        "id": 12,
        "date": "2024-01-05T12:00:00",
        "date_gmt": "2024-01-05T11:00:00",
        "modified_gmt": "0000-00-00T00:00:00",
        "link": "https://blog.example/12",
        "title": {"rendered": "Pier &#8211; closed"},
        "content": {"rendered": "<p>It closed.</p>\n<p>Nobody came.</p>\n", "protected": False},
        "excerpt": {"rendered": "<p>It cl [&hellip;]</p>", "protected": False},
        "author": 3,
        "categories": [4, 5],
        "_embedded": {"author": [{"id": 3, "name": "Ann Muster"}]},
    }
    found = read(row)
    assert fields(row, "native_id", "url", "published", "modified", "byline", "labels", "body", "is_partial") == (
        "12",
        "https://blog.example/12",
        "2024-01-05T11:00:00Z",
        None,
        "Ann Muster",
        None,
        "It closed.\n\nNobody came.",
        None,
    )
    assert found["headline"] == "Pier &#8211; closed"  # entities are the normaliser's
    assert found["extra"]["content"] == {"protected": False}


@pytest.mark.parametrize(
    ("stated", "label"),
    [
        ({"name": "glocations", "value": "Furt"}, ["glocations", "", "Furt"]),
        ({"type": "Person", "name": "Ann Muster"}, ["Person", "", "Ann Muster"]),
        ({"@type": "Place", "name": "Furt"}, ["Place", "", "Furt"]),
        ({"scheme": "medtop", "code": "04000000", "name": "Economy"}, ["medtop", "", "Economy"]),
        ({"taxonomy": "post_tag", "kind": "x", "slug": "piers", "name": "Piers"}, ["post_tag", "", "Piers"]),
        ({"type": 3, "name": "Piers"}, ["tag", "", "Piers"]),
        ({"type": None, "value": "Piers"}, ["tag", "", "Piers"]),
        ({"name": "Piers"}, ["tag", "", "Piers"]),
    ],
)
def test_a_topic_is_of_the_vocabulary_that_its_object_names(stated: dict[str, Any], label: list[str]) -> None:
    assert fields({"title": "x", "keywords": [stated]}, "labels") == ([label],)
    assert fields({"title": "x", "keywords": str([stated])}, "labels") == ([label],)


def test_event_registry() -> None:
    row = {
        "uri": "791",
        "lang": "eng",
        "date": "2024-01-01",
        "dateTime": "2024-01-01T12:00:00Z",
        "dateTimePub": "2024-01-01T11:50:00Z",
        "url": "https://er.example/1",
        "title": "Pier closed",
        "body": "The pier closed.",
        "source": {"uri": "paper.example", "dataType": "news", "title": "Example Paper"},
        "authors": [{"uri": "a@er.example", "name": "Ann Muster"}, {"uri": "b", "name": "Bo Beispiel"}],
    }
    assert fields(row, "published", "publication", "byline", "native_id") == (
        "2024-01-01T11:50:00Z",
        "Example Paper",
        "Ann Muster; Bo Beispiel",
        "791",
    )


def test_bing_and_its_siblings_call_the_headline_a_name() -> None:
    row = {
        "name": "Pier closed",
        "url": "https://paper.example/1",
        "description": "The pier closed.",
        "provider": [{"_type": "Organization", "name": "Example Paper"}],
        "datePublished": "2024-01-01T11:50:00Z",
    }
    assert fields(row, "headline", "publication", "published") == (
        "Pier closed",
        "Example Paper",
        "2024-01-01T11:50:00Z",
    )
    assert known(row)[1]
    assert fields({"name": "Ann", "text": "The pier closed."}, "headline") == (None,)
    assert not known(["name", "url"])[1]


def test_webz() -> None:
    row = {
        "thread": {"site": "paper.example", "title": "Pier", "url": "https://other.example", "section_title": "City"},
        "uuid": "a1",
        "url": "https://paper.example/1",
        "author": "Ann Muster",
        "published": "2024-01-01T02:00:00.000+02:00",
        "title": "Pier closed",
        "text": "The pier closed.",
    }
    assert fields(row, "publication", "section", "headline", "url", "native_id") == (
        "paper.example",
        "City",
        "Pier closed",
        "https://paper.example/1",
        "a1",
    )


def test_the_description_of_a_page_is_a_partial_article_and_one_without_an_address_a_whole_one() -> None:
    row = {"title": "Pier closed", "description": "The pier closed on Monday.", "url": "https://paper.example/1"}
    assert fields(row, "body", "deck", "is_partial") == ("The pier closed on Monday.", None, True)
    assert fields({**row, "content": "It did."}, "body", "is_partial") == ("It did.", None)
    del row["url"]
    assert fields(row, "body", "is_partial") == ("The pier closed on Monday.", None)
    news = {"headline": "Pier closed", "short_description": "It closed.", "link": "https://paper.example/1"}
    assert fields(news, "body", "deck", "is_partial") == ("It closed.", None, True)


@pytest.mark.parametrize("name", ["_source", "fields", "attributes", "node", "doc"])
def test_the_fields_in_the_object_of_a_hit_or_a_document_are_the_articles(name: str) -> None:
    inner = {"title": "Pier closed", "text": "The pier closed.", "views": 3}
    found = read({"_index": "news", "_id": "7", name: inner})
    assert (found["headline"], found["body"], found["native_id"]) == ("Pier closed", "The pier closed.", "7")
    assert found["extra"] == {"_index": "news", name: {"views": 3}}
    assert known([f"{name}.title", f"{name}.views"]) == (1, True)


def test_json_feed_and_schema_org() -> None:
    item = {"id": "1", "content_html": "<p>It <b>closed</b>.</p>", "authors": [{"name": "Ann"}], "title": "Pier"}
    assert fields(item, "body", "byline") == ("It closed.", "Ann")
    page = {
        "headline": "Pier closed",
        "articleBody": "It closed.",
        "datePublished": "2024-01-01",
        "author": {"@type": "Person", "name": "Ann Muster"},
        "publisher": {"@type": "Organization", "name": "Example Paper"},
        "inLanguage": "en",
        "articleSection": "City",
    }
    assert fields(page, "body", "published", "byline", "publication", "language", "section") == (
        "It closed.",
        "2024-01-01",
        "Ann Muster",
        "Example Paper",
        "en",
        "City",
    )


@pytest.mark.parametrize(
    "date",
    [{"$date": 1474498800000}, {"$date": {"$numberLong": "1474498800000"}}, {"$date": "2016-09-21T23:00:00+00:00"}],
)
def test_mongodb_writes_types_around_values(date: Any) -> None:
    row = {"_id": {"$oid": "57e2"}, "title": "Pier", "published": date}
    assert fields(row, "native_id", "published") == ("57e2", "2016-09-21T23:00:00+00:00")


def test_a_date_of_mongodb_before_1970_is_one() -> None:
    assert fields({"title": "x", "date": {"$date": -86400000}}, "published") == ("1969-12-31T00:00:00+00:00",)


def test_a_snapshot_of_dow_jones_has_its_lead_apart() -> None:
    row = {"an": "LAMP1", "source_code": "LAMP", "source_name": "Evening Lamp", "publisher_name": "Lamp Ltd"}
    row |= {"title": "Pier", "snippet": "The pier closed.", "body": "Nobody came.", "publication_date": 1577923200000}
    names = ("native_id", "publication", "body", "published", "is_partial")
    assert fields(row, *names) == (
        "LAMP1",
        "Evening Lamp",
        "The pier closed.\n\nNobody came.",
        "1577923200000",
        None,
    )
    assert fields({**row, "body": "The pier closed.\n\nNobody came."}, "body") == ("The pier closed.\n\nNobody came.",)
    assert fields({**row, "body": None}, "body", "is_partial") == ("The pier closed.", None)
    assert "native_id" not in read({"an": "Berlin", "text": "x"})


def test_fundus_has_sections_of_paragraphs() -> None:
    body = {
        "summary": ["It closed."],
        "sections": [
            {"headline": [], "paragraphs": ["The pier closed.", "Nobody came."]},
            {"headline": ["What next"], "paragraphs": ["Nobody knows."]},
        ],
    }
    row = {"title": "Pier", "body": body, "publishing_date": "2024-03-04 10:20:30+01:00", "authors": ["Ann", "Bo"]}
    assert fields(row, "body", "published", "byline") == (
        "It closed.\n\nThe pier closed.\n\nNobody came.\n\nWhat next\n\nNobody knows.",
        "2024-03-04 10:20:30+01:00",
        "Ann; Bo",
    )
    assert "extra" not in read(row)


def test_a_body_of_blocks_is_its_texts() -> None:
    blocks = [{"type": "text", "content": "The pier closed."}, {"type": "image", "content": "https://x.example/a.jpg"}]
    assert fields({"title": "x", "content": blocks}, "body") == ("The pier closed.",)
    assert fields({"title": "x", "content": {"text": "It closed.", "html": "<p>It closed.</p>"}}, "body") == (
        "It closed.",
    )


@pytest.mark.parametrize(
    "row",
    [
        {  # Arc
            "headlines": {"basic": "Pier closed"},
            "content_elements": [
                {"type": "text", "content": "<p>The pier closed.</p>"},
                {"type": "image", "caption": "A pier", "content": "x"},
                {"type": "list", "items": [{"type": "text", "content": "Nobody came."}]},
            ],
            "credits": {"by": [{"name": "Ann Muster"}]},
            "first_publish_date": "2024-01-05",
        },
        {  # Feedly
            "title": "Pier closed",
            "content": {"content": "<p>The pier closed.</p><p>Nobody came.</p>", "direction": "ltr"},
            "author": "Ann Muster",
            "published": "2024-01-05",
        },
        {  # Drupal
            "attributes": {
                "title": "Pier closed",
                "body": {"value": "<p>The pier closed.</p><p>Nobody came.</p>", "summary": "Closed."},
                "date": "2024-01-05",
                "author": {"given_name": "Ann", "family_name": "Muster"},
            }
        },
        {  # Contentful
            "fields": {
                "title": {"en-US": "Pier closed"},
                "body": {"en-US": "The pier closed.\n\nNobody came."},
                "author": "Ann Muster",
                "date": "2024-01-05",
            }
        },
        {  # goose, Readability
            "title": "Pier closed",
            "cleaned_text": "The pier closed.\n\nNobody came.",
            "publishedTime": "2024-01-05",
            "byline": "Ann Muster",
            "meta": {"lang": "en"},
        },
    ],
)
def test_other_systems_and_tools(row: dict[str, Any]) -> None:
    assert fields(row, "headline", "body", "byline", "published") == (
        "Pier closed",
        "The pier closed.\n\nNobody came.",
        "Ann Muster",
        "2024-01-05",
    )


def test_newspaper_and_trafilatura_name_the_site_apart() -> None:
    newspaper = {"title": "x", "text": "y", "meta_site_name": "Example Paper", "meta_lang": "en", "source_url": "z"}
    assert fields(newspaper, "publication", "language") == ("Example Paper", "en")
    page = "https://www.paper.example/2024/pier"
    tool = {"title": "x", "text": "y", "hostname": "paper.example", "source": page, "source-hostname": "Example Paper"}
    assert fields(tool, "publication", "url") == ("Example Paper", page)
    assert fields({**tool, "source-hostname": None}, "publication", "url") == ("paper.example", page)


def test_a_name_is_a_better_publication_than_a_domain() -> None:
    row = {"title": "x", "source": "http://www.paper.example", "publisher": "Example Paper", "domain": "paper.example"}
    assert fields(row, "publication") == ("Example Paper",)
    assert fields({**row, "publisher": ""}, "publication") == ("paper.example",)
    assert fields({"title": "x", "source": "paper.example"}, "publication") == ("paper.example",)


# Cut texts, markup and lists in text


@pytest.mark.parametrize(
    "mark",
    [
        "… [+2219 chars]",
        " [+12 chars]",
        "... [1842 chars]",
        " [...]",
        " […]",
        " [&hellip;]",
        "... Read more at paper.example",
        "… Weiterlesen",
        "... [1,842 characters]",
    ],
)
def test_the_mark_of_a_cut_makes_an_article_partial_and_is_not_text(mark: str) -> None:
    assert fields({"title": "x", "content": f"The pier closed{mark}"}, "body", "is_partial") == (
        "The pier closed",
        True,
    )


@pytest.mark.parametrize(
    "text", ["He said: [...] and left.", "It has [12 chars] in it.", "And so on ...", "Read more books."]
)
def test_what_only_looks_like_a_cut_is_text(text: str) -> None:
    assert fields({"title": "x", "content": text}, "body", "is_partial") == (text, None)


def test_what_a_paid_plan_would_show_is_no_text() -> None:
    row = {"title": "x", "description": "The pier closed.", "content": "ONLY AVAILABLE IN PAID PLANS"}
    assert fields(row, "body", "deck", "is_partial") == ("The pier closed.", None, True)


def test_html_in_columns_is_cleaned_and_what_looks_like_it_stands() -> None:
    row = {
        "title": "The <em>old</em> pier",
        "description": "<p>Short</p>",
        "body": "<p>It < 5.</p><script>a()</script><ul><li>one</li></ul>",
    }
    assert fields(row, "headline", "deck", "body") == ("The old pier", "Short", "It < 5.\n\none")
    prose = "It was < 5 and > 2.\n\nThen <b was seen, <3 and a <div> in prose."
    assert fields({"title": "a <b> c", "body": prose}, "headline", "body") == ("a <b> c", prose)


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ({"main": {"name": "Nested"}, "list": ["L1", {"name": "L2"}]}, ["Nested", "L1", "L2"]),
        ([["a", "b"], ["c", ["d"]]], ["a", "b", "c", "d"]),
        ({"data": [{"attributes": {"name": "trams"}}, {"name": "buses"}]}, ["trams", "buses"]),
        ({"data": {"attributes": {"name": "trams"}}}, ["trams"]),
        ({"list": []}, None),
        ([{"name": "subject", "value": ""}, {"name": "glocations", "value": None}], None),
    ],
)
def test_topics_are_found_in_nested_lists_and_not_in_empty_ones(value: Any, names: list[str] | None) -> None:
    assert fields({"title": "x", "tags": value}, "labels") == (names and [["tag", "", name] for name in names],)


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("trams; buses, Foxes &amp; Geese", ["trams", "buses", "Foxes &amp; Geese"]),
        ("Caf&eacute;;R&#38;D;&#x54;ea", ["Caf&eacute;", "R&#38;D", "&#x54;ea"]),
        ("AT&T; Marks&Spencer; trams;", ["AT&T", "Marks&Spencer", "trams"]),
    ],
)
def test_the_end_of_an_entity_does_not_end_the_name_of_a_topic(value: str, names: list[str]) -> None:
    assert fields({"title": "x", "keywords": value}, "labels") == ([["tag", "", name] for name in names],)


@pytest.mark.parametrize(
    "value",
    ["['Ann', 'Bo']", '["Ann", "Bo"]', "['Ann' 'Bo']", "[{'name': 'Ann'}, {'name': 'Bo'}]", "['Ann', None, \"Bo\"]"],
)
def test_a_list_spelled_as_text_is_a_list(value: str) -> None:
    assert fields({"title": "x", "authors": value}, "byline") == ("Ann; Bo",)
    assert fields({"title": "x", "tags": value}, "labels") == ([["tag", "", "Ann"], ["tag", "", "Bo"]],)


@pytest.mark.parametrize("value", ["[Update] Pier", "[1]", "{x}", "[Ann, Bo]", "[" * 300 + "]" * 300])
def test_what_only_has_brackets_is_text(value: str) -> None:
    assert fields({"title": value}, "headline") == (value,)


def test_the_object_of_a_source_spelled_as_text_is_one() -> None:
    assert fields({"title": "x", "source": "{'id': None, 'name': 'Example Paper'}"}, "publication") == (
        "Example Paper",
    )


def test_columns_of_flattened_objects_are_known_by_their_paths() -> None:
    row = {
        "source.name": "Example Paper",
        "title.rendered": "Pier",
        "content.rendered": "It closed.",
        "_source.url": "u",
    }
    assert fields(row, "publication", "headline", "body", "url") == ("Example Paper", "Pier", "It closed.", "u")
    assert known(row) == (4, True)


# What a stanza names


def test_a_stanza_names_paths() -> None:
    row = {"a": {"b": {"text": "It closed.", "n": 1}}, "people": [{"n": "Ann"}, {"n": "Bo"}], "heads": ["Pier", "Quay"]}
    columns = {"body": "a.b.text", "byline": "people.n", "headline": "heads.0"}
    found = read(row, columns=columns)
    assert (found["body"], found["byline"], found["headline"]) == ("It closed.", "Ann; Bo", "Pier")
    assert found["extra"]["a.b"] == {"n": 1}
    assert without_found(required_columns(Feed("w", columns=columns)), row) == set()
    assert without_found(["a.c", "people.x", "heads.2", "a"], row) == {"a.c", "people.x", "heads.2"}


def test_of_several_columns_the_first_that_is_filled_serves_and_one_is_required() -> None:
    feed = Feed("wire", columns={"headline": ("Titel", "Kopf"), "body": "Text"})
    for row in ({"Titel": "", "Kopf": "Pier", "Text": "y"}, {"Kopf": "Pier", "Text": "y"}):
        assert record(make_plan(tuple(row), feed), row, "1")["headline"] == "Pier"
    assert required_columns(feed) == ("Titel or Kopf", "Text")
    assert without_found(required_columns(feed), {"Kopf": 1, "Text": 1}) == set()
    missing = without_found(required_columns(feed), {"title": 1, "Text": 1})
    assert '"Titel or Kopf"' in says_missing(missing, ["title", "Text"])


def test_where_an_optional_column_is_missing_or_empty_the_usual_names_serve() -> None:
    stanza: Any = {"columns": {"headline": "Titel", "deck": "Vorspann"}, "id_column": "Nr", "optional": ("Titel", "Nr")}
    assert fields({"title": "Pier", "summary": "s", "id": 7}, "headline", "deck", "native_id", **stanza) == (
        "Pier",
        None,
        None,
    )
    assert fields({"Titel": "Kai", "title": "Pier"}, "headline", **stanza) == ("Kai",)


# Which of two columns


@pytest.mark.parametrize(
    ("row", "headline"),
    [
        ({"title": "Evening Star", "headline": "Ferry late"}, "Ferry late"),
        ({"title": "Staff Reporter", "article_title": "Ferry late"}, "Ferry late"),
        ({"title": "Ferry late", "headline": ""}, "Ferry late"),
    ],
)
def test_a_headline_is_chosen_before_a_title(row: dict[str, Any], headline: str) -> None:
    assert fields({**row, "text": "It was late."}, "headline") == (headline,)


@pytest.mark.parametrize(
    ("row", "published"),
    [
        ({"date": "2021-01-01", "publication_date": "2019-07-16"}, "2019-07-16"),
        ({"created": "2021-01-01", "publish_up": "2019-07-16"}, "2019-07-16"),
        ({"published": True, "date": "2019-07-16"}, "2019-07-16"),
        ({"published": "0", "created_at": "2019-07-16"}, "2019-07-16"),
        ({"Data": "24/12/2019"}, "24/12/2019"),
        ({"data": "The ferry was late in 2019, and nobody knew why, although many had asked."}, None),
        ({"data": {"x": 1}}, None),
        ({"created": "1563235200"}, "1563235200"),
        *(({name: "2019-07-16"}, "2019-07-16") for name in (
            "Article Date", "Date de parution", "Erscheinungsdatum", "Fecha de publicación", "Data de publicação",
            "Data di pubblicazione", "Publicatiedatum", "Дата публикации", "Tarih", "Tanggal", "发布时间", "日付",
            "날짜", "التاريخ", "Päivämäärä", "Datum vydání", "Ngày", "Dátum", "dato",
        )),
    ],
)  # fmt: skip
def test_a_date_of_publication_is_chosen_before_any_date(row: dict[str, Any], published: str | None) -> None:
    assert fields({"title": "Ferry late", "text": "It was late.", **row}, "published") == (published,)


@pytest.mark.parametrize("column", ["Título", "Überschrift-Titel", "Titre"])
def test_a_column_whose_accents_are_apart_is_the_same_column(column: str) -> None:
    apart = unicodedata.normalize("NFD", column)
    assert fold(apart) == fold(column)


def test_a_headline_under_a_name_with_its_accent_apart_is_read() -> None:
    assert fields({unicodedata.normalize("NFD", "título"): "Ferry late", "text": "It was."}, "headline") == (
        "Ferry late",
    )


@pytest.mark.parametrize(
    ("text", "is_cut"),
    [
        ("x" * 32_767, True),
        ("x" * 32_766, None),
        ("x" * 65_535, True),
        ("x" + "é" * 32_767, True),
        ("x" * 65_536, None),
    ],
)
def test_a_text_as_long_as_a_cell_can_be_is_partial(text: str, is_cut: bool | None) -> None:
    assert fields({"title": "Ferry", "text": text}, "is_partial") == (is_cut,)
