"""Belga's archive: which objects are articles, and where their texts are."""

from __future__ import annotations

import json
from typing import Any

import pytest
from agency_files import article, check_samples, counted, marks, pieces, reasons, records

from etl import formats
from etl.model import DumpError

NAME = "belga"


def component(kind: str, text: str) -> dict[str, Any]:
    return {"assetType": kind, "proxies": [{"varcharData": text}]}


def an_object(*components: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"newsObjectId": 7, "headLine": "Quay", **fields, "newsComponents": list(components)}


def page(*objects: Any) -> bytes:
    return json.dumps({"newsObjects": objects, "nrNewsObjects": 25_000}).encode()


def test_samples() -> None:
    check_samples(NAME)


def test_a_lead_is_the_text_where_there_is_no_body() -> None:
    found = article(NAME, page(an_object(component("Lead", "The quay is new."))))
    assert (found["body"], found.get("deck")) == ("The quay is new.", None)


def test_two_bodies_are_one_text() -> None:
    found = article(NAME, page(an_object(component("Body", "The quay."), component("Body", "It is new."))))
    assert found["body"] == "The quay.\n\nIt is new."


def test_one_object_and_pages_in_lines_are_read_too() -> None:
    one = an_object(component("Body", "Text."))
    assert article(NAME, json.dumps(one).encode())["native_id"] == "7"
    data = page(one) + b"\n" + page(one, one) + b"\n{torn\n"
    found = pieces(NAME, data)
    assert [record["position"] for record in records(found)] == ["item 1", "item 2", "item 3"]
    assert reasons(found)[0].startswith("is not JSON")
    assert marks(NAME, data) == 4


def test_words_that_look_like_objects_are_not_counted() -> None:
    data = page(an_object(component("Body", 'He wrote "newsObjectId": 8, and {"newsObjectId": 9}.'), assetType="Text"))
    assert counted(pieces(NAME, data))[0] == marks(NAME, data) == 1


@pytest.mark.parametrize("data", [b'{"newsObjects": 5}', b"[]", b"{torn"])
def test_what_holds_no_objects_is_refused(data: bytes) -> None:
    with pytest.raises(DumpError, match="ask its sender for it again"):
        pieces(NAME, data)


def test_other_json_is_not_belgas() -> None:
    assert formats.recognise(b'{"articles": [{"title": "Quay", "text": "newsObjectId is a name."}]}', "") == "jsonl"


def test_an_array_of_objects_is_read_too() -> None:
    data = json.dumps([an_object(component("Body", text)) for text in ("Text.", "More.")]).encode()
    assert formats.recognise(data, "") == NAME
    assert [record["body"] for record in records(pieces(NAME, data))] == ["Text.", "More."]
    assert marks(NAME, data) == 2


@pytest.mark.parametrize(("lead", "body"), [("lead", "body"), ("LEAD", "BODY"), ("Lead", "Body")])
def test_the_kind_of_a_text_may_be_written_in_any_case(lead: str, body: str) -> None:
    found = article(NAME, page(an_object(component(lead, "New."), component(body, "The quay is new."))))
    assert (found["deck"], found["body"], found.get("is_partial")) == ("New.", "The quay is new.", None)


def test_a_lead_beside_texts_of_other_kinds_is_a_partial_article() -> None:
    found = article(NAME, page(an_object(component("Lead", "New."), component("Story", "The quay is new."))))
    assert (found["body"], found["is_partial"]) == ("New.", True)
    assert found["extra"]["components"] == {"Story": "The quay is new."}
