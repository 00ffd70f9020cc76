"""Parquet: rows as records, wrong types and damage named."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sample_dumps import expected, samples

from etl.formats import parquet
from etl.formats.common import visible_text
from etl.model import DumpError, Feed, Reject

FEED = Feed("wire")


def file(**columns: Any) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


class Stream(io.RawIOBase):
    """A stream that cannot go back, as a decompressor's."""

    def __init__(self, data: bytes) -> None:
        self.rest = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self.rest.readinto(buffer)


GOOD = file(
    title=["One", "Two"],
    text=[["First.", "Second."], None],
    date=pa.array([0, 86_400_000_000], pa.timestamp("us")),
    score=[1, 2],
)


@pytest.mark.parametrize("opened", [io.BytesIO, Stream])
def test_rows_become_records(opened: Any) -> None:
    assert list(parquet.read(opened(GOOD), FEED)) == [
        {
            "position": "row 1",
            "headline": "One",
            "body": "First.\n\nSecond.",
            "published": "1970-01-01T00:00:00",
            "extra": {"score": 1},
        },
        {"position": "row 2", "headline": "Two", "published": "1970-01-02T00:00:00", "extra": {"score": 2}},
    ]
    assert parquet.count_marks(opened(GOOD), FEED) == 2
    assert parquet.recognise(GOOD[:100], "dump") == 1


def test_a_body_that_is_no_text_is_an_error_that_names_column_and_type() -> None:
    with pytest.raises(DumpError, match="column 'text' is of type int64; expected text for the body"):
        list(parquet.read(io.BytesIO(file(title=["a"], text=[1])), FEED))


def test_a_damaged_file_is_an_error() -> None:
    with pytest.raises(DumpError, match="cannot be opened as Parquet"):
        list(parquet.read(io.BytesIO(GOOD[:-10]), FEED))


def test_no_known_column_is_an_error_that_lists_them() -> None:
    with pytest.raises(DumpError, match="found kopf, rumpf"):
        list(parquet.read(io.BytesIO(file(kopf=["a"], rumpf=["b"])), FEED))


@pytest.mark.parametrize("sample", samples("parquet"), ids=lambda path: path.name)
def test_samples(sample: Path) -> None:
    found = list(parquet.read(io.BytesIO(sample.read_bytes()), FEED))
    assert [piece for piece in found if isinstance(piece, dict)] == expected(sample)
    assert parquet.count_marks(io.BytesIO(sample.read_bytes()), FEED) == len(found)


def test_a_column_that_the_stanza_names_and_the_file_lacks_is_an_error() -> None:
    feed = Feed("wire", id_column="guid", columns={"headline": "title"})
    with pytest.raises(DumpError, match='names the column "guid", which it lacks; found title, text;'):
        list(parquet.read(io.BytesIO(file(title=["One"], text=["First"])), feed))


def test_a_text_repeated_from_a_dictionary_refuses_the_dump_in_bounded_memory() -> None:
    for text in (
        pa.DictionaryArray.from_arrays(pa.array([0] * 2_000, pa.int32()), ["y" * 5_000_000]),
        pa.array(["y" * 5_000_000] * 20),
        pa.array([["y" * 5_000_000] * 20]),
    ):
        begun = pa.total_allocated_bytes()
        data = file(title=["a"] * len(text), text=text)
        assert len(data) < 500_000
        highest = 0
        with pytest.raises(DumpError, match="unpacks to"):
            for _ in parquet.read(io.BytesIO(data), FEED):
                highest = max(highest, pa.total_allocated_bytes() - begun)
        assert highest < 300_000_000


def test_a_row_that_cannot_be_decoded_costs_itself_only() -> None:
    odd = pa.array([0, 2**62, 0], pa.timestamp("us"))
    broken = pa.array([b"One", b"Two", b"Thr\xffee"]).view(pa.string())
    found = list(parquet.read(io.BytesIO(file(title=broken, text=["a"] * 3, date=odd)), FEED))
    assert [piece.reason.partition(" holds")[0] for piece in found[1:]] == ["column 'date'", "column 'title'"]
    assert (found[0]["headline"], found[2].position) == ("One", "row 3")


