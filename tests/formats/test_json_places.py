"""What stands beside articles in JSON is read, rejected, or skipped with its words: it is never dropped."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from etl.formats import jsonl
from etl.formats.common import json_reader
from etl.model import DumpError, Feed, Piece, Reject, Skip

PARAGRAPH = "The harbour council met on Monday evening and agreed to rebuild the pier before the storms of winter come."
TEXT = "\n\n".join([PARAGRAPH] * 3)
DAY = "2024-01-05"


def article(name: str) -> dict[str, Any]:
    return {"title": name, "date": DAY, "text": f"{TEXT} {name}"}


NEWS = {"news": [article("One"), article("Two")]}


def read(value: Any, indent: int | None) -> list[Piece]:
    return list(jsonl.read(io.BytesIO(json.dumps(value, indent=indent).encode()), Feed("wire")))


def marks(value: Any, indent: int | None) -> int:
    return jsonl.count_marks(io.BytesIO(json.dumps(value, indent=indent).encode()), Feed("wire"))


REJECTED: dict[str, Any] = {
    "a text of another name": {**NEWS, "features": [{"title": "F", "date": DAY, "story_of_day": TEXT}]},
    "a summary": {**NEWS, "briefs": [{"title": "F", "date": DAY, "summary": "The pier is shut."}]},
    "a text in an object": {**NEWS, "lamp": {"results": [{"headline": "F", "story": {"day": TEXT}}]}},
    "no known name at all": {**NEWS, "berichte": [{"kopfzeile": "F", "worte": TEXT}]},
    "a text of another name, and no list of them": {
        "lead": article("One"),
        "more": {"x": [{"title": "F", "lap": TEXT}]},
    },
    "an object beside a list": {**NEWS, "lead": {"title": "F", "date": DAY, "lap": TEXT}},
    "beside pages": [{"articles": NEWS["news"]}, {"kopfzeile": "F", "worte": TEXT}],
}


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("layout", REJECTED)
def test_what_may_be_an_article_beside_others_is_rejected(layout: str, indent: int | None) -> None:
    pieces = read(REJECTED[layout], indent)
    (reject,) = [piece for piece in pieces if isinstance(piece, Reject)]
    assert "that is known" in reject.reason
    assert reject.piece
    assert len(pieces) == marks(REJECTED[layout], indent) == (2 if "no list" in layout else 3)


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("name", ["media", "people", "places", "comment", "tags", "related"])
def test_sections_called_like_parts_are_read_beside_others(name: str, indent: int | None) -> None:
    for section in ([article("Three")], [{"name": "x", "posts": [article("Three")]}]):
        value = {**NEWS, name: section}
        assert [piece["headline"] for piece in read(value, indent)] == ["One", "Two", "Three"]  # type: ignore[index]
        assert marks(value, indent) == 3


@pytest.mark.parametrize(
    "beside",
    [
        {"comments": [{"author": "x", "title": "No", "text": "I do not believe it."}]},
        {"comments": [{"author": "x", "title": "No", "text": "I do not believe it. " * 40}]},
        {"images": [{"title": "Pier", "description": "I do not believe it.", "date": DAY}]},
        {"buckets": [{"title": "I do not believe it.", "count": 3}]},
        {"feed": {"title": "F", "published": DAY, "description": "I do not believe it. " * 40}},
    ],
)
def test_what_is_no_article_beside_articles_is_skipped_with_its_words(beside: dict[str, Any]) -> None:
    for indent in (None, 1):
        value = {**NEWS, **beside}
        pieces = read(value, indent)
        (skip,) = [piece for piece in pieces if isinstance(piece, Skip)]
        assert "I do not believe it." in skip.text
        assert len(pieces) - 1 == marks(value, indent) == 2


def test_a_document_too_large_to_be_held_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_reader, "WHOLE_BYTES", 900)
    for value in (*REJECTED.values(), {**NEWS, "media": [article("Three")]}):
        if isinstance(value, dict):
            assert len(read(value, 1)) == marks(value, 1)


@pytest.mark.parametrize("indent", [None, 1])
def test_an_issue_and_its_editorial_are_all_read(indent: int | None) -> None:
    for text, articles in ((TEXT * 3, ["One", "Two"]), (PARAGRAPH, ["One"])):
        value = {"title": "Issue", "text": text, "articles": list(map(article, articles))}
        pieces = read(value, indent)
        assert [piece["headline"] for piece in pieces] == ["Issue", *articles]  # type: ignore[index]
        assert marks(value, indent) == len(pieces)


def test_entries_of_an_article_that_may_be_articles_are_refused() -> None:
    value = {"title": "Morning", "text": PARAGRAPH, "entries": [article("One")]}
    with pytest.raises(DumpError, match="1 with texts of their own in `entries`"):
        read(value, 1)
    assert marks(value, 1) == 2


def test_what_is_said_beside_articles_under_their_ids_is_not_one() -> None:
    value = {"a1": article("One"), "a2": article("Two"), "meta": {"count": 2}}
    pieces = read(value, None)
    assert [type(piece) for piece in pieces] == [dict, dict, Skip]
    assert marks(value, None) == 2
    value["meta"] = {"wort": TEXT}
    assert isinstance(read(value, None)[2], dict | Reject)
