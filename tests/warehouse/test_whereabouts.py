"""A warehouse that was moved: who still names the place that it left is told so, and changes nothing there."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from shutil import copyfile, copytree
from typing import Any

import put_back
import pytest
import services
from newsroom import Newsroom, article, make_newsroom

from etl import doctor
from etl.doctor import State
from etl.repair import takedown
from etl.repair.asked import Asked
from etl.reports.overview import look_now
from etl.run import Request, begin
from etl.settings import Publish
from etl.stages.publish import publish_last_load
from etl.stages.verify import verify_waiting
from etl.warehouse import WarehouseError, lake, lake_marks, moving, places, published, published_note, whereabouts
from etl.warehouse.reading import attached
from etl.warehouse.restore import restore_from_copy

pytestmark = services.needs_postgres()

FEED = '[feed.wire]\npath = "*.jsonl"\nsettle_seconds = 0'

NIGHTLY = pytest.mark.nightly


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> put_back.Kept:
    """A newsroom whose warehouse is a file, with one published night."""
    room = make_newsroom(tmp_path_factory.mktemp("newsroom"))
    room.stanza(FEED)
    room.drop("1.jsonl", [article(1), article(2)])
    room.ingest()
    return put_back.kept(room, tmp_path_factory.mktemp("first-night") / "copy")


@pytest.fixture(scope="module")
def first_move(
    first_night: put_back.Kept, postgres: services.Postgres, tmp_path_factory: pytest.TempPathFactory
) -> put_back.Kept:
    """The same, moved into a lake and published there."""
    room = first_night.put_back()
    there = room.with_settings(warehouse=lake.PREFIX + postgres.new_database(), lake_data=str(room.folder / "lake"))
    moving.move(room.settings, there.settings)
    publish(there)
    return put_back.kept(there, tmp_path_factory.mktemp("first-move") / "copy", postgres)


@pytest.fixture
def room(first_night: put_back.Kept) -> Newsroom:
    return first_night.put_back()


@pytest.fixture
def moved(room: Newsroom, first_move: put_back.Kept) -> Newsroom:
    return first_move.put_back()


def publish(room: Newsroom) -> dict[str, Any]:
    return publish_last_load(begin(room.settings, "manual", Request()))


def noted(room: Newsroom) -> dict[str, Any]:
    note = published_note.read(room.settings)
    assert note
    return note


def mark(room: Newsroom, statement: str) -> None:
    in_lake = lake.of(room.settings)
    assert in_lake
    with lake.catalogue_of(in_lake) as connection, connection.cursor() as cursor:
        cursor.execute(statement)


def found_by(room: Newsroom, check: str) -> doctor.Finding:
    return dict(doctor.examine(room.settings))[check]


@pytest.mark.parametrize(
    "change",
    [
        Newsroom.load,
        pytest.param(publish, marks=NIGHTLY),
        pytest.param(lambda room: restore_from_copy(room.settings), marks=NIGHTLY),
    ],
)
def test_without_the_new_settings_nothing_goes_on_in_the_old_file(
    room: Newsroom, moved: Newsroom, change: Callable[[Newsroom], object]
) -> None:
    room.drop("2.jsonl", [article(3)])
    before = room.settings.warehouse_file.stat()
    with pytest.raises(WarehouseError, match=r"was moved to the lake .*; let BROADSHEET_WARE"):
        change(room)
    assert room.settings.warehouse_file.stat().st_mtime_ns == before.st_mtime_ns
    with pytest.raises(WarehouseError, match="was moved to the lake"):
        published.seen(room.settings)
    assert found_by(room, "warehouse").state == State.problem
    moved.ingest()
    assert moved.ask_published("select count(*) from mart.article") == [(3,)]


def test_with_the_settings_of_a_lake_that_was_left_nothing_goes_on_there(room: Newsroom, moved: Newsroom) -> None:
    room.settings.warehouse_file.rename(room.folder / "old.duckdb")
    moving.move(moved.settings, room.settings)
    unseen = found_by(room, "published copy")
    assert unseen.state == State.problem
    assert "analysts still see snapshot" in unseen.found
    room.drop("2.jsonl", [article(3)])
    with pytest.raises(WarehouseError, match=r"was moved to .*broadsheet.duckdb on .*; let BROADSHEET_WAREHOUSE"):
        moved.load()
    with pytest.raises(WarehouseError, match=r"was moved to .*broadsheet.duckdb on .*; let BROADSHEET_WAREHOUSE"):
        restore_from_copy(moved.settings)
    found = look_now(moved.settings)
    assert not found.is_good
    assert "was moved to" in found.headline
    assert publish(room)["is_new"]
    room.ingest()
    assert room.ask_published("select count(*) from mart.article") == [(3,)]
    with pytest.raises(WarehouseError, match="was moved to"):
        publish(moved)
    mark(moved, "drop table broadsheet_moved")  # whoever removes the mark is still told by the note
    with pytest.raises(WarehouseError, match="is a file, and the settings name a lake; unset BROADSHEET_WAREHOUSE"):
        publish(moved)


def test_a_lake_that_is_lost_gives_way_to_a_copy_that_a_person_names(room: Newsroom, in_lake: dict[str, Any]) -> None:
    there = room.with_settings(**in_lake, publish=Publish.both)
    moving.move(room.settings, there.settings)
    number = publish(there)["number"]
    restore_from_copy(room.settings, number)
    assert room.ingest().failures == []
    assert room.ask_published("select count(*) from mart.article") == [(2,)]


def test_a_lake_is_moved_into_another_and_analysts_follow(
    moved: Newsroom, postgres: services.Postgres, tmp_path: Path
) -> None:
    other = moved.with_settings(warehouse=lake.PREFIX + postgres.new_database(), lake_data=str(tmp_path / "other-lake"))
    moving.move(moved.settings, other.settings)
    assert publish(other)["is_new"]
    other.drop("2.jsonl", [article(3)])
    assert other.ingest().failures == []
    assert other.ask_published("select count(*) from mart.article") == [(3,)]


def test_it_is_not_moved_to_where_it_is(room: Newsroom) -> None:
    with pytest.raises(WarehouseError, match="is there already"):
        moving.move(room.settings, replace(room.settings))


def test_a_takedown_names_the_lake_that_was_left_until_nothing_of_it_is_there(
    room: Newsroom, moved: Newsroom, postgres: services.Postgres
) -> None:
    room.settings.warehouse_file.rename(room.folder / "old.duckdb")
    moving.move(moved.settings, room.settings)
    publish(room)
    named = f"the lake {moved.settings.lake_data} with its database"
    assert [place for place in take_down(room, 1).left if place.startswith(named)]
    Path(moved.settings.lake_data).rename(room.folder / "gone")
    assert [place for place in take_down(room, 2).left if place.startswith(named)], "its database has headlines"
    in_lake = lake.of(moved.settings)
    assert in_lake
    name = lake.psycopg2_extensions().parse_dsn(in_lake.catalogue)["dbname"]
    postgres.as_superuser(postgres.connection("postgres"), f"drop database {name} with (force)")
    assert places.still_left(room.settings) == []


def test_the_settings_of_another_lake_that_was_left_are_refused_on_every_machine(
    moved: Newsroom, postgres: services.Postgres, tmp_path: Path
) -> None:
    other = moved.with_settings(warehouse=lake.PREFIX + postgres.new_database(), lake_data=str(tmp_path / "other-lake"))
    moving.move(moved.settings, other.settings)
    elsewhere = moved.with_settings(home=tmp_path / "machine-2")
    elsewhere.drop("2.jsonl", [article(3)])
    for room in (moved, elsewhere):
        with pytest.raises(WarehouseError, match=rf"was moved to the lake {tmp_path}/other-lake"):
            room.load()
    with pytest.raises(WarehouseError, match="was moved to the lake"):
        moving.move(moved.settings, replace(other.settings, lake_data=str(tmp_path / "third")))


@NIGHTLY
def test_a_move_before_the_first_publish_is_known_by_the_place_that_was_left(
    tmp_path: Path, in_lake: dict[str, Any]
) -> None:
    room = make_newsroom(tmp_path)
    room.stanza(FEED)
    room.drop("1.jsonl", [article(1)])
    room.load()
    there = room.with_settings(**in_lake)
    moving.move(room.settings, there.settings)
    with pytest.raises(WarehouseError, match="was moved to the lake"):
        room.load()
    assert there.ingest().failures == []
    room.settings.warehouse_file.with_name("moved.json").unlink()
    with pytest.raises(WarehouseError, match="says that the warehouse is a lake"):
        room.load()


@pytest.mark.parametrize("back", [False, pytest.param(True, marks=NIGHTLY)])
def test_a_move_that_was_killed_at_its_end_ends_with_the_same_command(
    room: Newsroom, in_lake: dict[str, Any], monkeypatch: pytest.MonkeyPatch, back: bool
) -> None:
    there = room.with_settings(**in_lake)
    source, target = room, there
    if back:
        moving.move(room.settings, there.settings)
        room.settings.warehouse_file.unlink()
        source, target = there, room

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(whereabouts, "note_moved", killed)
        moving.move(source.settings, target.settings)
    rows = moving.move(source.settings, target.settings)
    assert rows["news.fact_article"] == 2
    target.drop("2.jsonl", [article(3)])
    assert target.ingest().failures == []
    with pytest.raises(WarehouseError, match="was moved to"):
        source.load()


@NIGHTLY
def test_another_warehouse_at_the_target_is_not_taken_for_what_was_moved(
    room: Newsroom, in_lake: dict[str, Any]
) -> None:
    there = room.with_settings(**in_lake)
    other = there.with_settings(home=room.folder / "other")
    other.load(room.drop("9.jsonl", [article(9)]))
    with pytest.raises(WarehouseError, match=r"there is another warehouse already .*; drop its database and empty"):
        moving.move(room.settings, there.settings)
    assert room.ingest().failures == []


@NIGHTLY
def test_what_others_keep_below_a_lake_stays_when_it_is_tidied(moved: Newsroom) -> None:
    theirs = [Path(moved.settings.lake_data, name) for name in ("other/dump.parquet", "news/article_text/ours.parquet")]
    for file in theirs:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"PAR1")
    left = Path(
        moved.settings.lake_data, "news", "article_text", "ducklake-0190a1b2-0000-7000-8000-000000000001.parquet"
    )
    left.write_bytes(b"PAR1")
    take_down(moved, 1)
    assert [file.exists() for file in theirs] == [True, True]
    assert not left.exists()


def test_a_new_lake_is_not_made_among_the_files_of_another(
    moved: Newsroom, postgres: services.Postgres, tmp_path: Path
) -> None:
    new = moved.with_settings(home=tmp_path / "second", warehouse=lake.PREFIX + postgres.new_database())
    with pytest.raises(WarehouseError, match=r"is not empty, and its catalogue is: found .*parquet; name a folder"):
        new.load(moved.drop("2.jsonl", [article(3)]))


def test_a_lake_whose_database_is_gone_says_how_to_go_on_from_a_copy(room: Newsroom, in_lake: dict[str, Any]) -> None:
    gone = room.with_settings(**{**in_lake, "warehouse": f"{in_lake['warehouse']} dbname=gone_by_now"})
    with pytest.raises(WarehouseError, match=r'"gone_by_now" does not exist; .* broadsheet restore --number'):
        gone.load()


@NIGHTLY
def test_a_machine_that_does_not_share_the_note_is_refused_before_it_takes_snapshots_from_analysts(
    moved: Newsroom, tmp_path: Path
) -> None:
    other = moved.with_settings(home=tmp_path / "other")
    with pytest.raises(WarehouseError, match=r"is noted in .* on .*, and these settings name .*other.published"):
        publish(other)
    assert not look_now(other.settings).is_good
    assert moved.ask_published("select count(*) from mart.article") == [(2,)]
    there = other.settings.published_folder / published_note.NOTE
    there.parent.mkdir(parents=True)
    of_another_lake = {**noted(moved), "number": 9, "snapshots": {"9": 1}}
    there.write_text(json.dumps(of_another_lake))
    with pytest.raises(WarehouseError, match=r"is noted in .* on .*, and these settings name .*other.published"):
        restore_from_copy(other.settings, 9)
    copyfile(moved.settings.published_folder / published_note.NOTE, there)
    assert not publish(other)["is_new"]
    other.drop("2.jsonl", [article(3)])
    assert other.ingest().failures == []
    with pytest.raises(WarehouseError, match=r"is noted in .*other"):
        publish(moved)


def take_down(room: Newsroom, number: int) -> takedown.Outcome:
    asked = Asked(by="url", value=f"https://courier.example/{number}", reason="a court", requested_by="Ada")
    return takedown.take_down(begin(room.settings, "manual", Request()), asked, "Grace")


def test_a_published_snapshot_without_its_catalogue_is_not_told_as_nothing_loaded(
    moved: Newsroom, postgres: services.Postgres
) -> None:
    empty = moved.with_settings(warehouse=lake.PREFIX + postgres.new_database())
    with pytest.raises(WarehouseError, match=r"older than what is published: it lacks .* its own last is 0"):
        publish(empty)
    assert noted(moved)["number"] == noted(empty)["number"]


def test_a_file_is_published_beside_the_snapshot_as_soon_as_it_is_asked_for(moved: Newsroom) -> None:
    both = moved.with_settings(publish=Publish.both)
    assert publish(both)["is_new"]
    assert [*both.settings.published_folder.rglob("*.duckdb")] != []
    assert not publish(both)["is_new"]
    assert publish(moved)["is_new"]
    assert [*both.settings.published_folder.rglob("*.duckdb")] == []


def test_a_note_that_is_lost_damaged_or_older_is_written_again_as_the_lake_has_it(moved: Newsroom) -> None:
    moved = moved.with_settings(keep_published=2, keep_published_days=1)
    note = moved.settings.published_folder / published_note.NOTE
    older = note.read_text()
    for number in (3, 4, 6):
        moved.drop(f"{number}.jsonl", [article(number)])
        moved.ingest()
    last = noted(moved)
    for left in (older, "{", None):
        note.unlink() if left is None else note.write_text(left)
        with pytest.raises(WarehouseError, match=r"does not know what was published last .*, run: broadsheet publish"):
            published.seen(moved.settings)
        assert not look_now(moved.settings).is_good
        assert dict(doctor.examine(moved.settings))["warehouse"].state == State.problem
        run = begin(moved.settings, "manual", Request())
        verify_waiting(run)  # as the command does first
        assert not publish_last_load(run)["is_new"]
        assert noted(moved)["snapshots"] == last["snapshots"]
    note.unlink()
    moved.drop("5.jsonl", [article(5)])
    moved.ingest()
    assert noted(moved)["number"] == last["number"] + 1
    assert [*noted(moved)["snapshots"]][:-1] == [*last["snapshots"]][1:], "the oldest gives way, as ever"


def test_while_the_next_note_is_on_its_way_analysts_go_on_with_the_last(
    moved: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where who publishes dies before it: a copy of many GB may be on its way to a bucket for minutes."""
    moved.drop("3.jsonl", [article(3)])
    with monkeypatch.context() as patch, pytest.raises(OSError, match="storage gone"):
        patch.setattr(published_note, "write", storage_gone)
        moved.ingest()
    assert moved.ask_published("select count(*) from mart.article") == [(2,)]
    assert look_now(moved.settings).misplaced is None
    publish(moved)
    assert moved.ask_published("select count(*) from mart.article") == [(3,)]


