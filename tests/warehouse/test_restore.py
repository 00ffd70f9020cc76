"""A warehouse that is damaged or gone: what every command says, and how it comes back."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from loaded import copy_of
from newsroom import Newsroom

from etl import pipeline
from etl.cli.health import restore
from etl.repair.deliveries import Chosen
from etl.repair.dismiss import dismiss_waiting
from etl.repair.unload import unload_delivery
from etl.run import Request, Run, begin
from etl.warehouse import WarehouseError, lock, opening, published, published_note
from etl.warehouse.restore import restore_from_copy


@pytest.fixture
def copied(two_nights: Newsroom, tmp_path: Path) -> Newsroom:
    return copy_of(two_nights, tmp_path / "room")


def articles(newsroom: Newsroom) -> int:
    return int(newsroom.query("select count(*) from mart.article")[0][0])


def cut_in_half(file: Path) -> None:
    file.chmod(0o600)
    os.truncate(file, file.stat().st_size // 2)


def spoil_every_block(file: Path) -> None:
    file.chmod(0o600)
    with file.open("r+b") as opened:
        for place in range(3 * 4096 + 5000, file.stat().st_size, 4096):
            opened.seek(place)
            opened.write(b"spoilt")


DAMAGES: dict[str, Callable[[Path], object]] = {
    "gone": Path.unlink,
    "empty": lambda file: os.truncate(file, 0),
    "garbage": lambda file: file.write_bytes(os.urandom(300_000)),
    "a page of text": lambda file: file.write_text("Dear analysts, " * 1000),
    "cut in half": cut_in_half,
    "spoilt blocks": spoil_every_block,
    "a folder": lambda file: (file.unlink(), file.mkdir()),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_warehouse_is_named_in_words_and_comes_back(copied: Newsroom, damage: str) -> None:
    file = copied.settings.warehouse_file
    DAMAGES[damage](file)
    run = begin(copied.settings, "manual", Request())
    with pytest.raises(WarehouseError, match=r"warehouse/broadsheet\.duckdb: .*with: broadsheet restore"):
        pipeline.discover(run)

    done = restore_from_copy(copied.settings)
    assert done.number == 2
    assert done.missing is None
    assert (done.set_aside is None) == (damage == "gone")
    assert articles(copied) == 2
    assert pipeline.discover(begin(copied.settings, "manual", Request())) == []


def test_an_older_copy_makes_later_deliveries_new_again(copied: Newsroom) -> None:
    done = restore_from_copy(copied.settings, number=1)
    assert done.missing == ["wire/2.jsonl"]
    assert done.set_aside and done.set_aside.exists()
    assert articles(copied) == 1
    report = copied.ingest()
    assert [dump["path"] for dump in report.dumps] == ["wire/2.jsonl"]
    assert copied.ask_published("select count(*) from mart.article") == [(2,)]
    note = published_note.read(copied.settings)
    assert note and note["number"] == 3


def test_the_command_counts_what_the_copy_lacks(
    copied: Newsroom, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BROADSHEET_HOME", str(copied.settings.home))
    restore(number=1)
    assert "but not in the copy: 1 delivery:\n  wire/2.jsonl" in capsys.readouterr().out


def test_what_people_decided_since_the_copy_is_listed(copied: Newsroom) -> None:
    def repair(kind: str) -> Run:
        return begin(copied.settings, kind, Request())

    unload_delivery(repair("unload"), "wire/1.jsonl", "the wrong file")
    dismiss_waiting(repair("dismiss"), Chosen("wire/2.jsonl"), "torn for good")
    with opening.opened(copied.settings, "test") as engine, engine.begin() as connection:
        connection.exec_driver_sql(
            "insert into ops.takedown (kind, value, reason, requested_by, approved_by, taken_down_at)"
            " select 'url', unnest(['a', 'b']), 'a court order', 'mara', 'tom', timestamp '2026-03-14 08:30:12'"
        )
    assert restore_from_copy(copied.settings).undone == [
        "the takedown of 2026-03-14 08:30 UTC (a court order; requested by mara, approved by tom)",
        "wire/1.jsonl was unloaded",
        "1 rejected article was dismissed",
    ]
    assert restore_from_copy(copied.settings).undone == []


def test_the_old_write_ahead_log_does_not_meet_the_new_file(copied: Newsroom) -> None:
    log = copied.settings.warehouse_file.with_name("broadsheet.duckdb.wal")
    log.write_bytes(b"left behind")
    done = restore_from_copy(copied.settings)
    assert not log.exists()
    assert done.set_aside and done.set_aside.with_name(done.set_aside.name + ".wal").read_bytes() == b"left behind"


def test_nothing_is_touched_while_another_process_holds_the_warehouse(copied: Newsroom) -> None:
    before = copied.settings.warehouse_file.read_bytes()
    with (
        lock.held(copied.settings, "load of run r7"),
        pytest.raises(WarehouseError, match=r"held by process \d+ \(load of run r7\)"),
    ):
        restore_from_copy(copied.settings)
    assert copied.settings.warehouse_file.read_bytes() == before


@pytest.mark.parametrize("damage", [cut_in_half, spoil_every_block])
def test_a_damaged_copy_is_refused_and_the_warehouse_left_alone(
    copied: Newsroom, damage: Callable[[Path], object]
) -> None:
    damage(copied.settings.published_folder / "2" / published.LINK)
    with pytest.raises(WarehouseError, match=r"2/broadsheet\.duckdb: the file is damaged: .*restore --number 1$"):
        restore_from_copy(copied.settings)
    assert articles(copied) == 2
    assert sorted(path.name for path in copied.settings.warehouse_file.parent.iterdir()) == [
        "broadsheet.duckdb",
        "lock",
    ]
    assert restore_from_copy(copied.settings, number=1).run_id


def test_an_unknown_number_lists_the_known_ones(copied: Newsroom) -> None:
    with pytest.raises(WarehouseError, match="contains no copy number 9; known numbers are 2, 1"):
        restore_from_copy(copied.settings, number=9)


def test_what_else_keeps_the_file_shut_is_not_called_damage(copied: Newsroom) -> None:
    code = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code, str(copied.settings.warehouse_file)]
    other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout and other.stdout.readline() == "open\n"
        with (
            pytest.raises(WarehouseError, match="another program has it open: close it there"),
            opening.opened(copied.settings, "test"),
        ):
            pass
    finally:
        other.communicate("")
    assert articles(copied) == 2


def test_a_disk_error_elsewhere_is_not_called_damage(copied: Newsroom) -> None:
    with (
        opening.opened(copied.settings, "test") as engine,
        engine.connect() as connection,
        pytest.raises(sa.exc.DBAPIError),
    ):
        (copied.folder / "x.parquet").write_bytes(b"PAR1")
        connection.exec_driver_sql(f"from read_parquet('{copied.folder / 'x.parquet'}')")


def test_before_anything_is_published_a_missing_file_is_a_fresh_start(newsroom: Newsroom) -> None:
    assert not opening.exists(newsroom.settings)
    with pytest.raises(WarehouseError, match="ingest the dumps again"):
        restore_from_copy(replace(newsroom.settings, lock_timeout_seconds=0.0))
