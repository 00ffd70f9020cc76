"""Damaged blocks: every one is found, wherever it is, and those that hold nothing do no harm."""

from __future__ import annotations

import errno
import os
import random
from pathlib import Path

import duckdb
import pytest

from etl.warehouse import WarehouseError, blocks, damage, opening

BLOCK_BYTES = 262_144
FIRST_BLOCK = blocks.HEADERS * blocks.HEADER_BYTES


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database of the warehouse's storage version: long texts, deleted rows, and so free blocks and row versions."""
    path = tmp_path / "some.duckdb"
    with duckdb.connect() as connection:
        opening.attach_new(connection, path, "made")
        connection.execute("use made")
        connection.execute("create table numbers as select i, hash(i) as h from range(200000) as r (i)")
        connection.execute(
            "create table texts as select i, repeat(hash(i)::varchar, if(i % 100 = 0, 60000, 20)) as body "
            "from range(1000) as r (i)"
        )
        connection.execute("create table gone as select hash(i) as h from range(200000) as r (i)")
        connection.execute("checkpoint")
        connection.execute("drop table gone; delete from numbers where i % 3 = 0")
        connection.execute("checkpoint")
    return path


def flip(file: Path, place: int) -> None:
    with file.open("r+b") as opened:
        opened.seek(place)
        (byte,) = opened.read(1)
        opened.seek(place)
        opened.write(bytes([byte ^ 0x40]))


def test_a_flipped_bit_in_any_block_is_found_and_named_unless_the_block_is_free(file: Path) -> None:
    number_of_blocks = damage.refuse_damaged(file, "restore it")
    free = damage._free_blocks(file)
    assert 0 < len(free) < number_of_blocks
    places = random.Random(1)
    for block in range(number_of_blocks):
        place = FIRST_BLOCK + block * BLOCK_BYTES + places.randrange(BLOCK_BYTES)
        flip(file, place)
        assert blocks.check(file).damaged == [block]
        if block in free:
            damage.refuse_damaged(file, "restore it")
        else:
            with pytest.raises(
                WarehouseError, match=rf"the file is damaged: 1 of .* \(block {block}: .*\); restore it"
            ):
                damage.refuse_damaged(file, "restore it")
        flip(file, place)
    damage.refuse_damaged(file, "restore it")


@pytest.mark.parametrize("header", range(blocks.HEADERS))
def test_a_flipped_bit_in_a_header_is_found(file: Path, header: int) -> None:
    flip(file, header * blocks.HEADER_BYTES + 40)
    with pytest.raises(WarehouseError, match="the checksum of its header is wrong; restore it"):
        damage.refuse_damaged(file, "restore it")


@pytest.mark.parametrize(("missing_bytes", "blocks_damaged"), [(1, 1), (BLOCK_BYTES + 512, 2), (2 * BLOCK_BYTES, 2)])
def test_a_file_that_ends_too_early_is_damaged(file: Path, missing_bytes: int, blocks_damaged: int) -> None:
    with file.open("r+b") as opened:
        opened.truncate(file.stat().st_size - missing_bytes)
    with pytest.raises(WarehouseError, match=rf"{blocks_damaged} of its .* blocks cannot be read"):
        damage.refuse_damaged(file, "restore it")


def test_damage_is_found_on_a_file_system_that_cannot_pass_its_memory_by(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = os.open

    def without_direct(path: str, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_DIRECT:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), path)
        return opened(path, flags, mode)

    monkeypatch.setattr(os, "open", without_direct)
    flip(file, FIRST_BLOCK + BLOCK_BYTES + 1000)
    assert blocks.check(file).damaged == [1]


def test_a_file_of_another_storage_version_is_read_through_duckdb(tmp_path: Path) -> None:
    path = tmp_path / "older.duckdb"
    with duckdb.connect() as connection:
        connection.execute(f"attach '{path}' as older (storage_version 'v1.0.0')")
        connection.execute("create table older.numbers as select hash(i) as h from range(200000) as r (i)")
    assert not blocks.has_known_layout(path)
    damage.refuse_damaged(path, "restore it")
    flip(path, FIRST_BLOCK + 3 * BLOCK_BYTES + 1000)
    with pytest.raises(WarehouseError, match=r"Corrupt database file.*; the file is damaged: restore it"):
        damage.refuse_damaged(path, "restore it")
