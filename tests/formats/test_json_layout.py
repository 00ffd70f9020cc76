"""Which objects of a JSON text are the articles: all of them, wherever they stand, and nothing else; counted twice."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from etl.formats import jsonl
from etl.formats.common import json_reader
from etl.model import DumpError, Feed, Piece, Reject, Skip

BODY = "The harbour council of {} met on Monday evening and agreed to rebuild the pier.\n\nFishermen asked for a jetty."


def article(name: str, **fields: Any) -> dict[str, Any]:
    return {"title": name, "text": BODY.format(name), "date": "2024-01-05", "url": f"https://a.example/{name}"} | fields


def teaser(name: str, **fields: Any) -> dict[str, Any]:
    """An article without its text, as some APIs give it."""
    return {
        "title": name,
        "description": "Short",
        "publishedAt": "2024-01-05",
        "url": f"https://a.example/{name}",
    } | fields


ONE, TWO, THREE = (article(name) for name in ("One", "Two", "Three"))
BY_COLUMN = {name: {"0": ONE[name], "1": TWO[name]} for name in ONE}
SECTION = {"name": "World", "articles": [ONE, TWO]}


def read(data: str | bytes) -> list[Piece]:
    return list(jsonl.read(io.BytesIO(data.encode() if isinstance(data, str) else data), Feed("wire")))


def marks(data: str | bytes) -> int:
    return jsonl.count_marks(io.BytesIO(data.encode() if isinstance(data, str) else data), Feed("wire"))


def headlines(pieces: list[Piece]) -> list[str | None]:
    return [piece.get("headline") for piece in pieces if isinstance(piece, dict)]


def rejected(pieces: list[Piece]) -> list[str]:
    return [piece.reason for piece in pieces if isinstance(piece, Reject)]


TWO_ARTICLES: dict[str, Any] = {
    "a list": [ONE, TWO],
    "a page of an API": {"status": "ok", "totalResults": 99, "articles": [ONE, TWO]},
    "a page of an API that counts what it found": {"response": {"total": 55, "results": [ONE, TWO]}},
    "a wrapper": {"data": {"articles": [ONE, TWO]}},
    "a search index": {"took": 3, "hits": {"total": {"value": 900}, "hits": [ONE, TWO]}},
    "pages in a list": [{"page": 1, "articles": [ONE]}, {"page": 2, "articles": [TWO]}],
    "lists in a list": [[ONE], [TWO]],
    "under their ids": {"123": ONE, "124": TWO},
    "under words": {"pier": ONE, "jetty": TWO},
    "under months": {"2024-01": [ONE], "2024-02": [TWO]},
    "teasers under months": {"2024-01": [teaser("One")], "2024-02": [teaser("Two")]},
    "pandas, orient=table": {"schema": {"fields": [{"name": "title", "type": "string"}] * 3}, "data": [ONE, TWO]},
    "pandas, orient=index": {"0": ONE, "1": TWO},
    "pandas, orient=columns": BY_COLUMN,
    "pandas, orient=split": {
        "columns": list(ONE),
        "index": [0, 1],
        "data": [list(ONE.values()), list(TWO.values())],
    },
    "a list for each column": {name: [ONE[name], TWO[name]] for name in ONE},
    "rows below their names": [list(ONE), list(ONE.values()), list(TWO.values())],
    "a title of the export": {"title": "Export", "description": "All of January", "articles": [ONE, TWO]},
    "JSON Feed": {"version": "https://jsonfeed.org/version/1.1", "title": "F", "description": "D", "items": [ONE, TWO]},
    "feedparser": {"bozo": 0, "feed": {"title": "F", "subtitle": "S", "link": "l"}, "entries": [ONE, TWO]},
    "feedparser, with summaries": {
        "feed": {"title": "F", "subtitle": "S", "link": "l", "published": "x"},
        "entries": [teaser("One"), teaser("Two")],
    },
    "RSS as JSON": {
        "rss": {"channel": {"title": "F", "link": "l", "description": "D", "item": [teaser("One"), teaser("Two")]}}
    },
    "XML as JSON": {"articles": {"article": [ONE, TWO]}},
    "GraphQL": {"data": {"posts": {"edges": [{"node": ONE}, {"node": TWO}]}}},
    "each a story of a stream": [{"id": "a", "story": ONE}, {"id": "b", "story": TWO}],
    "each an item behind a cursor": {"edges": [{"cursor": "a", "item": ONE}, {"cursor": "b", "item": TWO}]},
    "phpMyAdmin": [
        {"type": "header", "version": "5"},
        {"type": "database", "name": "news"},
        {"type": "table", "name": "articles", "data": [ONE, TWO]},
    ],
    "sections": {
        "title": "The paper",
        "sections": [{"name": "World", "articles": [ONE]}, {"name": "x", "articles": [TWO]}],
    },
    "sections that look like articles before": {
        "channel": {"sections": [{"title": "World", "description": "News of it"}]},
        "results": [ONE, TWO],
    },
    "facets that look like articles before": {
        "buckets": [{"title": f"T{number}", "description": "News of it"} for number in range(2_000)],
        "results": [ONE, TWO],
    },
    "its source described before": {"source": teaser("The paper"), "articles": [teaser("One"), teaser("Two")]},
    "highlights beside": {
        "response": {"docs": [ONE, TWO]},
        "highlighting": {"1": {"text": ["<em>"]}, "2": {"text": []}},
    },
    "two lists of articles": {"results": [ONE], "picked": [TWO]},
}
NODES = {"GraphQL", "a search index"}


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("layout", TWO_ARTICLES)
def test_the_articles_are_found_wherever_they_stand(layout: str, indent: int | None) -> None:
    data = json.dumps(TWO_ARTICLES[layout], indent=indent)
    pieces = read(data)
    kinds = {piece.kind for piece in pieces if isinstance(piece, Skip)}
    assert kinds <= {"object beside lists of articles", "comment or the like beside articles"}
    found = [piece for piece in pieces if not isinstance(piece, Skip)]
    assert len(found) == marks(data) == 2
    if layout != "GraphQL":
        assert headlines(found) == ["One", "Two"]
    assert jsonl.recognise(data.encode()[:65_536], "") > 0


@pytest.mark.parametrize("layout", TWO_ARTICLES)
def test_a_line_may_be_a_page(layout: str) -> None:
    data = "\n".join([json.dumps(TWO_ARTICLES[layout])] * 2)
    if layout == "rows below their names":
        data += "\n"
    assert sum(not isinstance(piece, Skip) for piece in read(data)) == marks(data) == 4


PICTURES = [{"url": "https://a.example/1.jpg", "title": "The pier", "description": "In winter", "author": "X"}] * 3
COMMENTS = [{"author": "x", "title": "No", "text": "I do not believe a word of it, and never will. " * 9}] * 3
ONE_ARTICLE: dict[str, Any] = {
    "authors first": {"authors": [{"name": "Ann"}, {"name": "Bo"}], **ONE},
    "pictures first": {"images": PICTURES, **ONE},
    "pictures under another name": {"mosaic": PICTURES, **ONE},
    "comments first": {"comments": COMMENTS, **ONE},
    "short comments under another name": {"readers_say": [{"title": "No", "text": "Ha."}] * 3, **ONE},
    "related articles first": {"related": [TWO, THREE], **ONE},
    "related teasers, and no text": {"related": [teaser("Two"), teaser("Three")], **teaser("One")},
    "two lists of teasers": {"mosaic": PICTURES, "teasers": [teaser("Two")] * 2, **ONE},
    "tags": {"tags": [{"title": "pier", "id": 1}] * 3, **ONE},
    "an object with a title and a text": {"lead": {"title": "t", "text": "x"}, **ONE},
    "blocks of text": {"title": "One", "content": [{"type": "h", "text": "x"}, {"type": "p", "text": BODY}]},
    "in a wrapper": {"status": "ok", "article": ONE},
    "in a wrapper nobody knows": {"payload": {"story_of_today": ONE}},
    "under its id": {"123": ONE},
    "pandas, one row": {name: {"0": value} for name, value in ONE.items()},
}


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("layout", ONE_ARTICLE)
def test_one_article_is_one_whatever_stands_in_it(layout: str, indent: int | None) -> None:
    data = json.dumps(ONE_ARTICLE[layout], indent=indent)
    pieces = read(data)
    assert len(pieces) == marks(data) == 1
    assert not isinstance(pieces[0], Skip)
    if layout not in ("blocks of text", "in a wrapper"):  # these wait for columns by path
        assert headlines(pieces) == ["One"]


@pytest.mark.parametrize("layout", ONE_ARTICLE)
def test_what_stands_in_an_article_refuses_no_lines(layout: str) -> None:
    line = json.dumps(ONE_ARTICLE[layout])
    data = "\n".join([line] * 40)
    assert len(read(data)) == marks(data) == 40


def test_a_page_after_many_plain_lines_is_seen() -> None:
    data = "\n".join([json.dumps(article("One", source={"name": "x"}))] * 40 + [json.dumps({"articles": [ONE, TWO]})])
    assert len(read(data)) == marks(data) == 42


def test_what_is_not_an_article_among_articles_is_not_lost() -> None:
    for rows in ([ONE, {"url": "x"}, TWO], [{"url": "x"}, ONE, TWO], [ONE, "text", TWO]):
        for around in (rows, {"articles": rows}, {"hits": {"hits": rows}}):
            data = json.dumps(around)
            assert len(read(data)) == marks(data) == 3
    keyed = json.dumps({"1": ONE, "2": {"url": "x"}, "3": TWO})
    assert len(read(keyed)) == marks(keyed) == 3


REFUSED: dict[str, tuple[Any, str]] = {
    "two lists without texts": (
        {"morning": [teaser("One")] * 2, "evening": [teaser("Two")] * 2},
        "`morning` and `evening`",
    ),
    "a newsletter": ({"title": "All", "text": "Dear all", "pieces": [ONE, TWO]}, "2 longer ones in `pieces`"),
    "a live blog": ({"posts": [ONE, TWO], "title": "Live", "text": "Now"}, "2 longer ones in `posts`"),
}


@pytest.mark.parametrize("layout", REFUSED)
def test_what_cannot_be_told_is_refused_and_says_where(layout: str) -> None:
    value, reason = REFUSED[layout]
    with pytest.raises(DumpError, match=reason):
        read(json.dumps(value, indent=1))
    (line,) = rejected(read(json.dumps(value)))
    assert reason in line
    assert marks(json.dumps(value)) > 1


def test_an_empty_page_is_skipped_and_an_empty_feed_rejected() -> None:
    empty = json.dumps({"status": "ok", "totalResults": 0, "articles": []})
    pages = "\n".join([json.dumps({"articles": [ONE, TWO]}), empty, json.dumps({"articles": [THREE]})])
    pieces = read(pages)
    assert headlines(pieces) == ["One", "Two", "Three"]
    assert [(piece.position, piece.kind) for piece in pieces if isinstance(piece, Skip)] == [
        ("line 2, item 1", "page without articles")
    ]
    assert marks(pages) == 3
    feed = json.dumps({"title": "F", "description": "D", "items": []})
    (reason,) = rejected(read(feed))
    assert "its list `items` is empty" in reason
    assert marks(feed) == 1


@pytest.mark.parametrize(
    ("data", "count"),
    [
        ("\n".join([json.dumps(ONE), "null", json.dumps(TWO), "[]", "3"]), 5),
        (",\n".join(map(json.dumps, [ONE, TWO, THREE])) + ",\n", 3),
        ("[\n" + ",\n".join(map(json.dumps, [ONE, TWO, THREE])) + "\n]", 3),
        ("\n".join([json.dumps([ONE, TWO]), json.dumps([THREE])]), 3),
        ("\n".join(json.dumps(each, indent=2) for each in ([ONE, TWO], [THREE])), 3),
        (json.dumps(ONE) + json.dumps(TWO), 2),
        ("\n".join(map(json.dumps, [list(ONE), list(ONE.values()), list(TWO.values())])), 2),
        ("﻿" + json.dumps([ONE, TWO]), 2),
        ('[{"title": "A", "text": "x", "n": Infinity}, {"title": "B", "text": "y", "author": NaN}]', 2),
        ('{"title": "A", "text": "x", "n": -Infinity}\n{"title": "B", "text": "y", "author": NaN}\n', 2),
    ],
)
def test_json_as_it_is_written_in_practice_is_read(data: str, count: int) -> None:
    pieces = read(data)
    assert len(pieces) == marks(data) == count
    assert len(headlines(pieces)) == count - len(rejected(pieces))


def test_lines_and_lists_of_other_things_are_rejected() -> None:
    assert rejected(read('["a", "b"]')) == ["expected a JSON object, found text"] * 2
    assert rejected(read(json.dumps([["A", "x"], ["B", "y"]])))[0].startswith("expected a JSON object, found a list")
    for data in ('["a", "b"]', '[["A", "x"], ["B", "y"]]'):
        assert jsonl.recognise(data.encode(), "") == 0


@pytest.mark.parametrize(
    "layout", ["a page of an API", "under their ids", "under months", "lists in a list", "sections"]
)
@pytest.mark.parametrize("whole", [300, 1_000])
def test_a_document_too_large_to_be_held_gives_the_same(
    layout: str, whole: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = json.dumps(TWO_ARTICLES[layout], indent=1)
    monkeypatch.setattr(json_reader, "WHOLE_BYTES", whole)
    assert headlines(read(data)) == ["One", "Two"]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (BY_COLUMN, "holds no list of articles; found title, text, date, url; if it is a table by column"),
        ({"images": PICTURES * 9, **ONE}, "looks like an article of more than"),
        ({"a": [teaser("One")] * 9, "b": [teaser("Two")] * 9}, "`a` and `b` both look like lists of articles"),
    ],
)
def test_a_document_too_large_to_be_held_is_refused_where_it_would_have_to_be(
    value: Any, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_reader, "WHOLE_BYTES", 300)
    with pytest.raises(DumpError, match=reason):
        read(json.dumps(value, indent=1))


scalars = st.none() | st.booleans() | st.integers(0, 9) | st.sampled_from(["ok", "2024-01-05", "https://a.example/"])
decoys = st.sampled_from(
    [
        ("status", "ok"),
        ("total", 912),
        ("title", "The feed"),
        ("description", "News of the harbour"),
        ("facets", [{"title": "T", "count": 3, "description": "x"}] * 5),
        ("sources", [{"title": "T", "text": "About this source"}]),
        ("images", PICTURES),
        ("source", {"id": None, "name": "x"}),
        ("meta", {"pages": 3, "page": 1}),
        ("links", [{"title": "next", "url": "x"}]),
        ("feed", {"title": "F", "link": "l"}),
    ]
)
parts = st.sampled_from(
    [
        ("images", PICTURES),
        ("comments", COMMENTS),
        ("source", {"id": None, "name": "x"}),
        ("related", [TWO, THREE]),
        ("tags", [{"title": "x"}]),
        ("odd", [{"title": "x", "text": "y"}]),
        ("lead", {"title": "x", "text": "y"}),
        ("braces", '} { ] [ " \\'),
        ("empty", {}),
    ]
)


@settings(max_examples=150)
@given(
    st.lists(st.lists(parts, max_size=3), min_size=1, max_size=4),
    st.lists(decoys, max_size=4),
    st.sampled_from(["articles", "items", "results", "whatever"]),
    st.sampled_from(["", "data", "response", "x"]),
    st.sampled_from([None, 1]),
    st.booleans(),
)
def test_articles_are_read_and_counted_whatever_is_around_and_in_them(
    inside: list[list[tuple[str, Any]]],
    beside: list[tuple[str, Any]],
    name: str,
    around: str,
    indent: int | None,
    parts_first: bool,
) -> None:
    rows = [
        dict(each) | article(f"N{number}") if parts_first else article(f"N{number}") | dict(each)
        for number, each in enumerate(inside)
    ]
    page: dict[str, Any] = dict(beside) | {name: rows}
    data = json.dumps({around: page} if around else page, indent=indent)
    assert headlines(read(data)) == [row["title"] for row in rows]
    assert marks(data) == len(rows)


nested = st.recursive(
    scalars | st.just(ONE) | st.just(TWO) | st.just(teaser("Three")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["title", "text", "items", "x", "article", "data", "1", "url"]), inner, max_size=4
        )
    ),
    max_leaves=10,
)


@settings(max_examples=300)
@given(nested)
@example({"title": {"title": ONE}, "text": "ok"})
def test_no_article_with_its_text_is_lost_without_a_word(value: Any) -> None:
    """Either it is read, or it is part of another one, or the dump is refused or its counts differ."""
    data = json.dumps(value)
    try:
        found = read(data)
    except DumpError:
        return
    pieces = [piece for piece in found if not isinstance(piece, Skip)]
    if any(isinstance(piece, Skip) and piece.kind.startswith("comment") for piece in found):
        return
    if len(pieces) == marks(data) and not rejected(pieces):
        kept = json.dumps(pieces)
        for each in ("One", "Two"):
            assert (BODY.format(each).split("\n")[0] in kept) == (BODY.format(each).split("\n")[0] in data)


def test_the_stanza_says_what_is_an_article_where_names_do_not() -> None:
    feed = Feed("wire", columns={"headline": "kopje", "body": "inhoud.lap"})
    rows = [{"kopje": name, "inhoud": {"lap": BODY}, "dag": "2024-01-05"} for name in ("One", "Two")]
    page = {"facets": [{"title": "T", "count": 3, "url": "x"}] * 9, "berichten": rows}
    data = json.dumps(page).encode()
    found = [piece for piece in jsonl.read(io.BytesIO(data), feed) if isinstance(piece, dict)]
    assert headlines(found) == ["One", "Two"]
    assert jsonl.count_marks(io.BytesIO(data), feed) == 2
    data = json.dumps([page] * 2, indent=1).encode()
    assert jsonl.count_marks(io.BytesIO(data), feed) == 4


def test_a_list_of_objects_without_any_usual_name_counts_by_its_length() -> None:
    rows = [{"kopje": "One", "lap": BODY}, {"kopje": "Two", "lap": BODY}]
    assert marks(json.dumps({"status": "ok", "berichten": rows})) == 2
    assert marks(json.dumps({"status": "ok " * 99, "berichten": [{"kopje": "One"}] * 2})) == 1