def test_who_reads_waits_for_a_note_that_another_machine_is_about_to_write(
    moved: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They share the folder `published`, which each names by its own path."""
    (other := moved.folder / "machine-2").mkdir()
    (other / "published").symlink_to(moved.settings.published_folder)
    elsewhere = moved.with_settings(home=other)
    note = moved.settings.published_folder / published_note.NOTE
    before = note.read_text()
    moved.drop("3.jsonl", [article(3)])
    moved.ingest()
    last = note.read_text()
    note.write_text(before)
    with pytest.raises(WarehouseError, match="is noted in"):
        published.seen(elsewhere.settings)
    monkeypatch.setattr(whereabouts.time, "sleep", lambda _: note.write_text(last))
    assert elsewhere.ask_published("select count(*) from mart.article") == [(3,)]


@pytest.fixture
def with_older_catalogue(moved: Newsroom, postgres: services.Postgres) -> Newsroom:
    """Analysts have a second publication, and the catalogue is brought back from a backup before it."""
    in_lake = lake.of(moved.settings)
    assert in_lake
    older = moved.with_settings(warehouse=lake.PREFIX + postgres.copied(in_lake.catalogue))
    moved.drop("3.jsonl", [article(3)])
    moved.ingest()
    return older


def storage_gone(*_: Any) -> None:
    """In place of what writes the note."""
    raise OSError("storage gone")


@NIGHTLY
def test_who_has_a_number_that_an_older_catalogue_does_not_know_is_led_to_nothing_else(
    moved: Newsroom, with_older_catalogue: Newsroom
) -> None:
    older, handed, before = with_older_catalogue, noted(moved)["snapshot"], noted(moved)
    with pytest.MonkeyPatch.context() as patch, pytest.raises(OSError, match="storage gone"):
        patch.setattr(published_note, "write", storage_gone)
        restore_from_copy(older.settings, before["number"] - 1)
    with pytest.raises(WarehouseError, match="is older than what is published"):
        older.ask_published("select count(*) from mart.article")
    restore_from_copy(older.settings, before["number"] - 1)
    assert older.ask_published("select count(*) from mart.article") == [(2,)]
    older.drop("4.jsonl", [article(4)])
    older.ingest()
    assert noted(older)["snapshot"] > handed
    in_lake = lake.of(older.settings)
    assert in_lake
    with pytest.raises(WarehouseError, match="No snapshot found"), attached(replace(in_lake, number=handed)):
        pass
    assert older.ask_published("select count(*) from mart.article") == [(4,)]


@NIGHTLY
def test_whoever_asks_of_an_older_catalogue_is_told_what_it_is(with_older_catalogue: Newsroom) -> None:
    found = dict(doctor.examine(with_older_catalogue.settings))
    assert "is older than what is published" in found["warehouse"].found
    assert found["published copy"].state == State.not_checked
    with pytest.raises(WarehouseError, match="is older than what is published"):
        with_older_catalogue.ask_published("select count(*) from mart.article")


@NIGHTLY
def test_a_copied_note_is_refused_once_an_older_catalogue_was_accepted(
    moved: Newsroom, with_older_catalogue: Newsroom, tmp_path: Path
) -> None:
    other = with_older_catalogue.with_settings(home=tmp_path / "other")
    published_note.write(other.settings, noted(moved))
    restore_from_copy(with_older_catalogue.settings, noted(moved)["number"] - 1)
    assert "is noted in" in str(whereabouts.why_wrong(other.settings))


def test_a_file_that_was_left_goes_on_as_it_is_told_where_the_lake_is_lost(room: Newsroom, moved: Newsroom) -> None:
    room.drop("2.jsonl", [article(3)])
    with pytest.raises(WarehouseError, match=r"go on here .* remove .*moved.json, and move .*published.json away"):
        room.ingest()
    room.settings.warehouse_file.with_name(whereabouts.MOVED).unlink()
    (room.settings.published_folder / published_note.NOTE).rename(room.folder / "away.json")
    assert room.ingest().failures == []
    assert room.ask_published("select count(*) from mart.article") == [(3,)]


@NIGHTLY
def test_a_file_beside_the_snapshot_takes_no_older_one_from_analysts(moved: Newsroom) -> None:
    both = moved.with_settings(publish=Publish.both)
    both.drop("3.jsonl", [article(3)])
    both.ingest()
    assert len(noted(both)["snapshots"]) == 2


def test_a_lake_whose_rows_are_elsewhere_by_its_catalogue_is_not_written(moved: Newsroom, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copytree(moved.settings.lake_data, copy)
    there = moved.with_settings(lake_data=str(copy))
    with pytest.raises(WarehouseError, match=r"its catalogue has the rows in .*lake.*: let BROADSHEET_LAKE_DATA"):
        publish(there)
    mark(there, f"update ducklake_metadata set value = '{copy}/' where key = 'data_path'")
    there.drop("3.jsonl", [article(3)])
    assert there.ingest().failures == []


@NIGHTLY
def test_there_and_back_and_there_again_without_a_publish_leads_nowhere_else(
    room: Newsroom, in_lake: dict[str, Any]
) -> None:
    there = room.with_settings(**in_lake)
    moving.move(room.settings, there.settings)
    moving.move(there.settings, room.settings)
    moving.move(room.settings, there.settings)
    there.drop("2.jsonl", [article(3)])
    assert there.ingest().failures == []
    with pytest.raises(WarehouseError, match="was moved to the lake"):
        room.load()


def test_a_move_that_was_killed_while_it_copied_is_done_by_the_same_command(
    room: Newsroom, in_lake: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = room.with_settings(**in_lake)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(moving, "_copy", killed)
        moving.move(room.settings, there.settings)
    elsewhere = replace(there.settings, lake_data=str(room.folder / "others"))
    Path(elsewhere.lake_data).mkdir()
    Path(elsewhere.lake_data, "theirs.parquet").write_bytes(b"PAR1")
    with pytest.raises(WarehouseError, match=r"its catalogue has the rows in .*|is not empty"):
        moving.move(room.settings, elsewhere)
    assert moving.move(room.settings, there.settings)["news.fact_article"] == 2


def test_a_lake_is_not_moved_into_its_own_folder(moved: Newsroom, postgres: services.Postgres) -> None:
    inside = {"warehouse": lake.PREFIX + postgres.new_database(), "lake_data": f"{moved.settings.lake_data}/sub"}
    with pytest.raises(WarehouseError, match=r"is inside the lake .*; name a folder beside it"):
        moving.move(moved.settings, moved.with_settings(**inside).settings)


@NIGHTLY
def test_a_lake_below_the_folder_of_another_keeps_its_files(
    moved: Newsroom, postgres: services.Postgres, tmp_path: Path
) -> None:
    inner = moved.with_settings(
        home=tmp_path / "second",
        warehouse=lake.PREFIX + postgres.new_database(),
        lake_data=f"{moved.settings.lake_data}/sub",
    )
    inner.load(inner.drop("2.jsonl", [article(3)]))
    before = sorted(Path(inner.settings.lake_data).rglob("*.parquet"))
    take_down(moved, 1)
    assert sorted(Path(inner.settings.lake_data).rglob("*.parquet")) == before != []


@NIGHTLY
def test_after_a_restore_the_warehouse_in_use_is_no_place_that_was_left(
    room: Newsroom, in_lake: dict[str, Any]
) -> None:
    there = room.with_settings(**in_lake, publish=Publish.both)
    moving.move(room.settings, there.settings)
    restore_from_copy(room.settings, publish(there)["number"])
    assert [place.split(" with ")[0] for place in places.still_left(room.settings)] == [
        f"the lake {there.settings.lake_data}"
    ]
    with pytest.raises(WarehouseError, match="was moved to"):
        there.load()


def test_a_lake_whose_database_holds_another_now_is_no_place_that_was_left(
    room: Newsroom, in_lake: dict[str, Any]
) -> None:
    catalogue = in_lake["warehouse"].removeprefix(lake.PREFIX)
    there = room.with_settings(**in_lake)
    moving.move(room.settings, there.settings)
    gone = {"data": f"{in_lake['lake_data']}-of-before", "catalogue": catalogue}
    published_note.write(room.settings, {**noted(room), "left": [gone]})
    assert not any("of-before" in place for place in places.still_left(there.settings))
    published_note.write(room.settings, {**noted(room), "left": [{**gone, "data": in_lake["lake_data"]}]})
    assert any("its database" in place for place in places.still_left(room.settings))


@pytest.mark.parametrize(
    "left", [None, "x", [1], [{}], [{"file": "/x"}], [{"data": "/nowhere", "catalogue": "garbage ="}]]
)
def test_a_note_that_was_edited_stops_neither_a_move_nor_a_takedown(
    room: Newsroom, in_lake: dict[str, Any], left: object
) -> None:
    published_note.write(room.settings, {**noted(room), "left": left})
    told = places.still_left(room.settings)
    assert len(told) == (len(left) if isinstance(left, list) else 0)
    moving.move(room.settings, room.with_settings(**in_lake).settings)


@NIGHTLY
def test_a_lake_whose_analysts_have_files_is_restored_and_refused_where_its_catalogue_is_older(
    moved: Newsroom, postgres: services.Postgres
) -> None:
    files = moved.with_settings(publish=Publish.file)
    first = publish(files)["number"]
    in_lake = lake.of(files.settings)
    assert in_lake
    older = files.with_settings(warehouse=lake.PREFIX + postgres.copied(in_lake.catalogue))
    files.drop("3.jsonl", [article(3)])
    files.ingest()
    with pytest.raises(WarehouseError, match=f"older than what is published: .* restore --number {first}"):
        older.load()
    assert restore_from_copy(files.settings, first).number == first
    older.drop("4.jsonl", [article(4)])
    restore_from_copy(older.settings, first)
    assert not look_now(older.settings).is_good
    assert publish(older)["is_new"], "analysts had a file with more than the lake has"
    assert older.ask_published("select count(*) from mart.article") == [(2,)]
    assert older.ingest().failures == []
    assert older.ask_published("select count(*) from mart.article") == [(4,)]


def test_who_lost_the_lock_while_it_published_takes_nothing_from_analysts(
    moved: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved.drop("3.jsonl", [article(3)])
    moved.load()
    verify_waiting(begin(moved.settings, "manual", Request()))
    before = noted(moved)
    mark_published = lake_marks.mark_published

    def overtaken(in_lake: lake.Snapshot, place: str, note: dict[str, Any]) -> None:
        """Another process has the lock by now, and publishes first."""
        mark_published(in_lake, place, {**note, "published_at": "2026-09-01T02:00:00+00:00"})
        mark_published(in_lake, place, note)

    monkeypatch.setattr(lake_marks, "mark_published", overtaken)
    with pytest.raises(WarehouseError, match="another process has published meanwhile"):
        publish(moved)
    assert noted(moved) == before


@NIGHTLY
def test_a_lake_whose_analysts_have_files_can_be_restored_from_its_first_publish_on(
    room: Newsroom, in_lake: dict[str, Any]
) -> None:
    there = room.with_settings(**in_lake, publish=Publish.file)
    moving.move(room.settings, there.settings)
    number = publish(there)["number"]
    assert restore_from_copy(there.settings, number).number == number


@pytest.mark.parametrize("form", [pytest.param(Publish.file, marks=NIGHTLY), Publish.both])
def test_what_another_loads_while_a_file_is_made_is_not_in_it(
    moved: Newsroom, monkeypatch: pytest.MonkeyPatch, form: Publish
) -> None:
    """A lost lock lets it: the file is made of the snapshot that was verified."""
    files = moved.with_settings(publish=form)
    moved.drop("3.jsonl", [article(3)])
    moved.load()
    verify_waiting(begin(moved.settings, "manual", Request()))
    write_file = moving.write_file

    def overtaken(*arguments: Any) -> None:
        in_lake = lake.of(files.settings)
        assert in_lake
        with lake.writable(in_lake, files.settings) as connection:
            connection.execute("update ops.load_run set state = 'loading'")
        write_file(*arguments)

    monkeypatch.setattr(moving, "write_file", overtaken)
    publish(files)
    assert {state for (state,) in files.ask_published("select state from ops.load_run")} == {"verified"}


@NIGHTLY
def test_a_lake_that_is_lost_gives_way_to_a_copy_that_only_the_bucket_has(
    room: Newsroom, in_lake: dict[str, Any], postgres: services.Postgres, s3_bucket: str, tmp_path: Path
) -> None:
    shared = {"published": f"{s3_bucket}/published", "publish": Publish.both}
    there = room.with_settings(**in_lake, **shared)
    moving.move(room.settings, there.settings)
    number = publish(there)["number"]
    lost = there.with_settings(warehouse=lake.PREFIX + postgres.new_database())
    with pytest.raises(WarehouseError, match=f"go on in a file: broadsheet restore --number {number}$"):
        restore_from_copy(lost.settings)
    fresh = room.with_settings(home=tmp_path / "fresh", **shared)
    assert restore_from_copy(fresh.settings, number).number == number
    assert fresh.query("select count(*) from mart.article") == [(2,)]
