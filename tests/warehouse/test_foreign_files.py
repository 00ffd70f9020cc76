"""Every command against every kind of file that is not a sound warehouse of this version: words, and no traceback."""

from __future__ import annotations

import os
import sqlite3
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from loaded import copy_of
from newsroom import Newsroom

from etl import cli
from etl.warehouse import published
from etl.warehouse.blocks import HEADER_BYTES, checksum

SCHEMAS = Path(__file__).parents[1] / "schemas"


@pytest.fixture
def copied(two_nights: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    room = copy_of(two_nights, tmp_path / "room")
    for name in [name for name in os.environ if name.startswith(("AIRFLOW", "BROADSHEET"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("BROADSHEET_HOME", str(room.settings.home))
    monkeypatch.setenv("BROADSHEET_SOURCES", str(room.settings.sources))
    return room


def damaged(file: Path) -> None:
    with file.open("r+b") as opened:
        for place in range(3 * HEADER_BYTES + 5000, file.stat().st_size, 4096):
            opened.seek(place)
            opened.write(b"spoilt")


def sqlite(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as database:
        database.execute("create table kept (a)")
        database.commit()


def not_ours(file: Path) -> None:
    file.unlink()
    with duckdb.connect(file) as database:
        database.execute("create table kept (a int)")


def of_a_later_schema(file: Path) -> None:
    with duckdb.connect(file) as database:
        database.execute(
            "insert into ops.schema_version by name select 99 as version, 'x' as fingerprint, "
            "timestamp '2999-01-01' as applied_at"
        )


def of_an_older_schema(file: Path) -> None:
    file.unlink()
    with duckdb.connect(file, config={"storage_compatibility_version": "v1.5.0"}) as database:
        database.execute((SCHEMAS / "0000.sql").read_text())


def of_a_later_duckdb(file: Path) -> None:
    with file.open("r+b") as opened:
        header = bytearray(opened.read(HEADER_BYTES))
        header[12:20] = struct.pack("<Q", 99)
        header[:8] = struct.pack("<Q", checksum(header))
        opened.seek(0)
        opened.write(header)


KINDS: dict[str, tuple[Callable[[Path], object], str]] = {
    "damaged": (damaged, "file is damaged"),
    "cut in half": (lambda file: os.truncate(file, file.stat().st_size // 2), "file is damaged"),
    "a text": (lambda file: file.write_text("Dear analysts, " * 1000), "it is something else, not a DuckDB database"),
    "empty": (lambda file: os.truncate(file, 0), "it is empty, not a DuckDB database"),
    "a folder": (lambda file: (file.unlink(), file.mkdir()), "is a folder, not a DuckDB database"),
    "SQLite": (sqlite, "it is an SQLite database"),
    "not Broadsheet's": (not_ours, "not one of Broadsheet's"),
    "of a later schema": (of_a_later_schema, "schema version 99, this Broadsheet knows only up to"),
    "of a later DuckDB": (of_a_later_duckdb, "a newer DuckDB wrote it: use the version of Broadsheet that wrote it"),
}

ON_WAREHOUSE = (
    "status", "doctor", "ingest", "publish", "maintain", "rejected", "replay", "index", "renormalise",
    "unload wire/1.jsonl --reason x", "release wire/1.jsonl", "backfill --from 2026-03-14 --to 2026-03-14",
    "take-down --reason x --requested-by a --approved-by b --id 1 --yes",
)  # fmt: skip

ON_COPY = ("query mart.watermark", "search boat", "doctor", "export mart.watermark --to {}/out.csv", "restore")


@pytest.fixture
def broadsheet(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[[str], tuple[int, str]]]:
    def run(arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["broadsheet", *arguments.split()])
        try:
            cli.main()
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        printed = capsys.readouterr()
        return code, " ".join((printed.out + printed.err).split())

    yield run


def content(file: Path) -> bytes | list[str]:
    return sorted(path.name for path in file.iterdir()) if file.is_dir() else file.read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_no_command_falls_over_a_warehouse_that_is_not_one(
    copied: Newsroom, kind: str, broadsheet: Callable[[str], tuple[int, str]]
) -> None:
    spoil, said = KINDS[kind]
    file = copied.settings.warehouse_file
    spoil(file)
    before = content(file)
    for command in ON_WAREHOUSE:
        code, printed = broadsheet(command)
        assert said in printed, command
        assert "Traceback" not in printed
        assert code == 1, command
        assert content(file) == before, command


@pytest.mark.parametrize("kind", KINDS)
def test_no_command_falls_over_a_copy_that_is_not_one(
    copied: Newsroom, kind: str, broadsheet: Callable[[str], tuple[int, str]]
) -> None:
    spoil, said = KINDS[kind]
    file = (copied.settings.published_folder / published.LINK).resolve()
    spoil(file)
    before, warehouse_before = content(file), copied.settings.warehouse_file.read_bytes()
    for command in ON_COPY:
        code, printed = broadsheet(command.format(copied.folder))
        assert "Traceback" not in printed
        is_readable = kind == "of a later schema" and command != "restore"
        if not is_readable:
            assert said in printed, command
            assert code == 1, command
    assert content(file) == before
    assert copied.settings.warehouse_file.read_bytes() == warehouse_before
    assert "broadsheet restore --number 1" in printed
    assert broadsheet("restore --number 1")[0] == 0


def test_a_warehouse_of_an_older_schema_says_what_brings_it_up_to_date_and_does_not_replace_a_newer_copy(
    copied: Newsroom, broadsheet: Callable[[str], tuple[int, str]]
) -> None:
    of_an_older_schema(copied.settings.warehouse_file)
    code, printed = broadsheet("status")
    assert (code, "the next load or `broadsheet publish` brings it up to date" in printed) == (1, True), printed
    broadsheet("ingest")
    for command in ("publish", "maintain"):
        code, printed = broadsheet(command)
        assert (code, "does not know run" in printed) == (1, True), printed
        assert "Traceback" not in printed
    for command in [command for command in ON_WAREHOUSE if command not in ("publish", "maintain")]:
        assert "Traceback" not in broadsheet(command)[1], command
    assert copied.ask_published("select count(*) from mart.article") == [(2,)]


def test_no_command_finds_in_a_copy_of_an_older_schema_what_it_lacks(
    copied: Newsroom, broadsheet: Callable[[str], tuple[int, str]]
) -> None:
    file = (copied.settings.published_folder / published.LINK).resolve()
    of_an_older_schema(file)
    before = content(file)
    for command in ON_COPY:
        code, printed = broadsheet(command.format(copied.folder))
        assert (code, "Traceback" in printed) == (1, False), command
    assert content(file) == before
