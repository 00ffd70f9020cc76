"""The published folder: one name in every copy, copies nobody writes to, and a publish that may be killed anywhere."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlalchemy as sa
from loaded import copy_of
from newsroom import Newsroom

from etl import pipeline
from etl.doctor import examine
from etl.reports.overview import look_now
from etl.run import Request, begin
from etl.warehouse import published, published_note, reading
from etl.warehouse.restore import restore_from_copy


@pytest.fixture
def room(two_nights: Newsroom, tmp_path: Path) -> Newsroom:
    """Two copies are published, a verified load is not."""
    room = copy_of(two_nights, tmp_path / "room")
    note = published_note.read(room.settings)
    assert note
    (first,) = room.query("select run_id from ops.load_run order by run_number limit 1")
    published_note.write(room.settings, {**note, "run_id": first[0]})
    return room


def publish(room: Newsroom) -> dict[str, Any]:
    return pipeline.publish(begin(room.settings, "command_line", Request()))


def link(room: Newsroom) -> Path:
    return room.settings.published_folder / published.LINK


def folders(room: Newsroom) -> list[str]:
    return sorted(path.name for path in room.settings.published_folder.iterdir() if path.is_dir())


# The name of the catalogue


def test_what_was_saved_with_the_name_of_the_catalogue_answers_after_the_next_publish(room: Newsroom) -> None:
    saved = 'select count(*) from "broadsheet".mart.article'
    engine = sa.create_engine(f"duckdb:///{link(room)}?access_mode=read_only", poolclass=sa.NullPool)
    for number in (2, 3):
        assert os.readlink(link(room)) == f"{number}/broadsheet.duckdb"
        with duckdb.connect(link(room), read_only=True) as python:
            assert python.execute("select current_database()").fetchone() == ("broadsheet",)
            assert python.execute(saved).fetchone() == (2,)
        assert "broadsheet.mart" in sa.inspect(engine).get_schema_names()
        table = sa.Table("article", sa.MetaData(), schema="broadsheet.mart", autoload_with=engine)
        with engine.connect() as connection:
            assert connection.execute(sa.select(sa.func.count(table.c.article_id))).scalar_one() == 2
        publish(room)


# Copies of older versions


def in_the_older_layout(room: Newsroom) -> Newsroom:
    """As a version left it that numbered the files."""
    folder = room.settings.published_folder
    for number in (1, 2):
        (folder / str(number) / published.LINK).rename(folder / f"broadsheet-{number}.duckdb")
        (folder / str(number)).rmdir()
    note = published_note.read(room.settings)
    assert note
    published.switch_link(room.settings, {**note, "file": "broadsheet-2.duckdb"})
    return room


def test_a_folder_of_an_older_version_is_shown_restored_and_published_into(room: Newsroom) -> None:
    in_the_older_layout(room)
    assert os.readlink(link(room)) == "broadsheet-2.duckdb"
    found = {name: finding.state for name, finding in examine(room.settings)}
    assert (found["published copy"], found["older copies"]) == ("ok", "ok")
    seen = look_now(room.settings).published
    assert seen and seen.file == "broadsheet-2.duckdb"
    assert restore_from_copy(room.settings, number=1).number == 1
    restore_from_copy(room.settings, number=2)

    with reading.attached(link(room)) as reader:
        note = publish(room)
        assert reader.execute("select count(*), max(len(body)) > 0 from mart.article").fetchone() == (2, True)
    assert (note["number"], note["file"]) == (3, "3/broadsheet.duckdb")
    assert list(map(published.number_of, published.copies(room.settings))) == [3, 2, 1]


def test_copies_of_an_older_version_go_like_the_others(room: Newsroom) -> None:
    in_the_older_layout(room)
    publish(room)
    folder = room.settings.published_folder
    (folder / "2026").mkdir()
    (folder / "2026" / "exported.csv").write_text("a person's own")
    (folder / "broadsheet-1.duckdb.wal").write_bytes(b"0")
    (folder / "broadsheet-of-mine.duckdb").write_bytes(b"a person's own")
    kept = published.drop_old(room.with_settings(keep_published=2, keep_published_days=0).settings)
    assert (kept.number, folders(room)) == (2, ["2026", "3"])
    assert (folder / "broadsheet-2.duckdb").exists()
    assert published.drop_all_but_linked(room.settings) == 1
    assert sorted(path.name for path in folder.iterdir()) == [
        "2026",
        "3",
        "broadsheet-of-mine.duckdb",
        "broadsheet.duckdb",
        "published.json",
    ]


def test_a_copy_never_gets_the_number_of_another_folder(room: Newsroom) -> None:
    link(room).resolve().unlink()  # as doctor says of a damaged one
    (room.settings.published_folder / "3").mkdir()
    (room.settings.published_folder / "3" / "exported.csv").write_text("a person's own")
    assert publish(room)["file"] == "4/broadsheet.duckdb"
    assert folders(room) == ["1", "3", "4"]


def command(room: Newsroom, *what: str) -> tuple[int, str]:
    """Run it as a user who may not enter what is shut. Returns how it ended, and what it said, without blanks."""
    # Root may enter any folder, unless these rights are taken from it.
    unprivileged = () if os.geteuid() else ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
    environment = os.environ | {
        "BROADSHEET_HOME": str(room.settings.home),
        "BROADSHEET_SOURCES": str(room.settings.sources),
        "BROADSHEET_FRONT_PAGE": "no",
    }
    called = [*unprivileged, sys.executable, "-c", "from etl.cli import main; main()", *what]
    ended = subprocess.run(called, env=environment, capture_output=True, text=True)
    return ended.returncode, "".join((ended.stdout + ended.stderr).split())


def test_what_is_published_past_shut_folders_is_the_newest_when_they_are_open(room: Newsroom) -> None:
    folder = room.settings.published_folder
    shutil.rmtree(folder / "1")
    (folder / "2").rename(folder / "5")
    note = published_note.read(room.settings)
    assert note
    published.switch_link(room.settings, {**note, "number": 5, "file": f"5/{published.LINK}"})
    (folder / "5").chmod(0)
    assert command(room, "publish")[0] == 0
    (folder / "5").chmod(0o755)
    assert os.readlink(link(room)) == "6/broadsheet.duckdb"
    assert restore_from_copy(room.settings).number == 6


def test_a_restore_begins_with_the_copy_that_analysts_have(room: Newsroom) -> None:
    """Of a version that counted on from the folders that were open, an older copy may have the higher number."""
    folder = room.settings.published_folder
    (folder / "1").rename(folder / "5")
    assert restore_from_copy(room.settings).number == 2
    link(room).unlink()
    assert restore_from_copy(room.settings).number == 2  # as the note says
    (folder / published_note.NOTE).unlink()
    assert restore_from_copy(room.settings).number == 5


# A link that does not lead to what was published


def told(room: Newsroom) -> list[str]:
    """What status says is not good, but for the rejected article of the two nights."""
    return [problem for problem in look_now(room.settings).problems if "rejected" not in problem]


def another_file(room: Newsroom) -> None:
    link(room).unlink()
    shutil.copyfile(room.settings.published_folder / "1" / published.LINK, link(room))


def another_warehouse(room: Newsroom) -> None:
    elsewhere = room.folder / "elsewhere" / "2"
    shutil.copytree(room.settings.published_folder / "1", elsewhere)
    link(room).unlink()
    link(room).symlink_to(elsewhere / published.LINK)


def overwrite_head(start: int) -> Callable[[Path], object]:
    """What writes over a header of the copy, as a disk at fault does."""

    def overwrite(at: Path) -> None:
        with (at / "2" / published.LINK).open("r+b") as file:
            file.seek(start)
            file.write(bytes(range(256)) * 16)

    return overwrite


DAMAGED = "/.*/2/broadsheet.duckdb: the file is damaged"


@pytest.mark.parametrize(
    ("what", "lose", "number"),
    [
        (DAMAGED, overwrite_head(0), 3),
        (DAMAGED, overwrite_head(4096), 3),
        (DAMAGED, overwrite_head(8192), 3),
        (DAMAGED, lambda at: os.truncate(at / "2" / published.LINK, 0), 3),
        (r"the file 2/broadsheet\.duckdb is missing from", lambda at: shutil.rmtree(at / "2"), 3),
        (r"the link broadsheet\.duckdb is missing from", lambda at: (at / published.LINK).unlink(), 2),
    ],
)
def test_what_analysts_lost_is_told_and_comes_back(
    two_nights: Newsroom, tmp_path: Path, what: str, lose: Callable[[Path], object], number: int
) -> None:
    room = copy_of(two_nights, tmp_path / "room")
    assert told(room) == []
    lose(room.settings.published_folder)
    (problem,) = told(room)
    assert re.match(rf"analysts see nothing: {what}.*; run: broadsheet publish$", problem)
    assert {name: finding.advice for name, finding in examine(room.settings)}["published copy"] == (
        "run: broadsheet publish"
    )
    note = publish(room)
    assert (note["number"], note["is_new"]) == (number, True)
    assert room.ask_published("select count(*) from mart.article") == [(2,)]
    assert told(room) == []
    assert not publish(room)["is_new"]


@pytest.mark.parametrize("misplace", [another_file, another_warehouse])
def test_a_link_that_shows_analysts_something_else_is_told_and_put_right(
    two_nights: Newsroom, tmp_path: Path, misplace: Callable[[Newsroom], None]
) -> None:
    room = copy_of(two_nights, tmp_path / "room")
    misplace(room)
    assert room.ask_published("select count(*) from mart.article") == [(1,)]
    (problem,) = told(room)
    assert re.match("analysts see another file: .* names 2/broadsheet.duckdb; run: broadsheet publish$", problem)
    assert publish(room)["is_new"]
    assert os.readlink(link(room)) == "2/broadsheet.duckdb"
    assert told(room) == []


@pytest.mark.parametrize(
    ("lose", "what"),
    [
        (lambda at: (at / published.LINK).unlink(), "the link broadsheet.duckdb is missing from"),
        (lambda at: shutil.rmtree(at / "2"), "the file 2/broadsheet.duckdb is missing from"),
    ],
)
@pytest.mark.parametrize(
    "asked", [("query", "mart.watermark"), ("search", "boat"), ("export", "news.topic", "--to", "x.csv")]
)
def test_who_asks_a_copy_whose_link_is_lost_is_told_what_to_do(
    two_nights: Newsroom, tmp_path: Path, lose: Callable[[Path], object], what: str, asked: tuple[str, ...]
) -> None:
    room = copy_of(two_nights, tmp_path / "room")
    lose(room.settings.published_folder)
    ended, said = command(room, *asked)
    place = room.settings.published_folder
    assert (ended, said) == (
        1,
        "".join(f"broadsheet: analysts see nothing: {what} {place}; run: broadsheet publish".split()),
    )


def test_what_analysts_see_is_not_known_where_the_linked_folder_may_not_be_entered(
    two_nights: Newsroom, tmp_path: Path
) -> None:
    room = copy_of(two_nights, tmp_path / "room")
    folder = room.settings.published_folder / "2"
    folder.chmod(0)
    ended, said = command(room, "status")
    folder.chmod(0o755)
    assert ended == 1
    assert f"whetheranalystsseeanythingisnotknown:{folder}maynotbeentered;run:chmodu+rwx{folder}" in said


def test_a_folder_in_place_of_the_link_is_named(two_nights: Newsroom, tmp_path: Path) -> None:
    room = copy_of(two_nights, tmp_path / "room")
    link(room).unlink()
    link(room).mkdir()
    (problem,) = told(room)
    assert problem == f"analysts see nothing: {link(room)} is a folder; move it away, then run: broadsheet publish"
    ended, said = command(room, "publish")
    assert ended == 1
    assert f"{link(room)}isafolder;moveitaway" in said
    assert "Traceback" not in said
    assert folders(room) == ["1", "2", "broadsheet.duckdb"]


def test_a_folder_in_place_of_the_note_is_named(two_nights: Newsroom, tmp_path: Path) -> None:
    room = copy_of(two_nights, tmp_path / "room")
    note = room.settings.published_folder / published_note.NOTE
    note.unlink()
    note.mkdir()
    ended, said = command(room, "publish")
    assert ended == 1
    assert f"{note}:isadirectory;moveitaway" in said


# Copies nobody writes to


def test_nobody_writes_to_what_a_restore_reads(room: Newsroom) -> None:
    publish(room)
    copy = link(room).resolve()
    assert stat.S_IMODE(copy.stat().st_mode) == 0o444
    # Root may write to any file, unless this right is taken from it.
    unprivileged = () if os.geteuid() else ("setpriv", "--bounding-set=-dac_override")
    code = "import duckdb, sys; duckdb.connect(sys.argv[1]).execute('delete from news.fact_article')"
    before = copy.read_bytes()
    ended = subprocess.run([*unprivileged, sys.executable, "-c", code, link(room)], capture_output=True, text=True)
    assert "Permission denied" in ended.stderr
    assert copy.read_bytes() == before

    restore_from_copy(room.settings)
    assert stat.S_IMODE(room.settings.warehouse_file.stat().st_mode) & 0o200
    assert room.query("select count(*) from news.fact_article") == [(2,)]


@pytest.mark.parametrize(
    ("number", "what", "code"),
    [
        ("1", ["publish"], 0),
        ("1", ["status"], 1),
        ("1", ["doctor"], None),  # what else it finds depends on the machine
        ("1", ["restore", "--number", "1"], 1),
        ("2", ["publish"], 0),
        ("2", ["restore"], 1),
        ("2", ["query", "select 1"], 1),
    ],
)
@pytest.mark.parametrize("mode", [0o600, 0o200, 0])
def test_a_folder_that_may_not_be_entered_is_named(
    room: Newsroom, number: str, what: list[str], code: int | None, mode: int
) -> None:
    folder = room.settings.published_folder / number
    folder.chmod(mode)
    ended, said = command(room, *what)
    is_opened = what == ["publish"] and mode & 0o400  # its owner may read it, so a run lets him enter
    assert stat.S_IMODE(folder.stat().st_mode) == (0o755 if is_opened else mode)
    folder.chmod(0o755)
    assert is_opened or f"{folder}maynotbeentered" in said.replace(f"{folder}:", f"{folder}")
    assert "Traceback" not in said
    assert code in (None, ended)
    assert (folder / published.LINK).exists()


# A publish that ends anywhere


class Killed(BaseException):
    """As SIGKILL: nothing handles it."""


def kill_at(nth: int, patch: pytest.MonkeyPatch) -> None:
    """Let the process end where it would make the nth change in the published folder."""
    calls = 0

    def dying(change: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **named: Any) -> Any:
            nonlocal calls
            calls += "/published/" in str(arguments)
            if calls == nth:
                raise Killed
            return change(*arguments, **named)

        return counted

    patch.setattr(shutil, "copyfile", dying(shutil.copyfile))
    for name in ("mkdir", "rename", "replace", "symlink", "unlink", "rmdir", "chmod"):
        patch.setattr(os, name, dying(getattr(os, name)))


def test_a_publish_killed_anywhere_shows_a_whole_copy_and_the_next_one_clears_up(
    two_nights: Newsroom, tmp_path: Path
) -> None:
    whole, seen = [(2, True)], set()
    for nth in range(1, 100):
        room = copy_of(two_nights, tmp_path / str(nth)).with_settings(keep_published=2, keep_published_days=0)
        note = published_note.read(room.settings)
        assert note
        published_note.write(room.settings, {**note, "run_id": "an earlier one", "restored": "2026-03-14T08:00:00Z"})
        with pytest.MonkeyPatch.context() as patch:
            kill_at(nth, patch)
            try:
                publish(room)
                break
            except Killed:
                pass
        assert room.ask_published("select count(*), max(len(body)) > 0 from mart.article") == whole
        seen.add(os.readlink(link(room)))
        publish(room)
        assert room.ask_published("select count(*), max(len(body)) > 0 from mart.article") == whole
        assert all(name.isdigit() for name in folders(room))
    assert folders(room) == ["2", "3"]
    assert seen == {"2/broadsheet.duckdb", "3/broadsheet.duckdb"}
    assert nth > 8
