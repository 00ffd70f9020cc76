"""A dump read in stretches gives what it gives as a whole, wherever it is cut: pieces, places, marks and columns."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from functools import partial
from itertools import cycle
from typing import Any, cast

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from archive_files import arc_record, record, response
from hypothesis import example, given, settings
from hypothesis import strategies as st

from etl import formats
from etl.formats import OfRange, RangeFormat, csv, jsonl, parquet, reuters_sgml, tagged_text, warc
from etl.formats.common import csv_ranges, streams, utf8_stream
from etl.formats.common.visible_text import look
from etl.model import Beside, Columns, Doubt, DumpError, Feed, Piece, Range, Reject

SMALL_HEAD_BYTES = 300
"""So that most of a short dump is behind what decides its meaning."""

BODY = "The harbour opened again on Monday after repairs to the quay. " * 3
ARTICLE = {"title": "Harbour reopens", "body": BODY, "published": "2026-03-14"}
LINES = [
    json.dumps(ARTICLE),
    json.dumps(ARTICLE | {"description": "Short notice"}),
    json.dumps({"title": "Ferry delayed", "description": "A ferry was delayed by fog."}),
    json.dumps({"headline": "Ships", "text": BODY, "note": "x"}),
    json.dumps({"items": [ARTICLE, ARTICLE | {"title": "Second"}]}),
    json.dumps({"items": [ARTICLE, ARTICLE | {"title": "Second"}], "about": BODY * 9}),
    json.dumps(["title", "text"]),
    json.dumps([["One", BODY], ["Two", BODY]]),
    json.dumps(ARTICLE) + ",",
    json.dumps(ARTICLE) * 2,
    json.dumps({"@type": "NewsMediaOrganization", "name": "The Evening Lamp", "address": {"city": "Port Example"}}),
    json.dumps({"delete": {"_id": "17"}}),
    json.dumps(ARTICLE | {"post_type": "revision"}),
    json.dumps({"status": "ok", "articles": []}),
    '{"title": "torn", "body": "',
    "{",
    "[",
    "null",
    "7",
    "",
    "   ",
    "\r",
    '{"title": "\x1b$B$3$s$K$A$O\x1b(B", "body": "A greeting in ISO 2022, which UTF-8 does not know."}',
]


@pytest.fixture(autouse=True)
def _small_heads(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (formats, csv, jsonl, tagged_text):
        monkeypatch.setattr(module, "HEAD_BYTES", SMALL_HEAD_BYTES)
    monkeypatch.setattr(utf8_stream, "_HEAD_BYTES", SMALL_HEAD_BYTES)
    monkeypatch.setattr(csv_ranges, "BLOCK_BYTES", 100)
    monkeypatch.setattr(csv_ranges, "TAIL_BYTES", 30)


def whole(reader: Any, data: bytes, feed: Feed) -> list[Piece]:
    return list(reader.read(io.BytesIO(data), feed))


def in_stretches(reader: RangeFormat, data: bytes, feed: Feed, ranges: list[Range]) -> tuple[list[Piece], int]:
    """What the stretches of a dump give together, and their marks."""
    pieces: list[Piece] = []
    marks = 0
    for stretch in ranges:
        of_range = OfRange.of(reader, partial(io.BytesIO, data), stretch)
        opened = of_range.opener(partial(io.BytesIO, data))
        pieces += of_range.read(opened(), feed)
        marks += of_range.count_marks(opened(), feed)
    return pieces, marks


def added_up(pieces: list[Piece]) -> Iterator[Any]:
    """Pieces in order, then what is known at the end of all of them."""
    columns = [piece for piece in pieces if isinstance(piece, Columns)]
    beside: dict[str, int] = {}
    doubts: dict[str, tuple[str, ...]] = {}
    for piece in pieces:
        if isinstance(piece, Beside):
            beside |= {path: max(count, beside.get(path, 0)) for path, count in piece.words.items()}
        elif isinstance(piece, Doubt) and piece.pages:
            doubts[piece.warning] = doubts.get(piece.warning, ()) + piece.pages
        elif not isinstance(piece, Columns):
            yield piece
    yield beside
    yield doubts
    yield {name for each in columns for name in each.found}
    yield frozenset.intersection(*(each.missing for each in columns)) if columns else None


def assert_same_in_stretches(reader: RangeFormat, data: bytes, feed: Feed, target_bytes: int) -> int:
    """How many stretches there were."""
    try:
        ranges = reader.ranges(io.BytesIO(data), feed, target_bytes)
    except DumpError:
        ranges = []  # it is refused when it is read
    if not ranges:
        return 0
    assert [each.start for each in ranges] == [0, *(each.end for each in ranges[:-1])]
    assert ranges[-1].end == len(data)
    try:
        expected = whole(reader, data, feed)
    except DumpError as error:
        with pytest.raises(DumpError, match=f"^{re.escape(str(error))}$"):
            in_stretches(reader, data, feed, ranges)
        return len(ranges)
    pieces, marks = in_stretches(reader, data, feed, ranges)
    assert list(added_up(pieces)) == list(added_up(expected))
    assert marks == reader.count_marks(io.BytesIO(data), feed)
    return len(ranges)


FEEDS = [Feed("wire"), Feed("wire", columns={"body": "text"})]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(LINES), max_size=14).map(lambda some: [LINES[0], LINES[1], *some]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.integers(1, 3_000),
    st.sampled_from(FEEDS),
)
@example([LINES[0], LINES[1], LINES[2], LINES[2]], "\n", True, 600, Feed("wire"))
def test_json_lines(lines: list[str], end: str, ends_open: bool, target_bytes: int, feed: Feed) -> None:
    data = (end.join(lines) + ("" if ends_open else end)).encode()
    assert_same_in_stretches(jsonl, data, feed, target_bytes)


TEASER = json.dumps({"title": "Fog", "description": "A ferry was late."})
FULL = json.dumps({"title": "Quay", "body": "It is open again.", "description": "Open."})
ENDS = st.sampled_from(["\n", "\r\n", "\r", "\n\n", "\r\r\n", "\n\ufeff", "\r\n\ufeff\ufeff", "\r\ufeff"])
"""Of lines, with the byte order mark of a file that was joined to the one before."""


def padded(line: str, characters: int) -> str:
    return line.replace("{", "{" + " " * characters, 1)


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from([TEASER, FULL, LINES[1]]),
    st.lists(st.tuples(ENDS, st.sampled_from([TEASER, FULL, LINES[0], LINES[4], LINES[9]])), min_size=2, max_size=9),
    st.integers(0, 60),
    st.integers(1, 400),
    st.sampled_from(FEEDS),
)
@example(TEASER, [("\n\ufeff", FULL), *[("\n", TEASER)] * 9], 0, 90, FEEDS[0])
@example(TEASER, [("\r", FULL), ("\r", TEASER), *[("\n", TEASER)] * 9], 0, 90, FEEDS[0])
def test_whatever_marks_and_ends_of_lines_its_head_has(
    first: str, lines: list[tuple[str, str]], padding: int, target_bytes: int, feed: Feed
) -> None:
    data = padded(first, padding) + "".join(end + line for end, line in lines) + "\n"
    assert_same_in_stretches(jsonl, data.encode(), feed, target_bytes)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("beyond", range(-4, 5))
def test_a_line_that_ends_at_the_edge_of_the_head_is_in_it_or_not_for_all(end: str, beyond: int) -> None:
    """By its bytes as they are, however many of them end lines."""
    before = end.join([TEASER] * 3) + end
    full = padded(FULL, SMALL_HEAD_BYTES + beyond - len(before) - len(FULL))
    data = (before + end.join([full, *[TEASER] * 20]) + end).encode()
    assert assert_same_in_stretches(jsonl, data, FEEDS[0], 200) > 4
    first = next(iter(whole(jsonl, data, FEEDS[0])))
    assert ("deck" in first) == (beyond < 0)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("line", "articles"),
    [
        (json.dumps(ARTICLE) * 2, 2),
        (json.dumps({"@type": "NewsMediaOrganization", "name": "The Evening Lamp", "about": BODY * 3}), 0),
        (json.dumps({"delete": {"_id": "17"}}), 0),
        (json.dumps(ARTICLE | {"post_type": "revision"}), 0),
        (json.dumps({"items": [ARTICLE, ARTICLE | {"title": "Second"}]}), 2),
    ],
    ids=["two joined", "a description", "a bulk action", "a revision", "a page of two"],
)
def test_a_line_that_is_not_one_article_is_counted_as_it_is_read_however_late_it_comes(
    line: str, articles: int
) -> None:
    lines = [json.dumps(ARTICLE)] * 60
    data = "\n".join([*lines, line, *lines]).encode()
    read = [piece for piece in whole(jsonl, data, Feed("wire")) if isinstance(piece, dict)]
    assert len(read) == 120 + articles
    assert jsonl.count_marks(io.BytesIO(data), Feed("wire")) == 120 + articles
    assert assert_same_in_stretches(jsonl, data, Feed("wire"), 2_000) > 4


@pytest.mark.parametrize("first", [0, 1])
def test_what_a_description_is_the_head_decides_and_no_earlier_line(first: int) -> None:
    short = {"title": "Ferry delayed", "description": "A ferry was delayed by fog, the harbour office said."}
    full = ARTICLE | {"description": "Short notice"}
    rows = [[full] * 4 + [short] * 8, [short] * 8 + [full] * 4][first]
    data = "".join(json.dumps(row) + "\n" for row in rows).encode()
    assert assert_same_in_stretches(jsonl, data, Feed("wire"), 200) > 4
    last = whole(jsonl, data, Feed("wire"))[-1 if not first else 0]
    assert ("deck" in last, "body" in last) == ((True, False) if not first else (False, True))  # type: ignore[operator]


@pytest.mark.parametrize(
    "data",
    [
        b'[{"title": "One", "text": "x"},\n {"title": "Two", "text": "y"}]\n' * 9,
        b'{\n "title": "One",\n "text": "x"\n}\n' * 9,
        b'["title", "text"]\n' + b'["One", "x"]\n' * 9,
        b'\xef\xbb\xbf{"title": "One", "text": "x"}\n' * 9,
        ('{"title": "One", "text": "x"}\n' * 9).encode("utf-16"),
        b'{"title": "\x1b$B$3$s$K$A$O\x1b(B", "text": "x"}\n' * 9,
    ],
)
def test_what_is_not_surely_lines_of_objects_is_not_cut(data: bytes) -> None:
    assert jsonl.ranges(io.BytesIO(data), Feed("wire"), 40) == []


FIELDS = [
    "Harbour",
    BODY,
    "",
    'He said "no"',
    "a\n\nb",
    "x\r\ny",
    "one, two",
    '"',
    '""',
    "é\ufeff",
    "it's; a\ttab",
    "C:\\new",
]
ROWS = [
    "title,text,section",
    '"Title","Text","Section"',
    "\ufefftitle,text,section",
    '\ufeff"One","First","City"',
    "url,headline,body",
    "id,title",
    'rank"ed,"first, ""and"" last",5" pipe',
    'a"b,c"d,e"',
    '"""x""","",""""',
    ',",",x',
    "Two",
    ",,",
    "",
    "----,----,----",
    "(3 rows)",
    "Total,3,",
    "nul\0,b,c",
    "[Removed],[Removed],x",
    "lone\rreturn,x,y",
    '"quoted\rreturn",x,y',
    'torn,"never closed,y',
    '"x"y,z,w',
    r'"a \"b\", c",text,x',
    r"x\,y,text,z",
    r"ends,in,escape" + "\\",
    r"ends,in,two" + "\\\\",
]
HEADERS = [
    "url,headline,body",
    '"Headline","Body","Date"',
    "id,\x0ctitle,text",
    "id,\x1ctitle\x1f,\x0btext",
    "id,\u2003title\xa0,te\x85xt",
    f"id,{chr(0x3000) * 30}title,text",
    '\ufeff"id","title","text"',
    '"id\n","title","te\nxt"',
    '"id\r\n\ufeff","title","text"',
    "id,title,published.$date",
    "id,rss(2)/title,text",
    '"id","a ""b"", c/title",text',
]
"""Of other tables, written in every way that a reader takes for names."""
TABLES = st.tuples(
    st.sampled_from(["", "sep=,\n", "Export of Monday\n\n", "\ufeff", "\n"]),
    st.sampled_from(ROWS[:2]),
    st.lists(
        st.one_of(
            st.sampled_from([*ROWS * 8, *HEADERS]),  # few, for then it is not cut
            st.lists(st.sampled_from(FIELDS), min_size=3, max_size=3).map(lambda fields: row_of(fields)),
        ),
        max_size=24,
    ),
)


