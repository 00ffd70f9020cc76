"""An immutable copy of the last verified load for the analysts, and its front page."""

from __future__ import annotations

import logging
import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etl import words
from etl.files import set_modes
from etl.reports import front_page
from etl.run import Run
from etl.settings import Publish, Settings
from etl.warehouse import (
    WarehouseError,
    damage,
    elsewhere,
    lake,
    lake_upkeep,
    lake_writing,
    lock,
    moving,
    opening,
    places,
    published,
    published_note,
    reading,
    schema,
    search,
    whereabouts,
)

if TYPE_CHECKING:
    import sqlalchemy as sa

log = logging.getLogger(__name__)


def publish_last_load(run: Run) -> dict[str, Any]:
    """Publish the warehouse unless the published copy already carries its last load.

    Returns `published` (the link), `number`, `is_new` (whether analysts see another copy than before) and `run_id` (the
    last load in it). Raises NotPublished when the last load is not verified, a block of the warehouse or of the copy
    cannot be read, or a folder is in the place of the link: then analysts keep what they have, and no older copy is
    removed.
    """
    return _publish(run.settings, f"publish in run {run.run_id}")


def publish_index(settings: Settings, is_anew: bool = False) -> dict[str, int]:
    """Index for the search all that analysts have and that is not indexed yet, or all there is anew, and publish it
    again, with that index.

    Returns `articles_indexed`. A load that analysts do not have yet takes the index along when it is published.
    """
    note = published_note.read(settings)
    if note and not is_anew and _is_of_today(settings, note):
        indexed = search.add_published_to_index(settings, published.place_of(settings, note))
    else:
        if is_anew:
            search.empty_index(settings)
        indexed = search.add_to_index(settings)
    if indexed["articles_indexed"]:
        _publish(settings, "publish with the search index", is_for_index=True)
    return indexed


def _is_of_today(settings: Settings, note: dict[str, Any]) -> bool:
    """Whether the copy that the note names is there and has the views and macros of this version: after an upgrade, or
    damaged, it has not.
    """
    copy = published.place_of(settings, note)
    try:
        if isinstance(copy, Path) and not _is_readable(settings, note, copy):
            return False
        with reading.attached(copy) as connection:
            return schema.standing(connection).is_current
    except WarehouseError:
        return False


def _is_readable(settings: Settings, note: dict[str, Any], copy: Path) -> bool:
    """Whether a plain copy is there, or in the bucket, where another machine may have put it; and whole, where the link
    is about to be put right."""
    if not elsewhere.missing_copy(settings, note):
        elsewhere.fetched(settings, note)
    return os.path.exists(copy) and (not published.why_unseen(settings, note) or published.is_whole(copy))


def _put_link_right(settings: Settings, note: dict[str, Any]) -> bool:
    """Let the link lead to the copy that the note names. Returns whether it did not."""
    if not (wrong := published.why_unseen(settings, note)):
        return False
    published.switch_link(settings, note)
    log.warning("%s; put right.", wrong[0])
    return True


def _last_run(settings: Settings, before: dict[str, Any] | None) -> Any:
    """The run that loaded or changed something last, its state, whether the warehouse knows the run that analysts have,
    and the number of the last publication that it knows; None before the first run. For who holds the lock.
    """
    with opening.opened_unlocked(settings) as engine, engine.connect() as connection:
        return connection.exec_driver_sql(LAST_RUN, {"published": before and before["run_id"]}).first()


LAST_RUN = """
    select
        run_id,
        state,
        exists (select run_id from ops.load_run where run_id = $published) as is_published_known,
        (select coalesce(max(number), 0) from ops.publication) as last_number
    from ops.load_run
    order by run_number desc
    limit 1
"""