def test_odd_types_are_kept_as_text() -> None:
    (found,) = parquet.read(
        io.BytesIO(
            file(
                title=["One"],
                text=["a"],
                id=pa.array([2**64 - 1], pa.uint64()),
                raw=[b"\xff\x00"],
                nested=[{"a": [{"b": b"\xfe"}]}],
                map=pa.array([[("k", "v")]], pa.map_(pa.string(), pa.string())),
                nothing=pa.nulls(1),
            )
        ),
        FEED,
    )
    assert (found["native_id"], found["extra"]["raw"]) == (str(2**64 - 1), "\\xff\x00")
    assert found["extra"]["nested"] == {"a": [{"b": "\\xfe"}]}


def test_lists_of_text_are_read_from_their_dictionaries() -> None:
    data = file(title=["One", "Two"], text=[["a", "a"], ["a", "b"]], more=[[["x"], []], None], s=[{"k": ["v"]}, None])
    first, second = parquet.read(io.BytesIO(data), FEED)
    assert (first["body"], second["body"]) == ("a\n\na", "a\n\nb")
    assert (first["extra"], second.get("extra")) == ({"more": [["x"], []], "s": {"k": ["v"]}}, None)


def test_columns_of_one_name_are_an_error_that_names_them() -> None:
    buffer = io.BytesIO()
    pq.write_table(pa.table([["a"], ["b"]], ["title", "title"]), buffer)
    with pytest.raises(DumpError, match="several columns called title"):
        list(parquet.read(buffer, FEED))


def test_rows_of_nothing_refuse_the_dump_unread() -> None:
    nothing = pa.nulls(200_000, pa.string())
    data = file(title=nothing, text=nothing)
    assert len(data) < 100_000
    with pytest.raises(DumpError, match=r"has 200,000 rows in .* which cannot hold articles"):
        list(parquet.read(io.BytesIO(data), FEED))


def test_a_column_whose_name_is_not_utf8_is_the_fault_of_the_dump() -> None:
    whole = io.BytesIO()
    pq.write_table(pa.table({"title": ["One"], "text": ["First"]}), whole, store_schema=False)
    with pytest.raises(DumpError, match="cannot be opened as Parquet"):
        list(parquet.read(io.BytesIO(whole.getvalue().replace(b"title", b"ti\xfft\xff")), Feed("wire")))


def test_fields_in_structs_are_read_by_path_and_one_that_is_not_there_is_told() -> None:
    data = file(
        head=[{"main": "Ferry late", "kicker": "Sea"}],
        source=[{"id": None, "name": "Harbour Post"}],
        parts=[[{"text": "It was late."}, {"text": "Nobody waited."}]],
    )
    (found,) = parquet.read(io.BytesIO(data), Feed("wire", columns={"headline": "head.main", "body": "parts.text"}))
    assert (found["headline"], found["body"]) == ("Ferry late", "It was late.\n\nNobody waited.")
    assert (found["publication"], found["extra"]["head"]) == ("Harbour Post", {"kicker": "Sea"})
    with pytest.raises(DumpError, match=r'"head.title".*found head, source, parts, head.main'):
        list(parquet.read(io.BytesIO(data), Feed("wire", columns={"headline": "head.title", "body": "parts.text"})))


def test_a_row_takes_the_column_that_has_a_text() -> None:
    data = file(title=["One", "Two"], text=["First", None], content=[None, "Second"], domain=["a.example", None])
    found = list(parquet.read(io.BytesIO(data), FEED))
    assert [piece["body"] for piece in found] == ["First", "Second"]
    assert found[0]["publication"] == "a.example"


def test_text_that_is_stored_as_bytes_is_read_as_utf_8() -> None:
    text = pa.array(["Die Fähre fährt.".encode()], pa.binary())
    tags = pa.array([[b"harbour"]], pa.list_(pa.binary()))
    data = file(title=text, text=text, tags=tags, picture=pa.array([b"\xff\xd8"], pa.binary()))
    (record,) = parquet.read(io.BytesIO(data), Feed("f"))
    assert isinstance(record, dict)
    assert (record["headline"], record["body"]) == ("Die Fähre fährt.", "Die Fähre fährt.")
    assert record["labels"] == [["tag", "", "harbour"]]
    seen = visible_text.look(io.BytesIO(data), 1_000)
    assert seen is not None
    assert seen.words == 7


def test_bytes_that_are_no_text_reject_their_row_only() -> None:
    data = file(title=["A", "B"], text=pa.array([b"Late.", b"\xff\xd8"], pa.binary()))
    article, reject = parquet.read(io.BytesIO(data), Feed("f"))
    assert isinstance(article, dict)
    assert isinstance(reject, Reject)
    assert "the body is bytes" in reject.reason
