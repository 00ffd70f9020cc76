"""A Broadsheet folder that is full or not writable stops the run with its name and what to do; a rerun fixes it."""

from __future__ import annotations

import errno
import shutil
import sys
from pathlib import Path

import pytest
from newsroom import Newsroom, article

from etl import cli
from etl.files import StorageError, write_whole, writing
from etl.stages.raw_records import Writer


def test_a_full_work_folder_is_no_fault_of_a_dump(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    dump = newsroom.drop("a.jsonl", [article(1)])

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "Error writing bytes to file")  # as Arrow says it: without a name

    with monkeypatch.context() as patch:
        patch.setattr(Writer, "_flush_records", full)
        with pytest.raises(StorageError, match=f"{newsroom.settings.work_folder}.*no space left on device; make room"):
            newsroom.ingest(dump)
    assert newsroom.loaded(dump).totals["inserted"] == 1


def test_the_command_line_says_which_folder_is_full(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(source: object, target: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(source), None, str(target))

    monkeypatch.setattr(shutil, "copyfile", full)
    monkeypatch.setenv("BROADSHEET_HOME", str(newsroom.settings.home))
    monkeypatch.setenv("BROADSHEET_SOURCES", str(newsroom.settings.sources))
    monkeypatch.setattr(sys, "argv", ["broadsheet", "ingest", str(newsroom.drop("a.jsonl", [article(1)]))])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert (
        f"{newsroom.settings.published_folder / '1.part' / 'broadsheet.duckdb'}: no space left on device; make room"
        in said
    )


def test_a_small_file_is_the_old_one_until_it_is_the_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "note.json"
    write_whole(file, "old", 0o640)
    with monkeypatch.context() as patch:
        patch.setattr("etl.files.sync", lambda _: (_ for _ in ()).throw(OSError(errno.EIO, "Input/output error")))
        with pytest.raises(OSError, match="Input/output"):
            write_whole(file, "new, but never on the disk", 0o640)
    assert file.read_text() == "old"
    assert list(tmp_path.glob("*.json")) == [file]
    write_whole(file, "newer", 0o640)
    assert (file.read_text(), file.stat().st_mode & 0o777) == ("newer", 0o640)
    assert list(tmp_path.iterdir()) == [file]


def test_what_is_not_about_storage_stays_what_it_is(newsroom: Newsroom) -> None:
    with pytest.raises(OSError, match="Input/output"), writing(newsroom.folder):
        raise OSError(errno.EIO, "Input/output error")