def _publish(settings: Settings, purpose: str, is_for_index: bool = False) -> dict[str, Any]:
    whereabouts.bring_note_back(settings)
    if not opening.exists(settings):
        return _nothing()
    settings.published_folder.mkdir(parents=True, exist_ok=True)
    set_modes({settings.published_folder: settings.published_mode})
    with lock.held(settings, purpose):
        before = published_note.read(settings)
        last = _last_run(settings, before)
        if last is None:
            return _nothing()
        run_id, state, is_published_known, last_number = last
        if is_for_index and (before is None or before["run_id"] != run_id):
            return _nothing(run_id)
        _look_at_folder(settings)
        if before and not is_for_index and _carries(settings, before, run_id):
            return _kept(settings, before)
        number, told = published.next_number(settings), places.told(settings, before)
        if before is None:  # the note is lost, or what failed before it left its number
            number = max(number, last_number)
        note = {"number": number, "run_id": run_id, "published_at": _now(), **told}
        try:
            if before and not before.get("restored") and not is_published_known:
                raise published.NotPublished(_older(settings, before["run_id"]))
            if state != "verified":
                reason = f"the load of run {run_id} is {state}, not verified; run the verification again"
                raise published.NotPublished(reason)
            note = _handed_over(settings, note)
        except published.NotPublished as error:
            if before and not _is_overtaken(settings, before):
                published_note.write(settings, {**before, "refused": str(error)})
            raise
        note = _draw_front_page(settings, note)
        place = published.place_of(settings, note)
        published.drop_old(settings, place if isinstance(place, Path) else None)
    size = f" ({words.size(place.stat().st_size)})" if isinstance(place, Path) else ""
    log.info("Published %s%s, which carries run %s; analysts see it from now on.", note["file"], size, run_id)
    return {**note, "published": published.address(settings, note), "is_new": True}


def _nothing(run_id: str | None = None) -> dict[str, Any]:
    return {"published": None, "number": 0, "is_new": False, "run_id": run_id}


def _look_at_folder(settings: Settings) -> None:
    """Say which folders above the published one are shut to analysts. Raises NotPublished where the link cannot be."""
    for folder in published.shut(settings):
        log.warning("%s", published.in_words(folder))
    link = settings.published_folder / published.LINK
    if published.is_folder(link):
        raise published.NotPublished(f"{link} is a folder; move it away, then run: broadsheet publish")


def _carries(settings: Settings, before: dict[str, Any], run_id: str) -> bool:
    """Whether what is published carries that run already, in the forms that are asked for, and is of today."""
    is_as_asked = before["run_id"] == run_id and published.is_as_asked(settings, before)
    return is_as_asked and not elsewhere.missing_copy(settings, before) and _is_of_today(settings, before)


def _kept(settings: Settings, before: dict[str, Any]) -> dict[str, Any]:
    """What is published, which stays."""
    is_new = _put_link_right(settings, before)
    published_note.forget_refusal(settings)
    before.pop("refused", None)
    log.info("Nothing to publish: %s carries the last load, %s.", before["file"], before["run_id"])
    if not front_page.is_drawn(settings, before):
        before = _draw_front_page(settings, before)
    return {**before, "published": published.address(settings, before), "is_new": is_new}


def _handed_over(settings: Settings, note: dict[str, Any]) -> dict[str, Any]:
    """Record the publication in the warehouse, and hand it to analysts in the forms that are asked for."""
    in_lake = lake.of(settings)
    if not in_lake:
        _refuse_damaged(settings)
    with opening.opened_unlocked(opening.thrifty(settings)) as engine:
        search.add_few_to_index(engine)
        lake_writing.in_transaction(engine, partial(_record, note))
    snapshot = _verified_snapshot(in_lake, note) if in_lake else None
    if snapshot:  # also where analysts see a file: a restore goes back to it
        kept = published_note.kept_snapshots(settings)
        note = {**note, "snapshots": {**kept, note["number"]: snapshot.number}}
    if not snapshot or settings.publish is not Publish.snapshot:
        note = copy_for_analysts(settings, note, snapshot)
    if snapshot and settings.publish is not Publish.file:
        note = {**note, "file": f"snapshot {snapshot.number}", "snapshot": snapshot.number}
    _let_see(settings, note)
    return note


def _older(settings: Settings, run_id: str) -> str:
    """Why a warehouse is not published that does not know what analysts have: a file of an earlier day in its place."""
    return (
        f"{places.name_of(settings)}: does not know run {run_id}, which analysts have: it is an older file, or "
        "another one; bring it back from the published copy with: broadsheet restore. Analysts keep that copy"
    )


