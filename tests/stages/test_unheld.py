"""A text as long as an article's that no field of a record holds is told, however small its share is."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from etl import formats
from etl.formats.common import json_reader
from etl.formats.common.json_left_over import says_beside
from etl.formats.common.streams import peekable
from etl.model import Beside, Doubt, Feed, Piece
from etl.stages.accounting import Account, balance


def text_of(name: str, words: int = 300) -> str:
    return " ".join(f"{name} says {name} in {number} grows for {name}." for number in range(words // 8))


FEED = Feed("f")
OTHER = text_of("Cara", 330)
TITLE = "A second story from the harbour"
STORY: dict[str, Any] = {
    "headline": "The harbour is to be enlarged",
    "body": text_of("Anna", 500),
    "date": "2024-05-01",
}
NEXT: dict[str, Any] = {"headline": "The bridge is closed", "body": text_of("Bert", 500), "date": "2024-05-02"}

BESIDE_FIELDS: dict[str, dict[str, Any]] = {
    "attachments[].inhalt": {"attachments": [{"titel": TITLE, "inhalt": OTHER}]},
    "anlagen[].langfassung": {"anlagen": [{"kopf": TITLE, "langfassung": OTHER}]},
    "beilage.langfassung": {"beilage": {"kopf": TITLE, "langfassung": OTHER}},
    "related[].text": {"related": [{"title": TITLE, "text": OTHER}]},
    "comments[].text": {"comments": [{"title": TITLE, "text": OTHER}]},
    "images[].story": {"images": [{"caption": TITLE, "story": OTHER}]},
    "x.y.z[].b": {"x": {"y": {"z": [{"a": TITLE, "b": OTHER}]}}},
    "teile.12.lang": {"teile": {"12": {"kopf": TITLE, "lang": OTHER}}},
    "sidebar": {"sidebar": OTHER},
    "text_2": {"titel_2": TITLE, "text_2": OTHER},
    "weitere[]": {"weitere": [OTHER]},
    "daten[][]": {"daten": [[TITLE, OTHER]]},
    "beilage.absaetze": {"beilage": {"kopf": TITLE, "absaetze": OTHER.split(". ")}},
    "bloecke[].t": {"bloecke": [{"typ": "p", "t": part} for part in OTHER.split(". ")]},
    "beilage.html": {"beilage": {"kopf": TITLE, "html": "<p>" + OTHER.replace(". ", ".</p><p>") + "</p>"}},
    "anhang.lang": {"anhang": json.dumps({"kopf": TITLE, "lang": OTHER})},
    "beilage.honbun": {"beilage": {"kopf": "港の拡張", "honbun": "港は拡張されることになったと市長が述べた。" * 15}},
    "images[].absaetze": {"images": [{"kopf": TITLE, "absaetze": OTHER.split(". ")}]},
    "notes": {"notes": OTHER},
    "kurz.inhalt": {"kurz": {"kopf": TITLE, "inhalt": text_of("Dora", 120)}},
}
QUIET: dict[str, dict[str, Any]] = {
    "the body again, as HTML": {"html": "<div><p>" + STORY["body"].replace(". ", ".</p>\n<p>") + "</p></div>"},
    "the page around the body": {"page": f"<nav>{'Politics and more ' * 90}</nav><p>{STORY['body']}</p><p>{OTHER}</p>"},
    "what readers reply": {"comments": [{"user": "tom", "text": text_of("Tom", 150)}, {"user": "ann", "text": OTHER}]},
    "captions": {"images": [{"caption": f"The mayor opens harbour number {n} in the rain."} for n in range(40)]},
    "teasers": {"more": [{"title": TITLE, "intro": f"The mayor said that works {n} had begun."} for n in range(40)]},
    "entities": {"found": [{"name": "New York City", "type": "place of note", "at": n} for n in range(200)]},
    "addresses": {"more": [f"https://paper.example/a/story-number-{n}" for n in range(300)]},
    "numbers": {"vector": [0.125] * 900, "spelt": "0.12345 " * 900},
    "a notice of rights": {"copyright": "All rights reserved by the paper and its heirs. " * 40},
    "a note to editors": {"ednote": OTHER, "notepad": {"public": OTHER}},
    "a short note": {"summary_of_machine": text_of("Dora", 60)},
}


def warning_of(data: str, name: str = "jsonl", feed: Feed = FEED) -> str:
    """What is told of a dump after it was read."""
    reader = formats.named(name)
    account = Account(data.encode()[:64], formats.least_accounted(reader))
    pieces: list[Piece] = list(reader.read(peekable(io.BytesIO(data.encode())), feed))
    for piece in pieces:
        account.add(piece)
    balanced = balance(io.BytesIO(data.encode()), account)
    doubts = [piece.warning for piece in pieces if isinstance(piece, Doubt)]
    doubts += [says_beside(piece.words) for piece in pieces if isinstance(piece, Beside)]
    return "; ".join([*doubts, (balanced and balanced.warning) or ""])


@pytest.mark.parametrize("path", BESIDE_FIELDS)
def test_a_long_text_beside_the_fields_is_told_with_its_column_in_every_layout(path: str) -> None:
    record = STORY | BESIDE_FIELDS[path]
    others = [NEXT | {"headline": f"Story {number}", "body": text_of(f"Name{number}", 500)} for number in range(9)]
    lines = "\n".join(map(json.dumps, [*others, record]))
    for data in (json.dumps(record), lines, json.dumps([NEXT, record]), json.dumps({"articles": [NEXT, record]})):
        assert f"words in `{path}`" in warning_of(data)
    assert f"in `{path}` (line 10)" in warning_of(lines)


@pytest.mark.parametrize("what", QUIET)
def test_nothing_is_said_of(what: str) -> None:
    assert warning_of(json.dumps(STORY | QUIET[what])) == ""


def test_what_a_column_repeats_in_several_records_is_a_notice_and_not_an_article() -> None:
    rows = [STORY | {"headline": f"Story {n}", "body": text_of(f"Name{n}"), "offer": OTHER} for n in range(9)]
    assert warning_of("\n".join(map(json.dumps, rows))) == ""
    rows[4] |= {"offer": text_of("Ella")}
    assert "in `offer` (line 5)" in warning_of("\n".join(map(json.dumps, rows)))


def test_the_whole_text_of_which_the_body_is_an_excerpt_is_told() -> None:
    excerpt = {"headline": "The harbour", "body": OTHER[:150], "langfassung": OTHER}
    assert "in `langfassung` (line 1)" in warning_of(json.dumps(excerpt))


def test_an_article_that_two_records_hold_is_told() -> None:
    assert "in `more` (line 1)" in warning_of("\n".join(json.dumps(row | {"more": OTHER}) for row in (STORY, NEXT)))


def test_a_column_of_a_table_is_told_like_a_field_of_json() -> None:
    table = f"headline,body,beilage\nThe harbour,{STORY['body']},{OTHER}\n"
    assert "in `beilage` (line 2)" in warning_of(table, "csv")


def test_it_names_a_few_columns_and_counts_the_others_and_quotes_no_text() -> None:
    parts = {f"part_{number}": text_of(f"Name{number}") for number in range(5)}
    warning = warning_of(json.dumps(STORY | parts))
    assert "`part_2`" in warning
    assert "and of 2 more columns" in warning
    assert "Name" not in warning


MARKED_UP = {
    "feed": f"<rss version='2.0'><channel><item><title>H</title><description>{STORY['body']}</description>"
    f"<part>{OTHER}</part></item></channel></rss>",
    "tagged_text": f"<doc><docno>1</docno><contenttitle>H</contenttitle><content>{STORY['body']}</content>"
    f"<part>{OTHER}</part></doc>\n",
    "xml": f"<LIST><ITEM><HEAD>H</HEAD><BODY>{STORY['body']}</BODY><part>{OTHER}</part></ITEM></LIST>",
    "ninjs": json.dumps({"uri": "x", "type": "text", "headline": "H", "body_text": STORY["body"], "part": OTHER}),
}


@pytest.mark.parametrize("name", MARKED_UP)
def test_a_long_text_in_an_element_that_a_format_does_not_know_is_told(name: str) -> None:
    feed = Feed("f", format=name, record="ITEM" if name == "xml" else None)
    assert "words in `part`" in warning_of(MARKED_UP[name], name, feed)


def test_nothing_is_said_of_tables_whose_rows_are_put_together() -> None:
    rows = [STORY | {"headline": f"The mayor of town {n} opens the harbour again", "nr": n} for n in range(40)]
    by_column = {name: [row[name] for row in rows] for name in rows[0]}
    apart = {"columns": list(rows[0]), "data": [list(row.values()) for row in rows]}
    under_ids = {str(row["nr"]): row for row in rows}
    assert [warning_of(json.dumps(table)) for table in (by_column, apart, under_ids)] == ["", "", ""]


def test_a_long_text_around_the_items_of_ninjs_is_told() -> None:
    item = {"uri": "x", "type": "text", "headline": "H", "body_text": STORY["body"]}
    assert "no article holds" in warning_of(json.dumps({"_items": [item], "foreword": OTHER}), "ninjs")
    assert warning_of(json.dumps({"_items": [item]}), "ninjs") == ""


AROUND: dict[str, dict[str, Any]] = {
    "editorial": {"editorial": OTHER},
    "editorial.lang": {"editorial": {"kopf": TITLE, "lang": OTHER}},
    "leitartikel[]": {"leitartikel": [OTHER]},
    "vorwort.absaetze[]": {"vorwort": {"absaetze": OTHER.split(". ")}},
}


@pytest.mark.parametrize("path", AROUND)
@pytest.mark.parametrize("whole_bytes", [16 << 20, 100])
def test_a_long_text_around_the_articles_is_told(path: str, whole_bytes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_reader, "WHOLE_BYTES", whole_bytes)
    before = json.dumps(AROUND[path] | {"articles": [STORY, NEXT]})
    behind = json.dumps({"articles": [STORY, NEXT]} | AROUND[path])
    for data in (before, behind):
        assert "no article holds the text of about" in warning_of(data)
        assert f"words in `{path}`" in warning_of(data)
    assert warning_of(json.dumps({"articles": [STORY, NEXT], "count": 2})) == ""


def test_a_long_text_around_the_articles_of_a_line_or_an_item_is_told() -> None:
    pages = [{"articles": [STORY]}, {"articles": [NEXT], "notiz": OTHER}]
    for data in ("\n".join(map(json.dumps, pages)), json.dumps(pages)):
        assert "no article holds the text of about 328 words in `notiz`" in warning_of(data)


BRIEF = {"headline": "The ferry stops for the winter", "body": text_of("Dora", 32), "date": "2024-05-03"}
BRIEFS: dict[str, dict[str, Any]] = {
    "boxes[].body": {"boxes": [BRIEF]},
    "related[].body": {"related": [{**BRIEF, "body": f"<p>{BRIEF['body']}</p>"}]},
    "kaesten[].inhalt": {"kaesten": [{"kopf": BRIEF["headline"], "inhalt": BRIEF["body"], "am": "3. Mai 2024"}]},
    "side.absaetze": {"side": {"kopf": BRIEF["headline"], "absaetze": [BRIEF["body"]] * 2, "am": "03.05.2024"}},
}
NO_BRIEFS: dict[str, dict[str, Any]] = {
    "no date": {"boxes": [{**BRIEF, "date": None}]},
    "no headline": {"boxes": [{**BRIEF, "headline": None}]},
    "no body": {"related": [{"headline": TITLE, "description": BRIEF["body"], "date": "2024-05-03"}]},
    "what search engines are told": {"more": {**BRIEF, "body": None, "seoDescription": BRIEF["body"]}},
    "fewer words": {"boxes": [{**BRIEF, "body": text_of("Dora", 16)}]},
    "what readers reply": {"comments": [BRIEF]},
    "a picture": {"images": [BRIEF]},
    "an author": {"author": {"name": "Mara Lindqvist of the Courier", "about": BRIEF["body"], "since": "2020-01-01"}},
    "the text again": {"versions": [{**BRIEF, "body": STORY["body"][:400]}]},
}


@pytest.mark.parametrize("path", BRIEFS)
def test_a_short_article_in_an_article_is_told(path: str) -> None:
    for data in (json.dumps(STORY | BRIEFS[path]), json.dumps({"articles": [NEXT, STORY | BRIEFS[path]]})):
        assert f"words in `{path}`" in warning_of(data)


@pytest.mark.parametrize("what", NO_BRIEFS)
def test_no_short_article_is_made_of(what: str) -> None:
    assert warning_of(json.dumps(STORY | NO_BRIEFS[what])) == ""


@pytest.mark.parametrize(("words", "is_told"), [(250, False), (700, True)])
def test_captions_of_a_vendor_are_told_only_where_they_are_as_long_as_an_article(words: int, is_told: bool) -> None:
    captions = text_of("Cara", words)
    page = (
        '<html><body><a name="DocID_MSTAR_1"></a><p><strong>The harbour</strong></p>'
        f'<p><strong>Full text: </strong><text><p>{STORY["body"]}</p><div class="Illustration_content">{captions}</div>'
        "</text></p><p><strong>ProQuest document ID: </strong>12345</p></body></html>"
    ).encode()
    reader = formats.named("proquest_html")
    account = Account(page, formats.least_accounted(reader))
    for piece in reader.read(io.BytesIO(page), FEED):
        account.add(piece)
    found = balance(io.BytesIO(page), account)
    assert found is not None
    assert ("`illustration`" in (found.warning or "")) is is_told
