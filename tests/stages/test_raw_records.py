"""Records become Parquet in small tables and large chunks: each once and in order, and a bad one costs only itself."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet as pq
import pytest

from etl.files import StorageError
from etl.model import Reject
from etl.normalise.tombstones import Tombstones
from etl.schemas import PATH_FIELDS, PIECES, RAW
from etl.stages import raw_records
from etl.stages.raw_records import Target, Writer
from etl.stages.raw_tables import Row, mended, table_of, with_json
from etl.stages.taken_down import KEPT
from etl.stages.tallies import Tally

FIXED = {"is_global_id": False, **dict.fromkeys(PATH_FIELDS)}
RECORD = {"position": "line 1", "headline": "Ferry", "body": "It sails.", "labels": [["tag", "", "sea"]]}
HALF = "Cut \ud83d"
DEEP: list[Any] = []
for _ in range(150):
    DEEP = [DEEP]


def row(record: dict[str, Any], ordinal: int = 0) -> Row:
    return Row(Tally(1), ordinal, record["position"], with_json(record), FIXED)


def written(folder: Path, pieces: list[dict[str, Any] | Reject], **target: int) -> tuple[Tally, list[Path]]:
    """Write pieces as those of one dump. Returns what was counted, and the files of records."""
    tally = Tally(1)
    limits = {"most_characters": 1_000, "chunk_articles": 600, "raw_bytes": 1 << 20} | target
    to = Target(lambda number: folder / f"raw-{number}.parquet", folder / "pieces.parquet", **limits)
    with Writer(to, Tombstones(KEPT.empty_table())) as writer:
        for piece in pieces:
            if isinstance(piece, Reject):
                writer.reject(piece, tally)
            else:
                writer.add(piece, FIXED, tally)
    return tally, sorted(folder.glob("raw-*.parquet"))


def numbered(number: int) -> list[dict[str, Any] | Reject]:
    return [RECORD | {"position": f"line {place}", "headline": f"Ferry {place}"} for place in range(number)]


def test_a_column_that_no_record_fills_holds_nothing() -> None:
    table = table_of([row(RECORD), row(RECORD | {"deck": "Twice a day", "is_partial": True}, 1)])
    assert table.schema == RAW
    assert table["deck"].to_pylist() == [None, "Twice a day"]
    assert table["is_partial"].to_pylist() == [None, True]
    assert table["url"].null_count == table["path_published_on"].null_count == 2
    assert table["labels"].to_pylist() == ['[["tag","","sea"]]'] * 2
    assert table_of([]).schema == RAW


@pytest.mark.parametrize("field", ["headline", "body", "labels", "extra"])
def test_half_a_character_is_mended_wherever_it_stands(field: str) -> None:
    half = {"labels": [["tag", "", HALF]], "extra": {"note": HALF}}.get(field, HALF)
    found = mended(row(RECORD | {field: half}))
    assert isinstance(found, Row)
    (kept,) = table_of([found]).to_pylist()
    assert "Cut \ufffd" in kept[field]
    assert orjson.loads(kept["labels"])[0][:2] == ["tag", ""]


def test_what_no_column_takes_says_why_and_is_kept_as_it_was_read() -> None:
    found = mended(row(RECORD | {"extra": {"note": HALF, "tree": DEEP}}))
    assert isinstance(found, Reject)
    assert found.reason.startswith("its extra is nested more than 100 levels deep")
    assert b"[['tag', '', 'sea']]" in found.piece


def test_every_record_is_written_once_and_in_order_whatever_tables_and_chunks_it_is_in(tmp_path: Path) -> None:
    records = numbered(2 * raw_records.ROWS_AT_ONCE + 300)
    tally, (file,) = written(tmp_path, records)
    found = pq.read_table(file)
    assert found["headline"].to_pylist() == [f"Ferry {number}" for number in range(len(records))]
    assert found["ordinal"].to_pylist() == list(range(len(records)))
    assert [pq.ParquetFile(file).metadata.row_group(group).num_rows for group in range(2)] == [600, 212]
    assert tally.articles_read == len(records)


def test_files_of_records_begin_anew_where_one_is_full(tmp_path: Path) -> None:
    _, files = written(tmp_path, numbered(900), chunk_articles=300, raw_bytes=1)
    assert [pq.read_metadata(file).num_rows for file in files] == [300, 300, 300]


def test_a_bad_record_costs_only_itself(tmp_path: Path) -> None:
    records = numbered(400)
    records[7] |= {"extra": {"note": HALF, "tree": DEEP}}  # type: ignore[operator]
    records[9] |= {"headline": HALF}  # type: ignore[operator]
    records[11] = Reject("line 11", "is not JSON", b"{")
    tally, (file,) = written(tmp_path, records)
    headlines = pq.read_table(file)["headline"].to_pylist()
    assert headlines == [f"Ferry {n}" if n != 9 else "Cut \ufffd" for n in range(400) if n not in (7, 11)]
    pieces = pq.read_table(tmp_path / "pieces.parquet", schema=PIECES).to_pylist()
    assert {piece["position"]: piece["reason"].split(";")[0] for piece in pieces} == {
        "line 7": "its extra is nested more than 100 levels deep",
        "line 11": "is not JSON",
    }
    assert (tally.articles_read, tally.rejected_pieces) == (400, 2)


@pytest.mark.parametrize("more", [{"body": "x" * 1_001}, {"extra": {"notes": ["x"] * 400}}])
def test_a_record_with_a_field_that_is_too_long_is_rejected_with_all_it_holds(
    tmp_path: Path, more: dict[str, Any]
) -> None:
    tally, (file,) = written(tmp_path, [RECORD | more, RECORD | {"deck": "x" * 999, "body": "x" * 999}])
    assert pq.read_metadata(file).num_rows == 1
    (piece,) = pq.read_table(tmp_path / "pieces.parquet").to_pylist()
    assert piece["reason"].startswith(f"its {next(iter(more))} has ")
    assert orjson.loads(piece["piece"])["headline"] == "Ferry"
    assert (tally.articles_read, tally.rejected_pieces) == (2, 1)


def test_a_full_disk_is_what_is_said_and_not_what_became_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = pq.ParquetWriter.write_table

    def on_a_full_disk(writer: pq.ParquetWriter, *table: Any) -> None:
        if writer.is_open:
            writer.close()
            raise OSError(errno.ENOSPC, "Error writing bytes to file")
        write(writer, *table)

    monkeypatch.setattr(pq.ParquetWriter, "write_table", on_a_full_disk)
    with pytest.raises(StorageError, match=f"{tmp_path}: no space left on device; make room"):
        written(tmp_path, numbered(2), chunk_articles=1)
