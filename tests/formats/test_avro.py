"""Avro: records as nested JSON, every codec, both counts, and bounds on what a block and a schema may hold."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from avro_files import SYNC, avro, number
from hypothesis import given
from hypothesis import strategies as st
from sample_dumps import expected, samples

from etl.formats import avro as reader
from etl.model import DumpError, Feed, Piece, Reject

FEED = Feed("snapshot")


def schema(**fields: Any) -> dict[str, Any]:
    return {"type": "record", "name": "A", "fields": [{"name": name, "type": kind} for name, kind in fields.items()]}


PLAIN = schema(title="string", text="string")
ROWS = [{"title": f"Ferry {number}", "text": "It sails."} for number in range(5)]


def pieces(data: bytes, feed: Feed = FEED) -> list[Piece]:
    """What is read: as many pieces as there are marks."""
    found = list(reader.read(io.BytesIO(data), feed))
    assert reader.count_marks(io.BytesIO(data), feed) == len(found)
    return found


@pytest.mark.parametrize("sample", samples("avro"), ids=lambda path: path.name)
def test_samples(sample: Path) -> None:
    assert pieces(sample.read_bytes()) == expected(sample)


@pytest.mark.parametrize("codec", ["null", "deflate", "snappy", "zstandard", "bzip2", "xz"])
def test_blocks_of_every_codec_are_read(codec: str) -> None:
    assert [piece["headline"] for piece in pieces(avro(PLAIN, ROWS, codec, 2)) if isinstance(piece, dict)] == [
        row["title"] for row in ROWS
    ]


@given(st.lists(st.tuples(st.text(max_size=9), st.text(max_size=99)), max_size=20), st.integers(1, 7))
def test_as_many_records_are_read_as_the_headers_of_the_blocks_state(rows: list[tuple[str, str]], size: int) -> None:
    pieces(avro(PLAIN, [{"title": title, "text": text} for title, text in rows], "deflate", size))


def test_a_header_that_states_another_number_is_told_by_the_counts() -> None:
    data = avro(PLAIN, ROWS)
    wrong = data.replace(SYNC + number(5), SYNC + number(4))
    assert (len(list(reader.read(io.BytesIO(wrong), FEED))), reader.count_marks(io.BytesIO(wrong), FEED)) == (5, 4)


def test_a_header_of_empty_entries_without_end_is_given_up_soon() -> None:
    stream = io.BytesIO(b"Obj\x01" + number(2**60) + bytes(4_000_000))
    with pytest.raises(DumpError, match="has a header of more than 4 MB"):
        list(reader.read(stream, FEED))
    assert stream.tell() < 200_000


def test_a_time_that_is_none_stays_a_number() -> None:
    moment = {"type": "long", "logicalType": "timestamp-micros"}
    rows = [{"title": "Ferry", "text": "It sails.", "published": micros} for micros in (2**62, 0)]
    odd, plain = pieces(avro(schema(title="string", text="string", published=moment), rows))
    assert isinstance(odd, dict)
    assert isinstance(plain, dict)
    assert (odd["published"], plain["published"]) == (str(2**62), "1970-01-01T00:00:00+00:00")


def test_a_record_too_long_for_an_article_is_rejected_alone() -> None:
    kind = schema(title="string", text="string", more={"type": "array", "items": "boolean"})
    rows = [{"title": "Ferry", "text": "It sails.", "more": [True] * many} for many in (1, 2_000_000, 1)]
    first, long, last = pieces(avro(kind, rows, "deflate"))
    assert isinstance(first, dict)
    assert isinstance(last, dict)
    assert isinstance(long, Reject)
    assert (long.position, "takes 2,000," in long.reason) == ("record 2", True)


def test_bytes_are_text_where_they_are_utf8() -> None:
    (record,) = pieces(avro(schema(title="string", text="bytes"), [{"title": "Fähre", "text": "Sie fährt.".encode()}]))
    assert isinstance(record, dict)
    assert record["body"] == "Sie fährt."


def test_a_column_that_the_stanza_names_and_the_schema_lacks_is_an_error() -> None:
    with pytest.raises(DumpError, match='the column "kopf", which it lacks; found title, text'):
        pieces(avro(PLAIN, ROWS), Feed("snapshot", columns={"headline": "kopf"}))
    with pytest.raises(DumpError, match="no column is known as a headline or body; found a"):
        pieces(avro(schema(a="string"), [{"a": "x"}]))


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda data: data[:-3], "truncated or damaged"),
        (lambda data: data[:30], "truncated or damaged"),
        (lambda data: data[:-20] + b"\xff" + data[-19:], "cannot be unpacked"),
        (lambda data: data[:-1] + b"x", "truncated or damaged"),
        (lambda data: data.replace(b"snappy", b"snoopy"), "packed by 'snoopy'"),
        (lambda data: data + number(1) + number(1 << 40) + b"x", "a block or name of 1,099,511,627,776 bytes"),
        (lambda data: b"Obj\x01" + bytes(200), "schema cannot be read"),
    ],
)
def test_a_damaged_file_is_refused(damage: Any, reason: str) -> None:
    with pytest.raises(DumpError, match=reason):
        list(reader.read(io.BytesIO(damage(avro(PLAIN, ROWS, "snappy"))), FEED))


NOTHING = {"type": "record", "name": "N", "fields": [{"name": "x", "type": "null"}]}
NODE = {"type": "record", "name": "N", "namespace": "a.b", "fields": [{"name": "next", "type": ["null", "a.b.N"]}]}


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ({"type": "array", "items": "null"}, "a list of nothing"),
        ({"type": "map", "values": {"type": "null"}}, "a list of nothing"),
        ({"type": "array", "items": NOTHING}, "a list of nothing|takes no bytes"),
        (["null", NOTHING], "takes no bytes"),
        ({"type": "fixed", "name": "F", "size": 0}, "takes no bytes"),
        (NODE, "in itself"),
    ],
)
def test_a_schema_whose_data_could_be_without_end_is_refused_unread(kind: Any, reason: str) -> None:
    with pytest.raises(DumpError, match=reason):
        list(reader.read(io.BytesIO(avro(schema(title="string", text="string", more=kind), [])), FEED))


def test_what_unpacks_to_more_than_text_does_is_refused() -> None:
    with pytest.raises(DumpError, match=r"times its size|in smaller blocks"):
        list(reader.read(io.BytesIO(avro(PLAIN, [{"title": "a", "text": "y" * 9_000_000}] * 10, "zstandard", 1)), FEED))


def test_records_of_almost_nothing_are_refused() -> None:
    with pytest.raises(DumpError, match="more records than bytes"):
        list(reader.read(io.BytesIO(avro(PLAIN, [{"title": "", "text": ""}] * 100_000, "zstandard", 10_000)), FEED))
