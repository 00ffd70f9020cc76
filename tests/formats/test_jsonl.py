"""JSON: every layout, every broken line accounted for, marks counted by another way."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_dumps import expected, samples
from timing import MOST_TIMES_AS_LONG, times_as_long

from etl.formats import jsonl, recognise
from etl.formats.common import streams
from etl.model import Columns, DumpError, Feed, Reject, Skip

FEED = Feed("wire")
ARTICLE = {
    "title": 'The "old" pier',
    "text": "It [was] {closed} \\ today.",
    "tags": ["boats", "pier"],
    "meta": {"l": [{"z": 1}]},
}


def pieces(data: bytes, feed: Feed = FEED) -> list[Any]:
    return list(jsonl.read(io.BufferedReader(io.BytesIO(data)), feed))


def marks(data: bytes, feed: Feed = FEED) -> int:
    return jsonl.count_marks(io.BufferedReader(io.BytesIO(data)), feed)


LAYOUTS = {
    "lines": "\n".join([json.dumps(ARTICLE)] * 3),
    "lines with CRLF and blank ones": "\r\n\r\n".join([json.dumps(ARTICLE)] * 3) + "\r\n",
    "array in one line": json.dumps([ARTICLE] * 3),
    "array, indented": json.dumps([ARTICLE] * 3, indent=2),
    "documents in a row, indented": "\n".join([json.dumps(ARTICLE, indent=2)] * 3),
    "object with a list in one line": json.dumps({"status": "ok", "total": 3, "articles": [ARTICLE] * 3}),
    "object with a list, indented": json.dumps({"status": "ok", "sources": ["a"], "articles": [ARTICLE] * 3}, indent=1),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_layout_gives_the_same_articles(layout: str, codec: str) -> None:
    data = LAYOUTS[layout].encode(codec)
    found = pieces(data)
    assert [piece["headline"] for piece in found] == ['The "old" pier'] * 3
    assert found[0]["body"] == "It [was] {closed} \\ today."
    assert found[0]["labels"] == [["tag", "", "boats"], ["tag", "", "pier"]]
    assert found[0]["extra"] == {"meta": {"l": [{"z": 1}]}}
    assert marks(data) == 3
    assert jsonl.recognise(data, "dump") > 0


def test_a_broken_line_costs_itself_only() -> None:
    data = json.dumps(ARTICLE).encode() + b'\n{"title": "torn\n\n[1]\n\xff\n' + json.dumps(ARTICLE).encode()
    found = pieces(data)
    assert [type(piece) for piece in found] == [dict, Reject, Reject, Reject, dict]
    assert [piece.position for piece in found if isinstance(piece, Reject)] == ["line 2", "line 4", "line 5"]
    assert found[1].piece == b'{"title": "torn'
    assert marks(data) == 5


def test_an_array_that_breaks_off_is_an_error_that_names_the_place() -> None:
    with pytest.raises(DumpError, match="breaks off after item 2"):
        pieces(json.dumps([ARTICLE] * 3)[:-20].encode())


def test_a_second_list_of_articles_is_read_as_well() -> None:
    data = json.dumps({"articles": [ARTICLE, ARTICLE], "more": [ARTICLE]}).encode()
    assert (len(pieces(data)), marks(data)) == (3, 3)


def test_an_indented_article_alone_is_read() -> None:
    data = json.dumps(ARTICLE, indent=4).encode()
    assert [piece["headline"] for piece in pieces(data)] == ['The "old" pier']
    assert marks(data) == 1


def test_ninjs_is_left_to_its_own_reader() -> None:
    assert jsonl.recognise(b'{"uri": "u", "versioncreated": "v", "title": "t"}', "a.json") == 0


def test_a_description_is_no_body_where_another_article_has_one() -> None:
    lines = [{"title": "a", "description": "d", "content": "c"}, {"title": "b", "description": "d"}]
    found = pieces("\n".join(map(json.dumps, lines)).encode())
    assert [(piece.get("deck"), piece.get("body")) for piece in found] == [("d", "c"), ("d", None)]


def test_a_damaged_first_line_does_not_hide_the_format() -> None:
    articles = "".join(json.dumps({"title": f"Boat {n}", "body": "It left."}) + "\n" for n in range(3))
    assert recognise(f"<html>502 Bad Gateway</html>\n{articles}".encode(), "dump") == "jsonl"
    page = f"<html><body><p>A page that prints JSON:\n<pre>\nso\nit\ngoes\n{articles}</pre></body></html>\n"
    assert recognise(page.encode(), "dump") == "html"


def test_prose_and_other_json_are_not_recognised() -> None:
    for text in ("A headline\n\nA body.", '{"level": "info", "message": "started"}\n', "[1, 2, 3]", ""):
        assert jsonl.recognise(text.encode(), "dump.jsonl") == 0


junk = st.sampled_from([b"{torn", b"[1, 2]", b'"text"', b"\xff\xfe", b"", b"   ", b"null", b'{"title": {"a": [1]}}'])
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
articles = st.builds(lambda title, body: json.dumps({"title": title, "body": body}).encode(), texts, texts)


@given(articles, st.lists(articles | junk, max_size=20))
def test_marks_are_what_is_read_in_lines(first: bytes, lines: list[bytes]) -> None:
    data = b"\n".join([first, *lines])
    assert marks(data) == len(pieces(data))


values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text('ab"\\[]{},: é', max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('ab"[{', max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(values, max_size=8), st.sampled_from([None, 1]))
def test_marks_are_what_is_read_in_an_array(items: list[Any], indent: int | None) -> None:
    data = json.dumps([{"title": "first", "body": "text"}, *items], indent=indent).encode()
    assert marks(data) == len(pieces(data)) == len(items) + 1


def test_marks_do_not_depend_on_where_a_chunk_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    data = json.dumps([ARTICLE, 12345, True, ARTICLE], indent=1).encode()
    for size in range(1, 60):
        monkeypatch.setattr(streams, "CHUNK_BYTES", size)
        assert marks(data) == 4


@pytest.mark.parametrize("sample", samples("jsonl"), ids=lambda path: path.name)
def test_samples(sample: Path) -> None:
    found = pieces(sample.read_bytes())
    assert [piece for piece in found if isinstance(piece, dict)] == expected(sample)
    assert marks(sample.read_bytes()) == len(found)


@pytest.mark.parametrize("deep", ["[" * 900 + "]" * 900, '{"a":' * 1000 + "1" + "}" * 1000])
def test_an_article_nested_too_deeply_is_rejected_alone(deep: str) -> None:
    lines = [json.dumps({"title": "One", "text": "A text."}), f'{{"title": "Two", "text": "A text.", "odd": {deep}}}']
    found = list(jsonl.read(io.BytesIO("\n".join([*lines, lines[0]]).encode()), Feed("wire")))
    assert [isinstance(piece, Reject) for piece in found] == [False, True, False]
    assert found[1].position == "line 2"


def test_which_columns_of_the_stanza_no_object_has_is_told_at_the_end() -> None:
    feed = Feed("wire", id_column="nr", columns={"headline": "titel", "deck": "lead"}, optional=("nr",))
    one, two = {"titel": "One", "text": "First"}, {"titel": "Two", "text": "Second", "lead": "Then"}
    assert pieces(json.dumps(one).encode(), feed)[-1] == Columns(("titel", "text"), frozenset({"lead"}))
    both = f"{json.dumps(one)}\n{json.dumps(two)}\n".encode()
    assert pieces(both, feed)[-1] == Columns(("titel", "text", "lead"), frozenset())


def test_a_path_of_the_stanza_is_followed_and_one_that_is_nowhere_is_told() -> None:
    feed = Feed("wire", columns={"body": "inside.text", "headline": "inside.head"})
    line = json.dumps({"inside": {"text": "First", "title": "One"}}).encode()
    *found, columns = pieces(line, feed)
    assert found == [{"position": "line 1", "body": "First", "extra": {"inside": {"title": "One"}}}]
    assert columns == Columns(("inside", "inside.text"), frozenset({"inside.head"}))


def test_where_nothing_is_an_object_nothing_is_said_of_columns() -> None:
    assert [type(piece) for piece in pieces(b"{torn\n", Feed("wire", id_column="nr"))] == [Reject]


HOSTILE = {
    "a number of thousands of digits": '{"title": "x", "text": "y", "n": ' + "9" * 4_400 + "}",
    "nested deep": '{"title": "x", "text": "y", "n": ' + "[" * 50_000 + "]" * 50_000 + "}",
}


@pytest.mark.parametrize("layout", ["\n", ", "])
@pytest.mark.parametrize("odd", HOSTILE)
def test_an_article_that_cannot_be_kept_costs_itself_only(odd: str, layout: str) -> None:
    text = layout.join([json.dumps(ARTICLE), json.dumps(ARTICLE), HOSTILE[odd], json.dumps(ARTICLE)])
    data = (text if layout == "\n" else f"[{text}]").encode()
    assert [type(piece) for piece in pieces(data)] == [dict, dict, Reject, dict]
    assert marks(data) == 4


@pytest.mark.parametrize("layout", ["{}\n{}", "[{}, {}]"])
def test_half_an_emoji_becomes_a_replacement_character(layout: str) -> None:
    article = r'{"title": "Cut \ud83d", "text": "y", "tags": ["\udc00"], "more": {"\ud83d": "\ud83d"}}'
    found = pieces(layout.replace("{}", article).encode())
    assert [piece["headline"] for piece in found] == ["Cut \ufffd"] * 2
    assert (found[1]["labels"], found[1]["extra"]) == ([["tag", "", "\ufffd"]], {"more": {"\ufffd": "\ufffd"}})


def test_an_id_beyond_64_bits_keeps_its_digits() -> None:
    number = 123456789012345678901234567890
    found = pieces(json.dumps([{**ARTICLE, "id": number, "big": number, "in": {"x": number}}]).encode())
    assert found[0]["native_id"] == str(number)
    assert (found[0]["extra"]["big"], found[0]["extra"]["in"]) == (str(number), {"x": str(number)})


def test_a_string_without_an_end_is_counted_in_linear_time() -> None:
    def work(megabytes: int) -> None:
        marks(b'[{"title": "a", "text": "' + b"x" * (megabytes << 20))

    assert times_as_long(work, 8) < MOST_TIMES_AS_LONG


def test_a_column_of_the_stanza_may_be_a_path_into_objects_and_lists() -> None:
    feed = Feed("wire", columns={"body": "fields.text", "headline": "heads.main", "deck": "fields.lead"})
    one = {"title": "One", "fields": {"text": "First"}, "heads": [{"sub": "x"}, {"main": "One"}]}
    (columns,) = [piece for piece in pieces(json.dumps(one).encode(), feed) if isinstance(piece, Columns)]
    assert columns.missing == {"fields.lead"}


_TARGETS = [
    {"index": {"_index": "news", "_id": "7", "routing": "north"}},
    {"index": {}},
    {"create": {"_index": "news", "_type": "_doc", "_id": 8}},
    {"update": {"_id": "9", "retry_on_conflict": 3}},
]


@pytest.mark.parametrize("layout", ["\n", ",", "\n\n"])
def test_the_actions_between_the_documents_of_a_bulk_request_are_skipped(layout: str) -> None:
    values = [each for target in _TARGETS * 10 for each in (target, ARTICLE)] + [{"delete": {"_id": "4"}}]
    text = layout.join(map(json.dumps, values))
    data = (f"[{text}]" if layout == "," else text).encode()
    found = pieces(data)
    assert [type(piece) for piece in found] == [Skip, dict] * 40 + [Skip]
    assert {piece.kind for piece in found if isinstance(piece, Skip)} == {"action of a bulk request"}
    assert marks(data) == 40


def test_the_document_of_an_update_is_an_article() -> None:
    data = b"\n".join(json.dumps(each).encode() for each in (_TARGETS[3], {"doc": ARTICLE, "doc_as_upsert": True}))
    assert [type(piece) for piece in pieces(data)] == [Skip, dict]
    assert marks(data) == 1


@pytest.mark.parametrize(
    "value", [{"index": {"title": "x", "text": "y"}}, {"index": "7"}, {"update": {"_id": 1, "note": "z"}}]
)
def test_what_only_begins_like_an_action_is_not_skipped(value: dict[str, Any]) -> None:
    data = f"{json.dumps(value)}\n{json.dumps(ARTICLE)}\n".encode()
    assert not any(isinstance(piece, Skip) for piece in pieces(data))
    assert marks(data) == 2
