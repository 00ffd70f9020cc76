"""What fields of JSON from other systems, and columns of other languages, mean."""

from __future__ import annotations

import io
import json
from itertools import product
from typing import Any

import pytest

from etl import formats
from etl.formats import csv, jsonl, ninjs
from etl.model import Feed, Skip

TEXT = "The harbour council met on Monday evening and agreed to rebuild the pier before the storms of winter come."
T = {"title": "T", "text": TEXT}


def one(value: Any) -> dict[str, Any]:
    (piece,) = jsonl.read(io.BytesIO(json.dumps(value).encode()), Feed("wire"))
    assert isinstance(piece, dict), piece
    return dict(piece)


def marks(value: Any) -> int:
    return jsonl.count_marks(io.BytesIO(json.dumps(value).encode()), Feed("wire"))


@pytest.mark.parametrize(
    ("value", "field", "expected"),
    [
        ({"heading": "H", "title": {"id": 5, "title": "The Herald"}, "text": TEXT}, "headline", "H"),
        ({"heading": "H", "title": {"id": 5, "title": "The Herald"}, "text": TEXT}, "publication", "The Herald"),
        ({"heading": "Sport", **T}, "headline", "T"),
        (T | {"date": {"date": "2022-03-04 10:00:00.000000", "timezone": "UTC"}}, "published", "2022-03-04 10:00:00Z"),
        (
            T | {"date": {"date": "2022-03-04 10:00:00.000000", "timezone": "+02:00"}},
            "published",
            "2022-03-04 10:00:00+02:00",
        ),
        (T | {"date": {"date": "2022-03-04 10:00:00", "timezone": "Europe/Oslo"}}, "published", "2022-03-04 10:00:00"),
        (T | {"timestamp": 1646388000000}, "published", "1646388000000"),
        (T | {"created_at": "2022-01-01"}, "published", "2022-01-01"),
        (T | {"created_at": "2022-01-01", "published_at": "2021-01-01"}, "published", "2021-01-01"),
        (T | {"author": {"node": {"name": "Ann Lee"}}}, "byline", "Ann Lee"),
        (T | {"links": {"permalink": "https://a.example/x"}}, "url", "https://a.example/x"),
        ({"Kop": "T", "Krant": "De Haven", "text": TEXT}, "publication", "De Haven"),
        ({"title": "T", "content": "Cut… [+200 chars]", "full_content": TEXT}, "body", TEXT),
        ({"title": "T", "language": "de", "body": {"en": "One.", "de": "Eins."}}, "body", "Eins."),
        ({"title": "T", "language": "de", "body": {"en": "One.", "de": "Eins."}}, "extra", {"body": {"en": "One."}}),
        ({"title": "T", "body": {"en": "One.", "de": "Eins."}}, "body", "One."),
        ({"title": "T", "paragraphs": [TEXT, TEXT]}, "body", f"{TEXT}\n\n{TEXT}"),
        ({"title": "T", "sections": [{"title": "A", "text": TEXT}, {"text": TEXT}]}, "body", f"A\n\n{TEXT}\n\n{TEXT}"),
        ({"title": "T", "description": "D", "sections": [{"text": TEXT}]}, "body", TEXT),
        ({"title": "T", "description": "D", "sections": ["Sport", "World"]}, "body", "D"),
        ({"title": "T", "description": "D", "sections": [{"value": "Sport"}]}, "body", "D"),
    ],
)
def test_fields_of_other_systems(value: dict[str, Any], field: str, expected: Any) -> None:
    assert one(value)[field] == expected
    assert marks(value) == 1


@pytest.mark.parametrize(
    "name", ["Kop", "Titulek", "Tytuł", "Overskrift", "Tittel", "Otsikko", "Заголовок", "見出し", "标题", "제목"]
)
def test_a_headline_in_other_languages(name: str) -> None:
    assert one({name: "T", "text": TEXT})["headline"] == "T"


@pytest.mark.parametrize(
    ("headline", "body"),
    [
        ("标题", "正文"),
        ("新闻标题", "新闻内容"),
        ("標題", "內文"),
        ("見出し", "本文"),
        ("기사제목", "기사내용"),
    ],
)
def test_a_text_in_chinese_japanese_or_korean(headline: str, body: str) -> None:
    found = one({"内容": "No", "媒体": "No", "来源": "No", "기사": "No", headline: "T", body: TEXT})
    assert (found["headline"], found["body"], found.get("publication")) == ("T", TEXT, None)
    table = {"columns": [headline, body], "data": [["T\U0001f6a2", TEXT]] * 2}
    for value, is_escaped in product(({headline: "T", body: TEXT}, table), (True, False)):
        assert formats.recognise(json.dumps(value, ensure_ascii=is_escaped).encode(), "") == "jsonl"


def test_the_spans_of_a_block_are_one_paragraph() -> None:
    blocks = [
        {"_type": "block", "children": [{"_type": "span", "text": "The pi"}, {"_type": "span", "text": "er."}]},
        {"_type": "image", "children": [{"text": "No"}]},
        {"_type": "block", "children": [{"_type": "span", "text": "The end."}]},
    ]
    assert one({"title": "T", "body": blocks})["body"] == "The pier.\n\nThe end."


def test_an_excerpt_stands_for_an_empty_content() -> None:
    value = {"title": {"rendered": "T"}, "content": {"rendered": ""}, "excerpt": {"rendered": "<p>Short.</p>"}}
    assert one(value)["body"] == "Short."
    assert one(value)["is_partial"] is True


@pytest.mark.parametrize("name", ["item", "entry"])
def test_a_feed_of_xml_with_one_item_is_that_item(name: str) -> None:
    for item in ({"title": "One", "text": TEXT}, {"title": "One", "description": TEXT, "link": "https://a.example/1"}):
        feed = {"rss": {"channel": {"title": "The feed", "link": "l", "description": "News", name: item}}}
        found = one(feed)
        assert (found["headline"], found["body"]) == ("One", TEXT)
        assert marks(feed) == 1


def test_of_two_columns_of_one_name_the_filled_one_serves() -> None:
    pieces = list(csv.read(io.BytesIO(b"title,text,text\nA,,Words of it.\nB,Words,\n"), Feed("wire")))
    assert [piece["body"] for piece in pieces] == ["Words of it.", "Words"]  # type: ignore[index]


def test_the_texts_of_a_package_are_read_where_only_they_are_ninjs() -> None:
    texts = {
        name: {"uri": f"urn:{name}", "type": "text", "versioncreated": "2026-03-14T07:00:00Z", "body_text": TEXT}
        for name in ("a", "b")
    }
    for held in (texts, list(texts.values())):
        data = json.dumps({"type": "composite", "headline": "Package", "associations": held}).encode()
        assert ninjs.recognise(data, "") > jsonl.recognise(data, "")
        pieces = [piece for piece in ninjs.read(io.BytesIO(data), Feed("wire")) if not isinstance(piece, Skip)]
        assert [piece["native_id"] for piece in pieces] == ["urn:a", "urn:b"]  # type: ignore[index]
        assert ninjs.count_marks(io.BytesIO(data), Feed("wire")) == 2
    other = json.dumps({"title": "T", "text": TEXT, "associations": texts}).encode()
    assert ninjs.recognise(other, "") == 0