def _refuse_damaged(settings: Settings) -> None:
    """Read every block of the warehouse before anything is written to it: damage is not to be published."""
    try:
        number = damage.refuse_damaged(settings.warehouse_file, damage.RESTORE)
    except WarehouseError as error:
        raise published.NotPublished(f"{error}. Analysts keep the last published file") from error
    log.info("Read every block of the warehouse (%s): none is damaged.", words.counted(number, "block"))


def _record(note: dict[str, Any], connection: sa.Connection, _: int) -> None:
    """Note in the warehouse what is about to be published, so that the copy itself can say when it was.

    Where the copy then fails, the next one takes the same number and this row's place.
    """
    connection.exec_driver_sql("delete from ops.publication where number >= $number", {"number": note["number"]})
    connection.exec_driver_sql(
        "insert into ops.publication values ($number, $run_id, $published_at::timestamptz at time zone 'UTC')",
        {name: note[name] for name in ("number", "run_id", "published_at")},
    )


def _verified_snapshot(in_lake: lake.Snapshot, note: dict[str, Any]) -> lake.Snapshot:
    """The lake as it is now, to be handed to analysts. Raises NotPublished where it cannot be read, or is not verified:
    they keep what they have.
    """
    try:
        with reading.attached(in_lake) as connection:
            snapshot = replace(in_lake, number=lake.newest_snapshot(connection))
            files = lake_upkeep.refuse_missing(connection, in_lake)
        published.refuse_unreadable(snapshot, note["run_id"])
        _refuse_unverified(snapshot)
    except WarehouseError as error:
        raise published.NotPublished(f"{error}. Analysts keep what they have") from error
    log.info("All %s of the lake are there.", words.counted(files, "file"))
    return snapshot


def _let_see(settings: Settings, note: dict[str, Any]) -> None:
    """Let analysts see what the note names, all of which is where they find it. A lake says first who published what:
    raises WarehouseError where that was another, who took the lock meanwhile.
    """
    whereabouts.note_published(settings, note)
    front_page.give_way(settings, note)
    elsewhere.share_pages(settings)
    if "copy" in note:
        published.switch_link(settings, note)
    else:
        published_note.write(settings, note)


def _refuse_unverified(snapshot: lake.Snapshot) -> None:
    """Raise NotPublished where a snapshot holds a load that is not verified: another has loaded into the lake since it
    was looked at, which only a lost lock allows.
    """
    with reading.attached(snapshot) as connection:
        found = connection.execute("select run_id from ops.load_run where state <> 'verified' limit 1").fetchone()
    if found:
        raise published.NotPublished(
            f"{snapshot.name}: holds run {found[0]}, which is not verified and was loaded meanwhile; publish again"
        )


def copy_for_analysts(
    settings: Settings, note: dict[str, Any], snapshot: lake.Snapshot | None = None
) -> dict[str, Any]:
    """Copy the closed warehouse, or the snapshot of a lake, into a file, on this machine and in the bucket. Returns the
    note, with its `file`.
    """
    of_file = partial(shutil.copyfile, settings.warehouse_file)
    write = partial(moving.write_file, settings, snapshot) if snapshot else of_file
    copy = published.copy_warehouse(settings, note["number"], note["run_id"], write)
    name = published.name_of(settings, copy)
    elsewhere.share_copy(settings, name)
    return {**note, "file": name, "copy": name}


def _draw_front_page(settings: Settings, note: dict[str, Any]) -> dict[str, Any]:
    """Draw the front page of what is published. Returns the note; its `front_page` says what went wrong, if any."""
    note = {**note, "front_page": front_page.draw(settings, note)}
    if not _is_overtaken(settings, note):
        elsewhere.share_pages(settings)
        published_note.write(settings, note)
    return note


def _is_overtaken(settings: Settings, note: dict[str, Any]) -> bool:
    """Whether another process has published since, because this one lost its lock: by the note, which this one may have
    written over that of the other, and by the lake.
    """
    now = [published_note.read(settings), whereabouts.last_published(settings)]
    return any(other["number"] > note["number"] for other in now if other)


def _now() -> str:
    return datetime.now(UTC).replace(microsecond=0).isoformat()