def row_of(fields: list[str]) -> str:
    """A row in which fields that need quotes have them."""
    return ",".join(
        f'"{field.replace(chr(34), chr(34) * 2)}"' if set(field) & set('",\r\n') else field for field in fields
    )


@settings(max_examples=400, deadline=None)
@given(
    TABLES,
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.integers(1, 1_500),
    st.sampled_from(
        [
            Feed("wire"),
            Feed("wire", has_header=False, columns={"headline": "1", "body": "2"}),
            Feed("wire", escape="\\"),
            Feed("wire", quote=""),
            Feed("wire", encoding="utf-8"),
        ]
    ),
)
@example(
    ("", "title,text,section", ["ends,in,escape\\", '"a\n\nb",Harbour,Harbour']),
    "\n",
    False,
    1,
    Feed("wire", escape="\\"),
)
def test_csv(table: tuple[str, str, list[str]], end: str, ends_open: bool, target_bytes: int, feed: Feed) -> None:
    above, header, rows = table
    data = (above + end.join([header, *rows]) + ("" if ends_open else end)).encode()
    assert_same_in_stretches(csv, data, feed, target_bytes)


def test_a_csv_is_cut_at_ends_of_rows_and_not_of_lines_in_quotes() -> None:
    rows = [f'{number},"Line {number}\n{number},of\n""the"" text"\r\n' for number in range(40)]
    data = b"Export of Monday\nid,title\r\n" + "".join(rows).encode()
    found = csv.ranges(io.BytesIO(data), Feed("wire"), 1)
    assert [data[each.start : each.end].decode() for each in found[1:]] == rows
    assert assert_same_in_stretches(csv, data, Feed("wire"), 100) > 4


