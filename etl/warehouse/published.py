"""What analysts see: numbered immutable copies, the link to one of them, and a note of what was published when.

Each copy in a folder of its own, because an analyst's forgotten write-ahead log would poison the next copy beside it;
all under one name, because DuckDB follows the link and then names the catalogue after the file: a chart or view that
was saved with that name outlives the copy. The link is switched by rename, so that a reader sees the old file or the
new one and never none. Older versions wrote `broadsheet-<number>.duckdb`; such copies are kept and restored as any.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

from etl.files import Removed, remove, sync
from etl.settings import Publish, Settings
from etl.warehouse import WarehouseError, damage, elsewhere, lake, lake_upkeep, published_note, reading, whereabouts

LINK = "broadsheet.duckdb"
"""The name of the link, and of every copy."""
AGAIN = "run: broadsheet publish"


class NotPublished(Exception):
    """The warehouse may not be published, or its copy is not what it should be."""


def copy_warehouse(settings: Settings, number: int, run_id: str, write: Callable[[Path], object]) -> Path:
    """Copy the closed warehouse, read the copy whole, and give it its number. Analysts do not see it yet.

    `write` makes the copy. For a caller that holds the lock of the warehouse. Raises NotPublished when the copy is
    damaged, cannot be queried or lacks that run.
    """
    remove(_left_over(settings))
    folder = settings.published_folder / str(number)
    part = folder.with_suffix(".part")
    part.mkdir()
    copy = part / LINK
    write(copy)
    copy.chmod(settings.published_mode.of_copy)
    sync(copy)
    try:
        damage.refuse_damaged(copy, "check the disk of the published folder, then run: broadsheet publish")
        refuse_unreadable(copy, run_id)
    except WarehouseError as error:
        raise NotPublished(str(error)) from error
    part.chmod(settings.published_mode)
    sync(part)
    part.replace(folder)
    return folder / LINK


def switch_link(settings: Settings, note: dict[str, Any]) -> None:
    """Let analysts see the copy that the note names, and keep the note."""
    temporary = settings.published_folder / f".{LINK}.new"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(note["copy"] if "snapshot" in note else note["file"])
    temporary.replace(settings.published_folder / LINK)
    published_note.write(settings, note)


def why_unseen(settings: Settings, note: dict[str, Any]) -> tuple[str, str] | None:
    """Why analysts do not see the copy that the note names, with what they see, and what to do about it; None where
    they see it. For who holds the lock of the warehouse: a publish switches the link before it writes the note.
    """
    if wrong := whereabouts.other_than_noted(settings, note):
        return wrong
    if note["file"].startswith("snapshot ") and ("snapshot" not in note or not lake.of(settings)):
        return f"analysts still see {note['file']} of the lake that the warehouse was moved from", AGAIN
    if missing := elsewhere.missing_copy(settings, note):
        return f"analysts see nothing: {missing} is missing", AGAIN
    if "snapshot" in note or settings.published_elsewhere:
        return None  # there is no link that could be wrong
    link = settings.published_folder / LINK
    if wrong := _why_nothing(settings):
        return wrong
    if link.resolve() != (settings.published_folder / note["file"]).resolve():
        target = f"the link points to {os.readlink(link)}" if link.is_symlink() else f"{LINK} is a file of its own"
        return f"analysts see another file: {target}, but {published_note.NOTE} names {note['file']}", AGAIN
    return None


def _why_nothing(settings: Settings) -> tuple[str, str] | None:
    """Why the link leads to no database, and what to do about it; None where it leads to one, as far as its first bytes
    show."""
    link = settings.published_folder / LINK
    if is_folder(link):
        return f"analysts see nothing: {link} is a folder", f"move it away, then {AGAIN}"
    if (folder := link.resolve().parent) in (path.resolve() for path in shut(settings)):
        return f"whether analysts see anything is not known: {folder} may not be entered", f"run: chmod u+rwx {folder}"
    if not os.path.exists(link):
        missing = f"the file {os.readlink(link)}" if link.is_symlink() else f"the link {LINK}"
        return f"analysts see nothing: {missing} is missing from {settings.published_folder}", AGAIN
    if wrong := damage.at_its_head(link.resolve()):
        return f"analysts see nothing: {link.resolve()}: {wrong}", AGAIN
    return None


def is_folder(link: Path) -> bool:
    """Whether a folder is in the place of the link: no rename replaces it."""
    return not link.is_symlink() and link.is_dir()


def place_of(settings: Settings, note: dict[str, Any]) -> Path | lake.Snapshot:
    """What the note says is published: a copy, or a snapshot of the lake."""
    in_lake = lake.of(settings)
    if in_lake and "snapshot" in note:
        return at(in_lake, note["snapshot"])
    return settings.published_folder / Path(note["file"])


def is_as_asked(settings: Settings, note: dict[str, Any]) -> bool:
    """Whether what the note says is published is what the settings ask for: a snapshot, a copy, or both."""
    found = "snapshot" in note, "copy" in note or "snapshot" not in note
    is_lake = lake.of(settings) is not None
    if is_lake and note["number"] not in published_note.kept_snapshots(settings):
        return False  # a restore could not go back to it
    return found == (
        is_lake and settings.publish is not Publish.file,
        not is_lake or settings.publish is not Publish.snapshot,
    )


def _is_snapshot_alone(settings: Settings) -> bool:
    """Whether analysts see a snapshot of the lake, and are to see nothing else."""
    note = published_note.read(settings)
    return settings.publish is Publish.snapshot and note is not None and "snapshot" in note and bool(lake.of(settings))


def at(in_lake: lake.Snapshot, number: int) -> lake.Snapshot:
    """A lake as it was at a snapshot."""
    return replace(in_lake, number=number)


def attached_by(settings: Settings, note: dict[str, Any]) -> str | None:
    """The SQL with which analysts attach the snapshot that the note names; None of a file, which they open."""
    place = place_of(settings, note)
    return place.line if isinstance(place, lake.Snapshot) else None


def address(settings: Settings, note: dict[str, Any]) -> str:
    """Where analysts find what the note says is published: the path of the link, or the SQL that attaches it."""
    link = elsewhere.address(settings, note) or str(settings.published_folder / LINK)
    return attached_by(settings, note) or link


def seen(settings: Settings) -> Path | lake.Snapshot:
    """What analysts see: the link, which leads to a file, or a snapshot of the lake. Raises NotPublished before the
    first publish, and WarehouseError where the link leads to no file any more, or to a damaged one.
    """
    whereabouts.refuse_wrong(settings)
    if lake.of(settings) and (note := published_note.read(settings)) and "snapshot" in note:
        return place_of(settings, note)
    if settings.published_elsewhere and (note := published_note.read(settings)):
        return elsewhere.fetched(settings, note)
    link = settings.published_folder / LINK
    if not (os.path.lexists(link) or published_note.read(settings) or latest_number(settings)):
        raise NotPublished("nothing is published yet; begin with: broadsheet ingest")
    if wrong := _why_nothing(settings):
        raise WarehouseError("; ".join(wrong))
    return link


def copies(settings: Settings) -> list[Path]:
    """The published copies, newest first, but for those in folders that are shut."""
    own = (folder / LINK for folder in _folders(settings) if _is_open(folder))
    found = [*filter(os.path.lexists, own), *settings.published_folder.glob("broadsheet-*.duckdb")]
    return sorted(filter(number_of, found), key=number_of, reverse=True)


def shut(settings: Settings) -> list[Path]:
    """The folders of copies that may not be entered, newest first: nobody knows what is in them."""
    return sorted((folder for folder in _folders(settings) if not _is_open(folder)), key=_number, reverse=True)


def in_words(folder: Path) -> str:
    """What is to be said of a folder that is shut."""
    return f"{folder}: may not be entered, so its copy is neither read nor removed; run: chmod u+rwx {folder}"


def _folders(settings: Settings) -> list[Path]:
    return [path for path in settings.published_folder.glob("[0-9]*") if path.name.isdigit() and path.is_dir()]


def _is_open(folder: Path) -> bool:
    return os.access(folder, os.R_OK | os.X_OK)


def _number(folder: Path) -> int:
    return int(folder.name)


_NUMBERED = re.compile(rf"/(?:(\d+)/{re.escape(LINK)}|broadsheet-(\d+)\.duckdb)$")


def number_of(copy: Path) -> int:
    """The number of a published copy; 0 where the file is not one."""
    found = _NUMBERED.search(copy.as_posix())
    return int(found[1] or found[2]) if found else 0


def name_of(settings: Settings, copy: Path) -> str:
    """The path of a copy inside the published folder."""
    return copy.relative_to(settings.published_folder).as_posix()


def next_number(settings: Settings) -> int:
    """The number of the copy that is published next: above all others, and no name of anything that is there."""
    notes = map(published_note.read, (settings, whereabouts.on_this_machine(settings)))
    noted = [note["number"] for note in notes if note]  # of this machine: from before they went into a bucket
    here = [*map(number_of, copies(settings)), *map(_number, shut(settings))]
    taken = [*here, *noted, elsewhere.newest_number(settings)]
    return next(number for number in count(max(taken) + 1) if not (settings.published_folder / str(number)).exists())


def latest_number(settings: Settings) -> int:
    """The number of the copy that was published last, as the link or the note names it; where neither names one that
    is there, the highest; 0 without any copy.
    """
    note = published_note.read(settings)
    link = settings.published_folder / LINK
    named = {link.resolve(), *([(settings.published_folder / note["file"]).resolve()] if note else [])}
    known = [*copies(settings), *(folder / LINK for folder in shut(settings))]
    return max(map(number_of, [copy for copy in known if copy.resolve() in named] or known), default=0)


def refuse_unreadable(copy: Path | lake.Snapshot, run_id: str) -> None:
    """Raise NotPublished, or WarehouseError where it is damaged, unless the copy can be queried and holds that run."""
    with reading.attached(copy) as connection:
        found = connection.execute("select count(*) from ops.load_run where run_id = $1", [run_id]).fetchone()
        connection.execute("select count(*), max(article_key) from mart.article").fetchone()
    if found != (1,):
        raise NotPublished(f"the copy {getattr(copy, 'name', copy)} does not hold run {run_id}; publish again")


def _last_snapshot_alone(settings: Settings) -> list[int]:
    """The snapshot that analysts see, which from now on is the only one that they may go back to."""
    note = published_note.read(settings)
    last = published_note.kept_snapshots(settings).get(note["number"]) if note else None
    if not note or last is None:
        return []
    note = {**note, "snapshots": {note["number"]: last}}
    published_note.write(settings, note)
    whereabouts.note_published(settings, note)
    return [last]


def drop_old(settings: Settings, proven: Path | None = None) -> Removed:
    """Remove the copies that are not kept, and what killed writers left.

    For a caller that holds the lock of the warehouse; `proven` is the copy that it has just read whole, if it has.
    """
    if lake.of(settings):
        lake_upkeep.expire(settings, published_note.kept_snapshots(settings).values())
    if is_alone := _is_snapshot_alone(settings):  # a copy of before the move would be taken for what is published
        (settings.published_folder / LINK).unlink(missing_ok=True)
    kept = set() if is_alone else _kept(settings, proven)
    removed = remove(_place(copy) for copy in copies(settings) if copy not in kept)
    elsewhere.drop_copies(settings, () if is_alone else _kept_elsewhere(settings))
    left_over = remove(_left_over(settings))
    return Removed(removed.number + left_over.number, removed.bytes + left_over.bytes)


def _kept_elsewhere(settings: Settings) -> set[int]:
    """The numbers of the last copies in the bucket, and that of the one that the note names: behind it may be some that
    no note names, because who put them there died.
    """
    return {_noted_number(settings), *sorted(elsewhere.numbers(settings))[-settings.keep_published :]}


def _noted_number(settings: Settings) -> int:
    """The number of the copy that the note names; where the note is lost, of the last one in the bucket."""
    note = published_note.read(settings)
    return note["number"] if note else elsewhere.newest_number(settings)


def _place(copy: Path) -> Path:
    """What is removed with a copy: its folder, where it has its own."""
    return copy.parent if copy.name == LINK else copy


def _left_over(settings: Settings) -> list[Path]:
    """What killed writers left: unfinished copies, folders with nothing but the log of a copy, such logs."""
    numbered = filter(_is_open, _folders(settings))
    folders = (path for path in numbered if {file.name for file in path.iterdir()} <= {f"{LINK}.wal"})
    logs = settings.published_folder.glob("broadsheet-*.duckdb.wal")
    return [
        *settings.published_folder.glob("*.part"),
        *folders,
        *(log for log in logs if not log.with_suffix("").exists()),
    ]


def _kept(settings: Settings, proven: Path | None) -> set[Path]:
    """The last copies, the last one of each of the last days with any, the one that the link leads to, and one that
    can still be read whole."""
    found = copies(settings)
    last_of_day: dict[date, Path] = {}
    for path in found:
        last_of_day.setdefault(date.fromtimestamp(path.lstat().st_mtime), path)
    # Days with a copy are counted, not the days until today: so no clock that is wrong makes all of them old.
    days = list(last_of_day.values())[: settings.keep_published_days]
    linked = (settings.published_folder / LINK).resolve()
    kept = {*found[: settings.keep_published], *days, *(path for path in found if path.resolve() == linked)}
    ordered = [path for path in found if path in kept] + [path for path in found if path not in kept]
    whole = proven or next(filter(is_whole, ordered), None)
    return kept | {whole} if whole else kept


def is_whole(copy: Path) -> bool:
    """Whether every block of a copy can be read."""
    try:
        damage.refuse_damaged(copy, "")
    except WarehouseError:
        return False
    return True


def drop_all_but_linked(settings: Settings) -> int:
    """Remove every published copy but the one that the link leads to, or every snapshot but the last. Returns how many.

    For a caller that holds the lock of the warehouse.
    """
    forgotten = lake_upkeep.forget(settings, _last_snapshot_alone(settings)) if lake.of(settings) else 0
    if is_alone := _is_snapshot_alone(settings):
        (settings.published_folder / LINK).unlink(missing_ok=True)
    linked = (settings.published_folder / LINK).resolve()
    older = [copy for copy in copies(settings) if copy.resolve() != linked]
    remove(map(_place, older))
    elsewhere.drop_copies(settings, () if is_alone else [_noted_number(settings)])
    remove(_left_over(settings))
    sync(settings.published_folder)
    return len(older) + forgotten
