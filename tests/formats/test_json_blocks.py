"""Articles whose text is a list of blocks, or that have a text in each language: one each, by both counts."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from etl import formats
from etl.formats.common.streams import peekable
from etl.model import Feed, Piece, Skip

PARAGRAPHS = [
    "The harbour board met on Monday and agreed to lengthen the quay before the herring season begins, its chair said.",
    "Nobody from the pilots' office came to the meeting, and the harbour master left all questions for a later day.",
    "The new quay will take three boats more than the old one, and will cost what the lighthouse cost in its time.",
]
BODY, FRENCH = "\n\n".join(PARAGRAPHS), "Le quai sera allongé avant la saison du hareng, dit la présidente du port."
PICTURE = {"type": "image", "caption": "The quay", "url": "https://news.example/quay.jpg"}


def blocks(name: str = "content", kind: str = "text") -> list[dict[str, Any]]:
    return [{"_id": str(at), "type": kind, name: text} for at, text in enumerate(PARAGRAPHS)] + [PICTURE]


def told(language: str = "lang", value: str = "value", **texts: str) -> list[dict[str, str]]:
    return [{language: each, value: text} for each, text in texts.items()]


DATE = {"date": "2019-01-02"}
LAYOUTS: dict[str, dict[str, Any]] = {
    "Arc XP": {"type": "story", "headlines": {"basic": "Quay", "mobile": ""}, "content_elements": blocks()},
    "Arc XP with lists and quotations": {
        "headlines": {"basic": "Quay"},
        "content_elements": [
            *blocks(),
            {"type": "list", "items": [{"type": "text", "content": "One"}, {"type": "text", "content": "Two"}]},
            {"type": "quote", "content_elements": [{"type": "text", "content": "We like herring."}]},
        ],
    },
    "Washington Post": {
        "id": "a",
        "title": "Quay",
        "contents": [
            {"type": "kicker", "content": "Local"},
            {"type": "title", "content": "Quay"},
            {"type": "date", "content": 1533912305000},
            *blocks(kind="sanitized_html"),
        ],
    },
    "elements": {"headline": "Quay", "elements": blocks()},
    "components": {"headline": "Quay", "components": blocks("text")},
    "sentences": {"title": "Quay", "sentences": PARAGRAPHS},
    "sentences with their words": {
        "title": "Quay",
        "sentences": [{"text": text, "tokens": text.split()} for text in PARAGRAPHS],
    },
    "nodes in the body": {"headline": "Quay", "body": {"nodes": blocks("text")}},
    "languages in lists": {"title": told(en="Quay", fr="Quai"), "body": told(en=BODY, fr=FRENCH)},
    "languages by other names": {
        "title": told("language", "text", en="Quay", fr="Quai"),
        "body": told("language", "text", en=BODY, fr=FRENCH),
    },
    "languages of JSON-LD": {
        "headline": told("@language", "@value", en="Quay"),
        "articleBody": told("@language", "@value", en=BODY),
    },
}


def containers(article: dict[str, Any]) -> dict[str, tuple[int, str]]:
    article = article | DATE
    other = json.loads(json.dumps(article).replace("Quay", "Pier").replace("harbour", "castle"))
    return {
        "lines": (2, f"{json.dumps(article)}\n{json.dumps(other)}\n"),
        "one": (1, json.dumps(article)),
        "list": (2, json.dumps([article, other], indent=1)),
        "answer": (2, json.dumps({"count": 2, "articles": [article, other]})),
        "answer of Arc XP": (2, json.dumps({"type": "results", "count": 2, "content_elements": [article, other]})),
    }


def both(text: str, feed: Feed) -> tuple[int, list[Piece]]:
    """The second count, and what the reader gives."""
    reader = formats.named("jsonl")
    marks = reader.count_marks(peekable(io.BytesIO(text.encode())), feed)
    return marks, list(reader.read(peekable(io.BytesIO(text.encode())), feed))


@pytest.mark.parametrize("container", containers({}))
@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_article_in_blocks_is_one_with_all_its_text(layout: str, container: str) -> None:
    number, text = containers(LAYOUTS[layout])[container]
    marks, found = both(text, Feed("f"))
    assert marks == len(found) == number
    for record in found:
        assert isinstance(record, dict)
        assert record["headline"][:4] in ("Quay", "Pier")
        assert PARAGRAPHS[0][-40:] in record["body"]
        assert PARAGRAPHS[2] in record["body"]
        assert "Local" not in record["body"]


def test_the_facts_among_the_blocks_are_kept() -> None:
    _, (record,) = both(json.dumps(LAYOUTS["Washington Post"]), Feed("f"))
    assert isinstance(record, dict)
    assert {"type": "kicker", "content": "Local"} in record["extra"]["contents"]
    assert PICTURE in record["extra"]["contents"]


def test_html_in_blocks_is_cleaned() -> None:
    contents = [{"type": "sanitized_html", "content": f"<p>{text} <b>Quay</b></p>"} for text in PARAGRAPHS]
    _, (record,) = both(json.dumps({"title": "Quay", "contents": contents}), Feed("f"))
    assert isinstance(record, dict)
    assert record["body"] == "\n\n".join(f"{text} Quay" for text in PARAGRAPHS)


@pytest.mark.parametrize("container", ["lines", "one", "list", "answer"])
def test_a_stanza_may_ask_for_the_text_of_one_language(container: str) -> None:
    article = {"namen": {"en": "Quay", "fr": "Quai"}, "inhalte": told("sprache", "wert", en=BODY, fr=FRENCH)}
    number, text = containers(article)[container]
    feed = Feed("f", format="jsonl", columns={"headline": "namen.en", "body": "inhalte.0.wert"})
    marks, found = both(text, feed)
    records = [piece for piece in found if isinstance(piece, dict)]
    assert marks == len(records) == number
    assert records[0]["headline"] == "Quay"
    assert records[0]["body"] == BODY


def test_articles_in_elements_are_articles_and_not_the_parts_of_one() -> None:
    articles = [{"title": f"Quay {at}", "content": BODY.replace("herring", f"fish {at}")} for at in range(3)]
    marks, found = both(json.dumps({"title": "A paper", "elements": articles}), Feed("f"))
    assert marks == len([piece for piece in found if isinstance(piece, dict)]) == 3


GRAPH = [
    {"@type": "NewsArticle", "headline": "Quay", "articleBody": BODY},
    {
        "@type": "Organization",
        "name": "The Bote",
        "description": "A paper of the coast.",
        "url": "https://news.example/",
    },
    {"@type": "WebPage", "name": "Quay", "headline": "Quay", "url": "https://news.example/quay"},
    {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "position": 1, "name": "Home"}]},
    {"@type": "NewsArticle", "headline": "Pier", "articleBody": FRENCH},
]


@pytest.mark.parametrize("graph", [GRAPH, GRAPH[1:] + GRAPH[:1]])
@pytest.mark.parametrize("is_wrapped", [True, False])
def test_what_describes_articles_in_json_ld_is_skipped_by_its_type(graph: list[Any], is_wrapped: bool) -> None:
    text = json.dumps({"@context": "https://schema.org", "@graph": graph} if is_wrapped else graph)
    marks, found = both(text, Feed("f"))
    records = [piece for piece in found if isinstance(piece, dict)]
    assert marks == len(records) == 2
    kinds = sorted(piece.kind for piece in found if isinstance(piece, Skip))
    assert kinds == [f"{name} of schema.org" for name in ("BreadcrumbList", "Organization", "WebPage")]
    assert len(found) == 5


def test_a_page_of_json_ld_with_a_text_is_an_article() -> None:
    marks, found = both(json.dumps([{"@type": "WebPage", "headline": "Quay", "text": BODY}]), Feed("f"))
    assert marks == len([piece for piece in found if isinstance(piece, dict)]) == 1