@pytest.mark.parametrize(
    "data",
    [
        b"title,text\n" + b"One,First\n" * 90 + b'"Headline","Body","Date"\n' + b"Two,Second,2026\n" * 90,
        ("title,text\n" + "One,First\n" * 90).encode("utf-16"),
        "title,text\nUne année,Déjà vu à la fête\n".encode("cp1252") * 9,
        b"title,text\r" + b"One,First\r" * 90,
    ],
)
def test_a_csv_whose_rows_do_not_mean_the_same_anywhere_is_not_cut(data: bytes) -> None:
    assert len(csv.ranges(io.BytesIO(data), Feed("wire"), 40)) < 2
    assert whole(csv, data, Feed("wire"))


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_csv_is_not_cut_where_its_reader_finds_the_header_of_another_table(header: str, end: str) -> None:
    rows = ["One,First"] * 90
    data = end.join(["title,text", *rows, header, *rows]).encode()
    assert any(
        isinstance(piece, Reject) and "header of another" in piece.reason for piece in whole(csv, data, FEEDS[0])
    )
    assert csv.ranges(io.BytesIO(data), FEEDS[0], 40) == []


PAGE = f"<html><h1>Harbour reopens</h1><p>{BODY}</p></html>".encode()
TWO = f"<html><h2>Harbour reopens</h2>{f'<p>{BODY}</p>' * 5}<h2>Ferry late</h2>{f'<p>{BODY}</p>' * 5}</html>".encode()
DAMAGED = record("response", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE).replace(
    b"WARC/1.0", b"WXRC/1.0"
)
IN_SEGMENTS = record("response", PAGE).replace(b"WARC-Date", b"WARC-Segment-Number: 1\r\nWARC-Date")
RECORDS = [
    record("warcinfo", b"software: x\r\n"),
    record("request", b"GET / HTTP/1.1\r\n\r\n"),
    response(PAGE),
    response(TWO),
    response(PAGE, kind="text/plain"),
    response(b"", status="404 Not Found"),
    response(PAGE[:-30], "Content-Length: 900"),
    response(PAGE + b"\r\nWARC/1.0\r\nWARC-Type: response\r\nContent-Length: 9999\r\n\r\nHTTP/1.1 404 No\r\n\r\n"),
    response(PAGE + b"\nhttp://a.example/1 192.0.2.1 20260309010203 text/html 99999\nHTTP/1.1 404 No\n\n"),
    response(PAGE, url="http://a.example/robots.txt"),
    record("metadata", b"fetchTimeMs: 4\r\n"),
    record("revisit", b"HTTP/1.1 200 OK\r\nContent-Type: text/html"),
    record("resource", PAGE),
    record("response", b"not HTTP"),
    record("response", b""),
    record("response", PAGE, length=400),
    record("response", PAGE, length=40),
    record("response", PAGE, length="many"),
    IN_SEGMENTS,
    record("response", PAGE).replace(b"WARC-Date", b" folded: 1\r\nContent-Length: 5\r\nWARC-Date"),
    DAMAGED,
    arc_record(PAGE),
    b"\r\n\r\n",
    b"rubbish\r\n",
]


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(RECORDS[:12]), st.sampled_from(RECORDS)), min_size=1, max_size=12),
    st.integers(0, 400),
    st.integers(1, 3_000),
)
def test_warc(some: list[bytes], missing: int, target_bytes: int) -> None:
    data = b"".join(some)
    assert_same_in_stretches(warc, data[: len(data) - missing] or data, Feed("crawl"), target_bytes)


def test_a_web_archive_is_cut_at_its_records() -> None:
    records = [RECORDS[kind] for kind in (0, 1, 3, 10)] * 9
    data = b"".join(records)
    assert [data[each.start : each.end] for each in warc.ranges(io.BytesIO(data), Feed("crawl"), 1)] == records
    assert assert_same_in_stretches(warc, data, Feed("crawl"), len(data) // 7) > 4


@pytest.mark.parametrize(("broken", "before"), [(DAMAGED, 8), (IN_SEGMENTS, 9), (RECORDS[-3], 8)])
def test_from_its_first_break_on_a_web_archive_is_not_cut(broken: bytes, before: int) -> None:
    data = RECORDS[2] * 9 + broken + RECORDS[2] * 9
    starts = [each.start for each in warc.ranges(io.BytesIO(data), Feed("crawl"), 1)]
    assert starts == [len(RECORDS[2]) * number for number in range(before + 1)]


TABLE = [
    {"title": "One", "text": BODY, "description": "Short notice", "tags": ["a", "b"], "rank": 1.5},
    {"title": "Two", "text": None, "description": "A ferry was late.", "tags": None, "rank": None},
    {"title": None, "text": None, "description": None, "tags": [], "rank": float("nan")},
    {"title": "Caf\u00e9", "text": BODY * 9, "description": "", "tags": ["x" * 900], "rank": 2.0},
]
TYPES = {"title": pa.string(), "text": pa.string(), "description": pa.string(), "tags": pa.list_(pa.string())}


def parquet_of(rows: list[dict[str, Any]], group_rows: list[int], **written: Any) -> bytes:
    """A file of row groups of so many rows, in turns."""
    buffer, at, turns = io.BytesIO(), 0, cycle(group_rows)
    table = pa.Table.from_pylist(rows, pa.schema(TYPES | {"rank": pa.float64()}))
    with pq.ParquetWriter(buffer, table.schema, **written) as writer:
        while at < len(rows):
            writer.write_table(table.slice(at, size := next(turns)))
            at += size
    return buffer.getvalue()


def words_of(data: bytes, ranges: list[Range]) -> list[int]:
    found = [look(io.BytesIO(data), 0, data, each) for each in ranges]
    return [seen.words for seen in found if seen]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(TABLE), max_size=20),
    st.lists(st.integers(1, 6), min_size=1, max_size=4),
    st.sampled_from([{}, {"use_dictionary": False}, {"compression": "zstd"}, {"data_page_version": "2.0"}]),
    st.integers(1, 3_000),
    st.sampled_from([Feed("wire"), Feed("wire", columns={"body": "description"}), Feed("wire", columns={"body": "x"})]),
    st.integers(0, 30),
)
def test_parquet(
    rows: list[dict[str, Any]], groups: list[int], written: Any, target_bytes: int, feed: Feed, damage: int
) -> None:
    data = parquet_of(rows, groups, **written)
    if damage > 20:
        data = data[:damage] + bytes(40) + data[damage + 40 :]
    assert_same_in_stretches(cast(RangeFormat, parquet), data, feed, target_bytes)


def test_a_parquet_file_is_cut_between_its_row_groups() -> None:
    data = parquet_of(TABLE * 9, [3])
    ranges = parquet.ranges(io.BytesIO(data), Feed("wire"), 1)
    assert [each.before for each in ranges] == list(range(0, 36, 3))
    assert assert_same_in_stretches(cast(RangeFormat, parquet), data, Feed("wire"), len(data) // 5) > 2
    whole_words = look(io.BytesIO(data), 0)
    assert whole_words and sum(words_of(data, ranges)) == whole_words.words
    assert len(words_of(data, ranges)) == 12


WIRE = [
    f'<REUTERS TOPICS="NO" NEWID="1">\n<DATE>26-FEB-1987</DATE>\n<TEXT><TITLE>One</TITLE><BODY>{BODY}</BODY></TEXT>\n',
    "</REUTERS>\n",
    '<REUTERS NEWID="2"><DATE>26-FEB-1987</DATE><TEXT>TWO</TEXT></REUTERS>',
    '\n<REUTERS\r\nNEWID="3"><DATE>1-MAR-1987</DATE><TEXT>THREE</TEXT></REUTERS>\r\n',
    "<!DOCTYPE lewis>\n",
    "stray text\n",
    "<DATE>1-MAR-1987</DATE>\n",
    "<TEXT>",
    "<REUTERS",
    "\n\n",
]
DOCS = [
    f"<DOC>\n<DOCNO>A-1</DOCNO>\n<HEADLINE>Harbour reopens</HEADLINE>\n<TEXT>{BODY}</TEXT>\n</DOC>\n",
    "<doc>\n<docid>2</docid><title>\u65b0\u95fb</title><text>\u6e2f\u53e3\u91cd\u65b0\u5f00\u653e</text></doc>\n",
    '<DOC id="X" type="story"><HEADLINE>Three</HEADLINE></DOC>',
    "<DOC>\n<DOCNO>4</DOCNO>\n<TEXT>Never closed\n",
    "</DOC>\n",
    "<DOCNO>5</DOCNO>\n",
    "stray text\n",
    "<corpus>\n",
    "\n\n",
]


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([(reuters_sgml, WIRE), (tagged_text, DOCS)]),
    st.lists(st.integers(0, 9), min_size=1, max_size=16),
    st.sampled_from(["utf-8", "gb18030", "utf-8-sig"]),
    st.sampled_from([None, "utf-8", "gb18030"]),
    st.integers(1, 1_500),
    st.sampled_from([SMALL_HEAD_BYTES, 1 << 20]),
)
def test_sgml(
    kind: tuple[Any, list[str]], some: list[int], codec: str, stated: str | None, target_bytes: int, chunk_bytes: int
) -> None:
    reader, texts = kind
    data = "".join(texts[number % len(texts)] for number in some).encode(codec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streams, "CHUNK_BYTES", chunk_bytes)
        assert_same_in_stretches(reader, data, Feed("wire", encoding=stated), target_bytes)


@pytest.mark.parametrize(
    ("reader", "articles"), [(reuters_sgml, [WIRE[0] + WIRE[1], WIRE[3]]), (tagged_text, DOCS[:2])]
)
def test_sgml_is_cut_at_the_opening_tags_of_articles(reader: Any, articles: list[str]) -> None:
    data = "".join(articles * 9).encode()
    found = reader.ranges(io.BytesIO(data), Feed("wire"), 1)
    assert len(found) == 18
    assert assert_same_in_stretches(reader, data, Feed("wire"), len(data) // 7) > 4


def test_sgml_whose_marks_are_not_the_same_in_all_stretches_is_not_cut() -> None:
    data = "".join([DOCS[0] * 5, "</DOC>\n" * 3, DOCS[0] * 5, "<DOCNO>5</DOCNO>\n" * 4]).encode()
    assert tagged_text.ranges(io.BytesIO(data), Feed("wire"), len(data) // 2) == []
